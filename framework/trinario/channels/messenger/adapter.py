"""The Messenger adapter: one Page of ours over the Send API (ports.Adapter)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trinario.channels.graph import person
from trinario.channels.graph.cdn import hosts_of, located
from trinario.channels.graph.client import GraphClient
from trinario.channels.graph.page import LARGEST_FILE, UPLOADS_KEPT, PageLine, link
from trinario.channels.http.transport import Transport
from trinario.channels.messenger.encode import metadata
from trinario.channels.messenger.limits import LIMITS, PACE, WINDOW
from trinario.model.channel import Identity, Limits, Window
from trinario.model.failure import Failure
from trinario.model.message import Content
from trinario.model.outbox import NotSent, OutboxEntry, SendResult
from trinario.ports import Located, Tongues


@dataclass(frozen=True, slots=True)
class PageAccount:
    """One Page as bot.yaml names it; `page_name` is what stands in its m.me address."""

    channel: str
    page_id: str
    access_token: str = field(repr=False)
    page_name: str = ""
    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    graph_url: str = "https://graph.facebook.com"
    version: str = "v25.0"
    pace: float = PACE


class Messenger:
    """Speaks for one `PageAccount`."""

    platform = "messenger"
    limits: Limits = LIMITS
    window: Window = WINDOW
    correlated = True
    kept = UPLOADS_KEPT
    largest = LARGEST_FILE

    def __init__(self, account: PageAccount, transport: Transport) -> None:
        self.channel = account.channel
        self.account = account.page_id
        self.pace = account.pace
        self._name = account.page_name or account.page_id
        client = GraphClient(transport, account.graph_url, account.version, account.access_token, account.app_secret)
        self.media_hosts = hosts_of(account.graph_url)
        self._line = PageLine(client, account.page_id, account.access_token, LIMITS, "comments")

    def fit(self, content: Content) -> tuple[Content, ...]:
        """The content in parts that one POST can carry."""
        return self._line.fit(content)

    def deep_link(self, ref: str, code: str, sentence: str) -> str | None:
        """An m.me address that brings `ref`, hidden."""
        return link("m.me", self._name, ref)

    async def send(self, entry: OutboxEntry) -> SendResult:
        """POST one fitted message. Never raises for anything the outside does."""
        return await self._line.send(entry, metadata(entry))

    async def upload(self, name: str, data: bytes, kind: str) -> SendResult:
        """Hand a file in; the id of what was Sent is good for `kept` seconds."""
        return await self._line.upload(name, data, kind, {})

    async def fetch(self, url: str, kind: str, attempts: int = 0) -> SendResult:
        """Have Messenger fetch a file that goes above buttons; the id of what was Sent is good for `kept` seconds."""
        return await self._line.fetch(url, kind, attempts)

    async def locate(self, source: str, url: str) -> Located | Failure:
        """A file that she sent: the webhook's address needs no token, and expires."""
        return located(url)

    async def greet(self, texts: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
        """Set the words before the first message, by locale; without any take away those that were ours."""
        return await self._line.greet(texts, ours)

    async def put_on(self, name: str, picture: str) -> SendResult:
        """Make a persona; the id of what was Sent stands for it in messages."""
        return await self._line.put_on(name, picture)

    async def profile(self, identity: Identity) -> Mapping[str, Any] | NotSent:
        """What the platform tells of somebody who wrote."""
        return await self._line.profile(identity.value, person.MESSENGER)

    async def attend(self, identity: Identity, message_id: str, typing: bool) -> None:
        """Show that she was read, and that an answer is being written."""
        await self._line.attend(identity, typing)

    async def set_up(
        self, default_ref: Mapping[str, str], menu: Mapping[str, str] | None = None, tongues: Tongues | None = None
    ) -> list[str]:
        """Set Get Started, without which links lose their ref in new threads, and the ice breakers if there are any.

        `default_ref`: the words of each ice breaker and the payload that a tap on it brings; `menu`: the same of each item of
        the menu that always stands there; `tongues`: both in other languages.
        """
        return await self._line.set_profile(default_ref, {}, menu or {}, tongues, get_started=True)
