"""Types through texts and conditions: what does not go together, and what does not fit where it is saved or needed."""

from collections.abc import Iterator
from dataclasses import dataclass

from trinario.authoring.finding import Findings
from trinario.authoring.issue import Severity
from trinario.authoring.notes import Written
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.value_names import Names, asked
from trinario.authoring.value_outside import answer_of
from trinario.authoring.value_types import ANY, DATE, DATETIME, LIST, NUMBER, TEXT, Type, declared, joined, of, of_value
from trinario.authoring.value_typing import typed_text
from trinario.engine.values import kept, typed
from trinario.errors import EvaluationError
from trinario.expressions import Phrase
from trinario.model.flow import Ai, Ask, Call, Flow, Function, Http, InputSpec, Set, Start, Ticket

_READ = frozenset(
    {"rating", "nps", "address", "number", "money", "duration", "text", "yes_no", "date", "datetime", "time"}
)
"""Types as which the engine reads what is saved to them; values of the other types are kept as they come."""

_NEEDED = {"until": joined([DATE, DATETIME, TEXT]), "from": LIST, "foreach": LIST, "count": NUMBER}
"""Keys that take values of these kinds only."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that is of another kind than its place. `certain`: whatever the value is; else for some."""

    message: str
    hint: str
    certain: bool


def check_types(parsed: ParsedFlow, names: Names, found: Findings) -> None:
    """T120, T121 and T122 of a flow without errors of its own."""
    flow, notes = parsed.flow, parsed.notes
    if flow is None or notes is None:
        return
    for written in notes.written:
        if not written.text.tree.body:
            continue
        scope = {**names.of_flow(flow), **names.beside(written.path, flow)}
        kind, clashes = typed_text(written.text, scope)
        for clash in clashes:
            place = notes.document.within(written.scalar, max(0, clash.offset - written.shift), clash.length)
            found.issues.append(
                notes.document.issue(
                    place, clash.code, clash.message, hint=clash.hint, severity=_severity(clash.certain)
                )
            )
        for misfit in _placed(written, kind, flow, names):
            found.fault("T122", written.scalar, misfit.message, misfit.hint, _severity(misfit.certain))
    _check_saved(flow, names, found)
    _check_constants(flow, names, found)


def _severity(certain: bool) -> Severity:
    return Severity.ERROR if certain else Severity.WARNING


def _placed(written: Written, kind: Type, flow: Flow, names: Names) -> Iterator[Misfit]:
    """What is wrong with a worked-out value where it stands."""
    path = written.path
    if path[:1] == ("triggers",) and path[2:] == ("date",):
        if found := needed("`date`", _NEEDED["until"], kind):
            yield found
        elif not kind.free and kind.kinds == TEXT.kinds and {use.path[0] for use in written.text.uses} == {"fields"}:
            yield Misfit("`date` takes a date, and this is a text: of its values only those like 2026-12-01 come",
                         "declare it as date or datetime", False)  # fmt: skip
        return
    if len(path) < 3 or path[0] != "steps":
        return
    step, key = flow.steps.get(path[1]), path[-1]
    misfit = None
    if isinstance(step, Set) and path[2] in ("set", "unset"):
        spec = names.spec(key, flow)
        misfit = saved(key, spec, kind) if spec else None
    elif isinstance(step, Call | Start) and path[2] == "with":
        misfit = handed(key, _input(step, names, key), kind)
    elif key in _NEEDED and written.kind == "condition":
        misfit = needed(f"`{key}`", _NEEDED[key], kind)
    elif isinstance(step, Ask) and path[2:] in (("min",), ("max",)):
        misfit = saved(f"`{key}`", InputSpec(_bounded(step)), kind)
    if misfit is not None:
        yield misfit


def _bounded(step: Ask) -> str:
    return step.type if step.type in ("date", "time", "datetime", "duration") else "number"


def _input(step: Call | Start, names: Names, key: str) -> InputSpec | None:
    called = names.flow(step.flow)
    return called.inputs.get(key) if called else None


def _check_saved(flow: Flow, names: Names, found: Findings) -> None:
    """What an answer, or what a called flow gives back, is saved to."""
    for step in flow.steps.values():
        if (
            not isinstance(step, Ask | Call | Ticket | Http | Function | Ai)
            or not step.save
            or (spec := names.spec(step.save, flow)) is None
        ):
            continue
        node = found.node("steps", step.name, "save")
        if isinstance(step, Ask) and isinstance(step.choices, tuple) and step.choices and step.type == "choice":
            for choice in step.choices:
                if misfit := constant(step.save, spec, choice.value):
                    found.fault("T122", node, misfit.message, misfit.hint)
                    break
            continue
        kind = asked(step) if isinstance(step, Ask) else TEXT if isinstance(step, Ticket) else of("mapping")
        if isinstance(step, Http | Function | Ai):
            kind = answer_of(step)
        if misfit := saved(step.save, spec, kind):
            hint = f"ask with type: {spec.type}" if isinstance(step, Ask) and not step.choices else misfit.hint
            found.fault("T122", node, misfit.message, hint, _severity(misfit.certain))


def _check_constants(flow: Flow, names: Names, found: Findings) -> None:
    """Values that stand in the file: what `set` writes and what is handed over under `with`."""
    for step in flow.steps.values():
        values = step.values if isinstance(step, Set) else step.inputs if isinstance(step, Call | Start) else {}
        for key, value in values.items():
            plain = value.constant if isinstance(value, Phrase) else value
            if plain is None:
                continue
            if isinstance(step, Set):
                spec = names.spec(key, flow)
                misfit, under = constant(key, spec, plain) if spec else None, "set"
            elif isinstance(step, Call | Start):
                misfit, under = handed(key, _input(step, names, key), of_value(plain)), "with"
            else:
                continue
            if misfit:
                node = found.node("steps", step.name, under, key)
                found.fault("T122", node, misfit.message, misfit.hint, _severity(misfit.certain))


def constant(path: str, spec: InputSpec, value: object) -> Misfit | None:
    """A value of the file that is saved to `path`, as the engine will read it."""
    try:
        kept_value = typed(kept(value), spec.type, path)
    except EvaluationError:
        return Misfit(f'{path} takes {_named(spec.type)}, and "{value}" is none', f"declare {path} as text, or write "
                      f"{_named(spec.type)}", True)  # fmt: skip
    return needed(path, declared(spec.type), of_value(kept_value))


def saved(path: str, spec: InputSpec, given: Type) -> Misfit | None:
    """A worked-out value that is saved to `path`: read as its type where the engine can, else kept as it comes."""
    if spec.type not in _READ:
        return needed(path, declared(spec.type), given)
    wanted = declared(spec.type)
    if given.free or given.kinds <= wanted.kinds:
        return None
    wrong = given.kinds - wanted.kinds - _CONVERTED.get(spec.type, frozenset())
    if not wrong:
        return None
    never = wrong - ({"text"} if wanted != TEXT else frozenset())
    message = f"{path} takes {wanted.shown}, and this {'is' if wrong == given.kinds else 'may be'} {of(*wrong).shown}"
    hint = "not every text can be read as one" if not never else f"declare it as {_type_word(of(*wrong))}"
    return Misfit(message, hint, never == given.kinds)


_CONVERTED = {
    **dict.fromkeys(("text", "address"), frozenset({"number", "date", "datetime", "time"})), "date": frozenset({"datetime"}),
    "yes_no": frozenset[str](),
}  # fmt: skip
"""What becomes a value of the type when it is saved, whatever it is."""


def handed(name: str, spec: InputSpec | None, given: Type) -> Misfit | None:
    """A value that is handed over as an input: it stays what it is."""
    return needed(f'input "{name}"', declared(spec.type) if spec else ANY, given)


def needed(place: str, wanted: Type, given: Type) -> Misfit | None:
    """A value where others are needed."""
    if wanted.free or given.free or given.kinds <= wanted.kinds:
        return None
    wrong = of(*(given.kinds - wanted.kinds))
    certain = wrong.kinds == given.kinds
    message = f"{place} takes {wanted.shown}, and this {'is' if certain else 'may be'} {wrong.shown}"
    return Misfit(message, f"give it {wanted.shown}", certain)


def _named(kind: str) -> str:
    return declared(kind).shown


def _type_word(kind: Type) -> str:
    return sorted(kind.kinds)[0]
