"""From what a turn wants said to outbox rows: policy is asked, the content fitted, every part a row of its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from trinario import jsons
from trinario.jobs.world import Scene, World
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.message import Choices, Content, Media, Template, Text
from trinario.model.outbox import Refusal
from trinario.model.wire import content_to_json, words_of
from trinario.policy.send import may_send
from trinario.policy.verdict import Allow, Refuse
from trinario.ports import Inward, Outgoing, Said, Writes

REPLY, BULK = 0, 1
"""Priorities in the outbox: replies overtake bulk."""


def say_it(world: World, contact: Contact, say: Say, scene: Scene, writes: Writes, human: bool = False) -> None:
    """Write the rows of one message; one that policy refuses is a row with its reason."""
    verdict = may_send(world.bot(), contact, say, scene.now, scene.unreachable, human)
    parts: tuple[Content, ...] = ()
    if isinstance(verdict, Allow):
        parts = world.adapters[verdict.identity.channel].fit(verdict.content)
        if not parts:
            blank = Refusal("empty", "there is nothing to say: the text came out blank")
            verdict = Refuse(blank, verdict.identity.channel)
    match verdict:
        case Allow(identity=identity):
            row = _row(contact, say, identity.channel, identity)
            prior = scene.prior[1] if scene.prior[0] == identity.channel else ""
            row = replace(row, human=human, typing=round(say.typing * 1000), prior=prior)
            _write_parts(writes, row, parts, say.awaited, scene.now)
        case Refuse(refusal=refusal, channel=channel):
            row = _row(contact, say, channel, contact.identity_on(channel) if channel else None)
            _write(writes, replace(row, refusal=refusal.code, detail=refusal.detail), say.content, scene.now)
            if say.awaited:
                writes.inward.append(fate(contact.id, row.key, say.session, "refused", refusal.code))
        case _:
            assert_never(verdict)


def _row(contact: Contact, say: Say, channel: str, identity: Identity | None) -> Outgoing:
    return Outgoing(
        key=f"{say.key}/0/0",
        contact=contact.id,
        channel=channel,
        identity=identity,
        content="",
        purpose=say.purpose,
        priority=BULK if say.purpose == "marketing" else REPLY,
        session=say.session,
        cause=f"{say.flow}.{say.step}" if say.flow else "",
    )


def _write_parts(writes: Writes, row: Outgoing, parts: Sequence[Content], awaited: bool, now: datetime) -> None:
    """One row a part; the fate of the last is the fate of the message."""
    _write(writes, replace(row, awaited=awaited and len(parts) == 1), parts[0], now)
    origin = row.key.rsplit("/", 1)[0]
    for number, part in enumerate(parts[1:], 1):
        last = number == len(parts) - 1
        _write(writes, replace(row, key=f"{origin}/{number}", awaited=awaited and last, typing=0), part, now)


def fate(contact: int, key: str, session: str, outcome: str, reason: str = "") -> Inward:
    """The inbox entry that tells a session what became of a message it waits for. `key` is the outbox row's."""
    said = key.rsplit("/", 2)[0]
    body = jsons.dumps({"session": session, "key": said, "outcome": outcome, "reason": reason})
    return Inward("", f"fate:{key}:{outcome}", "fate", body, contact=contact)


def _write(writes: Writes, row: Outgoing, content: Content, now: datetime) -> None:
    writes.outgoing.append(replace(row, content=jsons.dumps(content_to_json(content))))
    author = "person" if row.human else "bot"
    said = Said(row.contact, "out", author, row.channel, now, kind_of(content), words_of(content), outbox_key=row.key)
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
