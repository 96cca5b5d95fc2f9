"""People take over and give back: their hours, and questions that were answered meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.engine.test_control import read
from tests.unit.engine.worlds import Person, bot
from trinario.model.bot import Team
from trinario.model.effect import OpenTicket
from trinario.model.hours import Calendar, hours_of

PEOPLE = read("triggers: [{keyword: people}]\nsteps: {over: {handoff: sales}}", "people")


def asked(text: str, **more: Any) -> Person:
    """She stands at a question of this flow, and people have her."""
    one = Person(bot(read(text), PEOPLE, **more))
    one.start("main")
    one.contact = replace(one.contact, owner="person")  # somebody writes in the platform's own app
    return one


def test_a_tap_on_the_pending_question_is_its_answer_and_it_is_not_asked_again() -> None:
    one = asked("steps: {q: {ask: Which?, choices: [Plants, Tools]}, r: {send: 'So {{ answers.q }}'}}")
    session = one.session("main")
    assert session.wait is not None
    payloads = [option.payload for option in session.wait.options]
    assert one.tap("Tools", payloads[1]) == []
    assert one.tap("Plants", payloads[0]) == []
    assert one.returned() == ["So Plants"]


def test_a_tap_on_a_question_that_stands_aside_counts_as_well() -> None:
    one = Person(
        bot(read("steps: {q: {ask: Which?, choices: [Plants, Tools]}, r: {send: 'So {{ answers.q }}'}}"), PEOPLE)
    )
    one.start("main")
    wait = one.session("main").wait
    assert wait is not None
    one.write("people")
    assert one.contact.owner == "person"
    one.tap("Tools", wait.options[1].payload)
    assert one.returned() == ["So Tools"]


def test_words_to_people_are_no_answer_to_the_bot() -> None:
    one = asked("steps: {q: {ask: Shall we?, type: yes_no}, r: {send: 'So {{ answers.q }}'}}")
    assert one.write("yes") == []
    assert one.write("2") == []
    assert [said.split(" [")[0] for said in one.returned()] == ["Shall we?"]


def test_a_button_of_an_earlier_question_changes_nothing() -> None:
    one = Person(bot(read("steps: {a: {ask: One?, choices: [A, B]}, b: {ask: Two?, choices: [C, D]}}"), PEOPLE))
    one.start("main")
    session = one.session("main")
    assert session.wait is not None
    former = session.wait.options[1].payload
    one.tap("A", session.wait.options[0].payload)
    one.contact = replace(one.contact, owner="person")
    one.tap("B", former)
    assert one.returned() == ["Two? [C | D]"]
    assert one.session("main").answers["a"] == "A"


def test_a_field_that_somebody_fills_in_is_the_answer() -> None:
    one = asked("steps: {q: {ask: Your e-mail?, type: email, save: fields.email}, r: {send: 'So {{ answers.q }}'}}")
    later = one.at + timedelta(minutes=1)
    fields = {**one.contact.fields, "email": "ana@example.com"}
    one.contact = replace(one.contact, fields=fields, changed={**one.contact.changed, "email": later})
    assert one.returned() == ["So ana@example.com"]


def test_a_field_that_was_known_before_the_question_is_no_answer() -> None:
    one = asked("steps: {q: {ask: Your e-mail?, type: email, save: fields.email}}")
    before = one.at - timedelta(days=1)
    one.contact = replace(one.contact, fields={"email": "old@example.com"}, changed={"email": before})
    assert one.returned() == ["Your e-mail?"]


def test_outside_the_hours_of_the_team_the_flow_says_so() -> None:
    text = "steps: {h: {handoff: sales, resume: next, on_unavailable: shut}, s: {send: Back, next: end}, shut: {send: Shut}}"
    office = Calendar(hours_of({"weekdays": ((540, 1080),), "sat": ((600, 780),)}), "Europe/Rome", frozenset({"12-25"}))
    team = {"sales": Team("sales", calendar=office)}
    for moment, there in (
        (datetime(2026, 3, 2, 8, 0, tzinfo=UTC), True),  # Monday, nine o'clock in Rome
        (datetime(2026, 3, 2, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 2, 17, 0, tzinfo=UTC), False),  # six in the evening
        (datetime(2026, 3, 7, 9, 30, tzinfo=UTC), True),  # Saturday
        (datetime(2026, 3, 8, 9, 30, tzinfo=UTC), False),  # Sunday
        (datetime(2026, 12, 25, 9, 30, tzinfo=UTC), False),  # a Friday
        (datetime(2026, 7, 6, 7, 0, tzinfo=UTC), True),  # summer: nine o'clock is an hour earlier
    ):
        one = Person(bot(read(text), teams=team))
        one.at = moment
        assert one.start("main") == ([] if there else ["Shut"]), moment
        assert (one.contact.owner == "person") is there, moment


def test_the_hours_of_a_step_take_the_place_of_the_teams() -> None:
    text = "steps: {h: {handoff: sales, hours: '00:00-23:59'}}"
    shut = Calendar(hours_of({"sun": ((540, 541),)}))
    one = Person(bot(read(text), teams={"sales": Team("sales", calendar=shut)}))
    one.start("main")
    assert one.contact.owner == "person"


def test_whom_the_word_human_calls_is_a_team_that_is_there() -> None:
    shut = Calendar(hours_of({"sun": ((540, 541),)}))
    teams = {"sales": Team("sales", calendar=shut), "care": Team("care")}
    one = Person(bot(read("steps: {q: {ask: What?}}"), teams=teams))
    one.start("main")
    one.write("human")
    assert [ticket.team for ticket in one.effects(OpenTicket)] == ["care"]


@pytest.mark.parametrize(
    ("at", "there"),
    [("2026-03-02T23:00", True), ("2026-03-03T05:59", True), ("2026-03-03T06:00", False), ("2026-03-02T05:00", False)],
)
def test_hours_over_midnight_belong_to_the_day_on_which_they_begin(at: str, there: bool) -> None:
    night = Calendar(hours_of({"mon": ((22 * 60, 6 * 60),)}))
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert night.is_open(moment, UTC) is there


def test_a_day_by_its_own_name_counts_before_several() -> None:
    week = hours_of({"fri": ((540, 720),), "weekdays": ((540, 1080),)}).week
    assert week[4] == ((540, 720),) and week[0] == ((540, 1080),) and week[6] == ()
