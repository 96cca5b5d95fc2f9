"""What the adapters of Messenger and Instagram share: sending, attention and the profile over one token."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from trinario.channels.fit import fit
from trinario.channels.graph.client import GraphClient, answered, judged
from trinario.channels.graph.failures import page_failure
from trinario.channels.graph.page_body import action_body, message_body
from trinario.channels.graph.page_media import ATTACHMENTS
from trinario.channels.graph.person import profile_of
from trinario.channels.graph.profile import set_greeting, set_profile, wanted_profile
from trinario.channels.graph.thread import change_thread, gentle, harmless
from trinario.channels.http.multipart import mime_of
from trinario.channels.http.reading import text, whole
from trinario.model.channel import Identity, Limits
from trinario.model.failure import Action, Failure
from trinario.model.message import Content, PublicReply, Sign, ThreadControl
from trinario.model.outbox import NotSent, OutboxEntry, SendResult, Sent
from trinario.ports import Tongues

LARGEST_FILE = 25 * 1024 * 1024
"""Bytes of a file that people may send (4.2, 4.3)."""

UPLOADS_KEPT = 90 * 86_400.0
"""Seconds that an uploaded file is kept (4.2)."""


class PageLine:
    """The line to one account of a Page or of Instagram. `node` is the id that the Send API is called on.

    `replies` is the edge of a comment below which answers stand: `comments` on Facebook, `replies` on Instagram.
    """

    def __init__(self, client: GraphClient, node: str, token: str, limits: Limits, replies: str) -> None:
        self._client = client
        self._node = node
        self._token = token
        self._limits = limits
        self._replies = replies

    def fit(self, content: Content) -> tuple[Content, ...]:
        """The content in parts that one POST can carry."""
        return fit(content, self._limits)

    async def send(self, entry: OutboxEntry, metadata: str) -> SendResult:
        """POST one message."""

        def taken(body: Mapping[str, Any]) -> Sent | None:
            if isinstance(entry.content, PublicReply | Sign):
                return _done(body, entry.content)
            return _taken(body, entry.identity)

        if isinstance(entry.content, ThreadControl):
            platform = "messenger" if self._replies == "comments" else "instagram"
            return await change_thread(self._client, self._node, platform, self._token, entry)
        body = message_body(entry, metadata)
        return await self._client.send(self._path(entry.content), body, taken, _failure, entry.attempts)

    def _path(self, content: Content) -> str:
        """Answers below a comment go to the comment itself."""
        if isinstance(content, PublicReply):
            return f"{quote(content.comment, safe='')}/{self._replies}"
        return f"{self._node}/messages"

    async def upload(self, name: str, data: bytes, kind: str, extra: Mapping[str, str]) -> SendResult:
        """Hand a file in for repeated use."""

        def taken(body: Mapping[str, Any]) -> Sent | None:
            return Sent(given) if (given := text(body, "attachment_id")) else None

        attachment = {"type": ATTACHMENTS.get(kind, kind), "payload": {"is_reusable": True}}
        fields = {"message": {"attachment": attachment}, **extra}
        file = ("filedata", name, mime_of(name, kind), data)
        return await self._client.upload(f"{self._node}/message_attachments", fields, file, taken, _failure)

    async def fetch(self, url: str, kind: str, attempts: int) -> SendResult:
        """Have the platform fetch a file for repeated use. What is fetched twice is no harm."""

        def taken(body: Mapping[str, Any]) -> Sent | None:
            return Sent(given) if (given := text(body, "attachment_id")) else None

        attachment = {"type": ATTACHMENTS.get(kind, kind), "payload": {"url": url, "is_reusable": True}}
        body = {"message": {"attachment": attachment}}
        return harmless(await self._client.send(f"{self._node}/message_attachments", body, taken, _failure, attempts))

    @property
    def token(self) -> str:
        """The token that is used now."""
        return self._token

    def carry(self, token: str) -> None:
        """Use another token from now on."""
        self._token = token
        self._client.carry(token)

    async def renew(self) -> tuple[str, float] | NotSent:
        """The next token and its seconds (2C.1): the platform wants the present one in the query."""
        query = {"grant_type": "ig_refresh_token", "access_token": self._token}
        outcome = await self._client.get("refresh_access_token", query)
        found = answered(outcome) or {}
        given, seconds = text(found, "access_token"), whole(found.get("expires_in"))
        if given and seconds > 0:
            return given, float(seconds)
        result = judged(outcome, lambda body: None, gentle(_failure), 0, self._token)
        lost = NotSent(Failure(Action.RETRY, reason="no token came back"))
        return result if isinstance(result, NotSent) else lost

    async def profile(self, person: str, names: tuple[str, ...]) -> Mapping[str, Any] | NotSent:
        """What the platform tells of a person under these names."""
        return await profile_of(self._client, person, names, self._token)

    async def put_on(self, name: str, picture: str) -> SendResult:
        """Make a persona of the Page. A lost answer is no harm: one that nobody uses is seen by nobody."""

        def taken(body: Mapping[str, Any]) -> Sent | None:
            return Sent(given) if (given := text(body, "id")) else None

        body = {"name": name, "profile_picture_url": picture}
        return harmless(await self._client.send(f"{self._node}/personas", body, taken, gentle(_failure), 0))

    async def attend(self, identity: Identity, typing: bool) -> None:
        """Show that she was read, and that an answer is being written."""
        for action in ("mark_seen", "typing_on") if typing else ("mark_seen",):
            await self._client.post(f"{self._node}/messages", action_body(identity.value, action))

    async def set_profile(
        self, questions: Mapping[str, str], extra: Mapping[str, str], menu: Mapping[str, str], tongues: Tongues | None,
        *, get_started: bool,
    ) -> list[str]:  # fmt: skip
        """Set Get Started, the ice breakers and the menu where they differ; gives what could not be set."""
        wanted = wanted_profile(questions, menu, get_started=get_started, tongues=tongues)
        ours = ("ice_breakers", "persistent_menu")
        return await set_profile(self._client, "me/messenger_profile", extra, wanted, self._token, ours)

    async def greet(self, texts: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
        """Set the words before the first message where they differ, or take away ours; gives what could not be done."""
        return await set_greeting(self._client, "me/messenger_profile", texts, ours, self._token)


def link(host: str, name: str, ref: str) -> str | None:
    """`https://m.me/<page>?ref=<ref>` and its like; None without a name to link to."""
    return f"https://{host}/{quote(name, safe='')}?ref={quote(ref, safe='')}" if name else None


def _taken(body: Mapping[str, Any], identity: Identity) -> Sent | None:
    mid, person = text(body, "message_id"), text(body, "recipient_id")
    if not mid:
        return None
    other = person and person != identity.value
    return Sent(mid, Identity(identity.channel, identity.kind, person) if other else None)


def _done(body: Mapping[str, Any], content: PublicReply | Sign) -> Sent | None:
    """An answer below a comment has an id of its own; a sign has none."""
    if isinstance(content, Sign):
        return Sent("") if "recipient_id" in body or body.get("success") is True else None
    number = text(body, "id")
    return Sent(number) if number else None


def _failure(code: int, subcode: int, reason: str, attempts: int, passing: bool) -> Failure:
    return page_failure(code, subcode, reason, attempts, passing=passing)
