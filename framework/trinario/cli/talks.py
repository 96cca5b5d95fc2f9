"""`test`: talks played on the real machine."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from trinario.cli.screen import colored


class Form(StrEnum):
    """How the outcome is printed."""

    text = "text"
    json = "json"
    junit = "junit"


def play(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Talks, or folders of talks; without any, all of tests/talks."),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How the outcome is printed.")] = Form.text,
    update: Annotated[
        bool, typer.Option("--update", help="Write what the bot says now into the talks, and show what changed.")
    ] = False,
) -> None:
    """Play talks against the bot and say which did not go as written, and which steps no talk has reached.

    Ends with 0 when every talk went as written, 1 when one did not, 2 when there is nothing to play.

    \b
    Examples:
      trinario test
      trinario test tests/talks/lead_capture.yaml
      trinario test --update tests/talks/lead_capture.yaml
      trinario test --format junit > talks.xml
    """
    if update:
        from trinario.testing.update_files import update_talks

        raise typer.Exit(update_talks(paths or []))
    from trinario.testing.run import run_talks

    raise typer.Exit(run_talks(paths or [], form.value, colored()))
