"""Oddities of real webhooks (meta.md §1.4, §13.7): each is a copy of an intact body in which one thing is strange."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

from trinario.emulator.config import Json

STRANGE = {"x_unknown": {"nested": [1, None, {"deep": "x"}]}}
STRANGE_FIELD = {"field": "x_unknown_field", "value": {"messages": [{"id": "x", "type": "x_unknown"}], "x": None}}


def twisted(kind: str, payload: Json) -> Json:
    """The same webhook with this oddity; what has nothing of the kind stays as it is."""
    changed = copy.deepcopy(payload)
    TWISTS[kind](changed)
    return changed


def _unknown(payload: Json) -> None:
    """Members, an entry and a change that nobody documents, around what is intact."""
    payload.update(STRANGE)
    for holder in _holders(payload):
        holder.update(STRANGE)
    for entry in payload["entry"]:
        entry.update(STRANGE)
        entry["changes"] = [copy.deepcopy(STRANGE_FIELD), *entry.get("changes", [])]
    payload["entry"].insert(0, {"id": "0"})


def _no_contacts(payload: Json) -> None:
    for value in _values(payload):
        value.pop("contacts", None)


def _no_from(payload: Json) -> None:
    """She hides her number: only the scoped id is left (BSUID)."""
    for value in _values(payload):
        for message in value.get("messages", []):
            if "from_user_id" in message:
                message.pop("from", None)
        for contact in value.get("contacts", []):
            if "user_id" in contact:
                contact.pop("wa_id", None)
        for status in value.get("statuses", []):
            if "recipient_user_id" in status:
                status.pop("recipient_id", None)


def _seconds(payload: Json) -> None:
    """Seconds where milliseconds are documented."""
    for entry in payload["entry"]:
        for item in (entry, *entry.get("messaging", []), *entry.get("standby", [])):
            for name in ("time", "timestamp"):
                if isinstance(item.get(name), int) and item[name] > 10**11:
                    item[name] //= 1000


def _milliseconds(payload: Json) -> None:
    """Milliseconds where seconds are documented."""
    for value in _values(payload):
        for item in (*value.get("messages", []), *value.get("statuses", [])):
            item["timestamp"] = item["timestamp"] + "000"


def _changes(payload: Json) -> None:
    """`messaging` told as `changes[]`: `field` and `value`, as the dashboard's samples are."""
    for entry in payload["entry"]:
        events = entry.pop("messaging", None)
        if events is not None:
            entry["changes"] = [{"field": _field(event), "value": event} for event in events]


def _bare(payload: Json) -> None:
    """`changes[]` told as `field` and `value` on the entry itself, as the page of the Instagram login shows it."""
    for entry in payload["entry"]:
        changes = entry.get("changes", [])
        if len(changes) == 1:
            del entry["changes"]
            entry.update(changes[0])


def _twice(payload: Json) -> None:
    """The same thing twice inside one POST."""
    for entry in payload["entry"]:
        for name in ("messaging", "standby", "changes"):
            if name in entry:
                entry[name] = [*entry[name], *copy.deepcopy(entry[name])]


TWISTS: dict[str, Callable[[Json], None]] = {
    "unknown": _unknown,
    "no_contacts": _no_contacts,
    "no_from": _no_from,
    "seconds": _seconds,
    "milliseconds": _milliseconds,
    "changes": _changes,
    "bare": _bare,
    "twice": _twice,
}
"""Kind of webhook fault -> what it does to the body."""

_FIELDS = {"postback": "messaging_postbacks", "read": "messaging_seen", "reaction": "message_reactions",
           "referral": "messaging_referral", "optin": "messaging_optins", "delivery": "message_deliveries"}  # fmt: skip


def _field(event: Json) -> str:
    return next((field for key, field in _FIELDS.items() if key in event), "messages")


def _values(payload: Json) -> Iterator[Json]:
    for entry in payload["entry"]:
        for change in entry.get("changes", []):
            value = change["value"]
            yield value.get("standby", value) if isinstance(value.get("standby"), dict) else value


def _holders(payload: Json) -> Iterator[Json]:
    for value in _values(payload):
        yield value
        yield from value.get("messages", [])
        yield from value.get("statuses", [])
    for entry in payload["entry"]:
        for event in entry.get("messaging", []):
            yield event
            if isinstance(event.get("message"), dict):
                yield event["message"]
