"""The `unenroll` step: she leaves a sequence."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.effect import ChangeEnrolment
from trinario.model.flow import Unenroll


def enter(step: Unenroll, draft: Draft) -> Move:
    """Nothing happens to whoever is not in it."""
    draft.effects.append(ChangeEnrolment(step.sequence, False, draft.session.id))
    return Go()
