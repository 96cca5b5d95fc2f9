"""The page of commands, out of the command line itself."""

from collections.abc import Iterator
from enum import EnumType
from typing import Any, get_type_hints

import typer

from docs.pages.lines import fenced, table_of
from trinario.cli.app import app


def commands() -> Iterator[str]:
    """Every command with its arguments and options, out of the command line itself."""
    yield "# Commands"
    yield from (
        "`trinario` and `python -m trinario` are the same. Exit codes besides those named: 0 is fine, 2 is a wrong call.",
        "",
    )
    root: Any = typer.main.get_command(app)
    for name, command in root.commands.items():
        for full, one in _leaves(f"trinario {name}", command):
            yield from _command(full, one)


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield name, command
        return
    for part, one in below.items():
        yield from _leaves(f"{name} {part}", one)


def _command(name: str, command: Any) -> Iterator[str]:
    yield from (f"## {name}", "")
    words, _, examples = str(command.help or "").replace("\f", "").partition("\b\n")
    yield from (line.strip() for line in words.strip().splitlines())
    kinds = get_type_hints(command.callback)
    rows = [_parameter(one, kinds.get(one.name)) for one in command.params if one.name != "help"]
    yield from table_of(("", "default", "what it does"), rows)
    _, _, lines = examples.partition("\n")
    yield from fenced("\n".join(line.strip() for line in lines.strip().splitlines()), "sh")


def _parameter(one: Any, kind: Any) -> tuple[str, str, str]:
    option = one.param_type_name == "option"
    name = ", ".join(one.opts) if option else str(one.metavar or one.name).upper()
    default = one.default
    default = getattr(default, "value", default)
    shown = "" if default in (None, False) or callable(default) or not str(default) else f"`{default}`"
    members: list[Any] = list(kind) if isinstance(kind, EnumType) else []
    values = [str(member.value) for member in members]
    choices = f" One of {', '.join(f'`{value}`' for value in values)}." if values else ""
    return f"`{name}`", shown, (one.help or "") + choices
