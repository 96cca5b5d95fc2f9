"""The declared conversation: a Flow with its triggers and its steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from trinario.expressions import Phrase
from trinario.model.duration import Duration
from trinario.model.flow.control import Foreach
from trinario.model.flow.migration import Migration
from trinario.model.flow.rounds import following, insides
from trinario.model.flow.said import Delivery
from trinario.model.flow.step import Step
from trinario.model.flow.triggers import ExitWhen, Trigger
from trinario.model.merge import Rule
from trinario.model.policy import Rules
from trinario.model.value import Value, Values

Purpose = Literal["service", "transactional", "marketing"]


@dataclass(frozen=True, slots=True)
class InputSpec:
    """A declared var, input or field: its type and what it is when nothing is given."""

    type: str
    default: Value = None
    personal: bool = False
    merge: Rule = "newest"
    index: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow in one revision (a hash of what its author wrote, translations included).

    `steps` keep their order, those within a `foreach` behind it. `following` is the step below each one, `inside` the
    innermost `foreach` around it. `words` holds translations: locale -> key -> phrase. `handlers` maps exits to steps.
    `migrations` None: who waits in an older revision finishes there; else she moves, by these changes. `policy` is tighter than the bot's.
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
    migrations: tuple[Migration, ...] | None = None
    policy: Rules | None = None
    following: Mapping[str, str] = field(init=False, repr=False, compare=False)
    inside: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "following", following(self.steps))
        object.__setattr__(self, "inside", insides(self.steps))

    @property
    def first(self) -> str:
        """The step that a new session begins with."""
        return next(iter(self.steps))

    def after(self, name: str) -> str:
        """The step that follows in the file, or END; behind the last step of a `foreach` its next round."""
        return self.following[name]

    def around(self, name: str) -> Iterator[str]:
        """The `foreach` steps in which a step stands, from the inside out."""
        while (outer := self.inside.get(name)) is not None:
            yield outer
            name = outer

    def handler(self, name: str, exit: str) -> str | None:
        """Where a handler around step `name` leads this exit: of a `foreach`, else of the flow; None: nobody does."""
        for outer in self.around(name) if name in self.inside else ():
            step = self.steps[outer]
            if isinstance(step, Foreach) and exit in step.handlers:
                return step.handlers[exit]
        return self.handlers.get(exit)

    def inputs_scope(self, given: Values) -> Values:
        """The inputs as the flow sees them: what was given over the defaults."""
        return {name: given.get(name, spec.default) for name, spec in self.inputs.items()}
