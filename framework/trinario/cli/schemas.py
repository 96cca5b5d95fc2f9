"""`schema`: the JSON Schemas of the files, for editors that complete and check while one types."""

from pathlib import Path
from typing import Annotated

import typer

from trinario.cli.screen import USAGE, note, out, refuse

FOLDER = Path(".trinario/schemas")
"""Where a project keeps them."""

FILES = {
    "flow": ["flows/**/*.yaml"],
    "bot": ["bots/*/bot.yaml"],
    "talk": ["tests/talks/**/*.yaml"],
    "campaign": ["bots/*/campaigns/*.yaml"],
    "templates": ["bots/*/templates.yaml"],
    "prices": ["bots/*/prices.yaml"],
}
"""Which files a kind is for."""


def schema(
    kind: Annotated[
        str, typer.Argument(metavar="[KIND]", help="flow, bot, talk, templates, campaign, sequence or prices.")
    ] = "",
    into: Annotated[
        Path | None, typer.Option("--into", help="Write the schemas of all kinds into this folder instead.")
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of file, for editors that complete and check while one types.

    \b
    Examples:
      trinario schema flow
      trinario schema --into .trinario/schemas
    """
    from trinario.authoring.schema import KINDS

    if into is not None:
        try:
            written = write_schemas(into)
        except OSError as error:
            refuse(f"{into} cannot be written: {(error.strerror or type(error).__name__).lower()}", USAGE)
        note(f"wrote {', '.join(str(file) for file in written)}")
        return
    if kind not in KINDS:
        there_are = f"there are {', '.join(KINDS[:-1])} and {KINDS[-1]}"
        refuse(f"there is no schema of {kind!r}; {there_are}" if kind else f"say which schema: {there_are}", USAGE)
    out(schema_text(kind))


def schema_text(kind: str) -> str:
    """The schema of a kind of file, as its file holds it."""
    import json

    from trinario.authoring.schema import schema as schema_of

    return json.dumps(schema_of(kind), ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write the schema of every kind into a folder, which is made; gives the files. Raises OSError."""
    from trinario.authoring.schema import KINDS

    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{kind}.json" for kind in KINDS]
    for kind, file in zip(KINDS, files, strict=True):
        file.write_text(schema_text(kind), encoding="utf-8")
    return files
