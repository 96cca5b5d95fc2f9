"""Calls of the API about tickets: contacts who were given to people, who of the team has them, when they are done."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from trinario.jobs import tickets as jobs
from trinario.ports.tickets import TicketKept
from trinario.web.api.calls import Call
from trinario.web.api.problem import Fault, ProblemError, invalid
from trinario.web.api.shapes import Given, Name
from trinario.web.doors import Doors


class TicketsAsked(BaseModel):
    """Which tickets. Those that wait come with the oldest first, `closed` and `all` with the newest first."""

    team: Annotated[str, Field(max_length=200)] | None = None
    state: Literal["open", "answered", "closed", "waiting", "all"] = Field(
        default="waiting", description="`open`: nobody has answered her yet; `waiting`: open or answered."
    )
    assignee: Annotated[str, Field(max_length=200)] | None = Field(default=None, description="Empty: nobody has it.")
    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    next: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = Field(
        default=None, description="The `next` of the page before."
    )


class TicketShape(BaseModel):
    """A contact who was given to people."""

    id: str
    contact: str
    name: str = Field(description="Her name, as far as it is known.")
    team: str
    note: str
    priority: str
    state: Literal["open", "answered", "closed"]
    assignee: str | None
    session: str | None = Field(description="The session that gave her.")
    owner: Literal["bot", "person"] = Field(description="Who has her now.")
    opened_at: datetime
    answered_at: datetime | None = Field(description="When a person of the team first wrote to her.")
    closed_at: datetime | None
    closed_by: str | None = Field(description="A name, `hand`, `silence` or `thread`.")


class TicketList(BaseModel):
    """Tickets; `next` is null at the end."""

    tickets: list[TicketShape]
    next: str | None


class TicketClosed(Given):
    """A ticket is done with. With her last one the bot has her again."""

    author: Name | None = Field(default=None, description="Who says so.")


class TicketAssigned(Given):
    """Who of the team has it from now on; null: nobody."""

    assignee: Name | None
    author: Name | None = Field(default=None, description="Who says so.")


async def list_tickets(doors: Doors, call: Call) -> TicketList:
    """Tickets by team, state and who has them."""
    asked = call.asked(TicketsAsked)
    if asked.team is not None and asked.team not in doors.world().bot().teams:
        hint = "known: " + (", ".join(sorted(doors.world().bot().teams)) or "none")
        raise invalid([Fault(where="?team", what=f"{asked.team!r} is no team of bot.yaml", hint=hint)])
    after = int(asked.next) if asked.next else None
    rows = await doors.store.read(
        lambda unit: unit.tickets.list(asked.team, asked.state, asked.assignee, after, asked.limit + 1)
    )
    shown = rows[: asked.limit]
    following = str(shown[-1].id) if len(rows) > asked.limit else None
    return TicketList(tickets=[ticket_shape(one) for one in shown], next=following)


async def close_ticket(doors: Doors, call: Call) -> TicketShape:
    """A ticket is closed; the same twice is once."""
    id, given, now = _number(call.id), call.given(TicketClosed), doors.clock.now()
    done = await doors.store.run(lambda unit: jobs.close(unit, id, given.author or "", now))
    doors.woken()
    return ticket_shape(_found(done, call.id))


async def assign_ticket(doors: Doors, call: Call) -> TicketShape:
    """Somebody of the team has it from now on."""
    id, given, now = _number(call.id), call.given(TicketAssigned), doors.clock.now()
    done = await doors.store.run(lambda unit: jobs.assign(unit, id, given.assignee or "", given.author or "", now))
    return ticket_shape(_found(done, call.id))


def _number(id: str) -> int:
    if not (id.isascii() and id.isdigit() and len(id) < 19):
        raise _unknown(id)
    return int(id)


def _found(ticket: TicketKept | None, id: str) -> TicketKept:
    if ticket is None:
        raise _unknown(id)
    return ticket


def _unknown(id: str) -> ProblemError:
    hint = "GET /api/v1/tickets?state=all lists them"
    return ProblemError(404, "unknown-ticket", "No such ticket", f"no ticket has the id {id[:40]}", hint)


def ticket_shape(one: TicketKept) -> TicketShape:
    """A ticket as the outside reads it."""
    return TicketShape(
        id=str(one.id), contact=str(one.contact), name=one.name, team=one.team, note=one.note, priority=one.priority,
        state=one.state, assignee=one.assignee or None, session=one.session or None,
        owner="person" if one.owner == "person" else "bot", opened_at=one.opened_at, answered_at=one.answered_at,
        closed_at=one.closed_at, closed_by=one.closed_by or None,
    )  # fmt: skip
