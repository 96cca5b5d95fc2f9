"""How an accepted message looks on a phone: kind, text, media and what can be tapped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trinario.emulator.checks.whatsapp_template import Filled
from trinario.emulator.config import Json
from trinario.emulator.people import Option

MARKS = {"csat": (1, 5), "ces": (1, 7), "nps": (0, 10)}
"""The least and the most mark of a feedback card, by the type of its question."""

THUMBS = ("369239263222822", "369239343214814", "369239383222810")
"""Messenger's own stickers of a thumb, in three sizes."""

MEDIA = ("image", "video", "audio", "document", "sticker")


def whatsapp_screen(kind: str, body: Json, filled: Filled | None) -> Json:
    """The members of a `Message` that follow from a WhatsApp send."""
    if filled is not None:
        return {"kind": "template", "text": filled.text, "header": filled.header, "footer": filled.footer,
                "media": filled.media, "options": [option_json(option) for option in filled.options]}  # fmt: skip
    content = body[kind]
    if kind == "text":
        return {"kind": "text", "text": content["body"]}
    if kind in MEDIA:
        media = {
            "kind": kind,
            "url": content.get("link", ""),
            "id": content.get("id", ""),
            "filename": content.get("filename", ""),
        }
        return {"kind": kind, "text": content.get("caption", ""), "media": media}
    if kind == "interactive":
        return _interactive(content)
    if kind == "contacts":
        names = ", ".join(contact["name"]["formatted_name"] for contact in content)
        return {"kind": kind, "text": names, "media": {"kind": kind, "contacts": content}}
    return {"kind": kind, "text": str(content.get("name", "")), "media": {"kind": kind, **content}}


def option_json(option: Option) -> Json:
    return {"kind": option.kind, "title": option.title, "payload": option.payload, "url": option.url,
            "description": option.description}  # fmt: skip


def _option(kind: str, title: str, payload: str = "", url: str = "", description: str = "") -> Json:
    return option_json(Option(kind, title, payload, url, description))


def _interactive(content: Json) -> Json:
    action = content["action"]
    screen: Json = {"kind": content["type"], "text": content.get("body", {}).get("text", "")}
    header = content.get("header", {})
    screen["header"] = header.get("text", "")
    screen["footer"] = content.get("footer", {}).get("text", "")
    kind = header.get("type", "text")
    if kind != "text":
        screen["media"] = {"kind": kind, "url": header[kind].get("link", ""), "id": header[kind].get("id", "")}
    screen["options"] = _actions(content["type"], action)
    screen["list_button"] = action.get("button", "")
    if content["type"] == "carousel":
        screen["media"] = {"kind": "carousel", "elements": [_slide(card) for card in action["cards"]]}
    return screen


def _slide(card: Json) -> Json:
    """One card of a carousel, named as the elements of Messenger's are; its text has no parts."""
    header = card.get("header", {})
    address = header.get(header.get("type"), {}).get("link", "")
    link = card["action"].get("parameters")
    buttons = [{"title": link["display_text"], "url": link["url"]}] if link else []
    return {"subtitle": card.get("body", {}).get("text", ""), "image_url": address, "buttons": buttons}


def _actions(kind: str, action: Json) -> list[Json]:
    if kind == "button":
        return [_option("button", button["reply"]["title"], button["reply"]["id"]) for button in action["buttons"]]
    if kind == "list":
        rows = [row for section in action["sections"] for row in section["rows"]]
        return [_option("list", row["title"], row["id"], description=row.get("description", "")) for row in rows]
    if kind == "cta_url":
        return [_option("url", action["parameters"]["display_text"], url=action["parameters"]["url"])]
    if kind == "carousel":
        links = [card["action"].get("parameters") for card in action["cards"]]
        return [_option("url", link["display_text"], url=link["url"]) for link in links if link]
    if kind == "flow":
        return [_option("flow", action["parameters"]["flow_cta"], action["parameters"].get("flow_token", ""))]
    if kind == "location_request_message":
        return [_option("location", "Send location")]
    if kind == "request_contact_info":
        return [_option("contact_info", "Share phone number")]
    if kind in ("product", "product_list", "catalog_message"):
        return [_option("products", "View" if kind == "product" else "View items")]
    return []


def page_screen(message: Json, address_of: Callable[[Json], str] = lambda payload: str(payload.get("url", ""))) -> Json:
    """The members of a `Message` that follow from a Messenger or Instagram send."""
    screen: Json = {"kind": "text", "text": message.get("text", "")}
    if "attachment" in message:
        screen = _attachment(message["attachment"], address_of)
    elif "attachments" in message:
        urls = [address_of(item["payload"]) for item in message["attachments"]]
        screen = {"kind": "image", "media": {"kind": "image", "urls": urls}}
    elif "sticker_id" in message:
        thumb = str(message["sticker_id"]) in THUMBS
        screen = {"kind": "sticker", "media": {"kind": "sticker", "id": str(message["sticker_id"])}}
        screen = {"kind": "text", "text": "👍"} if thumb else screen
    replies = [_quick_reply(reply) for reply in message.get("quick_replies") or ()]
    screen["options"] = screen.get("options", []) + replies
    return screen


def _quick_reply(reply: Json) -> Json:
    if reply["content_type"] == "text":
        return _option("quick_reply", reply["title"], reply["payload"])
    title = "My phone number" if reply["content_type"] == "user_phone_number" else "My email"
    return _option("quick_reply", title, reply["content_type"])


def _attachment(attachment: Json, address_of: Callable[[Json], str]) -> Json:
    kind, payload = attachment["type"], attachment.get("payload") or {}
    if kind == "template":
        return _template(payload, address_of)
    if kind == "like_heart":
        return {"kind": "text", "text": "❤️"}
    if kind == "MEDIA_SHARE":
        return {"kind": "image", "media": {"kind": "image", "url": "", "id": payload["id"]}}
    media = {"kind": kind, "url": address_of(payload), "id": payload.get("attachment_id", payload.get("id", ""))}
    return {"kind": kind, "media": media}


def _template(payload: Json, address_of: Callable[[Json], str]) -> Json:
    kind = payload["template_type"]
    if kind == "button":
        return {"kind": "button", "text": payload["text"], "options": _buttons(payload["buttons"])}
    if kind == "media":
        (shown,) = payload["elements"]
        media = {"kind": shown["media_type"], "url": address_of(shown), "id": shown.get("attachment_id", "")}
        return {"kind": shown["media_type"], "media": media, "options": _buttons(shown.get("buttons") or ())}
    if kind == "customer_feedback":
        return _feedback(payload)
    elements: list[Any] = payload.get("elements") or []
    options = [option for element in elements for option in _buttons(element.get("buttons") or ())]
    titles = [element.get("title", "") for element in elements] or [payload.get("title", "")]
    text = "\n".join(title for title in titles if title)
    return {"kind": kind, "text": text, "options": options, "media": {"kind": kind, "elements": elements}}


def _feedback(payload: Json) -> Json:
    """The card that asks for a mark: the marks can be tapped, their payload says which question they answer."""
    question = payload["feedback_screens"][0]["questions"][0]
    least, most = MARKS.get(question["type"], (1, 0))
    names = [f"{question['type']} {question['id']}"] * (most - least + 1)
    marks = [_option("feedback", str(least + at), name) for at, name in enumerate(names)]
    text = "\n".join(filter(None, (payload["title"], question.get("title", ""))))
    return {"kind": "customer_feedback", "text": text, "options": marks}


def _buttons(buttons: Any) -> list[Json]:
    shown = []
    for button in buttons:
        kind = {"web_url": "url", "postback": "postback"}.get(button["type"], button["type"])
        shown.append(_option(kind, button.get("title", ""), button.get("payload", ""), button.get("url", "")))
    return shown
