"""`draw`: winners among those who have a number, in a way that anybody can check."""

from typing import TYPE_CHECKING, Annotated

import typer

from trinario.cli.privacy import Form, FormOption, as_json, run_on
from trinario.cli.screen import USAGE, note, out, refuse

if TYPE_CHECKING:
    from trinario.runtime.draws import Drawn


def draw(
    name: Annotated[str, typer.Argument(help="The draw, as the `ticket` step names it.")],
    winners: Annotated[int | None, typer.Option(min=1, max=10_000, help="How many win.")] = None,
    commit: Annotated[
        bool, typer.Option("--commit", help="Fix the seed, and print what to publish before the draw.")
    ] = False,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="Print the numbers that take part, a line each: to be published too.")
    ] = False,
    seed: Annotated[str, typer.Option(help="Say what this seed gives, and write nothing: for checking a draw.")] = "",
    form: FormOption = Form.text,
) -> None:
    """Draw winners among the numbers that a flow gave out. The seed is fixed before (`--commit`), and only its hash is
    published; after the draw the seed is told, and whoever has the numbers can draw the same winners again.

    \b
    Examples:
      trinario draw spring-giveaway --commit
      trinario draw spring-giveaway --winners 3
      trinario draw spring-giveaway --numbers > numbers.txt
      trinario draw spring-giveaway --winners 3 --seed 9f86d081884c7d65 --format json
    """
    from trinario.runtime import draws

    if commit and numbers:
        refuse("say --commit or --numbers, one after the other", USAGE)
    if commit:
        _fix(name, form)
    elif numbers:
        _list(name, form)
    elif not winners:
        refuse("say how many win: --winners 3, or --commit to fix the seed first", USAGE)
    else:
        drawn = run_on(lambda settings, store: draws.draw(store, name, winners, seed))
        out(as_json(_data(drawn)) if form is Form.json else _text(drawn))


def _fix(name: str, form: Form) -> None:
    from trinario.campaign.drawing import commitment
    from trinario.runtime import draws

    kept = run_on(lambda settings, store: draws.commit(store, name))
    told = commitment(kept.seed)
    if form is Form.json:
        out(as_json({"draw": name, "commitment": told, "committed_at": kept.committed_at.isoformat()}))
    else:
        out(f"{told}\n")
        note(f"publish this before the draw of {name}: it is the SHA-256 of the seed, which is told afterwards")


def _list(name: str, form: Form) -> None:
    from trinario.runtime import draws

    found = run_on(lambda settings, store: draws.numbers(store, name))
    if form is Form.json:
        drawn = found.drawn or None
        out(as_json({"draw": name, "numbers": found.numbers, "entrants": found.entrants, "drawn_entrants": drawn}))
    else:
        out("".join(f"{one}\n" for one in found.numbers))
        note(f"{len(found.numbers):,} numbers, SHA-256 of all: {found.entrants}")
    if not found.are_all:
        note(f"of those that took part ({found.drawn}) some are gone: their people were forgotten since")


def _data(drawn: "Drawn") -> dict[str, object]:
    won = [
        {"number": ticket.number, "contact": str(ticket.contact), "name": contact.name if contact else ""}
        for ticket, contact in drawn.winners
    ]
    return {"draw": drawn.name, "seed": drawn.seed, "commitment": drawn.commitment, "entrants": drawn.entrants,
            "committed_at": drawn.fixed_at.isoformat() if drawn.fixed_at else None, "numbers": drawn.tickets, "drawn_at": drawn.at.isoformat() if drawn.at else None, "winners": won}  # fmt: skip


def _text(drawn: "Drawn") -> str:
    lines = [f"{place:>3}  {ticket.number}  contact {ticket.contact}  {contact.name if contact else ''}".rstrip()
             for place, (ticket, contact) in enumerate(drawn.winners, 1)]  # fmt: skip
    lines += ["", f"of {drawn.tickets:,} numbers (SHA-256 of all: {drawn.entrants})", f"seed {drawn.seed}",
              f"SHA-256 of the seed: {drawn.commitment}"]  # fmt: skip
    if drawn.checked:
        lines.append("nothing was written: this is what the seed gives for these numbers")
    elif drawn.fixed_at:
        lines.append(f"fixed before, {drawn.fixed_at:%Y-%m-%d %H:%M} UTC")
    else:
        lines.append("it was fixed only when it was drawn: nobody could publish it before (`--commit` does that)")
    return "\n".join(lines) + "\n"
