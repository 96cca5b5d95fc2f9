"""Recipients whose time has come are let into a turn, at the campaign's pace and never many at once: replies overtake them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trinario import jsons
from trinario.campaign.as_flow import campaign_flow_name
from trinario.campaign.split import variant_of
from trinario.jobs.campaign_budget import let_in
from trinario.jobs.campaign_budget import places as paid_for
from trinario.jobs.campaigning import Live, agreed, is_late, is_meant, keeps_out, live, tick
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import HOLDOUT, Campaign
from trinario.model.contact import Contact
from trinario.model.session import Session, holds_until
from trinario.policy.verdict import Defer, Refuse
from trinario.ports import InboxEntry, Inward, Unit
from trinario.ports.campaigns import (
    BEGUN,
    CANCELLED,
    HELD,
    LEFT_OUT,
    PAUSED,
    RUNNING,
    WAITING,
    WITHDRAWN,
    CampaignRun,
    OpenSlot,
    RecipientFate,
    Waiting,
)

KIND = "campaign"
"""The kind of inbox row that brings a campaign to somebody."""

AT_ONCE = 24
"""Recipients let in by one transaction: a turn of hers waits for no more than these."""

UNDER_WAY = 1000
"""Turns and messages of campaigns that may be under way at once: what waits longer is asked about later, and stops sooner."""

ASKED_AGAIN = timedelta(minutes=5)
"""When somebody who was busy is looked at again."""


@dataclass(frozen=True, slots=True)
class Forward:
    """What a round did: slots that were opened, whether recipients are still to be written down, rows that were dealt with."""

    opened: int = 0
    filling: bool = False
    dealt: int = 0


def forward(unit: Unit, world: World, now: datetime, opening: bool) -> Forward:
    """One round of all campaigns; with `opening` their time tables are looked at. Where none is live it is one question."""
    going = live(unit, world.bot())
    if not going:
        return Forward()
    opened = tick(unit, world, now, going) if opening else 0
    slots = unit.campaigns.open_ones([run.name for run, _ in going], now)
    dealt = _let_in(unit, world.bot(), going, slots, now, AT_ONCE)
    return Forward(opened, any(slot.filling for slot in slots), dealt)


def release(unit: Unit, world: World, now: datetime, places: int = AT_ONCE) -> int:
    """Let the next recipients in; gives how many rows were dealt with."""
    going = live(unit, world.bot())
    return _let_in(unit, world.bot(), going, unit.campaigns.open_ones([run.name for run, _ in going], now), now, places)


def _let_in(unit: Unit, bot: Bot, going: Live, slots: Sequence[OpenSlot], now: datetime, places: int) -> int:
    """Each campaign has its share of the places, and what those before it left of theirs."""
    due: dict[str, list[int]] = {}
    for slot in slots:
        if slot.due:
            due.setdefault(slot.campaign, []).append(slot.id)
    ready = [(run, campaign) for run, campaign in going if run.state == RUNNING and run.name in due]
    dealt = 0
    for behind, (run, campaign) in zip(range(len(ready), 0, -1), ready, strict=True):
        share = -(-(places - dealt) // behind)
        share = paid_for(unit, bot, campaign, share) if share else 0
        dealt += _release(unit, bot, campaign, run, due[run.name], now, share) if share else 0
    return dealt


def _release(
    unit: Unit, bot: Bot, campaign: Campaign, run: CampaignRun, slots: Sequence[int], now: datetime, places: int
) -> int:
    places = min(places, UNDER_WAY - unit.campaigns.under_way(slots))
    if campaign.pace is not None and places > 0:
        places = min(places, unit.campaigns.allowance(run.name, campaign.pace.per_second, now))
    claimed = unit.campaigns.claim_waiting(slots, places, now) if places > 0 else []
    rows = [_drawn(campaign, row) for row in claimed]
    out = [(row, why) for row in rows if (why := _out(campaign, row, now))]
    unit.campaigns.fated([RecipientFate(row.id, LEFT_OUT, reason=why) for row, why in out], now)
    gone = {row.id for row, _ in out}
    going = [row for row in rows if row.id not in gone]
    unit.campaigns.released(going, now)
    let_in(unit, bot, campaign, len(going))
    if campaign.pace is not None and going:
        unit.campaigns.take(run.name, campaign.pace.per_second, len(going), now)
    if going:
        unit.take_in([_inward(campaign, row) for row in going], now)
    return len(rows)


def _out(campaign: Campaign, row: Waiting, now: datetime) -> str:
    """Why she is not let in at all; "" if she is."""
    if row.again:
        return "double"
    return "late" if is_late(campaign, row.due, now) else row.variant if row.variant == HOLDOUT else ""


def _drawn(campaign: Campaign, row: Waiting) -> Waiting:
    """The recipient with her variant; it is drawn anew if her former one is no longer in the file."""
    sides = {side.name for side in campaign.variants.sides} if campaign.variants else {""}
    return row if row.variant in sides else replace(row, variant=variant_of(campaign.variants, row.contact))


def _inward(campaign: Campaign, row: Waiting) -> Inward:
    """The inbox entry that brings the campaign to her; the number of the try makes it one."""
    body = {
        "recipient": row.id, "slot": row.slot, "campaign": campaign.name, "variant": row.variant,
        "flow": campaign_flow_name(campaign.name, row.variant), "if_busy": "interrupt" if campaign.if_busy == "interrupt" else "",
        "due": row.due.isoformat(),
    }  # fmt: skip
    return Inward("", f"campaign:{row.id}:{row.tries}", KIND, jsons.dumps(body), contact=row.contact, bulk=True)


# ---- in her turn


class Runs:
    """How the campaigns of slots stand, asked once a batch."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._known: dict[int, CampaignRun | None] = {}

    def of(self, entry: InboxEntry) -> CampaignRun | None:
        """The one that the row brings."""
        slot = jsons.loads(entry.body)["slot"]
        if slot not in self._known:
            self._known[slot] = self._unit.campaigns.run_of_slot(slot)
        return self._known[slot]


def weigh(
    unit: Unit, bot: Bot, run: CampaignRun | None, contact: Contact, sessions: Mapping[str, Session], entry: InboxEntry,
    now: datetime,
) -> RecipientFate | None:  # fmt: skip
    """What becomes of a recipient without a message, asked in her turn; None: the campaign begins for her.

    `run` is how the campaign stands. While it is paused, held or no longer what was agreed to, she waits with the others.
    """
    data = jsons.loads(entry.body)
    if run is None or run.state == CANCELLED:
        return RecipientFate(data["recipient"], WITHDRAWN, reason=CANCELLED)
    campaign = agreed(bot, run)
    if campaign is None or run.state in (PAUSED, HELD):
        return RecipientFate(data["recipient"], WAITING, due=now)
    if is_late(campaign, datetime.fromisoformat(data["due"]), now):
        return RecipientFate(data["recipient"], LEFT_OUT, reason="late")
    if not is_meant(unit, bot, campaign, contact, now):
        return RecipientFate(data["recipient"], LEFT_OUT, reason="segment")
    if why := keeps_out(unit, bot, campaign, contact, now):
        return RecipientFate(data["recipient"], LEFT_OUT, reason=why)
    if not is_busy(contact, sessions.values()):
        return None
    if campaign.if_busy == "skip":
        return RecipientFate(data["recipient"], LEFT_OUT, reason="busy")
    if campaign.if_busy == "interrupt" and contact.owner == "bot":
        return None
    return RecipientFate(data["recipient"], WAITING, reason="busy", due=now + ASKED_AGAIN)


def kept_from(entry: InboxEntry, verdict: Defer | Refuse) -> RecipientFate:
    """What becomes of her whose question would be put aside for a message that she does not get, or gets later."""
    recipient, reason = jsons.loads(entry.body)["recipient"], verdict.refusal.code
    if isinstance(verdict, Defer):
        return RecipientFate(recipient, WAITING, reason=reason, due=verdict.until)
    return RecipientFate(recipient, LEFT_OUT, reason=reason)


def is_busy(contact: Contact, sessions: Collection[Session]) -> bool:
    """Whether she is in a conversation: people have her, a question is pending, or an answer of the outside is."""
    return contact.owner == "person" or any(one.foreground for one in sessions) or holds_until(sessions) is not None


def lost(entry: InboxEntry) -> RecipientFate:
    """What is kept of a recipient whose row failed by a fault of ours, again and again."""
    return RecipientFate(jsons.loads(entry.body)["recipient"], LEFT_OUT, reason="failed")


def begun(entry: InboxEntry, sessions: Sequence[Session]) -> RecipientFate:
    """What is kept of a recipient for whom the campaign began."""
    data = jsons.loads(entry.body)
    named = [one.id for one in sessions if one.campaign == data["slot"]]
    return RecipientFate(data["recipient"], BEGUN, session=named[0] if named else "")
