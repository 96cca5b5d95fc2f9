"""A trigger that is new (`date`, `inactivity`) is reckoned for everybody who is there already: once, chunk after chunk."""

from datetime import datetime
from hashlib import blake2b

from trinario import jsons
from trinario.engine.due import silence, timers
from trinario.engine.index import Rule, index_of
from trinario.errors import EvaluationError
from trinario.jobs.happenings import timer_row
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.effect import SetTimer
from trinario.model.event import TriggerDue
from trinario.ports import Unit, Writes

CHUNK = 2000
"""Contacts that one transaction looks at."""


def reckon(unit: Unit, world: World, now: datetime) -> bool:
    """One chunk of one trigger that is not reckoned for everybody yet; gives whether there was anything to do."""
    bot = world.bot()
    index = index_of(bot)
    rules = {name_of(rule): rule for kind in ("date", "inactivity") for rule in index.by_kind.get(kind, ())}
    if not rules:
        return False
    known = unit.schedules.reckonings(list(rules))
    if fresh := [(name, 0, now) for name in rules if name not in known]:
        unit.schedules.begin_reckonings(fresh)
    elif all(one.done for one in known.values()):
        return False
    one = unit.schedules.claim_reckoning(list(rules))
    if one is None:
        return False
    people = unit.schedules.contacts_after(one.reached, CHUNK)
    faults: list[str] = []
    rows = [
        timer_row(contact.id, timer)
        for contact in people
        for timer in _timers(bot, rules[one.name], contact, now, faults)
    ]
    unit.schedules.add_timers(rows)
    if faults:
        flow = rules[one.name].flow.name
        data = {"session": "", "flow": flow, "step": "trigger date", "reason": faults[0]}
        unit.write(Writes(events=[(None, "fault", now, jsons.dumps(data))]), now)
    unit.schedules.move_reckoning(one.name, people[-1].id if people else one.reached, len(people) < CHUNK)
    return True


def name_of(rule: Rule) -> str:
    """What it is called in the database; a trigger that means other moments is another one."""
    one = rule.trigger
    digest = blake2b(repr((one.key, one.offsets, one.span)).encode(), digest_size=8).hexdigest()
    return f"{rule.flow.name}/{one.kind}/{digest}"


def _timers(bot: Bot, rule: Rule, contact: Contact, now: datetime, faults: list[str]) -> list[SetTimer]:
    event = TriggerDue("", now, rule.flow.name, rule.trigger.key, now)
    try:
        found = (
            silence(contact, rule, event) if rule.trigger.kind == "inactivity" else timers(bot, contact, rule, event)
        )
        return [timer for timer in found if isinstance(timer, SetTimer)]
    except EvaluationError as fault:
        faults.append(str(fault))
        return []
