"""Time tables: which slots have come, and the contacts of a segment to whom each is brought, one chunk a transaction."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import partial

from trinario import jsons
from trinario.campaign.schedule import Slot, between, following, parse_cron
from trinario.engine.index import Rule, index_of
from trinario.engine.scope import Scope
from trinario.engine.time import elapsed, zone, zone_of
from trinario.errors import EvaluationError
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.duration import localised
from trinario.model.event import TriggerDue
from trinario.ports import Inward, Occurrence, Unit, Writes

CHUNK = 2000
"""Contacts that one transaction looks at."""

LOOK_BACK = timedelta(days=7)
"""Slots that were missed longer ago are forgotten."""

APART = "@"
"""Sets the moment of an occurrence by her own clock apart from its time on the wall."""

FIRST_ZONE, ZONES_APART = timezone(timedelta(hours=14)), timedelta(hours=26)
"""Where a day begins first, and how much later it does where it begins last: a slot of her own clock opens there."""


def tick(unit: Unit, world: World, now: datetime) -> int:
    """Open the occurrences whose time has come; gives how many were new."""
    bot = world.bot()
    rules = {name_of(rule): rule for rule in index_of(bot).by_kind.get("schedule", ())}
    if not rules:
        return 0
    known = unit.schedules.reckonings(list(rules))
    fresh = [(name, _ms(_begins(rule, now)), now) for name, rule in rules.items() if name not in known]
    if fresh:
        unit.schedules.begin_reckonings(fresh)
        known = unit.schedules.reckonings(list(rules))
    opened = 0
    for name, rule in rules.items():
        reached = datetime.fromtimestamp(known[name].reached / 1000, UTC)
        if rows := list(_opening(bot, rule, max(reached, now - LOOK_BACK), now, known[name].since)):
            opened += unit.schedules.open(rows)
            unit.schedules.move_reckoning(name, _ms(now), False)
    return opened


def launch(unit: Unit, world: World, now: datetime) -> bool:
    """Bring one occurrence to its next contacts; gives whether there was any under way.

    One by their own clocks is first looked up: at which moments it comes to anybody. Each of these is an occurrence.
    """
    bot = world.bot()
    rules = {name_of(rule): rule for rule in index_of(bot).by_kind.get("schedule", ())}
    one = unit.schedules.claim(list(rules), now)
    if one is None:
        return False
    rule = rules.get(one.name)
    people = unit.schedules.contacts_after(one.cursor, CHUNK) if rule else []
    if rule is not None and people:
        if rule.trigger.zone == "contact" and APART not in one.slot:
            unit.schedules.open(_moments(bot, rule, people, one, now))
        else:
            _bring(unit, bot, rule, people, one, now)
    unit.schedules.move(one, people[-1].id if people else one.cursor, len(people) < CHUNK)
    return True


def next_slot(bot: Bot, after: datetime) -> datetime | None:
    """When a time table of the bot next has something to open."""
    rules = index_of(bot).by_kind.get("schedule", ())
    found = [following(parse_cron(rule.trigger.value), after, _zone(bot, rule)) for rule in rules]
    return min((moment for moment in found if moment), default=None)


def name_of(rule: Rule) -> str:
    """What the time table is called in the database: another line, or another clock, is another one."""
    return f"{rule.flow.name}/{rule.trigger.key}/{rule.trigger.zone}"


def _begins(rule: Rule, now: datetime) -> datetime:
    """From when on a time table that is new counts: a slot of her own clock may have begun elsewhere already."""
    return now - ZONES_APART if rule.trigger.zone == "contact" else now


def _zone(bot: Bot, rule: Rule) -> tzinfo:
    if rule.trigger.zone == "contact":
        return FIRST_ZONE
    return zone(rule.trigger.zone or bot.timezone) or UTC


def _opening(
    bot: Bot, rule: Rule, after: datetime, now: datetime, since: datetime
) -> Iterator[tuple[str, str, datetime, datetime, bool]]:
    """The slots that have come; of several that were missed by one clock, the last."""
    slots = between(parse_cron(rule.trigger.value), after, now, _zone(bot, rule))
    late = partial(_late, rule, now)
    for slot in slots:
        over = rule.trigger.zone != "contact" and (slot is not slots[-1] or late(slot))
        yield name_of(rule), slot.local.isoformat(timespec="minutes"), slot.comes, since, over


def _late(rule: Rule, now: datetime, slot: Slot) -> bool:
    return rule.trigger.late is not None and now > elapsed(slot.comes, rule.trigger.late)


# ---- to whom


def _comes(bot: Bot, contact: Contact, one: Occurrence) -> datetime:
    """When the slot comes by her own clock."""
    return localised(datetime.fromisoformat(one.slot.partition(APART)[0]), zone_of(bot, contact))


def _moments(
    bot: Bot, rule: Rule, people: Sequence[Contact], one: Occurrence, now: datetime
) -> list[tuple[str, str, datetime, datetime, bool]]:
    """The moments at which the slot comes to these people; those from before the time table was new are left out.

    One that was missed is passed over when a later slot has come there too, or when it is too late.
    """
    cron, rows = parse_cron(rule.trigger.value), {}
    for contact in people:
        comes = _comes(bot, contact, one)
        if comes >= one.since and comes not in rows:
            later = following(cron, comes, zone_of(bot, contact)) if comes < now else None
            over = (later is not None and later <= now) or _late(rule, now, Slot(comes, comes))
            rows[comes] = (one.name, f"{one.slot}{APART}{comes.isoformat()}", comes, one.since, over)
    return list(rows.values())


def _bring(unit: Unit, bot: Bot, rule: Rule, people: Sequence[Contact], one: Occurrence, now: datetime) -> None:
    """Rows of the inbox for those of the segment, each once whatever happens."""
    faults: list[str] = []
    wall = one.slot.partition(APART)[0]
    data = {"flow": rule.flow.name, "key": rule.trigger.key, "due": one.due.isoformat(), "offset": ""}
    body = jsons.dumps(data)
    unit.take_in(
        [
            Inward("", f"slot:{one.name}:{wall}:{contact.id}", "trigger", body, contact=contact.id, bulk=True)
            for contact in people
            if (APART not in one.slot or _comes(bot, contact, one) == one.due)
            and _wanted(bot, rule, contact, one, now, faults)
        ],
        now,
    )
    if faults:
        told = {"session": "", "flow": rule.flow.name, "step": "trigger schedule", "reason": faults[0]}
        unit.write(Writes(events=[(None, "fault", now, jsons.dumps(told))]), now)


def _wanted(bot: Bot, rule: Rule, contact: Contact, one: Occurrence, now: datetime, faults: list[str]) -> bool:
    """Whether she is of the segment; it is asked again when her row is worked off."""
    segment = rule.trigger.segment
    try:
        event = TriggerDue("", now, rule.flow.name, rule.trigger.key, one.due)
        return segment is None or segment.test(Scope(bot, contact, event))
    except EvaluationError as fault:
        faults.append(str(fault))
        return False


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
