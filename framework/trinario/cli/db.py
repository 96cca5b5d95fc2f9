"""`db`: the database's tables."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from trinario.cli.screen import BAD_CONFIGURATION, out, refuse

if TYPE_CHECKING:
    from trinario.runtime.settings import Settings

app = typer.Typer(name="db", help="The database's tables.", no_args_is_help=True, rich_markup_mode=None)


class Form(StrEnum):
    """How data is printed."""

    text = "text"
    json = "json"


@app.command()
def upgrade(form: Annotated[Form, typer.Option("--format", help="How the outcome is printed.")] = Form.text) -> None:
    """Bring the database to this version's tables, under a lock. `run` does the same when it starts.

    \b
    Example:
      TRINARIO_DATABASE_URL=postgresql://bot@db/bot trinario db upgrade
    """
    import asyncio

    from trinario.errors import ConfigError
    from trinario.runtime import upkeep

    try:
        changed, revision = asyncio.run(upkeep.upgrade_database(_settings()))
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)
    words = f"the database is at {revision}" + (" now" if changed else " already")
    _told(form, words, {"revision": revision, "changed": changed})


@app.command()
def current(form: Annotated[Form, typer.Option("--format", help="How the outcome is printed.")] = Form.text) -> None:
    """Say at which revision the database stands, and which one this version needs.

    \b
    Example:
      trinario db current --format json
    """
    import asyncio

    from trinario.errors import ConfigError
    from trinario.runtime import upkeep

    try:
        found = asyncio.run(upkeep.current_revision(_settings()))
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)
    words = f"the database is at {found or 'no revision: it is empty'}"
    if found != upkeep.HEAD:
        words += f"; this version needs {upkeep.HEAD}: trinario db upgrade"
    _told(form, words, {"revision": found, "needed": upkeep.HEAD, "current": found == upkeep.HEAD})


def _settings() -> "Settings":
    from trinario.runtime.settings import load_settings

    return load_settings()


def _told(form: Form, words: str, data: dict[str, object]) -> None:
    import json

    out((words if form is Form.text else json.dumps(data)) + "\n")
