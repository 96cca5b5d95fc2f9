"""Two contacts are joined by the team, or by an import with a shared key; and what that would do, without doing it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trinario.jobs.merging import join, rules_of, united_sessions
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.merge import Link, unite
from trinario.ports import Case, Merge, Unit, Writes


@dataclass(frozen=True, slots=True)
class Joined:
    """The merge by its number, and the contact who has everything now. `already`: the same request was made before."""

    merge: int
    kept: int
    taken: int
    already: bool = False


@dataclass(frozen=True, slots=True)
class CannotJoin:
    """Why two cannot be joined."""

    why: str


@dataclass(frozen=True, slots=True)
class FieldForeseen:
    """A field of which both say something different: what each says, what would stand, by which rule."""

    name: str
    kept: Any
    taken: Any
    becomes: Any
    rule: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a merge would do. `sessions`: (id, flow, goes on | stands aside | stops) of the one taken."""

    united: Contact
    fields: tuple[FieldForeseen, ...]
    sessions: tuple[tuple[str, str, str], ...]


def by_team(
    unit: Unit, bot: Bot, keep: int, take: int, author: str, reason: str, now: datetime, id: str = ""
) -> Joined | CannotJoin | None:
    """Join two contacts on somebody's word; the same `id` again changes nothing. None: one of them is busy, try again."""
    done = next((one for one in unit.merges.of(take) if id and one.evidence.get("id") == id), None)
    if done is not None:
        return Joined(done.id, unit.contact_ids({"id": keep})[0], done.taken, already=True)
    evidence = {"author": author, **({"id": id} if id else {})}
    return _joined(unit, bot, keep, take, Link("team", evidence, reason), now)


def by_import(
    unit: Unit, bot: Bot, contacts: Iterable[int], key: tuple[str, str], file: str, now: datetime
) -> list[Joined] | None:
    """Contacts that an import knows by one key (column, value) are one; the oldest of them is kept. None: busy, try again."""
    standing = sorted({whole for one in contacts for whole in unit.contact_ids({"id": one})})
    if len(standing) > 1 and unit.lock_cases(standing, (), now) is None:
        return None  # nothing is done by halves
    done = []
    for other in standing[1:]:
        link = Link("import", {"key": key[0], "value": key[1], "file": file})
        made = _joined(unit, bot, standing[0], other, link, now)
        if isinstance(made, Joined):
            done.append(made)
    return done


def _joined(unit: Unit, bot: Bot, keep: int, take: int, link: Link, now: datetime) -> Joined | CannotJoin | None:
    pair = _pair(unit, keep, take)
    if isinstance(pair, CannotJoin):
        return pair
    cases = unit.lock_cases(sorted(pair), (), now)
    if cases is None:
        return None
    by_id = {case.contact.id: case for case in cases}
    writes = Writes()
    join(unit, bot, by_id[pair[0]], by_id[pair[1]], link, writes, now)
    unit.write(writes, now)
    return Joined(_newest(unit, pair[1]).id, *pair)


def _newest(unit: Unit, taken: int) -> Merge:
    return next(one for one in unit.merges.of(taken) if one.taken == taken and one.undone_at is None)


def _pair(unit: Unit, keep: int, take: int) -> tuple[int, int] | CannotJoin:
    """Both as they stand now: who was merged into somebody is that contact."""
    kept, taken = unit.contact_ids({"id": keep}), unit.contact_ids({"id": take})
    if not kept or not taken:
        return CannotJoin(f"no contact is known by {keep if not kept else take}")
    if kept == taken:
        return CannotJoin(f"{keep} and {take} are one contact already")
    return kept[0], taken[0]


def foresee(unit: Unit, bot: Bot, keep: int, take: int, now: datetime) -> Foreseen | CannotJoin:
    """What joining them would do, field by field and session by session; nothing is written."""
    pair = _pair(unit, keep, take)
    if isinstance(pair, CannotJoin):
        return pair
    kept, taken = unit.contacts(pair, now)
    rules = rules_of(bot)
    united, _ = unite(kept, taken, rules)
    sessions = united_sessions(_case(unit, kept), _case(unit, taken))
    names = sorted({*kept.fields, *taken.fields})
    return Foreseen(
        united,
        tuple(
            FieldForeseen(name, kept.fields.get(name), taken.fields.get(name), united.fields.get(name),
                          rules.get(name, "newest"))
            for name in names if kept.fields.get(name) != taken.fields.get(name)
        ),
        tuple((id, one.flow, OUTCOME.get(one.status, "goes on")) for id, one in sessions.items()),
    )  # fmt: skip


OUTCOME: Mapping[str, str] = {"stopped": "stops", "aside": "stands aside"}


def _case(unit: Unit, contact: Contact) -> Case:
    return Case(contact, tuple(one for one in unit.sessions(contact.id, 1000) if one.live))
