"""Draws from the command line: the seed is fixed before, the winners are drawn, and anybody can check it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from trinario.campaign.drawing import Ticket, commitment, entrants, winners
from trinario.errors import ConfigError
from trinario.model.contact import Contact
from trinario.ports import Unit
from trinario.ports.draws import Draw
from trinario.runtime.chance import new_seed
from trinario.runtime.versions import Database


class CannotDraw(ConfigError):
    """What was asked of a draw cannot be."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The outcome: the numbers that won with who has them, of how many, and what proves it."""

    name: str
    seed: str
    commitment: str
    entrants: str
    tickets: int
    winners: tuple[tuple[Ticket, Contact | None], ...]
    at: datetime | None
    checked: bool = False


async def commit(store: Database, name: str) -> Draw:
    """Fix the seed of a draw before it takes place; said again it is the same."""
    now, seed = datetime.now(UTC), new_seed()
    return await store.run(lambda unit: unit.draws.commit(name, seed, now))


async def draw(store: Database, name: str, count: int, seed: str = "") -> Drawn:
    """Draw, once, with the seed that was fixed; with `seed` only what it would give, for checking. Raises CannotDraw."""

    def work(unit: Unit) -> Drawn:
        tickets = list(unit.draws.tickets(name))
        if not tickets:
            there = ", ".join(f"{one} ({many})" for one, many in unit.draws.names()) or "none"
            raise CannotDraw(f"nobody has a number in {name}; draws with numbers: {there}")
        return _checked(unit, name, tickets, count, seed) if seed else _once(unit, name, tickets, count)

    return await store.run(work)


def _checked(unit: Unit, name: str, tickets: list[Ticket], count: int, seed: str) -> Drawn:
    return _told(unit, Draw(name, seed, datetime.now(UTC)), tickets, winners(name, seed, tickets, count), True)


def _once(unit: Unit, name: str, tickets: list[Ticket], count: int) -> Drawn:
    """The first time the winners are written; later they are told again, whatever numbers came since."""
    now = datetime.now(UTC)
    known = unit.draws.find(name) or unit.draws.commit(name, new_seed(), now)
    if known.drawn_at is None:
        won = winners(name, known.seed, tickets, count)
        known = replace(known, drawn_at=now, winners=tuple(one.number for one in won), entrants=entrants(tickets))
        unit.draws.drawn(known)
    elif count != len(known.winners):
        raise CannotDraw(
            f"{name} was drawn at {known.drawn_at:%Y-%m-%d %H:%M} UTC, with {len(known.winners)} winners: say --winners {len(known.winners)}"
        )
    by_number = {one.number: one for one in tickets}
    return _told(unit, known, tickets, [by_number[number] for number in known.winners if number in by_number], False)


def _told(unit: Unit, draw: Draw, tickets: list[Ticket], won: list[Ticket], checked: bool) -> Drawn:
    people = {one.id: one for one in unit.contacts([one.contact for one in won], datetime.now(UTC))}
    digest = draw.entrants or entrants(tickets)
    pairs = tuple((one, people.get(one.contact)) for one in won)
    return Drawn(draw.name, draw.seed, commitment(draw.seed), digest, len(tickets), pairs, draw.drawn_at, checked)
