"""Finds and reads the files of a project: the only file of this room that touches any."""

import hashlib
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from trinario.authoring.check import check_bot
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.parse import ParsedFlow, parse_flow
from trinario.authoring.parse_bot import ChannelSettings, ParsedBot, assemble, parse_bot
from trinario.authoring.printing import print_issues
from trinario.authoring.project import Project
from trinario.authoring.scalars import Unreadable, locale
from trinario.authoring.source import MOST_BYTES
from trinario.authoring.translate import Translation, translate, translated
from trinario.errors import ConfigError
from trinario.model.bot import Bot
from trinario.model.channel import Limits, Window


@dataclass(frozen=True, slots=True)
class LoadedBot:
    """A bot that can start. `issues` are warnings only."""

    bot: Bot
    settings: tuple[ChannelSettings, ...]
    issues: tuple[Issue, ...]


def load_project(root: Path, bot: str | None, environ: Mapping[str, str]) -> Project:
    """All flows under `root`, and all bots or the one of that folder name; what `environ` lacks is no issue here.

    Raises ConfigError when there is no such bot, or nothing to read at all.
    """
    flows, issues = _flows(root)
    bots: dict[str, ParsedBot] = {}
    for file in sorted(root.glob("bots/*/bot.yaml")):
        if bot in (None, file.parent.name):
            data, fault = _read(file)
            parsed = parse_bot(data, shown(file), environ)
            bots[file.parent.name] = parsed
            issues += [fault] if fault else parsed.issues
    if bot is not None and bot not in bots:
        raise ConfigError(f"there is no {shown(root / 'bots' / bot / 'bot.yaml')}: write one, or name another bot")
    if not bots and not flows:
        raise ConfigError(f"there is no bot and no flow in {shown(root)}: go to the folder that holds bots/ and flows/")
    return Project(root, flows, bots, tuple(sorted(issues)), bot is None)


def load_bot(
    path: Path, limits: Mapping[str, Limits], environ: Mapping[str, str], windows: Mapping[str, Window] | None = None
) -> LoadedBot:
    """The bot of a folder (`bots/demo`) or of its bot.yaml, with the flows it lists. `limits` are by platform.

    Raises ConfigError for variables that are not set, all of them at once, and for files with errors, printed.
    """
    folder = path.parent if path.name == "bot.yaml" else path
    root = folder.parent.parent
    project = load_project(root, folder.name, environ)
    parsed = project.bots[folder.name]
    issues = [issue for issue in check_bot(project, limits, windows) if issue.file in _files(project, parsed)]
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if errors:
        raise ConfigError(f"{parsed.file} cannot start as it is:\n\n{print_issues(errors)}")
    if parsed.missing:
        raise ConfigError(_unset(parsed))
    flows = {name: found.flow for name, found in project.flows.items() if found.flow}
    bot = assemble(parsed, flows, limits, windows or {})
    return LoadedBot(bot, parsed.settings, tuple(issues))


def _files(project: Project, parsed: ParsedBot) -> set[str]:
    """The files that a bot is made of: its own, its flows', their translations'."""
    own = {flow.file for flow in project.flows.values() if parsed.lists(flow.name or Path(flow.file).stem)}
    stems = {file.removesuffix(".yaml") for file in own}
    told = {issue.file for issue in project.issues if issue.file.removesuffix(".po").rpartition(".")[0] in stems}
    return {parsed.file} | own | told


def _unset(parsed: ParsedBot) -> str:
    names = list(dict.fromkeys(missing.name for missing in parsed.missing))
    asked = [f"  {parsed.file}:{missing.line}: {missing.path} needs {missing.name}" for missing in parsed.missing]
    count = "a variable" if len(names) == 1 else f"{len(names)} variables"
    return "\n".join([f"{count} of the environment that {parsed.file} names cannot be found:", *asked,
                      f"set {', '.join(names)} before the start"])  # fmt: skip


def _flows(root: Path) -> tuple[dict[str, ParsedFlow], list[Issue]]:
    flows: dict[str, ParsedFlow] = {}
    issues: list[Issue] = []
    for file in _walk(root / "flows", ".yaml"):
        data, fault = _read(file)
        parsed, found = _with_translations(parse_flow(data, shown(file)), data, file)
        issues += [fault] if fault else found
        if parsed.name in flows:
            issues.append(_twice(parsed, flows[parsed.name]))
        else:
            flows[parsed.name or parsed.file] = parsed
    return flows, issues + _strays(root)


def _with_translations(parsed: ParsedFlow, data: bytes, file: Path) -> tuple[ParsedFlow, list[Issue]]:
    """The flow with the languages of the PO files beside it; they are part of its revision."""
    issues = list(parsed.issues)
    if parsed.notes is None:
        return parsed, issues
    digest = hashlib.sha256(data)
    found: dict[str, Translation] = {}
    for po in sorted(file.parent.glob("*.po")):
        stem, _, code = po.name.removesuffix(".po").rpartition(".")
        if stem != file.stem:
            continue
        content, fault = _read(po)
        issues += [fault] if fault else []
        name = _locale(po, code, issues)
        if fault is None and name is not None:
            found[name] = translate(content, shown(po), name, parsed.notes, parsed.file)
            issues += found[name].issues
            digest.update(b"\0" + name.encode() + b"\0" + content)
    if parsed.flow is not None:
        parsed = replace(parsed, flow=translated(parsed.flow, found, digest.hexdigest()))
    return parsed, issues


def _locale(po: Path, code: str, issues: list[Issue]) -> str | None:
    try:
        return locale(code)
    except Unreadable as fault:
        issues.append(Issue(fault.code, shown(po), 0, 0, 0, fault.message, "name the file <flow>.<language>.po"))
        return None


def _twice(one: ParsedFlow, other: ParsedFlow) -> Issue:
    message = f'flow "{one.name}" is declared in {other.file} already'
    node = one.notes.nodes.get(("flow",)) if one.notes else None
    if node is None or one.notes is None:
        return Issue("T017", one.file, 0, 0, 0, message, "give one of them another name")
    return one.notes.document.issue(node.place, "T017", message, hint="give one of them another name")


def _strays(root: Path) -> list[Issue]:
    """Files that their authors think are read."""
    issues = []
    for file in _walk(root / "flows", ".yml"):
        message = "this file is not read: flows end in .yaml"
        issues.append(Issue("T018", shown(file), 0, 0, 0, message, f"rename it to {file.stem}.yaml", Severity.WARNING))
    for file in _walk(root / "flows", ".po"):
        stem = file.name.removesuffix(".po").rpartition(".")[0]
        if not (file.parent / f"{stem}.yaml").exists():
            message = "this translation is not read: no flow stands beside it"
            hint = f"put it beside its flow, as <file of the flow>.<language>.po; there is no {stem or file.stem}.yaml"
            issues.append(Issue("T018", shown(file), 0, 0, 0, message, hint, Severity.WARNING))
    return issues


def _walk(folder: Path, suffix: str) -> Iterator[Path]:
    """The files below a folder with this ending, hidden ones left out, in a fixed order."""
    for file in sorted(folder.rglob(f"*{suffix}")):
        if not any(part.startswith(".") for part in file.relative_to(folder).parts) and not file.is_dir():
            yield file


def _read(file: Path) -> tuple[bytes, Issue | None]:
    """The bytes, one more than are allowed at most; or the issue of a file that cannot be read."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for without end
            return b"", Issue("T019", shown(file), 0, 0, 0, "this is no file", "put a file in its place")
        with file.open("rb") as stream:
            return stream.read(4 * MOST_BYTES + 1), None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return b"", Issue("T019", shown(file), 0, 0, 0, f"the file cannot be read: {reason}", "check its permissions")


def shown(path: Path) -> str:
    """The path as people write it: relative to where they stand, if it is below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError, RuntimeError):  # the last: a link that leads to itself
        return path.as_posix()
