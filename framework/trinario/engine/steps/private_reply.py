"""The `private_reply` step: the one message that a comment allows; whatever she taps or writes then is the answer."""

from dataclasses import replace

from trinario.engine.comment import Comment, comment_of
from trinario.engine.draft import Draft, sleep
from trinario.engine.move import Go, Leave, Move, Stay
from trinario.engine.steps import ask
from trinario.model.comment import private_to
from trinario.model.effect import Say
from trinario.model.event import FateKnown, OwnerReturned, Switched
from trinario.model.flow import PrivateReply

ANSWERED_ALREADY = frozenset({"already_sent", "10900"})
"""Reasons that say for certain that this comment has had its private reply."""

TOO_OLD = frozenset({"too_late", "10901"})

INVALID = frozenset({"100", "100/2534025"})
"""Reasons that only say: not this comment. It is too old, was answered already, or is gone."""


def enter(step: PrivateReply, draft: Draft) -> Move:
    """Says it, unless the comment is too old or she has got one under this post. Raises EvaluationError: no comment."""
    comment = comment_of(draft)
    if comment.is_over(draft.event.at):
        return Go("too_late")
    if comment.mark in draft.contact.marks:
        return Go("already_sent")
    before = len(draft.effects)
    move = ask.enter(step, draft)
    says = [number for number, effect in enumerate(draft.effects) if number >= before and isinstance(effect, Say)]
    if not says:
        return move
    draft.mark(comment.mark)
    _address(draft, says[-1], comment)
    last = draft.effects[says[-1]]
    assert isinstance(move, Stay), "what was said is waited for"
    assert isinstance(last, Say), "only messages are addressed"
    return replace(move, wait=replace(move.wait, keys=(last.key,)))


def _address(draft: Draft, number: int, comment: Comment) -> None:
    """Makes the message the answer to the comment, on its channel, with its fate awaited."""
    said = draft.effects[number]
    assert isinstance(said, Say), "only messages are addressed"
    draft.effects[number] = replace(
        said, channel=comment.channel, order=None, template=None, reply_to=private_to(comment.id, comment.at),
        awaited=True,
    )  # fmt: skip


def wake(step: PrivateReply, draft: Draft) -> Move:
    """An answer, the clock, or the news that it did not go."""
    wait = draft.wait or sleep(step.name, draft)
    match draft.event:
        case FateKnown(key=key, outcome=outcome, reason=reason) if key in wait.keys:
            return _refused(step, draft, reason) if outcome in ("failed", "refused") else Stay(wait)
        case OwnerReturned() | Switched():
            return again(step, draft)
        case _:
            return ask.wake(step, draft)


def _refused(step: PrivateReply, draft: Draft, reason: str) -> Move:
    """It did not go: by which exit, and whether another comment of hers may still be answered."""
    comment = comment_of(draft)
    if reason in ANSWERED_ALREADY or (reason in INVALID and not comment.is_over(draft.event.at)):
        return Go("already_sent")
    draft.unmark(comment.mark)
    if reason in TOO_OLD or reason in INVALID:
        return Go("too_late")
    if draft.led(step, "failed"):
        return Go("failed")
    draft.report(f"the private reply could not be sent: {reason}")
    return Leave("failed", f"{step.name}: {reason}")


def again(step: PrivateReply, draft: Draft) -> Move:
    """Puts it once more as an ordinary question; before she has written there, nothing more can be said to her."""
    wait = draft.wait or sleep(step.name, draft)
    heard_at = draft.contact.last_heard.get(comment_of(draft).channel)
    if heard_at is None or heard_at < wait.since:
        return Stay(wait)
    return ask.again(step, draft)
