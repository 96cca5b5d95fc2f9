"""From what a turn wants said to outbox rows: policy is asked, the content fitted, every part a row of its own."""

from datetime import datetime
from typing import assert_never

from trinario import jsons
from trinario.jobs.world import Scene, World
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
            prior = scene.prior[1] if scene.prior[0] == identity.channel else ""
            for number, part in enumerate(parts):
                row = Outgoing(
                    key=f"{say.key}/0/{number}",
                    contact=contact.id,
                    channel=identity.channel,
                    identity=identity,
                    content=_packed(part),
                    purpose=say.purpose,
                    priority=BULK if say.purpose == "marketing" else REPLY,
                    session=say.session,
                    cause=_cause(say),
                    awaited=say.awaited and number == len(parts) - 1,  # the fate of the last is that of the message
                    human=human,
                    typing=0 if number else round(say.typing * 1000),
                    prior=prior,
                )
                _write(writes, row, part, scene.now)
        case Refuse():
            _refuse(writes, contact, say, verdict, scene.now)
        case _:
            assert_never(verdict)


def _refuse(writes: Writes, contact: Contact, say: Say, verdict: Refuse, now: datetime) -> None:
    """The row of a message that may not go, with its reason."""
    row = Outgoing(
        key=f"{say.key}/0/0",
        contact=contact.id,
        channel=verdict.channel,
        identity=contact.identity_on(verdict.channel) if verdict.channel else None,
        content=_packed(say.content),
        purpose=say.purpose,
        session=say.session,
        cause=_cause(say),
        refusal=verdict.refusal.code,
        detail=verdict.refusal.detail,
    )
    _write(writes, row, say.content, now)
    if say.awaited:
        writes.inward.append(fate(contact.id, row.key, say.session, "refused", verdict.refusal.code))


def _packed(content: Content) -> str:
    return jsons.dumps(content_to_json(content))


def _cause(say: Say) -> str:
    return f"{say.flow}.{say.step}" if say.flow else ""


def fate(contact: int, key: str, session: str, outcome: str, reason: str = "") -> Inward:
    """The inbox entry that tells a session what became of a message it waits for. `key` is the outbox row's."""
    said = key.rsplit("/", 2)[0]
    body = jsons.dumps({"session": session, "key": said, "outcome": outcome, "reason": reason})
    return Inward("", f"fate:{key}:{outcome}", "fate", body, contact=contact)


def _write(writes: Writes, row: Outgoing, content: Content, now: datetime) -> None:
    writes.outgoing.append(row)
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
