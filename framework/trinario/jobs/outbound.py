"""From what a turn wants said to outbox rows: policy is asked, the content fitted, every part a row of its own."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from trinario import jsons
from trinario.jobs.clicks import is_tracked, tracked
from trinario.jobs.facts import facts_for
from trinario.jobs.notices import tell
from trinario.jobs.plans import Running, keep
from trinario.jobs.statuses import status, watched
from trinario.jobs.world import Scene, World
from trinario.model.bot import Bot
from trinario.model.comment import comment_in
from trinario.model.consent import MARKETING
from trinario.model.contact import Contact
from trinario.model.delivery import Copy, Plan
from trinario.model.effect import Say, SendNotice
from trinario.model.message import Content, Sign
from trinario.model.outbox import Refusal
from trinario.model.wire_content import content_to_json, kind_of, words_of
from trinario.policy.send import may_send
from trinario.policy.verdict import Allow, Defer, Refuse, Verdict
from trinario.policy.why import packed
from trinario.ports import Inward, Outgoing, Said, Writes

REPLY, BULK = 0, 1
"""Priorities in the outbox: replies overtake bulk."""


def say_it(world: World, contact: Contact, say: Say, scene: Scene, writes: Writes, human: bool = False) -> None:
    """Write the rows of one message; one that policy refuses is a row with its reason, one that it defers waits."""
    facts = facts_for(world.bot(), contact, say, scene, writes, human)
    verdict = say_to(world, contact, say, may_send(world.bot(), contact, say, scene.now, facts), scene, writes, human)
    if say.plan is not None:
        _follow(world, contact, say, say.plan, verdict, scene.now, writes)


def say_to(
    world: World, contact: Contact, say: Say, verdict: Verdict, scene: Scene, writes: Writes, human: bool = False,
    copy: int = 0,
) -> Verdict:  # fmt: skip
    """The same where policy has answered already, for the first copy or a later one. Gives what has become of the verdict."""
    parts: tuple[Content, ...] = ()
    if isinstance(verdict, Allow | Defer):
        if is_tracked(world, say):
            content, links = tracked(world, contact, say, verdict.content, verdict.identity.channel, copy)
            verdict = replace(verdict, content=content)
            writes.links.extend(links)
        parts = world.adapters[verdict.identity.channel].fit(verdict.content)
        if isinstance(verdict.content, Sign):
            parts = tuple(_aimed(part, contact, verdict.identity.channel, scene) for part in parts)
        if fault := _unfit(say, parts):
            verdict = Refuse(fault, verdict.identity.channel, verdict.walk)
    match verdict:
        case Allow() | Defer():
            _write_parts(writes, contact, say, verdict, parts, scene, human, copy)
        case Refuse():
            _refuse(world.bot(), writes, contact, say, verdict, scene.now, copy)
        case _:
            assert_never(verdict)
    return verdict


def _follow(
    world: World, contact: Contact, say: Say, plan: Plan, verdict: Verdict, now: datetime, writes: Writes
) -> None:
    """The plan begins with the first copy; where there is none, its end is told at once."""
    if isinstance(verdict, Refuse):
        if plan.notify and not say.hushed:
            exhausted(world, contact, say, verdict.refusal.detail or verdict.refusal.code, now, writes)
        return
    since = verdict.until if isinstance(verdict, Defer) else now
    keys = tuple(row.key for row in writes.outgoing if row.key.startswith(f"{say.key}/0/"))
    running = Running(say, plan, (Copy(0, verdict.identity.channel, since, keys),))
    keep(writes, contact, running, since + plan.after)


def exhausted(world: World, contact: Contact, say: Say, tried: str, now: datetime, writes: Writes) -> None:
    """The teams of the bot hear that a message did not reach her, what was tried, and why."""
    teams = world.bot().teams
    those = tuple(name for name, team in teams.items() if team.notify) or tuple(teams)
    who = contact.name or f"contact {contact.id}"
    words = f"{who} could not be reached by {say.flow}.{say.step}: {tried}"
    if those:
        tell(
            world,
            contact,
            SendNotice(f"{say.key}/exhausted", those, words, say.session, say.flow, say.step),
            now,
            writes,
        )


def _write_parts(
    writes: Writes, contact: Contact, say: Say, verdict: Allow | Defer, parts: tuple[Content, ...], scene: Scene,
    human: bool, copy: int,
) -> None:  # fmt: skip
    """A row for every part. Marketing and campaigns that nobody has asked for give way to replies, and policy is asked once
    more when they go."""
    identity = verdict.identity
    prior = scene.prior[1] if scene.prior[0] == identity.channel else ""
    pushed = (verdict.purpose == MARKETING or say.campaign > 0) and not scene.asked
    if not scene.asked and any(row.priority == BULK and row.contact == contact.id for row in writes.outgoing):
        pushed = True  # it comes behind what interrupts her
    quoted = _quoted(contact, say, identity.channel, scene)
    for number, part in enumerate(parts):
        row = Outgoing(
            key=f"{say.key}/{copy}/{number}",
            contact=contact.id,
            channel=identity.channel,
            identity=identity,
            content=_packed(part, say.persona),
            purpose=verdict.purpose,
            priority=BULK if pushed else REPLY,
            refusal=verdict.refusal.code if isinstance(verdict, Defer) else "",
            session=say.session,
            cause=_cause(say),
            awaited=(say.awaited or say.plan is not None)
            and number == len(parts) - 1,  # the fate of the last is that of the message
            human=human,
            reply_to=say.reply_to or (quoted if not number else ""),
            typing=0 if number else round(say.typing * 1000),
            prior=prior,
            not_before=verdict.until if isinstance(verdict, Defer) else None,
            why=packed(verdict.walk),
            campaign=say.campaign,
        )
        _write(writes, row, part, scene.now)


def _quoted(contact: Contact, say: Say, channel: str, scene: Scene) -> str:
    """The message of hers that is quoted: the one she just wrote there, else her last one in the thread."""
    if not say.quotes:
        return ""
    return scene.prior[1] if scene.prior[0] == channel else scene.latest(contact.id, channel)


def _aimed(part: Content, contact: Contact, channel: str, scene: Scene) -> Content:
    """A sign gets the message that it is put on: the one she just wrote there, else her last one in the thread."""
    if not isinstance(part, Sign) or part.message:
        return part
    return replace(part, message=scene.prior[1] if scene.prior[0] == channel else scene.latest(contact.id, channel))


def _unfit(say: Say, parts: tuple[Content, ...]) -> Refusal | None:
    """Why what was made of a message cannot go."""
    if not parts:
        return Refusal("empty", "there is nothing to say: the text came out blank")
    if len(parts) > 1 and say.reply_to and comment_in(say.reply_to):
        return Refusal("too_long", f"a private reply is one message, and this one would be {len(parts)}")
    if isinstance(parts[0], Sign) and not parts[0].message:
        return Refusal("no_message", "she has written no message there")
    return None


def _refuse(bot: Bot, writes: Writes, contact: Contact, say: Say, verdict: Refuse, now: datetime, copy: int) -> None:
    """The row of a message that may not go, with its reason."""
    row = Outgoing(
        key=f"{say.key}/{copy}/0",
        contact=contact.id,
        channel=verdict.channel,
        identity=contact.identity_on(verdict.channel) if verdict.channel else None,
        content=_packed(say.content),
        purpose=say.purpose,
        session=say.session,
        cause=_cause(say),
        refusal=verdict.refusal.code,
        detail=verdict.refusal.detail,
        why=packed(verdict.walk),
        campaign=say.campaign,
    )
    _write(writes, row, say.content, now)
    if copy:
        return  # what became of the plan is told by the plan
    if say.flow and "refused" in watched(bot):
        hops = writes.sessions[say.session].hops if say.session in writes.sessions else 0
        writes.inward.append(status(contact.id, row.key, row.channel, row.cause, "refused", row.refusal, hops))
    if say.awaited:
        writes.inward.append(fate(contact.id, row.key, say.session, "refused", verdict.refusal.code))


def _packed(content: Content, persona: str = "") -> str:
    """The content as the outbox keeps it, and as whom it is said."""
    data = content_to_json(content)
    return jsons.dumps({**data, "as": persona} if persona else data)


def _cause(say: Say) -> str:
    return f"{say.flow}.{say.step}" if say.flow else ""


def fate(contact: int, key: str, session: str, outcome: str, reason: str = "") -> Inward:
    """The inbox entry that tells a session what became of a message it waits for. `key` is the outbox row's."""
    said = key.rsplit("/", 2)[0]
    body = jsons.dumps({"session": session, "key": said, "outcome": outcome, "reason": reason})
    return Inward("", f"fate:{key}:{outcome}", "fate", body, contact=contact)


def unsaid(contact: int, key: str, session: str, reason: str) -> Inward:
    """The inbox entry that tells a session that what it said was called off."""
    body = jsons.dumps({"session": session, "reason": reason})
    return Inward("", f"unsaid:{key}", "unsaid", body, contact=contact)


def _write(writes: Writes, row: Outgoing, content: Content, now: datetime) -> None:
    writes.outgoing.append(row)
    author = "person" if row.human else "bot"
    said = Said(row.contact, "out", author, row.channel, now, kind_of(content), words_of(content), outbox_key=row.key)
    writes.said.append(said)
