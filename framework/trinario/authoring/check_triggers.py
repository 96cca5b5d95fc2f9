"""Triggers that cannot mean what they say: keys that are missing or work against each other, names that nothing has yet."""

from collections.abc import Iterator

from trinario.authoring.finding import Findings
from trinario.authoring.nodes import Node
from trinario.authoring.parse import ParsedFlow
from trinario.campaign.segment import FACTS
from trinario.campaign.segment_read import CLOCK, segment_of
from trinario.errors import PhraseError
from trinario.expressions import Condition
from trinario.model.flow import Flow, Trigger

_OF_A_SESSION = frozenset({"answers", "vars", "call", "session", "flow", "campaign"})
"""Names that stand for something only once a flow has begun."""

_CHANGES = frozenset({"fields", "tags", "consent", "contact", "channel", "wants", "window_open"})
"""What a segment has to read so that its change is noticed."""

_COMMENTS = frozenset({"comment"})


def check_triggers(parsed: ParsedFlow, found: Findings) -> None:
    """T014, T015 and T031 of what begins a flow."""
    flow = parsed.flow
    for number, trigger in enumerate(flow.triggers if flow else ()):
        assert flow is not None
        _check_names(trigger, number, found)
        _check_once(trigger, number, found)
        match trigger.kind:
            case "schedule":
                _check_schedule(trigger, number, found)
            case "date":
                _check_date(trigger, number, found)
            case "segment":
                _check_segment(trigger, number, found)
                _check_passing(trigger, number, found)
            case "inactivity":
                _check_span(trigger, number, found)
            case "message_status":
                _check_status(flow, trigger, number, found)
            case "reaction":
                _check_reaction(trigger, number, found)


def _at(found: Findings, number: int, *path: str) -> Node:
    return found.node("triggers", str(number), *path)


def _texts(trigger: Trigger) -> Iterator[tuple[Condition, tuple[str, ...]]]:
    """The expressions of a trigger, each with its place."""
    if trigger.watched is not None:
        yield trigger.watched, (trigger.kind,)
    if trigger.match is not None:
        yield trigger.match, ("match",)
    if trigger.segment is not None:
        yield trigger.segment, ("segment",)
    if trigger.once is not None and isinstance(trigger.once.per, Condition):
        yield trigger.once.per, ("once", "per")


def _check_names(trigger: Trigger, number: int, found: Findings) -> None:
    for text, place in _texts(trigger):
        for root in sorted({path[0] for path in text.names} & _OF_A_SESSION):
            found.fault("T031", _at(found, number, *place),
                        f"`{root}` is of a flow that has begun, and this is asked before it begins",
                        "use fields, tags, contact, trigger or event")  # fmt: skip
        for root in sorted({path[0] for path in text.names} & set(FACTS)):
            found.fault("T031", _at(found, number, *place),
                        f"`{root}` is asked of the database, and here she is looked at alone",
                        "use fields, tags, contact or channel; campaigns and sequences may ask it")  # fmt: skip


def _check_once(trigger: Trigger, number: int, found: Findings) -> None:
    once = trigger.once
    if once is None:
        return
    if once.per == "post" and trigger.kind not in _COMMENTS:
        found.fault("T015", _at(found, number, "once", "per"), f"`{trigger.kind}` has no post",
                    "write per: contact, or leave it out")  # fmt: skip
    if once.every is not None and not once.every:
        found.fault("T015", _at(found, number, "once", "every"), "`once` every no time at all is no bound",
                    "write a duration such as 90d, or leave `every` out: then it is once for ever")  # fmt: skip


def _check_schedule(trigger: Trigger, number: int, found: Findings) -> None:
    if trigger.segment is None:
        found.fault("T014", _at(found, number), "`schedule` does not say whom it is for",
                    "write `segment:` beside it, such as segment: \"'customer' in tags\"")  # fmt: skip


def _check_date(trigger: Trigger, number: int, found: Findings) -> None:
    shifted = next((span for span in trigger.offsets if span.seconds), None)
    if trigger.at is not None and shifted is not None:
        key = "before" if shifted.seconds < 0 else "after"
        found.fault("T015", _at(found, number, key), f"`at` fixes the time of the day, so {str(shifted).lstrip('-')} has no effect",
                    "count whole days beside `at`, like 1d, or leave `at` out")  # fmt: skip
    if trigger.recurring and trigger.watched is not None and not trigger.watched.names:
        found.fault("T015", _at(found, number, "recurring"), "this date is the same for ever, so it never moves",
                    "leave `recurring` out")  # fmt: skip


def _check_segment(trigger: Trigger, number: int, found: Findings) -> None:
    names = trigger.watched.names if trigger.watched else frozenset()
    if not {path[0] for path in names} & _CHANGES:
        found.fault("T015", _at(found, number, "segment"), "nothing of her is read here, so nobody ever enters or leaves",
                    "ask for fields, tags, consent or contact; for a time that passes there is `date`")  # fmt: skip


def _check_passing(trigger: Trigger, number: int, found: Findings) -> None:
    """T175: who is moved by time alone is looked for in the database, which must be able to say."""
    if trigger.watched is None or not {path[0] for path in trigger.watched.names} & CLOCK:
        return
    fields = {path[1]: None for path in trigger.watched.names if path[0] == "fields" and len(path) > 1}
    try:
        segment_of(trigger.watched, fields)
    except PhraseError as error:
        found.fault("T175", _at(found, number, "segment"), f"whom time moves is asked of the database: {error.reason}",
                    error.hint)  # fmt: skip


def _check_span(trigger: Trigger, number: int, found: Findings) -> None:
    if not trigger.span:
        found.fault("T021", _at(found, number, "inactivity"), "a silence of no time at all is none", "write 3d, or 2h")


def _check_step(trigger: Trigger, number: int, found: Findings) -> None:
    if trigger.step and not trigger.flow:
        found.fault("T014", _at(found, number, "step"), f'step "{trigger.step}" is of no flow',
                    "write `flow:` beside it")  # fmt: skip


def _check_reaction(trigger: Trigger, number: int, found: Findings) -> None:
    _check_step(trigger, number, found)
    if trigger.mode == "removed" and trigger.words:
        found.fault("T015", _at(found, number, "when"), "which sign was taken back, platforms do not tell",
                    "write reaction: any beside `when: removed`")  # fmt: skip


def _check_status(flow: Flow, trigger: Trigger, number: int, found: Findings) -> None:
    _check_step(trigger, number, found)
    if trigger.flow == flow.name:
        found.fault("T015", _at(found, number, "flow"), "a flow is not begun by what it says itself",
                    "name another flow, or give the step an exit `on_failed`")  # fmt: skip
