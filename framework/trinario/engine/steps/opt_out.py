"""The `opt_out` step: a permission is taken back; it says nothing itself."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.engine.steps.opt_in import channels_of
from trinario.model.consent import RecordConsent
from trinario.model.event import MessageHeard
from trinario.model.flow import OptOut


def enter(step: OptOut, draft: Draft) -> Move:
    """Writes the withdrawal; her marketing sessions end when this turn is over."""
    said = draft.event.heard.text if isinstance(draft.event, MessageHeard) else ""
    version = f"{draft.flow.name}@{draft.flow.revision}/{step.name}"
    channels = channels_of(step.channels, draft)
    draft.consent(
        RecordConsent(
            step.purpose, "withdrawn", "flow", channels, version=version, said=said, session=draft.session.id,
            origin=draft.event.origin,
        )
    )  # fmt: skip
    return Go()
