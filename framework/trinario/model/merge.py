"""Two contacts who become one: which value stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from trinario.model.consent import stricter
from trinario.model.contact import Contact
from trinario.model.value import Value

Rule = Literal["newest", "keep", "union", "max", "ask"]
RULES: tuple[Rule, ...] = ("newest", "keep", "union", "max", "ask")
"""What becomes of a field of which both have a value."""


@dataclass(frozen=True, slots=True)
class Link:
    """Why two are one: `by` is webhook, token, code, team or import, `evidence` what proves it."""

    by: str
    evidence: Mapping[str, Any]
    reason: str = ""


def unite(kept: Contact, taken: Contact, rules: Mapping[str, Rule]) -> tuple[Contact, list[str]]:
    """The united contact, without the identities; and the fields of which somebody has to choose (`ask`)."""
    values, asked = _fields(kept, taken, rules)
    names = kept if kept.first_name or kept.last_name else taken
    seen = [at for at in (kept.last_seen_at, taken.last_seen_at) if at]
    united = replace(
        kept, first_name=names.first_name, last_name=names.last_name, fields=values, tags=kept.tags | taken.tags,
        language=_newer(kept, taken, "@language", kept.language, taken.language),
        timezone=_newer(kept, taken, "@timezone", kept.timezone, taken.timezone),
        consent=stricter(kept.consent, taken.consent), last_heard=_latest(kept.last_heard, taken.last_heard),
        last_seen_at=max(seen) if seen else None, channel=_where(kept, taken),
        marks=_latest(kept.marks, taken.marks), changed=_latest(kept.changed, taken.changed),
    )  # fmt: skip
    if taken.owner == "person" and kept.owner == "bot":
        united = replace(united, owner="person", owner_until=taken.owner_until)
    return united, asked


def _where(kept: Contact, taken: Contact) -> str | None:
    """The channel on which she wrote last."""
    later = taken.last_seen_at and (kept.last_seen_at is None or taken.last_seen_at > kept.last_seen_at)
    return taken.channel or kept.channel if later else kept.channel or taken.channel


def _fields(kept: Contact, taken: Contact, rules: Mapping[str, Rule]) -> tuple[dict[str, Value], list[str]]:
    found, asked = dict(kept.fields), []
    for name, other in taken.fields.items():
        mine = found.get(name)
        if other in (None, "", []) or mine == other:
            continue
        if mine in (None, "", []):
            found[name] = other
            continue
        rule = rules.get(name, "newest")
        found[name] = _chosen(rule, mine, other, _is_newer(taken, kept, name))
        if rule == "ask":
            asked.append(name)
    return found, asked


def _chosen(rule: Rule, mine: Value, other: Value, newer: bool) -> Value:
    """The value that stands when there are two. What cannot be united or compared is decided by its age."""
    if rule in ("keep", "ask"):
        return mine
    if rule == "union" and isinstance(mine, list | tuple) and isinstance(other, list | tuple):
        return [*mine, *(one for one in other if one not in mine)]
    if rule == "max":
        try:
            return max(mine, other)
        except TypeError:
            pass
    return other if newer else mine


def _is_newer(one: Contact, other: Contact, name: str) -> bool:
    """Whether what `one` says of something was said later. What never changed is as old as she is."""
    return one.changed.get(name, one.created_at) > other.changed.get(name, other.created_at)


def _newer(kept: Contact, taken: Contact, name: str, mine: str | None, other: str | None) -> str | None:
    if mine is None or other is None:
        return mine or other
    return other if _is_newer(taken, kept, name) else mine


def _latest(one: Mapping[str, datetime], other: Mapping[str, datetime]) -> dict[str, datetime]:
    return {**other, **{name: max(at, other.get(name, at)) for name, at in one.items()}}
