"""Values read before any way has set them: answers, variables and inputs, step by step through the flow."""

from collections.abc import Iterator

from trinario.authoring.finding import Findings
from trinario.authoring.issue import Severity
from trinario.authoring.notes import Written
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.value_names import Names
from trinario.authoring.value_reads import Read, condition_says, reads
from trinario.authoring.value_ways import Paths, Standing, ValueWays, above, written
from trinario.engine.index import ANSWERING
from trinario.expressions import Path
from trinario.model.flow import END, Branch, Call, Flow, Foreach, Set, Start


def check_reads(parsed: ParsedFlow, found: Findings) -> None:
    """T123 and T124 of a flow whose steps all lead somewhere."""
    flow, notes = parsed.flow, parsed.notes
    if flow is None or notes is None or not flow.steps:
        return
    several = [(text, read) for text in notes.written for read in _reads(text)]
    if not several:
        return
    ways = ValueWays(flow)
    if any(name != END and name not in flow.steps for name in ways.at):
        return
    for text, read in several:
        where = _where(text, flow)
        standing = ways.at.get(where) if where else None
        if where and standing is not None:
            _judge(read, text, where, _inside(text, flow, standing), flow, ways, found)


def check_handed(parsed: ParsedFlow, names: Names, found: Findings) -> None:
    """T125: a flow that is called or started gets every input that it reads and has no default for."""
    for step in parsed.flow.steps.values() if parsed.flow else ():
        if not isinstance(step, Call | Start):
            continue
        called = names.parsed(step.flow)
        for name in inputs_read(called) if called else ():
            if name not in step.inputs:
                found.warn("T125", found.node("steps", step.name, "with"),
                           f'flow "{step.flow}" reads its input "{name}", which "{step.name}" does not hand over',
                           f"write with: {{{name}: ...}}, or give it a default there")  # fmt: skip


def inputs_read(parsed: ParsedFlow) -> list[str]:
    """The inputs without a default that a flow takes for granted."""
    flow, notes = parsed.flow, parsed.notes
    if flow is None or notes is None:
        return []
    needed = {name for name, spec in flow.inputs.items() if spec.default is None}
    if not needed:
        return []
    used = {
        read.path[1]
        for text in notes.written
        for read in _reads(text)
        if read.path[0] == "call" and not read.soft and read.path not in _guards(text, flow)
    }
    return [name for name in flow.inputs if name in needed & used]


def _reads(text: Written) -> tuple[Read, ...]:
    return reads(text.text, tests=text.kind == "condition" and text.path[-1:] in (("if",), ("when",), ("match",)))


def _where(text: Written, flow: Flow) -> str | None:
    """The step (or END) where a text is read; None for those that are read at any time."""
    if text.path[:1] == ("returns",):
        return END
    return text.path[1] if text.path[:1] == ("steps",) and text.path[1] in flow.steps else None


def _guards(text: Written, flow: Flow) -> Paths:
    """What the `if` of the step, and the lines above in a branch, say of the values in this text."""
    if text.path[:1] != ("steps",) or text.path[1] not in flow.steps or text.path[2:] == ("if",):
        return frozenset()
    step = flow.steps[text.path[1]]
    known = condition_says(step.condition, True)
    if isinstance(step, Branch) and text.path[2:3] == ("branch",) and len(text.path) > 3:
        known |= above(step, int(text.path[3]))
    return known


def _inside(text: Written, flow: Flow, standing: Standing) -> Standing:
    """What is set where this very text is worked out."""
    known = _guards(text, flow)
    sets, empties = known, frozenset[Path]()
    step = flow.steps.get(text.path[1])
    if isinstance(step, Set) and text.path[2:3] == ("set",) and text.path[-1] in step.values:
        before = list(step.values).index(text.path[-1])
        done, empties = written(step, before)
        sets = known | done
    return Standing((standing.always | known) - empties | sets, (standing.ever | known) - empties | sets)


def _judge(
    read: Read, text: Written, where: str, standing: Standing, flow: Flow, ways: ValueWays, found: Findings
) -> None:  # fmt: skip
    """Tells a value that is not set here, on any way or on one; what is given back to a caller may be empty."""
    room, name = read.path
    if room == "call":
        spec = flow.inputs.get(name)
        if spec and spec.default is None and flow.triggers and not read.soft and read.path not in standing.always:
            message = f"`call.{name}` is empty here when a trigger begins this flow"
            _tell("T124", read, text, message, f"give it a default: inputs: {{{name}: {{type: {spec.type}, "
                  "default: ...}}}", found)  # fmt: skip
        return
    if read.path in standing.always or not _exists(read.path, flow):
        return
    shown = f"`{room}.{name}`"
    if read.path not in standing.ever:
        never = "has no value yet: no way that leads here sets it" if where != END else "is never set in this flow"
        _tell("T123", read, text, f"{shown} {never}", _mend(read.path, flow), found)
    elif not read.soft and where != END:
        path = " -> ".join(ways.past(read.path, where))
        line = found.step_key(where).place
        message = f"{shown} may be empty here, on the way\n{path}  ({line.file}:{line.line})"
        hint = f"say what stands there then: {room}.{name} or '...'; or ask `if: {room}.{name}` first"
        _tell("T124", read, text, message, hint, found)


def _exists(path: Path, flow: Flow) -> bool:
    """Whether there is such a value at all; T031 tells of what there is not."""
    room, name = path
    if room == "vars":
        return name in flow.vars or any(name in loop.variables for loop in _loops(flow))
    step = flow.steps.get(name)
    return isinstance(step, ANSWERING) or any(
        f"answers.{name}" in one.values for one in flow.steps.values() if isinstance(one, Set)
    )


def _loops(flow: Flow) -> Iterator[Foreach]:
    return (step for step in flow.steps.values() if isinstance(step, Foreach))


def _mend(path: Path, flow: Flow) -> str:
    room, name = path
    if room == "vars" and name not in flow.vars:
        return "it has a value in the steps of its `foreach`, and behind them"
    if room == "answers":
        return f'lead through step "{name}" before'
    begins = f"vars: {{{name}: {{type: {flow.vars[name].type}, default: ...}}}}"
    return f"set it before, or let it begin with a value: {begins}"


def _tell(code: str, read: Read, text: Written, message: str, hint: str, found: Findings) -> None:
    place = found.notes.document.within(text.scalar, max(0, read.offset - text.shift), read.length)
    severity = Severity.ERROR if code == "T123" else Severity.WARNING
    found.issues.append(found.notes.document.issue(place, code, message, hint=hint, severity=severity))
