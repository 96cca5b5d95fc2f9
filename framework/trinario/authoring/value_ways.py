"""Which values are set when a flow comes to a step: on every way, on some, on none; and a way on which one is not."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trinario.authoring.graph import Way, ways_of
from trinario.authoring.value_reads import condition_says
from trinario.expressions import Path
from trinario.model.flow import (
    END,
    Ai,
    Ask,
    Branch,
    Call,
    Flow,
    Foreach,
    Function,
    Http,
    OptIn,
    Set,
    Split,
    Step,
    Ticket,
    Wait,
    WaitFor,
)

Paths = frozenset[Path]
_NOTHING: Paths = frozenset()


@dataclass(frozen=True, slots=True)
class Edge:
    """A way out of a step with what is set (and emptied) on it."""

    target: str
    exit: str
    sets: Paths = _NOTHING
    empties: Paths = _NOTHING

    def after(self, before: Paths) -> Paths:
        """What is set behind it."""
        return (before - self.empties) | self.sets if self.sets or self.empties else before


@dataclass(frozen=True, slots=True)
class Standing:
    """What is set when a step is come to: `always` whichever way was gone, `ever` on some way."""

    always: Paths
    ever: Paths


class ValueWays:
    """The ways of one flow. A step (or END) that is missing in `at` is never come to."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._edges = {name: tuple(_edges(flow.steps[name], flow, ways)) for name, ways in ways_of(flow).items()}
        defaults = (("vars", name) for name, spec in flow.vars.items() if spec.default is not None)
        self._start = frozenset(defaults)
        self.at = self._spread()

    def _spread(self) -> Mapping[str, Standing]:
        found = {self._flow.first: Standing(self._start, self._start)}
        waiting = deque(found)
        while waiting:
            name = waiting.popleft()
            here = found[name]
            for edge in self._edges.get(name, ()):
                always, ever = edge.after(here.always), edge.after(here.ever)
                known = found.get(edge.target)
                then = Standing(always & known.always, ever | known.ever) if known else Standing(always, ever)
                if then != known:
                    found[edge.target] = then
                    waiting.append(edge.target)
        return found

    def past(self, path: Path, target: str) -> tuple[str, ...]:
        """A shortest way from the first step to `target` on which `path` is not set, exits in brackets."""
        came: dict[str, tuple[str, str]] = {}
        front = deque([self._flow.first] if path not in self._start else [])
        for name in self.at:
            if any(path in edge.empties for edge in self._edges.get(name, ())):
                front.append(name)
        seen = set(front)
        while front:
            name = front.popleft()
            if name == target:
                break
            for edge in self._edges.get(name, ()):
                if path not in edge.sets and edge.target not in seen:
                    seen.add(edge.target)
                    came[edge.target] = (name, edge.exit)
                    front.append(edge.target)
        return _told(target, came)


def _told(target: str, came: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    steps = [target]
    at = target
    while at in came:
        at, exit = came[at]
        plain = exit in ("next", "answered", "switched", "granted") or exit.isdigit()
        steps.append(at if plain else f"{at} ({exit})")
    return tuple(reversed(steps))


def _edges(step: Step, flow: Flow, ways: tuple[Way, ...]) -> Iterator[Edge]:
    holds = condition_says(step.condition, True)
    for way in ways:
        if way.exit == "skipped":
            yield Edge(way.target, way.exit, condition_says(step.condition, False))
        elif way.exit not in ("expired", "started"):
            sets, empties = _done(step, way.exit)
            yield Edge(way.target, way.exit, holds | sets, empties)
    if isinstance(step, Wait) and (step.until is not None or step.late is not None):
        missed = step.next or flow.after(step.name)
        if missed in flow.around(step.name):
            yield Edge(missed, "late", holds)
        elif missed != END and missed in flow.steps:
            # what was to be done at a time that has passed is left out
            yield Edge(flow.steps[missed].next or flow.after(missed), "late", holds)


def _done(step: Step, exit: str) -> tuple[Paths, Paths]:
    """What a step sets and empties when it is left by this exit."""
    match step:
        case OptIn() if exit in ("granted", "refused"):
            return _saved(step.name, None), _NOTHING
        case Ticket() if exit == "next":
            return _saved(step.name, step.save), _NOTHING
        case Ask() if exit == "answered" or (exit == "timeout" and step.default is not None):
            return _saved(step.name, step.save), _NOTHING
        case Split() | WaitFor() if exit != "timeout" and exit != "failed":
            return _saved(step.name, None), _NOTHING
        case Foreach() if exit == "next":
            return _saved(step.name, None), _NOTHING
        case Foreach() if exit == "round":
            return frozenset({("answers", step.name), *(("vars", name) for name in step.variables)}), _NOTHING
        case Http() | Ai() if exit != "skipped":
            return _saved(step.name, step.save), _NOTHING
        case Function() if exit != "failed":
            return _saved(step.name, step.save), _NOTHING
        case Call() if exit == "next":
            return _saved(step.name, step.save), _NOTHING
        case Set() if exit == "next":
            return written(step, len(step.values))
        case Branch():
            return _line(step, exit), _NOTHING
        case _:
            return _NOTHING, _NOTHING


def _line(step: Branch, exit: str) -> Paths:
    """What the lines above say by not holding, and this one by holding."""
    if not exit.isdigit():
        return _NOTHING
    return above(step, int(exit)) | condition_says(step.cases[int(exit)].condition, True)


def above(step: Branch, number: int) -> Paths:
    """What is known to be set where the condition of line `number` is worked out."""
    return frozenset[Path]().union(*(condition_says(case.condition, False) for case in step.cases[:number]))


def written(step: Set, count: int) -> tuple[Paths, Paths]:
    """What the first `count` lines of a `set` have set, and emptied."""
    sets: set[Path] = set()
    empties: set[Path] = set()
    for target, value in list(step.values.items())[:count]:
        path = tuple(target.split("."))
        (empties if value is None else sets).add(path)
        (sets if value is None else empties).discard(path)
    return frozenset(sets), frozenset(empties)


def _saved(name: str, save: str | None) -> Paths:
    return frozenset({("answers", name), *([tuple(save.split("."))] if save else [])})
