"""The `set` step: writes values, one after another, each seeing those before it."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.flow import Set


def enter(step: Set, draft: Draft) -> Move:
    """Writes `vars`, `answers`, `fields`, `contact.language`, `contact.timezone` and `contact.preferred_channel`."""
    for path, source in step.values.items():
        draft.write(path, draft.value(source))
    return Go()
