"""Linking: a token came, and her identity on the new channel becomes one more of the contact it was made for.

Outside of the batches, in one transaction over both contacts, locked in id order without waiting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from trinario import jsons
from trinario.engine.fold import fold
from trinario.engine.index import STOPS, index_of
from trinario.engine.react import react
from trinario.jobs import texts
from trinario.jobs.arrival import refused
from trinario.jobs.code import KIND
from trinario.jobs.confirm import masked, masked_number, name_told, needs_confirm, told_of_her, was_forwarded
from trinario.jobs.effects import carry_out
from trinario.jobs.events import heard_of, origin_of
from trinario.jobs.happenings import linked
from trinario.jobs.merging import join
from trinario.jobs.ordering import in_time
from trinario.jobs.outbound import say_it
from trinario.jobs.prove import prove
from trinario.jobs.received import ANSWER, DONE, TurnLine, meet, note
from trinario.jobs.token import candidates, hash_of
from trinario.jobs.unite import unite
from trinario.jobs.unlink import TOKEN, says_unlink, take_apart, undoable
from trinario.jobs.world import Scene, World, scene_of
from trinario.model.bot import Bot
from trinario.model.channel import platform_name
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.event import Event, Switched, SwitchEnded
from trinario.model.heard import Heard
from trinario.model.merge import Link
from trinario.model.message import Choices, Content, Option, Text
from trinario.model.session import Session
from trinario.model.turn import Standing
from trinario.ports import Case, InboxEntry, Token, Unit, Writes

ASKED_TWICE = "+"
"""Ends `pending_link` when the question was put a second time: what then is neither yes nor no is ordinary again."""


def link(unit: Unit, world: World, entry: InboxEntry, now: datetime) -> list[TurnLine] | None:
    """Work off one row that belongs to a linking; gives the turns. None: a contact is taken by somebody else, try again."""
    if entry.kind == KIND:
        return prove(unit, world, entry, now)
    if entry.kind != "heard":
        return unite(unit, world.bot(), entry, now)
    heard = heard_of(entry)
    if says_unlink(world.bot(), heard) and (merge := undoable(unit, entry.contact, heard, now)):
        return take_apart(unit, world, entry, heard, merge, now)
    hashes = [hash_of(world.random, secret) for secret in candidates(heard)]
    brought = unit.find_tokens(hashes)
    found = (brought[hash] for hash in hashes if hash in brought)
    token = next((token for token in found if not refused(token, entry)), None)
    pending = None if token else _pending(unit, entry, now)
    other = token or pending
    if other is None or (token is None and _is_stop(world.bot(), heard)):
        return _let_go(unit, entry, now)
    cases = unit.lock_cases(sorted({entry.contact, other.contact}), [entry.id], now)
    if cases is None:
        return None
    world.acquaint(unit, cases)
    by_id = {case.contact.id: case for case in cases}
    hers, stranger = by_id[other.contact], by_id[entry.contact]
    linking = _Linking(unit, world, entry, heard, other, hers, stranger, now)
    if stranger.entries:
        linking.go_on(token is None)
    return linking.turns


def _is_stop(bot: Bot, heard: Heard) -> bool:
    """Whether she says a stop word, which is honoured whatever was asked."""
    return index_of(bot).commands.get(fold(heard.text)) in STOPS


def _pending(unit: Unit, entry: InboxEntry, now: datetime) -> Token | None:
    """The token whose question she is answering, if it still counts."""
    found = unit.contacts([entry.contact], now)
    hash = (found[0].pending_link or "").removesuffix(ASKED_TWICE) if found else ""
    token = unit.find_tokens([hash]).get(hash) if hash else None
    return token if token and not refused(token, entry) else None


def _let_go(unit: Unit, entry: InboxEntry, now: datetime) -> list[TurnLine] | None:
    """The question she was asked means nothing any more: her words are ordinary again."""
    cases = unit.lock_cases([entry.contact], [entry.id], now)
    if cases is None:
        return None
    writes = Writes()
    for case in cases:
        writes.contacts[case.contact.id] = replace(case.contact, pending_link=None)
    unit.write(writes, now)
    return []


@dataclass(slots=True)
class _Linking:
    """Both contacts locked, and what is to become of them."""

    unit: Unit
    world: World
    entry: InboxEntry
    heard: Heard
    token: Token
    hers: Case
    stranger: Case
    now: datetime
    turns: list[TurnLine] = field(default_factory=list)

    def go_on(self, answering: bool) -> None:
        """Join, ask first, or refuse."""
        writes = Writes()
        if self.hers.contact.id == self.stranger.contact.id:
            self._join(writes)
        elif answering:
            self._answer(writes)
        elif self._asks_first():
            self._ask(writes)
        else:
            self._join(writes)
        self.unit.write(writes, self.now)

    def _asks_first(self) -> bool:
        """A link that was passed on asks whatever its author said; so does one that would join two histories, if either
        tells who somebody is."""
        bot, stranger = self.world.bot(), self.stranger.contact
        if was_forwarded(self.heard):
            return True
        if self.token.confirm is None and not self.unit.is_stranger(stranger.id, [self.entry.id]):
            return needs_confirm(bot, stranger, None) or self._tells(None)
        return self._tells(self.token.confirm)

    def _tells(self, confirm: bool | None) -> bool:
        """Whether the conversation behind the link asks first: for who she is, or for what she has answered in it."""
        bot, hers = self.world.bot(), self.hers
        if confirm is not None:
            return confirm
        return needs_confirm(bot, hers.contact, None) or any(told_of_her(bot, session) for session in self._behind())

    def _behind(self) -> list[Session]:
        """The conversation that the link leads to."""
        return [session for session in self.hers.sessions if session.id == self.token.session]

    def _answer(self, writes: Writes) -> None:
        bot, said = self.world.bot(), self.heard.text.strip().casefold().rstrip(".!")
        answer = self.heard.payload.rpartition("/")[2] if self.heard.payload.startswith(ANSWER) else ""
        if answer == "yes" or (not answer and said in texts.words(bot, self.stranger.contact, "yes")):
            self._join(writes)
        elif answer == "no" or (not answer and said in texts.words(bot, self.stranger.contact, "no")):
            self._end(writes, "declined")
        elif (self.stranger.contact.pending_link or "").endswith(ASKED_TWICE):
            self._leave(writes)
        else:
            self._ask(writes, ASKED_TWICE)

    def _leave(self, writes: Writes) -> None:
        """Nothing comes of it now: her words are ordinary, the next batch takes them. The token stays as it is."""
        stranger = replace(self.stranger.contact, pending_link=None)
        writes.contacts[stranger.id] = stranger

    def _heard(self, writes: Writes, contact: Contact) -> None:
        """The row is worked off, and stands in the thread."""
        writes.contacts[contact.id] = contact
        note(writes, contact, self.heard)
        writes.finished.append((DONE, self.entry.id, "link"))

    def _ask(self, writes: Writes, mark: str = "") -> None:
        """Whether she is the one: a masked name, nothing else, and nothing linked."""
        bot = self.world.bot()
        stranger = replace(meet(self.stranger.contact, self.heard), pending_link=self.token.hash + mark)
        self._heard(writes, stranger)
        begun = bot.channels.get(self.token.origin)
        text = texts.pattern(
            bot,
            stranger,
            "switch.confirm",
            name=masked(self.hers.contact.name or name_told(bot, self.hers.contact, self._behind())),
            channel=platform_name(begun.platform) if begun else self.token.origin,
        )
        prefix = f"{ANSWER}{self.token.hash[:12]}"
        options = tuple(
            Option(f"{prefix}/{answer}", texts.pattern(bot, stranger, answer).strip() or answer)
            for answer in ("yes", "no")
        )
        self._say(writes, stranger, Choices(text, options))

    def _end(self, writes: Writes, outcome: str) -> None:
        """The link leads nowhere: both are told, nothing is linked."""
        self.unit.use_token(self.token.hash, self.stranger.contact.id, self.now)
        stranger = replace(meet(self.stranger.contact, self.heard), pending_link=None)
        self._heard(writes, stranger)
        self._log(writes, f"link_{outcome}")
        words = texts.pattern(self.world.bot(), stranger, f"switch.{outcome}")
        if words:
            self._say(writes, stranger, Text(words))
        event = SwitchEnded(
            origin_of(self.entry), self.entry.received_at, self.token.session, self.token.offer, outcome
        )
        self._react(writes, self.hers.contact, event, self.hers.sessions)

    def _join(self, writes: Writes) -> None:
        """One person from now on: the session goes on on the channel she came to."""
        contact, stranger, sessions = self.hers.contact, self.stranger.contact, self.hers.sessions
        if not self.unit.use_token(self.token.hash, stranger.id, self.now):
            self._leave(writes)  # somebody else was first: what she wrote is an ordinary message
            return
        if contact.id != stranger.id:
            contact = self._united(writes)
            sessions = (*sessions, *(one for one in writes.sessions.values() if one.live))
            writes.inward += linked(self.world.bot(), contact.id, self.entry.channel, self.token.hash)
        contact = meet(contact, self.heard)
        self._heard(writes, contact)
        self._log(writes, "identity_linked")
        event = Switched(
            origin_of(self.entry), self.entry.received_at, self.token.session, self.token.offer, self.token.target
        )
        if not self._react(writes, contact, event, sessions) and contact.owner == "bot":
            words = texts.pattern(self.world.bot(), contact, "switch.done")
            if words:
                self._say(writes, contact, Text(words))
        if contact.id != stranger.id:
            self._tell(writes, contact)

    def _united(self, writes: Writes) -> Contact:
        """One contact of the two, reversibly. Where she writes she can be reached."""
        if self.entry.channel in self.stranger.unreachable:
            self.unit.mark_unreachable(self.entry.channel, self.heard.identity.value, None)
        evidence = {
            "offer": self.token.offer, "from": self.token.origin, "to": self.token.target, "inbox": self.entry.id,
            "identity": self.heard.identity.value,
        }  # fmt: skip
        proof = Link(TOKEN, evidence)
        return join(self.unit, self.world.bot(), self.hers, self.stranger, proof, writes, self.now, self.entry.id - 1)

    def _tell(self, writes: Writes, contact: Contact) -> None:
        """Where the link was sent she learns that somebody came by it, and how to undo that."""
        bot, origin = self.world.bot(), self.token.origin
        place = bot.channels.get(self.entry.channel)
        words = texts.pattern(
            bot,
            contact,
            "switch.told",
            channel=platform_name(place.platform) if place else self.entry.channel,
            number=masked_number((self.heard.identity, *self.heard.also)),
        )
        if words and origin and origin != self.entry.channel:
            say = Say(f"{origin_of(self.entry)}/told/0", Text(words), channel=origin)
            say_it(self.world, contact, say, Scene(self.now, self.hers.unreachable), writes)

    def _react(self, writes: Writes, contact: Contact, event: Event, sessions: Sequence[Session]) -> bool:
        """Move the session; gives whether anything was said by it."""
        reaction = in_time(react(self.world.bot(), Standing(contact, tuple(sessions)), event), self.now)
        scene = scene_of(self.unit, self.now, self.hers.unreachable, asked=True)
        carry_out(self.world, reaction, scene, writes)
        self.turns.extend(
            TurnLine(contact.id, event.origin, turn.path, turn.session.flow, turn.session.id) for turn in reaction.turns
        )
        return bool(writes.outgoing)

    def _say(self, writes: Writes, contact: Contact, content: Content) -> None:
        say = Say(f"{origin_of(self.entry)}/link/{len(writes.outgoing)}", content, channel=self.entry.channel)
        say_it(self.world, contact, say, Scene(self.now, self.stranger.unreachable), writes)

    def _log(self, writes: Writes, name: str) -> None:
        """Every linking is an event with its evidence."""
        data = {
            "offer": self.token.offer, "from": self.token.origin, "to": self.token.target, "inbox": self.entry.id,
            "contact": self.stranger.contact.id, "identities": [i.value for i in self.stranger.contact.identities],
            "at": self.now.isoformat(),
        }  # fmt: skip
        writes.events.append((self.hers.contact.id, name, self.now, jsons.dumps(data)))
