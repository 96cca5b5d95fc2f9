"""A contact as JSON, as a merge keeps her, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trinario.model.contact import Contact
from trinario.model.part import ATTRIBUTES, DATED
from trinario.model.value import pack, unpack


def contact_to_json(contact: Contact) -> dict[str, Any]:
    """A contact without id, birth and identities."""
    given: dict[str, Any] = {name: getattr(contact, name) for name in (*ATTRIBUTES, "channel", "owner", "pending_link")}
    given |= {name: {key: at.isoformat() for key, at in getattr(contact, name).items()} for name in DATED}
    given |= {
        "fields": {key: pack(item) for key, item in contact.fields.items()},
        "tags": sorted(contact.tags),
        "consent": dict(contact.consent),
    }
    for name in ("last_seen_at", "owner_until"):
        at = getattr(contact, name)
        given[name] = at.isoformat() if at else None
    return given


def contact_from_json(id: int, created_at: datetime, data: Mapping[str, Any]) -> Contact:
    """The contact again; what a later version knows besides has its default."""
    given = dict(data)
    given |= {name: {key: datetime.fromisoformat(at) for key, at in given[name].items()} for name in DATED}
    packed = given["fields"]
    given |= {"fields": {key: unpack(item) for key, item in packed.items()}, "tags": frozenset(given["tags"])}
    for name in ("last_seen_at", "owner_until"):
        given[name] = datetime.fromisoformat(given[name]) if given[name] else None
    return Contact(id=id, created_at=created_at, **given)
