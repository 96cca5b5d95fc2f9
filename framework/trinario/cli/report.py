"""`report`: how far people come in a flow, and what becomes of a sequence, step by step."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from trinario.cli.privacy import BotOption, as_json, bot_folder, run_on
from trinario.cli.screen import out

app = typer.Typer(name="report", help="Flows and sequences, step by step.", no_args_is_help=True, rich_markup_mode=None)


class PictureForm(StrEnum):
    """How a report is printed."""

    text = "text"
    json = "json"
    csv = "csv"
    svg = "svg"
    png = "png"


class Apart(StrEnum):
    """What a report can be told apart by."""

    channel = "channel"
    language = "language"
    variant = "variant"
    revision = "revision"


SinceOption = Annotated[str, typer.Option(help="How far back: 30d, a day (2026-10-01), or all.")]
FormOption = Annotated[PictureForm, typer.Option("--format", help="How it is printed; svg and png are a chart.")]


@app.command(short_help="How far people come in a flow, and where they are lost.")
def flow(
    name: Annotated[str, typer.Argument(help="The flow's name.")],
    since: SinceOption = "30d",
    by: Annotated[Apart | None, typer.Option(help="A funnel for each of these.")] = None,
    bot: BotOption = None,
    form: FormOption = PictureForm.text,
) -> None:
    """Say how far people come in a flow: how many entered and finished, and for each step how many reached it, went on,
    answered, were timed out, dropped off or stand there, how long half of them took, and what became of its messages.

    \b
    Examples:
      trinario report flow lead_capture
      trinario report flow lead_capture --since 2026-10-01 --by channel
      trinario report flow lead_capture --format svg > funnel.svg
    """
    from trinario.cli import picture, report_show
    from trinario.runtime import campaigns, reports

    folder = bot_folder(bot)

    async def work(settings: Any, store: Any) -> Any:
        known = campaigns.world_of(folder, settings).bot()
        return await reports.flow(settings, store, known, name, since, by.value if by else "")

    told = run_on(work)
    if form is PictureForm.json:
        out(as_json(told.plain()))
    elif form is PictureForm.csv:
        out(report_show.flow_csv(told))
    elif form is PictureForm.text:
        out(report_show.flow_text(told))
    else:
        out(picture.drawn(report_show.flow_picture(told), form.value))


@app.command(short_help="What becomes of a sequence, step by step.")
def sequence(
    name: Annotated[str, typer.Argument(help="The sequence's name.")],
    since: SinceOption = "all",
    bot: BotOption = None,
    form: FormOption = PictureForm.text,
) -> None:
    """Say what became of a sequence: who is in it, through it or has left it and why, and for each step how many wait for it,
    and how many had it, read it, answered, clicked, did what it is for, or said stop.

    \b
    Examples:
      trinario report sequence tips
      trinario report sequence tips --since 90d --format csv > tips.csv
    """
    from trinario.cli import picture, report_show
    from trinario.runtime import campaigns, reports

    folder = bot_folder(bot)

    async def work(settings: Any, store: Any) -> Any:
        return await reports.sequence(settings, store, campaigns.world_of(folder, settings).bot(), name, since)

    told = run_on(work)
    if form is PictureForm.json:
        out(as_json(told.plain()))
    elif form is PictureForm.csv:
        out(report_show.sequence_csv(told))
    elif form is PictureForm.text:
        out(report_show.sequence_text(told))
    else:
        out(picture.drawn(report_show.sequence_picture(told), form.value))
