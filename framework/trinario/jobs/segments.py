"""Who is of a segment: asked of the database; whoever it cannot tell is looked at by herself, with the expression itself."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from trinario.campaign.segment import FACTS, FAULT, Fact, Question, Segment, Told
from trinario.campaign.segment_read import CLOCK, segment_of
from trinario.engine.index import index_of
from trinario.engine.scope import Scope
from trinario.engine.time import zone
from trinario.errors import EvaluationError
from trinario.expressions import Condition
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.duration import parse_duration
from trinario.model.event import FlowWanted
from trinario.model.value import Value
from trinario.ports import Unit
from trinario.ports.segments import CHUNK

DOUBTED = 500
"""Contacts that are looked at one by one in one go."""


@dataclass(frozen=True, slots=True)
class Members:
    """Those of a stretch of the contacts who are of a segment, by id; the next stretch begins behind `cursor`."""

    people: Sequence[Contact]
    cursor: int
    done: bool


def segment(bot: Bot, condition: Condition) -> Segment:
    """The condition as a segment of this bot. Raises PhraseError, with its place, for what the database cannot be asked."""
    known = _SEGMENTS.get((id(bot), condition))
    if known is None or known[0] is not bot:
        if len(_SEGMENTS) >= 256:
            _SEGMENTS.clear()
        known = bot, segment_of(condition, index_of(bot).fields, bot.channels.keys())
        _SEGMENTS[id(bot), condition] = known
    return known[1]


_SEGMENTS: dict[tuple[int, Condition], tuple[Bot, Segment]] = {}


def question(bot: Bot, one: Segment, now: datetime, since: datetime | None = None) -> Question:
    """The segment at a moment, with everything worked out that is not of a contact; with `since`, for the time up to now."""
    times = (now,) if since is None else (since, now)
    values = [_told_apart(value for at in times for value in _worth(bot, given, at)) for given in one.givens]
    return Question(
        one, now, tuple(map(tuple, values)), bot.locale,
        {name: channel.platform for name, channel in bot.channels.items()},
        {name: channel.window.free for name, channel in bot.channels.items()}, since,
    )  # fmt: skip


def count(unit: Unit, bot: Bot, one: Segment, now: datetime) -> int:
    """How many contacts are of it now."""
    asked, cursor = question(bot, one, now), 0
    total = unit.segments.count(asked)
    while found := unit.segments.doubtful(asked, cursor, DOUBTED):
        total += len(_looked_at(unit, bot, asked, found))
        cursor = found[-1]
    return total


def members(unit: Unit, bot: Bot, one: Segment, after: int, now: datetime, limit: int = CHUNK) -> Members:
    """The next of its contacts beyond `after`, and how far that reaches."""
    asked = question(bot, one, now)
    found = unit.segments.find(asked, after, limit)
    return Members(_certain(unit, bot, asked, found.ids), found.cursor, found.done)


def sample(unit: Unit, bot: Bot, one: Segment, size: int, seed: int, now: datetime) -> list[Contact]:
    """Some of its contacts by lot; the same seed draws the same."""
    asked, drawn, skip = question(bot, one, now), list[Contact](), 0
    while len(drawn) < size:
        found = unit.segments.draw(asked, seed, skip, 2 * size)
        drawn += _certain(unit, bot, asked, found)
        skip += len(found)
        if len(found) < 2 * size:
            break
    return drawn[:size]


def who(unit: Unit, bot: Bot, one: Segment, contacts: Sequence[int], now: datetime) -> set[int]:
    """Which of these contacts are of it."""
    asked = question(bot, one, now)
    found = unit.segments.among(asked, contacts)
    doubtful = [contact for contact, certain in found.items() if not certain]
    return {contact for contact, certain in found.items() if certain} | _looked_at(unit, bot, asked, doubtful)


def is_of(bot: Bot, one: Segment, contact: Contact, now: datetime, facts: Collection[Told] = ()) -> bool:
    """Whether a contact is of it, by the expression itself; what cannot be worked out is not. `facts` hold of her."""
    try:
        scope = Scope(bot, contact, FlowWanted("", now, ""))
        scope.made.update(_told(frozenset(facts)) if facts else _UNTOLD)
        return one.condition.test(scope)
    except EvaluationError:
        return False


def _told(facts: frozenset[Told]) -> dict[str, Any]:
    """What the functions that ask for facts answer."""

    def teller(fact: Fact) -> Any:
        def tell(name: object, span: object = None) -> bool:
            within = 0 if span is None else int(parse_duration(str(span)).elapsed.total_seconds())
            return (fact, name, within) in facts

        return tell

    return {fact: teller(fact) for fact in FACTS}


_UNTOLD = _told(frozenset())
"""Nothing is known of her; a sender asks so for each message of a campaign."""


# ---- one by one


def _certain(unit: Unit, bot: Bot, asked: Question, found: Sequence[tuple[int, bool]]) -> list[Contact]:
    people = {one.id: one for one in unit.segments.people([contact for contact, _ in found])}
    doubtful = [contact for contact, certain in found if not certain]
    looked = _looked_at(unit, bot, asked, doubtful, people)
    return [people[contact] for contact, certain in found if contact in people and (certain or contact in looked)]


def _looked_at(
    unit: Unit, bot: Bot, asked: Question, contacts: Sequence[int], people: Mapping[int, Contact] | None = None
) -> set[int]:
    """Who of these is of it by the expression itself."""
    if not contacts:
        return set()
    one = asked.segment
    known = people if people is not None else {p.id: p for p in unit.segments.people(list(contacts))}
    facts = unit.segments.facts(sorted(one.facts), asked, contacts) if one.facts else {}
    return {
        contact
        for contact in contacts
        if contact in known and is_of(bot, one, known[contact], asked.now, facts.get(contact, ()))
    }


# ---- what is the same for everybody


def _worth(bot: Bot, given: Condition, now: datetime) -> tuple[Value, ...]:
    """What it is worth: one value, or one for each clock in the world that gives another."""
    if not {path[0] for path in given.names} & CLOCK:
        return (_value(bot, given, now, ""),)
    known = _WORTH.get((id(bot), given, now))
    if known is None or known[0] is not bot:
        if len(_WORTH) >= 64:
            _WORTH.clear()
        known = bot, tuple(_told_apart(_value(bot, given, now, name) for name in (bot.timezone, *zones())))
        _WORTH[id(bot), given, now] = known
    return known[1]


_WORTH: dict[tuple[int, Condition, datetime], tuple[Bot, tuple[Value, ...]]] = {}
"""Six hundred clocks take some milliseconds, and a campaign asks again for every stretch of the contacts."""


def _told_apart(values: Iterable[Value]) -> list[Value]:
    found = list[Value]()
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _value(bot: Bot, given: Condition, now: datetime, where: str) -> Value:
    nobody = Contact(0, now, timezone=where or None)
    try:
        return given.value(Scope(bot, nobody, FlowWanted("", now, "")))
    except EvaluationError:
        return FAULT


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Every time zone that a contact may have."""
    return tuple(sorted(name for name in available_timezones() if _is_known(zone(name))))


def _is_known(found: tzinfo | None) -> bool:
    return found is not None
