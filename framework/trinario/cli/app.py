"""The table of commands."""

from typing import Annotated

import typer

from trinario import __version__
from trinario.cli import chat, check, db, demo, doctor, emulator, graph, i18n, init, run, schemas, talks, versions

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


app.command()(demo.demo)
app.command()(init.init)
app.command()(check.check)
app.command("test")(talks.play)
app.command()(chat.chat)
app.command()(run.run)
app.command()(versions.plan)
app.command()(versions.deploy)
app.command()(versions.rollback)
app.command()(versions.deployments)
app.command()(versions.diff)
app.command()(emulator.emulator)
app.command()(schemas.schema)
app.command()(check.explain)
app.command()(graph.graph)
app.add_typer(i18n.app)
app.add_typer(db.app)
app.command()(doctor.doctor)
