"""Files that operators send by the API: taken in as they come, looked at, kept as copies, and handed to the platform."""

import asyncio
import binascii
import zlib
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from mimetypes import guess_extension, guess_type
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from trinario.jobs.sniff import HEAD, judged, plain_type, type_of
from trinario.model.channel import Limits
from trinario.model.media import address_of_copy, media_name
from trinario.ports import MediaEntry, MediaSettled, MediaStore, Unit
from trinario.web.api.problem import Fault, ProblemError, invalid
from trinario.web.doors import Doors

LARGEST = 25 * 2**20
"""Bytes of a file at most, whatever the channel takes."""

WORDS = 16_384
"""Bytes of any other part of a form at most."""

UNWRITTEN = timedelta(days=1)
"""How long a copy stays that no reply names."""

FILE, MEDIA, BESIDE = "file", ("kind", "caption", "filename"), ("channel", "author", "id")
"""The parts of a form: the file, what is said of it, what is said of the reply."""

BROKEN = (
    ValueError,
    AssertionError,
    RuntimeError,
    zlib.error,
    web.RequestPayloadError,
    HttpProcessingError,
    ConnectionError,
)
"""What a body raises that is no form, or is broken off."""

_FAMILIES = ("image", "video", "audio")
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Attached:
    """Bytes that lie in a file of ours, and what was said of them."""

    path: Path
    size: int
    digest: str
    head: bytes
    filename: str
    declared: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A file as it is kept and sent: `id` of our copy, `kind` of the message, what it is, and its name on her phone."""

    id: str
    kind: str
    mime_type: str
    name: str
    file: Attached

    @property
    def address(self) -> str:
        """What the message names."""
        return address_of_copy(self.file.digest, self.id, self.name)

    def row(self, contact: int, channel: str, value: str, key: str) -> tuple[MediaEntry, MediaSettled]:
        """What is written down of it beside the message with this key."""
        entry = MediaEntry(self.id, contact, channel, value, key, 0, self.kind, "", "", self.mime_type, self.name)
        return entry, MediaSettled(self.id, "stored", 0, "", None, self.file.size, self.file.digest, self.mime_type)


async def read_form(doors: Doors, request: web.Request) -> tuple[dict[str, Any], Attached]:
    """A form with a file: (the body as JSON would say it, the file). Raises ProblemError."""
    file: Attached | None = None
    words: dict[str, str] = {}
    seen: set[str] = set()
    try:
        async for part in await request.multipart():
            name = part.name if isinstance(part, BodyPartReader) else None
            if not isinstance(part, BodyPartReader) or name not in (FILE, *MEDIA, *BESIDE) or name in seen:
                raise invalid([Fault(where=f"/{name or ''}", what="is no part of this form, or comes twice",
                                     hint=f"known: {', '.join((FILE, *MEDIA, *BESIDE))}")])  # fmt: skip
            seen.add(name)
            if name == FILE:
                file = await take_in(doors, _pieces(part), part.filename or "", part.headers.get("Content-Type", ""))
            else:
                words[name] = await _words(part, name)
        if file is None:
            raise invalid([Fault(where="/file", what="is missing", hint="a part `file` with a file name")])
        media = {name: words[name] for name in MEDIA if name in words}
        return {"media": {**media, "data": ""}, **{name: words[name] for name in BESIDE if name in words}}, file
    except BaseException as fault:
        if file is not None:
            discard(file)
        if isinstance(fault, BROKEN):
            raise ProblemError(400, "not-a-form", "The body is no form", str(fault)[:200] or "it is broken off",
                               "send multipart/form-data with a part `file`") from fault  # fmt: skip
        raise


async def decoded(doors: Doors, data: str, filename: str) -> Attached:
    """A file that stands in JSON as base64. Raises ProblemError."""
    try:
        raw = b64decode(data.partition(",")[2] if data.startswith("data:") else data, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise invalid([Fault(where="/media/data", what="is no base64", hint="as RFC 4648 has it")]) from fault

    async def once() -> AsyncIterator[bytes]:
        yield raw

    return await take_in(doors, once(), filename, "")


async def take_in(doors: Doors, pieces: AsyncIterator[bytes], filename: str, declared: str) -> Attached:
    """Write the bytes to a file of ours. Raises ProblemError for one that is empty or too large."""
    spool, digest, size, head = _store(doors).spool, sha256(), 0, b""
    await asyncio.to_thread(spool.mkdir, 0o700, True, True)
    path = spool / f"reply-{media_name('', doors.new_id(), 0)}"
    try:
        with path.open("xb") as into:
            async for piece in pieces:
                size += len(piece)
                if size > LARGEST:
                    raise ProblemError(413, "file-too-large", "The file is too large",
                                       f"a file has {LARGEST // 2**20} MiB at most",
                                       "put it where platforms can fetch it, and send its https address")  # fmt: skip
                digest.update(piece)
                head += piece[: HEAD - len(head)]
                await asyncio.to_thread(into.write, piece)
        if not size:
            raise invalid([Fault(where="/media", what="the file is empty", hint="")])
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    said = plain_type(declared) or guess_type(filename)[0] or ""
    return Attached(path, size, digest.hexdigest(), head, filename, said)


def named(doors: Doors, file: Attached, kind: str | None, filename: str) -> Copy:
    """What the bytes are: the kind that was asked for has to be theirs. Raises ProblemError."""
    filename = filename or file.filename
    declared = file.declared if filename == file.filename else guess_type(filename)[0] or file.declared
    found = type_of(file.head) or declared
    family = found.partition("/")[0]
    kind = kind or (family if family in _FAMILIES and found != "image/svg+xml" else "document")
    mime_type, wrong = judged(kind, declared, file.head)
    if wrong:
        raise invalid(
            [Fault(where="/media", what=wrong, hint="name the `kind` that it is; a document may be anything")]
        )
    return Copy(media_name("", doors.new_id(), 0), kind, mime_type, _name(filename, kind, mime_type), file)


def _name(filename: str, kind: str, mime_type: str) -> str:
    """A file name that says what the file is: platforms believe its ending."""
    plain = "".join(letter for letter in filename.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    plain, ending = plain.strip(" .")[-100:], guess_extension(mime_type) or ""
    if not ending or guess_type(plain)[0] == mime_type:
        return plain or f"{kind}{ending}"
    return f"{plain.rpartition('.')[0] or plain or kind}{ending}"


def unfit(copy: Copy, channel: str, limits: Limits) -> ProblemError | None:
    """Why a channel does not take the file; None: it does."""
    most, endings = limits.files.get(copy.kind) or (LARGEST, frozenset())
    ending = copy.name.rpartition(".")[2].lower()
    if endings and ending not in endings:
        what, hint = f"{channel} takes no .{ending} as {copy.kind}", f"it takes {', '.join(sorted(endings))}"
        return invalid([Fault(where="/media", what=what, hint=hint)])
    if copy.file.size > most:
        detail = f"{channel} takes {most / 1e6:g} MB of the kind {copy.kind} at most; it has {copy.file.size / 1e6:.1f}"
        return ProblemError(413, "file-too-large", "The file is too large", detail, "make it smaller, or send a link")
    return None


def promise(unit: Unit, copy: Copy, contact: int, now: datetime) -> None:
    """The copy has a row before it is there: should the process die before the reply is written, it is removed in a day."""
    unit.media.promise(copy.id, contact, now + UNWRITTEN, now)


async def keep(doors: Doors, copy: Copy) -> None:
    """The copy is on disk. Raises ProblemError when the store is away."""
    try:
        await _store(doors).put(copy.id, copy.file.path, copy.mime_type)
    except OSError as error:
        raise ProblemError(503, "media-store-away", "The store is away", str(error), "try again",
                           headers={"Retry-After": "5"}) from error  # fmt: skip


async def forget(doors: Doors, copy: Copy) -> None:
    """The copy of a reply that was not written is not kept."""
    await _store(doors).remove(copy.id)
    now = doors.clock.now()
    await doors.store.run(lambda unit: unit.media.removed([copy.id], [], now))


def discard(file: Attached) -> None:
    """The bytes are not needed where they came in."""
    file.path.unlink(missing_ok=True)


def _store(doors: Doors) -> MediaStore:
    if doors.files is None:
        raise ProblemError(503, "media-store-away", "No store", "this process keeps no files", "send an https address")
    return doors.files


async def _pieces(part: BodyPartReader) -> AsyncIterator[bytes]:
    while piece := await part.read_chunk(_CHUNK):
        yield part.decode(piece)


async def _words(part: BodyPartReader, name: str) -> str:
    raw = b""
    while piece := await part.read_chunk(WORDS):
        raw += piece
        if len(raw) > WORDS:
            raise invalid([Fault(where=f"/{name}", what=f"has more than {WORDS} bytes", hint="")])
    return part.decode(raw).decode("utf-8")
