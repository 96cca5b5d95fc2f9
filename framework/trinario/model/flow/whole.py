"""The declared conversation: a Flow with its triggers and its steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trinario.expressions import Phrase
from trinario.model.duration import Duration
from trinario.model.flow.said import Delivery
from trinario.model.flow.step import Step
from trinario.model.flow.triggers import ExitWhen, Trigger
from trinario.model.value import Value, Values

Purpose = Literal["service", "transactional", "marketing"]

END = "end"
"""Where `next` may lead besides a step: the flow is over."""


@dataclass(frozen=True, slots=True)
class InputSpec:
    """A declared var, input or field: its type and what it is when nothing is given."""

    type: str
    default: Value = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow in one revision (a hash of what its author wrote, translations included).

    `steps` keep their order. `words` holds translations: locale -> key -> phrase. `handlers` maps exits to steps.
    """

    name: str
    revision: str
    steps: Mapping[str, Step]
    title: str = ""
    purpose: str = "service"
    triggers: tuple[Trigger, ...] = ()
    vars: Mapping[str, InputSpec] = field(default_factory=dict)
    inputs: Mapping[str, InputSpec] = field(default_factory=dict)
    returns: Mapping[str, Phrase] = field(default_factory=dict)
    handlers: Mapping[str, str] = field(default_factory=dict)
    exit_when: tuple[ExitWhen, ...] = ()
    expires: Duration | None = None
    delivery: Delivery | None = None
    locale: str = "en"
    words: Mapping[str, Mapping[str, Phrase]] = field(default_factory=dict)
    file: str = ""

    @property
    def first(self) -> str:
        """The step that a new session begins with."""
        return next(iter(self.steps))

    def after(self, name: str) -> str:
        """The step that follows in the file, or END."""
        names = list(self.steps)
        index = names.index(name) + 1
        return names[index] if index < len(names) else END

    def inputs_scope(self, given: Values) -> Values:
        """The inputs as the flow sees them: what was given over the defaults."""
        return {name: given.get(name, spec.default) for name, spec in self.inputs.items()}
