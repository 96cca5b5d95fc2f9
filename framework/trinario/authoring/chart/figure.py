"""What a picture of a flow shows: boxes and arrows, read from the flow."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from trinario.authoring.graph import ways_of
from trinario.authoring.spec import VERB_TABLES
from trinario.authoring.spec.answers import OWN_EXITS
from trinario.model.flow import (
    END,
    Ai,
    Ask,
    Branch,
    ChoicesFrom,
    Flow,
    Foreach,
    Handoff,
    OptIn,
    Split,
    Start,
    Step,
    Trigger,
    WaitFor,
)

MOST_LABEL, MOST_WORDS = 28, 60
"""Characters of an arrow's label, and of what a step says."""

ENDS = "(end)"
"""The box in which a flow is over; no step can have this name."""

Line = Literal["plain", "handler"]
"""A way that the step itself names (or that follows from its place in the file), or one by a handler of the flow."""

WAITS = frozenset({"ask", "wait", "wait_for", "switch_channel", "private_reply", "opt_in"})
"""Verbs at which a session stands still."""


@dataclass(frozen=True, slots=True)
class Box:
    """A step, a trigger or the end. `verb` says what it does, `words` what it says; `waits`: the session stands still."""

    id: str
    kind: str
    title: str
    verb: str = ""
    words: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way from a box to another."""

    source: str
    target: str
    label: str = ""
    line: Line = "plain"


@dataclass(frozen=True, slots=True)
class Figure:
    """A flow's boxes in the order of its file, and its arrows."""

    name: str
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def figure_of(flow: Flow) -> Figure:
    """The picture of a flow; the same flow gives the same picture."""
    triggers = [Box(f"(trigger {n})", "trigger", *_trigger(one)) for n, one in enumerate(flow.triggers, 1)]
    steps = [_box(step) for step in flow.steps.values()]
    arrows = [Arrow(box.id, flow.first) for box in triggers]
    arrows += [arrow for step in flow.steps.values() for arrow in _joined(_arrows(step, flow))]
    ends = [Box(ENDS, "end", "end")] if any(arrow.target == ENDS for arrow in arrows) else []
    return Figure(flow.name, flow.title or flow.name, (*triggers, *steps, *ends), tuple(arrows))


def verb_of(step: Step) -> str:
    """The word by which a step says what it does."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(step).__name__).lower()


def shortened(text: str, most: int) -> str:
    """A text on one line, cut at its end."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def _trigger(trigger: Trigger) -> tuple[str, str]:
    """(kind, what it listens to)."""
    words = dict.fromkeys(word for words in trigger.words.values() for word in words)
    where = f" ({', '.join(sorted(trigger.posts))})" if trigger.posts else ""
    return trigger.kind, shortened((", ".join(words) or trigger.value) + where, MOST_LABEL)


def _box(step: Step) -> Box:
    verb = verb_of(step)
    waits = verb in WAITS or (isinstance(step, Handoff) and step.resume != "end")
    return Box(step.name, verb, step.name, shortened(f"{verb} {_detail(step)}".strip(), 40), _words(step), waits)


_TELLING = (
    "duration", "flow", "team", "channels", "names", "goal", "event", "purpose", "sequence", "draw", "to", "shown",
    "function", "task", "emoji",
)  # fmt: skip
"""What of a step says most about it: the first that it has."""


def _detail(step: Step) -> str:
    """What stands beside the verb: a type, a duration, a flow, a team ..."""
    if isinstance(step, OptIn):
        return step.purpose
    if isinstance(step, Ask):
        return step.type if step.type != "text" else ""
    if isinstance(step, Foreach):
        return step.items.source
    for name in _TELLING:
        value = getattr(step, name, None)
        if value:
            return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    values = getattr(step, "values", None)
    return ", ".join(values) if values else ""


def _words(step: Step) -> str:
    """What she reads first."""
    text = getattr(step, "text", None)
    if text is not None and hasattr(text, "phrase"):
        return shortened(text.phrase.source, MOST_WORDS)
    for said in getattr(step, "texts", ()):
        return shortened(said.phrase.source, MOST_WORDS)
    for message in getattr(step, "messages", ()):
        found = message.text or next(iter(message.plural.values()), None) or message.caption
        if found is not None:
            return shortened(found.phrase.source, MOST_WORDS)
        if message.media:
            return f"[{message.media}]"
    return ""


# ---- arrows


def _arrows(step: Step, flow: Flow) -> Iterator[Arrow]:
    loops = set(flow.around(step.name))
    drawn = [*_written(step, flow), *_handled(step, flow)]
    for arrow in drawn:
        yield replace(arrow, label="next item") if arrow.target in loops and not arrow.label else arrow
    seen = {arrow.target for arrow in drawn} | {ENDS}
    for way in ways_of(flow)[step.name]:  # whatever else the checks know of: no way is left out
        if _target(way.target) not in seen and way.target not in flow.handlers.values():
            seen.add(way.target)
            yield Arrow(step.name, _target(way.target))


def _target(name: str) -> str:
    return ENDS if name == END else name


def _written(step: Step, flow: Flow) -> Iterator[Arrow]:
    """What leads on, and what the author wrote at the step."""
    onward = _target(step.next or flow.after(step.name))
    if step.condition is not None:
        yield Arrow(step.name, onward, "skipped")
    if isinstance(step, Branch):
        for case in step.cases:
            label = case.category or (case.condition.source if case.condition else "else")
            yield Arrow(step.name, _target(case.next) if case.next else onward, shortened(label, MOST_LABEL))
    elif isinstance(step, Split):
        for variant in step.variants:
            to = variant.next or step.exits.get(variant.name)
            yield Arrow(step.name, _target(to) if to else onward, f"{variant.name} {variant.weight}")
        return
    elif isinstance(step, Foreach):
        yield Arrow(step.name, step.steps[0], "each item")
        yield Arrow(step.name, onward, "after the last")
    elif isinstance(step, Handoff) and step.resume in ("end", "restart"):
        yield Arrow(step.name, ENDS)
    elif not isinstance(step, Start):
        yield from _answers(step, onward)
    for name, target in step.exits.items():
        yield Arrow(step.name, _target(target), _exit(step, name))
    if (
        isinstance(step, Ask | WaitFor)
        and step.timeout
        and not ("timeout" in step.exits or flow.handler(step.name, "timeout"))
    ):
        yield Arrow(step.name, onward if isinstance(step, Ask) and step.default else ENDS, _exit(step, "timeout"))


def _answers(step: Step, onward: str) -> Iterator[Arrow]:
    """Choices with a way of their own, then what follows all other answers."""
    choices = step.choices if isinstance(step, Ask) and not isinstance(step.choices, ChoicesFrom) else ()
    for choice in choices:
        if choice.next:
            yield Arrow(step.name, _target(choice.next), shortened(choice.title.phrase.source, MOST_LABEL))
    led = bool(choices) and all(choice.next for choice in choices)
    own = {name for name, kind in OWN_EXITS.items() if isinstance(step, Ask) and kind == step.type}
    led = led or (bool(own) and own <= set(step.exits))
    led = led or (isinstance(step, Ai) and bool(step.labels) and set(step.labels) <= set(step.exits))
    if not led and not ({"answered", "switched", "granted"} & set(step.exits)):
        yield Arrow(step.name, onward)


def _exit(step: Step, name: str) -> str:
    timeout = getattr(step, "timeout", None)
    return f"{name} {timeout}" if name == "timeout" and timeout else name


def _handled(step: Step, flow: Flow) -> Iterator[Arrow]:
    """Exits that only a handler of the flow names."""
    verb = VERB_TABLES["step"].verb(verb_of(step))
    for way in verb.exits if verb else ():
        target = flow.handler(step.name, way.name)
        if target is not None and way.name not in step.exits and _can(step, way.name):
            yield Arrow(step.name, _target(target), _exit(step, way.name), "handler")


def _can(step: Step, exit: str) -> bool:
    """Whether a step has this exit as it is written."""
    if isinstance(step, WaitFor):
        return step.timeout is not None
    if not isinstance(step, Ask):
        return True
    if exit in OWN_EXITS:
        return step.type == OWN_EXITS[exit]
    return {"timeout": step.timeout is not None, "invalid": step.type != "any",
            "empty": isinstance(step.choices, ChoicesFrom)}.get(exit, True)  # fmt: skip


def _joined(arrows: Iterator[Arrow]) -> list[Arrow]:
    """Arrows between the same two boxes as one, with all their labels."""
    found: dict[tuple[str, Line], list[str]] = {}
    order: dict[tuple[str, Line], Arrow] = {}
    for arrow in arrows:
        labels = found.setdefault((arrow.target, arrow.line), [])
        order.setdefault((arrow.target, arrow.line), arrow)
        if arrow.label and arrow.label not in labels:
            labels.append(arrow.label)
    return [Arrow(one.source, one.target, shortened(", ".join(found[key]), 2 * MOST_LABEL), one.line)
            for key, one in order.items()]  # fmt: skip
