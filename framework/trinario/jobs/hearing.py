"""What she did, heard: who and where she is by it, her thread, and the turn it makes."""

from dataclasses import replace

from trinario.engine.index import index_of
from trinario.jobs import about, beside, guarding, profile, texts
from trinario.jobs.conversions import remember
from trinario.jobs.events import heard_of, origin_of
from trinario.jobs.her import Her
from trinario.jobs.outbound import say_it
from trinario.jobs.quoted import quoting
from trinario.jobs.reacting import react_to
from trinario.jobs.received import ANSWER, UNSPOKEN, meet, note
from trinario.jobs.world import Scene
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.heard import Heard
from trinario.model.message import Text
from trinario.ports import InboxEntry

UNDATED = 86400.0
"""Seconds of 1970 below which a moment is none: the webhook named no time."""


def hear(her: Her, entry: InboxEntry) -> None:
    """A row that brings what she did."""
    heard = her.arrivals.heard.get(entry.id) or heard_of(entry)
    if heard.at.timestamp() < UNDATED:
        heard = replace(heard, at=entry.received_at)
    new = her.contact.last_seen_at is None
    if her.world.profiled and heard.kind not in UNSPOKEN and not her.contact.name:
        profile.ask_for(her.world, her.contact, heard, her.now, her.writes)
    _take_down(her, remember(her.bot, meet(her.contact, heard), heard), heard)
    if heard.kind == "comment":
        react_to(her, entry, heard)
    elif heard.kind in UNSPOKEN:
        _hear_unspoken(her, entry, heard)
    else:
        _hear_spoken(her, entry, heard, new)


def overtaken(her: Her, entry: InboxEntry) -> None:
    """She wrote it before a stop word that was heard first: it stands in her thread, and begins nothing any more."""
    heard = heard_of(entry)
    _take_down(her, meet(her.contact, heard), heard)
    her.kept(entry, "overtaken")


def reached(her: Her, channel: str) -> None:
    """Who writes can be reached: what the platform said before is over."""
    if her.unreachable.pop(channel, None) is None:
        return
    for identity in her.contact.identities:
        if identity.channel == channel:
            her.unit.mark_unreachable(identity.channel, identity.value, None)


def _take_down(her: Her, contact: Contact, heard: Heard) -> None:
    """She is as she was heard, and it stands in her thread."""
    her.contact = her.writes.contacts[contact.id] = contact
    note(her.writes, contact, heard)


def _hear_unspoken(her: Her, entry: InboxEntry, heard: Heard) -> None:
    """What the platform tells of her: kept, and it begins a flow where one listens for it."""
    her.contact = beside.preference(her.contact, entry, heard, her.writes)
    if about.listens(her.bot, heard):
        react_to(her, entry, about.placed(her.unit, her.contact, entry, heard, her.writes))
    else:
        her.kept(entry, "unspoken")


def _hear_spoken(her: Her, entry: InboxEntry, heard: Heard, new: bool) -> None:
    reached(her, heard.identity.channel)
    if heard.standby:
        her.kept(entry, "standby")
        return
    if heard.identity.channel in her.world.read_marks and heard.kind != "reaction":
        her.received.seen.append((heard.identity, heard.external_id))
    heard = _placed(her, entry, heard)
    if her.contact.owner == "bot" and heard.kind != "reaction":
        _guard(her, entry, heard)
    if heard.payload.startswith(ANSWER):
        _answer_late(her, entry)
    else:
        react_to(her, entry, heard, new)


def _placed(her: Her, entry: InboxEntry, heard: Heard) -> Heard:
    """With what it is about: the message that she reacts to, the question that she quotes."""
    if heard.kind == "reaction" and (about.listens(her.bot, heard) or any(one.live for one in her.sessions.values())):
        heard = about.placed(her.unit, her.contact, entry, heard, her.writes)
    if heard.context and index_of(her.bot).plans:
        heard = quoting(her.unit, heard, her.sessions.values())
    return heard


def _guard(her: Her, entry: InboxEntry, heard: Heard) -> None:
    """Who writes like no person does is heard, and not answered for a while."""
    if why := her.world.counter.trips(her.bot.guard, her.contact.id, heard):
        her.contact = guarding.pause(
            her.unit, her.world, her.contact, entry, why, her.now, her.writes, her.batch.outgoing
        )


def _answer_late(her: Her, entry: InboxEntry) -> None:
    """A tap on the question whether to go on, after it was settled: a second one, or one that came too late."""
    if len({one.channel for one in her.contact.identities}) == 1:  # nobody joined her with anybody
        words = texts.pattern(her.bot, her.contact, "switch.unavailable")
        say = Say(f"{origin_of(entry)}/link/0", Text(words), channel=entry.channel)
        say_it(her.world, her.contact, say, Scene(her.now, her.case.unreachable), her.writes)
    her.done(entry, "link")
