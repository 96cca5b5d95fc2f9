"""The page of the HTTP API, out of its OpenAPI document."""

from collections.abc import Iterator
from typing import Any

from docs.pages.lines import table_of
from trinario.web.api.openapi import document


def http_api() -> Iterator[str]:
    """The REST API out of its OpenAPI document, and the other paths of the process."""
    spec = document()
    yield "# HTTP API"
    yield from (f"{spec['info']['description']} Send `Authorization: Bearer <the value of TRINARIO_API_TOKEN>`.",)
    yield "The document itself is at `/api/v1/openapi.json`, open to everybody once the API is on. Errors are"
    yield from (
        "`application/problem+json` with `type`, `title`, `status`, `detail`, and `hint` or `errors` where there is more to say.",
        "",
    )
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield from _operation(f"{method.upper()} {path}", operation)
    yield from ("## Shapes", "")
    for name, shape in spec["components"]["schemas"].items():
        yield from _schema(name, shape)
    yield from _OTHER_PATHS.splitlines()


_OTHER_PATHS = """
## Other paths

| path | answer |
|---|---|
| `POST /webhooks/telegram/{channel}` | the same for the updates of a Telegram bot; 401 without its secret token |
| `GET /webhooks/{whatsapp,messenger,instagram}` | Meta's verification: 200 with the challenge, or 403 |
| `POST /webhooks/{whatsapp,messenger,instagram}` | 200 `EVENT_RECEIVED` once it is on disk; 401 signature missing or wrong; 400 not a JSON object; 413 over 4 MiB; 500 could not be kept |
| `GET /healthz` | 200 as long as every loop of the process runs, else 503; the database is not asked |
| `GET /readyz` | 200 when the database answers and worker, sender and scheduler are well, else 503; `checks` names them |
| `GET /metrics` | Prometheus' text format |
| `/phones` | the three phones, in `trinario demo` only |
"""


def _operation(name: str, operation: dict[str, Any]) -> Iterator[str]:
    yield from (f"## `{name}`", "", operation["summary"] + ".")
    rows = [(f"`{one['name']}`", one["in"], _type(one["schema"]), one.get("description") or one["schema"].get("description", ""))
            for one in operation["parameters"]]  # fmt: skip
    yield from table_of(("parameter", "in", "type", ""), rows)
    if "requestBody" in operation:
        yield from ("", f"Takes {_type(operation['requestBody']['content']['application/json']['schema'])}.")
    answers = []
    for status, answer in operation["responses"].items():
        (content,) = answer["content"].values()
        answers.append((status, answer["description"], _type(content["schema"])))
    yield from table_of(("answer", "", "body"), answers)


def _schema(name: str, shape: dict[str, Any]) -> Iterator[str]:
    yield from (f"### {name}", "", str(shape.get("description", "")).partition("\n")[0])
    needed = shape.get("required", ())
    rows = [(f"`{key}`" + (" (needed)" if key in needed else ""), _type(one), one.get("description", ""))
            for key, one in shape.get("properties", {}).items()]  # fmt: skip
    yield from table_of(("key", "type", ""), rows)


def _type(schema: dict[str, Any]) -> str:
    """A JSON Schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for way in ("anyOf", "oneOf"):
        if way in schema:
            return " or ".join(dict.fromkeys(_type(one) for one in schema[way]))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = str(schema.get("type", "anything"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind
