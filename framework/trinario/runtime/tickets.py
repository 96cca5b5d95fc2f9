"""Tickets from the command line: listed, taken, closed; the bot may be running meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime

from trinario.jobs import tickets
from trinario.ports.tickets import TicketKept, TicketStates
from trinario.runtime.privacy import UnknownContact
from trinario.runtime.versions import Database


class UnknownTicket(UnknownContact):
    """There is no ticket of that number."""


async def listed(
    store: Database, team: str | None, state: TicketStates, assignee: str | None, limit: int
) -> Sequence[TicketKept]:
    """Tickets: those that wait with the oldest first, closed ones with the newest first."""
    return await store.read(lambda unit: unit.tickets.list(team, state, assignee, None, limit))


async def close(store: Database, number: int, author: str) -> TicketKept:
    """A ticket is done with; with her last one the bot has her again. Raises UnknownTicket."""
    now = datetime.now(UTC)
    return _found(await store.run(lambda unit: tickets.close(unit, number, author, now)), number)


async def assign(store: Database, number: int, assignee: str, author: str) -> TicketKept:
    """Somebody of the team has it from now on; "" for nobody. Raises UnknownTicket."""
    now = datetime.now(UTC)
    return _found(await store.run(lambda unit: tickets.assign(unit, number, assignee, author, now)), number)


def _found(ticket: TicketKept | None, number: int) -> TicketKept:
    if ticket is None:
        raise UnknownTicket(f"there is no ticket {number}: trinario tickets list --state all")
    return ticket
