"""`run`: the bot runtime process."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from trinario.cli.screen import BAD_CONFIGURATION, refuse


class Role(StrEnum):
    """What one process does."""

    all = "all"
    web = "web"
    worker = "worker"
    sender = "sender"
    scheduler = "scheduler"


def run(
    bot: Annotated[
        Path | None, typer.Option("--bot", help="The bot's folder; may be left out if bots/ holds only one.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")] = 8080,
    role: Annotated[Role, typer.Option(help="What this process does; anything but all needs PostgreSQL.")] = Role.all,
) -> None:
    """Run a bot: webhooks in, messages out. Configuration comes from bot.yaml and the environment.

    Its files are read again when they change, until something is deployed (trinario deploy); then that is served.
    Ends with 0 after a drain (SIGTERM, Ctrl-C), 1 after a fault, 78 when the configuration is wrong.

    \b
    Examples:
      trinario run --bot bots/demo
      TRINARIO_DATABASE_URL=postgresql://bot@db/bot trinario run --role worker
    """
    from trinario.errors import ConfigError
    from trinario.runtime import process
    from trinario.runtime.settings import load_settings

    try:
        settings = load_settings()
        code = process.run(bot or only_bot(Path()), host, port, role.value, settings)
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)
    raise typer.Exit(code)


def only_bot(root: Path) -> Path:
    """The one bot of a project. Raises ConfigError when there is none, or a choice."""
    from trinario.errors import ConfigError

    found = [file.parent for file in sorted(root.glob("bots/*/bot.yaml"))]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ConfigError("there is no bots/NAME/bot.yaml here: go to the project's folder, or name the bot with --bot")
    raise ConfigError(f"there are {len(found)} bots: choose with --bot {' or --bot '.join(map(str, found))}")
