"""What the engine makes of a row of hers, carried out: her sessions, what is said to her, what it ends."""

from dataclasses import replace

from trinario import jsons
from trinario.engine.index import index_of
from trinario.engine.react import react
from trinario.jobs import drips, tickets
from trinario.jobs.code import without_code
from trinario.jobs.effects import carry_out, owner_returns
from trinario.jobs.events import event_of
from trinario.jobs.facts import answers
from trinario.jobs.her import Her
from trinario.jobs.leaving import leave, outrun
from trinario.jobs.occasions import invite
from trinario.jobs.ordering import in_time
from trinario.jobs.received import UNSPOKEN, TurnLine
from trinario.jobs.thread import take_back
from trinario.model.contact import PREFERS
from trinario.model.effect import CheckCode
from trinario.model.event import CallReturned, Event, EventArrived, FateKnown
from trinario.model.heard import Heard
from trinario.model.session import Session
from trinario.model.turn import Reaction, Standing
from trinario.ports import InboxEntry


def react_to(
    her: Her, entry: InboxEntry, heard: Heard | None = None, new: bool = False, told: Event | None = None
) -> None:
    """Her turn. `heard` is what she did, if the row is that; `new`: for the first time; `told`: what has happened otherwise."""
    if heard is not None:
        _prefer(her, heard)
    event = told or event_of(entry, new, heard)
    live = tuple(session for session in her.sessions.values() if session.live)
    standing = Standing(her.contact, live, _copied(her, heard))
    if isinstance(event, EventArrived):
        her.writes.withdrawn += outrun(her.unit, her.bot, her.contact, event, her.sessions.values())
        invite(her.unit, her.bot, her.contact, event, her.now)
    reaction = in_time(react(her.bot, standing, event), her.now)
    _end_sequences(her, reaction, event)
    _return(her, entry, reaction)
    _carry_out(her, heard, event, reaction)
    if heard is not None and any(isinstance(effect, CheckCode) for effect in reaction.effects):
        her.writes.scrubbed.append((entry.id, without_code(heard)))
    remark = "unspoken" if heard and heard.kind in UNSPOKEN else None
    (her.done if reaction.handled else her.kept)(entry, remark)
    if _is_written(heard):
        for running in her.plans.running():  # what she says may answer what other channels were still to bring
            her.pursue(running)


def _is_written(heard: Heard | None) -> bool:
    """Whether it is a message that could be answered; a reaction is none."""
    return heard is not None and heard.kind not in UNSPOKEN | {"reaction"}


def _end_sequences(her: Her, reaction: Reaction, event: Event) -> None:
    if her.bot.sequences:
        exits = drips.ended(her.bot, her.contact, reaction.contact, event, her.now)
        leave(her.unit, her.bot, her.contact, exits, her.sessions.values(), her.writes, her.now)


def _return(her: Her, entry: InboxEntry, reaction: Reaction) -> None:
    """The bot has her again: so has our app her thread, unless that is what brought her back; and her ticket knows."""
    if entry.kind != "owner" or her.contact.owner != "person" or reaction.contact.owner != "bot":
        return
    if not entry.external_id.startswith("handover:"):
        take_back(her.world, her.contact, f"i{entry.id}", her.writes)
    owner_returns(her.contact, None, her.writes)
    tickets.returned(her.unit, her.contact.id, jsons.loads(entry.body).get("by", tickets.SILENCE), her.now)


def _carry_out(her: Her, heard: Heard | None, event: Event, reaction: Reaction) -> None:
    """What follows is written down, and she stands as the engine says."""
    prior = (heard.identity.channel, heard.external_id) if heard and _is_written(heard) else ("", "")
    asked = heard is not None or answers(her.contact, _moved_by(her, event), her.now)
    her.contact = carry_out(her.world, reaction, her.scene(prior, asked), her.writes)
    her.sessions.update((session.id, session) for session in reaction.sessions)
    her.received.turns.extend(
        TurnLine(her.contact.id, event.origin, turn.path, turn.session.flow, turn.session.id) for turn in reaction.turns
    )


def _moved_by(her: Her, event: Event) -> Session | None:
    """The session to which the outside answers, if that is what happened."""
    return her.sessions.get(event.session) if isinstance(event, FateKnown | CallReturned) else None


def _prefer(her: Her, heard: Heard) -> None:
    """She answers on one of the channels that had brought her the same: that is where she likes to be written to."""
    channel = heard.identity.channel
    several = [one for one in her.plans.running() if len({copy.channel for copy in one.copies}) > 1]
    if any(channel == copy.channel for one in several for copy in one.copies) or _taps_copy(her, heard):
        marks = {**her.contact.marks, f"{PREFERS}{channel}": her.now}
        her.contact = replace(her.contact, marks=marks)


def _taps_copy(her: Her, heard: Heard) -> bool:
    """Whether she taps a question that several channels had brought, also once its plan is over."""
    if not heard.payload or not index_of(her.bot).plans:
        return False
    session, prompt = heard.payload.partition("/")[0], heard.payload.rpartition("/")[0]
    return her.unit.copied(her.contact.id, session, prompt) is not None


def _copied(her: Her, heard: Heard | None) -> tuple[Session, ...]:
    """The session that is over and whose question she taps, if other channels had brought her copies of it."""
    if heard is None or not heard.payload or not index_of(her.bot).plans:
        return ()
    name = heard.payload.partition("/")[0]
    known = her.sessions.get(name)
    if known is not None and known.live:
        return ()
    found = her.unit.copied(her.contact.id, name, heard.payload.rpartition("/")[0])
    return (known or found,) if found else ()
