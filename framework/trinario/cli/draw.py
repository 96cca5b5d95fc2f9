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
    seed: Annotated[str, typer.Option(help="Say what this seed gives, and write nothing: for checking a draw.")] = "",
    form: FormOption = Form.text,
) -> None:
    """Draw winners among the numbers that a flow gave out. The seed is fixed before (`--commit`), and only its hash is
    published; after the draw the seed is told, and whoever has the numbers can draw the same winners again.

    \b
    Examples:
      trinario draw spring-giveaway --commit
      trinario draw spring-giveaway --winners 3
      trinario draw spring-giveaway --winners 3 --seed 9f86d081884c7d65 --format json
    """
    from trinario.campaign.drawing import commitment
    from trinario.runtime import draws

    if commit:
        kept = run_on(lambda settings, store: draws.commit(store, name))
        told = commitment(kept.seed)
        if form is Form.json:
            out(as_json({"draw": name, "commitment": told, "committed_at": kept.committed_at.isoformat()}))
        else:
            out(f"{told}\n")
            note(f"publish this before the draw of {name}: it is the SHA-256 of the seed, which is told afterwards")
        return
    if not winners:
        refuse("say how many win: --winners 3, or --commit to fix the seed first", USAGE)
    drawn = run_on(lambda settings, store: draws.draw(store, name, winners, seed))
    out(as_json(_data(drawn)) if form is Form.json else _text(drawn))


def _data(drawn: "Drawn") -> dict[str, object]:
    won = [
        {"number": ticket.number, "contact": str(ticket.contact), "name": contact.name if contact else ""}
        for ticket, contact in drawn.winners
    ]
    return {"draw": drawn.name, "seed": drawn.seed, "commitment": drawn.commitment, "entrants": drawn.entrants,
            "numbers": drawn.tickets, "drawn_at": drawn.at.isoformat() if drawn.at else None, "winners": won}  # fmt: skip


def _text(drawn: "Drawn") -> str:
    lines = [f"{place:>3}  {ticket.number}  contact {ticket.contact}  {contact.name if contact else ''}".rstrip()
             for place, (ticket, contact) in enumerate(drawn.winners, 1)]  # fmt: skip
    lines += ["", f"of {drawn.tickets:,} numbers (SHA-256 of all: {drawn.entrants})", f"seed {drawn.seed}",
              f"published before: {drawn.commitment}"]  # fmt: skip
    if drawn.checked:
        lines.append("nothing was written: this is what the seed gives for the numbers as they are now")
    return "\n".join(lines) + "\n"
