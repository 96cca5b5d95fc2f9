"""Resumable uploads: files that a template is judged by, handed in for a handle (`POST /{APP_ID}/uploads`, meta.md §3A.5)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from trinario.emulator.call import Call
from trinario.emulator.checks.whatsapp_template_form import EXAMPLES
from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused

MEGABYTE = 1024 * 1024
MOST = 100 * MEGABYTE
TYPES = {mime for allowed in EXAMPLES.values() for mime in allowed}
SESSION = "upload:"
"""How the id of a session begins; it is a path of its own, with a signature as its query."""


@dataclass(slots=True)
class Session:
    """One file on its way."""

    length: int
    mime: str
    sig: str
    data: bytearray = field(default_factory=bytearray)


class Uploads:
    """`begin` opens a session, `feed` takes bytes from an offset on, `standing` tells how many have come."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._sessions: dict[str, Session] = {}

    async def begin(self, call: Call) -> Json:
        """`file_length` and `file_type` in query or body: `{id}` of a session."""
        given = {**call.query, **call.body}
        length, mime = str(given.get("file_length", "")), str(given.get("file_type", ""))
        if not length.isdecimal() or not 0 < int(length) <= MOST:
            raise Refused("graph.upload.length", 100, f"(#100) file_length must be a number from 1 to {MOST}")
        if mime not in TYPES:
            raise Refused("graph.upload.type", 100, f"(#100) file_type must be one of {', '.join(sorted(TYPES))}")
        token = base64.urlsafe_b64encode(f"1:attachment:{self._meta.ids.number(12)}".encode()).decode()
        session = Session(int(length), mime, self._meta.ids.trace())
        self._sessions[SESSION + token] = session
        return {"id": f"{SESSION}{token}?sig={session.sig}"}

    async def standing(self, call: Call) -> Json:
        """How far a session has come."""
        return {"id": call.id, "file_offset": len(self._session(call).data)}

    async def feed(self, call: Call) -> Json:
        """Bytes from `file_offset` on; when all are there, the handle."""
        session = self._session(call)
        if call.offset != str(len(session.data)):
            message = f"(#100) file_offset must be {len(session.data)}, got {call.offset or 'none'}"
            raise Refused("graph.upload.offset", 100, message)
        if len(session.data) + len(call.raw) > session.length:
            raise Refused("graph.upload.length", 100, "(#100) more bytes than the file_length of this session")
        session.data += call.raw
        if len(session.data) < session.length:
            return {"id": call.id, "file_offset": len(session.data)}
        del self._sessions[call.id]
        sum_ = hashlib.sha256(session.data).digest()
        parts = [base64.b64encode(session.mime.encode()).decode(), base64.urlsafe_b64encode(sum_).decode()]
        handle = ":".join(["4", "", *parts, "e", str(int(self._meta.clock.now())), self._meta.ids.number(10)])
        self._meta.world.commit({"op": "handle", "handle": handle, "type": session.mime})
        return {"h": handle}

    def _session(self, call: Call) -> Session:
        found = self._sessions.get(call.id)
        if found is None or call.query.get("sig") != found.sig:
            raise Refused("graph.upload.session", 100, "(#100) There is no such upload session", subcode=33)
        return found
