"""What has happened since she last wrote or the session came to stand: whether she did, and how much followed by itself."""

from trinario.model.contact import Contact
from trinario.model.event import Event, EventArrived, MessageHeard, StatusTold
from trinario.model.session import Session


def hops_of(event: Event) -> int:
    """How many flows and events led to this one since she last wrote."""
    return event.hops if isinstance(event, EventArrived | StatusTold) else 0


def heard_since(session: Session, contact: Contact, event: Event) -> bool:
    """Whether she wrote since the session stands where it is, or just as it came there."""
    if isinstance(event, MessageHeard):
        return True
    return bool(session.wait and contact.last_seen_at and contact.last_seen_at >= session.wait.since)


def spoke_since(session: Session, contact: Contact, event: Event) -> bool:
    """Whether she wrote later than the session came to stand where it is."""
    if isinstance(event, MessageHeard):
        return True
    return bool(session.wait and contact.last_seen_at and contact.last_seen_at > session.wait.since)
