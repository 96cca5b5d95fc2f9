"""A talk as it was written: who talks, what is done, what has to come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from trinario.model.duration import Duration
from trinario.testing.stubs import Reply


@dataclass(frozen=True, slots=True)
class Expected:
    """One message of the bot as the author lists it; None: that part may be anything. `matches` is a regex of RE2."""

    text: str | None = None
    contains: tuple[str, ...] = ()
    matches: str | None = None
    choices: tuple[str, ...] | None = None
    links: tuple[str, ...] | None = None
    media: tuple[str, str] | None = None
    channel: str | None = None
    cards: tuple[str, ...] | None = None
    location: str | None = None
    contact: str | None = None
    template: str | None = None
    public: tuple[str, ...] | None = None
    reaction: str | None = None


@dataclass(frozen=True, slots=True)
class Writes:
    """She writes."""

    line: int
    text: str
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Taps:
    """She taps on a choice by its title; `back` messages that show it too are passed over."""

    line: int
    title: str
    back: int = 0


@dataclass(frozen=True, slots=True)
class Follows:
    """She follows a link: the last one, or the last one to that channel.

    `text`, with `{code}` in it, is what she writes in place of the words that WhatsApp fills in.
    """

    line: int
    target: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Opens:
    """She opens a chat by a link with a ref, or with the button of a new thread (`ref` "")."""

    line: int
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Sends:
    """She sends a file."""

    line: int
    kind: str
    url: str
    caption: str


@dataclass(frozen=True, slots=True)
class Types:
    """She types the one-time code that her WhatsApp phone shows; `right` false: another one."""

    line: int
    right: bool = True


@dataclass(frozen=True, slots=True)
class Says:
    """What the bot says since the last thing done; nothing when there are no messages. `to` names who hears it."""

    line: int
    messages: tuple[Expected, ...]
    to: str = ""


@dataclass(frozen=True, slots=True)
class Passes:
    """Time passes: for a while, or until a moment (which is in the talk's own zone when it names none)."""

    line: int
    span: Duration | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happens:
    """Something happens outside."""

    line: int
    name: str
    data: Mapping[str, Any]
    id: str


@dataclass(frozen=True, slots=True)
class Told:
    """The platform tells the fate of our last message."""

    line: int
    status: str
    code: int


@dataclass(frozen=True, slots=True)
class TeamWrites:
    """A person of the team writes to her."""

    line: int
    text: str
    via: Literal["app", "desk"]


@dataclass(frozen=True, slots=True)
class Decides:
    """Somebody of the team decides at the desk: `close` or `take` her newest ticket, or who has her: `bot`, `person`."""

    line: int
    what: Literal["close", "take", "bot", "person"]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Another person does the next step."""

    line: int
    name: str
    channel: str | None


@dataclass(frozen=True, slots=True)
class Again:
    """The last webhook comes once more."""

    line: int


@dataclass(frozen=True, slots=True)
class Starts:
    """Somebody begins a flow for her."""

    line: int
    flow: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turns:
    """She takes up another phone."""

    line: int
    channel: str


@dataclass(frozen=True, slots=True)
class Stands:
    """How things stand: what is looked at, with what it has to be."""

    line: int
    wanted: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What she does beside writing. `what` is the trigger that it pulls: comment, story_reply, ad, menu ...

    `text` are her words, the title that she taps, or the form's name; `data` what else there is to it.
    """

    line: int
    what: str
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answers:
    """Services answer from now on: the replies to each request, in order."""

    line: int
    replies: Mapping[str, tuple[Reply, ...]]


@dataclass(frozen=True, slots=True)
class Thinks:
    """The language model says this from now on, one after another."""

    line: int
    replies: tuple[Reply, ...]


Act = (
    Writes | Taps | Follows | Opens | Sends | Says | Passes | Happens | Told | TeamWrites | Decides | Stranger | Again | Starts
    | Turns | Stands | Elsewhere | Answers | Thinks | Types
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What the bot knows of her before the talk begins."""

    first_name: str | None = None
    last_name: str | None = None
    language: str | None = None
    timezone: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """One played conversation. `bot` is "" for the project's only one; `contact` None: the bot does not know her."""

    file: str
    name: str
    bot: str
    contact: Known | None
    at: datetime
    channel: str
    acts: tuple[Act, ...]
