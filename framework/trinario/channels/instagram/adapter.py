"""The Instagram adapter: one professional account of ours, with either login (ports.Adapter)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from trinario.channels.graph import person
from trinario.channels.graph.cdn import hosts_of, located
from trinario.channels.graph.client import GraphClient
from trinario.channels.graph.page import LARGEST_FILE, UPLOADS_KEPT, PageLine, link
from trinario.channels.http.transport import Transport
from trinario.channels.instagram.limits import LIMITS, PACE, WINDOW
from trinario.model.channel import Identity, Limits, Window
from trinario.model.failure import Action, Failure
from trinario.model.message import Content, Template
from trinario.model.outbox import NotSent, OutboxEntry, SendResult
from trinario.ports import Located, Tongues


@dataclass(frozen=True, slots=True)
class InstagramAccount:
    """One account as bot.yaml names it.

    With `login` facebook the Send API is called on `page_id` at `graph_url`, with instagram on `account_id` at
    `instagram_url` (meta.md 2C.1).
    """

    channel: str
    account_id: str
    access_token: str = field(repr=False)
    username: str = ""
    page_id: str = ""
    login: Literal["facebook", "instagram"] = "facebook"
    app_secret: str = field(default="", repr=False)
    graph_url: str = "https://graph.facebook.com"
    instagram_url: str = "https://graph.instagram.com"
    version: str = "v25.0"
    pace: float = PACE


class Instagram:
    """Speaks for one `InstagramAccount`."""

    platform = "instagram"
    limits: Limits = LIMITS
    window: Window = WINDOW
    correlated = False
    kept = UPLOADS_KEPT
    largest = LARGEST_FILE

    def __init__(self, account: InstagramAccount, transport: Transport) -> None:
        self.channel = account.channel
        self.account = account.account_id
        self.pace = account.pace
        self._username = account.username
        by_page = account.login == "facebook"
        self.renewable = not by_page
        url = account.graph_url if by_page else account.instagram_url
        self.media_hosts = hosts_of(url)
        node = (account.page_id or "me") if by_page else account.account_id
        client = GraphClient(transport, url, account.version, account.access_token, account.app_secret)
        self._line = PageLine(client, node, account.access_token, LIMITS, "replies")

    def fit(self, content: Content) -> tuple[Content, ...]:
        """The content in parts that one POST can carry."""
        return self._line.fit(content)

    def deep_link(self, ref: str, code: str, sentence: str) -> str | None:
        """An ig.me address that brings `ref`, hidden; None if the account's user name is not known."""
        return link("ig.me/m", self._username, ref)

    async def send(self, entry: OutboxEntry) -> SendResult:
        """POST one fitted message. Never raises for anything the outside does."""
        if isinstance(entry.content, Template):
            return NotSent(Failure(Action.FIX, reason="Instagram has no templates"))
        return await self._line.send(entry, "")

    async def upload(self, name: str, data: bytes, kind: str) -> SendResult:
        """Hand a file in; the id of what was Sent is good for `kept` seconds."""
        return await self._line.upload(name, data, kind, {"platform": "instagram"})

    async def locate(self, source: str, url: str) -> Located | Failure:
        """A file that she sent: the webhook's address needs no token, and expires."""
        return located(url)

    @property
    def token(self) -> str:
        """The token that is used now."""
        return self._line.token

    def carry(self, token: str) -> None:
        """Use another token from now on."""
        self._line.carry(token)

    async def renew(self) -> tuple[str, float] | NotSent:
        """A token for sixty days more; the one that is used has to be a day old, and alive."""
        return await self._line.renew()

    async def profile(self, identity: Identity) -> Mapping[str, Any] | NotSent:
        """What the platform tells of somebody who wrote."""
        return await self._line.profile(identity.value, person.INSTAGRAM)

    async def attend(self, identity: Identity, message_id: str, typing: bool) -> None:
        """Show that she was read, and that an answer is being written."""
        await self._line.attend(identity, typing)

    async def set_up(
        self, default_ref: Mapping[str, str], menu: Mapping[str, str] | None = None, tongues: Tongues | None = None
    ) -> list[str]:
        """Set the ice breakers, without which links lose their ref in new threads.

        `default_ref`: the words of each ice breaker and the payload that a tap on it brings; `menu`: the same of each item of
        the menu that always stands there; `tongues`: both in other languages.
        """
        if not default_ref:
            return ["ice breakers are missing: without any, ig.me links bring no ref into a new thread"]
        return await self._line.set_profile(
            default_ref, {"platform": "instagram"}, menu or {}, tongues, get_started=False
        )
