"""The table of commands."""

from typing import Annotated

import typer

from trinario import __version__
from trinario.cli import (
    campaign,
    channels,
    chat,
    check,
    contacts,
    costs,
    db,
    demo,
    doctor,
    draw,
    emulator,
    graph,
    i18n,
    init,
    replay,
    report,
    run,
    schemas,
    strays,
    talks,
    templates,
    tickets,
    versions,
    webhooks,
)

app = typer.Typer(
    name="trinario",
    help="Conversational bots: one conversation with a person across WhatsApp, Messenger and Instagram.",
    epilog="Begin with: trinario demo",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"trinario {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


app.command(short_help="Run the demo bot, with three phones in the browser.")(demo.demo)
app.command(short_help="Begin a project that passes check and test at once.")(init.init)
app.command(short_help="Check flows and bots, and say how to mend them.")(check.check)
app.command("test", short_help="Play talks, and say which did not go as written.")(talks.play)
app.command(short_help="Talk to a bot in the terminal.")(chat.chat)
app.command(short_help="Run a bot: webhooks in, messages out.")(run.run)
app.command(short_help="Say what a deploy of the files would do.")(versions.plan)
app.command(short_help="Make the flows of the files current.")(versions.deploy)
app.command(short_help="Make an earlier deployment current again.")(versions.rollback)
app.command(short_help="List what was current, newest first.")(versions.deployments)
app.command(short_help="Show two versions to a reviewer.")(versions.diff)
app.command(short_help="Play recorded sessions on another version.")(replay.replay)
app.command(short_help="Run the Meta emulator on this machine.")(emulator.emulator)
app.command(short_help="Print the JSON Schema of a kind of file.")(schemas.schema)
app.command(short_help="Say what the code of an issue means.")(check.explain)
app.command(short_help="Draw a flow as Mermaid, DOT or SVG.")(graph.graph)
app.add_typer(i18n.app, short_help="Texts of flows for translators: gettext PO files.")
app.add_typer(templates.app, short_help="Message templates: here, and at Meta.")
app.add_typer(campaign.app, short_help="Campaigns: planned, started, paused, reported.")
app.add_typer(report.app, short_help="Flows and sequences, step by step.")
app.command(short_help="Draw winners, in a way that anybody can check.")(draw.draw)
app.add_typer(contacts.app, short_help="People: joined, parted, what they allow, forgotten.")
app.command(short_help="Count what messages cost.")(costs.costs)
app.command(short_help="Show what came in and was not understood.")(strays.strays)
app.add_typer(tickets.app, short_help="People who were given to a team: listed, taken, closed.")
app.add_typer(channels.app, short_help="Channels that the platform refuses, and going on.")
app.add_typer(webhooks.app, short_help="Other systems that are told what happens.")
app.add_typer(db.app, short_help="The tables of the database.")
app.command(short_help="Look whether all is in place to run.")(doctor.doctor)
