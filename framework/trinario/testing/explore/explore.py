"""Plays every flow of a bot within a budget of time, and gives what is wrong with each, told once."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from trinario.authoring.load import LoadedBot
from trinario.model.flow import Flow
from trinario.testing.explore.begin import Begin, begins
from trinario.testing.explore.evidence import Evidence, evidence
from trinario.testing.explore.literals import literals, sources
from trinario.testing.explore.room import Opening, Room
from trinario.testing.explore.search import Search
from trinario.testing.explore.services import worlds

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
"""When conversations begin: a Monday morning, with the clocks changing four weeks later."""

BUDGET = 20.0
"""Seconds for one bot."""

MOST_TOLD = 40
"""Findings of one bot that are written down."""


@dataclass(slots=True)
class Explored:
    """What became of one bot. `moves` were made in `seconds`; `whole` is false when time ran out."""

    bot: str
    evidence: list[Evidence] = field(default_factory=list)
    moves: int = 0
    seconds: float = 0.0
    whole: bool = True


def explore(loaded: LoadedBot, budget: float = BUDGET, only: Sequence[str] = ()) -> Explored:
    """Play the flows of a bot (those named in `only`, or all). Deterministic, but for where the time runs out."""
    return asyncio.run(_explore(loaded, budget, only))


async def _explore(loaded: LoadedBot, budget: float, only: Sequence[str]) -> Explored:
    begun = time.perf_counter()
    rooms: dict[Opening, Room] = {}
    explored, told = Explored(loaded.bot.name), set[tuple[str, str, str]]()
    flows = [flow for flow in loaded.bot.flows.values() if flow.steps and (not only or flow.name in only)]
    try:
        for number, flow in enumerate(flows):
            share = (budget - (time.perf_counter() - begun)) / (len(flows) - number)
            await _flow(loaded, flow, rooms, max(share, 0.05), explored, told)
    finally:
        for room in rooms.values():
            room.close()
    explored.seconds = time.perf_counter() - begun
    return explored


async def _flow(loaded: LoadedBot, flow: Flow, rooms: dict[Opening, Room], share: float, explored: Explored,
                told: set[tuple[str, str, str]]) -> None:  # fmt: skip
    """One flow, begun in every way; what was told of another flow already is not told again."""
    until = time.perf_counter() + share

    def room(opening: Opening) -> Room:
        if opening not in rooms:
            rooms[opening] = Room(loaded, opening, AT)
        return rooms[opening]

    names, authored = literals(loaded.bot, flow), sources(loaded.bot)
    search = Search(loaded.bot, flow, room, names, authored, lambda: time.perf_counter() > until)
    found = await search.run(_everywhere(_spread(begins(loaded.bot, flow), loaded), loaded))
    explored.moves += search.moves
    explored.whole = explored.whole and time.perf_counter() <= until
    for one in found:
        if one.finding.about in told or len(explored.evidence) >= MOST_TOLD:
            continue
        told.add(one.finding.about)
        shown = await evidence(one, loaded, room(one.opening), names, authored, AT)
        if shown is not None:
            explored.evidence.append(shown)


def _spread(ways: Sequence[Begin], loaded: LoadedBot) -> list[Begin]:
    """Each way in the bot's own language, and the first of them in the languages that its flows were translated to."""
    languages = sorted({locale for flow in loaded.bot.flows.values() for locale in flow.words})
    first = ways[:1]
    return [
        *ways,
        *(_in(begin, language) for begin in first for language in languages if language != loaded.bot.locale),
    ]


def _everywhere(ways: Sequence[Begin], loaded: LoadedBot) -> list[Begin]:
    """Each way in each world of the outside."""
    return [
        Begin(replace(begin.opening, world=world), (*acts, *begin.acts))
        for world, acts in worlds(loaded.bot).items()
        for begin in ways
    ]


def _in(begin: Begin, language: str) -> Begin:
    return Begin(Opening(begin.opening.channel, language, begin.opening.known), begin.acts)
