"""The `untag` step: takes marks off the contact."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.effect import ChangeContact
from trinario.model.flow import Untag


def enter(step: Untag, draft: Draft) -> Move:
    """Removes the tags that she has."""
    gone = tuple(name for name in step.names if name in draft.contact.tags)
    if gone:
        draft.change(ChangeContact(tags_removed=gone))
    return Go()
