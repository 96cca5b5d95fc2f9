"""A Graph call read out of an HTTP request: version, id, edge, token and body."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from trinario.emulator.call import Call
from trinario.emulator.graph_uploads import SESSION
from trinario.emulator.journal import parse
from trinario.emulator.meta import Meta
from trinario.emulator.permits import version_of
from trinario.emulator.refusal import Refused


async def read(meta: Meta, request: web.Request) -> Call:
    """The call, its body unpacked. Raises Refused for what Meta cannot read."""
    parts = [part for part in request.path.split("/") if part]
    config, version = meta.config, ""
    if parts and (found := version_of(parts[0], config.oldest_version, config.newest_version)):
        version = found
        parts.pop(0)
    query = dict(request.query)
    call = Call(request.method, version, parts[0] if parts else "", "/".join(parts[1:]), query, {})
    call.base = f"{request.scheme}://{request.host}"
    await _read_body(meta, request, call)
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    wanted = "oauth" if call.id.startswith(SESSION) else "bearer"
    bearer = credentials.strip() if scheme.lower() == wanted else ""
    call.token = bearer or query.get("access_token", "") or str(call.body.get("access_token") or "")
    return call


async def _read_body(meta: Meta, request: web.Request, call: Call) -> None:
    kind = request.content_type
    if call.id.startswith(SESSION):
        call.raw, call.offset = await request.read(), request.headers.get("file_offset", "")
        return
    if kind == "multipart/form-data" or kind == "application/x-www-form-urlencoded":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                call.upload = (value.filename, value.content_type, value.file.read())
            else:
                call.body[name] = _unpacked(str(value))
        return
    raw = await request.read()
    if not raw:
        return
    if kind != "application/json":
        meta.violation("graph.content_type", "", content_type=kind)
        return
    try:
        content = parse(raw)
    except (ValueError, RecursionError) as error:
        message = "(#100) The request body is not valid JSON."
        raise Refused("graph.json", 100, message) from error
    if not isinstance(content, dict):
        raise Refused("graph.json", 100, "(#100) The request body must be a JSON object.")
    call.body = content


def _unpacked(value: str) -> Any:
    """Form members may hold JSON objects."""
    if value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
