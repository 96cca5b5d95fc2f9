"""UNLINK: she says, on either side and within a week, that a link was not hers, and the two are two again.

Outside of the batches, in one transaction over both contacts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trinario import jsons
from trinario.engine.fold import fold
from trinario.engine.index import index_of
from trinario.engine.react import react
from trinario.jobs import texts
from trinario.jobs.effects import carry_out
from trinario.jobs.events import origin_of
from trinario.jobs.ordering import in_time
from trinario.jobs.outbound import say_it
from trinario.jobs.parting import Parted, offered_anew, undo
from trinario.jobs.received import DONE, TurnLine, meet, note
from trinario.jobs.world import Scene, World, scene_of
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.event import Switched
from trinario.model.heard import Heard
from trinario.model.message import Text
from trinario.model.turn import Standing
from trinario.ports import Case, InboxEntry, Merge, Unit, Writes

WITHIN = timedelta(days=7)
"""How long after a link she can undo it by a word; afterwards only the team can."""

TOKEN, CODE = "token", "code"
"""What linked them, as their merge says."""

WORD = "unlink"
"""The pattern of the words, and of what is said then."""


def says_unlink(bot: Bot, heard: Heard) -> bool:
    """Whether she writes one of the words, in any language."""
    return heard.kind == "text" and bool(heard.text) and fold(heard.text) in index_of(bot).unlinks


def undoable(unit: Unit, contact: int, heard: Heard, now: datetime) -> Merge | None:
    """The link that the word undoes: that by which the identity she writes from came, else the newest one."""
    held = [
        merge for merge in unit.merges.of(contact)
        if merge.kept == contact and merge.undone_at is None and merge.by in (TOKEN, CODE) and merge.at > now - WITHIN
    ]  # fmt: skip
    own = (merge for merge in held if heard.identity in unit.merges.moved_identities(merge.id))
    return next(own, held[0] if held else None)


def take_apart(
    unit: Unit, world: World, entry: InboxEntry, heard: Heard, merge: Merge, now: datetime
) -> list[TurnLine] | None:
    """Undo a link by her word: both are told, and the issuer's question is put to her again. None: busy, try again."""
    cases = unit.lock_cases([entry.contact], [entry.id], now)
    if cases is None:
        return None
    if not cases[0].entries:
        return []
    newcomer = unit.merges.moved_identities(merge.id)
    parted = undo(unit, merge.id, "contact", f"{WORD} on {entry.channel}", now)
    if not isinstance(parted, Parted):
        return None if parted is None else []
    pair = unit.lock_cases(sorted((parted.kept, parted.taken)), [], now) or []
    by_id = {case.contact.id: case for case in pair}
    work = _Apart(unit, world, entry, heard, by_id[parted.kept], by_id[parted.taken], heard.identity in newcomer, now)
    return work.tell(merge, newcomer)


@dataclass(slots=True)
class _Apart:
    """Both contacts, two again. `from_new`: she who came by the link wrote the word."""

    unit: Unit
    world: World
    entry: InboxEntry
    heard: Heard
    kept: Case
    taken: Case
    from_new: bool
    now: datetime

    def tell(self, merge: Merge, newcomer: Sequence[Identity]) -> list[TurnLine]:
        """Everything that both sides, the team and the log are told."""
        writes = Writes()
        kept, taken = self.kept.contact, self.taken.contact
        if self.from_new:
            taken = meet(taken, self.heard)
        else:
            kept = meet(kept, self.heard)
        writes.contacts |= {kept.id: kept, taken.id: taken}
        note(writes, taken if self.from_new else kept, self.heard)
        writes.finished.append((DONE, self.entry.id, "link"))
        self._log(writes, kept, merge)
        there = next((one.channel for one in newcomer), None)
        self._say(writes, taken, there, self.taken)
        self._say(writes, kept, kept.channel, self.kept)
        lines = self._go_on(writes, kept)
        self.unit.write(writes, self.now)
        return lines

    def _say(self, writes: Writes, contact: Contact, channel: str | None, case: Case) -> None:
        words = texts.pattern(self.world.bot(), contact, WORD)
        if words and channel:
            say = Say(f"{origin_of(self.entry)}/{WORD}/{contact.id}", Text(words), channel=channel)
            say_it(self.world, contact, say, Scene(self.now, case.unreachable), writes)

    def _go_on(self, writes: Writes, kept: Contact) -> list[TurnLine]:
        """The pending question is hers alone again, and put to her where she is."""
        voided = self.unit.void_tokens(kept.id, self.now)
        sessions = tuple(offered_anew(session, voided, str(self.entry.id)) for session in self.kept.sessions)
        writes.sessions |= {one.id: one for one, was in zip(sessions, self.kept.sessions, strict=True) if one != was}
        if kept.owner != "bot" or not kept.channel or not any(one.live and one.foreground for one in sessions):
            return []
        event = Switched(origin_of(self.entry), self.entry.received_at, "", "", kept.channel)
        reaction = in_time(react(self.world.bot(), Standing(kept, sessions), event), self.now)
        carry_out(self.world, reaction, scene_of(self.unit, self.now, self.kept.unreachable, asked=True), writes)
        return [
            TurnLine(kept.id, event.origin, turn.path, turn.session.flow, turn.session.id) for turn in reaction.turns
        ]

    def _log(self, writes: Writes, kept: Contact, merge: Merge) -> None:
        """The history of both has it, and the team a ticket: somebody had what is hers."""
        data = {
            "merge": merge.id, "by": "newcomer" if self.from_new else "issuer", "channel": self.entry.channel,
            "inbox": self.entry.id, "at": self.now.isoformat(),
        }  # fmt: skip
        for contact in (merge.kept, merge.taken):
            writes.events.append((contact, "link_undone", self.now, jsons.dumps(data)))
        team = next(iter(self.world.bot().teams), "")
        who = "who came by the link" if self.from_new else "whose link it was"
        words = f"a link between channels was undone by the person {who}, on {self.entry.channel}: see merge {merge.id}"
        writes.tickets.append((kept.id, "", team, words, "", self.now))
