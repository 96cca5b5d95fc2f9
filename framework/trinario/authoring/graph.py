"""A flow as a graph: where every step can lead, and which of these ways pass without standing still."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from trinario.authoring.spec.answers import OWN_EXITS
from trinario.model.flow import (
    END,
    Ai,
    Ask,
    Branch,
    Call,
    ChoicesFrom,
    CommentReply,
    Flow,
    Foreach,
    Function,
    Handoff,
    Http,
    OptIn,
    PrivateReply,
    Send,
    Split,
    Start,
    Step,
    SwitchChannel,
    Wait,
    WaitFor,
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a step. `passes`: it can be gone without any wait. `falls`: nobody wrote it, it leads below.

    `rounds`: it leads into the next round of the `foreach` in which the step stands. `exit` is by which it is left: that of the machine, `skipped`, `expired`, `started`, or the number of a branch's line.
    """

    target: str
    passes: bool = False
    falls: bool = False
    exit: str = "next"
    rounds: bool = False


def ways_of(flow: Flow) -> Mapping[str, tuple[Way, ...]]:
    """Every step with all its ways; targets are steps or END."""
    return {name: tuple(_rounds(step, flow)) for name, step in flow.steps.items()}


def _rounds(step: Step, flow: Flow) -> Iterator[Way]:
    """The ways of a step, those into the next round of a loop marked: they are gone as often as its list is long."""
    around = frozenset(flow.around(step.name))
    for way in _ways(step, flow):
        yield replace(way, falls=False, rounds=True) if way.target in around else way


def _ways(step: Step, flow: Flow) -> Iterator[Way]:
    if step.condition is not None:
        yield Way(step.next or flow.after(step.name), passes=True, falls=step.next is None, exit="skipped")
    if (failed := flow.handler(step.name, "failed")) is not None:
        # any step can meet a value that it cannot work with
        yield Way(failed, exit="failed")
    match step:
        case Branch():
            for number, case in enumerate(step.cases):
                to = case.next or flow.after(step.name)
                yield Way(to, passes=True, falls=case.next is None, exit=str(number))
        case OptIn():
            yield from _ways_of_opt_in(step, flow)
        case PrivateReply():
            yield from _ways_of_ask(step, flow)
            yield from _exits(step, flow, ("too_late", "already_sent"), passes=True)
        case Ask():
            yield from _ways_of_ask(step, flow)
        case Start():
            yield Way(END, passes=True, exit="started")
        case Handoff():
            yield from _onward(step, flow, passes=False) if step.resume not in ("end", "restart") else (Way(END),)
            yield from _exits(step, flow, ("unavailable",), passes=True)
        case SwitchChannel():
            # she may be there already: then nothing is waited for
            target = step.exits.get("switched")
            yield from (Way(target, passes=True, exit="switched"),) if target else _onward(step, flow, passes=True)
            yield from _exits(step, flow, ("declined", "expired"), passes=False)
            yield from _exits(step, flow, ("unavailable",), passes=True)
        case Wait():
            yield from _onward(step, flow, passes=not step.duration and step.until is None)
        case Call():
            yield from _onward(step, flow, passes=False)
            yield from _exits(step, flow, ("failed",), passes=False)
        case WaitFor():
            yield from _onward(step, flow, passes=False)
            yield from _exits(step, flow, ("timeout",), passes=False) if step.timeout else ()
        case Http() | Function() | Ai():
            yield from _ways_of_call_out(step, flow)
        case Split():
            yield from _ways_of_split(step, flow)
        case Foreach():
            yield Way(step.steps[0], passes=True, exit="round")
            yield from _onward(step, flow, passes=True)
        case Send() | CommentReply():
            yield from _onward(step, flow, passes=True)
            if "failed" in step.exits:
                yield Way(step.exits["failed"], exit="failed")
        case _:
            yield from _onward(step, flow, passes=True)


def _ways_of_call_out(step: Http | Function | Ai, flow: Flow) -> Iterator[Way]:
    """An answer of the outside comes by itself, so that going round is going on without a wait."""
    led = isinstance(step, Ai) and bool(step.labels) and all(label in step.exits for label in step.labels)
    if not led:
        yield from _onward(step, flow, passes=True)
    for name, target in step.exits.items():
        yield Way(target, passes=True, exit=name)
    for name in ("client_error", "server_error", "low_confidence"):
        if name not in step.exits and (handler := flow.handler(step.name, name)) is not None:
            yield Way(handler, passes=True, exit=name)


def _onward(step: Step, flow: Flow, *, passes: bool) -> Iterator[Way]:
    yield Way(step.next or flow.after(step.name), passes=passes, falls=step.next is None)


def _exits(step: Step, flow: Flow, names: Iterable[str], *, passes: bool) -> Iterator[Way]:
    """Where exits lead: as the step says, as the handlers around it say, else the flow ends."""
    for name in names:
        yield Way(step.exits.get(name) or flow.handler(step.name, name) or END, passes=passes, exit=name)


def _ways_of_split(step: Split, flow: Flow) -> Iterator[Way]:
    for variant in step.variants:
        to = variant.next or step.exits.get(variant.name) or step.next
        yield Way(to or flow.after(step.name), passes=True, falls=to is None, exit=variant.name)


def _ways_of_opt_in(step: OptIn, flow: Flow) -> Iterator[Way]:
    """Who has agreed before is not asked: then nothing is waited for."""
    led = step.exits.get("granted") or flow.handler(step.name, "granted")
    below = step.next or flow.after(step.name)
    yield Way(led or below, passes=True, falls=led is None and step.next is None, exit="granted")
    yield from _exits(step, flow, ("refused", "failed", *(("timeout",) if step.timeout else ())), passes=False)
    yield Way(END, exit="expired")


def _ways_of_ask(step: Ask, flow: Flow) -> Iterator[Way]:
    below = Way(step.next or flow.after(step.name), falls=step.next is None, exit="answered")
    answered = Way(step.exits["answered"], exit="answered") if "answered" in step.exits else below
    yield from _answers(step, answered)
    if isinstance(step, PrivateReply) and step.choices:
        yield answered  # words that are no choice are an answer too
    if step.skip_if_known:
        yield Way(below.target, passes=True, falls=below.falls, exit="answered")
    if isinstance(step.choices, ChoicesFrom):
        yield from _exits(step, flow, ("empty",), passes=True)
    yield from _exits(
        step, flow, ("failed",) if isinstance(step, PrivateReply) else ("invalid", "failed"), passes=False
    )
    if step.timeout is not None:
        if step.default is not None and "timeout" not in step.exits:
            yield answered
        else:
            yield from _exits(step, flow, ("timeout",), passes=False)
    yield Way(END, exit="expired")


def _answers(step: Ask, answered: Way) -> Iterator[Way]:
    if names := [name for name, owner in OWN_EXITS.items() if owner == step.type]:
        for name in names:
            yield Way(step.exits[name], exit="answered") if name in step.exits else answered
        return
    if isinstance(step.choices, tuple) and step.choices:
        for choice in step.choices:
            yield Way(choice.next, exit="answered") if choice.next else answered
        return
    yield answered


def reached(starts: Iterable[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that can be come to from the starts, themselves included."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(ways.get(name, ()))
    return found


def backwards(ways: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The same ways, gone the other way round."""
    turned: dict[str, list[str]] = {}
    for name, targets in ways.items():
        for target in targets:
            turned.setdefault(target, []).append(name)
    return turned


def circles(ways: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """One shortest circle through each step that lies on one, no step told twice; in the order of the steps."""
    told: set[str] = set()
    found = []
    for name in ways:
        if name not in told and (circle := _circle(name, ways)):
            told.update(circle)
            found.append(circle)
    return found


def _circle(start: str, ways: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The shortest way from a step back to it; empty when there is none."""
    came: dict[str, str] = {}
    front = [start]
    while front:
        ahead = []
        for name in front:
            for target in ways.get(name, ()):
                if target == start:
                    return _path(start, name, came)
                if target not in came:
                    came[target] = name
                    ahead.append(target)
        front = ahead
    return ()


def _path(start: str, last: str, came: Mapping[str, str]) -> tuple[str, ...]:
    path = [last]
    while path[-1] != start:
        path.append(came[path[-1]])
    return tuple(reversed(path))
