"""Which steps and exits of a bot's flows the talks went through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from trinario.authoring.spec.answers import ANSWERS, OWN_EXITS
from trinario.model.flow import (
    Ai,
    Ask,
    Branch,
    Flow,
    Foreach,
    Handoff,
    OptIn,
    PrivateReply,
    Split,
    Start,
    Step,
    SwitchChannel,
    WaitFor,
)
from trinario.testing.talk import Played

Path = Iterable[tuple[str, str]]


@dataclass(slots=True)
class Covered:
    """One flow: its steps with all their exits, and those that were taken; the same `languages` apart, if it was
    translated."""

    flow: str
    exits: Mapping[str, tuple[str, ...]]
    taken: dict[str, set[str]] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)
    languages: dict[str, "Covered"] = field(default_factory=dict)

    @property
    def missing_steps(self) -> list[str]:
        """Steps that no talk entered."""
        return [step for step in self.exits if step not in self.entered]

    @property
    def missing_exits(self) -> list[str]:
        """`step.exit` of every exit that no talk took, of steps that were entered."""
        return [
            f"{step}.{exit}"
            for step, exits in self.exits.items()
            if step in self.entered
            for exit in exits
            if exit not in self.taken.get(step, ())
        ]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """(steps entered, steps, exits taken, exits)."""
        exits = sum(len(found) for found in self.exits.values())
        taken = sum(exit in self.taken.get(step, ()) for step, found in self.exits.items() for exit in found)
        return len(self.exits) - len(self.missing_steps), len(self.exits), taken, exits


def coverage(flows: Mapping[str, Flow], played: Iterable[Played]) -> list[Covered]:
    """The coverage of these flows by these talks, in the order of their names."""
    found = {name: _blank(flow) for name, flow in sorted(flows.items())}
    for one in played:
        for flow, path, language in one.turns:
            _walk(found, flow, path, language)
    return list(found.values())


def _blank(flow: Flow) -> Covered:
    """Nothing was reached yet, in none of the languages that its texts have."""
    exits = {step.name: exits_of(step, flow) for step in flow.steps.values()}
    locales = dict.fromkeys((flow.locale, *flow.words)) if flow.words else ()
    return Covered(flow.name, exits, languages={locale: Covered(flow.name, exits) for locale in locales})


def _walk(found: Mapping[str, Covered], flow: str, path: Path, language: str) -> None:
    """A turn may pass through flows that are called: a step counts for the turn's own flow, else for who has it."""
    for step, exit in path:
        own = found.get(flow)
        owners = [own] if own and step in own.exits else [one for one in found.values() if step in one.exits][:1]
        for owner in owners:
            for covered in (owner, *_spoken(owner, language)):
                covered.entered.add(step)
                if exit != "waits":
                    covered.taken.setdefault(step, set()).add(exit)


def _spoken(owner: Covered, language: str) -> list[Covered]:
    """The coverage of the language that was spoken: hers if there are texts in it, else the one of the flow itself."""
    if not owner.languages:
        return []
    named = next((name for name in (language, language.split("-")[0]) if name in owner.languages), None)
    return [owner.languages[named or next(iter(owner.languages))]]


def exits_of(step: Step, flow: Flow) -> tuple[str, ...]:
    """Every way out of a step that its author can lead somewhere, and `skipped` where it has an `if`."""
    skipped = ("skipped",) if step.condition is not None else ()
    return tuple(dict.fromkeys((*_exits(step), *step.exits, *skipped)))


def _exits(step: Step) -> tuple[str, ...]:
    match step:
        case OptIn():
            return ("granted", "refused", *(("timeout",) if step.timeout else ()))
        case PrivateReply():
            return ("answered", "too_late", "already_sent", *(("timeout",) if step.timeout else ()))
        case Ask():
            own = [name for name, owner in OWN_EXITS.items() if owner == step.type]
            led = tuple(name for name in own if name in step.exits)
            closed = step.choices or ANSWERS[step.type].closed
            return (
                *(led if led and len(led) == len(own) else ("answered",)),
                *(("invalid",) if closed else ()),
                *(("timeout",) if step.timeout else ()),
            )
        case Branch():
            return tuple(
                case.category or ("else" if case.condition is None else f"case {number}")
                for number, case in enumerate(step.cases, 1)
            )
        case SwitchChannel():
            return ("switched", "declined", "expired", "unavailable")
        case Split():
            return tuple(variant.name for variant in step.variants if variant.weight)
        case WaitFor():
            return ("next", *(("timeout",) if step.timeout else ()))
        case Foreach():
            return ("round", "next")
        case Handoff():
            return ("done",) if step.resume in ("end", "restart") else ("returned",)
        case Start():
            return ("done",)
        case Ai() if step.labels and all(label in step.exits for label in step.labels):
            return step.labels
        case _:
            return ("next",)
