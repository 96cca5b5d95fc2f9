"""The API as an application of its own: who may call, what is called, how faults are told."""

import hmac
import logging
from hashlib import sha256

from aiohttp import web
from aiohttp.typedefs import Handler

from trinario import jsons
from trinario.web.api import files
from trinario.web.api.openapi import document
from trinario.web.api.problem import ProblemError
from trinario.web.api.routes import ROUTES, Route
from trinario.web.api.validate import read_call
from trinario.web.doors import Doors

_log = logging.getLogger("trinario.api")

_OFF = ProblemError(
    404,
    "api-off",
    "The API is off",
    "this process was started without TRINARIO_API_TOKEN",
    "set TRINARIO_API_TOKEN to a long random text, start again, and send `Authorization: Bearer <that text>`",
)
_UNKNOWN_CALLER = ProblemError(
    401,
    "unknown-caller",
    "Who are you?",
    "the bearer token is missing or wrong",
    "send `Authorization: Bearer <the value of TRINARIO_API_TOKEN>`",
    headers={"WWW-Authenticate": 'Bearer realm="trinario"'},
)


def build_api(doors: Doors) -> web.Application:
    """The application below /api/v1. Its OpenAPI document is open to everybody, everything else needs the token."""
    app = web.Application(middlewares=[_telling, _gate(doors.api_token)])
    for route in ROUTES:
        app.router.add_route(route.method, route.path, _handler(doors, route))
    app.router.add_route("GET", files.PATH, _file(doors))
    body = jsons.dump_bytes(document())
    app.router.add_route("GET", DOCUMENT, _document(body))
    return app


DOCUMENT = "/openapi.json"


def _handler(doors: Doors, route: Route) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        answer = await route.call(doors, await read_call(doors, request, route))
        body = answer.model_dump_json().encode()
        return web.Response(body=body, status=route.status, headers=_JSON)

    return handle


_JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}


def _file(doors: Doors) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await files.give(doors, request)

    return handle


def _document(body: bytes) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Type": "application/json"})

    return handle


def _gate(token: str | None) -> "web.middleware":  # type: ignore[valid-type]
    """Lets in who knows the token; digests are compared, so that not even its length shows in the time taken."""
    wanted = sha256(token.encode()).digest() if token else None

    @web.middleware
    async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        if wanted is None:
            raise _OFF
        if request.raw_path.partition("?")[0] != "/api/v1" + DOCUMENT:
            scheme, _, given = request.headers.get("Authorization", "").partition(" ")
            digest = sha256(given.strip().encode("utf-8", "replace")).digest()
            if not hmac.compare_digest(digest, wanted) or scheme.lower() != "bearer":
                raise _UNKNOWN_CALLER
        return await handler(request)

    return gate


@web.middleware
async def _telling(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is told as a problem document."""
    try:
        return await handler(request)
    except ProblemError as problem:
        return problem.response(request.path)
    except web.HTTPException as error:
        return _of_http(error).response(request.path)
    except Exception:
        _log.exception("a call of the API failed: %s %s", request.method, request.path)
        hint = "the process's log says why; nothing was changed"
        return ProblemError(500, "fault", "A fault of ours", "the call failed", hint).response(request.path)


def _of_http(error: web.HTTPException) -> ProblemError:
    """What aiohttp itself refuses."""
    hint = {
        404: "the paths of the API stand in /api/v1/openapi.json",
        405: "this path takes " + error.headers.get("Allow", "other methods"),
        413: "a body of JSON holds 4 MiB at most; larger files go as multipart/form-data",
    }.get(error.status, "")
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    kind = error.reason.lower().replace(" ", "-")
    return ProblemError(error.status, kind, error.reason, hint or error.reason, hint, headers=headers)
