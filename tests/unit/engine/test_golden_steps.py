"""One golden file per kind of step: flows as authors write them, what happens, and the trace that follows.

`python -m tests.unit.engine.test_golden_steps` writes the traces anew; read the difference before you keep it.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from tests.unit.engine.worlds import Person, bot, shown
from trinario import engine, jsons
from trinario.authoring.parse import parse_flow
from trinario.authoring.patterns import patterns
from trinario.model import flow as nouns
from trinario.model.consent import RecordConsent
from trinario.model.effect import (
    CallOut,
    ChangeContact,
    ChangeEnrolment,
    CountGoal,
    Effect,
    LetIn,
    OfferSwitch,
    OpenTicket,
    RaiseEvent,
    Report,
    SendNotice,
    TakeTicket,
    Withdraw,
)
from trinario.model.value import plain

FOLDER = Path(__file__).parents[2] / "golden" / "steps"
VERBS = [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower() for kind in get_args(nouns.Step)]


def test_every_kind_has_its_file_and_its_golden() -> None:
    rooms = {path.stem for path in (Path(engine.__file__).parent / "steps").glob("*.py")} - {"__init__", "busy"}
    assert set(VERBS) == rooms == {path.stem for path in FOLDER.glob("*.yaml")}


@pytest.mark.parametrize("verb", VERBS)
def test_golden(verb: str) -> None:
    golden = yaml.safe_load((FOLDER / f"{verb}.yaml").read_text("utf-8"))
    assert golden["trace"] == traced(golden)
    assert any(f"{verb}:" in text for text in golden["flows"])


def traced(golden: dict[str, Any]) -> list[Any]:
    """What every line of the talk leads to."""
    flows = []
    for text in golden["flows"]:
        parsed = parse_flow(text.encode(), "golden.yaml")
        assert parsed.flow is not None, [str(issue) for issue in parsed.issues]
        flows.append(replace(parsed.flow, revision="r1"))
    person = Person(bot(*flows, patterns=patterns({}, "en"), ai=True), timezone="Europe/Paris")
    return [_line(person, dict(line)) for line in golden["talk"]]


def _line(person: Person, line: dict[str, Any]) -> dict[str, Any]:
    given = line.pop("with", {})
    ((verb, value),) = line.items()
    match verb:
        case "start":
            person.start(value, **given)
        case "event":
            person.event(value, **given)
        case "fate":
            person.fate(next(iter(person.waiting.wait.keys)), *value.split())  # type: ignore[union-attr]
        case "comment":
            person.comment(value, **given)
        case "returned":
            person.returned()
        case _:
            getattr(person, verb)(value)
    return _trace(person)


def _trace(person: Person) -> dict[str, Any]:
    assert person.reaction
    heard = [shown(say.content) for say in person.says if not say.hushed]
    trace: dict[str, Any] = {"said": heard} if heard else {}
    if hushed := [shown(say.content) for say in person.says if say.hushed]:
        trace["hushed"] = hushed
    if path := [" ".join(pair) for turn in person.reaction.turns for pair in turn.path]:
        trace["path"] = path
    if done := [text for effect in person.reaction.effects if (text := _shown(effect))]:
        trace["done"] = done
    trace["sessions"] = " ".join(f"{session.flow}:{session.status}" for session in person.sessions.values())
    return trace


def _shown(effect: Effect) -> str:
    match effect:
        case ChangeContact(fields=fields, tags_added=added, tags_removed=removed, attributes=attributes):
            parts = [f"{name}={plain(value)}" for name, value in {**fields, **attributes}.items()]
            return " ".join([*parts, *(f"+{tag}" for tag in added), *(f"-{tag}" for tag in removed)])
        case CountGoal(name=name, value=value, currency=currency):
            return f"goal {name} {plain(value) or ''} {currency}".strip()
        case OpenTicket(team=team, note=note, until=until):
            return f"ticket {team} ({note}) until {until}"
        case OfferSwitch(targets=targets, offer=offer, expires_at=expires):
            return f"offer {offer} {' '.join(targets)} until {expires}"
        case CallOut(kind=kind, request=request, timeout=timeout, retries=retries, again=again):
            more = f", again up to {retries} times" if again else ""
            return f"calls {kind} {jsons.dumps(request)} within {timeout:g} s{more}"
        case LetIn():
            return "lets in what she wrote meanwhile"
        case Report(step=step, reason=reason):
            return f"report {step}: {reason}"
        case RecordConsent(
            purpose=purpose, state=state, evidence=evidence, channels=channels, wording=wording, said=said
        ):
            on = f" on {' '.join(channels)}" if channels else ""
            return f"ledger {purpose} {state}{on} by {evidence} ({said}): {wording}".removesuffix(": ")
        case ChangeEnrolment(sequence=sequence, joins=joins):
            return f"{'joins' if joins else 'leaves'} {sequence}"
        case SendNotice(key=key, to=to, text=text):
            return f"notice {key} to {' '.join(to)}: {text}"
        case RaiseEvent(key=key, name=name, data=data, hops=hops):
            return f"event {key} {name} {plain(data)} hops {hops}"
        case TakeTicket(draw=draw, number=number):
            return f"number {number} in {draw}"
        case Withdraw(sessions=sessions):
            return f"withdraw {' '.join(sessions)}"
        case _:
            return ""


def _write() -> None:
    for verb in VERBS:
        path = FOLDER / f"{verb}.yaml"
        text = path.read_text("utf-8").split("trace:\n")[0]
        trace = traced(yaml.safe_load(text))
        path.write_text(
            text + yaml.safe_dump({"trace": trace}, allow_unicode=True, sort_keys=False, width=110), "utf-8"
        )


if __name__ == "__main__":
    _write()
