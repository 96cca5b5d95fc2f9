"""When two moments of a conversation are the same: where the sessions stand, and the values that decide where they go."""

from datetime import datetime
from typing import Any

from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.session import Session
from trinario.policy.window import is_open
from trinario.testing.explore.literals import Literals, told_apart
from trinario.testing.explore.room import Look

Key = tuple[Any, ...]
Place = tuple[str, str, str, int]
"""Flow, step, kind of wait, and how many wrong answers were given: what a finding is about."""


def key_of(look: Look, bot: Bot, found: Literals) -> Key:
    """Two looks with the same key go on alike."""
    sessions = sorted((_session(one, found) for one in look.live), key=repr)
    return (look.channel, tuple(sessions), _contact(look.contact, bot, found, look.at))


def place_of(session: Session) -> Place:
    """Where a live session stands."""
    wait = session.wait
    return (session.flow, wait.step, wait.kind, wait.tries) if wait else (session.flow, "", "", 0)


def _session(session: Session, found: Literals) -> Key:
    wait = session.wait
    titles = tuple(option.title for option in wait.options) if wait else ()
    stack = tuple(dict.fromkeys((frame.flow, frame.step) for frame in session.stack))  # a flow in itself is one
    rooms = {"answers": session.answers, "vars": session.vars, "call": session.inputs, "trigger": session.trigger}
    decided = _values(rooms, found)
    return (*place_of(session), session.status, titles, wait is not None and wait.remind_at is None, stack, decided)


def _contact(contact: Contact | None, bot: Bot, found: Literals, at: datetime) -> Key:
    if contact is None:
        return ()
    windows = tuple(name for name, channel in bot.channels.items() if is_open(channel, contact, at))
    rooms = {
        "fields": contact.fields,
        "contact": {"language": contact.language, "timezone": contact.timezone, "name": contact.name},
    }
    tags = tuple(sorted(contact.tags)) if any(path[0] == "tags" for path in found.names) else ()
    linked = tuple(sorted({identity.channel for identity in contact.identities}))
    return contact.owner, contact.channel, linked, windows, tags, _values(rooms, found)


def _values(rooms: dict[str, Any], found: Literals) -> Key:
    """Of what conditions read, the value; of what texts print, whether there is one."""
    exact = tuple((path, told_apart(_at(rooms, path), found)) for path in sorted(found.names) if path[0] in rooms)
    there = tuple((path, _at(rooms, path) is None) for path in sorted(found.printed) if path[0] in rooms)
    return exact + there


def _at(rooms: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = rooms[path[0]]
    for part in path[1:]:
        value = value.get(part) if isinstance(value, dict) or hasattr(value, "get") else None
    return value
