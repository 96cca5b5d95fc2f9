"""`tickets`: contacts who were given to people; who of the team has them, and when they are done."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trinario.cli.contacts import AuthorOption, author_or_login
from trinario.cli.privacy import Form, FormOption, as_json, run_on
from trinario.cli.screen import note, out

if TYPE_CHECKING:
    from trinario.ports.tickets import TicketKept

app = typer.Typer(
    name="tickets", help="People who were given to a team: who waits, who has them, what is done.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

Number = Annotated[int, typer.Argument(help="The ticket's number.", min=1)]


class State(StrEnum):
    """Which tickets."""

    waiting = "waiting"
    open = "open"
    answered = "answered"
    closed = "closed"
    all = "all"


@app.command("list", short_help="List tickets, who waits longest first.")
def list_(
    team: Annotated[str | None, typer.Option(help="Only of this team.")] = None,
    state: Annotated[
        State, typer.Option(help="open: nobody has answered yet; waiting: open or answered.")
    ] = State.waiting,
    assignee: Annotated[str | None, typer.Option(help="Only those that this person has.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    form: FormOption = Form.text,
) -> None:
    """List the people who were given to a team: those who wait with the oldest first, closed ones with the newest first.

    \b
    Examples:
      trinario tickets list --team sales
      trinario tickets list --state closed --format json
    """
    from trinario.runtime import tickets

    found = run_on(lambda settings, store: tickets.listed(store, team, state.value, assignee, limit))
    if form is Form.json:
        out(as_json({"tickets": [_data(one) for one in found]}))
        return
    for one in found:
        out(_line(one))
    if not found:
        note("no such tickets")


def _line(one: "TicketKept") -> str:
    who = one.name or f"contact {one.contact}"
    urgent = f" · {one.priority}" if one.priority not in ("", "normal") else ""
    has = f" · {one.assignee} has it" if one.assignee else ""
    words = f" · {one.note}" if one.note else ""
    return f"{one.id}  {one.state}  {one.team}  {_when(one.opened_at)}  {who}{urgent}{has}{words}\n"


def _data(one: "TicketKept") -> dict[str, Any]:
    return {
        "id": one.id, "contact": one.contact, "name": one.name, "team": one.team, "note": one.note, "priority": one.priority,
        "state": one.state, "assignee": one.assignee or None, "owner": one.owner, "opened_at": _when(one.opened_at),
        "answered_at": _when(one.answered_at), "closed_at": _when(one.closed_at), "closed_by": one.closed_by or None,
    }  # fmt: skip


def _when(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


@app.command(short_help="A ticket is done with; with her last one the bot has her again.")
def close(number: Number, author: AuthorOption = "", form: FormOption = Form.text) -> None:
    """Close a ticket. When it is her last one, she is given back to the bot, which goes on as the flow says.

    \b
    Example:
      trinario tickets close 12 --author Rita
    """
    from trinario.runtime import tickets

    done = run_on(lambda settings, store: tickets.close(store, number, author_or_login(author)))
    if form is Form.json:
        out(as_json(_data(done)))
    note(
        f"ticket {number} is closed by {done.closed_by}; the process that runs the bot gives her back if it was her last"
    )


@app.command(short_help="Somebody of the team takes a ticket.")
def assign(
    number: Number,
    to: Annotated[str, typer.Argument(help='Who has it from now on; "" for nobody.')],
    author: AuthorOption = "",
    form: FormOption = Form.text,
) -> None:
    """Write down who of the team has a ticket.

    \b
    Example:
      trinario tickets assign 12 Rita
    """
    from trinario.runtime import tickets

    done = run_on(lambda settings, store: tickets.assign(store, number, to.strip(), author_or_login(author)))
    if form is Form.json:
        out(as_json(_data(done)))
    note(f"ticket {number}: {done.assignee or 'nobody'} has it")
