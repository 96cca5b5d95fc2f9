"""The `tag` step: marks the contact."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.effect import ChangeContact
from trinario.model.flow import Tag


def enter(step: Tag, draft: Draft) -> Move:
    """Adds the tags she does not have yet."""
    new = tuple(name for name in step.names if name not in draft.contact.tags)
    if new:
        draft.change(ChangeContact(tags_added=new))
    return Go()
