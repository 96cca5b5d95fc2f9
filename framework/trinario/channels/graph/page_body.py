"""Messages as the Send API of Messenger and Instagram takes them (meta.md 3B and 3C). Contents are fitted before."""

from typing import Any, assert_never

from trinario.channels.graph.page_media import button, media_message
from trinario.channels.graph.page_template import utility_body
from trinario.channels.graph.public import reaction_body, reply_body
from trinario.channels.scale import id_of, scale_of
from trinario.model.comment import comment_in
from trinario.model.interactive import Form, Products, Wanted
from trinario.model.message import (
    Card,
    Cards,
    Choices,
    ContactCard,
    Content,
    Feedback,
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

HUMAN_TAG, FEEDBACK_TAG = "HUMAN_AGENT", "CUSTOMER_FEEDBACK"
"""The tags that are alive (3B.2): what people of the team write, and feedback cards."""

REQUESTS = {"phone": "user_phone_number", "email": "user_email"}
"""Quick replies that the app fills in with what it knows of her."""

FEEDBACK_DAYS = 7
"""Days in which she may answer a feedback card, the most there are."""


def message_body(entry: OutboxEntry, metadata: str = "") -> Body:
    """The request body of one message; `metadata` comes back in its echo where the platform does that.

    Human-written messages carry one tag and feedback cards another, both for 7 days; templates are utility messages (Messenger
    alone).
    """
    match entry.content:
        case PublicReply():
            return reply_body(entry.content)
        case Sign():
            return reaction_body(entry.identity.value, entry.content)
    message = _message(entry.content)
    if metadata:
        message["metadata"] = metadata
    comment = comment_in(entry.reply_to)
    recipient = {"comment_id": comment[0]} if comment else {"id": entry.identity.value}
    body: Body = {"recipient": recipient, **_sort(entry), "message": message}
    if entry.persona:
        body["persona_id"] = entry.persona
    return {**body, "reply_to": {"mid": entry.reply_to}} if entry.reply_to and not comment else body


def action_body(person: str, action: str) -> Body:
    """`mark_seen` or `typing_on` (20 seconds at most)."""
    return {"recipient": {"id": person}, "sender_action": action}


def _sort(entry: OutboxEntry) -> Body:
    match entry.content:
        case Template():
            return {"messaging_type": "UTILITY"}
        case Choices(feedback=Feedback()):
            return {"messaging_type": "MESSAGE_TAG", "tag": FEEDBACK_TAG}
    return {"messaging_type": "MESSAGE_TAG", "tag": HUMAN_TAG} if entry.human else {"messaging_type": "RESPONSE"}


def _message(content: Content) -> Body:
    match content:
        case Text():
            return _text(content)
        case Media():
            return media_message(content)
        case Choices(feedback=Feedback() as card):
            return _feedback(content, card)
        case Choices():
            return {
                "text": content.text,
                "quick_replies": [_quick_reply(one.title, one.payload) for one in content.options],
            }
        case Cards():
            return _generic(content)
        case Wanted() if content.what in REQUESTS:
            return {"text": content.text, "quick_replies": [{"content_type": REQUESTS[content.what]}]}
        case Location() | ContactCard() | Wanted() | Form() | Products():
            raise ValueError("places, people's cards, other requests, forms and products are fitted to words")
        case Template():
            return {"template": utility_body(content)}
        case PublicReply() | Sign() | ThreadControl():
            raise ValueError("a thread, a sign or an answer below a comment is no message")
    assert_never(content)


def _feedback(content: Choices, card: Feedback) -> Body:
    """A question on a scale as the customer feedback template; her answer names it by its id."""
    scale = scale_of(content)
    question: Body = {"id": id_of(content), "type": scale, "title": content.text}
    if scale == "csat":
        question |= {"score_label": "neg_pos", "score_option": "five_stars"}
    payload = {
        "template_type": "customer_feedback",
        "title": card.title,
        "subtitle": card.subtitle,
        "button_title": card.button,
        "feedback_screens": [{"questions": [question]}],
        "business_privacy": {"url": card.privacy},
        "expires_in_days": FEEDBACK_DAYS,
    }
    return {"attachment": {"type": "template", "payload": payload}}


def _text(content: Text) -> Body:
    if not content.links:
        return {"text": content.text}
    buttons = [button(link) for link in content.links]
    card = {"template_type": "button", "text": content.text, "buttons": buttons}
    return {"attachment": {"type": "template", "payload": card}}


def _generic(content: Cards) -> Body:
    """Cards side by side; whoever taps on one opens its first link."""
    card = {"template_type": "generic", "elements": [_element(one) for one in content.cards]}
    return {"attachment": {"type": "template", "payload": card}}


def _element(card: Card) -> Body:
    element: Body = {"title": card.title}
    if card.subtitle:
        element["subtitle"] = card.subtitle
    if card.image:
        element["image_url"] = card.image
    if card.links:
        element["default_action"] = {"type": "web_url", "url": card.links[0].url}
        element["buttons"] = [button(link) for link in card.links]
    return element


def _quick_reply(title: str, payload: str) -> Body:
    return {"content_type": "text", "title": title, "payload": payload}
