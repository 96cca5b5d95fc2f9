"""`GET /api/v1/media/{id}`: the copy of a file that somebody sent, as bytes that no browser takes for a page of ours."""

import re
from mimetypes import guess_extension
from urllib.parse import quote

from aiohttp import web

from trinario.ports import MediaKept, Opened
from trinario.web.api.problem import ProblemError
from trinario.web.doors import Doors

PATH = "/media/{id}"

_ID = re.compile(r"[0-9a-f]{32}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._ ()-]")

GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
"""Whatever is in the file, a browser shows it as what it is said to be, lets it do nothing, and asks again next time."""


async def give(doors: Doors, request: web.Request) -> web.StreamResponse:
    """The bytes; of a file in a folder also parts of them (Range)."""
    id = request.match_info["id"]
    kept = await doors.store.read(lambda unit: unit.media.find(id)) if _ID.fullmatch(id) else None
    if kept is None:
        raise ProblemError(404, "unknown-media", "Unknown file", f"no file is known by {id[:40]}",
                           "ids stand in GET /api/v1/contacts/{id}/messages, under `media`")  # fmt: skip
    if kept.status != "stored":
        raise _not_there(kept)
    opened = await _opened(doors, kept)
    headers = {**GUARDED, "Content-Type": kept.mime_type, "Content-Disposition": disposition(kept)}
    if opened.path is not None:
        return web.FileResponse(opened.path, headers=headers)
    return await _streamed(request, opened, {**headers, "ETag": f'"{kept.digest}"'})


def _not_there(kept: MediaKept) -> ProblemError:
    if kept.status in ("waiting", "fetching"):
        detail = f"the file is being fetched{f'; so far: {kept.reason}' if kept.reason else ''}"
        return ProblemError(503, "media-not-yet", "Not yet", detail, "try again", headers={"Retry-After": "2"})
    return ProblemError(
        410, "media-gone", "Gone", f"the file is not kept ({kept.status}): {kept.reason or 'no reason'}"
    )


async def _opened(doors: Doors, kept: MediaKept) -> Opened:
    try:
        opened = await doors.files.open(kept.id) if doors.files is not None else None
    except OSError as error:
        raise ProblemError(503, "media-store-away", "The store is away", str(error), "try again",
                           headers={"Retry-After": "5"}) from error  # fmt: skip
    if opened is None:
        raise ProblemError(410, "media-lost", "Gone", "the store has no copy of the file",
                           "somebody removed it from the media folder or the bucket")  # fmt: skip
    return opened


async def _streamed(request: web.Request, opened: Opened, headers: dict[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(headers={**headers, "Content-Length": str(opened.size)})
    await response.prepare(request)
    if opened.chunks is not None:
        async for piece in opened.chunks:
            await response.write(piece)
    await response.write_eof()
    return response


def disposition(kept: MediaKept) -> str:
    """It is saved under a name, never opened in place: the name that she gave it, else one of its kind."""
    name = kept.filename or f"{kept.kind}{guess_extension(kept.mime_type) or ''}"
    name = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())[:150]
    plain = _UNSAFE.sub("_", name).strip(" .") or kept.kind
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name or plain, safe='')}"
