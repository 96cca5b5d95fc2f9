"""Whom a campaign or a sequence is for: whether that can be asked of the database, and whether its names mean anything."""

from collections.abc import Mapping

from trinario.authoring.check_texts import check_texts
from trinario.authoring.check_types import check_types
from trinario.authoring.finding import Findings
from trinario.authoring.notes import Notes, Written
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.parse_campaign import ParsedCampaign
from trinario.authoring.parse_values import variable
from trinario.authoring.reader import Record
from trinario.authoring.value_names import Names
from trinario.authoring.value_types import Type
from trinario.campaign.segment_read import segment_of
from trinario.errors import PhraseError
from trinario.expressions import Condition
from trinario.model.flow import Flow

TALKED = frozenset({"answers", "vars", "call", "input", "session", "flow", "campaign", "trigger", "event", "secrets"})
"""Names that stand for something only while somebody is talked with."""


class SegmentNames(Names):
    """The names that a segment may use: what is known of somebody with whom nobody talks at the moment."""

    def __init__(self, names: Names) -> None:
        self._known = {name: kind for name, kind in names.shared.items() if name not in TALKED}

    def of_flow(self, flow: Flow) -> Mapping[str, Type]:
        """The same in every file."""
        return self._known

    def beside(self, path: tuple[str, ...], flow: Flow | None) -> Mapping[str, Type]:
        """Nothing has names of its own."""
        return {}


def check_segments(parsed: ParsedCampaign, bot: ParsedBot, names: Names, found: Findings) -> None:
    """T175, and T031 and T120 to T122, of `segment` and `exclude`."""
    assert parsed.notes is not None
    known, flow = SegmentNames(names), Flow(name=parsed.name or "unnamed", revision="", steps={})
    for written in parsed.notes.written:
        if written.path[:1] not in (("segment",), ("exclude",)) or not _of_nobody(written, found):
            continue
        part = ParsedFlow(parsed.file, flow.name, flow, Notes(parsed.notes.document, written=[written]), ())
        before = len(found.issues)
        check_texts(part, known, found)
        check_types(part, known, found)
        if len(found.issues) == before:
            _check_askable(written, bot, found)


def _of_nobody(written: Written, found: Findings) -> bool:
    """Whether nothing of a conversation is read."""
    for root in sorted({path[0] for path in written.text.names} & TALKED):
        found.fault("T175", written.scalar, f"`{root}` is of a conversation, and nobody is talked with when this is asked",
                    "use fields, tags, consent, contact or channel")  # fmt: skip
        return False
    return True


def _check_askable(written: Written, bot: ParsedBot, found: Findings) -> None:
    """The database can be asked it."""
    if not isinstance(written.text, Condition):
        return
    given = bot.get("fields") or {}
    fields = {name: variable(one).default if isinstance(one, Record) else None for name, one in given.items()}
    try:
        segment_of(written.text, fields, [one.id for one in bot.settings])
    except PhraseError as fault:
        place = found.notes.document.within(written.scalar, fault.offset - written.shift, fault.length)
        found.issues.append(found.notes.document.issue(place, "T175", fault.reason, hint=fault.hint))
