"""Goes through one flow, nearest moments first, and keeps what is wrong with the way that led there."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from trinario.model.bot import Bot
from trinario.model.flow import Flow
from trinario.testing.explore.begin import Begin
from trinario.testing.explore.judge import Case, Finding, Known, judge
from trinario.testing.explore.literals import Literals
from trinario.testing.explore.moves import Move, Moves, moves_at, passes
from trinario.testing.explore.room import Broken, Kept, Look, Opening, Room
from trinario.testing.explore.state import Key, Place, key_of, place_of
from trinario.testing.explore.trap import Seen, circling, trapped
from trinario.testing.script import Act

MOST_MOMENTS = 400
"""Moments of one flow that are gone on from."""

SAME_PLACE = 4
"""Moments at one place (step, wrong answers so far) that are gone on from, whatever else differs."""

PROBED = 1
"""How often everything that people do besides answering is tried at one place."""

AFTER_STOP = timedelta(days=12)
"""How long the bot is watched after the stop word."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong: the things done that lead there, and what was done when it showed.

    `last` is empty for what shows only in the whole; `stopped` says that she had said stop.
    """

    finding: Finding
    opening: Opening
    path: tuple[Act, ...]
    last: tuple[Act, ...] = ()
    stopped: bool = False


@dataclass(slots=True)
class Moment:
    """A moment to go on from."""

    kept: Kept
    key: Key
    path: tuple[Act, ...]
    opening: Opening


@dataclass(slots=True)
class Search:
    """One flow of a bot. `rooms` gives the room of an opening, `spent` says that there is no time left."""

    bot: Bot
    flow: Flow
    rooms: Callable[[Opening], Room]
    literals: Literals
    authored: str
    spent: Callable[[], bool]
    seen: Seen = field(default_factory=Seen)
    found: dict[tuple[str, str, str], Found] = field(default_factory=dict)
    queue: list[Moment] = field(default_factory=list)
    known: set[Key] = field(default_factory=set)
    ways: dict[Key, tuple[Opening, tuple[Act, ...], Look]] = field(default_factory=dict)
    tried: Counter[tuple[Place, ...]] = field(default_factory=Counter)
    probed: Counter[tuple[Place, ...]] = field(default_factory=Counter)
    moves: int = 0

    async def run(self, begins: Sequence[Begin]) -> list[Found]:
        """Everything that is wrong, as far as the time allows."""
        for begin in begins:
            await self._begin(begin)
        count = 0
        while self.queue and count < MOST_MOMENTS and not self.spent():
            moment = self.queue.pop(0)
            count += 1
            await self._expand(moment)
        self._close()
        return list(self.found.values())

    async def _begin(self, begin: Begin) -> None:
        room = self.rooms(begin.opening)
        room.back(room.start)
        after, acts = await self._perform(room, begin.acts)
        if after is None:
            return
        self._judge(room, room.start.look, acts, after, begin.opening, ())
        self._enqueue(room, after, acts, begin.opening)

    async def _expand(self, moment: Moment) -> None:
        room, look = self.rooms(moment.opening), moment.kept.look
        places = tuple(sorted(map(place_of, look.live)))
        if self.tried[places] >= SAME_PLACE:
            return
        self.tried[places] += 1
        moves = moves_at(look, self.bot, self.literals)
        self.seen.edges.setdefault(moment.key, [])
        self._unanswerable(moment, look, moves)
        back = [await self._way(room, moment, look, move) for move in moves.ways]
        rights = [same for move, same in zip(moves.ways, back, strict=True) if move.kind in ("right", "file")]
        if rights and all(rights):
            self._stuck(moment.key, "trap", "every right answer leads straight back to the same question")
        if self.probed[places] < PROBED:
            self.probed[places] += 1
            for move in moves.probes:
                await self._probe(room, moment, look, move)

    async def _way(self, room: Room, moment: Moment, look: Look, move: Move) -> bool:
        """Makes a move; gives whether it came back to the same question, with the same words and no others."""
        if self.spent():
            self.seen.out.add(moment.key)  # not everything was tried here: nobody knows that nothing leads out
            return False
        room.back(moment.kept)
        after, acts = await self._perform(room, move.acts)
        if after is None:
            self.seen.out.add(moment.key)
            return False
        self._judge(room, look, acts, after, moment.opening, moment.path)
        key = self._enqueue(room, after, (*moment.path, *acts), moment.opening)
        straight = key == moment.key and _said_again(look, after)
        if straight and move.kind == "right" and self._leads_to_itself(look):
            self._stuck(key, "trap", "a right answer leads straight back to the same question")
        expired = any(one.status == "expired" for one in after.sessions) and after.pending is None
        self.seen.add(moment.key, (move.kind, key, expired))
        return straight

    async def _probe(self, room: Room, moment: Moment, look: Look, move: Move) -> None:
        if self.spent():
            return
        room.back(moment.kept)
        after, acts = await self._perform(room, move.acts)
        if after is None:
            return
        stopped = move.kind == "stop"
        self._judge(room, look, acts, after, moment.opening, moment.path, stopped)
        if stopped:
            await self._watch(room, moment, after, (*moment.path, *acts))
        elif move.kind == "wrong":
            self.seen.add(
                moment.key, ("wrong", self._enqueue(room, after, (*moment.path, *acts), moment.opening), False)
            )

    async def _watch(self, room: Room, moment: Moment, look: Look, path: tuple[Act, ...]) -> None:
        """What comes after the stop word, when days go by."""
        after, acts = await self._perform(room, (passes(look.at, look.at + AFTER_STOP),))
        if after is not None:
            self._judge(room, look, acts, after, moment.opening, path, stopped=True)

    async def _perform(self, room: Room, acts: Sequence[Act]) -> tuple[Look | None, tuple[Act, ...]]:
        """The acts, and the end of a burst that they began; None for what cannot be done."""
        self.moves += 1
        try:
            look = await room.do(acts)
        except Broken:
            return None, ()
        done = tuple(acts)
        burst = look.pending.wait.burst_until if look.pending and look.pending.wait else None
        if burst is not None and not look.endless:
            rest = passes(look.at, burst)
            look, done = await room.do([rest]), (*done, rest)
        return look, done

    def _judge(self, room: Room, before: Look, acts: Sequence[Act], after: Look, opening: Opening,
               path: tuple[Act, ...], stopped: bool = False) -> None:  # fmt: skip
        case = Case(before, acts, after, stopped, Known(self.bot, room.cause, self.authored))
        for finding in judge(case):
            self.found.setdefault(finding.about, Found(finding, opening, path, tuple(acts), stopped))

    def _note(self, finding: Finding, opening: Opening, path: tuple[Act, ...]) -> None:
        self.found.setdefault(finding.about, Found(finding, opening, path))

    def _enqueue(self, room: Room, look: Look, path: tuple[Act, ...], opening: Opening) -> Key:
        key = (opening.channel, opening.world, *key_of(look, self.bot, self.literals))
        if key in self.known or look.endless:
            return key
        self.known.add(key)
        self.ways[key] = (opening, path, look)
        if look.pending is None and not (look.live or look.with_people):
            self.seen.out.add(key)
            return key
        if look.with_people:
            self.seen.out.add(key)
        self.queue.append(Moment(room.keep(), key, path, opening))
        return key

    # ---- what only the whole shows

    def _unanswerable(self, moment: Moment, look: Look, moves: Moves) -> None:
        session = look.pending
        if not moves.answerable and session is not None and session.wait is not None:
            message = "no answer fits this question: whatever she writes is wrong"
            finding = Finding("unanswerable", session.flow, session.wait.step, message)
            self._note(finding, moment.opening, moment.path)

    def _leads_to_itself(self, look: Look) -> bool:
        """Whether the question's own `next` names it, whatever is answered."""
        session = look.pending
        flow = self.bot.flow(session.flow, session.revision) if session else None
        step = flow.steps.get(session.wait.step) if flow and session and session.wait else None
        return step is not None and step.next == step.name

    def _close(self) -> None:
        """Questions that never lead on, once everything was seen."""
        for key in trapped(self.seen):
            self._stuck(key, "trap", "every answer leads back here: the conversation cannot end")
        for key in trapped(self.seen, typed_only=True):
            self._stuck(key, "loop", "who can only type is asked for ever: nothing that is typed leads on")
        for key in circling(self.seen):
            self._stuck(key, "loop", "wrong answers lead back here for ever, and silence leads nowhere")

    def _stuck(self, key: Key, kind: str, message: str) -> None:
        opening, path, look = self.ways[key]
        session = look.pending
        if session is None or session.wait is None or session.wait.tries:
            return
        about = {(name, session.flow, session.wait.step) for name in ("trap", "loop", "unanswerable")}
        if not about & set(self.found):
            finding = Finding("trap" if kind == "trap" else "loop", session.flow, session.wait.step, message)
            self._note(finding, opening, path)


def _said_again(look: Look, after: Look) -> bool:
    """Whether the last message was said once more, and no other."""
    fresh = after.said[len(look.said) :]
    return len(fresh) == 1 and bool(look.said) and fresh[0].text == look.said[-1].text
