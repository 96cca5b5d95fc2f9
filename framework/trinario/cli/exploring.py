"""`check --explore`: which bots and flows a person means, and how what playing them shows is printed and kept."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trinario.authoring.files import shown
from trinario.authoring.issue import Issue
from trinario.authoring.load import LoadedBot, load_bot
from trinario.authoring.nodes import excerpt_of
from trinario.authoring.printing import print_issues, to_json
from trinario.cli.files import project_of
from trinario.errors import ConfigError
from trinario.model.duration import parse_duration
from trinario.runtime.limits import LIMITS, WINDOWS
from trinario.testing.controlled import Supplied
from trinario.testing.explore.evidence import Evidence
from trinario.testing.explore.explore import Explored, explore


@dataclass(slots=True)
class Plays:
    """What became of each bot; `broken` are bots that cannot start, so that nobody can play with them."""

    explored: list[Explored] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def evidence(self) -> list[Evidence]:
        """Everything that was found, in the order of the files."""
        found = [one for each in self.explored for one in each.evidence]
        return sorted(found, key=lambda one: one.issue)


def seconds(text: str) -> float:
    """A budget like `20s` or `2m`. Raises ConfigError."""
    try:
        span = parse_duration(text).elapsed.total_seconds()
    except ValueError as error:
        raise ConfigError(f"--budget {text} is no span of time: {error}") from error
    if span <= 0:
        raise ConfigError(f"--budget {text} leaves no time to play: write something like 20s")
    return span


def play(paths: Sequence[Path], budget: float) -> Plays:
    """Plays the bots of the projects that these paths are in, with the flows among them, or all.

    Raises ConfigError where there is no bot.
    """
    plays, wanted = Plays(), [path.resolve() for path in paths]
    roots = list(dict.fromkeys((project_of(path) or path).resolve() for path in paths or [Path()]))
    folders = [bot.parent for root in roots for bot in sorted(root.glob("bots/*/bot.yaml"))]
    if not folders:
        raise ConfigError("there is no bot to play with: --explore needs a project with bots/")
    whole = not paths or any(path in roots for path in wanted)
    for folder in folders:
        try:
            loaded = load_bot(folder, LIMITS, Supplied(), WINDOWS)
        except ConfigError:
            plays.broken.append(shown(folder))
            continue
        only = [] if whole or _in(folder, wanted) else _flows(loaded, wanted)
        if only or whole or _in(folder, wanted):
            plays.explored.append(_placed(explore(loaded, budget, only)))
    return plays


def _in(folder: Path, wanted: Sequence[Path]) -> bool:
    return any(folder.resolve().is_relative_to(path) or path.is_relative_to(folder.resolve()) for path in wanted)


def _flows(loaded: LoadedBot, wanted: Sequence[Path]) -> list[str]:
    """The flows whose files are these, or lie in these folders."""
    files = {flow.name: Path(flow.file).resolve() for flow in loaded.bot.flows.values()}
    return [name for name, file in files.items() if any(file.is_relative_to(path) for path in wanted)]


def _placed(explored: Explored) -> Explored:
    """The findings with the lines of the files that they are about."""
    explored.evidence = [Evidence(_with_line(one.issue), one.talk) for one in explored.evidence]
    return explored


def _with_line(issue: Issue) -> Issue:
    file = Path(issue.file)
    if not issue.file or not file.is_file():
        return issue
    lines = tuple(file.read_text(encoding="utf-8", errors="replace").splitlines())
    line = excerpt_of(lines, issue.line)
    start = len(line) - len(line.lstrip()) + 1
    end = start + max(1, len(line.strip().partition(":")[0]))
    return Issue(issue.code, issue.file, issue.line, start, end, issue.message, issue.hint, issue.severity, line)


def issues_of(plays: Plays) -> tuple[Issue, ...]:
    """What was found, as issues."""
    return tuple(one.issue for one in plays.evidence)


def write(plays: Plays, folder: Path) -> dict[int, str]:
    """Each talk in a file of the folder; gives their names by the number of the finding."""
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[int, str] = {}
    for number, one in enumerate(plays.evidence):
        about = re.sub(r"[^a-z0-9]+", "_", f"{one.issue.code} {one.issue.message.partition(':')[0]}".lower()).strip("_")
        name = f"{about}.yaml" if f"{folder}/{about}.yaml" not in written.values() else f"{about}_{number}.yaml"
        (folder / name).write_text(one.talk, encoding="utf-8")
        written[number] = f"{folder}/{name}"
    return written


def as_text(plays: Plays, written: Mapping[int, str], color: bool) -> str:
    """Each finding with its talk below, or with the file that holds it."""
    parts = []
    for number, one in enumerate(plays.evidence):
        parts.append(print_issues([one.issue], color))
        if number in written:
            parts.append(f"      its talk: {written[number]}\n\n")
        else:
            parts.append("\n" + "".join(f"      {line}\n" for line in one.talk.splitlines()) + "\n")
    return "".join(parts)


def remarks(plays: Plays) -> list[str]:
    """What was played, and what could not be."""
    told = [f"{folder} has errors: it is played once they are mended" for folder in plays.broken]
    for one in plays.explored:
        more = "" if one.whole else "; the time was over before everything was seen: give it more with --budget"
        told.append(f"{one.bot}: {one.moves} things tried in {one.seconds:.1f} s, {len(one.evidence)} went wrong{more}")
    return told


def as_json(issues: Sequence[Issue], plays: Plays, written: Mapping[int, str]) -> str:
    """`{issues, errors, warnings, talks: [{code, file, line, talk, written}], explored: [{bot, moves, seconds, whole}],
    broken}`."""
    talks = [
        {"code": one.issue.code, "file": one.issue.file, "line": one.issue.line, "talk": one.talk,
         "written": written.get(number)}
        for number, one in enumerate(plays.evidence)
    ]  # fmt: skip
    explored = [
        {"bot": one.bot, "moves": one.moves, "seconds": round(one.seconds, 2), "whole": one.whole}
        for one in plays.explored
    ]
    data = {**to_json(issues), "talks": talks, "explored": explored, "broken": plays.broken}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
