"""The way by which a message came to be said, and how it is shown: trigger, steps, waits."""

from typing import NamedTuple

from trinario.model.flow import Step, Wait

Frames = tuple[tuple[str, str], ...]
"""The calls in which a flow stands, outermost first: (flow, step)."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Node(NamedTuple):
    """A step, with the calls in which its flow stands, and the rounds of the loops in which it does, outermost first.

    A `foreach` of which a round is just over has that round as well.
    """

    frames: Frames
    flow: str
    step: str
    rounds: tuple[int, ...] = ()


class Trail(NamedTuple):
    """The last part of a way; the parts are linked backwards, as ways share their beginnings. `node` None: no step."""

    before: "Trail | None"
    shown: str
    node: Node | None = None

    def path(self) -> tuple[str, ...]:
        """Every part in order, rounds of a circle after the first one left out as `...`."""
        parts: list[Trail] = []
        part: Trail | None = self
        while part is not None:
            parts.append(part)
            part = part.before
        return tuple(_once_round(parts[::-1]))


def _once_round(parts: list[Trail]) -> list[str]:
    """What lies between the second and the last time that a step is come to says nothing new."""
    places: dict[tuple[str, str], list[int]] = {}
    for number, part in enumerate(parts):
        if part.node is not None:
            places.setdefault((part.node.flow, part.node.step), []).append(number)
    for numbers in places.values():
        if len(numbers) > 2:
            kept = [*parts[: numbers[1]], Trail(None, "..."), *parts[numbers[-1] :]]
            return [part.shown for part in kept]
    return [part.shown for part in parts]


def step_shown(step: Step, what: str = "") -> str:
    """A step as it stands in a path; `what` tells the exit where that is not plain."""
    name = wait_shown(step) if isinstance(step, Wait) else step.name
    return f"{name} ({what})" if what else name


def wait_shown(step: Wait) -> str:
    """A `wait` as its author wrote it."""
    shown = f"wait {step.duration}"
    if step.until is not None:
        offset = f" {'-' if step.offset_back else '+'}{step.offset}" if step.offset else ""
        shown = f"wait until {step.until.source}{offset}"
    if step.between:
        shown += f" between {_minutes(step.between[0])}-{_minutes(step.between[1])}"
    if step.days:
        weekdays = step.days == frozenset(range(5))
        shown += " on " + ("weekdays" if weekdays else ", ".join(_DAYS[day] for day in sorted(step.days)))
    return shown


def _minutes(count: int) -> str:
    return f"{count // 60:02d}:{count % 60:02d}"
