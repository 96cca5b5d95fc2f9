"""The `emit` step: an event for the same contact, which other flows may hear."""

from trinario.engine.draft import Draft
from trinario.engine.limits import EVENT_HOPS
from trinario.engine.move import Go, Move
from trinario.model.effect import RaiseEvent
from trinario.model.flow import Emit


def enter(step: Emit, draft: Draft) -> Move:
    """The event comes after this turn, through her inbox. Flows that call each other by events are stopped."""
    hops = draft.hops + 1
    if hops > EVENT_HOPS:
        draft.report(
            f"more than {EVENT_HOPS} flows and events followed each other while she wrote nothing: {step.event} is not raised"
        )
        return Go()
    data = {name: draft.value(value) for name, value in step.data.items()}
    draft.effects.append(
        RaiseEvent(draft.deed(), step.event, data, hops, draft.session.id, draft.flow.name, step.name)
    )  # fmt: skip
    return Go()
