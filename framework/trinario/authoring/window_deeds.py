"""What a step can do to the window proof: say something, be left by an exit, come to a fault."""

from collections.abc import Callable
from typing import NamedTuple

from trinario.authoring.window_ages import State

DEFERRED = "behind another question"
"""How a path tells that a question gave way to one that was pending."""


class Says(NamedTuple):
    """Messages of the step come here. `what`: messages, reminder or link; `shown` tells what came before, "" nothing."""

    what: str
    state: State
    shown: str = ""


class Leaves(NamedTuple):
    """The step is left by an exit; `to` names the step that a choice or a case of a branch leads to."""

    exit: str
    state: State
    to: str | None = None
    shown: str = ""


class Faults(NamedTuple):
    """A value may turn out to be unusable here: the `failed` exit, wherever one is."""

    state: State


Deed = Says | Leaves | Faults
Led = Callable[[str], bool]
"""Whether somebody (step, flow, bot) says where an exit leads."""
