"""From a request to a Call: path, query and body against the models of its route, every fault at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from trinario.web.api.attached import discard, read_form
from trinario.web.api.calls import Call
from trinario.web.api.problem import Fault, ProblemError, invalid
from trinario.web.api.routes import Route
from trinario.web.doors import Doors

_HINTS = {
    "missing": "add it",
    "extra_forbidden": "take it out; the names that are known stand in /api/v1/openapi.json",
    "contact_reference": 'for example {"identity": {"channel": "messenger", "value": "24839573245810593"}}',
    "string_pattern_mismatch": "no control characters, and the form that /api/v1/openapi.json shows",
}


async def read_call(doors: Doors, request: web.Request, route: Route) -> Call:
    """The call that a request makes. Raises ProblemError."""
    if route.form and route.body and request.content_type == "multipart/form-data":
        return await _read_form(doors, request, route.body)
    faults: list[Fault] = []
    query = _read_query(route.query, request.query, faults)
    body = _read_body(route.body, await _bytes(request), faults) if route.body else None
    if faults:
        raise invalid(faults)
    return Call(request.match_info.get("id", ""), query, body)


async def _read_form(doors: Doors, request: web.Request, model: type[BaseModel]) -> Call:
    """The parts of a form, against the model that JSON has to fit."""
    given, file = await read_form(doors, request)
    try:
        return Call(request.match_info.get("id", ""), None, model.model_validate(given), file)
    except ValidationError as error:
        discard(file)
        raise invalid([_fault(item, pointer(item["loc"])) for item in _details(error)]) from error


async def _bytes(request: web.Request) -> bytes:
    try:
        return await request.read()
    except (web.RequestPayloadError, ConnectionError) as error:
        raise _not_json("the body is broken off, or packed in a way that cannot be unpacked") from error


def _read_query(model: type[BaseModel] | None, query: Mapping[str, str], faults: list[Fault]) -> BaseModel | None:
    if model is None:
        return None
    try:
        return model.model_validate(dict(query))
    except ValidationError as error:
        faults.extend(_fault(item, "?" + ".".join(str(part) for part in item["loc"])) for item in _details(error))
    return None


def _read_body(model: type[BaseModel], raw: bytes, faults: list[Fault]) -> BaseModel | None:
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        details = _details(error)
        if details[0]["type"] == "json_invalid":
            raise _not_json(str(details[0]["msg"])) from error
        faults.extend(_fault(item, pointer(item["loc"])) for item in details)
    return None


def _not_json(what: str) -> ProblemError:
    hint = "send a JSON object in UTF-8, with Content-Type: application/json"
    return ProblemError(400, "not-json", "The body is not JSON", what, hint)


def _details(error: ValidationError) -> Sequence[Mapping[str, Any]]:
    return error.errors(include_url=False, include_input=False, include_context=False)


def _fault(item: Mapping[str, Any], where: str) -> Fault:
    what = str(item["msg"]).removeprefix("Value error, ")
    return Fault(where=where, what=what[:1].lower() + what[1:], hint=_HINTS.get(item["type"], ""))


def pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901); the marks of a union's ways are left out, "" is the whole body."""
    parts = [str(part) for part in location if not str(part).startswith("<")]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
