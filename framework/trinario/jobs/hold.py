"""Claimed rows that may not go yet: the pace of one person, of audio and video, and templates that the platform holds."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from trinario.expressions import Condition
from trinario.jobs.facts import fate_of
from trinario.jobs.segments import is_of, segment
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import Campaign
from trinario.model.channel import Pace
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.message import Media, Template
from trinario.model.outbox import Refusal
from trinario.policy.cap import longest
from trinario.policy.facts import Facts
from trinario.policy.marketing import rules_for
from trinario.policy.reach import RESTS
from trinario.policy.send import may_send
from trinario.policy.template import PAUSED as PAUSED
from trinario.policy.template import template_fault
from trinario.policy.verdict import Allow
from trinario.ports import Claimed, Recipient, Settled, Unit
from trinario.ports.campaigns import CANCELLED, HELD, RUNNING, STOPPED
from trinario.ports.campaigns import PAUSED as PAUSED_CAMPAIGN

PENDING, REFUSED = 0, 8

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Until when waits what is let go by an act of its own."""

NOT_MEANT = "not_meant"
"""Why a campaign's message does not go whose segment she has left meanwhile, or whose `exclude` she has come under."""

PACED = "pace"
"""Why a row waits: she, or her channel, gets no more just now."""

BUSY = timedelta(seconds=1)
"""How long marketing waits for somebody who is in a turn just now."""

ASKED_AT = 12
"""Messages ahead of her pace from which on the database is asked what other processes sent to her."""

MOST = 50_000
"""People whose pace one process remembers before it forgets those who have rested."""


class People:
    """How fast each person was written to lately: GCRA in memory, and out of the outbox where it matters."""

    def __init__(self) -> None:
        self._empty: dict[tuple[str, str], float] = {}

    def wait(self, unit: Unit, channel: str, value: str, pace: Pace, now: datetime) -> float:
        """Seconds until she may be written to; 0.0: now, and the message is counted."""
        at, whole = now.timestamp(), pace.burst * pace.person
        empty = min(max(self._empty.get((channel, value), 0.0), at), at + whole)
        if empty - at >= ASKED_AT * pace.person:
            empty = min(max(empty, self._told(unit, channel, value, pace, now)), at + whole)
        wait = empty + pace.person - (at + whole)
        if wait > 1e-6:
            self._empty[channel, value] = empty
            return wait
        if len(self._empty) >= MOST:
            self._empty = {key: until for key, until in self._empty.items() if until > at}
        self._empty[channel, value] = empty + pace.person
        return 0.0

    def _told(self, unit: Unit, channel: str, value: str, pace: Pace, now: datetime) -> float:
        """The same out of what was sent, whoever sent it."""
        since = now - timedelta(seconds=2 * pace.burst * pace.person)
        empty = 0.0
        for sent in unit.sent_lately(channel, value, since, 4 * pace.burst):
            empty = max(empty, sent.timestamp()) + pace.person
        return empty


def held_back(
    unit: Unit, world: World, rows: Sequence[Claimed], people: People, now: datetime
) -> tuple[list[Claimed], list[tuple[Claimed, Settled]]]:
    """Rows that may go, and what is recorded of the others; all of one channel."""
    channel = rows[0].entry.identity.channel
    pace = world.adapters[channel].limits.pace
    rows, held = _not_stopped(unit, rows)
    rows, late = _with_good_templates(world.bot(), unit, channel, rows, now)
    held += late
    rows, late = _asked_again(world.bot(), unit, rows, now)
    held += late
    if pace.heavy:
        rows, late = _heavy(unit, channel, rows, pace.heavy, now)
        held += late
    if pace.person:
        rows, late = _paced(unit, channel, rows, pace, people, now)
        held += late
    return rows, held


def waits(row: Claimed, why: str, until: datetime) -> Settled:
    """The row, pending again until then; that is no try of it."""
    return Settled(row.entry.id, PENDING, refusal=why, not_before=until, attempts=row.entry.attempts)


Parted = tuple[list[Claimed], list[tuple[Claimed, Settled]]]


def _not_stopped(unit: Unit, rows: Sequence[Claimed]) -> Parted:
    """What a campaign says waits while it is paused or held, and never goes once it is cancelled."""
    slots = {row.campaign for row in rows if row.campaign}
    if not slots:
        return list(rows), []
    states = unit.campaigns.standing_of(slots)
    good, held = [], []
    for row in rows:
        state = states.get(row.campaign, RUNNING)
        if state in (PAUSED_CAMPAIGN, HELD):
            held.append((row, waits(row, STOPPED, NEVER)))
        elif state == CANCELLED:
            held.append((row, _settled(row, Refusal(CANCELLED, "the campaign was cancelled"))))
        else:
            good.append(row)
    return good, held


def _with_good_templates(bot: Bot, unit: Unit, channel: str, rows: Sequence[Claimed], now: datetime) -> Parted:
    named = {row.entry.content.name for row in rows if isinstance(row.entry.content, Template)}
    states = dict(map(fate_of, unit.templates.states(channel, named))) if named else {}
    if not states:
        return list(rows), []
    good, held, facts = [], [], Facts(templates=states)
    for row in rows:
        fault = template_fault(row.entry.content, channel, facts, now, bot.templates)
        if fault is None:
            good.append(row)
        else:
            held.append((row, _settled(row, fault)))
    return good, held


def _settled(row: Claimed, why: Refusal) -> Settled:
    """What is recorded of a row that may not go now: it waits until it may, or it never goes."""
    if why.until is not None:
        return waits(row, why.code, why.until)
    return Settled(row.entry.id, REFUSED, refusal=why.code, detail=why.detail, attempts=row.entry.attempts)


def _asked_again(bot: Bot, unit: Unit, rows: Sequence[Claimed], now: datetime) -> Parted:
    """Marketing out of the blue is put to policy once more, with what has gone to her since, and with her row locked: of
    two that are sent at the same moment both cannot take the last place."""
    pushed = [row for row in rows if row.pushed]
    if not pushed:
        return list(rows), []
    flows = {cause: flow_of(cause) for cause in {row.cause for row in pushed}}
    since = now - max(longest(rules_for(bot, flow).caps) for flow in set(flows.values())) - max(RESTS.values())
    people = unit.recipients([row.entry.contact for row in pushed], since, now)
    meant = {flow: _meant(bot, flow) for flow in set(flows.values())}
    late = _late(bot, unit, pushed, flows, now)
    good, held = [], []
    for row in rows:
        flow, her = flows.get(row.cause, ""), people.get(row.entry.contact)
        why = _objection(bot, row, flow, her, now) if row.pushed else None
        if why is None and row.campaign and her is not None and (campaign := meant.get(flow)) is not None:
            why = _not_meant(bot, campaign, her.contact, now)
        why = why or late.get(row.entry.id)
        if why is None:
            good.append(row)
        else:
            held.append((row, _settled(row, why)))
    return good, held


def _late(
    bot: Bot, unit: Unit, pushed: Sequence[Claimed], flows: Mapping[str, str], now: datetime
) -> dict[int, Refusal]:
    """Why rows do not go whose time is longer ago than their `late` allows: something had stopped them after they were made."""
    spans = {flow: rules_for(bot, flow).late for flow in set(flows.values())}
    bound = {row.entry.id: span for row in pushed if (span := spans[flows[row.cause]]) is not None}
    since = unit.meant_for(list(bound)) if bound else {}
    return {
        id: Refusal("late", f"it was to go at {at:%Y-%m-%d %H:%M} UTC, and `late` allows {bound[id]}")
        for id, at in since.items()
        if now - at > bound[id]
    }


def _objection(bot: Bot, row: Claimed, flow: str, her: Recipient | None, now: datetime) -> Refusal | None:
    """Why policy does not let a row go now; None: it does."""
    if her is None:
        return Refusal(PACED, "", now + BUSY)
    entry = row.entry
    say = Say(entry.key.rsplit("/", 2)[0], entry.content, flow=flow, purpose=entry.purpose,
              channel=entry.identity.channel, reply_to=entry.reply_to)  # fmt: skip
    others = tuple([push for id, push in her.pushes if id != entry.id])
    verdict = may_send(bot, her.contact, say, now, Facts(her.unreachable, entry.human, pushes=others))
    return None if isinstance(verdict, Allow) else verdict.refusal


def _meant(bot: Bot, flow: str) -> Campaign | None:
    """The campaign whose own message a flow is, if people are chosen for it."""
    kind, _, rest = flow.partition("/")
    campaign = bot.campaigns.get(rest.partition("/")[0]) if kind == "campaign" else None
    return campaign if campaign is not None and (campaign.segment is not None or campaign.exclude) else None


def _not_meant(bot: Bot, campaign: Campaign, contact: Contact, now: datetime) -> Refusal | None:
    """Why a campaign's own message is not for her any more, as she is when it goes; None: it is.

    What is asked of the database is not asked anew: her turn has done that, a moment ago or in the evening before.
    """
    if campaign.segment is not None and not _is_of(bot, campaign.segment, contact, now, True):
        return Refusal(NOT_MEANT, "she is not of its segment any more")
    for number, one in enumerate(campaign.exclude, 1):
        if _is_of(bot, one, contact, now, False):
            return Refusal(NOT_MEANT, f"line {number} of `exclude` has come to be true of her")
    return None


def _is_of(bot: Bot, condition: Condition, contact: Contact, now: datetime, unknown: bool) -> bool:
    """Whether it is true of her; `unknown` where the database would have to be asked."""
    one = segment(bot, condition)
    return unknown if one.facts else is_of(bot, one, contact, now)


def flow_of(cause: str) -> str:
    """The flow that says it, by the step that does."""
    return cause.partition(".")[0]


def _heavy(unit: Unit, channel: str, rows: Sequence[Claimed], pace: float, now: datetime) -> Parted:
    """Audio and video have a pace of their own."""
    those = [
        row for row in rows if isinstance(row.entry.content, Media) and row.entry.content.kind in ("audio", "video")
    ]
    if not those:
        return list(rows), []
    late = those[unit.accounts.grant_heavy(channel, len(those), pace, now) :]
    ids = {row.entry.id for row in late}
    held = [(row, waits(row, PACED, now + timedelta(seconds=(n + 1) / pace))) for n, row in enumerate(late)]
    return [row for row in rows if row.entry.id not in ids], held


def _paced(unit: Unit, channel: str, rows: Sequence[Claimed], pace: Pace, people: People, now: datetime) -> Parted:
    """To one person no faster than the platform bears."""
    good, held = [], []
    for row in rows:
        seconds = people.wait(unit, channel, row.entry.identity.value, pace, now)
        if seconds:
            held.append((row, waits(row, PACED, now + timedelta(seconds=seconds))))
        else:
            good.append(row)
    return good, held
