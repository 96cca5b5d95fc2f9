"""Records beside the conversation: calls, codes, notices, time tables, uploads, and how channels stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trinario.model.channel import Identity


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """A one-time code as it is kept: `hash` stands for it. `number` are the digits it goes to, `reached` whom it reached by
    the platform's answer; `under_way`: it is not out yet, or nobody knows."""

    name: str
    contact: int
    session: str
    channel: str
    number: str
    hash: str
    expires_at: datetime
    tries: int = 0
    used_at: datetime | None = None
    reached: Identity | None = None
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """How many one-time codes are sent: to one number in an hour and in a day, for one contact and in all in an hour."""

    number_hour: int
    number_day: int
    contact_hour: int
    all_hour: int


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept of a flow's revision: its YAML, and its PO files by language."""

    name: str
    revision: str
    source: str
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Words for one address (mailto:, https:) of the business. `whom` is what was written: a team, or the address.

    `data` is JSON, told to a webhook beside the words; with `failed` it is kept and never sent.
    """

    key: str
    contact: int
    whom: str
    address: str
    text: str
    data: str = "{}"
    failed: str = ""
    id: int = 0
    attempts: int = 0
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot of a time table that is under way: `slot` is a time on the wall, `since` when the table began to count,
    `cursor` the last contact it was brought to."""

    name: str
    slot: str
    due: datetime
    since: datetime
    cursor: int


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How far something that is done once has come: `reached` is a contact's id, or a moment in milliseconds."""

    name: str
    reached: int
    since: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class CallOrder:
    """A call to the outside that a turn wants made; `timeout` is in seconds."""

    key: str
    contact: int
    session: str
    cause: str
    kind: str
    request: Mapping[str, Any]
    timeout: float
    retries: int
    again: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class CallEntry:
    """A call that is to be made now: `request` as JSON, `attempts` before this one, `lane`: whom it is to."""

    id: int
    key: str
    contact: int
    session: str
    kind: str
    request: str
    timeout: float
    retries: int
    again: bool
    attempts: int = 0
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a channel sends nothing, or not all: the code and the words of the platform ("" none), since when; until when all
    of it rests, until when marketing waits; `share` is the percent of its pace that it sends at."""

    channel: str
    code: str = ""
    reason: str = ""
    since: datetime | None = None
    rests_until: datetime | None = None
    bulk_until: datetime | None = None
    share: int = 100


@dataclass(frozen=True, slots=True)
class TemplateState:
    """What the platform last said of a template in a language; it holds `until` then (None: until it says otherwise).
    `category` is what the platform has made it, "" while that is what we declared; `becomes` what it will be made, and from
    when on. `quality` is what people make of it: green, yellow, red, "" while nobody knows."""

    channel: str
    name: str
    language: str
    status: str
    reason: str = ""
    until: datetime | None = None
    at: datetime | None = None
    category: str = ""
    becomes: str = ""
    becomes_at: datetime | None = None
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new chat offers to send: `prompts` are sentences, `commands` words that begin with a stroke, with what they do;
    and the words before the first message, by locale."""

    prompts: tuple[str, ...] = ()
    commands: Mapping[str, str] = field(default_factory=dict)
    greeting: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountToken:
    """A token of a channel as it is kept: sealed. `origin` is the digest of that in bot.yaml which it was made out of."""

    channel: str
    sealed: str
    origin: str
    renewed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file of media/ that an account of ours holds under a platform's id, until it expires there."""

    account: str
    digest: str
    kind: str
    external_id: str
    expires_at: datetime
