"""Who a WhatsApp webhook speaks of: phone numbers and business-scoped ids, told apart by pattern (meta.md 2A.8)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trinario.channels.http.reading import mapping, text
from trinario.model.channel import Identity

_BSUID = re.compile(r"[A-Z]{2}\.")


@dataclass(frozen=True, slots=True)
class Person:
    """Her ids on one channel ("" for one that is not shown), her name, and the entry of `contacts` that is hers."""

    channel: str
    phone: str
    bsuid: str
    name: str = ""
    entry: Mapping[str, Any] | None = None

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The phone first, since it is what most messages can be sent to; empty when nothing is shown."""
        pairs = (("phone", self.phone), ("bsuid", self.bsuid))
        return tuple(Identity(self.channel, kind, value) for kind, value in pairs if value)


def is_bsuid(value: str) -> bool:
    """Whether an id is a business-scoped one (`US.1349...`); these were seen in `from` and `wa_id` too."""
    return _BSUID.match(value) is not None


def person_of(channel: str, shown: Sequence[str], contacts: Sequence[Mapping[str, Any]]) -> Person:
    """The person with these ids; the entry of `contacts` is matched by `user_id`, then `wa_id`, never by its place."""
    phone = next((value for value in shown if value and not is_bsuid(value)), "")
    bsuid = next((value for value in shown if value and is_bsuid(value)), "")
    entry = _entry(contacts, phone, bsuid)
    if entry is None:
        return Person(channel, phone, bsuid)
    for value in (text(entry, "user_id"), text(entry, "wa_id")):
        if is_bsuid(value):
            bsuid = bsuid or value
        else:
            phone = phone or value
    profile = mapping(entry, "profile")
    name = text(profile, "name") or text(profile, "username").lstrip("@")
    return Person(channel, phone, bsuid, name, entry)


def _entry(contacts: Sequence[Mapping[str, Any]], phone: str, bsuid: str) -> Mapping[str, Any] | None:
    for wanted in (bsuid, phone):
        if not wanted:
            continue
        for key in ("user_id", "wa_id"):
            for entry in contacts:
                if text(entry, key) == wanted:
                    return entry
    return None
