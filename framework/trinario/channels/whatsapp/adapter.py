"""The WhatsApp adapter: one phone number of ours over the Cloud API (ports.Adapter)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from trinario.channels.fit import fit
from trinario.channels.graph.cdn import bearer, hosts_of, look_up
from trinario.channels.graph.client import GraphClient
from trinario.channels.graph.failures import whatsapp_failure, whatsapp_file_failure
from trinario.channels.graph.template import gap_in
from trinario.channels.graph.thread import gentle, harmless
from trinario.channels.http.multipart import mime_of
from trinario.channels.http.reading import mappings, text
from trinario.channels.http.transport import Transport
from trinario.channels.whatsapp.encode import attention, encode
from trinario.channels.whatsapp.limits import LARGEST_FILE, LIMITS, PACE, UPLOADS_KEPT, WINDOW
from trinario.channels.whatsapp.number import ask_standing
from trinario.channels.whatsapp.people import is_bsuid
from trinario.channels.whatsapp.prompts import set_opening
from trinario.channels.whatsapp.thread import thread_body
from trinario.model.channel import Identity, Limits, Window
from trinario.model.failure import Action, Failure
from trinario.model.message import Content, Media, PublicReply, Template, ThreadControl
from trinario.model.outbox import NotSent, OutboxEntry, SendResult, Sent
from trinario.model.standing import NumberStanding
from trinario.ports import Located, Opening, Tongues


@dataclass(frozen=True, slots=True)
class WhatsAppAccount:
    """One number as bot.yaml names it. `app_secret` adds the proof to every call; leave it empty if not required."""

    channel: str
    phone_number_id: str
    phone: str
    access_token: str = field(repr=False)
    waba_id: str = ""
    app_secret: str = field(default="", repr=False)
    graph_url: str = "https://graph.facebook.com"
    version: str = "v25.0"
    pace: float = PACE


class WhatsApp:
    """Speaks for one `WhatsAppAccount`."""

    platform = "whatsapp"
    limits: Limits = LIMITS
    window: Window = WINDOW
    correlated = True
    kept = UPLOADS_KEPT
    largest = LARGEST_FILE

    def __init__(self, account: WhatsAppAccount, transport: Transport) -> None:
        self.channel = account.channel
        self.pace = account.pace
        self._phone = account.phone
        self._number, self._token = account.phone_number_id, account.access_token
        self._path = f"{account.phone_number_id}/messages"
        self.media_hosts = hosts_of(account.graph_url)
        self._client = GraphClient(
            transport, account.graph_url, account.version, account.access_token, account.app_secret
        )

    def fit(self, content: Content) -> tuple[Content, ...]:
        """The content in parts that one POST can carry."""
        return fit(content, LIMITS)

    def deep_link(self, ref: str, code: str, sentence: str) -> str | None:
        """A wa.me address whose text is `sentence` with `code` in it: for `{code}`, else behind; no ref goes there."""
        digits = "".join(character for character in self._phone if character.isdecimal())
        if not digits:
            return None
        words = sentence.replace("{code}", code)
        words = words if not code or code in words else f"{words} {code}".strip()
        return f"https://wa.me/{digits}?text={quote(words, safe='')}"

    async def send(self, entry: OutboxEntry) -> SendResult:
        """POST one fitted message. Never raises for anything the outside does."""

        def taken(body: Mapping[str, Any]) -> Sent | None:
            return _taken(body, entry.identity)

        if isinstance(entry.content, ThreadControl):
            return await self._change_thread(entry, entry.content)
        if isinstance(entry.content, PublicReply):
            return NotSent(Failure(Action.FIX, reason="WhatsApp has no comments"))
        if isinstance(entry.content, Template) and (gap := gap_in(entry.content)):
            return NotSent(Failure(Action.FIX, reason=gap))
        failure = _file_failure if _is_uploaded(entry.content) else _failure
        return await self._client.send(self._path, encode(entry), taken, failure, entry.attempts)

    async def _change_thread(self, entry: OutboxEntry, control: ThreadControl) -> SendResult:
        """Pass the thread on, or take it back; what is refused costs this call alone."""
        body = thread_body(entry.identity.value, control)
        path = f"{self._number}/thread_control"
        return harmless(await self._client.send(path, body, _controlled, gentle(_failure), entry.attempts))

    @property
    def account(self) -> str:
        """Who owns what is uploaded."""
        return self._number

    async def upload(self, name: str, data: bytes, kind: str) -> SendResult:
        """Hand a file in; the id of what was Sent is good for `kept` seconds."""

        def taken(body: Mapping[str, Any]) -> Sent | None:
            return Sent(given) if (given := text(body, "id")) else None

        mime = mime_of(name, kind)
        fields = {"messaging_product": "whatsapp", "type": mime}
        return await self._client.upload(f"{self._number}/media", fields, ("file", name, mime, data), taken, _failure)

    async def locate(self, source: str, url: str) -> Located | Failure:
        """The address of a file that she sent. The id lasts longer than the address that the webhook brings."""
        if not source.isdecimal():
            return Located(url, bearer(self._token)) if url else Failure(Action.FIX, reason="it has no id")
        query = {"phone_number_id": self._number}
        return await look_up(self._client, source, query, _failure, self._token)

    async def attend(self, identity: Identity, message_id: str, typing: bool) -> None:
        """Mark her message read, with the typing sign if wanted; there is neither without a message of hers."""
        if message_id:
            await self._client.post(self._path, attention(message_id, typing=typing))

    async def set_up(
        self, default_ref: Mapping[str, str], menu: Mapping[str, str] | None = None, tongues: Tongues | None = None
    ) -> list[str]:
        """Nothing: links carry their code in the text, there is no menu, and what a new chat offers is set by `open_with`."""
        return []

    async def open_with(self, wanted: Opening, ours: Opening) -> list[str]:
        """Set ice breakers and commands, in one language for all; take away what was ours and nobody wants any more."""
        return await set_opening(self._client, self._number, wanted, ours, self._token)

    async def standing(self) -> NumberStanding | str:
        """Quality of the number, and how many people it may write to first."""
        return await ask_standing(self._client, self.channel, self._number)


def _taken(body: Mapping[str, Any], identity: Identity) -> Sent | None:
    """The wamid, and her other id when the answer shows one (numbers dialled and `wa_id` may differ)."""
    wamid = next((text(message, "id") for message in mappings(body, "messages")), "")
    if not wamid:
        return None
    contact = next(iter(mappings(body, "contacts")), {})
    shown = [value for key in ("wa_id", "user_id") if (value := text(contact, key))]
    other = next((value for value in shown if value != identity.value.lstrip("+")), "")
    if not other:
        return Sent(wamid)
    return Sent(wamid, Identity(identity.channel, "bsuid" if is_bsuid(other) else "phone", other))


def _is_uploaded(content: Content) -> bool:
    """Whether it shows a file by the platform's id of it."""
    if isinstance(content, Template):
        return any(file.uploaded for file in content.files)
    return isinstance(content, Media) and bool(content.uploaded)


def _controlled(body: Mapping[str, Any]) -> Sent | None:
    return Sent("") if body.get("messaging_product") == "whatsapp" else None


def _failure(code: int, subcode: int, reason: str, attempts: int, passing: bool) -> Failure:
    return whatsapp_failure(code, reason, attempts, passing=passing)


def _file_failure(code: int, subcode: int, reason: str, attempts: int, passing: bool) -> Failure:
    return whatsapp_file_failure(code, reason, attempts, passing=passing)
