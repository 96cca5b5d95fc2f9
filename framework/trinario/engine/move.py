"""What a step answers: go on, stay, or leave (a closed union)."""

from dataclasses import dataclass

from trinario.model.session import Wait
from trinario.model.turn import Follow


@dataclass(frozen=True, slots=True)
class Go:
    """Take an exit. `to` names the step that a choice or a branch leads to; None: whatever the exit leads to."""

    exit: str = "next"
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Stand still. `aside`: what is waited for is that the question of another session is over."""

    wait: Wait
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """The session is over, as `status` for `reason`; `follow` begins after it."""

    status: str = "done"
    reason: str = ""
    follow: Follow | None = None


Move = Go | Stay | Leave
