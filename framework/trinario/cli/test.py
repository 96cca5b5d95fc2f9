"""`test`: talks are played, and what was said is held against what they list."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from trinario.cli.screen import colored


class Report(StrEnum):
    """How the outcome is printed."""

    text = "text"
    json = "json"
    junit = "junit"


def play(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Talks or folders; without any, tests/talks.")
    ] = None,
    form: Annotated[Report, typer.Option("--format", help="How the outcome is printed.")] = Report.text,
) -> None:
    """Play talks on the real machine: a diff of what was said, and which steps and exits were covered.

    Ends with 0 when every talk went as written, 1 when one did not or cannot be read, 2 when there is none.

    \b
    Examples:
      trinario test
      trinario test tests/talks/booking.yaml
      trinario test --format junit > talks.xml
    """
    from trinario.testing.run import run_talks

    code = run_talks(paths or [], form.value, colored(), sys.stdout)
    if code:
        raise typer.Exit(code)
