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
class Numbers:
    """Numbers of a draw with their digest; `drawn` is the digest of those that took part, "" while it was not drawn."""

    name: str
    numbers: tuple[str, ...]
    entrants: str
    drawn: str = ""

    @property
    def are_all(self) -> bool:
        """Whether these are all that took part: nobody of them was erased since."""
        return self.drawn in ("", self.entrants)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The outcome: the numbers that won with who has them, of how many, and what proves it. `fixed_at` is when the seed was
    fixed; None: it was not before."""

    name: str
    seed: str
    commitment: str
    entrants: str
    tickets: int
    winners: tuple[tuple[Ticket, Contact | None], ...]
    at: datetime | None
    fixed_at: datetime | None = None
    checked: bool = False


async def commit(store: Database, name: str) -> Draw:
    """Fix the seed of a draw before it takes place; said again it is the same."""
    now, seed = datetime.now(UTC), new_seed()
    return await store.run(lambda unit: unit.draws.commit(name, seed, now))


async def numbers(store: Database, name: str) -> Numbers:
    """The numbers to publish: those that took part, all of them while it was not drawn. Raises CannotDraw."""

    def work(unit: Unit) -> Numbers:
        known = unit.draws.find(name)
        tickets = _took_part(unit, name, known)
        found = tuple(sorted({one.number for one in tickets}))
        return Numbers(name, found, entrants(tickets), known.entrants if known else "")

    return await store.run(work)


async def draw(store: Database, name: str, count: int, seed: str = "") -> Drawn:
    """Draw, once, with the seed that was fixed; with `seed` only what it would give, for checking. Raises CannotDraw."""
    return await store.run(lambda unit: _checked(unit, name, count, seed) if seed else _once(unit, name, count))


def _took_part(unit: Unit, name: str, known: Draw | None) -> list[Ticket]:
    """Whoever was in it when it was drawn; before, everybody who has a number. Raises CannotDraw."""
    tickets = list(unit.draws.tickets(name))
    if not tickets:
        there = ", ".join(f"{one} ({many})" for one, many in unit.draws.names()) or "none"
        raise CannotDraw(f"nobody has a number in {name}; draws with numbers: {there}")
    if known is None or known.drawn_at is None or known.entrants == entrants(tickets):
        return tickets
    return list(unit.draws.tickets(name, known.drawn_at))


def _checked(unit: Unit, name: str, count: int, seed: str) -> Drawn:
    tickets = _took_part(unit, name, unit.draws.find(name))
    return _told(unit, Draw(name, seed, datetime.now(UTC)), tickets, winners(name, seed, tickets, count), True)


def _once(unit: Unit, name: str, count: int) -> Drawn:
    """The first time the winners are written; later they are told again, whatever numbers came since."""
    now, known = datetime.now(UTC), unit.draws.find(name)
    tickets = _took_part(unit, name, known)
    known = known or unit.draws.commit(name, new_seed(), now)
    if known.drawn_at is None:
        won = winners(name, known.seed, tickets, count)
        numbers = tuple(one.number for one in won)
        unit.draws.drawn(replace(known, drawn_at=now, winners=numbers, entrants=entrants(tickets)))
        known = unit.draws.find(name) or known
    elif count != len(known.winners):
        raise CannotDraw(
            f"{name} was drawn at {known.drawn_at:%Y-%m-%d %H:%M} UTC, with {len(known.winners)} winners: say --winners {len(known.winners)}"
        )
    by_number = {one.number: one for one in tickets}
    won = [by_number[number] for number in known.winners if number in by_number]
    return _told(unit, known, tickets, won, False)


def _told(unit: Unit, draw: Draw, tickets: list[Ticket], won: list[Ticket], checked: bool) -> Drawn:
    people = {one.id: one for one in unit.contacts([one.contact for one in won], datetime.now(UTC))}
    digest = draw.entrants or entrants(tickets)
    pairs = tuple((one, people.get(one.contact)) for one in won)
    fixed = None if checked or draw.committed_at == draw.drawn_at else draw.committed_at
    return Drawn(
        draw.name, draw.seed, commitment(draw.seed), digest, len(tickets), pairs, draw.drawn_at, fixed, checked
    )
