"""Inbox rows of what no message is: a contact changed from outside, a trigger's time, a status, a linked identity."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from trinario import jsons
from trinario.engine.index import index_of
from trinario.model.bot import Bot
from trinario.model.consent import MARKETING, RecordConsent
from trinario.model.effect import ChangeContact, ClearTimer, SetTimer
from trinario.model.event import ConsentTold, ContactChanged, Event, IdentityLinked, StatusTold, TriggerDue
from trinario.model.failure import Failure
from trinario.model.value import Values, pack, unpack
from trinario.ports import Inward

HAPPENINGS = ("change", "trigger", "status", "linked", "consent")

Timer = tuple[str, int, str, datetime, str]


def happening_of(kind: str, origin: str, at: datetime, data: Mapping[str, Any]) -> Event:
    """The event that the body of such a row means."""
    match kind:
        case "trigger":
            due = datetime.fromisoformat(data["due"])
            return TriggerDue(origin, at, data["flow"], data["key"], due, data.get("offset", ""))
        case "status":
            return StatusTold(
                origin, at, data["status"], data["flow"], data["step"], data["channel"], data.get("reason", ""),
                data.get("hops", 0),
            )  # fmt: skip
        case "linked":
            return IdentityLinked(origin, at, data["channel"])
        case "consent" if "entry" in data:
            return ConsentTold(origin, at, _entry(data["entry"], origin))
        case "consent":
            words = f"{data['code']}: {data['reason']}"[:200]
            entry = RecordConsent(MARKETING, "withdrawn", "platform", (data["channel"],), said=words, origin=origin)
            return ConsentTold(origin, at, entry)
        case _:
            fields, attributes = (unpack(data.get(name, {})) for name in ("fields", "attributes"))
            added, removed = (tuple(data.get(name, ())) for name in ("tags_added", "tags_removed"))
            return ContactChanged(origin, at, ChangeContact(fields, added, removed, attributes))


def _entry(told: Mapping[str, Any], origin: str) -> RecordConsent:
    until = told.get("expires_at")
    ends = datetime.fromisoformat(until) if until else None
    return RecordConsent(**{**told, "channels": tuple(told["channels"]), "origin": origin, "expires_at": ends})


def change(
    contact: int, id: str, fields: Values | None = None, added: Iterable[str] = (), removed: Iterable[str] = (),
    attributes: Values | None = None,
) -> Inward:  # fmt: skip
    """The inbox entry by which somebody outside changes a contact; `id` makes it one change. None empties a field."""
    data = {
        "fields": pack(dict(fields or {})), "attributes": pack(dict(attributes or {})),
        "tags_added": list(added), "tags_removed": list(removed),
    }  # fmt: skip
    return Inward("", f"change:{id}", "change", jsons.dumps(data), contact=contact)


def linked(bot: Bot, contact: int, channel: str, id: str) -> list[Inward]:
    """The inbox entry that tells of a linked identity; none where no flow begins by it."""
    if not index_of(bot).by_kind.get("identity_linked"):
        return []
    return [Inward("", f"linked:{id}", "linked", jsons.dumps({"channel": channel}), contact=contact)]


def opted_out(contact: int, channel: str, key: str, failure: Failure) -> Inward:
    """The inbox entry that tells that she wants no marketing there: so says the platform of the message `key`."""
    code = f"{failure.code}/{failure.subcode}" if failure.subcode else str(failure.code)
    body = jsons.dumps({"channel": channel, "code": code, "reason": failure.reason})
    return Inward("", f"optout:{key}", "consent", body, contact=contact)


def recorded(contact: int, entry: RecordConsent, id: str) -> Inward:
    """The inbox entry by which somebody of the team, a form or an import says what she allows; `id` makes it one."""
    return Inward("", f"consent:{id}", "consent", consent_body(entry), contact=contact)


def consent_body(entry: RecordConsent) -> str:
    """An entry as a row of the inbox holds it."""
    told = {
        "purpose": entry.purpose, "state": entry.state, "evidence": entry.evidence, "channels": entry.channels,
        "wording": entry.wording, "version": entry.version, "said": entry.said, "session": entry.session,
        "expires_at": entry.expires_at.isoformat() if entry.expires_at else None,
    }  # fmt: skip
    return jsons.dumps({"entry": told})


def timer_row(contact: int, timer: SetTimer) -> Timer:
    """A timer as it is written: when it rings it becomes a row of the inbox."""
    data = {"flow": timer.flow, "key": timer.key, "due": timer.due.isoformat(), "offset": timer.offset}
    return timer.name, contact, "trigger", timer.due, jsons.dumps(data)


def timer_write(contact: int, timer: SetTimer | ClearTimer) -> tuple[str, int, str, datetime | None, str]:
    """The same for one that may be off."""
    return timer_row(contact, timer) if isinstance(timer, SetTimer) else (timer.name, contact, "trigger", None, "{}")
