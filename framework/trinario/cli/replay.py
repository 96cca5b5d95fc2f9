"""`replay`: recorded sessions played on another version of the flows."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trinario.cli.screen import out
from trinario.cli.versions import BotOption, Form, FormOption, folder_of, on_database, print_json

if TYPE_CHECKING:
    from trinario.jobs.replay import Outcome
    from trinario.runtime.versions import Database

TOLD = {
    "same": "come out the same",
    "words": "say other words on the same way",
    "path": "go another way",
    "fault": "meet a fault",
    "unplayable": "cannot be played from what is recorded",
}
"""What the verdicts mean, in the order in which they are told."""

MOST_SHOWN = 10
"""Sessions of one kind that are shown."""


def replay(
    against: Annotated[
        str, typer.Option(help="disk, live, a deployment, or the beginning of a revision: what is tried.")
    ] = "disk",
    flow: Annotated[str | None, typer.Option(help="Sessions of this flow only.")] = None,
    last: Annotated[int, typer.Option(min=1, max=100_000, help="How many sessions, the newest first.")] = 500,
    bot: BotOption = None,
    form: FormOption = Form.text,
) -> None:
    """Play recorded sessions on another version, and sort what comes out: same, other words, another way, a fault.

    Nothing is sent and nothing is written. A session that cannot be played from its record is counted, with the reason.

    \b
    Examples:
      trinario replay --against disk --flow lead_capture
      trinario replay --against 12 --last 50 --format json
    """
    folder = folder_of(bot)

    async def play(store: "Database") -> "list[Outcome]":
        from trinario.runtime.replay import replay_all
        from trinario.runtime.versions import read_disk, side

        return await replay_all(store, read_disk(folder), await side(store, against, Path(folder)), flow, last)

    outcomes = on_database(play, make=False)
    counts: Counter[str] = Counter(outcome.verdict for outcome in outcomes)
    if form is Form.json:
        print_json({"counts": {name: counts.get(name, 0) for name in TOLD}, "sessions": [asdict(o) for o in outcomes]})
        return
    out(f"{len(outcomes)} session{'' if len(outcomes) == 1 else 's'} against {against}\n")
    for verdict, words in TOLD.items():
        some = [outcome for outcome in outcomes if outcome.verdict == verdict]
        if some:
            out(f"\n{len(some):>5} {words}\n{_shown(some) if verdict != 'same' else ''}")


def _shown(some: "list[Outcome]") -> str:
    """The most frequent details first, each with one session that shows it."""
    details = Counter(outcome.detail for outcome in some)
    example = {outcome.detail: outcome for outcome in reversed(some)}
    lines = [f"      {count:>4} x  {detail}  (like {example[detail].flow} {example[detail].session})"
             for detail, count in details.most_common(MOST_SHOWN)]  # fmt: skip
    more = len(details) - MOST_SHOWN
    return "\n".join([*lines, *([f"      ... and {more} more kinds"] if more > 0 else [])]) + "\n"
