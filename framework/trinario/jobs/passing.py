"""Segments that time moves people into and out of: `contact.last_seen_at < ago('30d')` begins to hold without anybody's doing.

Nothing is remembered of who was in: between two looks only those can have moved whose value a moment of the expression
has passed, and they are few. For them the expression says what it was and what it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from trinario import jsons
from trinario.campaign.segment import Segment
from trinario.campaign.segment_read import CLOCK
from trinario.engine.index import Rule, index_of
from trinario.errors import PhraseError
from trinario.jobs.segments import is_of, question, segment
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.ports import Inward, Unit

EVERY = timedelta(minutes=5)
"""How often it is looked at."""

CHUNK = 1_000
"""People whom one transaction looks at."""

_MS = timedelta(milliseconds=1)

MOVING = CLOCK | {"window_open", "channel"}
"""Names by which an expression changes while nothing else does."""


def moving(bot: Bot) -> dict[str, Rule]:
    """The triggers of segments that time moves, by the name under which the database knows how far they have come."""
    rules = index_of(bot).by_kind.get("segment", ())
    return {name_of(rule): rule for rule in rules if _reads_clock(rule)}


def name_of(rule: Rule) -> str:
    """Another expression is another one."""
    assert rule.trigger.watched is not None, "a segment has its condition"
    digest = blake2b(f"{rule.trigger.key}:{rule.trigger.watched.source}".encode(), digest_size=8).hexdigest()
    return f"{rule.flow.name}/segment/{digest}"


def _reads_clock(rule: Rule) -> bool:
    return rule.trigger.watched is not None and any(path[0] in MOVING for path in rule.trigger.watched.names)


def pass_by(unit: Unit, world: World, now: datetime) -> bool:
    """Look at one segment whose time has come, or at the next chunk of one; gives whether there was anything to do."""
    bot = world.bot()
    rules = moving(bot)
    if not rules:
        return False
    known = unit.schedules.reckonings(list(rules))
    if fresh := [(name, _ms(now), now) for name in rules if name not in known]:
        unit.schedules.begin_reckonings(fresh)
        return False
    slot = unit.schedules.claim(list(rules), now)
    if slot is not None and slot.name in rules:
        found = _doubtful(unit, bot, rules[slot.name], slot.cursor, slot.since, slot.due)
        _bring(unit, bot, rules[slot.name], found, slot.since, slot.due)
        unit.schedules.move(slot, found[-1].id if found else slot.cursor, len(found) < CHUNK)
        return True
    if slot is not None and not index_of(bot).by_kind.get("schedule"):
        unit.schedules.move(slot, slot.cursor, True)  # of a trigger that nobody serves any more
    due = {name: rules[name] for name, one in known.items() if now.timestamp() * 1000 - one.reached >= EVERY / _MS}
    return _open(unit, bot, due, now)


def _open(unit: Unit, bot: Bot, rules: Mapping[str, Rule], now: datetime) -> bool:
    """The time since the last look at a segment becomes a slot, if it has moved anybody."""
    for name, rule in rules.items():
        one = unit.schedules.claim_reckoning([name])  # nobody else looks at the same time
        since = datetime.fromtimestamp(one.reached / 1000, UTC) if one is not None else now
        if now - since < EVERY:
            continue
        unit.schedules.move_reckoning(name, _ms(now), False)
        if _doubtful(unit, bot, rule, 0, since, now, 1):
            unit.schedules.open([(name, f"{_ms(since)}", now, since, False)])
        return True
    return False


def _doubtful(
    unit: Unit, bot: Bot, rule: Rule, after: int, since: datetime, now: datetime, limit: int = CHUNK
) -> list[Contact]:
    """Who may have moved meanwhile; of what the database cannot be asked nobody (the check tells of it)."""
    one = _segment(bot, rule)
    if one is None:
        return []
    return unit.segments.people(unit.segments.doubtful(question(bot, one, now, since), after, limit))


def _segment(bot: Bot, rule: Rule) -> Segment | None:
    assert rule.trigger.watched is not None, "a segment has its condition"
    try:
        return segment(bot, rule.trigger.watched)
    except PhraseError:
        return None


def _bring(unit: Unit, bot: Bot, rule: Rule, people: Iterable[Contact], since: datetime, now: datetime) -> None:
    """Rows of the inbox for those who have moved, each once whatever happens; the engine looks again."""
    data = {"flow": rule.flow.name, "key": rule.trigger.key, "due": now.isoformat(), "offset": ""}
    body, name = jsons.dumps(data), f"{name_of(rule)}:{_ms(since)}"
    moved = _moved(bot, rule, people, since, now)
    unit.take_in([Inward("", f"slot:{name}:{who}", "trigger", body, contact=who, bulk=True) for who in moved], now)


def _moved(bot: Bot, rule: Rule, people: Iterable[Contact], since: datetime, now: datetime) -> Iterator[int]:
    """Those who were not what they are. What she did herself meanwhile was followed when she did it."""
    one, enters = _segment(bot, rule), rule.trigger.mode == "enter"
    for contact in people if one is not None else ():
        assert one is not None
        told = [at for at in (*contact.changed.values(), contact.last_seen_at, contact.created_at) if at is not None]
        before = min(now, max(since, *told))
        was, holds = is_of(bot, one, contact, before), is_of(bot, one, contact, now)
        if (was, holds) == (not enters, enters):
            yield contact.id


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
