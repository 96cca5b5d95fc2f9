"""What each kind of step does when it is entered, and when something happens while it waits: one file a verb."""

from typing import assert_never

from trinario.engine.draft import Draft
from trinario.engine.move import Move
from trinario.engine.steps import (
    ai,
    ask,
    branch,
    call,
    comment_reply,
    emit,
    enroll,
    foreach,
    function,
    goal,
    handoff,
    http,
    notify,
    opt_in,
    opt_out,
    private_reply,
    react,
    send,
    set,
    split,
    start,
    switch_channel,
    tag,
    ticket,
    unenroll,
    untag,
    wait,
    wait_for,
)
from trinario.errors import EvaluationError
from trinario.model.flow import (
    Ai,
    Ask,
    Branch,
    Call,
    CommentReply,
    Emit,
    Enroll,
    Foreach,
    Function,
    Goal,
    Handoff,
    Http,
    Notify,
    OptIn,
    OptOut,
    PrivateReply,
    React,
    Send,
    Set,
    Split,
    Start,
    Step,
    SwitchChannel,
    Tag,
    Ticket,
    Unenroll,
    Untag,
    Wait,
    WaitFor,
)


def enter(step: Step, draft: Draft) -> Move:
    """The step's turn has come. Raises EvaluationError for values it cannot work with."""
    match step:
        case Send():
            return send.enter(step, draft)
        case PrivateReply():
            return private_reply.enter(step, draft)
        case CommentReply():
            return comment_reply.enter(step, draft)
        case React():
            return react.enter(step, draft)
        case OptIn():
            return opt_in.enter(step, draft)
        case Ask():
            return ask.enter(step, draft)
        case OptOut() | Enroll() | Unenroll() | Notify() | Emit() | Ticket():
            return _beyond(step, draft)
        case Branch():
            return branch.enter(step, draft)
        case Set():
            return set.enter(step, draft)
        case Tag():
            return tag.enter(step, draft)
        case Untag():
            return untag.enter(step, draft)
        case Wait():
            return wait.enter(step, draft)
        case Call():
            return call.enter(step, draft)
        case Start():
            return start.enter(step, draft)
        case Goal():
            return goal.enter(step, draft)
        case Handoff():
            return handoff.enter(step, draft)
        case SwitchChannel():
            return switch_channel.enter(step, draft)
        case Split():
            return split.enter(step, draft)
        case WaitFor():
            return wait_for.enter(step, draft)
        case Foreach():
            return foreach.enter(step, draft)
        case Http():
            return http.enter(step, draft)
        case Function():
            return function.enter(step, draft)
        case Ai():
            return ai.enter(step, draft)
        case _:
            assert_never(step)


def wake(step: Step, draft: Draft) -> Move:
    """The session stands at the step, and the draft's event happened. Raises EvaluationError."""
    match step:
        case Send():
            return send.wake(step, draft)
        case PrivateReply():
            return private_reply.wake(step, draft)
        case CommentReply():
            return comment_reply.wake(step, draft)
        case OptIn():
            return opt_in.wake(step, draft)
        case Ask():
            return ask.wake(step, draft)
        case OptOut() | Enroll() | Unenroll() | Notify() | Emit() | Ticket():
            raise EvaluationError(f"nothing waits at step {step.name}")
        case Wait():
            return wait.wake(step, draft)
        case Handoff():
            return handoff.wake(step, draft)
        case SwitchChannel():
            return switch_channel.wake(step, draft)
        case WaitFor():
            return wait_for.wake(step, draft)
        case Http():
            return http.wake(step, draft)
        case Function():
            return function.wake(step, draft)
        case Ai():
            return ai.wake(step, draft)
        case Branch() | Set() | Tag() | Untag() | Call() | Start() | Goal() | React() | Split() | Foreach():
            raise EvaluationError(f"nothing waits at step {step.name}")
        case _:
            assert_never(step)


def again(step: Step, draft: Draft) -> Move:
    """The question at which the session stands is put once more; what was only deferred begins now."""
    assert draft.wait is not None, "a session that stands has a wait"
    match step:
        case PrivateReply() if draft.wait.kind == "ask":
            return private_reply.again(step, draft)
        case OptIn() if draft.wait.kind == "ask":
            return opt_in.again(step, draft)
        case Ask() if draft.wait.kind == "ask":
            return ask.again(step, draft)
        case SwitchChannel() if draft.wait.kind == "switch":
            return switch_channel.again(step, draft)
        case _:
            return enter(step, draft)


def _beyond(step: OptOut | Enroll | Unenroll | Notify | Emit | Ticket, draft: Draft) -> Move:
    """The steps whose deed lies beyond the conversation."""
    match step:
        case OptOut():
            return opt_out.enter(step, draft)
        case Enroll():
            return enroll.enter(step, draft)
        case Unenroll():
            return unenroll.enter(step, draft)
        case Notify():
            return notify.enter(step, draft)
        case Emit():
            return emit.enter(step, draft)
        case Ticket():
            return ticket.enter(step, draft)
        case _:
            assert_never(step)
