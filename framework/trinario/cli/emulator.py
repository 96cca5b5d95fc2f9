"""`emulator`: Meta on this machine, alone."""

from pathlib import Path
from typing import Annotated

import typer

from trinario.cli.screen import BAD_CONFIGURATION, refuse


def emulator(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 9090,
    host: Annotated[str, typer.Option(help="The address to listen on; keep it on this machine.")] = "127.0.0.1",
    config: Annotated[Path | None, typer.Option(help="Accounts and knobs, as YAML or JSON.")] = None,
    journal: Annotated[Path | None, typer.Option(help="A file that survives restarts: what Meta knows.")] = None,
    log: Annotated[
        Path | None, typer.Option(help="A file for the log: every call, webhook and violation, a JSON line each.")
    ] = None,
) -> None:
    """Run the Meta emulator: the Graph's send endpoints, webhooks, people with three phones, faults on demand.

    Its control API is under /_emulator/ (people, clock, faults, log).

    \b
    Examples:
      trinario emulator
      trinario emulator --port 9091 --config emulator.yaml --journal meta.journal --log meta.jsonl
    """
    from trinario.emulator import server
    from trinario.errors import ConfigError

    try:
        server.run(config, host, port, journal, log)
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)
