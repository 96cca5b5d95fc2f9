"""Steps that lead: by lot, by an event from outside, round and round over a list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trinario.expressions import Condition
from trinario.model.duration import Duration
from trinario.model.flow.steps import StepBase

END = "end"
"""Where `next` may lead besides a step: the flow is over."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One side of a split; of all weights together, `weight` of so many contacts get it."""

    name: str
    weight: int
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(StepBase):
    """The lot is drawn from `key` (None: flow and step) and the contact, or the session's seed. Weights sum to > 0."""

    variants: tuple[Variant, ...]
    sticky: Literal["contact", "session"] = "contact"
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor(StepBase):
    """Stands still until the event `event` comes for which `match` holds, `timeout` (elapsed) at most."""

    event: str
    match: Condition | None = None
    timeout: Duration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreach(StepBase):
    """Goes through `steps` (its own, without those of a `foreach` in it) once for every item, `most` at most.

    `item` names the variable of the present item; `<item>_number` counts the rounds from 1. `handlers` are those of
    the steps in it. The steps themselves stand in the flow, right behind this one.
    """

    items: Condition
    item: str = "item"
    most: int = 20
    steps: tuple[str, ...] = ()
    handlers: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[str, str]:
        """The names in `vars` that every round sets."""
        return self.item, f"{self.item}_number"
