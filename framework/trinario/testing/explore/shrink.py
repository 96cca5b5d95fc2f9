"""The shortest way found to something wrong: things done that it does not need are left out."""

from collections.abc import Sequence

from trinario.testing.explore.judge import Case, Known, judge
from trinario.testing.explore.literals import Literals
from trinario.testing.explore.moves import moves_at
from trinario.testing.explore.room import Broken, Look, Room
from trinario.testing.explore.search import Found
from trinario.testing.script import Act, Writes

MOST_TRIES = 80
"""Times that a way is played again to make it shorter."""

ROUNDS = 4
"""Answers after which a question that still stands there counts as one that never leads on."""


async def shortened(found: Found, room: Room, literals: Literals, authored: str) -> tuple[Act, ...]:
    """The path without what can be left out; what showed stays the same."""
    path = found.path
    tries, size = 0, max(1, len(path) // 2)
    while size and tries < MOST_TRIES:
        begin = 0
        while begin < len(path) and tries < MOST_TRIES:
            shorter = path[:begin] + path[begin + size :]
            tries += 1
            if await shows(found, shorter, room, literals, authored):
                path = shorter
            else:
                begin += size
        size //= 2
    return path


async def shows(found: Found, path: Sequence[Act], room: Room, literals: Literals, authored: str) -> bool:
    """Whether the same is wrong after this path."""
    room.back(room.start)
    try:
        before = await room.do(path)
        if not found.last:
            return _at(before, found) and (await round_about(room, literals, found, before)) is not None
        after = await room.do(found.last)
    except Broken:
        return False
    case = Case(before, found.last, after, found.stopped, Known(room.bot, room.cause, authored))
    return any(one.about == found.finding.about for one in judge(case))


async def round_about(room: Room, literals: Literals, found: Found, look: Look) -> tuple[Act, ...] | None:
    """Answers, one after another, that do not lead on; None when one does."""
    done: list[Act] = []
    for number in range(ROUNDS):
        act = _answer(room, literals, found, look, number)
        if act is None:
            return None
        done.append(act)
        look = await room.do([act])
        if look.pending is None:
            return None
    return tuple(done)


def _answer(room: Room, literals: Literals, found: Found, look: Look, number: int) -> Act | None:
    """What she does to get on: right answers in turn; only wrong ones where those are the matter."""
    moves = moves_at(look, room.bot, literals)
    wanted = ("right",) if found.finding.kind == "trap" else ("wrong",)
    fitting = [move.acts[0] for move in moves.ways if move.kind in wanted]
    fitting = fitting or [move.acts[0] for move in moves.ways if move.kind in ("right", "wrong")]
    typed = [act for act in fitting if isinstance(act, Writes)] or fitting
    return typed[number % len(typed)] if typed else None


def _at(look: Look, found: Found) -> bool:
    session = look.pending
    if session is None or session.wait is None:
        return False
    return (session.flow, session.wait.step) == (found.finding.flow, found.finding.step) and not session.wait.tries
