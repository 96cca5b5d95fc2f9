"""Messages as the Send API of Messenger and Instagram takes them (meta.md 3B and 3C). Contents are fitted before."""

from typing import Any, assert_never

from trinario.channels.graph.template import template_body
from trinario.model.message import Choices, Content, Media, Template, Text
from trinario.model.outbox import OutboxEntry

Body = dict[str, Any]

_ATTACHMENTS = {"document": "file", "sticker": "image"}


def message_body(entry: OutboxEntry, metadata: str = "") -> Body:
    """The request body of one message; `metadata` comes back in its echo where the platform does that.

    Human-written messages carry the HUMAN_AGENT tag (7 days), templates are utility messages (Messenger alone).
    """
    message = _message(entry.content)
    if metadata:
        message["metadata"] = metadata
    body: Body = {"recipient": {"id": entry.identity.value}, **_sort(entry), "message": message}
    return {**body, "reply_to": {"mid": entry.reply_to}} if entry.reply_to else body


def action_body(person: str, action: str) -> Body:
    """`mark_seen` or `typing_on` (20 seconds at most)."""
    return {"recipient": {"id": person}, "sender_action": action}


def _sort(entry: OutboxEntry) -> Body:
    if isinstance(entry.content, Template):
        return {"messaging_type": "UTILITY"}
    return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if entry.human else {"messaging_type": "RESPONSE"}


def _message(content: Content) -> Body:
    match content:
        case Text():
            return _text(content)
        case Media():
            kind = _ATTACHMENTS.get(content.kind, content.kind)
            return {"attachment": {"type": kind, "payload": {"url": content.url}}}
        case Choices():
            return {
                "text": content.text,
                "quick_replies": [_quick_reply(one.title, one.payload) for one in content.options],
            }
        case Template():
            return {"template": template_body(content)}
    assert_never(content)


def _text(content: Text) -> Body:
    if not content.links:
        return {"text": content.text}
    buttons = [{"type": "web_url", "title": link.title.strip(), "url": link.url} for link in content.links]
    card = {"template_type": "button", "text": content.text, "buttons": buttons}
    return {"attachment": {"type": "template", "payload": card}}


def _quick_reply(title: str, payload: str) -> Body:
    return {"content_type": "text", "title": title, "payload": payload}
