"""A one-time code as the engine has it: sent to a phone, held against what she types by somebody else, never known."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.engine.test_golden_answers import TEMPLATES
from tests.unit.engine.worlds import Person, bot, d
from trinario.authoring.parse import parse_flow
from trinario.authoring.patterns import patterns
from trinario.model.bot import Bot
from trinario.model.effect import CheckCode, Effect, LetIn, SendCode
from trinario.model.event import CallReturned
from trinario.model.message import DOTS, Template
from trinario.model.template import TemplateSpec

FLOW = """
flow: main
triggers: [{{keyword: go}}]
steps:
  number: {{ask: Number?, type: phone}}
  proof:
    ask: The code?
    type: otp
    phone: "{{{{ answers.number }}}}"
    template: login_code
    save: fields.name
    {more}
  done: {{send: "Proven: {{{{ answers.proof }}}} {{{{ fields.name }}}}", next: end}}
  sorry: {{send: Sorry., next: end}}
  late: {{send: Late., next: end}}
  nowhere: {{send: Not sent.}}
"""
LED = "on_invalid: sorry\n    on_timeout: late\n    on_failed: nowhere"
WRONG = "That is not the code. Please type the six digits that we have sent to your phone."


def made(more: str = LED, **keys: Any) -> Bot:
    parsed = parse_flow(FLOW.format(more=more).encode(), "f.yaml")
    assert parsed.flow is not None, parsed.issues
    return bot(parsed.flow, **{"patterns": patterns({}, "en"), "templates": TEMPLATES, **keys})


def asked(more: str = LED, number: str = "333 1234567", **keys: Any) -> Person:
    person = Person(made(more, **keys))
    person.write("go")
    person.write(number)
    return person


def effects(person: Person, kind: type[Effect]) -> list[Any]:
    assert person.reaction is not None
    return [one for one in person.reaction.effects if isinstance(one, kind)]


def told(person: Person, outcome: str, key: str = "") -> list[str]:
    session = next(one for one in person.sessions.values() if one.wait and one.wait.kind == "call")
    assert session.wait is not None
    key = key or session.wait.keys[0]
    return person.react(CallReturned(person.origin(), person.at, session.id, key, outcome, data="+393331234567"))


def test_the_code_goes_to_the_phone_and_the_engine_knows_dots_only() -> None:
    person = asked()
    [sent] = effects(person, SendCode)
    assert sent.phone == "+393331234567" and sent.expires_at == person.at + d("10m").elapsed
    content = sent.say.content
    assert isinstance(content, Template) and content.code == sent.code == sent.say.key
    assert dict(content.params) == {"1": DOTS} and content.buttons[0].value == DOTS and DOTS in content.text
    assert sent.say.awaited and sent.say.purpose == "transactional"


def test_what_she_types_is_looked_at_by_somebody_else() -> None:
    person = asked()
    code = effects(person, SendCode)[0].code
    assert person.write("it is 918 273") == []
    [check] = effects(person, CheckCode)
    assert (check.code, check.typed) == (code, "918273")
    assert told(person, "proven") == ["Proven: +393331234567 +393331234567"]
    assert effects(person, LetIn)
    assert "918273" not in repr(person.sessions)


def test_a_wrong_code_is_a_wrong_answer_and_what_is_no_code_is_one_too() -> None:
    person = asked()
    person.write("123456")
    assert told(person, "wrong") == [WRONG]
    assert person.write("what code?") == [WRONG]
    person.write("123457")
    assert told(person, "wrong") == ["Sorry."]


def test_a_right_answer_comes_after_a_wrong_one() -> None:
    person = asked()
    person.write("123456")
    told(person, "wrong")
    person.write("654321")
    assert told(person, "proven")[0].startswith("Proven")


def test_an_answer_to_another_look_moves_nothing() -> None:
    person = asked()
    person.write("123456")
    assert told(person, "proven", key="i99/1/code") == []
    assert told(person, "proven")[0].startswith("Proven")


def test_patience_is_that_of_the_code_and_a_look_does_not_prolong_it() -> None:
    person = asked()
    person.after("9m")
    person.write("123456")
    told(person, "wrong")
    assert person.after("59s") == []
    assert person.after("2s") == ["Late."]
    assert asked("timeout: 2m\n    on_timeout: late").after("2m") == ["Late."]


def test_a_look_that_nobody_answers_ends_and_the_question_comes_once_more() -> None:
    person = asked()
    person.write("123456")
    assert person.after("1m") == ["The code?"]
    assert not effects(person, SendCode)
    person.write("123456")
    assert told(person, "proven")[0].startswith("Proven")


@pytest.mark.parametrize("outcome", ["failed", "refused"])
def test_a_code_that_does_not_arrive(outcome: str) -> None:
    person = asked()
    assert person.fate(effects(person, SendCode)[0].code, outcome) == ["Not sent."]
    person = asked("next: done")
    said = person.fate(effects(person, SendCode)[0].code, outcome, "too_many_codes")
    assert person.statuses == {"main": "failed"} and said


def test_the_fate_of_the_code_told_while_it_is_looked_at_counts_afterwards() -> None:
    person = asked()
    code = effects(person, SendCode)[0].code
    person.write("123456")
    assert person.fate(code, "failed") == []
    assert told(person, "wrong") == ["Not sent."]
    person = asked()
    person.write("123456")
    person.fate(person.session("main").wait.keys[1], "failed")  # type: ignore[union-attr]
    assert told(person, "proven")[0].startswith("Proven")


def test_people_take_her_over_and_the_same_code_counts_when_they_are_done() -> None:
    person = asked()
    person.contact = replace(person.contact, owner="person")
    person.wait_a(60)
    assert person.returned() == ["The code?"] and not effects(person, SendCode)
    person.write("123456")
    assert told(person, "proven")[0].startswith("Proven")


def test_a_code_that_is_over_by_then_is_followed_by_another() -> None:
    person = asked()
    first = effects(person, SendCode)[0].code
    person.contact = replace(person.contact, owner="person")
    person.wait_a(3600)
    person.returned()
    [sent] = effects(person, SendCode)
    assert sent.code != first
    person.write("123456")
    assert effects(person, CheckCode)[0].code == sent.code


def test_she_says_stop_while_it_is_looked_at() -> None:
    person = asked()
    person.write("123456")
    person.write("stop")
    assert not [one for one in person.sessions.values() if one.live]


@pytest.mark.parametrize(
    "templates",
    [{}, {"login_code": TemplateSpec("login_code", "marketing", ("code",), TEMPLATES["login_code"].languages)}],
)
def test_only_an_authentication_template_brings_a_code(templates: dict[str, TemplateSpec]) -> None:
    person = asked("next: done", templates=templates)
    assert not effects(person, SendCode) and person.statuses == {"main": "failed"}


def test_what_is_no_number_gets_no_code() -> None:
    parsed = parse_flow(FLOW.format(more="next: done").replace("type: phone", "type: text").encode(), "f.yaml")
    assert parsed.flow is not None
    person = Person(bot(parsed.flow, templates=TEMPLATES, patterns=patterns({}, "en")))
    person.write("go")
    person.write("my number")
    assert not effects(person, SendCode) and person.statuses == {"main": "failed"}
