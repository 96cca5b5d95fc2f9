"""Campaigns that answer an event: whoever it comes for is a recipient, once an event."""

from collections.abc import Iterator
from datetime import datetime

from trinario.campaign.split import variant_of
from trinario.engine.scope import Scope
from trinario.engine.told import as_declared
from trinario.errors import EvaluationError
from trinario.jobs.campaigning import EVENTS, is_meant, keeps_out
from trinario.model.bot import Bot
from trinario.model.campaign import HOLDOUT, Campaign, On
from trinario.model.contact import Contact
from trinario.model.event import EventArrived
from trinario.ports import Unit
from trinario.ports.campaigns import HELD, PAUSED, RUNNING, NewRecipient


def invite(unit: Unit, bot: Bot, contact: Contact, event: EventArrived, now: datetime) -> int:
    """Write her down for every campaign that the event begins; gives for how many."""
    named = list(_named(bot, event.name))
    if not named:
        return 0
    told, _ = as_declared(bot, event)
    states = {run.name: run for run in unit.campaigns.runs()}
    begun = 0
    for campaign, schedule in named:
        run = states.get(campaign.name)
        if run is None or run.state not in (RUNNING, HELD, PAUSED) or not isinstance(told, EventArrived):
            continue
        if not _fits(bot, schedule, contact, told) or not is_meant(unit, bot, campaign, contact, now):
            continue
        unit.campaigns.open_slots([(campaign.name, EVENTS, run.since, 1)], now)
        slot = next(slot for slot in unit.campaigns.slots_of(campaign.name) if slot.slot == EVENTS)
        variant = variant_of(campaign.variants, contact.id)
        reason = keeps_out(unit, bot, campaign, contact, now) or (HOLDOUT if variant == HOLDOUT else "")
        her = NewRecipient(contact.id, now, variant, reason, event.origin)
        begun += unit.campaigns.fill(slot, [her], slot.cursor, True, now)
    return begun


def _named(bot: Bot, event: str) -> Iterator[tuple[Campaign, On]]:
    for campaign in bot.campaigns.values():
        if isinstance(campaign.schedule, On) and campaign.schedule.event == event:
            yield campaign, campaign.schedule


def _fits(bot: Bot, schedule: On, contact: Contact, event: EventArrived) -> bool:
    """Whether the event is one of those that are meant."""
    try:
        return schedule.match is None or bool(schedule.match.test(Scope(bot, contact, event)))
    except EvaluationError:
        return False
