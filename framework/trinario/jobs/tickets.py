"""Tickets after they were opened: taken by somebody, closed by hand, closed because the bot has her again."""

from collections.abc import Sequence
from datetime import datetime

from trinario import jsons
from trinario.ports import Inward, Unit, Writes
from trinario.ports.tickets import TicketKept

SILENCE, THREAD, HAND = "silence", "thread", "hand"
"""What closes a ticket besides a name: people were silent, the thread came back, somebody gave her back."""


def assign(unit: Unit, id: int, assignee: str, by: str, now: datetime) -> TicketKept | None:
    """Somebody of the team has the ticket from now on ("": nobody). None: there is no such ticket."""
    ticket = unit.tickets.find(id)
    if ticket is None:
        return None
    if ticket.assignee != assignee:
        unit.tickets.assign(id, assignee)
        _note(unit, ticket, {"ticket": id, "assignee": assignee, "by": by}, now)
    return unit.tickets.find(id)


def close(unit: Unit, id: int, by: str, now: datetime) -> TicketKept | None:
    """The ticket is done with; with her last one the bot has her again, in her order. None: there is no such ticket."""
    ticket = unit.tickets.find(id)
    if ticket is None or ticket.closed_at is not None:
        return ticket
    unit.tickets.close([id], by or HAND, now)
    _note(unit, ticket, {"ticket": id, "closed": by or HAND}, now)
    if ticket.owner == "person" and not unit.tickets.of(ticket.contact):
        unit.take_in([give_back(f"ticket:{id}", ticket.contact, by)], now)
    return unit.tickets.find(id)


def give_back(name: str, contact: int, by: str) -> Inward:
    """The row that gives a contact back to the bot; `by` is who says so."""
    return Inward("", name, "owner", jsons.dumps({"by": by or HAND}), contact=contact)


def returned(unit: Unit, contact: int, by: str, now: datetime) -> Sequence[int]:
    """The bot has her again: her tickets are closed. After a mere silence those that nobody has answered stay open:
    somebody still waits for people there. Gives the numbers of those closed."""
    done = [one.id for one in unit.tickets.of(contact) if by != SILENCE or one.answered_at is not None]
    unit.tickets.close(done, by, now)
    return done


def _note(unit: Unit, ticket: TicketKept, data: dict[str, object], now: datetime) -> None:
    told = jsons.dumps({**data, "team": ticket.team})
    unit.write(Writes(events=[(ticket.contact, "ticket", now, told)]), now)
