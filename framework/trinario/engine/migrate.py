"""A session that waits, brought into the present revisions of the flows it stands in. Pure.

1. A flow without `migrations` moves nobody: who began on an older revision finishes there.
2. The lines of `migrations` follow one another. One applies to an older revision that has the old step, and not yet the
   new one: so lines may stay in the file, and a session comes through all that happened since it began.
3. Who stands at a step of the same kind goes on waiting there, with what was offered to her, and until when. At a question
   of another type, at a step of another kind, at a step to be asked again and behind a step that was dropped she begins
   the step anew.
4. A step that is gone and that no line names keeps her in that flow on the revision she has.
5. Answers go with the names of their steps; what the new revision declares and she has not, has its first value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any, Literal

from trinario.engine.values import kept_all
from trinario.model.bot import Bot
from trinario.model.flow import END, Ask, Call, Flow, Step, Words
from trinario.model.session import Frame, Offered, Prompt, Session, Wait
from trinario.model.value import Values

Fate = Literal["finishes", "moves", "anew", "ends"]
"""What becomes of who stands at a step: she stays on her revision, waits on, begins a step anew, or is done."""


@dataclass(frozen=True, slots=True)
class Course:
    """Where a step of an older revision leads. `step` is the new name ("" where she finishes), `reason` says why."""

    fate: Fate
    step: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """`session` stands in present revisions as far as it can. `anew`: the step at which it stands has yet to begin.

    `ended`: its step was dropped, and nothing is left to do. `refusals` say what did not move, and why.
    """

    session: Session
    anew: bool = False
    ended: bool = False
    refusals: tuple[str, ...] = ()


def course_of(name: str, old: Flow, new: Flow) -> Course:
    """What becomes of who waits at step `name` of `old` when `new` takes its place."""
    if new.migrations is None:
        return Course("finishes", reason="the flow has no `migrations`")
    target, dropped = renamed(name, old, new)
    if target == END:
        return Course("ends", END, f"{name} was dropped")
    before, after = old.steps.get(name), new.steps.get(target)
    if before is None or after is None:
        return Course("finishes", reason=f"step {name} is gone, and `migrations` does not name it")
    if list(old.around(name)) != list(new.around(target)):
        return Course("finishes", reason=f"{name} stands in a `foreach` that is another one now")
    if dropped:
        return Course("anew", target, f"{name} was dropped")
    if reason := _unlike(before, after):
        return Course("anew", target, reason)
    if _reasked(target, new) and not alike(old, name, new, target):
        return Course("anew", target, "it is to be asked again")
    return Course("moves", target)


def renamed(name: str, old: Flow, new: Flow) -> tuple[str, bool]:
    """The name that a step of `old` has in `new`, and whether it was dropped on the way."""
    dropped = False
    for line in new.migrations or ():
        target = line.rename.get(name)
        if target is not None and target not in old.steps:
            name = target
        elif name in line.drop:
            name, dropped = line.drop[name], True
    return name, dropped


def _reasked(name: str, new: Flow) -> bool:
    return any(name in line.reask for line in new.migrations or ())


def _unlike(before: Step, after: Step) -> str:
    """Why a wait at one step is none at the other; "" when it is."""
    if type(before) is not type(after):
        return "it is a step of another kind"
    if getattr(before, "type", "") != getattr(after, "type", ""):
        return "it is a question of another type"
    if isinstance(before, Ask) and isinstance(after, Ask) and bool(before.choices) != bool(after.choices):
        return "its choices are new" if after.choices else "its choices are gone"
    return ""


def alike(old: Flow, name: str, new: Flow, target: str) -> bool:
    """Whether two steps do and say the same, in every language, wherever they stand in their files."""
    if substance(old.steps[name], name) != substance(new.steps[target], target):
        return False
    return _words(old, name) == _words(new, target)


def _words(flow: Flow, step: str) -> dict[tuple[str, str], str]:
    """The translations of a step: (locale, key behind the step) -> text."""
    return {
        (locale, key.removeprefix(step)): phrase.source
        for locale, words in flow.words.items()
        for key, phrase in words.items()
        if key.partition(".")[0] == step
    }


def substance(value: Any, step: str = "") -> Any:
    """What a step, or any part of one, is made of, as plain values; without its name and its place in the file."""
    if isinstance(value, Words):
        return ("words", value.key.removeprefix(step), value.phrase.source)
    if is_dataclass(value) and not isinstance(value, type):
        parts = [
            (f.name, substance(getattr(value, f.name), step)) for f in fields(value) if f.name not in ("line", "name")
        ]
        return (type(value).__name__, *parts)
    if isinstance(value, Mapping):
        return {key: substance(item, step) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [substance(item, step) for item in value]
    return getattr(value, "source", value)


# ---- a whole session


def migrated(bot: Bot, session: Session, at: datetime) -> Moved:
    """The session in the flows of `bot` as they are now; `bot.revisions` has the older ones. Unmoved where it cannot."""
    if not session.live or session.wait is None:
        return Moved(session)
    stack, refusals = _frames(bot, session.stack)
    old, new = bot.flow(session.flow, session.revision), bot.flows.get(session.flow)
    moved = Moved(replace(session, stack=stack))
    if old is None or new is None:
        gone = f"flow {session.flow} is gone" if new is None else f"a revision of flow {session.flow} is not known"
        refusals = (*refusals, gone)
    elif old.revision != new.revision:
        course = course_of(session.wait.step, old, new)
        if course.fate == "finishes":
            refusals = (*refusals, course.reason)
        else:
            moved = _brought(moved.session, session.wait, old, new, course, at)
    return replace(moved, refusals=(*refusals, *moved.refusals))


def _brought(session: Session, wait: Wait, old: Flow, new: Flow, course: Course, at: datetime) -> Moved:
    """The innermost flow of the session in its new revision."""
    names = {name: renamed(name, old, new)[0] for name in old.steps}
    inside = replace(
        session,
        revision=new.revision,
        vars=_values(session.vars, {name: spec.default for name, spec in new.vars.items()}),
        inputs=_values(session.inputs, new.inputs_scope({})),
        answers=_answers(session.answers, names),
        prompts=tuple(
            _prompt(prompt, names, old, new) if prompt.flow == new.name else prompt for prompt in session.prompts
        ),
    )
    match course.fate:
        case "ends" if not inside.stack:
            return Moved(replace(inside, status="done", wait=None, reason=course.reason), ended=True)
        case "ends":
            return Moved(session, refusals=(f"{wait.step} was dropped inside a call",))
        case "anew":
            return Moved(replace(inside, status="aside", wait=Wait(course.step, "sleep", at, wait.number)), anew=True)
        case _:
            options = tuple(_option(option, course.step, names, new) for option in wait.options)
            return Moved(replace(inside, wait=replace(wait, step=course.step, options=options)))


def _frames(bot: Bot, stack: tuple[Frame, ...]) -> tuple[tuple[Frame, ...], tuple[str, ...]]:
    """The flows that wait for the one they called, each moved where it can be."""
    frames, refusals = [], []
    for frame in stack:
        old, new = bot.flow(frame.flow, frame.revision), bot.flows.get(frame.flow)
        if old is None or new is None or old.revision == new.revision or new.migrations is None:
            frames.append(frame)
            continue
        name, dropped = renamed(frame.step, old, new)
        if dropped or not isinstance(new.steps.get(name), Call):
            refusals.append(f"{frame.step}, which called, is no call any more")
            frames.append(frame)
            continue
        names = {step: renamed(step, old, new)[0] for step in old.steps}
        first = {name: spec.default for name, spec in new.vars.items()}
        frames.append(
            replace(frame, revision=new.revision, step=name, vars=_values(frame.vars, first),
                    answers=_answers(frame.answers, names), inputs=_values(frame.inputs, new.inputs_scope({})))
        )  # fmt: skip
    return tuple(frames), tuple(refusals)


def _values(values: Values, first: Values) -> Values:
    return {**kept_all(first), **values}


def _answers(answers: Values, names: Mapping[str, str]) -> Values:
    """Under the new names; an answer to a step that has its new name already is the younger one."""
    moved = {names.get(name, name): value for name, value in answers.items() if names.get(name, name) != name}
    return {**moved, **{name: value for name, value in answers.items() if names.get(name, name) == name}}


def _option(option: Offered, step: str, names: Mapping[str, str], new: Flow) -> Offered:
    """What was offered leads where the new revision leads with the same value, else to the same step by its new name."""
    asked = new.steps.get(step)
    choices = asked.choices if isinstance(asked, Ask) and isinstance(asked.choices, tuple) else ()
    for choice in choices:
        if choice.value == option.value:
            return replace(option, next=choice.next)
    target = names.get(option.next, option.next) if option.next else None
    return replace(option, next=target if target in new.steps or target == END else None)


def _prompt(prompt: Prompt, names: Mapping[str, str], old: Flow, new: Flow) -> Prompt:
    step = names.get(prompt.step, prompt.step)
    return replace(prompt, step=step, options=tuple(_option(option, step, names, new) for option in prompt.options))
