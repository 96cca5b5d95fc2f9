"""What the ways through a flow prove: steps nobody comes to, no way to an end, circles without a wait, falling through."""

from collections.abc import Iterator, Mapping

from trinario.authoring.finding import Findings
from trinario.authoring.graph import Way, backwards, circles, reached, ways_of
from trinario.model.flow import END, Ask, Branch, Flow


def check_paths(flow: Flow, found: Findings) -> None:
    """Everything that concerns one flow alone, whichever bot uses it."""
    ways = ways_of(flow)
    if any(way.target not in flow.steps and way.target != END for several in ways.values() for way in several):
        return  # unknown steps are told already, and every proof would be about another flow
    targets = {name: [way.target for way in ways[name]] for name in ways}
    _unreachable(flow, targets, found)
    if not _circling(ways, found):
        _endless(flow, targets, found)
    _falling(flow, ways, found)


def _unreachable(flow: Flow, targets: dict[str, list[str]], found: Findings) -> None:
    alive = reached([flow.first], targets)
    for name in flow.steps:
        if name not in alive:
            found.warn("T101", found.step_key(name), f'step "{name}" is never reached: nothing leads to it',
                       f"lead to it with `next: {name}`, or take it out")  # fmt: skip


def _endless(flow: Flow, targets: dict[str, list[str]], found: Findings) -> None:
    if flow.exit_when:
        return
    ending = reached([END], backwards(targets))
    stuck = [name for name in flow.steps if name not in ending]
    if stuck:
        names = ", ".join(stuck[:6]) + (" ..." if len(stuck) > 6 else "")
        found.fault("T102", found.step_key(stuck[0]), f'from step "{stuck[0]}" the flow can never end ({names})',
                    "lead one of these steps to `end`, or give the flow an `exit_when`")  # fmt: skip


def _circling(ways: Mapping[str, tuple[Way, ...]], found: Findings) -> bool:
    passing = {name: [way.target for way in ways[name] if way.passes and not way.rounds] for name in ways}
    several = circles(passing)
    for circle in several:
        shown = " -> ".join((*circle, circle[0]))
        found.fault("T103", found.step_key(circle[0]), f"these steps can go round for ever without a wait: {shown}",
                    "put an `ask` or a `wait` in between, or lead out of it")  # fmt: skip
    return bool(several)


def _falling(flow: Flow, ways: Mapping[str, tuple[Way, ...]], found: Findings) -> None:
    chosen = {target: source for source, target in _chosen(flow)}
    for name in flow.steps:
        fallen = {way.target for way in ways[name] if way.falls} & chosen.keys()
        for target in fallen:
            if chosen[target] != name and flow.after(name) == target:
                found.warn(
                    "T105", found.step_key(name),
                    f'step "{name}" goes on into "{target}", which "{chosen[target]}" leads to',
                    f"say so with `next: {target}`, or lead elsewhere, like `next: end`",
                )  # fmt: skip


def _chosen(flow: Flow) -> Iterator[tuple[str, str]]:
    """(step, target) for every step that a branch or a choice names; the end is where everything leads at last."""
    for name, step in flow.steps.items():
        if isinstance(step, Branch):
            yield from ((name, case.next) for case in step.cases if case.next and case.next != END)
        elif isinstance(step, Ask) and isinstance(step.choices, tuple):
            yield from ((name, choice.next) for choice in step.choices if choice.next and choice.next != END)
