"""Campaigns as they are kept: how each stands, its slots, its recipients; and what a transaction can do with them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from trinario.campaign.fates import Fate
from trinario.campaign.report import Report
from trinario.model.contact import Contact
from trinario.policy.facts import Push

NEW, RUNNING, PAUSED, HELD, DONE, CANCELLED = "not started", "running", "paused", "held", "done", "cancelled"
"""States of a campaign. `held`: something outside stops it (a template, an account), and it goes on by itself when that is over."""

STOPPED = "campaign"
"""Why a message waits whose campaign is paused or held."""

WAITING, ON_THE_WAY, BEGUN, LEFT_OUT, WITHDRAWN = 0, 1, 2, 3, 4
"""States of a recipient."""


@dataclass(frozen=True, slots=True)
class CampaignRun:
    """How a campaign stands. Slots count from `since` on, and have been opened up to `reached`; `why` is what it is held for,
    or what the one who changed it said."""

    name: str
    state: str
    plan: str
    revision: str
    since: datetime
    reached: datetime
    started_by: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class CampaignSlot:
    """A time on the wall at which a campaign goes. `state` 0: its recipients are being written down, 1: they are, 2: passed
    over, 3: cancelled, 4: everybody has had her turn. Counts: recipients written, those left out when they were, and those who had their turn."""

    id: int
    campaign: str
    slot: str
    due: datetime
    cursor: int
    state: int
    recipients: int = 0
    left_out: int = 0
    released: int = 0


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """A slot that is not over: whether its recipients are still being written down, and whether one of them is due."""

    id: int
    campaign: str
    filling: bool
    due: bool


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """Somebody whom a slot is for; with `reason` she is left out."""

    contact: int
    due: datetime
    variant: str = ""
    reason: str = ""
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody as a plan looks at her: what is known of her, channels that cannot be used (and why), the marketing she got
    lately, and whether she is in a conversation. No lock is taken."""

    contact: Contact
    unreachable: Mapping[str, str]
    pushes: tuple[Push, ...] = ()
    busy: bool = False


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan that was made: `mark` stands for everything that it was made on, `recipients` are those who were to get it."""

    id: str
    campaign: str
    made_at: datetime
    mark: str
    recipients: int
    body: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A recipient whose time has come, locked. `again`: another row of this slot for the same person has had its turn."""

    id: int
    slot: int
    contact: int
    due: datetime
    variant: str
    tries: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class RecipientFate:
    """What a turn made of a recipient: begun in a session, left out, or waiting once more until `due`."""

    id: int
    state: int
    session: str = ""
    reason: str = ""
    due: datetime | None = None


class Allotment(NamedTuple):
    """How often somebody was let into a campaign with a budget, and with how many of them it stops."""

    let_in: int
    most: int

    @property
    def left(self) -> int:
        """How many more may be let in."""
        return max(0, self.most - self.let_in)


@dataclass(frozen=True, slots=True)
class Bill:
    """So many messages of a campaign alike: where, to identities of a `kind` that begin alike (`start`), with the `price` that
    the platform told ("" none yet), sent on `day` (UTC; None: not out yet). `template`: it is one."""

    channel: str
    kind: str
    start: str
    price: str
    day: date | None
    template: bool
    count: int


class CampaignUnit(Protocol):
    """What a transaction does with campaigns."""

    def runs(self, *states: str) -> Sequence[CampaignRun]:
        """Campaigns that were ever started, by name; with `states` those that stand so."""

    def run_of(self, name: str, lock: bool = False) -> CampaignRun | None:
        """How one stands; with `lock` nobody else changes it meanwhile."""

    def run_of_slot(self, slot: int) -> CampaignRun | None:
        """How the campaign of a slot stands; a slot that was cancelled stays so when the campaign is started again."""

    def make_run(self, name: str, now: datetime) -> None:
        """There is a row of it from now on, in the state `not started` if it is new: who locks it is alone with it."""

    def keep_run(self, run: CampaignRun) -> None:
        """Write how a campaign stands."""

    def open_slots(self, rows: Iterable[tuple[str, str, datetime, int]], now: datetime) -> int:
        """Slots that have come: (campaign, slot, due, state); those that are there stay. How many were new."""

    def claim_filling(self, names: Collection[str]) -> CampaignSlot | None:
        """The oldest slot of these campaigns whose recipients are being written down and that nobody else is at, locked."""

    def fill(self, slot: CampaignSlot, found: Sequence[NewRecipient], cursor: int, done: bool, now: datetime) -> int:
        """Write recipients of a slot, each once, and how far it has come. Gives how many were new."""

    def open_ones(self, names: Collection[str], now: datetime) -> Sequence[OpenSlot]:
        """The slots of these campaigns that are not over, oldest first."""

    def close_slots(self, but: str) -> int:
        """Slots of which nobody waits any more are over, those named `but` never; how many were closed."""

    def strays(self, before: datetime, now: datetime) -> int:
        """Recipients on their way since then, of whom nothing is in the inbox any more, are left out; how many were."""

    def to_withdraw(self) -> Sequence[str]:
        """Campaigns of which somebody still waits for a slot that was cancelled."""

    def put_aside(self, name: str, slot: str) -> None:
        """A slot that was cancelled gives its name up for a new one; who waited for it stays with it, and is withdrawn."""

    def slots_of(self, name: str) -> Sequence[CampaignSlot]:
        """The slots of a campaign, oldest first."""

    def slot(self, id: int) -> CampaignSlot | None:
        """A slot by its number."""

    def under_way(self, slots: Collection[int]) -> int:
        """How many recipients of these slots are on their way into a turn, and how many of their messages may go and are not
        out; at most some thousands are counted."""

    def claim_waiting(self, slots: Sequence[int], limit: int, now: datetime) -> list[Waiting]:
        """Recipients whose time has come, those due first in front, locked; at most so many."""

    def released(self, rows: Sequence[Waiting], now: datetime) -> None:
        """These are on their way into a turn, with the variants that they have now."""

    def fated(self, fates: Sequence[RecipientFate], now: datetime) -> None:
        """What became of recipients."""

    def allowance(self, name: str, pace: float, now: datetime) -> int:
        """How many of a campaign may begin now at this pace a second."""

    def take(self, name: str, pace: float, count: int, now: datetime) -> None:
        """So many have begun."""

    def standing_of(self, slots: Collection[int]) -> Mapping[int, str]:
        """The states of the campaigns of these slots; of a slot that was cancelled, that."""

    def allotment(self, name: str, lock: bool = False) -> Allotment:
        """How many were let in, and how many may be; with `lock` nobody else lets any in meanwhile."""

    def allot(self, name: str, most: int) -> None:
        """With so many let in it stops."""

    def count_in(self, name: str, count: int) -> None:
        """So many more were let in."""

    def on_the_way(self, name: str) -> int:
        """How many recipients of a campaign are on their way into a turn."""

    def bill(self, name: str) -> Sequence[Bill]:
        """The messages of a campaign that went, or are to go, counted by what they cost."""

    def refused(self, name: str, since: datetime) -> tuple[int, str]:
        """How many people's messages made since then we refused for their template's sake, and the words of one."""

    def unsaid(self, name: str, codes: Collection[str]) -> set[int]:
        """Contacts to whom everything that it said was refused for one of these reasons."""

    def again(self, name: str, codes: Collection[str], waiting: bool, now: datetime) -> Sequence[tuple[int, str, str]]:
        """Recipients who had their turn wait for it once more: everything that it said to them was refused for one of these
        reasons, or (with `waiting`) stands still with the campaign. Those messages are withdrawn: (contact, key, session)."""

    def let_go(self, name: str) -> int:
        """Messages of a campaign that wait because it was paused or held may go; how many."""

    def withdraw(self, name: str, limit: int, now: datetime) -> int:
        """Recipients who wait for a slot that was cancelled are withdrawn, at most so many; how many were."""

    def had_turn(self, name: str, contacts: Collection[int]) -> set[int]:
        """Who of these a slot of the campaign was for, and does not wait for her turn any more."""

    def addressees(self, people: Sequence[Contact], since: datetime, now: datetime) -> Sequence[Addressee]:
        """These contacts as a plan looks at them; `pushes` since then."""

    def keep_plan(self, plan: KeptPlan) -> None:
        """Keep a plan."""

    def plan_of(self, id: str) -> KeptPlan | None:
        """A plan by its id."""

    def counts(self, slots: Collection[int]) -> Mapping[tuple[int, int, str], int]:
        """How many recipients: (slot, state, reason) -> number."""

    def report(self, slots: Collection[int], goal: str, within: timedelta) -> Report:
        """What became of these slots; `goal` is the goal or event that counts, within that time of the message ("" none)."""

    def times(self, slots: Collection[int]) -> Counter[Fate]:
        """What became of every place of these slots: of an event's campaign, of each time that the event came."""

    def undone(self, slots: Collection[int]) -> bool:
        """Whether anybody of these slots still waits or is on her way."""

    def next_waiting(self, slots: Collection[int]) -> datetime | None:
        """When the next recipient of these slots is due."""
