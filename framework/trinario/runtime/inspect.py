"""What the bot knows of a person, for the phones page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from trinario.model.contact import Contact
from trinario.model.session import Session
from trinario.model.value import plain
from trinario.ports import MediaKept, Unit


def inspect(unit: Unit, identities: Sequence[tuple[str, str]], now: datetime) -> dict[str, Any]:
    """Contacts that have one of these identities (channel, value), with their sessions."""
    ids = list(dict.fromkeys(id for pair in identities for id in unit.contact_ids({"identity": pair})))
    found = unit.contacts(ids, now)
    return {"contacts": [_contact(one, unit.sessions(one.id, 5), unit.media.of(one.id, 6)) for one in found]}


def _contact(contact: Contact, sessions: Sequence[Session], files: Sequence[MediaKept]) -> dict[str, Any]:
    return {
        "id": str(contact.id),
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "language": contact.language,
        "identities": [{"channel": i.channel, "kind": i.kind, "value": i.value} for i in contact.identities],
        "owner": contact.owner,
        "channel": contact.channel,
        "fields": plain(contact.fields),
        "tags": sorted(contact.tags),
        "sessions": [_session(session) for session in sessions],
        "files": [_file(file) for file in files],
    }


def _file(file: MediaKept) -> dict[str, Any]:
    return {"id": file.id, "kind": file.kind, "channel": file.channel, "status": file.status, "reason": file.reason,
            "mime_type": file.mime_type, "filename": file.filename, "size": file.size}  # fmt: skip


def _session(session: Session) -> dict[str, Any]:
    step = session.wait.step if session.wait else None
    answers = {name: value for name, value in plain(session.answers).items() if value is not None}
    return {"flow": session.flow, "status": session.status, "step": step, "answers": answers}
