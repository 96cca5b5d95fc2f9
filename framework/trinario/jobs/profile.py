"""What a platform tells of somebody who wrote for the first time: asked beside the conversation, which never waits for it."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from trinario import jsons
from trinario.jobs.world import World
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.failure import Action
from trinario.model.heard import Heard
from trinario.model.outbox import NotSent
from trinario.model.value import Value
from trinario.model.zone import zone, zone_of
from trinario.ports import CallEntry, CallOrder, InboxEntry, Inward, NotReturned, Profiled, Returned, Writes

KIND = "profile"
"""The kind of such calls, and of the inbox rows that bring their answers."""

TIMEOUT, TRIES = 10.0, 8
"""Seconds of one try, and tries beyond the first."""

PATIENCE = timedelta(hours=1)
"""After so long nobody asks any more: she is asked about when she writes on another channel."""

AT_ONCE = 8
"""Profiles that one process asks for at the same time: what flows ask of the outside goes first."""

PASSING = frozenset({Action.RETRY, Action.SLOW})
_NOTED = (
    "username",
    "follower_count",
    "is_verified_user",
    "is_user_follow_business",
    "is_business_follow_user",
    "gender",
)
"""What else a platform tells; it stands in her history."""


def ask_for(world: World, contact: Contact, heard: Heard, now: datetime, writes: Writes) -> None:
    """Have the platform asked who she is, once an identity; who brings her name with her messages is not asked about."""
    identity = heard.identity
    if identity.channel not in world.profiled or identity.channel in contact.last_heard or heard.name:
        return
    request = {"channel": identity.channel, "kind": identity.kind, "value": identity.value}
    key = f"{KIND}:{identity.channel}:{identity.value}"
    writes.calls.append(
        CallOrder(key, contact.id, "", "", KIND, request, TIMEOUT, TRIES, True, now + PATIENCE)
    )  # fmt: skip


async def look_up(world: World, call: CallEntry) -> Returned | NotReturned:
    """Ask the platform; what it will not tell is told as nothing."""
    request = jsons.loads(call.request)
    adapter = world.adapters.get(request["channel"])
    if not isinstance(adapter, Profiled):
        return NotReturned(f"channel {request['channel']} tells no profiles")
    told = await adapter.profile(Identity(request["channel"], request["kind"], request["value"]))
    if isinstance(told, NotSent):
        return NotReturned(told.failure.reason, again=told.failure.action in PASSING)
    return Returned(dict(told))


def told(call: CallEntry, result: Returned | NotReturned) -> Inward | None:
    """The inbox row of what came back; None: nothing did."""
    if not isinstance(result, Returned):
        return None
    channel = jsons.loads(call.request)["channel"]
    return Inward(channel, f"{KIND}:{call.id}", KIND, jsons.dumps(result.data), contact=call.contact)


def learn(world: World, contact: Contact, entry: InboxEntry, now: datetime, writes: Writes) -> Contact:
    """What was not known of her is known now; what she or people of the team said stays."""
    data: dict[str, Any] = jsons.loads(entry.body)
    first, last = contact.first_name, contact.last_name
    if not first and not last:
        first, last = _names(data)
    language = contact.language or _text(data, "locale").partition("_")[0] or None
    changed = replace(contact, first_name=first, last_name=last, language=language)
    changed = replace(changed, timezone=contact.timezone or _zone(world, changed, data.get("timezone"), now))
    noted: dict[str, Value] = {name: data[name] for name in _NOTED if isinstance(data.get(name), str | int | bool)}
    writes.contacts[contact.id] = changed
    writes.events.append((contact.id, KIND, now, jsons.dumps({"channel": entry.channel, **noted})))
    return changed


def _names(data: dict[str, Any]) -> tuple[str | None, str | None]:
    first, last = _text(data, "first_name"), _text(data, "last_name")
    if not first and not last:
        first, _, last = _text(data, "name").partition(" ")
    return first or None, last.strip() or None


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value.strip()[:200] if isinstance(value, str) else ""


def _zone(world: World, contact: Contact, hours: object, now: datetime) -> str | None:
    """A zone that stands for hours from Greenwich, where what we take for hers has another time now.

    A zone with a name knows of summer time, and one of hours does not.
    """
    if isinstance(hours, bool) or not isinstance(hours, int | float | Decimal) or hours != int(hours):
        return None
    if not -12 <= hours <= 14 or now.astimezone(zone_of(world.bot(), contact)).utcoffset() == timedelta(
        hours=int(hours)
    ):
        return None
    name = f"Etc/GMT{-int(hours):+d}" if hours else "Etc/GMT"  # its signs are the other way round
    return name if zone(name) else None
