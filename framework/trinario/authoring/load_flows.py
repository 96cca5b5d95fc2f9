"""Flows and campaigns, read with the languages of the PO files beside them."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from trinario.authoring.files import read_file, shown, stem_of, strays, walk
from trinario.authoring.issue import Issue
from trinario.authoring.notes import Notes
from trinario.authoring.parse import ParsedFlow, parse_flow
from trinario.authoring.parse_campaign import ParsedCampaign, parse_campaign
from trinario.authoring.parse_campaign import translated as put_in
from trinario.authoring.scalars import locale
from trinario.authoring.translate import Translation, translate, translated
from trinario.authoring.unreadable import Unreadable

Library = dict[tuple[str, str], tuple[ParsedFlow, list[Issue]]]
"""Flows that were read before, by file and digest of all that they were read from: the same bytes are read once."""


def load_flows(root: Path, library: Library) -> tuple[dict[str, ParsedFlow], list[Issue]]:
    """The flows below `root` by their names, and what is wrong with their files. What the library has is not read again."""
    flows: dict[str, ParsedFlow] = {}
    issues: list[Issue] = []
    read: Library = {}
    for file in walk(root / "flows", ".yaml"):
        parsed, found = _flow(file, library, read)
        issues += found
        if parsed.name in flows:
            issues.append(_twice(parsed, flows[parsed.name]))
        else:
            flows[parsed.name or parsed.file] = parsed
    library.clear()
    library.update(read)
    return flows, issues + strays(root / "flows", "flow")


def _flow(file: Path, library: Library, read: Library) -> tuple[ParsedFlow, list[Issue]]:
    """One flow with its languages; taken from the library if nothing of it has changed."""
    data, fault = read_file(file)
    if fault:
        return parse_flow(data, shown(file)), [fault]
    beside = {po: read_file(po) for po in sorted(file.parent.glob("*.po")) if stem_of(po) == file.stem}
    digest = hashlib.sha256(data)
    for po, (content, _) in beside.items():
        digest.update(b"\0" + po.name.encode() + b"\0" + content)
    key = (shown(file), digest.hexdigest())
    found = read[key] = library.get(key) or _with_translations(parse_flow(data, shown(file)), data, beside)
    return found


def load_campaigns(folder: Path) -> tuple[tuple[ParsedCampaign, ...], list[Issue]]:
    """What the files of a bot's campaigns/ folder declare."""
    found, issues = [], strays(folder / "campaigns", "campaign")
    for file in walk(folder / "campaigns", ".yaml"):
        data, fault = read_file(file)
        parsed = parse_campaign(data, shown(file))
        parsed = parsed if fault else _campaign_in_languages(parsed, file)
        issues += [fault] if fault else parsed.issues
        found.append(parsed)
    return tuple(found), issues


def _campaign_in_languages(parsed: ParsedCampaign, file: Path) -> ParsedCampaign:
    """The campaign with the languages of the PO files beside it; they are part of its revision."""
    beside = {po: read_file(po) for po in sorted(file.parent.glob("*.po")) if stem_of(po) == file.stem}
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
