"""Talk files brought up to what the bot says now: what `trinario test --update` does and prints."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from trinario.authoring.files import shown
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.load import LoadedBot
from trinario.authoring.printing import print_issues
from trinario.errors import ConfigError
from trinario.testing.checking import check_talk
from trinario.testing.run import AS_WRITTEN, NOT, USAGE, bot_folder, load, read_talk, talk_files
from trinario.testing.talk import play
from trinario.testing.updating import Updated, difference, update, write_back


def update_talks(paths: Sequence[Path], out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Bring the talks of these files and folders up to what the bots say, and print what changed in each.

    A talk in which a flow fails, or something cannot be done, is left as it is. Gives 0 when all go as written now,
    1 when one does not, 2 when there is nothing to play.
    """
    out, err = out or sys.stdout, err or sys.stderr
    try:
        files = talk_files(paths)
    except ConfigError as error:
        print(f"trinario: {error}", file=err)
        return USAGE
    bots: dict[Path, LoadedBot] = {}
    try:
        told = [_one(file, bots, out) for file in files]
    except ConfigError as error:
        print(f"trinario: {error}", file=err)
        return NOT
    changed, good = sum(one == "changed" for one in told), sum(one != "not" for one in told)
    bad = f", {len(told) - good} not as written" if good < len(told) else ""
    print(f"{changed} of {len(told)} talks changed{bad}", file=err)
    return AS_WRITTEN if good == len(told) else NOT


def _one(file: Path, bots: dict[Path, LoadedBot], out: TextIO) -> str:
    """Updates one file; gives `same`, `changed` or `not` (as written)."""
    parsed = read_talk(file)
    if parsed.talk is None or parsed.notes is None:
        out.write(print_issues(parsed.issues))
        return "not"
    folder = bot_folder(file, parsed)
    if isinstance(folder, Issue):
        out.write(print_issues([folder]))
        return "not"
    if folder not in bots:
        bots[folder] = load(folder)
    issues = check_talk(parsed.notes, bots[folder].bot)
    if any(issue.severity is Severity.ERROR for issue in issues):
        out.write(print_issues(issues))
        return "not"
    data = file.read_bytes()
    updated = asyncio.run(update(parsed.talk, parsed.notes, data, bots[folder]))
    return _told(file, updated, data, bots[folder], out)


def _told(file: Path, updated: Updated, data: bytes, bot: LoadedBot, out: TextIO) -> str:
    """Prints what became of it, and writes it if it goes as written then, or at least as far as words go."""
    name = shown(file)
    if updated.refused:
        out.write(f"{name} stays as it is: {updated.refused}\n")
        return "not"
    if updated.changed:
        out.write(difference(updated, name))
        write_back(file, updated, data)
    for left in updated.left:
        out.write(f"{name}: {left}; this is for you to change\n")
    anew = read_talk(file)
    if updated.left or anew.talk is None or not asyncio.run(play(anew.talk, bot)).passed:
        if not updated.left:
            out.write(f"{name} does not go as written yet: play it with `trinario test {name}`\n")
        return "not"
    return "changed" if updated.changed else "same"
