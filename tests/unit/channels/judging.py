"""One content on its way out: fitted by the real adapter, encoded, taken by the emulator's own checks, and read again."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from trinario.channels.instagram import encode as instagram
from trinario.channels.instagram.adapter import Instagram, InstagramAccount
from trinario.channels.messenger import encode as messenger
from trinario.channels.messenger.adapter import Messenger, PageAccount
from trinario.channels.telegram import encode as telegram
from trinario.channels.telegram.adapter import Telegram, TelegramAccount
from trinario.channels.whatsapp import encode as whatsapp
from trinario.channels.whatsapp.adapter import WhatsApp, WhatsAppAccount
from trinario.model.channel import Identity
from trinario.model.media import SCHEME
from trinario.model.message import Choices, Content, Media, PublicReply
from trinario.model.outbox import OutboxEntry
from trinario.model.template import TemplateSpec
from trinario.ports import Adapter
from trinario.testing.strictness import comment_refusal, page_refusal, telegram_refusal, whatsapp_refusal

PLATFORMS = ("whatsapp", "messenger", "instagram", "telegram")
PEOPLE = {
    "whatsapp": Identity("wa", "phone", "393331234567"), "messenger": Identity("ms", "psid", "5"),
    "instagram": Identity("ig", "igsid", "5"), "telegram": Identity("tg", "telegram", "5511987654"),
}  # fmt: skip
WORDS = frozenset(
    {"text", "body", "caption", "title", "subtitle", "description", "display_text", "name", "address", "formatted_name",
     "phone", "phone_number", "email", "company", "url", "link", "first_name", "message", "question", "button", "photo",
     "video", "audio", "voice", "document", "sticker", "image_url", "vcard", "latitude", "longitude", "filename", "emoji",
     "coupon_code"}
)  # fmt: skip
"""Members whose texts a person reads, opens or taps."""


def adapters(transport: Any = None) -> Mapping[str, Adapter]:
    """One adapter of every platform, which sends to `transport`."""
    return {
        "whatsapp": WhatsApp(WhatsAppAccount("wa", "106540352242922", "+15550783881", "token"), transport),
        "messenger": Messenger(PageAccount("ms", "1895382890692545", "token"), transport),
        "instagram": Instagram(InstagramAccount("ig", "17841400008460056", "token"), transport),
        "telegram": Telegram(TelegramAccount("tg", "luckygarden_bot", "77700:AAsecret"), transport),
    }


FITTING = adapters()


def request_of(platform: str, part: Content) -> dict[str, Any]:
    """The body of one part, after the emulator has taken it; a refusal is raised."""
    if isinstance(part, Media):
        above = platform == "messenger" and bool(part.links)
        ids = [("900" if url.startswith(SCHEME) or above else "") for url in (part.url, *part.others)]
        part = replace(part, uploaded=ids[0], uploads=tuple(ids[1:]))
    return judged(platform, OutboxEntry(1, "m/77/1/0/0/0", 1, PEOPLE[platform], part))


def judged(platform: str, entry: OutboxEntry, templates: Mapping[str, TemplateSpec] = {}) -> dict[str, Any]:  # noqa: B006
    """The same of a whole entry."""
    if platform == "whatsapp":
        body = whatsapp.encode(entry)
        refusal = whatsapp_refusal(body, templates)
    elif platform == "telegram":
        request = telegram.encode(entry)
        body, refusal = request.body, telegram_refusal(request.method, request.body)
    else:
        body = messenger.encode(entry) if platform == "messenger" else instagram.encode(entry)
        public = isinstance(entry.content, PublicReply)
        refusal = comment_refusal(platform, body) if public else page_refusal(platform, body)  # type: ignore[assignment]
    if refusal is not None:
        raise refusal
    return body


def said(platform: str, content: Content) -> list[dict[str, Any]]:
    """Every request that a content becomes, on all its pages."""
    requests: list[dict[str, Any]] = []
    for page in pages(platform, content):
        requests += [request_of(platform, part) for part in page]
    return requests


def pages(platform: str, content: Content) -> Iterator[tuple[Content, ...]]:
    """The parts of a content, and those of each further page of its choices, as she turns them."""
    while True:
        parts = FITTING[platform].fit(content)
        yield parts
        last = parts[-1] if parts else None
        turn = [one for one in last.options if "/more/" in one.payload] if isinstance(last, Choices) else []
        if not turn or not isinstance(content, Choices):
            return
        start = int(turn[0].payload.rpartition("/")[2])
        assert start > content.start
        content = Choices(content.text, content.options, content.button, content.more, start)


def read(requests: Any) -> str:
    """All that a person can read in requests, in their order, without white space."""
    return bare("".join(_texts(requests, "")))


def _texts(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name)
    elif name in WORDS:
        if isinstance(value, float):
            value = f"{value:.9f}".rstrip("0").rstrip(".")
        yield re.sub(r"\\(.)", lambda found: found[1].replace("n", "\n"), value) if name == "vcard" else str(value)


def bare(text: str) -> str:
    """Without white space and what is not seen: at a cut these may go."""
    return "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc"))
