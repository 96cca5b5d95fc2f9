"""The `comment_reply` step: one of its texts, for everybody to read under the comment that began the session."""

from trinario.engine.comment import comment_of
from trinario.engine.draft import Draft, sleep
from trinario.engine.move import Go, Move, Stay
from trinario.engine.say_words import text_of
from trinario.engine.steps.send import REACHED
from trinario.errors import EvaluationError
from trinario.model.effect import Say
from trinario.model.event import FateKnown
from trinario.model.flow import CommentReply
from trinario.model.message import PublicReply
from trinario.model.session import Wait


def enter(step: CommentReply, draft: Draft) -> Move:
    """Answers; stays only when the author wants to know whether it stands there."""
    try:
        comment = comment_of(draft)
    except EvaluationError as fault:
        draft.report(str(fault))
        return Go("failed")
    text = text_of(draft, step.texts[draft.draw(len(step.texts))])
    if not text.strip():
        return Go()
    awaited, key = draft.led(step, "failed"), draft.key()
    content = PublicReply(text.strip(), comment.id)
    draft.effects.append(
        Say(key, content, draft.session.id, draft.flow.name, step.name, draft.purpose, channel=comment.channel,
            awaited=awaited)
    )  # fmt: skip
    return Stay(Wait(step.name, "sent", draft.event.at, draft.asked, keys=(key,))) if awaited else Go()


def wake(step: CommentReply, draft: Draft) -> Move:
    """Goes on when it is known what became of the answer."""
    wait = draft.wait or sleep(step.name, draft)
    match draft.event:
        case FateKnown(key=key, outcome=outcome) if key in wait.keys:
            return Go() if outcome in REACHED else Go("failed")
        case _:
            return Stay(wait)
