"""What a deploy would do: the flows that change, what becomes of who waits in them, the issues that come and go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from trinario.authoring.issue import Issue, Severity
from trinario.authoring.versions.compare import FlowChange, compare
from trinario.engine.migrate import course_of
from trinario.model.flow import Flow

Standing = Iterable[tuple[str, str, str, int]]
"""(flow, revision, step, how many live sessions stand there)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Live sessions at one step of one revision, and what a deploy does with them: see `migrate.Course`."""

    flow: str
    revision: str
    step: str
    sessions: int
    fate: str
    to: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """`flows` are those that change, `begun` new ones and `ended` those that are served no more. `waiting` counts the
    sessions in flows that change. `introduced` and `mended`: issues that only one side has."""

    flows: tuple[FlowChange, ...]
    begun: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    introduced: tuple[Issue, ...] = ()
    mended: tuple[Issue, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether what is there is what is current."""
        return not (self.flows or self.begun or self.ended)

    @property
    def errors(self) -> tuple[Issue, ...]:
        """What keeps it from being deployed."""
        return tuple(issue for issue in self.introduced if issue.severity is Severity.ERROR)


def plan_of(
    old: Mapping[str, Flow],
    new: Mapping[str, Flow],
    standing: Standing,
    known: Mapping[tuple[str, str], Flow],
    issues: tuple[tuple[Issue, ...], tuple[Issue, ...]] = ((), ()),
) -> Plan:
    """The plan from the flows that are current to others. `known` are older revisions by (flow, revision), `issues` what
    the checks say of both sides."""
    changed = [name for name in new if name in old and old[name].revision != new[name].revision]
    gone = {name for name in old if name not in new}
    touched = {*changed, *gone}
    waiting = [
        _waiting(place, known.get((place[0], place[1])) or _current(old, place[0], place[1]), new.get(place[0]))
        for place in standing
        if place[0] in touched and (place[0] in gone or new[place[0]].revision != place[1])
    ]
    seen = [{_essence(issue) for issue in side} for side in issues]
    return Plan(
        flows=tuple(compare(name, old[name], new[name]) for name in changed),
        begun=tuple(name for name in new if name not in old),
        ended=tuple(sorted(gone)),
        waiting=tuple(waiting),
        introduced=tuple(issue for issue in issues[1] if _essence(issue) not in seen[0]),
        mended=tuple(issue for issue in issues[0] if _essence(issue) not in seen[1]),
    )


def _current(old: Mapping[str, Flow], name: str, revision: str) -> Flow | None:
    flow = old.get(name)
    return flow if flow is not None and flow.revision == revision else None


def _waiting(place: tuple[str, str, str, int], old: Flow | None, new: Flow | None) -> Waiting:
    if new is None:
        return Waiting(*place, "finishes", reason="the flow is not begun any more")
    if old is None:
        return Waiting(*place, "finishes", reason="nothing is kept of this revision")
    course = course_of(place[2], old, new)
    return Waiting(*place, course.fate, course.step, course.reason)


def _essence(issue: Issue) -> tuple[str, str, str]:
    """What an issue says, wherever it stands by now."""
    return issue.code, issue.file, issue.message


def fates(plan: Plan) -> dict[str, int]:
    """How many sessions finish, move, are asked anew or end."""
    counts: dict[str, int] = defaultdict(int)
    for waiting in plan.waiting:
        counts[waiting.fate] += waiting.sessions
    return dict(counts)


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON data."""
    return {
        "nothing": plan.nothing,
        "flows": [change_json(change) for change in plan.flows],
        "begun": list(plan.begun),
        "ended": list(plan.ended),
        "waiting": [asdict(waiting) for waiting in plan.waiting],
        "introduced": [_issue(issue) for issue in plan.introduced],
        "mended": [_issue(issue) for issue in plan.mended],
    }


def change_json(change: FlowChange) -> dict[str, Any]:
    """The change of one flow as JSON data."""
    return {
        "flow": change.name, "before": change.before, "after": change.after,
        "added": list(change.added), "removed": list(change.removed), "renamed": dict(change.renamed),
        "changed": [asdict(one) for one in change.changed],
        "hints": [{"from": one, "to": other} for one, other in change.hints],
        "triggers": {"gained": list(change.gained), "lost": list(change.lost)},
        "texts": [asdict(one) for one in change.texts], "keys": list(change.keys),
    }  # fmt: skip


def _issue(issue: Issue) -> dict[str, Any]:
    return {"code": issue.code, "file": issue.file, "line": issue.line, "message": issue.message,
            "severity": str(issue.severity)}  # fmt: skip
