"""`init`: a new project that passes `check` and `test` at once."""

import re
from importlib import resources
from pathlib import Path
from typing import Annotated
from unicodedata import combining, normalize

import typer

from trinario.cli.screen import USAGE, note, refuse

STARTER = {
    "bot.yaml": "bots/@NAME@/bot.yaml",
    "welcome.yaml": "flows/welcome.yaml",
    "talk.yaml": "tests/talks/opening_hours.yaml",
    "talk_person.yaml": "tests/talks/not_understood.yaml",
    "talk_silence.yaml": "tests/talks/silence.yaml",
    "README.md": "README.md",
    "gitignore": ".gitignore",
}
"""The files that a project begins with, and where they go."""


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make; it may exist, but must be empty.")],
) -> None:
    """Begin a project: a bot, a first flow, talks that test it, and settings for the editor.

    \b
    Examples:
      trinario init garden
      cd garden && trinario chat
    """
    _only_empty(folder)
    words = _names(folder)
    try:
        made = [*_files(folder, words), *_editor(folder)]
    except OSError as error:
        refuse(f"{folder} cannot be written: {(error.strerror or type(error).__name__).lower()}", USAGE)
    for file in made:
        note(f"  {file}")
    go = "" if folder.resolve() == Path.cwd() else f"cd {folder} && "
    note(
        f"\n{words['@TITLE@']} is ready. Talk to it: {go}trinario chat welcome\nOn three phones in the browser: trinario demo\nREADME.md says what comes next."
    )


def _only_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        refuse(f"{folder} is a file: name a folder that is to be made", USAGE)
    found = sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []
    if found:
        more = " ..." if len(found) > 3 else ""
        refuse(f"{folder} is not empty (there is {', '.join(found[:3])}{more}): name a new folder", USAGE)


def _names(folder: Path) -> dict[str, str]:
    """What stands in place of the marks: a name, a title and a page, all from the folder's name."""
    plain = "".join(char for char in normalize("NFKD", folder.resolve().name) if not combining(char))
    parts = re.findall(r"[A-Za-z0-9]+", plain)
    name = "_".join(parts).lower()
    if not name or not name[0].isalpha():
        parts, name = ["My", "bot", *parts], "_".join(["bot", *parts]).lower()
    title = " ".join(part[:1].upper() + part[1:] for part in parts)
    return {"@NAME@": name, "@TITLE@": title, "@PAGE@": name.replace("_", "")}


def _files(folder: Path, words: dict[str, str]) -> list[Path]:
    starter = resources.files("trinario.cli") / "starter"
    return [_write(folder / _filled(target, words), _filled((starter / source).read_text("utf-8"), words))
            for source, target in STARTER.items()]  # fmt: skip


def _filled(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def _editor(folder: Path) -> list[Path]:
    """The schemas, and settings by which Visual Studio Code finds them."""
    import json

    from trinario.authoring.schema import KINDS
    from trinario.cli.schemas import FILES, FOLDER, write_schemas

    schemas = {f"{FOLDER.as_posix()}/{kind}.json": FILES[kind] for kind in KINDS if kind in FILES}
    settings = {"yaml.schemas": schemas, "yaml.validate": True, "[yaml]": {"editor.tabSize": 2}}
    wanted = {"recommendations": ["redhat.vscode-yaml"]}
    return [
        *write_schemas(folder / FOLDER),
        _write(folder / ".vscode/settings.json", json.dumps(settings, indent=2) + "\n"),
        _write(folder / ".vscode/extensions.json", json.dumps(wanted, indent=2) + "\n"),
    ]


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    return file
