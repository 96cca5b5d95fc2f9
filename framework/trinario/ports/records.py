"""The records of a turn: what came in, whose case it is, what is written, what is on its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from trinario.model.channel import Identity
from trinario.model.consent import RecordConsent
from trinario.model.contact import Contact
from trinario.model.effect import ChangeEnrolment, TakeTicket
from trinario.model.outbox import OutboxEntry
from trinario.model.session import Session
from trinario.policy.facts import Push
from trinario.ports.beside import CallOrder, Notice
from trinario.ports.campaigns import RecipientFate
from trinario.ports.clicks import ShortLink
from trinario.ports.drips import Onward
from trinario.ports.media import MediaEntry
from trinario.ports.merges import Known
from trinario.ports.passages import Passage


@dataclass(frozen=True, slots=True)
class Inward:
    """Something to be kept in the inbox. `identities` name the contact (found or made), unless `contact` is given.

    `kind`: heard, echo, event, fate, owner, switched, flow ...; `body` is JSON; `raw` the piece of the webhook. `bulk`: it
    is one of very many, and everything that is not overtakes it.
    """

    channel: str
    external_id: str
    kind: str
    body: str
    raw: bytes | None = None
    identities: tuple[Identity, ...] = ()
    contact: int | None = None
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A row of the inbox whose turn it is."""

    id: int
    contact: int
    channel: str
    kind: str
    external_id: str
    body: str
    tries: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A locked contact with her live sessions, and what is to be done for her.

    `unreachable`: channel -> why; `due`: ids of sessions whose clock rang; `bulk`: one of very many that nobody waits for.
    """

    contact: Contact
    sessions: tuple[Session, ...]
    entries: tuple[InboxEntry, ...] = ()
    due: tuple[str, ...] = ()
    unreachable: Mapping[str, str] = field(default_factory=dict)
    bulk: bool = False


class Lane(Enum):
    """Whose rows a batch of the inbox takes: people's with a little of bulk beside them, those of people alone, or bulk alone."""

    BOTH = "both"
    PEOPLE = "people"
    BULK = "bulk"


class Cases(list[Case]):
    """What could be locked, in order; `passed`: how many have something pending and were somebody else's just now."""

    passed = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the contact's thread. `direction` in|out, `author` contact|bot|person, `kind` text, media, choices ...; `signed` is the
    name of the person of the team."""

    contact: int
    direction: str
    author: str
    channel: str
    at: datetime
    kind: str
    text: str
    external_id: str = ""
    outbox_key: str = ""
    signed: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row to be written to the outbox; with `refusal` it is written as refused and never sent.

    `campaign` is the slot of a campaign that says it, 0 for none.
    With `not_before` it waits until then, and `refusal` says what for. `why` is the walk of policy as JSON, "" where there
    is nothing to tell.
    `typing`: milliseconds of a typing indicator before it; `prior`: the platform's id of the message she just wrote.
    """

    key: str
    contact: int
    channel: str
    identity: Identity | None
    content: str
    purpose: str
    priority: int = 0
    refusal: str = ""
    detail: str = ""
    session: str = ""
    cause: str = ""
    awaited: bool = False
    human: bool = False
    reply_to: str = ""
    typing: int = 0
    prior: str = ""
    not_before: datetime | None = None
    why: str = ""
    campaign: int = 0


@dataclass(frozen=True, slots=True)
class Token:
    """A link token as it is kept: `hash` stands for it. `confirm` None is auto. `origin` is the channel it was shown on."""

    hash: str
    offer: str
    contact: int
    session: str
    step: str
    target: str
    origin: str
    confirm: bool | None
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(slots=True)
class Writes:
    """All that a batch of turns wants written, in one commit."""

    contacts: dict[int, Contact] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    finished: list[tuple[int, int, str | None]] = field(default_factory=list)
    """(status, inbox id, error)"""
    postponed: list[tuple[datetime, int, int]] = field(default_factory=list)
    """(not before, tries, inbox id)"""
    inward: list[Inward] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    """session ids"""
    timers: list[tuple[str, int, str, datetime | None, str]] = field(default_factory=list)
    """(key, contact, kind, due or None: off, data as JSON); of each key the last counts"""
    events: list[tuple[int | None, str, datetime, str]] = field(default_factory=list)
    """(contact, name, at, data as JSON)"""
    tickets: list[tuple[int, str, str, str, str, datetime]] = field(default_factory=list)
    """(contact, session, team, note, priority, opened)"""
    answered: list[tuple[int, datetime]] = field(default_factory=list)
    """(contact, when a person of the team wrote to her)"""
    tokens: list[Token] = field(default_factory=list)
    calls: list[CallOrder] = field(default_factory=list)
    let_in: list[int] = field(default_factory=list)
    """contacts whose messages waited for a call"""
    overtaken: list[tuple[int, int]] = field(default_factory=list)
    """(contact, inbox id of a stop word that was heard before the messages in front of it)"""
    scrubbed: list[tuple[int, str]] = field(default_factory=list)
    """(inbox id, the body without what must not be kept); what the webhook said goes as well"""
    enriched: list[tuple[int, str]] = field(default_factory=list)
    """(inbox id, the body with what was known when it had its turn)"""
    guesses: list[tuple[int, datetime]] = field(default_factory=list)
    """(sender's contact, at)"""
    consents: list[tuple[int, RecordConsent, datetime]] = field(default_factory=list)
    enrolments: list[tuple[int, ChangeEnrolment, datetime]] = field(default_factory=list)
    draws: list[tuple[int, TakeTicket, datetime]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    known: dict[int, Sequence[Known]] = field(default_factory=dict)
    """what contacts are known by from now on; only where it may have changed"""
    media: list[MediaEntry] = field(default_factory=list)
    """files of hers that are to be fetched"""
    links: list[ShortLink] = field(default_factory=list)
    """short links in what is said"""
    passages: list[Passage] = field(default_factory=list)
    """steps that sessions came to, and how they left them"""
    drips: list[Onward] = field(default_factory=list)
    """how far people are in sequences"""
    recipients: list[RecipientFate] = field(default_factory=list)
    """what became of those whom campaigns are for"""
    edited: list[tuple[int, str, str]] = field(default_factory=list)
    """(contact, channel, platform's id of a message that she wrote anew)"""
    taken_back: list[tuple[int, str, str]] = field(default_factory=list)
    """(contact, channel, platform's id of a message that she deleted): our copies of its files go"""

    def merge(self, later: "Writes") -> None:
        """Add what was decided after this; what is withdrawn by it was not yet out."""
        self.contacts |= later.contacts
        self.sessions |= later.sessions
        self.known |= later.known
        if later.withdrawn:
            gone = set(later.withdrawn)
            self.outgoing[:] = [row for row in self.outgoing if not row.session or row.session not in gone]
            self.calls[:] = [call for call in self.calls if call.session not in gone]
        for name in _LISTS:
            if more := getattr(later, name):
                getattr(self, name).extend(more)


_LISTS = (
    "finished", "postponed", "inward", "said", "outgoing", "withdrawn", "timers", "events", "tickets", "answered", "tokens", "guesses", "calls", "let_in", "overtaken", "scrubbed",
    "consents", "enrolments", "draws", "notices", "enriched", "media", "edited", "taken_back", "recipients", "drips", "links",
    "passages",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """An outbox row that is `sending` and ours: what to POST, and when she was last heard on that channel.

    `wanted` False: it is marketing, and by now she does not want any on that channel. `pushed`: it is marketing or of a
    campaign, and she has not asked for it; it is of the step `cause`. `campaign` is the slot of the campaign that says it of
    itself, 0 for none: what is said to her in the conversation that follows is an answer. `taken`: it is
    an answer of the bot, and a person of the team took the conversation over while it waited.
    """

    entry: OutboxEntry
    last_heard: datetime | None
    session: str
    awaited: bool
    wanted: bool = True
    probe: bool = False
    pushed: bool = False
    cause: str = ""
    campaign: int = 0
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """A locked contact as policy is asked for her once more: whom marketing is about to go to.

    `pushes` are those that have gone or are going (outbox id, push).
    """

    contact: Contact
    unreachable: Mapping[str, str]
    pushes: tuple[tuple[int, Push], ...]


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A running delivery plan: `data` is what jobs/plans.py keeps."""

    contact: int
    key: str
    data: str
    due: datetime


@dataclass(frozen=True, slots=True)
class CopyRow:
    """What became of one row of a copy: `status` is a word of model/outbox.py."""

    key: str
    channel: str
    status: str
    refusal: str = ""
    not_before: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """A row that the platform took, as far as we know, and that a failure is told of for the first time."""

    id: int
    contact: int
    key: str
    channel: str
    purpose: str
    content: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a row: `status` is a rank of model/outbox.py (0 again, 2 unknown, 3 accepted, 7 failed, 8 refused)."""

    id: int
    status: int
    external_id: str | None = None
    refusal: str | None = None
    detail: str | None = None
    not_before: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallSettled:
    """What became of a call: `status` 0 again, 2 answered, 3 failed. `told` is what its session hears."""

    id: int
    status: int
    attempts: int
    reason: str = ""
    told: Inward | None = None
    not_before: datetime | None = None
    status_code: int | None = None
