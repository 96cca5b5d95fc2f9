"""One golden file per kind of trigger: flows as authors write them, what happens, and the trace that follows.

`python -m tests.unit.engine.test_golden_triggers` writes the traces anew; read the difference before you keep it.
"""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.engine.test_golden_steps import _shown
from tests.unit.engine.worlds import Person, bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.patterns import patterns
from trinario.authoring.spec.triggers import TRIGGERS
from trinario.engine.index import index_of
from trinario.model.effect import ChangeContact, ClearTimer, SetTimer
from trinario.model.event import ContactChanged, Event, IdentityLinked, StatusTold, TriggerDue
from trinario.model.flow import InputSpec
from trinario.model.heard import Referral

FOLDER = Path(__file__).parents[2] / "golden" / "triggers"
KINDS = tuple(verb.name for verb in TRIGGERS.verbs)
FIELDS = {name: InputSpec("text") for name in ("city", "name", "appointment_at")} | {"visits": InputSpec("number")}


class Known(Person):
    """A person whose triggers are set as timers, which ring while time passes."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.timers: dict[str, SetTimer] = {}

    def react(self, event: Event) -> list[str]:
        said = super().react(event)
        assert self.reaction
        for effect in self.reaction.effects:
            if isinstance(effect, SetTimer):
                self.timers[effect.name] = effect
            elif isinstance(effect, ClearTimer):
                self.timers.pop(effect.name, None)
        return said

    def until(self, moment: datetime) -> list[Any]:
        """Time passes; every clock and timer that is due rings in its order. Gives the trace of each."""
        found = []
        while True:
            sessions = [(one.wake_at, one) for one in self.sessions.values() if one.wake_at]
            timers = [(one.due, one) for one in self.timers.values()]
            due = [pair for pair in (*sessions, *timers) if pair[0] <= moment]
            if not due or self.contact.owner == "person":
                break
            at, one = min(due, key=lambda pair: pair[0])
            self.at = max(self.at, at)
            if isinstance(one, SetTimer):
                del self.timers[one.name]
                self.react(TriggerDue(self.origin(), self.at, one.flow, one.key, one.due, one.offset))
            else:
                self.ring(one)
            found.append({"at": self.at.isoformat(), **_trace(self)})
        self.at = moment
        return found

    def happen(self, verb: str, value: Any, given: dict[str, Any]) -> list[Any] | None:
        """One line of a golden; gives traces of its own where it makes several."""
        origin, at = self.origin, self.at
        match verb:
            case "at":
                return self.until(value.astimezone(UTC))
            case "change":
                tags = {name: tuple(value.pop(name, ())) for name in ("tags_added", "tags_removed")}
                attributes = value.pop("attributes", {})
                self.react(ContactChanged(origin(), at, ChangeContact(value, attributes=attributes, **tags)))
            case "status":
                told = {"flow": "", "step": "", "channel": "messenger", **given}
                self.react(StatusTold(origin(), at, value, **told))
            case "linked":
                self.react(IdentityLinked(origin(), at, value))
            case "slot":
                index = index_of(self.bot)
                (rule,) = [r for r in index.by_kind["schedule"] if r.flow.name == value]
                due = datetime.fromisoformat(given["due"]) if given else at
                self.react(TriggerDue(origin(), at, value, rule.trigger.key, due))
            case "event":
                self.event(value, **given)
            case "returned":
                self.returned()
            case "referral":
                self.heard("referral", referral=Referral(value))
            case "comment":
                self.comment(value, **given)
            case "came":
                came = Referral(**given.pop("referral")) if "referral" in given else None
                self.heard(value, referral=came, **given)
            case "get_started":
                self.heard("get_started", new=bool(given))
            case "first":
                self.heard("text", value, new=True)
            case "channel":
                self.channel = value
                return []
            case "start":
                self.start(value)
            case _:
                getattr(self, verb)(value)
        return None


def test_every_kind_has_its_golden() -> None:
    assert set(KINDS) == {path.stem for path in FOLDER.glob("*.yaml")}


@pytest.mark.parametrize("kind", KINDS)
def test_golden(kind: str) -> None:
    golden = yaml.safe_load((FOLDER / f"{kind}.yaml").read_text("utf-8"))
    for case in golden["cases"]:
        assert case["trace"] == traced(case), f"{kind}: {case['about']}"
    assert any(kind in text for case in golden["cases"] for text in case["flows"])


def traced(case: dict[str, Any]) -> list[Any]:
    """What every line of the talk leads to."""
    flows = []
    for text in case["flows"]:
        parsed = parse_flow(text.encode(), "golden.yaml")
        assert parsed.flow is not None, [str(issue) for issue in parsed.issues]
        flows.append(replace(parsed.flow, revision="r1"))
    given = {"timezone": "Europe/Paris", **case.get("contact", {})}
    given["tags"] = frozenset(given.pop("tags", ()))
    begins = given.pop("at", None)
    person = Known(bot(*flows, patterns=patterns({}, "en"), fields=FIELDS), **given)
    person.at = datetime.fromisoformat(begins).astimezone(UTC) if begins else person.at
    found: list[Any] = []
    for line in case["talk"]:
        line = dict(line)
        given = line.pop("with", {})
        ((verb, value),) = line.items()
        traces = person.happen(verb, value.copy() if isinstance(value, dict) else value, given)
        found.extend([_trace(person)] if traces is None else traces)
    return found


def _trace(person: Known) -> dict[str, Any]:
    assert person.reaction
    trace: dict[str, Any] = {"said": person.said} if person.said else {}
    if path := [" ".join(pair) for turn in person.reaction.turns for pair in turn.path]:
        trace["path"] = path
    if done := [text for effect in person.reaction.effects if (text := _timer(effect) or _shown(effect))]:
        trace["done"] = done
    trace["sessions"] = " ".join(f"{session.flow}:{session.status}" for session in person.sessions.values())
    return trace


def _timer(effect: Any) -> str:
    match effect:
        case SetTimer(name=name, due=due):
            return f"timer {name} at {due.isoformat()}"
        case ClearTimer(name=name):
            return f"no timer {name}"
        case _:
            return ""


def _write() -> None:
    for path in sorted(FOLDER.glob("*.yaml")):
        golden = yaml.safe_load(path.read_text("utf-8"))
        for case in golden["cases"]:
            case["trace"] = traced(deepcopy(case))
        path.write_text(yaml.dump(golden, Dumper=_Blocks, allow_unicode=True, sort_keys=False, width=110), "utf-8")


class _Blocks(yaml.SafeDumper):
    """Texts of several lines as blocks."""


_Blocks.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


if __name__ == "__main__":
    _write()
