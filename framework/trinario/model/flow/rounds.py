"""Which step comes after which, and which stands in which loop."""

from collections.abc import Mapping

from trinario.model.flow.control import END, Foreach
from trinario.model.flow.step import Step


def following(steps: Mapping[str, Step]) -> dict[str, str]:
    """The step that comes after each one, or END: behind the last step of a `foreach` comes its next round."""
    names = list(steps)
    found = dict(zip(names, [*names[1:], END], strict=False))
    for name, step in steps.items():
        if isinstance(step, Foreach) and (last := _last(step, steps)) in found:
            found[name], found[last] = found[last], name
    return found


def _last(step: Step, steps: Mapping[str, Step]) -> str:
    """The last step of all that stand in a `foreach`, however deep."""
    while isinstance(step, Foreach) and step.steps and step.steps[-1] in steps:
        step = steps[step.steps[-1]]
    return step.name


def insides(steps: Mapping[str, Step]) -> dict[str, str]:
    """The innermost `foreach` around each step that stands in one."""
    return {inner: step.name for step in steps.values() if isinstance(step, Foreach) for inner in step.steps}
