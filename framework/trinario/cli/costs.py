"""`costs`: what messages cost, counted by what the platforms told."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from trinario.cli.privacy import BotOption, Form, FormOption, bot_folder, run_on
from trinario.cli.screen import USAGE, out, refuse

if TYPE_CHECKING:
    from trinario.jobs.costs import Costs, Sum

DAYS = ["%Y-%m-%d"]


def costs(
    since: Annotated[
        datetime | None, typer.Option(formats=DAYS, help="The first day; else the first of this month.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=DAYS, help="The last day; else today.")] = None,
    by: Annotated[
        str, typer.Option(help="Of day, month, channel, category, country; several with commas.")
    ] = "channel,category",
    bot: BotOption = None,
    form: FormOption = Form.text,
) -> None:
    """Count what messages cost, by what the platforms told of each; with a bots/NAME/prices.yaml in money too.

    \b
    Examples:
      trinario costs
      trinario costs --since 2026-10-01 --until 2026-10-31 --by country,category
      trinario costs --by day --format json
    """
    from trinario.jobs.costs import by_of
    from trinario.runtime.costs import costs_of

    try:
        wanted = by_of(by)
    except ValueError as error:
        refuse(str(error), USAGE)
    first, last = since.date() if since else None, until.date() if until else None
    found = run_on(lambda settings, store: costs_of(settings, store, bot_folder(bot), first, last, wanted))
    if form is Form.json:
        from trinario.web.api.costs import cost_list

        out(cost_list(found).model_dump_json(indent=2, exclude_none=True) + "\n")
    else:
        out(_table(found))


HEAD = ("messages", "charged", "free", "undelivered")


def _table(found: "Costs") -> str:
    """Columns for eyes; the last line is the total."""
    rows = [(*found.by, *HEAD, *([found.currency] if found.currency else []))]
    rows += [(*(part or "?" for part in one.key), *_numbers(found, one)) for one in found.sums]
    rows.append(("total", *[""] * (len(found.by) - 1), *_numbers(found, found.total)))
    wide = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [f"{found.since} to {found.until}", ""]
    for row in rows:
        cells = (
            text.ljust(width) if place < len(found.by) else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, wide, strict=True))
        )
        lines.append("  ".join(cells).rstrip())
    if found.currency and found.total.unpriced:
        lines += [
            "",
            f"{found.total.unpriced:,} charged messages have no price in prices.yaml; they are not in the sum",
        ]
    return "\n".join(lines) + "\n"


def _numbers(found: "Costs", one: "Sum") -> list[str]:
    numbers = [f"{count:,}" for count in (one.messages, one.charged, one.free, one.undelivered)]
    return [*numbers, f"{one.amount:,.2f}"] if found.currency else numbers
