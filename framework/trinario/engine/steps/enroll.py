"""The `enroll` step: she joins a sequence."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.effect import ChangeEnrolment
from trinario.model.flow import Enroll


def enter(step: Enroll, draft: Draft) -> Move:
    """Once: whoever is in the sequence stays where she is in it."""
    draft.effects.append(ChangeEnrolment(step.sequence, True, draft.session.id))
    return Go()
