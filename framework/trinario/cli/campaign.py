"""`campaign`: what is scheduled, planned before it is sent, started, paused, and reported."""

import getpass
import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trinario.cli import campaign_report, campaign_show
from trinario.cli.privacy import BotOption, Form, FormOption, as_json, bot_folder, confirmed, run_on
from trinario.cli.screen import USAGE, note, out, refuse

if TYPE_CHECKING:
    from trinario.jobs.planning import Plan
    from trinario.ports.campaigns import CampaignRun

app = typer.Typer(
    name="campaign", help="Campaigns: planned, started, paused, reported.", no_args_is_help=True, rich_markup_mode=None
)

Name = Annotated[str, typer.Argument(help="The campaign's name, as in its file.")]
ReasonOption = Annotated[str, typer.Option(help="Why; it stays in its history.")]
SamplesOption = Annotated[int, typer.Option(min=0, max=20, help="Messages shown of each language and channel.")]


@app.command("list", short_help="Show the campaigns, how they stand, and when they go.")
def list_(bot: BotOption = None, form: FormOption = Form.text) -> None:
    """Show the campaigns of the bot: how they stand, when they go next, and how far they are.

    \b
    Example:
      trinario campaign list
    """
    from trinario.runtime import campaigns

    folder = bot_folder(bot)

    async def work(settings: Any, store: Any) -> list[Any]:
        now = await campaigns.now_of(settings)
        return await campaigns.listed(store, campaigns.world_of(folder, settings).bot(), now)

    known = run_on(work)
    if form is Form.json:
        out(as_json({"campaigns": [campaign_show.standing(one) for one in known]}))
    else:
        out("".join(campaign_show.line(one) + "\n" for one in known) or f"no campaigns in {folder / 'campaigns'}\n")
    for file in campaigns.faulty(folder):
        note(f"{file} has errors and is not served: see `trinario check`")


@app.command(short_help="Say what it would do: to whom, when, and what keeps others out.")
def plan(name: Name, bot: BotOption = None, samples: SamplesOption = 3, form: FormOption = Form.text) -> None:
    """Ask about everybody of the segment as in her own turn, and send nothing: who gets it where and in which form, who does
    not and why, when it is over, and how it reads. `start` asks for the id that this prints.

    \b
    Examples:
      trinario campaign plan spring
      trinario campaign plan spring --samples 20
      trinario campaign plan spring --format json
    """
    made = _planned(name, bot_folder(bot))
    out(
        as_json(campaign_show.plan_data(made)) if form is Form.json else campaign_show.plan_text(made, samples, _wide())
    )


def _planned(name: str, folder: Path) -> "Plan":
    from trinario.runtime import campaigns

    async def work(settings: Any, store: Any) -> "Plan":
        return await campaigns.plan(settings, store, folder, name, _progress)

    made = run_on(work)
    if sys.stderr.isatty():
        typer.echo("\r" + " " * 40 + "\r", err=True, nl=False)
    return made


def _wide() -> int:
    """Columns of the terminal; of what is no terminal 120."""
    return get_terminal_size((120, 40)).columns


def _progress(count: int) -> None:
    """How many people were looked at, on a terminal."""
    if sys.stderr.isatty():
        typer.echo(f"\r{count:,} people of the segment ...", err=True, nl=False)


@app.command(short_help="Start it, as it was planned.")
def start(
    name: Name,
    plan: Annotated[
        str, typer.Option(help="The id of the plan that you looked at; without it one is made and shown.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    author: Annotated[str, typer.Option(help="Who says so; else who is logged in here.")] = "",
    nobody_yet: Annotated[
        bool, typer.Option("--nobody-yet", help="Also if nobody would get it now, but at its time.")
    ] = False,
    bot: BotOption = None,
    form: FormOption = Form.text,
) -> None:
    """Start a campaign: it goes at its time, in the process that runs the bot. Refused when files, rules, templates or
    the number of people have changed since the plan, and when nobody would get it.

    \b
    Examples:
      trinario campaign start spring
      trinario campaign start spring --plan spring-1f6a02cc --yes
    """
    from trinario.runtime import campaigns

    folder = bot_folder(bot)
    if not plan:
        if yes:
            refuse(f"say which plan: `trinario campaign plan {name}` prints its id, --plan takes it", USAGE)
        made = _planned(name, folder)
        note(campaign_show.plan_text(made, wide=_wide()))
        plan = made.id
        confirmed(f"start campaign {name}?", yes)
    who = author or getpass.getuser()
    run = run_on(
        lambda settings, store: campaigns.start(
            settings, store, campaigns.sound_world_of(folder, settings), name, plan, who, nobody_yet
        )
    )
    _changed(run, form, f"campaign {name} is started; the process that runs the bot brings it out")


@app.command(short_help="Nothing more of it goes, until it is resumed.")
def pause(name: Name, reason: ReasonOption = "", form: FormOption = Form.text) -> None:
    """Pause a campaign: nothing more of it goes, what waits to be sent neither.

    \b
    Example:
      trinario campaign pause spring --reason "wrong price"
    """
    from trinario.runtime import campaigns

    run = run_on(lambda settings, store: campaigns.pause(settings, store, name, getpass.getuser(), reason))
    _changed(run, form, f"campaign {name} is paused; `trinario campaign resume {name}` lets it go on")


@app.command(short_help="It goes on where it stood.")
def resume(name: Name, form: FormOption = Form.text) -> None:
    """Let a campaign go on that was paused, or is held.

    \b
    Example:
      trinario campaign resume spring
    """
    from trinario.runtime import campaigns

    run = run_on(lambda settings, store: campaigns.resume(settings, store, name, getpass.getuser()))
    _changed(run, form, f"campaign {name} goes on")


@app.command(short_help="End it for good.")
def cancel(
    name: Name, reason: ReasonOption = "", yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    form: FormOption = Form.text,
) -> None:  # fmt: skip
    """End a campaign for good: who has not had it gets nothing.

    \b
    Example:
      trinario campaign cancel spring --reason "sold out" --yes
    """
    from trinario.runtime import campaigns

    confirmed(f"cancel campaign {name}? Who has not had it gets nothing, and it does not come back.", yes)
    run = run_on(lambda settings, store: campaigns.cancel(settings, store, name, getpass.getuser(), reason))
    _changed(run, form, f"campaign {name} is cancelled")


@app.command(short_help="Say what became of it.")
def report(
    name: Name,
    bot: BotOption = None,
    form: Annotated[
        campaign_report.ReportForm, typer.Option("--format", help="How it is printed.")
    ] = campaign_report.ReportForm.text,
    table: Annotated[
        campaign_report.Table,
        typer.Option(
            help="What the CSV has: groups, what became of people, the plan, variants, or refusals by channel."
        ),
    ] = campaign_report.Table.groups,
) -> None:
    """Say what became of a campaign: sent, delivered, read, answered, converted and opted out, by variant, channel and
    language; what of the plan came true, and why the rest did not; who was left out and why; and whether the variants differ.

    \b
    Examples:
      trinario campaign report spring
      trinario campaign report spring --format csv > spring.csv
      trinario campaign report spring --format csv --table plan > spring-plan.csv
      trinario campaign report spring --format svg > spring.svg
      trinario campaign report spring --format png > spring.png
    """
    from trinario.runtime import campaigns

    folder = bot_folder(bot)
    found = run_on(lambda settings, store: campaigns.report(store, campaigns.world_of(folder, settings).bot(), name))
    out(campaign_report.report_text(*found, form, _wide(), table))


def _changed(run: "CampaignRun", form: Form, words: str) -> None:
    if form is Form.json:
        out(as_json(campaign_show.run_data(run)))
    note(words)
