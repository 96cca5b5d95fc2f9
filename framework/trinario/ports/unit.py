"""The database as the jobs see it: a Store gives Units, one transaction each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.failure import Failure
from trinario.model.heard import Receipt
from trinario.model.session import Session
from trinario.policy.facts import Push
from trinario.policy.why import Sending
from trinario.ports.accounts import AccountUnit
from trinario.ports.beside import (
    Notice,
)
from trinario.ports.campaigns import CampaignUnit
from trinario.ports.clicks import ClickUnit
from trinario.ports.costs import CostUnit
from trinario.ports.draws import DrawUnit
from trinario.ports.drips import DripUnit
from trinario.ports.families import CallUnit, CodeUnit, MediaUnit, ScheduleUnit, TemplateUnit, VersionUnit
from trinario.ports.hooks import HookUnit
from trinario.ports.imports import ImportUnit
from trinario.ports.merges import MergeUnit
from trinario.ports.passages import PassageUnit
from trinario.ports.privacy import PrivacyUnit
from trinario.ports.records import (
    Case,
    Cases,
    Claimed,
    CopyRow,
    InboxEntry,
    Inward,
    Landed,
    Lane,
    OpenPlan,
    Recipient,
    Settled,
    Token,
    Writes,
)
from trinario.ports.retention import RetentionUnit
from trinario.ports.segments import SegmentUnit
from trinario.ports.strays import StrayUnit
from trinario.ports.tickets import Tickets

T = TypeVar("T")


class Unit(Protocol):
    """One transaction. Every method is set-based; none awaits."""

    def take_in(self, items: Sequence[Inward], now: datetime) -> int:
        """Keep what came in, finding or making contacts, in order; gives how many were new."""

    def apply_receipts(self, receipts: Sequence[Receipt], now: datetime) -> Sequence[tuple[int, str, str, Failure]]:
        """Move outbox rows up. Gives (contact, key, session, failure) of rows that failed by it and are awaited."""

    def awaited(self, keys: Sequence[str]) -> list[tuple[int, str, str]]:
        """Rows not known to be accepted that a session waits for, by outbox key: (contact, key, session)."""

    def claim_cases(self, limit: int, now: datetime, pressed: bool = False, lane: Lane = Lane.BOTH) -> Cases:
        """Lock contacts with pending inbox rows, oldest first, and load what a turn needs; others' locks are skipped."""

    def claim_due(self, limit: int, now: datetime) -> list[Case]:
        """Lock contacts with a session whose clock rang and no inbox row pending."""

    def put_off(self, now: datetime) -> int:
        """Put the clocks off of due sessions whose contacts people have, some hundreds at once; gives how many."""

    def claim_timers(self, limit: int, now: datetime) -> list[tuple[str, int, str, str]]:
        """Take due timers away: (key, contact, kind, data)."""

    def lock_cases(self, contacts: Sequence[int], entries: Sequence[int], now: datetime) -> list[Case] | None:
        """Lock these contacts in id order without waiting and load them (with these inbox rows); None: one is taken."""

    def write(self, writes: Writes, now: datetime) -> None:
        """Write a batch of turns."""

    def find_tokens(self, hashes: Sequence[str]) -> Mapping[str, Token]:
        """Link tokens by hash."""

    def use_token(self, hash: str, contact: int, now: datetime) -> bool:
        """Consume a token and its siblings of the same offer; False: somebody else was first."""

    def void_tokens(self, contact: int, now: datetime) -> set[str]:
        """Links of a contact that nobody has followed yet open nothing any more; gives their offers."""

    def count_guesses(self, sender: int, since: datetime) -> tuple[int, int]:
        """Wrong codes since then: (of this sender, in all)."""

    def add_identity(self, contact: int, identity: Identity, now: datetime) -> bool:
        """An identity that nobody has becomes the contact's; False: somebody has it."""

    def is_stranger(self, contact: int, but: Sequence[int]) -> bool:
        """Whether nothing was ever heard of a contact but these inbox rows, and nothing is known of her."""

    def holders(self, identities: Sequence[Identity]) -> list[int]:
        """The contacts that have any of these ids."""

    def rekey(self, contact: int, former: Sequence[Identity], present: Sequence[Identity]) -> None:
        """`former` are the contact's ids no more, `present` are, whoever had them; what waits to be sent goes there."""

    def own_messages(self, channel: str, external_ids: Sequence[str]) -> set[str]:
        """Which of these platform message ids are messages of ours."""

    def claim_outbox(self, channel: str, limit: int, pace: float, run: int, now: datetime) -> list[Claimed]:
        """Mark rows `sending` for this run: due, in order of priority, one a contact, inside the channel's pace."""

    def settle(self, results: Sequence[Settled], now: datetime, run: int | None = None) -> None:
        """As `run`, the process that claimed them (None: rows that nobody sends). Record what became of rows; receipts that came before are applied."""

    def sent_lately(self, channel: str, value: str, since: datetime, limit: int) -> list[datetime]:
        """When messages went to an identity since then, oldest first, the newest `limit` of them."""

    def meant_for(self, rows: Sequence[int]) -> Mapping[int, datetime]:
        """When outbox rows were to go: at the time of a campaign's recipient, else as soon as they were made. Those of whose
        turn something has gone already are left out: the rest of it follows."""

    def open_plans(self, contacts: Sequence[int]) -> Sequence[OpenPlan]:
        """The running delivery plans of these contacts."""

    def copies(self, keys: Sequence[str]) -> Mapping[str, CopyRow]:
        """What became of outbox rows, by key; those that are not there are left out."""

    def take_back(self, keys: Sequence[str], refusal: str) -> int:
        """Outbox rows that nobody sends yet are withdrawn, for this reason; gives how many."""

    def content_of(self, channel: str, external_id: str) -> str:
        """The content of a message of ours as JSON, by the platform's id; "" when there is none."""

    def plan_news(self, receipts: Sequence[Receipt]) -> list[tuple[str, str]]:
        """Rows of copies that are followed, of which these receipts tell something new: (key, status)."""

    def take_plans(self, keys: Sequence[str]) -> list[OpenPlan]:
        """Delivery plans by their timers' keys; the clock does not come back to them."""

    def copied(self, contact: int, session: str, prompt: str) -> Session | None:
        """A session of hers, if other channels had copies of that question of it."""

    def session_status(self, session: str) -> str:
        """The status of a session, ended ones too; "": there is none."""

    def landed(self, receipt: Receipt) -> Landed | None:
        """The row that a receipt of a failure is about; None: there is none, or it was told already."""

    def put_back(
        self, id: int, external_id: str, refusal: str, detail: str, not_before: datetime, attempts: int
    ) -> None:
        """A row whose message failed after it was taken is pending again."""

    def mark_unreachable(self, channel: str, value: str, reason: str | None, until: datetime | None = None) -> None:
        """Set or clear why an identity cannot be reached; `until` then (None: until she writes)."""

    def pushes(self, contact: int, since: datetime) -> list[Push]:
        """Marketing that she has not asked for and that went since then, is to go, or was not taken."""

    def recipients(self, contacts: Sequence[int], since: datetime, now: datetime) -> Mapping[int, Recipient]:
        """These contacts, locked without waiting; those that somebody else has are left out."""

    def orphan(self, run: int, until: datetime) -> int:
        """Rows `sending` for runs that are dead become unknown until then; gives how many."""

    def unclaim(self, run: int, in_hand: Collection[int]) -> set[int]:
        """Rows `sending` for this run, all but those in hand, are pending again; gives those in hand that are not settled."""

    def search_anew(self, until: datetime, since: datetime) -> int:
        """Look for unknown rows made after `since` until then at least; gives how many."""

    def abandon(self, channels: Sequence[str]) -> list[tuple[int, str, str | None]]:
        """Fail what waits for channels that are not among these: (contact, key, session that awaits it or None)."""

    def prune(self, before: datetime) -> int:
        """Apply fates that came between a send and its record. Forget receipts that nobody asked for and wrong codes, older
        than this; gives how many."""

    def overdue_unknown(self, limit: int, now: datetime) -> list[tuple[int, str, str, int, str | None, int, str]]:
        """Unknown rows whose time is up: (id, key, purpose, attempts, session that awaits it or None, contact, channel)."""

    def open_rows(self, contact: int, channel: str) -> list[tuple[int, int, str, str, str | None]]:
        """Rows of a contact on a channel whose fate is open, those to be sent once more too: (id, status, key, content,
        session that awaits it or None)."""

    def team_of(self, contact: int) -> str | None:
        """The team that a contact was given to last and that still has her; None when no team has."""

    def unsent(self, contact: int) -> list[Session]:
        """Sessions of hers that are over and have said something that nobody sends yet."""

    def sent_again(self, channel: str, value: str) -> list[str]:
        """Contents of the latest messages to this identity that were accepted after more than one try."""

    def refusal_of(self, key: str) -> tuple[str, str] | None:
        """Why an outbox row does not go, in a word and in words (both "" if it does); None: there is no such row."""

    def hold_back(self, contact: int, why: str) -> list[tuple[str, str, bool]]:
        """The bot's answers to her that nobody sends yet do not go (transactional messages and marketing that she has not
        asked for stay): (key, session, awaited) of each."""

    def message_named(self, contact: int, channel: str, name: str) -> Mapping[str, str]:
        """What is known of a message by the platform's id: `text`, and of ours `flow`, `step`, `session`; {}: nothing."""

    def last_message(self, contact: int, channel: str) -> str:
        """The platform's id of the last message that she wrote on a channel; "" when there is none."""

    def caused(self, receipts: Sequence[Receipt]) -> Sequence[tuple[Receipt, int, str, str, str, int]]:
        """Rows to which receipts bring something new: (receipt, contact, key, channel, cause, hops of the session
        that said it)."""

    @property
    def merges(self) -> MergeUnit:
        """Who became one and was parted again."""

    @property
    def privacy(self) -> PrivacyUnit:
        """What is known of somebody, taken out or forgotten."""

    @property
    def accounts(self) -> AccountUnit:
        """How the accounts of channels stand."""

    @property
    def media(self) -> MediaUnit:
        """Files that people sent: what a transaction does with them."""

    @property
    def calls(self) -> CallUnit:
        """Calls of the outside: what a transaction does with them."""

    @property
    def codes(self) -> CodeUnit:
        """One-time codes: what a transaction does with them."""

    @property
    def versions(self) -> VersionUnit:
        """Revisions and deployments: what a transaction does with them."""

    @property
    def templates(self) -> TemplateUnit:
        """Templates as the platform has them: what a transaction does with them."""

    @property
    def schedules(self) -> ScheduleUnit:
        """Time tables of flows: what a transaction does with them."""

    @property
    def retention(self) -> RetentionUnit:
        """What a transaction forgets."""

    @property
    def strays(self) -> StrayUnit:
        """What came in and was not understood, or was given up."""

    @property
    def costs(self) -> CostUnit:
        """What a transaction asks of costs."""

    @property
    def passages(self) -> PassageUnit:
        """What a transaction asks of the ways that people took."""

    @property
    def segments(self) -> SegmentUnit:
        """What a transaction does with segments."""

    @property
    def campaigns(self) -> CampaignUnit:
        """What a transaction does with campaigns."""

    @property
    def clicks(self) -> ClickUnit:
        """What a transaction does with short links."""

    @property
    def draws(self) -> DrawUnit:
        """What a transaction does with draws."""

    @property
    def imports(self) -> ImportUnit:
        """What a transaction does for an import."""

    @property
    def hooks(self) -> HookUnit:
        """What a transaction does with webhooks that go out."""

    @property
    def drips(self) -> DripUnit:
        """What a transaction does with people in sequences."""

    @property
    def tickets(self) -> Tickets:
        """What a transaction does with tickets."""

    def latest_sessions(self, flow: str | None, limit: int) -> list[Session]:
        """The sessions that moved last, ended ones too; those in `flow` only, if one is named."""

    def worked_off(self, contact: int, limit: int) -> list[InboxEntry]:
        """Rows of a contact that had their turn, the dead ones left out, oldest first."""

    def foreign(self, contact: int) -> str:
        """Why a contact's inbox alone does not tell what happened to her; "" when it does."""

    def contact_ids(self, where: Mapping[str, Any]) -> list[int]:
        """Contacts by `id`, by `identity` (channel, value) or by `field` (name, value)."""

    def contacts(self, ids: Sequence[int], now: datetime) -> list[Contact]:
        """Contacts with their identities."""

    def sending(self, message: str) -> Sending | None:
        """What is kept of a message of ours, by its outbox key or the number of its line in the thread; None: no such one."""

    def thread(self, contact: int, before: int, limit: int, after: int | None = None) -> list[dict[str, Any]]:
        """Messages of a contact, newest first, with id, direction, author, channel, at (ms), kind, text, status (rank or
        None), refusal, detail, key (of its outbox row, or None), media (MediaKept)."""

    def people_waiting(
        self, offset: int, limit: int, contact: int | None = None
    ) -> list[tuple[int, datetime | None, int]]:
        """The contacts whom people have (or the one, if they have her), who waits longest first: (contact, since when she
        waits or None, messages that nobody has answered or looked at)."""

    def look(self, contact: int, message: int) -> None:
        """The team has read a contact's thread up to this message (its id in `thread`)."""

    def sessions(self, contact: int, limit: int) -> list[Session]:
        """Sessions of a contact, newest first."""

    def events(self, contact: int, limit: int) -> list[dict[str, Any]]:
        """What happened to a contact, newest first: id, name, at (ms), data."""

    def claim_notices(self, limit: int, until: datetime, now: datetime) -> list[Notice]:
        """Notices that are due, counted as tried; whoever dies with one in hand leaves it to be tried again `until`."""

    def settle_notices(self, results: Sequence[tuple[int, str]], now: datetime) -> None:
        """(id, why it failed for good, "" if it was accepted)."""

    def postpone_notices(self, results: Sequence[tuple[int, datetime, str]], now: datetime) -> None:
        """(id, not before, what was wrong)."""

    def new_contact(self, now: datetime) -> int:
        """Somebody of whom nothing is known; gives the id."""

    def unreachable(self, contact: int, now: datetime) -> Mapping[Identity, str]:
        """The identities of a contact that cannot be reached now, and why."""

    def team_edited(self, contact: int, channel: str, message: str) -> bool:
        """A message of ours (the platform's id) was written anew. False: there is none of that id yet."""

    def team_deleted(self, contact: int, channel: str, message: str, now: datetime) -> bool:
        """A message of ours was taken back: its words and files, and those of its edits, are forgotten. False: as above."""

    def ledger(self, contact: int, limit: int) -> list[dict[str, Any]]:
        """A contact's ledger of permissions, newest first: id, purpose, channel ("": all), state, evidence, wording,
        version, said, session, origin, at (ms), expires_at (ms or None)."""

    def counts(self) -> dict[str, int]:
        """What waits: inbox_pending, outbox_pending, outbox_sending, outbox_unknown, tickets_open."""


class Store(Protocol):
    """The database. `run` commits when the work returns and rolls back when it raises."""

    async def run(
        self, work: Callable[[Unit], T], *, first: bool = False, hastened: Callable[[], bool] = lambda: False
    ) -> T:
        """Run `work` in one transaction of its own or, on SQLite, in a savepoint of a group commit. `first`: somebody waits
        for it who wrote to us; where there is one writer, it overtakes what is not. `hastened` says whether somebody has
        begun to since it was asked for; it is asked in the writer's thread."""

    @property
    def parallel(self) -> bool:
        """Whether works run side by side; False: one writer takes them one after the other."""

    def waiting(self) -> int:
        """How many works that are to be first wait for the writer or are with it: others should leave it to them."""

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Run work that only reads."""
