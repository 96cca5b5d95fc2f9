"""The `react` step: a sign on her last message, where she last wrote; what becomes of it moves nothing."""

from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.effect import Say
from trinario.model.flow import React
from trinario.model.message import Sign


def enter(step: React, draft: Draft) -> Move:
    """Which message is her last one is found out where her thread is known."""
    if draft.contact.channel is not None:
        draft.effects.append(
            Say(draft.key(), Sign(step.emoji), draft.session.id, draft.flow.name, step.name, draft.purpose,
                channel=draft.contact.channel)
        )  # fmt: skip
    return Go()
