"""How things stand in a chat, line by line: who she is, where her session is, which windows are open."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from trinario.authoring.printing import safe
from trinario.model.channel import UNSHUT
from trinario.model.contact import Contact
from trinario.model.session import Session
from trinario.model.value import plain
from trinario.policy.window import closes_at
from trinario.testing.chat.room import Chat, moment


def print_state(chat: Chat) -> str:
    """A table of two columns."""
    standing, contact = chat.standing, chat.standing.contact
    rows: list[tuple[str, str]] = [("phone", chat.channel)]
    if contact is None:
        rows.append(("contact", "nobody yet: nothing was heard of her"))
    else:
        rows += _contact(contact)
    pending = standing.session
    for session in standing.sessions:
        rows += _session(session, session is pending)
    if contact is not None:
        rows += _windows(chat, contact)
    rows.append(("clock", moment(chat.clock.now())))
    return "".join(f"  {name:<9} {safe(text)}\n" for name, text in rows)


def _contact(contact: Contact) -> Iterator[tuple[str, str]]:
    where = ", ".join(sorted({identity.channel for identity in contact.identities}))
    parts = [contact.name or "no name", contact.language or "no language", where]
    yield "contact", " · ".join(parts) + (" · a person of the team has her" if contact.owner == "person" else "")
    if contact.fields:
        yield "fields", _pairs(contact.fields)
    if contact.tags:
        yield "tags", ", ".join(sorted(contact.tags))


def _session(session: Session, current: bool) -> Iterator[tuple[str, str]]:
    wait = session.wait
    where = f" at {wait.step} ({wait.kind})" if session.live and wait else ""
    due = f", moves by itself {moment(wait.wake_at)}" if session.live and wait and wait.wake_at else ""
    yield "session" if current else "", f"{session.flow} {session.status}{where}{due}"
    if current:
        yield from (("answers", _pairs(session.answers)),) if session.answers else ()
        yield from (("vars", _pairs(session.vars)),) if session.vars else ()


def _windows(chat: Chat, contact: Contact) -> Iterator[tuple[str, str]]:
    now: datetime = chat.clock.now()
    for name, channel in chat.bot.channels.items():
        shuts = closes_at(channel, contact.last_heard.get(name))
        if shuts is None:
            yield "window", f"{name} never opened"
        elif channel.window.free == UNSHUT:
            yield "window", f"{name} open, and does not shut"
        else:
            yield "window", f"{name} {'open until' if now < shuts else 'shut since'} {moment(shuts)}"


def _pairs(values: Mapping[str, Any]) -> str:
    return " · ".join(f"{name}: {_shown(value)}" for name, value in values.items())


def _shown(value: Any) -> str:
    found = plain(value)
    return "nothing" if found is None else str(found)
