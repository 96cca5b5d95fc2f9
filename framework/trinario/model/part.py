"""One contact who was two is two again: what was whose, and what each of them keeps. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal

from trinario.model.consent import RecordConsent, consented
from trinario.model.contact import Contact
from trinario.model.value import Value, Values

Side = Literal["kept", "taken"]


@dataclass(frozen=True, slots=True)
class Before:
    """Both contacts and the united one, as they were at the merge."""

    kept: Contact
    taken: Contact
    united: Contact


@dataclass(frozen=True, slots=True)
class Since:
    """What happened while they were one. `heard`: (at, side, channel) of what came in, `consents`: (side, entry), both in
    order. `came`: the same by our own clock, which is finer than that of platforms and tells when what was heard was done.
    `people`: to whom of the two people of the team have spoken since they have her, or on whose word they were called; none:
    nobody can tell.
    """

    heard: Sequence[tuple[datetime, Side, str]] = ()
    consents: Sequence[tuple[Side, RecordConsent]] = ()
    came: Sequence[tuple[datetime, Side]] = ()
    people: Collection[Side] = ()

    def side_at(self, at: datetime | None) -> Side:
        """On whose identity she had written last at that time."""
        return _last([(when, side) for when, side, _ in self.heard], at)

    def side_then(self, at: datetime | None) -> Side:
        """Of whom the last that had come was, when our clock showed that time."""
        return _last(self.came, at) if self.came else self.side_at(at)


NEVER = Since()
"""Nothing happened while they were one."""


def _last(told: Sequence[tuple[datetime, Side]], at: datetime | None) -> Side:
    before = [side for when, side in told if at is None or when <= at]
    return before[-1] if before else "kept"


def part(now: Contact, before: Before, since: Since) -> tuple[Contact, Contact]:
    """(kept, taken) as they would be if they had never been one; what happened meanwhile is hers on whose identity it did.

    What was taken back meanwhile is taken back for both. Identities are not looked at.
    """
    return _apart(now, before, since, "kept"), _apart(now, before, since, "taken")


def _apart(now: Contact, before: Before, since: Since, side: Side) -> Contact:
    own = before.kept if side == "kept" else before.taken
    heard = [(at, channel) for at, where, channel in since.heard if where == side]
    last = {**own.last_heard, **dict(_by_channel(heard, own.last_heard))}
    seen = [at for at in (own.last_seen_at, *(at for at, _ in heard)) if at]
    consent = own.consent
    for where, entry in since.consents:
        if entry.state != "granted" or where == side:
            consent = consented(consent, entry)
    whose = _whose(now, since, side)
    parted = replace(
        own, fields=_values(now.fields, before.united.fields, own.fields, whose),
        tags=_tags(now, before.united, own, whose), consent=consent, last_heard=last,
        last_seen_at=max(seen) if seen else None, channel=heard[-1][1] if heard else own.channel,
        marks=_moments(now.marks, before.united.marks, own.marks, since.side_at, side),
        changed=_moments(now.changed, before.united.changed, own.changed, since.side_then, side),
        pending_link=None if heard or now.pending_link != before.united.pending_link else own.pending_link,
    )  # fmt: skip
    changed = {
        name: getattr(now, name) for name in ATTRIBUTES
        if getattr(now, name) != getattr(before.united, name) and whose(f"@{name}")
    }  # fmt: skip
    owned = (now.owner, now.owner_until) != (before.united.owner, before.united.owner_until)
    if owned and (now.owner == "bot" or side in (since.people or (side,))):
        changed |= {"owner": now.owner, "owner_until": now.owner_until}
    return replace(parted, **changed)


def strip(one: Contact, before: Before, since: Since = NEVER, others: Sequence[Contact] = ()) -> Contact:
    """A contact who holds more than the two, without what the one taken had brought, and without what she has said since;
    permissions stay the stricter ones. `others`: who else is in it, as they came, in order: what of theirs was covered by
    hers is there again."""
    kept, united = before.kept, before.united
    hers = {
        name for name, at in one.changed.items() if united.changed.get(name) != at and since.side_then(at) == "taken"
    }
    added = {tag for tag in one.tags if f"#{tag}" in hers and not any(tag in own.tags for own in (kept, *others))}
    gone = (united.tags - kept.tags) | added
    changed = {
        name: getattr(kept, name) for name in (*ATTRIBUTES, "channel")
        if getattr(one, name) != getattr(kept, name)
        and ((getattr(united, name) != getattr(kept, name) and getattr(one, name) == getattr(united, name)) or f"@{name}" in hers)
    }  # fmt: skip
    moments = _moments_without(one, before, since, hers)
    values = _values_without(one, before, hers, others)
    asked = any(side == "taken" for _, side, _ in since.heard)  # the question of a link may have been put to her
    pending = None if asked else one.pending_link
    return replace(one, fields=values, tags=one.tags - gone, pending_link=pending, **moments, **changed)


def _moments_without(one: Contact, before: Before, since: Since, hers: Collection[str]) -> dict[str, Any]:
    """When she was heard, what was done for her and when it changed, without what is hers who leaves."""
    kept, united = before.kept, before.united
    found = {name: _stripped(getattr(one, name), getattr(united, name), getattr(kept, name)) for name in DATED}
    found["changed"] = {name: at for name, at in found["changed"].items() if name not in hers}
    found["marks"] = {
        name: at for name, at in found["marks"].items()
        if united.marks.get(name) == at or since.side_at(at) != "taken"
    }  # fmt: skip
    return found


def _values_without(one: Contact, before: Before, hers: Collection[str], others: Sequence[Contact]) -> dict[str, Value]:
    """Her fields without what the one taken had brought or (`hers`) has set since."""
    kept, united = before.kept, before.united
    values = dict(one.fields)
    for name, value in one.fields.items():
        brought = name in united.fields and value == united.fields[name]
        if (brought or name in hers) and value != kept.fields.get(name):
            covered = [own.fields[name] for own in (kept, *others) if name in own.fields]
            values.pop(name)
            values |= {name: covered[-1]} if covered else {}
    return values


DATED = ("last_heard", "marks", "changed")


def _stripped(
    one: Mapping[str, datetime], united: Mapping[str, datetime], kept: Mapping[str, datetime]
) -> dict[str, datetime]:
    brought = {name for name, at in united.items() if kept.get(name) != at and one.get(name) == at}
    return {name: at for name, at in one.items() if name not in brought} | {
        name: kept[name] for name in brought if name in kept
    }


APART = frozenset({
    "id", "created_at", "identities", "fields", "tags", "consent", "last_heard", "last_seen_at", "channel", "owner",
    "owner_until", "pending_link", "marks", "changed",
})  # fmt: skip
ATTRIBUTES = tuple(one.name for one in fields(Contact) if one.name not in APART)
"""Plain values of a contact: her name, her language ..."""


def _whose(now: Contact, since: Since, side: Side) -> Callable[[str], bool]:
    """Whether a change of something (`field`, `#tag`, `@language`) is this side's."""
    return lambda name: since.side_then(now.changed.get(name)) == side


def _values(now: Values, united: Values, own: Values, whose: Callable[[str], bool]) -> dict[str, Value]:
    """What changed meanwhile and is this side's stands; the rest is as it was."""
    found = dict(own)
    for name in {*now, *united}:
        if now.get(name) != united.get(name) and whose(name):
            if name in now:
                found[name] = now[name]
            else:
                found.pop(name, None)
    return found


def _tags(now: Contact, united: Contact, own: Contact, whose: Callable[[str], bool]) -> frozenset[str]:
    added = {tag for tag in now.tags - united.tags if whose(f"#{tag}")}
    removed = {tag for tag in united.tags - now.tags if whose(f"#{tag}")}
    return (own.tags | added) - removed


def _moments(
    now: Mapping[str, datetime], united: Mapping[str, datetime], own: Mapping[str, datetime],
    side_at: Callable[[datetime], Side], side: Side,
) -> dict[str, datetime]:  # fmt: skip
    """Moments that are new or later than at the merge, each this side's or the other's by itself."""
    fresh = {name: at for name, at in now.items() if united.get(name) != at and side_at(at) == side}
    return {**own, **fresh}


def _by_channel(heard: Sequence[tuple[datetime, str]], own: Mapping[str, datetime]) -> list[tuple[str, datetime]]:
    found = dict(own)
    for at, channel in heard:
        found[channel] = max(at, found.get(channel, at))
    return list(found.items())
