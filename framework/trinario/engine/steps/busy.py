"""What a step that would put a question does while another session's question is pending."""

from trinario.engine.draft import Draft, sleep
from trinario.engine.move import Leave, Move, Stay
from trinario.model.flow import Ask, PrivateReply, SwitchChannel


def aside(step: Ask | SwitchChannel, draft: Draft) -> Move | None:
    """By `if_busy`: stands aside until it is free (`defer`), gives up (`skip`); None: the question may be put."""
    if not draft.busy or draft.session.if_busy == "interrupt":
        return None
    if isinstance(step, PrivateReply) and not draft.session.if_busy:
        return None  # it comes out of the blue anyway, and in seven days it may not come at all
    if draft.session.if_busy == "skip":
        return Leave("stopped", "another question was pending")
    return Stay(sleep(step.name, draft), aside=True)
