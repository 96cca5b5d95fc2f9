"""What a content becomes on a platform: fitted and encoded by its adapter, and told in words."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
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
from trinario.model.message import Cards, Choices, ContactCard, Content, Location, Media, Sign, Text
from trinario.model.outbox import OutboxEntry

PLATFORMS = {"whatsapp": "WhatsApp", "messenger": "Messenger", "instagram": "Instagram", "telegram": "Telegram"}
NOWHERE: Any = None
"""Nothing is sent here: adapters only fit."""

FITTING: Mapping[str, Callable[[Content], tuple[Content, ...]]] = {
    "whatsapp": WhatsApp(WhatsAppAccount("c", "1", "1", "t"), NOWHERE).fit,
    "messenger": Messenger(PageAccount("c", "1", "t"), NOWHERE).fit,
    "instagram": Instagram(InstagramAccount("c", "1", "t"), NOWHERE).fit,
    "telegram": Telegram(TelegramAccount("c", "b", "1:t"), NOWHERE).fit,
}
KINDS = {"whatsapp": "phone", "messenger": "psid", "instagram": "igsid", "telegram": "telegram"}


def requests(platform: str, content: Content, person: str = "1", hers: str = "1:1") -> list[dict[str, Any]]:
    """The bodies that are posted, in order, each with `method` on Telegram. Empty: it cannot be said there."""
    bodies = []
    for part in FITTING[platform](content):
        aimed = replace(part, message=hers) if isinstance(part, Sign) else part
        try:
            bodies.append(_encoded(platform, OutboxEntry(1, "k", 1, Identity("c", KINDS[platform], person), aimed)))
        except ValueError:
            return []
    return bodies


def _encoded(platform: str, entry: OutboxEntry) -> dict[str, Any]:
    if platform == "telegram":
        request = telegram.encode(entry)
        return {"method": request.method, **request.body}
    encode = {"whatsapp": whatsapp.encode, "messenger": messenger.encode, "instagram": instagram.encode}[platform]
    return encode(entry)


def fingerprint(value: Any) -> str:
    """A short name of any JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def form(platform: str, content: Content) -> str:
    """In words, what a content becomes: `2 messages of words, then a list of 8`."""
    told = [_one(platform, body) for body in requests(platform, content)]
    several = [(name, len(list(same))) for name, same in groupby(told)]
    whole = ", then ".join(name if count == 1 else f"{count} × {name}" for name, count in several)
    return ", ".join(filter(None, (whole, *_beside(platform, content)))) or "–"


def _beside(platform: str, content: Content) -> Iterator[str]:
    """What stands in the words because it cannot be tapped, or not whole."""
    parts = FITTING[platform](content)
    last = parts[-1] if parts else None
    if isinstance(content, Choices) and isinstance(last, Text):
        yield "choices in the words"
    elif isinstance(content, Choices) and isinstance(last, Choices):
        shown = [one for one in last.options if "/more/" not in one.payload]
        pairs = list(zip(content.options, shown, strict=False))
        if len(shown) < len(content.options):
            yield f"page by page: {len(shown)} and one for more"
        if any(one.title != new.title for one, new in pairs):
            yield "titles short and numbered, whole in the words"
        elif any(one.description != new.description for one, new in pairs):
            yield "descriptions in the words"
    elif isinstance(content, Text | Media) and content.links and not any(_links(part) for part in parts):
        yield "addresses in the words"
    elif isinstance(content, Cards) and isinstance(last, Text) and not last.links:
        yield "what is too long or too much for a card in the words"
    elif isinstance(content, Location | ContactCard) and isinstance(last, Text):
        yield "with a map's address" if isinstance(content, Location) else "all of it"


def _links(part: Content) -> bool:
    return isinstance(part, Text | Media) and bool(part.links)


def _one(platform: str, body: Mapping[str, Any]) -> str:
    if platform == "telegram":
        return _telegram(body)
    return _whatsapp(body) if platform == "whatsapp" else _page(body)


def _whatsapp(body: Mapping[str, Any]) -> str:
    kind = body["type"]
    if kind != "interactive":
        file = body[kind]
        named = {"text": "words", "contacts": "contact card", "location": "pin", "reaction": "sign"}.get(kind, kind)
        return f"{named} with caption" if isinstance(file, dict) and file.get("caption") else named
    message, action = body["interactive"], body["interactive"]["action"]
    match message["type"]:
        case "button":
            return _count(len(action["buttons"]), "reply button")
        case "list":
            rows = [row for section in action["sections"] for row in section["rows"]]
            described = " with descriptions" if any("description" in row for row in rows) else ""
            return f"list of {len(rows)}{described}"
        case "cta_url":
            above = message.get("header", {}).get("type")
            return f"{above} above a link button" if above else "words with a link button"
        case "carousel":
            return f"carousel of {len(action['cards'])} cards"
    return str(message["type"]).replace("_", " ")


def _page(body: Mapping[str, Any]) -> str:
    if "message" not in body:
        return "sign"
    message = body["message"]
    if isinstance(message, str):
        return "answer"
    if "template" in message:
        return "utility template"
    if "attachments" in message:
        return _count(len(message["attachments"]), "image") + " together"
    if "attachment" not in message:
        asked = [one["content_type"] for one in message.get("quick_replies", ()) if one["content_type"] != "text"]
        if asked:
            return {"user_phone_number": "words with her number to tap"}.get(asked[0], "words with her address to tap")
        replies = len(message.get("quick_replies", ()))
        return _count(replies, "quick reply", "quick replies") if replies else "words"
    kind, payload = message["attachment"]["type"], message["attachment"].get("payload", {})
    if kind != "template":
        return {"like_heart": "heart", "MEDIA_SHARE": "post"}.get(kind, str(kind))
    if payload["template_type"] == "media":
        shown = payload["elements"][0]
        return f"{shown['media_type']} above " + _count(len(shown["buttons"]), "link button")
    if payload["template_type"] == "button":
        return "words with " + _count(len(payload["buttons"]), "link button")
    if payload["template_type"] == "generic":
        return _count(len(payload["elements"]), "card") + (" side by side" if len(payload["elements"]) > 1 else "")
    return str(payload["template_type"]).replace("_", " ")


def _telegram(body: Mapping[str, Any]) -> str:
    rows = body.get("reply_markup", {}).get("inline_keyboard", ())
    buttons = [button for row in rows for button in row]
    named = {"sendMessage": "words", "sendVenue": "place", "sendLocation": "pin", "sendContact": "contact card",
             "setMessageReaction": "sign", "sendPhoto": "image"}.get(body["method"], body["method"][4:].lower())  # fmt: skip
    if body.get("caption"):
        named += " with caption"
    if not buttons:
        return named
    shown = _count(len(buttons), "link button" if "url" in buttons[0] else "button")
    return shown if "callback_data" in buttons[0] else f"{named} with {shown}"


def _count(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def ranges(form_of: Callable[[int], str], most: int) -> Iterator[tuple[int, int, str]]:
    """(first, last, form) of sizes from 1 to `most`, where a form holds for a run of sizes; the numbers in it are left out."""
    start = 1
    while start <= most:
        told, last = form_of(start), most
        low, high = start, most
        while low <= high:
            middle = (low + high) // 2
            if form_of(middle) == told:
                last, low = middle, middle + 1
            else:
                high = middle - 1
        yield start, last, told
        start = last + 1
