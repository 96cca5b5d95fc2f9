"""The outside as the jobs see it; `runtime/build.py` alone knows who answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from trinario.model.channel import Identity, Limits, Window
from trinario.model.heard import Arrival
from trinario.model.message import Content
from trinario.model.outbox import NotSent, OutboxEntry, SendResult
from trinario.model.standing import NumberStanding
from trinario.ports.beside import Opening

Tongues = Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]]
"""Ice breakers and menu (what she reads, and what a tap brings) by a language with its country: `it_IT`."""


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """An aware moment in UTC."""


class Adapter(Protocol):
    """One channel of ours as its platform speaks it. Everything but `send`, `attend` and `set_up` is pure."""

    @property
    def channel(self) -> str:
        """The channel's name in bot.yaml."""

    @property
    def platform(self) -> str:
        """whatsapp, messenger, instagram ..."""

    @property
    def limits(self) -> Limits:
        """What one message may hold."""

    @property
    def window(self) -> Window:
        """How long free words may be sent."""

    @property
    def pace(self) -> float:
        """Messages a second that the account may send."""

    @property
    def correlated(self) -> bool:
        """Whether webhooks hand our outbox key back, so that a lost answer can be told by key."""

    def fit(self, content: Content) -> tuple[Content, ...]:
        """The same content inside the platform's limits: one item is one POST, in order."""

    def deep_link(self, ref: str, code: str, sentence: str) -> str | None:
        """An address that opens this channel and brings `ref` (hidden) or `code` (in the sentence); None: there is none."""

    async def send(self, entry: OutboxEntry) -> SendResult:
        """POST one fitted message. Never raises for anything the outside does."""

    async def attend(self, identity: Identity, message_id: str, typing: bool) -> None:
        """Show that she was read, and that an answer is being written; best effort, never raises."""

    async def set_up(
        self, default_ref: Mapping[str, str], menu: Mapping[str, str] | None = None, tongues: Tongues | None = None
    ) -> list[str]:
        """Set what ref links need (get_started, ice breakers), and the menu, through the Graph; gives what could not be set.

        Both map what she reads to the payload that a tap brings; `tongues` has both of them in other languages.
        """


@runtime_checkable
class Carrier(Protocol):
    """An adapter whose platform takes a file of ours with the message that shows it (`OutboxEntry.file`), and keeps it."""

    carries: bool

    @property
    def account(self) -> str:
        """Who owns them there."""

    @property
    def kept(self) -> float:
        """Seconds that they are kept."""


@runtime_checkable
class Uploader(Protocol):
    """An adapter whose platform keeps files of ours."""

    @property
    def account(self) -> str:
        """Who owns them there."""

    @property
    def kept(self) -> float:
        """Seconds that they are kept."""

    async def upload(self, name: str, data: bytes, kind: str) -> SendResult:
        """Hand a file in: Sent with the platform's id of it, else NotSent. Never raises for anything the outside does."""


@runtime_checkable
class Collector(Protocol):
    """An adapter whose platform fetches a file by its address and keeps it: above buttons it goes by its id alone."""

    @property
    def account(self) -> str:
        """Who owns them there."""

    async def fetch(self, url: str, kind: str, attempts: int = 0) -> SendResult:
        """Sent with the platform's id of it, else NotSent, after so many attempts. Never raises for anything the outside does."""


@runtime_checkable
class Greeter(Protocol):
    """An adapter whose platform shows words before the first message."""

    async def greet(self, texts: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
        """Set them, by locale (`default`, `it_IT` ...), where they differ; with none, take away those that were `ours` and stand
        there still. Gives what could not be done."""


@runtime_checkable
class Opener(Protocol):
    """An adapter whose platform offers sentences and commands in a new chat, which come back as her own words."""

    async def open_with(self, wanted: Opening, ours: Opening) -> list[str]:
        """Set what is wanted where it differs, and take away what was `ours` and nobody wants any more; gives what could
        not be done."""


@runtime_checkable
class Rated(Protocol):
    """An adapter whose platform rates its number, and limits how many it may write to first."""

    async def standing(self) -> NumberStanding | str:
        """How it stands now; in words why that is not told. Never raises for anything the outside does."""


@runtime_checkable
class Renewable(Protocol):
    """An adapter whose token lives for a while only, and is renewed by itself."""

    @property
    def renewable(self) -> bool:
        """Whether this account's is."""

    @property
    def token(self) -> str:
        """The one that it uses now."""

    def carry(self, token: str) -> None:
        """Use another from now on."""

    async def renew(self) -> tuple[str, float] | NotSent:
        """Ask for the next one, and for how many seconds it lives. Never raises for anything the outside does."""


@runtime_checkable
class Masked(Protocol):
    """An adapter whose platform shows messages with a name and a picture of their own."""

    @property
    def account(self) -> str:
        """Whose they are there."""

    async def put_on(self, name: str, picture: str) -> SendResult:
        """Make one: Sent with the platform's id of it, else NotSent. Never raises for anything the outside does."""


@runtime_checkable
class Profiled(Protocol):
    """An adapter whose platform tells who somebody is."""

    async def profile(self, identity: Identity) -> Mapping[str, Any] | NotSent:
        """What it tells, by the platform's own names; nothing where it keeps silent. Never raises for anything the outside
        does."""


class Inlet(Protocol):
    """The door of one family of webhooks."""

    def answer_challenge(self, query: Mapping[str, str]) -> str | None:
        """The challenge to give back to a verification with one of our verify tokens; None refuses."""

    def genuine(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        """Whether any secret of the bot signs these very bytes."""

    def decode(self, raw: bytes) -> Sequence[Arrival]:
        """Everything a body holds, in order, for accounts of ours or not; raises ValueError only if it is no JSON object."""


class Random(Protocol):
    """Chance that may not be guessed."""

    def token(self, context: str) -> bytes:
        """32 bytes that only we can derive for this context."""
