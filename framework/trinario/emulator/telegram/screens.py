"""What a call of the Bot API shows on a phone."""

from __future__ import annotations

import re

from trinario.emulator.config import Json
from trinario.emulator.telegram.checks import MEDIA

KINDS = {"photo": "image", "voice": "audio"}


def screen_of(method: str, body: Json) -> Json:
    """The members of a `Message` that follow from a send."""
    screen = _content(method, body)
    markup = body.get("reply_markup") or {}
    buttons = [button for row in markup.get("inline_keyboard") or () for button in row]
    screen["options"] = [_option(button) for button in buttons]
    return screen


def _content(method: str, body: Json) -> Json:
    if method in MEDIA:
        member = MEDIA[method]
        kind = KINDS.get(member, member)
        return {"kind": kind, "text": body.get("caption", ""), "media": {"kind": kind, "url": body[member]}}
    if method in ("sendLocation", "sendVenue"):
        point = {name: body[name] for name in ("latitude", "longitude")}
        named = {"name": body.get("title", ""), "address": body.get("address", "")}
        words = "\n".join(filter(None, named.values()))
        return {"kind": "location", "text": words, "media": {"kind": "location", **point, **named}}
    if method == "sendContact":
        words = f"{body['first_name']}\n{body['phone_number']}"
        return {"kind": "contacts", "text": words, "media": {"kind": "contacts", "contacts": [_card(body)]}}
    return {"kind": "text", "text": body["text"]}


def _card(body: Json) -> Json:
    """What a vCard tells beside name and number, as the phones know it from other platforms."""
    told: dict[str, str] = {}
    for line in str(body.get("vcard", "")).splitlines():
        name, _, value = line.partition(":")
        told[name] = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)
    emails = [{"email": told["EMAIL"]}] if "EMAIL" in told else []
    urls = [{"url": told["URL"]}] if "URL" in told else []
    return {"org": {"company": told.get("ORG", "")}, "emails": emails, "urls": urls}


def _option(button: Json) -> Json:
    kind = "url" if "url" in button else "button"
    title, payload, url = button["text"], button.get("callback_data", ""), button.get("url", "")
    return {"kind": kind, "title": title, "payload": payload, "url": url, "description": ""}
