"""Flows out of what was kept of them: a revision lives on when its file says something else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from trinario.authoring.parse import ParsedFlow, parse_flow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.project import Project
from trinario.authoring.translate import translate, translated


@dataclass(frozen=True, slots=True)
class FlowSource:
    """What one revision of a flow was read from: its YAML, and its PO files by language."""

    name: str
    revision: str
    file: str
    yaml: str
    words: Mapping[str, str] = field(default_factory=dict)


def source_of(parsed: ParsedFlow) -> FlowSource | None:
    """What a flow was read from; None for one with errors."""
    if parsed.flow is None:
        return None
    words = {language: content.decode("utf-8", "replace") for language, content in parsed.words.items()}
    return FlowSource(
        parsed.flow.name, parsed.flow.revision, parsed.file, parsed.data.decode("utf-8", "replace"), words
    )


def restored(source: FlowSource) -> ParsedFlow:
    """The flow again, under the same revision; its `flow` is None when this version cannot read it."""
    data = source.yaml.encode()
    parsed = parse_flow(data, source.file)
    if parsed.notes is None:
        return parsed
    stem = source.file.removesuffix(".yaml")
    words = {language: content.encode() for language, content in source.words.items()}
    found = {
        language: translate(content, f"{stem}.{language}.po", language, parsed.notes, parsed.file)
        for language, content in words.items()
    }
    issues = (*parsed.issues, *(issue for one in found.values() for issue in one.issues))
    flow = parsed.flow and translated(parsed.flow, found, source.revision)
    return replace(parsed, flow=flow, issues=issues, data=data, words=words)


def project_of(bot: ParsedBot, flows: Mapping[str, ParsedFlow]) -> Project:
    """The bot as if exactly these flows stood in its folder, whatever it lists."""
    if bot.record is not None:
        bot = replace(bot, record=replace(bot.record, values={**bot.record.values, "flows": tuple(flows)}))
    issues = [*bot.issues, *(issue for parsed in flows.values() for issue in parsed.issues)]
    return Project(Path(), flows, {bot.name: bot}, tuple(sorted(issues)), whole=False)
