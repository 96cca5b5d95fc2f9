"""From what a turn wants said to outbox rows: policy is asked, the content fitted, every part a row of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from trinario import jsons
from trinario.jobs.world import World
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.message import Choices, Content, Media, Template, Text
from trinario.model.wire import content_to_json, words_of
from trinario.policy.send import may_send
from trinario.policy.verdict import Allow, Refuse
from trinario.ports import Inward, Outgoing, Said, Writes

REPLY, BULK = 0, 1
"""Priorities in the outbox: replies overtake bulk."""


def say_it(
    world: World,
    contact: Contact,
    say: Say,
    now: datetime,
    unreachable: Mapping[str, str],
    writes: Writes,
    human: bool = False,
) -> None:
    """Write the rows of one message; one that policy refuses is a row with its reason."""
    verdict = may_send(world.bot(), contact, say, now, unreachable, human)
    match verdict:
        case Allow(identity=identity, content=content):
            parts = world.adapters[identity.channel].fit(content)
            for number, part in enumerate(parts):
                row = Outgoing(
                    key=f"{say.key}/0/{number}",
                    contact=contact.id,
                    channel=identity.channel,
                    identity=identity,
                    content=jsons.dumps(content_to_json(part)),
                    purpose=say.purpose,
                    priority=BULK if say.purpose == "marketing" else REPLY,
                    session=say.session,
                    cause=f"{say.flow}.{say.step}" if say.flow else "",
                    awaited=say.awaited and number == len(parts) - 1,
                    human=human,
                )
                _write(writes, row, part, now)
        case Refuse():
            _refuse(writes, contact, say, verdict, now)
        case _:
            assert_never(verdict)


def _refuse(writes: Writes, contact: Contact, say: Say, verdict: Refuse, now: datetime) -> None:
    row = Outgoing(
        key=f"{say.key}/0/0",
        contact=contact.id,
        channel=verdict.channel,
        identity=contact.identity_on(verdict.channel) if verdict.channel else None,
        content=jsons.dumps(content_to_json(say.content)),
        purpose=say.purpose,
        refusal=verdict.refusal.code,
        detail=verdict.refusal.detail,
        session=say.session,
        cause=f"{say.flow}.{say.step}" if say.flow else "",
    )
    _write(writes, row, say.content, now)
    if say.awaited:
        writes.inward.append(fate(contact.id, f"{say.key}/0/0", say.session, "refused", verdict.refusal.code))


def fate(contact: int, key: str, session: str, outcome: str, reason: str = "") -> Inward:
    """The inbox entry that tells a session what became of a message it waits for. `key` is the outbox row's."""
    said = key.rsplit("/", 2)[0]
    body = jsons.dumps({"session": session, "key": said, "outcome": outcome, "reason": reason})
    return Inward("", f"fate:{key}:{outcome}", "fate", body, contact=contact)


def _write(writes: Writes, row: Outgoing, content: Content, now: datetime) -> None:
    writes.outgoing.append(row)
    author = "person" if row.human else "bot"
    said = Said(
        row.contact, "out", author, row.channel, now, kind_of(content), words_of(content), outbox_key=row.key
    )
    writes.said.append(said)


def kind_of(content: Content) -> str:
    """The kind of a content, for the thread."""
    match content:
        case Text():
            return "text"
        case Media(kind=kind):
            return kind
        case Choices():
            return "choices"
        case Template():
            return "template"
        case _:
            assert_never(content)
