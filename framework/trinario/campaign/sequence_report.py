"""What became of a sequence: who is in it, who is through or has left and why, and how far what each step said came."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from trinario.campaign.report import STAGES, StepReport


@dataclass(frozen=True, slots=True)
class Told:
    """What became of what one step said, of people of one variant, channel and language."""

    step: str
    variant: str
    report: StepReport


@dataclass(slots=True)
class SequenceReport:
    """`states` counts people: live, done, left; `waiting` those for whom a step comes next; `left` why people left. `steps` are
    those of the file, in its order; `gone` those that it has no more, and that said something."""

    sequence: str
    steps: tuple[str, ...]
    states: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)

    @property
    def enrolled(self) -> int:
        """People in all."""
        return self.states.total()

    @property
    def gone(self) -> tuple[str, ...]:
        """By name."""
        return tuple(sorted({one.step for one in self.told} - set(self.steps)))

    def take(
        self,
        people: Iterable[tuple[str, str, str, int]],
        said: Iterable[StepReport],
        places: Mapping[str, tuple[str, str]],
    ) -> None:
        """Count people (state, next step, why, how many), and what steps said; `places` has (step, variant) of each cause."""
        for state, following, why, count in people:
            self.states[state] += count
            if state == "live" and following:
                self.waiting[following] += count
            if state == "left":
                self.left[why] += count
        self.told += [Told(*places[one.cause], one) for one in said if one.cause in places]

    def total(self, step: str, stage: str) -> int:
        """People whom what a step said came so far with, or who did that."""
        return sum(one.report.counts.get(stage, 0) for one in self.told if one.step == step)

    def refused(self, step: str) -> Counter[str]:
        """People to whom it did not go, by reason."""
        found: Counter[str] = Counter()
        for one in self.told:
            if one.step == step:
                found.update(one.report.refused)
        return found

    def plain(self) -> dict[str, Any]:
        """The report as JSON data."""
        return {
            "sequence": self.sequence, "enrolled": self.enrolled, "live": self.states["live"], "done": self.states["done"],
            "left": dict(self.left.most_common()), "steps": [self._step(step) for step in (*self.steps, *self.gone)],
        }  # fmt: skip

    def _step(self, step: str) -> dict[str, Any]:
        lines = [{"variant": one.variant, "channel": one.report.channel, "language": one.report.language,
                  **{stage: one.report.counts.get(stage, 0) for stage in STAGES}, "refused": one.report.refused}
                 for one in self.told if one.step == step]  # fmt: skip
        return {"step": step, "gone": step not in self.steps, "waiting": self.waiting[step], **{stage: self.total(step, stage) for stage in STAGES},
                "refused": dict(self.refused(step).most_common()), "lines": lines}  # fmt: skip
