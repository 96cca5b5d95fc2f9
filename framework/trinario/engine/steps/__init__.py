"""What each kind of step does when it is entered, and when something happens while it waits: one file a verb."""

from typing import assert_never

from trinario.engine.draft import Draft
from trinario.engine.move import Move
from trinario.engine.steps import (
    ask,
    branch,
    call,
    goal,
    handoff,
    send,
    set,
    start,
    switch_channel,
    tag,
    untag,
    wait,
)
from trinario.errors import EvaluationError
from trinario.model.flow import (
    Ask,
    Branch,
    Call,
    Goal,
    Handoff,
    Send,
    Set,
    Start,
    Step,
    SwitchChannel,
    Tag,
    Untag,
    Wait,
)


def enter(step: Step, draft: Draft) -> Move:
    """The step's turn has come. Raises EvaluationError for values it cannot work with."""
    match step:
        case Send():
            return send.enter(step, draft)
        case Ask():
            return ask.enter(step, draft)
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
        case _:
            assert_never(step)


def wake(step: Step, draft: Draft) -> Move:
    """The session stands at the step, and the draft's event happened. Raises EvaluationError."""
    match step:
        case Send():
            return send.wake(step, draft)
        case Ask():
            return ask.wake(step, draft)
        case Wait():
            return wait.wake(step, draft)
        case Handoff():
            return handoff.wake(step, draft)
        case SwitchChannel():
            return switch_channel.wake(step, draft)
        case Branch() | Set() | Tag() | Untag() | Call() | Start() | Goal():
            raise EvaluationError(f"nothing waits at step {step.name}")
        case _:
            assert_never(step)


def again(step: Step, draft: Draft) -> Move:
    """The question at which the session stands is put once more; what was only deferred begins now."""
    assert draft.wait is not None, "a session that stands has a wait"
    match step:
        case Ask() if draft.wait.kind == "ask":
            return ask.again(step, draft)
        case SwitchChannel() if draft.wait.kind == "switch":
            return switch_channel.again(step, draft)
        case _:
            return enter(step, draft)
