"""What concerns loops: ways into their middle, variables that two share, more steps than a turn may take."""

from collections.abc import Mapping

from trinario.authoring.finding import Findings
from trinario.authoring.graph import Way, ways_of
from trinario.authoring.notes import Mention
from trinario.engine.limits import STEPS_A_TURN
from trinario.model.flow import Flow, Foreach


def check_rounds(flow: Flow, found: Findings) -> None:
    """T106, T107 and T108 of a flow that has a `foreach`."""
    if not flow.inside:
        return
    for mention in found.notes.mentions:
        if mention.kind == "step" and (loop := _entered(mention, flow)):
            found.fault("T106", mention.scalar, f'"{mention.name}" is a step of the foreach "{loop}", and this leads to it'
                        " from outside", f'lead to "{loop}" itself')  # fmt: skip
    for name in flow.inside:
        _check_variables(name, flow, found)
    ways = ways_of(flow)
    for step in flow.steps.values():
        if isinstance(step, Foreach):
            _check_length(step, flow, ways, found)


def _entered(mention: Mention, flow: Flow) -> str:
    """The loop that a way leads into from outside; "" for any other way."""
    path, target = mention.path, flow.inside.get(mention.name)
    if target is None:
        return ""
    source = path[1] if path[:1] == ("steps",) else ""
    # handlers of a loop lead on from its own steps
    within = {*flow.around(source), *([source] if path[2:3] == ("handlers",) else [])}
    return "" if target in within else target


def _check_variables(name: str, flow: Flow, found: Findings) -> None:
    inner = flow.steps.get(name)
    for outer in flow.around(name):
        other = flow.steps[outer]
        if not isinstance(inner, Foreach) or not isinstance(other, Foreach):
            continue
        for one in sorted(set(inner.variables) & set(other.variables))[:1]:
            found.fault("T107", found.step_key(name), f'the loops "{outer}" and "{name}" both write vars.{one}',
                        f"give one of them another name: as: {name}_item")  # fmt: skip


# ---- how many steps a turn may take


def _check_length(loop: Foreach, flow: Flow, ways: Mapping[str, tuple[Way, ...]], found: Findings) -> None:
    once = _round(loop, flow, ways)
    within = (step for name, step in flow.steps.items() if loop.name in flow.around(name))
    told = any(step.most * _round(step, flow, ways) >= STEPS_A_TURN for step in within if isinstance(step, Foreach))
    if told or once * loop.most < STEPS_A_TURN:
        return
    fits = max(1, (STEPS_A_TURN - 1) // once)
    hint = f"write max: {fits}" if fits < loop.most else "let its steps wait, or make fewer of them"
    found.warn("T108", found.step_key(loop.name), f'the loop "{loop.name}" may go through {once * loop.most} steps without'
               f" a wait, and a turn ends after {STEPS_A_TURN}", f"{hint}, or put an `ask` or a `wait` in")  # fmt: skip


def _round(loop: Foreach, flow: Flow, ways: Mapping[str, tuple[Way, ...]]) -> int:
    """The most steps of one whole round that nothing stops, the loop itself counted; 0 when every round waits."""
    longest: dict[str, int] = {}

    def beyond(name: str, on_the_way: frozenset[str]) -> int:
        """Steps from `name` to the next round, `name` counted; 0: there is no such way."""
        if name in longest:
            return longest[name]
        step = flow.steps.get(name)
        if step is None or name in on_the_way or loop.name not in flow.around(name):
            return 0
        own = step.most * _round(step, flow, ways) if isinstance(step, Foreach) else 0
        best = 0
        for way in ways[name]:
            ahead = beyond(way.target, on_the_way | {name}) if way.target != loop.name else 1
            if ahead and way.passes:
                best = max(best, ahead + 1 + own)
        longest[name] = best
        return best

    return beyond(loop.steps[0], frozenset())
