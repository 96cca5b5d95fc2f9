"""Finds talks, plays them against their bots, and reports: what `trinario test` and pytest call."""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TextIO

from trinario.authoring.files import shown
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.load import LoadedBot, load_bot
from trinario.errors import ConfigError
from trinario.runtime import build
from trinario.testing.checking import check_talk
from trinario.testing.controlled import Supplied
from trinario.testing.coverage import Covered, coverage
from trinario.testing.reading import ParsedTalk, parse_talk
from trinario.testing.report import print_json, print_junit, print_text
from trinario.testing.talk import Played, play

Format = Literal["text", "json", "junit"]

AS_WRITTEN, NOT, USAGE = 0, 1, 2
"""What `run_talks` gives."""


@dataclass(slots=True)
class Plays:
    """What became of some talk files. `bots` are those that were talked with, by their folders."""

    played: list[Played] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    bots: dict[Path, LoadedBot] = field(default_factory=dict)

    @property
    def covered(self) -> list[Covered]:
        """The coverage of all flows of the bots that were talked with."""
        flows = {name: flow for loaded in self.bots.values() for name, flow in loaded.bot.flows.items()}
        return coverage(flows, self.played)

    @property
    def good(self) -> bool:
        """Whether every talk could be read and went as written."""
        errors = any(issue.severity is Severity.ERROR for issue in self.issues)
        return not errors and all(one.passed for one in self.played)


def run_talks(
    paths: Sequence[Path], format: Format = "text", color: bool = False, out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:  # fmt: skip
    """Play the talks of these files and folders (of `tests/talks` without any) and print how they went.

    Gives 0 when all went as written, 1 when one did not, or when it or its bot cannot be read, 2 when there is nothing
    to play.
    """
    out, err = out or sys.stdout, err or sys.stderr
    try:
        files = talk_files(paths)
    except ConfigError as error:
        print(f"trinario: {error}", file=err)
        return USAGE
    try:
        plays = play_files(files)
    except ConfigError as error:
        print(f"trinario: {error}", file=err)
        return NOT
    printed = {
        "text": lambda: print_text(plays.played, plays.issues, plays.covered, color),
        "json": lambda: print_json(plays.played, plays.issues, plays.covered),
        "junit": lambda: print_junit(plays.played, plays.issues),
    }[format]()
    out.write(printed)
    return AS_WRITTEN if plays.good else NOT


def talk_files(paths: Sequence[Path]) -> list[Path]:
    """The files meant by some paths, each once, in order. Raises ConfigError for a path that holds no talk."""
    files: list[Path] = []
    for path in paths or [Path("tests/talks")]:
        if path.is_file():
            files.append(path)
            continue
        found = [file for file in sorted(path.rglob("*.yaml")) if _is_talk(file, path)]
        if not found:
            raise ConfigError(f"there is no talk in {shown(path)}: talks are YAML files, usually in tests/talks")
        files += found
    return list(dict.fromkeys(files))


def _is_talk(file: Path, folder: Path) -> bool:
    """Whether it is a file, and not hidden."""
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)


def play_files(files: Iterable[Path]) -> Plays:
    """Play every talk. Raises ConfigError for a file that cannot be opened and a bot that cannot start."""
    plays = Plays()
    for file in files:
        parsed = read_talk(file)
        plays.issues += parsed.issues
        if parsed.talk is None or parsed.notes is None:
            continue
        folder = bot_folder(file, parsed)
        if isinstance(folder, Issue):
            plays.issues.append(folder)
            continue
        if folder not in plays.bots:
            plays.bots[folder] = load(folder)
        issues = check_talk(parsed.notes, plays.bots[folder].bot)
        plays.issues += issues
        if not issues:
            plays.played.append(asyncio.run(play(parsed.talk, plays.bots[folder])))
    return plays


def read_talk(file: Path) -> ParsedTalk:
    """The talk of a file. Raises ConfigError for one that cannot be opened."""
    try:
        return parse_talk(file.read_bytes(), shown(file))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ConfigError(f"{shown(file)} cannot be read: {reason}") from error


def bot_folder(file: Path, parsed: ParsedTalk) -> Path | Issue:
    """The folder of the bot that a talk is with: the one it names, or the only one there is."""
    root = project_of(file)
    names = sorted(one.parent.name for one in root.glob("bots/*/bot.yaml")) if root else []
    name = parsed.bot or (names[0] if len(names) == 1 else "")
    return root / "bots" / name if root is not None and name in names else _no_bot(parsed, names)


def load(folder: Path) -> LoadedBot:
    """A bot with an environment in which nothing is missing. Raises ConfigError when it has errors."""
    return load_bot(folder, build.LIMITS, Supplied(), build.WINDOWS)


def _no_bot(parsed: ParsedTalk, names: Sequence[str]) -> Issue:
    assert parsed.notes is not None
    document, root = parsed.notes.document, parsed.notes.document.root
    node = parsed.notes.nodes.get(("bot",), root)
    known = f"the project has {', '.join(names)}" if names else "there is no bots/ folder above this file"
    message = f'there is no bot "{parsed.bot}"' if parsed.bot else "this talk does not say with which bot"
    return document.issue(node.place, "T047", message, hint=f"write `bot:` and its name; {known}")


def project_of(file: Path) -> Path | None:
    """The nearest folder above a file that holds bots/."""
    return next((folder for folder in file.resolve().parents if (folder / "bots").is_dir()), None)
