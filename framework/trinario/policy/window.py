"""How long we may write freely after she wrote. Source: platform facts, section 5.

An ad that leads to WhatsApp makes messages free of charge for 72 hours, and opens no window by itself: who came by it
has written, and 24 hours after that it takes a template, which costs nothing.
"""

from datetime import datetime, timedelta

from trinario.model.channel import Channel
from trinario.model.contact import Contact
from trinario.model.message import Choices, Content


def closes_at(
    channel: Channel, last_heard: datetime | None, human: bool = False, card: bool = False
) -> datetime | None:
    """When the window shuts; None: it never opened. A person of the team may have a longer one, a `card` that asks for a mark
    as well."""
    if last_heard is None:
        return None
    window = channel.window
    seconds = max(window.free, window.human if human else 0, window.card if card else 0)
    return last_heard + timedelta(seconds=seconds)


def is_open(channel: Channel, contact: Contact, now: datetime, human: bool = False, card: bool = False) -> bool:
    """Whether free words, or such a card, may be sent to her on this channel now."""
    shut = closes_at(channel, contact.last_heard.get(channel.id), human, card)
    return shut is not None and now < shut


def is_card(content: Content) -> bool:
    """Whether it is a question on a scale that may go as a card."""
    return isinstance(content, Choices) and content.feedback is not None
