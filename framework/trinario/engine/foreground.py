"""Who has the foreground when it is free: the next of those who stand aside, or the last question that was put."""

from dataclasses import replace

from trinario.engine.draft import purpose_of
from trinario.engine.leaving import leave
from trinario.engine.stage import Stage
from trinario.model.session import Session

PURPOSES = ("transactional", "service", "marketing")
"""The order in which questions that were set aside get their turn."""


def resume(stage: Stage) -> None:
    """Nothing is pending, but a question was put and is only aside: what she says now is said to the youngest."""
    put = [session for session in stage.live if session.asking and session.wait]
    if put and stage.foreground is None:
        youngest = min(put, key=lambda session: _turn_of(stage, session))
        stage.keep(replace(youngest, status="waiting"))


def settle(stage: Stage) -> None:
    """Who stands aside gets the foreground, one after another, as long as it is free."""
    leave(stage)
    tried: set[str] = set()
    while stage.open and stage.contact.owner == "bot" and _free(stage):
        waiting = [one for one in stage.live if one.status == "aside" and one.id not in tried]
        if not waiting:
            return
        session = min(waiting, key=lambda session: _turn_of(stage, session))
        tried.add(session.id)
        stage.again(session, lead="continue")


def _free(stage: Stage) -> bool:
    return not any(
        one.foreground or (one.status == "waiting" and one.wait and one.wait.kind in ("sent", "call"))
        for one in stage.live
    )


def _turn_of(stage: Stage, session: Session) -> tuple[int, float]:
    """Questions that were put already come first, the youngest before the others; then by purpose and age."""
    if session.wait and session.asking:
        return -1, -session.wait.since.timestamp()
    flow = stage.bot.flow(session.flow, session.revision)
    purpose = purpose_of(stage.bot, flow, session.stack) if flow else "service"
    return PURPOSES.index(purpose) if purpose in PURPOSES else 1, session.started_at.timestamp()
