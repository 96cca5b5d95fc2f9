"""Finds and reads the files of a project: the only file of this room that touches any."""

import hashlib
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from trinario.authoring.check import check_bot
from trinario.authoring.functions import read_functions
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.notes import Notes
from trinario.authoring.parse import ParsedFlow, parse_flow
from trinario.authoring.parse_bot import ChannelSettings, ParsedBot, assemble, parse_bot
from trinario.authoring.parse_campaign import ParsedCampaign, parse_campaign
from trinario.authoring.parse_campaign import translated as put_in
from trinario.authoring.parse_prices import ParsedPrices, parse_prices
from trinario.authoring.parse_templates import ParsedTemplates, parse_templates
from trinario.authoring.printing import print_issues
from trinario.authoring.project import Project
from trinario.authoring.scalars import Unreadable, locale
from trinario.authoring.source import MOST_BYTES
from trinario.authoring.stored import FlowSource, source_of
from trinario.authoring.translate import Translation, translate, translated
from trinario.errors import ConfigError, FaultyFiles
from trinario.model.bot import Bot
from trinario.model.channel import Limits, Window
from trinario.model.media import MediaFile


@dataclass(frozen=True, slots=True)
class LoadedBot:
    """A bot that can start. `issues` are warnings only. `sources` are what its flows were read from."""

    bot: Bot
    settings: tuple[ChannelSettings, ...]
    issues: tuple[Issue, ...]
    sources: tuple[FlowSource, ...] = ()
    parsed: ParsedBot | None = None


MOST_MEDIA = 100_000_000
"""Bytes of a file in media/; larger ones are passed over, since no platform takes them."""

Library = dict[tuple[str, str], tuple[ParsedFlow, list[Issue]]]
"""Flows that were read before, by file and digest of all that they were read from: the same bytes are read once."""


def load_project(
    root: Path, bot: str | None, environ: Mapping[str, str], library: Library | None = None
) -> Project:  # fmt: skip
    """All flows under `root`, and all bots or the one of that folder name; what `environ` lacks is no issue here.

    What is in `library` is not read again; afterwards it holds what this project is made of.

    Raises ConfigError when there is no such bot, or nothing to read at all.
    """
    flows, issues = _flows(root, {} if library is None else library)
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
    data, fault = _read(file)
    parsed = parse_bot(data, shown(file), environ)
    templates, told = _templates(file.parent / "templates.yaml")
    prices, costs = _prices(file.parent / "prices.yaml")
    campaigns, faults = _campaigns(file.parent)
    parsed, trouble = _with_functions(parsed, file.parent / "functions.py")
    issues = [*trouble, *([fault] if fault else parsed.issues), *told, *costs, *faults]
    media = _media(file.parent / "media", environ.get("TRINARIO_PUBLIC_URL") or "")
    return replace(parsed, templates=templates, prices=prices, campaigns=campaigns, media=media), issues


def _templates(file: Path) -> tuple[ParsedTemplates, tuple[Issue, ...]]:
    """The message templates of a bot; none where there is no file of them."""
    if not file.exists():
        return ParsedTemplates(shown(file)), ()
    data, fault = _read(file)
    parsed = parse_templates(data, shown(file))
    return parsed, (fault,) if fault else parsed.issues


def _prices(file: Path) -> tuple[ParsedPrices, tuple[Issue, ...]]:
    """What messages cost; nothing is known of it where there is no file of prices."""
    if not file.exists():
        return ParsedPrices(shown(file)), ()
    data, fault = _read(file)
    parsed = parse_prices(data, shown(file))
    return parsed, (fault,) if fault else parsed.issues


def _media(folder: Path, public: str) -> dict[str, MediaFile]:
    """The files that messages may name. `public` is our address outside, "" without one."""
    found: dict[str, MediaFile] = {}
    for file in _walk(folder, ""):
        if file.is_file() and file.stat().st_size <= MOST_MEDIA:
            data = file.read_bytes()
            name, digest = file.relative_to(folder).as_posix(), hashlib.sha256(data).hexdigest()[:32]
            url = f"{public.rstrip('/')}/media/{digest}/{quote(name)}" if _reached(public) else ""
            found[name] = MediaFile(name, str(file.resolve()), len(data), digest, url)
    return found


def _reached(public: str) -> bool:
    """Whether platforms can fetch from there: by https, and not on this machine."""
    try:
        pieces = urlsplit(public)
        host = pieces.hostname or ""
    except ValueError:
        return False
    here = host == "localhost" or host.endswith(".localhost") or host == "::1" or host.startswith("127.")
    return pieces.scheme == "https" and bool(host) and not here


def _with_functions(parsed: ParsedBot, file: Path) -> tuple[ParsedBot, list[Issue]]:
    """The bot with what its functions.py has; the file is read, and never run."""
    if not file.exists():
        return parsed, []
    data, fault = _read(file)
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
    own = _files(project, parsed)
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


def _files(project: Project, parsed: ParsedBot) -> set[str]:
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


def _flows(root: Path, library: Library) -> tuple[dict[str, ParsedFlow], list[Issue]]:
    flows: dict[str, ParsedFlow] = {}
    issues: list[Issue] = []
    read: Library = {}
    for file in _walk(root / "flows", ".yaml"):
        parsed, found = _flow(file, library, read)
        issues += found
        if parsed.name in flows:
            issues.append(_twice(parsed, flows[parsed.name]))
        else:
            flows[parsed.name or parsed.file] = parsed
    library.clear()
    library.update(read)
    return flows, issues + _strays(root / "flows", "flow")


def _flow(file: Path, library: Library, read: Library) -> tuple[ParsedFlow, list[Issue]]:
    """One flow with its languages; taken from the library if nothing of it has changed."""
    data, fault = _read(file)
    if fault:
        return parse_flow(data, shown(file)), [fault]
    beside = {po: _read(po) for po in sorted(file.parent.glob("*.po")) if _stem(po) == file.stem}
    digest = hashlib.sha256(data)
    for po, (content, _) in beside.items():
        digest.update(b"\0" + po.name.encode() + b"\0" + content)
    key = (shown(file), digest.hexdigest())
    found = read[key] = library.get(key) or _with_translations(parse_flow(data, shown(file)), data, beside)
    return found


def _stem(po: Path) -> str:
    """The flow's part of the name of a PO file."""
    return po.name.removesuffix(".po").rpartition(".")[0]


def _campaigns(folder: Path) -> tuple[tuple[ParsedCampaign, ...], list[Issue]]:
    """What the files of a bot's campaigns/ folder declare."""
    found, issues = [], _strays(folder / "campaigns", "campaign")
    for file in _walk(folder / "campaigns", ".yaml"):
        data, fault = _read(file)
        parsed = parse_campaign(data, shown(file))
        parsed = parsed if fault else _campaign_in_languages(parsed, file)
        issues += [fault] if fault else parsed.issues
        found.append(parsed)
    return tuple(found), issues


def _campaign_in_languages(parsed: ParsedCampaign, file: Path) -> ParsedCampaign:
    """The campaign with the languages of the PO files beside it; they are part of its revision."""
    beside = {po: _read(po) for po in sorted(file.parent.glob("*.po")) if _stem(po) == file.stem}
    texts = parsed.texts
    if not beside or texts is None:
        return parsed
    found, words, revision, issues = _languages(beside, texts, parsed.file, parsed.data)
    return replace(put_in(parsed, found, revision), words=words, issues=(*parsed.issues, *issues))


def _with_translations(
    parsed: ParsedFlow, data: bytes, beside: Mapping[Path, tuple[bytes, Issue | None]]
) -> tuple[ParsedFlow, list[Issue]]:
    """The flow with the languages of the PO files beside it; they are part of its revision."""
    if parsed.notes is None:
        return parsed, list(parsed.issues)
    found, words, revision, issues = _languages(beside, parsed.notes, parsed.file, data)
    if parsed.flow is not None:
        parsed = replace(parsed, flow=translated(parsed.flow, found, revision), words=words)
    return parsed, [*parsed.issues, *issues]


def _languages(
    beside: Mapping[Path, tuple[bytes, Issue | None]], texts: Notes, file: str, data: bytes
) -> tuple[dict[str, Translation], dict[str, bytes], str, list[Issue]]:
    """The translations of a file's texts by language, the bytes they were read from, the revision, and all issues."""
    issues: list[Issue] = []
    digest = hashlib.sha256(data)
    found: dict[str, Translation] = {}
    words: dict[str, bytes] = {}
    for po, (content, fault) in beside.items():
        issues += [fault] if fault else []
        name = _locale(po, po.name.removesuffix(".po").rpartition(".")[2], issues)
        if fault is None and name is not None:
            words[name] = content
            found[name] = translate(content, shown(po), name, texts, file)
            issues += found[name].issues
            digest.update(b"\0" + name.encode() + b"\0" + content)
    return found, words, digest.hexdigest(), issues


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


def _strays(folder: Path, kind: str) -> list[Issue]:
    """Files that their authors think are read; `kind` is what stands in the folder: flow or campaign."""
    issues = []
    for file in _walk(folder, ".yml"):
        message = f"this file is not read: {kind}s end in .yaml"
        issues.append(Issue("T018", shown(file), 0, 0, 0, message, f"rename it to {file.stem}.yaml", Severity.WARNING))
    for file in _walk(folder, ".po"):
        stem = file.name.removesuffix(".po").rpartition(".")[0]
        if not (file.parent / f"{stem}.yaml").exists():
            message = f"this translation is not read: no {kind} stands beside it"
            hint = (
                f"put it beside its {kind}, as <file of the {kind}>.<language>.po; there is no {stem or file.stem}.yaml"
            )
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
