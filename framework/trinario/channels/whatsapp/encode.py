"""Messages as WhatsApp's `/messages` takes them (meta.md 3A). Contents are fitted before (channels/fit.py)."""

from typing import Any, assert_never

from trinario.channels.graph.place import KEY_MARK
from trinario.channels.graph.template import template_body
from trinario.channels.whatsapp.body import carousel, contact, link_action, linked_media, location, source
from trinario.channels.whatsapp.doing import form, products, request
from trinario.channels.whatsapp.limits import CORRELATION_LENGTH, LIMITS
from trinario.model.channel import Identity
from trinario.model.interactive import Form, Products, Wanted
from trinario.model.message import (
    Cards,
    Choices,
    ContactCard,
    Content,
    Location,
    Media,
    PublicReply,
    Sign,
    Template,
    Text,
    ThreadControl,
)
from trinario.model.outbox import OutboxEntry

Body = dict[str, Any]


def encode(entry: OutboxEntry) -> Body:
    """The request body of one message. A key too long for `biz_opaque_callback_data` (509 characters) is left out."""
    body: Body = {"messaging_product": "whatsapp", "recipient_type": "individual", **_address(entry.identity)}
    body |= _content(entry.content, known=entry.identity.kind == "phone")
    if entry.reply_to and not isinstance(entry.content, Sign):
        body["context"] = {"message_id": entry.reply_to}
    correlation = KEY_MARK + entry.key
    if len(correlation) <= CORRELATION_LENGTH:
        body["biz_opaque_callback_data"] = correlation
    return body


def attention(message_id: str, *, typing: bool) -> Body:
    """That her message was read and, if `typing`, that an answer is being written (25 seconds at most)."""
    body: Body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    return {**body, "typing_indicator": {"type": "text"}} if typing else body


def _address(identity: Identity) -> Body:
    """Without the plus sign our own country's code would be put before the number."""
    if identity.kind == "bsuid":
        return {"recipient": identity.value}
    return {"to": "+" + identity.value.lstrip("+")}


def _content(content: Content, known: bool) -> Body:
    match content:
        case Text():
            return _text(content)
        case Media():
            return _media(content)
        case Cards():
            return carousel(content)
        case Location():
            return location(content)
        case ContactCard():
            return contact(content)
        case Choices():
            return {"type": "interactive", "interactive": _buttons(content) if _few(content) else _list(content)}
        case Wanted():
            return request(content, known)
        case Form():
            return form(content)
        case Products():
            return products(content)
        case Template():
            return {"type": "template", "template": template_body(content)}
        case Sign(emoji=emoji, message=message):
            return {"type": "reaction", "reaction": {"message_id": message, "emoji": emoji}}
        case PublicReply() | ThreadControl():
            raise ValueError("WhatsApp has no comments, and threads have an edge of their own")
    assert_never(content)


def _text(content: Text) -> Body:
    if content.links:
        action = link_action(content.links[0])
        interactive = {"type": "cta_url", "body": {"text": content.text}, "action": action}
        return {"type": "interactive", "interactive": interactive}
    preview = "https://" in content.text or "http://" in content.text
    return {"type": "text", "text": {"preview_url": preview, "body": content.text}}


def _media(content: Media) -> Body:
    if content.links:
        return linked_media(content)
    file = source(content)
    if content.caption:
        file["caption"] = content.caption
    if content.filename and content.kind == "document":
        file["filename"] = content.filename
    return {"type": content.kind, content.kind: file}


def _few(content: Choices) -> bool:
    return len(content.options) <= LIMITS.buttons


def _buttons(content: Choices) -> Body:
    buttons = [{"type": "reply", "reply": {"id": one.payload, "title": one.title}} for one in content.options]
    return {"type": "button", "body": {"text": content.text}, "action": {"buttons": buttons}}


def _list(content: Choices) -> Body:
    rows = [
        {"id": one.payload, "title": one.title, **({"description": one.description} if one.description else {})}
        for one in content.options
    ]
    return {
        "type": "list",
        "body": {"text": content.text},
        "action": {"button": content.button, "sections": [{"rows": rows}]},
    }
