"""The `notify` step: words for people of the business."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.effect import SendNotice
from trinario.model.flow import Notify


def enter(step: Notify, draft: Draft) -> Move:
    """One notice; the flow does not wait for it. Blank words are not sent."""
    text = step.note.render(draft.scope)
    if text.strip():
        draft.effects.append(
            SendNotice(draft.deed(), step.to, text, draft.session.id, draft.flow.name, step.name)
        )  # fmt: skip
    return Go()
