"""The flows and campaigns that a person means by a name or a file, with what is written in them."""

from dataclasses import dataclass
from pathlib import Path

from trinario.authoring.files import shown
from trinario.authoring.load import load_project
from trinario.authoring.near import mend
from trinario.authoring.notes import Notes
from trinario.authoring.parse import ParsedFlow, parse_flow
from trinario.authoring.parse_campaign import ParsedCampaign
from trinario.authoring.printing import print_issues
from trinario.authoring.scalars import locale
from trinario.authoring.source import MOST_BYTES
from trinario.authoring.unreadable import Unreadable
from trinario.errors import ConfigError
from trinario.model.flow import Flow


class FlowIssues(ConfigError):
    """A flow with errors: the message has them all, printed."""


@dataclass(frozen=True, slots=True)
class FlowTexts:
    """One flow, campaign or sequence whose texts are translated, and the files beside it."""

    name: str
    file: Path
    notes: Notes

    @property
    def name_of_file(self) -> str:
        """The flow's file as translators see it: its name alone, the same from wherever it is made."""
        return self.file.name

    def shown(self, file: Path) -> str:
        """A path as people write it."""
        return shown(file)

    def translation(self, language: str) -> Path:
        """Where a language of this flow stands, or would stand."""
        return next((file for name, file in self.translations(language)), self.file.with_suffix(f".{language}.po"))

    def translations(self, language: str) -> list[tuple[str, Path]]:
        """(language, file) of every translation there is, or of that one language."""
        found = []
        for file in sorted(self.file.parent.glob(f"{self.file.stem}.*.po")):
            try:
                name = locale(file.name.removeprefix(f"{self.file.stem}.").removesuffix(".po"))
            except Unreadable:
                continue
            if language in ("", name):
                found.append((name, file))
        return found


def flow_texts(wanted: str) -> list[FlowTexts]:
    """The flow of that name or file, or all of the project with all its campaigns and sequences, which have texts too.

    One of those is meant by `campaign/<name>`, `sequence/<name>` or its file. Raises ConfigError when there is none, or it has errors.
    """
    campaigns = [one for bot in load_project(Path(), None, {}).bots.values() for one in bot.campaigns]
    meant = [one for one in campaigns if wanted in ("", f"{one.kind}/{one.name}") or shown(Path(wanted)) == one.file]
    if wanted and meant:
        return [_campaign_texts(one) for one in meant]
    return [
        *(_texts(parsed) for parsed in parsed_flows(wanted)),
        *(_campaign_texts(one) for one in meant if _speaks(one)),
    ]


def parsed_flows(wanted: str) -> list[ParsedFlow]:
    """The flows of the project in the working directory, or the one of that name or file; all of them readable.

    Raises FlowIssues for one with errors, and ConfigError with the nearest name for an unknown one.
    """
    project = load_project(Path(), None, {})
    flows = project.flows
    if not wanted:
        found = list(flows.values())
    else:
        found = [flow for name, flow in flows.items() if wanted == name or shown(Path(wanted)) == flow.file]
    if not found:
        raise ConfigError(f'there is no flow "{wanted}": {mend(wanted, flows) or "flows/ is empty"}')
    for flow in found:
        if flow.flow is None:
            raise FlowIssues(f"{flow.file} has to be mended first:\n\n{print_issues(flow.issues)}")
    return found


def parsed_flow(wanted: str) -> Flow:
    """One flow by name or file; a file may stand in no project. Raises as `parsed_flows` does."""
    file = Path(wanted)
    if file.is_file() and not shown(file).startswith("flows/"):
        parsed = parse_flow(file.read_bytes()[: 4 * MOST_BYTES], shown(file))
        if parsed.flow is None:
            raise FlowIssues(f"{parsed.file} has to be mended first:\n\n{print_issues(parsed.issues)}")
        return parsed.flow
    flow = parsed_flows(wanted)[0].flow
    assert flow is not None, "flows with errors are told apart"
    return flow


def _speaks(parsed: ParsedCampaign) -> bool:
    """Whether a campaign has texts of its own; one with errors is told of."""
    return parsed.made is None or bool(parsed.texts and parsed.texts.written)


def _campaign_texts(parsed: ParsedCampaign) -> FlowTexts:
    if parsed.made is None or parsed.texts is None:
        raise FlowIssues(f"{parsed.file} has to be mended first:\n\n{print_issues(parsed.issues)}")
    return FlowTexts(f"{parsed.kind}/{parsed.name}", Path(parsed.file), parsed.texts)


def _texts(parsed: ParsedFlow) -> FlowTexts:
    assert parsed.notes is not None, "a flow without errors has notes"
    return FlowTexts(parsed.name, Path(parsed.file), parsed.notes)
