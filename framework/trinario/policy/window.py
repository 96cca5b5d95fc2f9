"""How long we may write freely after she wrote. Source: platform facts, section 5.

An ad that leads to WhatsApp makes messages free of charge for 72 hours, and opens no window by itself: who came by it
has written, and 24 hours after that it takes a template, which costs nothing.
"""

from datetime import datetime, timedelta

from trinario.model.channel import Channel
from trinario.model.contact import Contact


def closes_at(channel: Channel, last_heard: datetime | None, human: bool = False) -> datetime | None:
    """When the window shuts; None: it never opened. A person of the team may have a longer one."""
    if last_heard is None:
        return None
    seconds = max(channel.window.free, channel.window.human) if human else channel.window.free
    return last_heard + timedelta(seconds=seconds)


def is_open(channel: Channel, contact: Contact, now: datetime, human: bool = False) -> bool:
    """Whether free words may be sent to her on this channel now."""
    shut = closes_at(channel, contact.last_heard.get(channel.id), human)
    return shut is not None and now < shut
