"""The OpenAPI 3.1 document, out of the table of routes and the models."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from trinario import __version__
from trinario.web.api.attached import BESIDE, LARGEST, MEDIA
from trinario.web.api.attached import FILE as PART
from trinario.web.api.files import PATH as FILE
from trinario.web.api.problem import CONTENT_TYPE, Problem
from trinario.web.api.routes import ROUTES, Route

_REF = "#/components/schemas/{model}"

_ALWAYS = (401, 500)
_ABOUT = {
    400: "The body is not JSON.",
    401: "The bearer token is missing or wrong.",
    404: "Nobody and nothing is known by that.",
    410: "It was there, and is not kept any more.",
    409: "Several contacts are known by that.",
    413: "The body is over 4 MiB, or a file is too large.",
    422: "The request can be read, but it is not valid; `errors` holds every fault.",
    500: "A fault of ours.",
    503: "Not now: try again.",
}

_ABOUT_FILES = {404: "No file is known by that.", 503: "It is being fetched: try again."}


def document() -> dict[str, Any]:
    """The whole document as JSON data."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault("/api/v1" + route.path, {})[route.method.lower()] = _operation(route)
    paths[f"/api/v1{FILE}"] = {"get": _file()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "trinario",
            "version": __version__,
            "description": "Events in, contacts and their messages out. On when TRINARIO_API_TOKEN is set.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {str(route.status): _response(route.answer.__doc__ or "", route.answer, "application/json")},
    }
    if route.body is not None:
        content: dict[str, Any] = {"application/json": {"schema": _reference(route.body)}}
        if route.form:
            content["multipart/form-data"] = {"schema": _form()}
        operation["requestBody"] = {"required": True, "content": content}
    for status in sorted({*_ALWAYS, *route.problems, *_refusals(route)}):
        operation["responses"][str(status)] = _response(_ABOUT[status], Problem, CONTENT_TYPE)
    return operation


def _form() -> dict[str, Any]:
    """A file and what is said of it; it is read as it comes."""
    words = {name: {"type": "string"} for name in (*MEDIA, *BESIDE)}
    file = {"type": "string", "format": "binary", "description": f"{LARGEST // 2**20} MiB at most, with a file name."}
    return {"type": "object", "required": [PART], "additionalProperties": False, "properties": {PART: file, **words}}


def _file() -> dict[str, Any]:
    """The one path that gives bytes."""
    whole = "The bytes, with the type that they were found to have; parts of them (Range) where they lie in a folder."
    content = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    about = "A file's id, as in `message.media[].id` and `input.media.file`."
    operation: dict[str, Any] = {
        "operationId": "getMedia",
        "summary": "A file that a contact sent",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "description": about, "schema": {"type": "string"}}
        ],
        "responses": {
            "200": {"description": whole, "content": content},
            "206": {"description": "A part of the bytes.", "content": content},
        },
    }
    for status in (401, 404, 410, 500, 503):
        operation["responses"][str(status)] = _response(_ABOUT_FILES.get(status, _ABOUT[status]), Problem, CONTENT_TYPE)
    return operation


def _refusals(route: Route) -> tuple[int, ...]:
    """With which statuses validation may refuse."""
    return ((400, 413, 422) if route.body else ()) + ((422,) if route.query else ())


def _response(about: str, model: type[BaseModel], content_type: str) -> dict[str, Any]:
    words = about.strip().partition("\n")[0]
    return {"description": words, "content": {content_type: {"schema": _reference(model)}}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


_NAMED = {"/channels/": "A channel's name in bot.yaml.", "/campaigns/": "A campaign's name, as in its file."}
"""What a path names that is no contact."""


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    named = (about for path, about in _NAMED.items() if route.path.startswith(path))
    about = next(named, "A contact's id, as in `contact.id`.")
    return [
        {"name": name, "in": "path", "required": True, "description": about, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema: dict[str, Any] = route.query.model_json_schema(ref_template=_REF)
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(part)}
        for name, part in schema["properties"].items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is there or not; it is never null."""
    ways = [way for way in schema.get("anyOf", ()) if way.get("type") != "null"]
    if len(ways) != 1:
        return schema
    plain: dict[str, Any] = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    plain.update(ways[0])
    return plain


def _schemas() -> dict[str, Any]:
    """Every model that a route names, with those inside it."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    for route in ROUTES:
        wanted.append((route.answer, "serialization"))
        if route.body is not None:
            wanted.append((route.body, "validation"))
    _, defs = models_json_schema(wanted, ref_template=_REF)
    schemas: dict[str, Any] = defs["$defs"]
    return {name: schemas[name] for name in sorted(schemas)} | {"Problem": _told(schemas["Problem"])}


def _told(problem: dict[str, Any]) -> dict[str, Any]:
    """Problems leave out what is empty."""
    return {**problem, "required": ["type", "title", "status", "detail"]}
