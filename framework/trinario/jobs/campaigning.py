"""Campaigns that were started: which of their slots have come, and everybody whom a slot is for, one chunk a transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from trinario.campaign.schedule import between, following, parse_cron
from trinario.campaign.split import variant_of
from trinario.engine.time import elapsed, zone, zone_of
from trinario.expressions import Condition
from trinario.jobs.launch import FIRST_ZONE, LOOK_BACK, ZONES_APART
from trinario.jobs.segments import Members, is_of, members, segment, who
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import CONTACT_ZONE, HOLDOUT, At, Campaign, Every, On
from trinario.model.contact import Contact
from trinario.model.duration import localised
from trinario.ports import Unit
from trinario.ports.campaigns import HELD, RUNNING, CampaignRun, CampaignSlot, NewRecipient

CHUNK = 100
"""Contacts that one transaction looks at."""

AT_ONCE, EVENTS = "at once", "events"
"""The slot of a campaign without a schedule, and the one that gathers those for whom an event came."""

FILLING, FILLED, PASSED_OVER = 0, 1, 2


def agreed(bot: Bot, run: CampaignRun) -> Campaign | None:
    """The campaign of the files, as long as it is what was agreed to when it was started."""
    campaign = bot.campaigns.get(run.name)
    return campaign if campaign is not None and campaign.revision == run.revision else None


Live = Sequence[tuple[CampaignRun, Campaign]]
"""Campaigns that run or are held, and are what was agreed to."""


def live(unit: Unit, bot: Bot) -> Live:
    """Those that bring anything forward."""
    runs = unit.campaigns.runs(RUNNING, HELD) if bot.campaigns else ()
    return [(run, campaign) for run in runs if (campaign := agreed(bot, run)) is not None]


def tick(unit: Unit, world: World, now: datetime, going: Live | None = None) -> int:
    """Open the slots of live campaigns whose time has come; gives how many were new."""
    bot, opened = world.bot(), 0
    for run, campaign in live(unit, bot) if going is None else going:
        if rows := [(run.name, *slot) for slot in slots(bot, campaign, run, now)]:
            opened += unit.campaigns.open_slots(rows, now)
    return opened


def slots(bot: Bot, campaign: Campaign, run: CampaignRun, now: datetime) -> Iterator[tuple[str, datetime, int]]:
    """(slot, due, state) of what has come since the campaign was started. Of several missed by one clock, the last goes."""
    match campaign.schedule:
        case None:
            yield AT_ONCE, run.since, FILLING
        case On():
            yield EVENTS, run.since, FILLED
        case At(local=local, zone=name):
            comes = localised(local, clock_of(bot, name))
            if comes <= now:
                yield local.isoformat(timespec="minutes"), comes, FILLING
        case Every(cron=line, zone=name):
            begin = run.since - ZONES_APART if name == CONTACT_ZONE else run.since
            found = between(parse_cron(line), max(begin, now - LOOK_BACK), now, clock_of(bot, name))
            for slot in found:
                over = name != CONTACT_ZONE and (slot is not found[-1] or is_late(campaign, slot.comes, now))
                yield slot.local.isoformat(timespec="minutes"), slot.comes, PASSED_OVER if over else FILLING


def clock_of(bot: Bot, name: str) -> tzinfo:
    """The clock by which slots open: for her own clock, that of where a day begins first."""
    if name == CONTACT_ZONE:
        return FIRST_ZONE
    return zone(name or bot.timezone) or UTC


def is_late(campaign: Campaign, due: datetime, now: datetime) -> bool:
    """Whether it is too late for what was to come at `due`."""
    return campaign.late is not None and now > elapsed(due, campaign.late)


def next_slot(bot: Bot, campaign: Campaign, after: datetime) -> datetime | None:
    """When the campaign next opens a slot; None: it has none to come."""
    match campaign.schedule:
        case At(local=local, zone=name):
            comes = localised(local, clock_of(bot, name))
            return comes if comes > after else None
        case Every(cron=line, zone=name):
            return following(parse_cron(line), after, clock_of(bot, name))
        case _:
            return None


# ---- to whom


def fill(unit: Unit, world: World, now: datetime) -> bool:
    """Write down the next chunk of recipients of one slot; gives whether there was any slot to fill."""
    bot = world.bot()
    running = {run.name: run for run, _ in live(unit, bot)}
    slot = unit.campaigns.claim_filling(running)
    if slot is None:
        return False
    campaign = bot.campaigns[slot.campaign]
    found = reached(unit, bot, campaign, slot.cursor, CHUNK, now)
    out = left_out(unit, bot, campaign, [one.id for one in found.people], now)
    chosen = list(recipients(bot, campaign, running[slot.campaign], slot, found.people, out, now))
    unit.campaigns.fill(slot, chosen, found.cursor, found.done, now)
    return True


def reached(unit: Unit, bot: Bot, campaign: Campaign, after: int, limit: int, now: datetime) -> Members:
    """The next contacts of the campaign's segment beyond one, and how far that reaches."""
    if campaign.segment is None:
        people = unit.schedules.contacts_after(after, limit)
        return Members(people, people[-1].id if people else after, len(people) < limit)
    return members(unit, bot, segment(bot, campaign.segment), after, now, limit)


def recipients(
    bot: Bot, campaign: Campaign, run: CampaignRun, slot: CampaignSlot, people: Sequence[Contact], out: Mapping[int, str],
    now: datetime,
) -> Iterator[NewRecipient]:  # fmt: skip
    """Those of the segment, each with her own time; who is left out (`out`, by contact) is so with the reason."""
    when = _clock(bot, campaign, slot)
    for contact in people:
        due = when(contact)
        if due < run.since and isinstance(campaign.schedule, Every):
            continue  # her slot was over before the campaign was started: the next one is hers
        variant = variant_of(campaign.variants, contact.id)
        reason = out.get(contact.id, "") or (HOLDOUT if variant == HOLDOUT else "")
        yield NewRecipient(contact.id, due, variant, reason or ("late" if is_late(campaign, due, now) else ""))


class _clock:
    """When a slot comes for a contact; by her own clock, worked out once a zone."""

    def __init__(self, bot: Bot, campaign: Campaign, slot: CampaignSlot) -> None:
        self._bot, self._due, self._local = bot, slot.due, None
        if isinstance(campaign.schedule, At | Every) and campaign.schedule.zone == CONTACT_ZONE:
            self._local = datetime.fromisoformat(slot.slot)

    def __call__(self, contact: Contact) -> datetime:
        return self._due if self._local is None else _comes(self._local, zone_of(self._bot, contact))


@lru_cache(maxsize=4096)
def _comes(local: datetime, where: tzinfo) -> datetime:
    return localised(local, where)


def due_for(bot: Bot, campaign: Campaign, contact: Contact, now: datetime) -> datetime:
    """When the campaign would come to her if it were started now: her time of its next slot, or now."""
    match campaign.schedule:
        case At(local=local, zone=name):
            return localised(local, zone_of(bot, contact) if name == CONTACT_ZONE else clock_of(bot, name))
        case Every(cron=line, zone=name):
            where = zone_of(bot, contact) if name == CONTACT_ZONE else clock_of(bot, name)
            return following(parse_cron(line), now, where) or now
        case _:
            return now


def is_meant(unit: Unit, bot: Bot, campaign: Campaign, contact: Contact, now: datetime) -> bool:
    """Whether she is of the segment now."""
    return campaign.segment is None or _holds(unit, bot, campaign.segment, contact, now)


def keeps_out(unit: Unit, bot: Bot, campaign: Campaign, contact: Contact, now: datetime) -> str:
    """Which line of `exclude` holds of somebody as she is now; "" if none does."""
    for number, one in enumerate(campaign.exclude, 1):
        if _holds(unit, bot, one, contact, now):
            return f"exclude {number}"
    return ""


def left_out(unit: Unit, bot: Bot, campaign: Campaign, contacts: Sequence[int], now: datetime) -> dict[int, str]:
    """Who of these gets nothing, and the number of the line of `exclude` that holds of her."""
    out: dict[int, str] = {}
    for number, one in enumerate(campaign.exclude, 1) if contacts else ():
        for contact in who(unit, bot, segment(bot, one), contacts, now):
            out.setdefault(contact, f"exclude {number}")
    return out


def _holds(unit: Unit, bot: Bot, condition: Condition, contact: Contact, now: datetime) -> bool:
    """Whether it is true of her, by the expression itself; the database is asked for what stands beside her."""
    one = segment(bot, condition)
    return contact.id in who(unit, bot, one, [contact.id], now) if one.facts else is_of(bot, one, contact, now)
