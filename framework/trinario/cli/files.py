"""Which files a person means by the paths of a command, and what is wrong with them."""

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from trinario.authoring.check import check_bot
from trinario.authoring.files import shown
from trinario.authoring.issue import Issue
from trinario.authoring.load import files_of, load_project
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_bot import ParsedBot, parse_bot
from trinario.authoring.parse_campaign import parse_campaign
from trinario.authoring.project import Project
from trinario.authoring.source import MOST_BYTES
from trinario.errors import ConfigError
from trinario.runtime.limits import LIMITS, WINDOWS
from trinario.runtime.system_clock import SystemClock


def checked(paths: Sequence[Path]) -> tuple[Issue, ...]:
    """The issues of these files and folders; of the project in the working directory without any.

    Raises ConfigError for a path that is not there or holds nothing of ours.
    """
    with _no_collection():
        if not paths:
            return _of_project(Path(), None)
        found = [issue for path in paths for issue in _checked(path)]
        return tuple(sorted(dict.fromkeys(found)))


@contextmanager
def _no_collection() -> Iterator[None]:
    """All that is read stays until the end, so looking for garbage in it finds none and takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _checked(path: Path) -> tuple[Issue, ...]:
    if not path.exists():
        raise ConfigError(f"there is no {path}: give a file or a folder that exists")
    root = project_of(path)
    if root is None:
        if "talks" in path.resolve().parts:
            raise ConfigError(f"{path} is about talks: trinario test {path} checks and plays them")
        if path.is_dir():
            raise ConfigError(f"there is no bot and no flow in {path}: give a folder that holds bots/ or flows/")
        return _single(path)
    return _of_project(root, None if path.is_dir() and path.resolve() == root.resolve() else path)


def project_of(path: Path) -> Path | None:
    """The nearest folder, from `path` upwards, that holds bots/ or flows/ with `path` in one of them, or is it."""
    start = path.resolve()
    if start.is_dir() and _is_project(start):
        return path
    for folder in start.parents:
        if start.is_relative_to(folder / "flows") or start.is_relative_to(folder / "bots"):
            return folder
    return None


def _is_project(folder: Path) -> bool:
    return (folder / "flows").is_dir() or (folder / "bots").is_dir()


def _of_project(root: Path, only: Path | None) -> tuple[Issue, ...]:
    project = load_project(root, None, os.environ)
    issues = check_bot(project, LIMITS, WINDOWS, SystemClock().now())
    if only is None:
        return issues
    if only.is_file() and not _belongs(only, project):
        return _single(only)
    if (bot := _bot_of(only, root, project)) is not None:
        return tuple(issue for issue in issues if _covers(only, issue.file) or issue.file in files_of(project, bot))
    return tuple(issue for issue in issues if _covers(only, issue.file))


def _bot_of(path: Path, root: Path, project: Project) -> ParsedBot | None:
    """The bot whose folder or bot.yaml this is: it is made of its flows too."""
    folder = path.parent if path.name == "bot.yaml" else path
    return project.bots.get(folder.name) if folder.resolve().parent == (root / "bots").resolve() else None


def _belongs(file: Path, project: Project) -> bool:
    """Whether the project read this file, as itself or as a translation."""
    known = {flow.file for flow in project.flows.values()} | {bot.file for bot in project.bots.values()}
    known |= {issue.file for issue in project.issues} | {bot.templates.file for bot in project.bots.values()}
    known |= {bot.prices.file for bot in project.bots.values()}
    known |= {campaign.file for bot in project.bots.values() for campaign in bot.campaigns}
    return shown(file) in known or file.suffix == ".po"


def _covers(path: Path, file: str) -> bool:
    """Whether a file with an issue is this path, is below it, or translates it."""
    name = shown(path)
    return file == name or (path.is_dir() and file.startswith(name + "/")) or _translates(file, name)


def _translates(file: str, flow: str) -> bool:
    return file.endswith(".po") and file.removesuffix(".po").rpartition(".")[0] + ".yaml" == flow


def _single(file: Path) -> tuple[Issue, ...]:
    """The issues of a file that stands in no project: a bot.yaml by its name, a campaign by its first key, else a flow."""
    try:
        with file.open("rb") as stream:
            data = stream.read(4 * MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {(error.strerror or type(error).__name__).lower()}") from error
    name = shown(file)
    if file.name == "bot.yaml":
        bot = parse_bot(data, name, os.environ)
        return check_bot(Project(file.parent, {}, {file.parent.name: bot}, tuple(bot.issues)), LIMITS, WINDOWS)
    campaign = parse_campaign(data, name)
    if campaign.declared:
        return campaign.issues
    flow = parse_flow(data, name)
    return check_bot(Project(file.parent, {flow.name or name: flow}, {}, tuple(flow.issues)), LIMITS, WINDOWS)
