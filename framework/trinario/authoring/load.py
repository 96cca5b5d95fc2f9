"""Loads projects and bots: what their files hold, read, checked and put together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from trinario.authoring.assemble import assemble
from trinario.authoring.check import check_bot
from trinario.authoring.files import read_file, shown
from trinario.authoring.functions import read_functions
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.load_flows import Library, load_campaigns, load_flows
from trinario.authoring.media_files import media_files
from trinario.authoring.parse_bot import ChannelSettings, ParsedBot, parse_bot
from trinario.authoring.parse_prices import ParsedPrices, parse_prices
from trinario.authoring.parse_templates import ParsedTemplates, parse_templates
from trinario.authoring.printing import print_issues
from trinario.authoring.project import Project
from trinario.authoring.stored import FlowSource, source_of
from trinario.errors import ConfigError, FaultyFiles
from trinario.model.bot import Bot
from trinario.model.channel import Limits, Window

Beside = TypeVar("Beside", ParsedTemplates, ParsedPrices)


@dataclass(frozen=True, slots=True)
class LoadedBot:
    """A bot that can start. `issues` are warnings only. `sources` are what its flows were read from."""

    bot: Bot
    settings: tuple[ChannelSettings, ...]
    issues: tuple[Issue, ...]
    sources: tuple[FlowSource, ...] = ()
    parsed: ParsedBot | None = None


def load_project(
    root: Path, bot: str | None, environ: Mapping[str, str], library: Library | None = None
) -> Project:  # fmt: skip
    """All flows under `root`, and all bots or the one of that folder name; what `environ` lacks is no issue here.

    What is in `library` is not read again; afterwards it holds what this project is made of.

    Raises ConfigError when there is no such bot, or nothing to read at all.
    """
    flows, issues = load_flows(root, {} if library is None else library)
    bots: dict[str, ParsedBot] = {}
    for file in sorted(root.glob("bots/*/bot.yaml")):
        if bot in (None, file.parent.name):
            bots[file.parent.name], found = _bot(file, environ)
            issues += found
    if bot is not None and bot not in bots:
        raise ConfigError(f"there is no {shown(root / 'bots' / bot / 'bot.yaml')}: write one, or name another bot")
    if not bots and not flows:
        raise ConfigError(f"there is no bot and no flow in {shown(root)}: go to the folder that holds bots/ and flows/")
    return Project(root, flows, bots, tuple(sorted(issues)), bot is None)


def _bot(file: Path, environ: Mapping[str, str]) -> tuple[ParsedBot, list[Issue]]:
    """A bot.yaml with what stands beside it, flows left out."""
    data, fault = read_file(file)
    parsed = parse_bot(data, shown(file), environ)
    templates, told = _beside(file.parent / "templates.yaml", parse_templates, ParsedTemplates)
    prices, costs = _beside(file.parent / "prices.yaml", parse_prices, ParsedPrices)
    campaigns, faults = load_campaigns(file.parent)
    parsed, trouble = _with_functions(parsed, file.parent / "functions.py")
    issues = [*trouble, *([fault] if fault else parsed.issues), *told, *costs, *faults]
    media = media_files(file.parent / "media", environ.get("TRINARIO_PUBLIC_URL") or "")
    return replace(parsed, templates=templates, prices=prices, campaigns=campaigns, media=media), issues


def _beside(
    file: Path, parse: Callable[[bytes, str], Beside], nothing: Callable[[str], Beside]
) -> tuple[Beside, tuple[Issue, ...]]:
    """What a file beside bot.yaml declares; nothing where there is no such file."""
    if not file.exists():
        return nothing(shown(file)), ()
    data, fault = read_file(file)
    parsed = parse(data, shown(file))
    return parsed, (fault,) if fault else parsed.issues


def _with_functions(parsed: ParsedBot, file: Path) -> tuple[ParsedBot, list[Issue]]:
    """The bot with what its functions.py has; the file is read, and never run."""
    if not file.exists():
        return parsed, []
    data, fault = read_file(file)
    if fault:
        return parsed, [fault]
    functions, issues = read_functions(data, shown(file))
    return replace(parsed, functions=functions, functions_file=str(file.resolve())), issues


def load_bot(
    path: Path, limits: Mapping[str, Limits], environ: Mapping[str, str], windows: Mapping[str, Window] | None = None,
    library: Library | None = None,
) -> LoadedBot:  # fmt: skip
    """The bot of a folder (`bots/demo`) or of its bot.yaml, with the flows it lists. `limits` are by platform.

    Raises ConfigError for variables that are not set, all of them at once, and for files with errors, printed.
    """
    folder = path.parent if path.name == "bot.yaml" else path
    project = load_project(folder.parent.parent, folder.name, environ, library)
    return prove(project, project.bots[folder.name], limits, windows or {})


def prove(
    project: Project, parsed: ParsedBot, limits: Mapping[str, Limits], windows: Mapping[str, Window]
) -> LoadedBot:  # fmt: skip
    """The bot of a project that was read, if everything that it is made of passes the checks. Raises as `load_bot`."""
    issues = issues_of(project, parsed, limits, windows)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if errors:
        raise FaultyFiles(f"{parsed.file} cannot start as it is:\n\n{print_issues(errors)}", tuple(errors))
    if parsed.missing:
        raise ConfigError(_unset(parsed))
    flows = {name: found.flow for name, found in project.flows.items() if found.flow}
    bot = assemble(parsed, flows, limits, windows)
    sources = [source_of(project.flows[name]) for name in bot.flows]
    return LoadedBot(bot, parsed.settings, tuple(issues), tuple(one for one in sources if one), parsed)


def issues_of(
    project: Project, parsed: ParsedBot, limits: Mapping[str, Limits], windows: Mapping[str, Window]
) -> tuple[Issue, ...]:  # fmt: skip
    """What the checks say of one bot and of the flows that it lists."""
    own = files_of(project, parsed)
    return tuple(issue for issue in check_bot(project, limits, windows) if issue.file in own)


def read_bot(path: Path, environ: Mapping[str, str]) -> ParsedBot:
    """The bot of a folder without any flows. Raises ConfigError when it has errors, or names variables that are not set."""
    file = path if path.name == "bot.yaml" else path / "bot.yaml"
    parsed, issues = _bot(file, environ)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if errors:
        raise FaultyFiles(f"{parsed.file} cannot start as it is:\n\n{print_issues(errors)}", tuple(errors))
    if parsed.missing:
        raise ConfigError(_unset(parsed))
    return parsed


def files_of(project: Project, parsed: ParsedBot) -> set[str]:
    """The files that a bot is made of: its own, its flows', their translations'."""
    own = {flow.file for flow in project.flows.values() if parsed.lists(flow.name or Path(flow.file).stem)}
    own |= {campaign.file for campaign in parsed.campaigns}
    stems = {file.removesuffix(".yaml") for file in own}
    told = {issue.file for issue in project.issues if issue.file.removesuffix(".po").rpartition(".")[0] in stems}
    functions = {shown(Path(parsed.functions_file))} if parsed.functions_file else set()
    return {parsed.file, parsed.templates.file, parsed.prices.file} | functions | own | told


def _unset(parsed: ParsedBot) -> str:
    names = list(dict.fromkeys(missing.name for missing in parsed.missing))
    asked = [f"  {parsed.file}:{missing.line}: {missing.path} needs {missing.name}" for missing in parsed.missing]
    count = "a variable" if len(names) == 1 else f"{len(names)} variables"
    return "\n".join([f"{count} of the environment that {parsed.file} names cannot be found:", *asked,
                      f"set {', '.join(names)} before the start"])  # fmt: skip
