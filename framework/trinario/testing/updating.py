"""`trinario test --update`: the `bot:` lines of a talk become what was said; all else in the file stays as it is."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from pathlib import Path

from trinario.authoring.load import LoadedBot
from trinario.authoring.notes import Notes
from trinario.testing.listening import awaited_of
from trinario.testing.matching import Awaited, Pair, compared
from trinario.testing.rewriting import Rewriting, Unwritable
from trinario.testing.scene import Broken
from trinario.testing.script import Act, Says, Stands, Talk
from trinario.testing.talk import Player
from trinario.testing.worlds import Endless


@dataclass(frozen=True, slots=True)
class Updated:
    """What became of one talk. `text` is its file anew, the same as before when nothing differed.

    `refused` says why it was left as it is; `left` are differences that are no words of the bot.
    """

    before: str
    text: str
    refused: str = ""
    left: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is something to write."""
        return not self.refused and self.text != self.before


@dataclass(slots=True)
class Block:
    """The `bot:` steps between two things done. `first` is the number of the step at which they begin, `here` who did
    what came before, and on which channel."""

    first: int
    says: list[Says] = field(default_factory=list)
    awaited: list[Awaited] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    here: tuple[str, str] = ("", "")

    @property
    def differs(self) -> bool:
        """Whether anything was said that is not listed so."""
        return any(not pair.fits for pair in self.pairs)


class Listener(Player):
    """Goes through a talk to its end, whatever is said, and writes down what differs."""

    def __init__(self, talk: Talk, loaded: LoadedBot) -> None:
        super().__init__(talk, loaded)
        self.blocks: list[Block] = []
        self.left: list[str] = []

    async def play(self) -> None:
        """Every step. Raises Broken for what cannot be done, Endless when the machine answers itself."""
        self.introduce()
        await self.machine.work()  # what she is known by may set timers: moments that lie ahead of her
        block = Block(0)
        for number, act in enumerate(self.talk.acts):
            if isinstance(act, Says):
                block.says.append(act)
                continue
            self._hold(block)
            await self._go_on(act)
            block = Block(number + 1)
        self._hold(block)

    async def _go_on(self, act: Act) -> None:
        self.line = act.line
        try:
            await self.do(act)
        except Broken as broken:
            if not isinstance(act, Stands):
                raise
            self.left.append(f"line {broken.line}: {broken.reason}")
        self._no_fault(act.line)
        if self.faults:
            raise Broken(act.line, f"the flow fails: {self.machine.faults()[0]}")

    def _hold(self, block: Block) -> None:
        """What was said against what is listed; all of it counts as listed from now on."""
        block.awaited = awaited_of(self.scene, block.says)
        block.pairs = compared(block.awaited, self.scene.unlisted)
        block.here = self.scene.actor.name, self.scene.actor.channel
        self.scene.listed = len(self.scene.cast.phones.shown)
        self.blocks.append(block)


async def update(talk: Talk, notes: Notes, data: bytes, loaded: LoadedBot) -> Updated:
    """The file of a talk with what the bot says now. Never raises for what the bot does."""
    before = data.decode("utf-8-sig")
    listener = Listener(talk, loaded)
    try:
        await listener.play()
    except Broken as broken:
        return Updated(before, before, f"line {broken.line}: {broken.reason}")
    except Endless as fault:
        return Updated(before, before, f"line {listener.line}: {fault}")
    finally:
        listener.machine.close()
    rewriting = Rewriting(before, notes)
    try:
        for block in listener.blocks:
            if block.differs:
                _rewrite(rewriting, block)
    except Unwritable as fault:
        return Updated(before, before, str(fault))
    return Updated(before, rewriting.text(), left=tuple(listener.left))


def _rewrite(rewriting: Rewriting, block: Block) -> None:
    """Every message of a block: changed, taken out, or put in behind the one before it."""
    places = [(block.first + n, k) for n, says in enumerate(block.says) for k in range(len(says.messages))]
    where = {id(one): place for one, place in zip(block.awaited, places, strict=True)}
    pairs = _met(block.pairs)
    silent = not any(pair.shown for pair in pairs)
    behind, item = block.first - 1, 0
    if block.says and not block.awaited:  # `bot: nothing`
        behind, first = block.first, pairs.pop(0).shown
        assert first is not None, "something is said where nothing was listed"
        rewriting.fill(behind, first, *block.here)
    for pair in pairs:
        if pair.awaited is not None:
            behind, item = where[id(pair.awaited)]
            if pair.shown is None:
                rewriting.take_out(behind, item, nothing=silent and pair.awaited is block.awaited[0])
            elif pair.why:
                rewriting.change(behind, item, pair.awaited.expected, pair.shown)
        elif pair.shown is not None:
            rewriting.put_in(behind, item, pair.shown, *block.here)


def _met(pairs: Sequence[Pair]) -> list[Pair]:
    """Missing and unlisted messages of one stretch, brought together where they are most alike."""
    found: list[Pair] = []
    stretch: list[Pair] = []
    for pair in [*pairs, None]:
        if pair is not None and not (pair.awaited and pair.shown):
            stretch.append(pair)
            continue
        found += _alike([one for one in stretch if one.awaited], [one for one in stretch if one.shown])
        found += [pair] if pair is not None else []
        stretch = []
    return found


def _alike(missing: Sequence[Pair], unlisted: Sequence[Pair]) -> list[Pair]:
    """As many pairs as possible, in order, the most alike of all such ways."""
    if not missing or not unlisted:
        return [*missing, *unlisted]
    more = len(missing) - len(unlisted)
    shorter = min(len(missing), len(unlisted))
    choices = combinations(range(max(len(missing), len(unlisted))), shorter)
    likeness = {(m, u): _likeness(a, b) for m, a in enumerate(missing) for u, b in enumerate(unlisted)}

    def worth(chosen: tuple[int, ...]) -> float:
        return sum(likeness[(one, n) if more > 0 else (n, one)] for n, one in enumerate(chosen))

    best = max(islice(choices, 500), key=worth)
    met = {(one if more > 0 else n): (n if more > 0 else one) for n, one in enumerate(best)}
    return _merged(missing, unlisted, met)


def _merged(missing: Sequence[Pair], unlisted: Sequence[Pair], met: Mapping[int, int]) -> list[Pair]:
    """The pairs that met, and between them those that did not."""
    found: list[Pair] = []
    next_unlisted = 0
    for number, pair in enumerate(missing):
        if number not in met:
            found.append(pair)
            continue
        found += unlisted[next_unlisted : met[number]]
        found.append(Pair(pair.awaited, unlisted[met[number]].shown, "it is said in another way"))
        next_unlisted = met[number] + 1
    return found + list(unlisted[next_unlisted:])


def _likeness(missing: Pair, unlisted: Pair) -> float:
    """How much two messages have in common: their words, and whether there is something to tap."""
    if missing.awaited is None or unlisted.shown is None:
        return 0.0
    expected, said = missing.awaited.expected, unlisted.shown
    words = expected.text or " ".join(expected.contains) or expected.matches or ""
    same_kind = bool(expected.choices) == bool(said.options) and bool(expected.media) == bool(said.media)
    return difflib.SequenceMatcher(None, words, said.text).ratio() + (0.5 if same_kind else 0.0)


def difference(updated: Updated, file: str) -> str:
    """A unified diff of the file."""
    lines = difflib.unified_diff(
        updated.before.splitlines(keepends=True), updated.text.splitlines(keepends=True), file, f"{file} (updated)"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def write_back(file: Path, updated: Updated, data: bytes) -> None:
    """The new text, with the byte order mark and line ends that the file had."""
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    file.write_bytes(mark + updated.text.encode("utf-8"))
