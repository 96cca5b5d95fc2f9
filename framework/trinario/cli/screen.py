"""What commands print, and how they end when the person at the keyboard can mend it."""

import os
import sys
from typing import NoReturn

import typer

ISSUES, USAGE, BAD_CONFIGURATION = 1, 2, 78
"""Exit codes besides 0."""


def colored() -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set to anything."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def out(text: str | bytes) -> None:
    """Print to stdout; `text` brings its own line ends. Lone surrogates become question marks; bytes go as they are."""
    typer.echo(text if isinstance(text, bytes) else text.encode("utf-8", "replace"), nl=False)


def note(text: str) -> None:
    """Print a line to stderr, beside the data."""
    typer.echo(text, err=True)


def refuse(message: str, code: int) -> NoReturn:
    """End with a message on stderr."""
    typer.echo(f"trinario: {message}", err=True)
    raise typer.Exit(code)
