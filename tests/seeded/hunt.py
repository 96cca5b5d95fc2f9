"""Breaks the good project in one place and asks `check`, then `check --explore`, what they see."""

from collections.abc import Mapping
from pathlib import Path

from tests.seeded.bugs import Bug
from tests.seeded.project import BOT, FLOWS, ITALIAN, TEMPLATES
from trinario.authoring.check import check_bot
from trinario.authoring.load import load_bot, load_project
from trinario.errors import ConfigError
from trinario.runtime.build import LIMITS, WINDOWS
from trinario.testing.controlled import Supplied
from trinario.testing.explore.explore import Explored, explore


def write(root: Path, bug: Bug | None = None) -> Path:
    """The project in a folder, with the bug in it; gives the bot's folder."""
    files: Mapping[str, tuple[Path, str]] = {
        "bot": (root / "bots" / "shop" / "bot.yaml", BOT),
        "templates": (root / "bots" / "shop" / "templates.yaml", TEMPLATES),
        "italian": (root / "flows" / "address.it.po", ITALIAN),
        **{name: (root / "flows" / f"{name}.yaml", text) for name, text in FLOWS.items()},
    }
    for name, (file, text) in files.items():
        if bug is not None and bug.file == name:
            assert text.count(bug.old) == 1, (bug.name, text.count(bug.old))
            text = text.replace(bug.old, bug.new)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root / "bots" / "shop"


def by_check(root: Path) -> list[str]:
    """The codes of what `check` says."""
    project = load_project(root, None, Supplied())
    return [issue.code for issue in check_bot(project, LIMITS, WINDOWS)]


def by_play(bot: Path, budget: float, only: tuple[str, ...] = ()) -> Explored | None:
    """What playing shows; None for a bot that cannot start."""
    try:
        loaded = load_bot(bot, LIMITS, Supplied(), WINDOWS)
    except ConfigError:
        return None
    return explore(loaded, budget, only)


def found(root: Path, bug: Bug, budget: float = 10.0) -> tuple[str, ...]:
    """The codes by which a bug is seen: those of `check`, else those of playing the broken flow."""
    bot = write(root, bug)
    if codes := by_check(root):
        return tuple(dict.fromkeys(codes))
    only = () if bug.file in ("bot", "address") else (bug.file,)
    explored = by_play(bot, budget, only)
    return tuple(dict.fromkeys(one.issue.code for one in explored.evidence)) if explored else ()
