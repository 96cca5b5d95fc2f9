"""Small promises of the machine about triggers: times, moments of hers, links, changes."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.unit.engine.worlds import CHANNELS, Person, pattern
from tests.unit.engine.written import house, main, person
from trinario.model.effect import (
    ChangeContact,
    OpenTicket,
    Report,
    SetTimer,
)
from trinario.model.event import ContactChanged, StatusTold, TriggerDue
from trinario.model.heard import Referral

# ---- triggers


def test_a_trigger_of_one_account_does_not_hear_another() -> None:
    both = {name: replace(CHANNELS["messenger"], id=name) for name in ("shop", "club")}
    text = "flow: f\ntriggers: [{keyword: hi, channels: [shop]}]\nsteps: {s: {send: Shop.}}"
    one = replace(house(text), channels=both)
    for channel, said in (("shop", ["Shop."]), ("club", [])):
        ana = Person(one)
        ana.channel = channel
        assert ana.write("hi") == said


def test_a_time_table_and_a_silence_say_when_they_came() -> None:
    ana = person("flow: f\ntriggers: [{inactivity: 7d}]\nsteps: {s: {send: 'Since {{ trigger.at }}'}}")
    ana.write("hello")
    (timer,) = ana.effects(SetTimer)
    ana.at = timer.due
    assert ana.react(TriggerDue(ana.origin(), ana.at, "f", timer.key, timer.due)) == ["Since 2026-03-09 10:00"]
    ana.write("again")
    assert ana.react(TriggerDue(ana.origin(), timer.due, "f", timer.key, timer.due)) == [], "she wrote in between"
    (later,) = ana.effects(SetTimer)
    assert later.due == ana.at + timedelta(days=7)


def test_a_silence_of_somebody_who_never_wrote() -> None:
    ana = person("flow: f\ntriggers: [{inactivity: 7d}]\nsteps: {s: {send: Hi}}")
    ana.write("hello")
    (timer,) = ana.effects(SetTimer)
    ana.contact = replace(ana.contact, last_seen_at=None)
    assert ana.react(TriggerDue(ana.origin(), timer.due, "f", timer.key, timer.due)) == []
    assert not ana.effects(SetTimer)


DATES = "flow: f\ntriggers: [{date: fields.day or fields.other, before: 1d, recurring: true}]\nsteps: {w: {wait: 9d}, s: {send: Hi}}"


def on(ana: Person, **fields: object) -> None:
    ana.react(ContactChanged(ana.origin(), ana.at, ChangeContact(fields)))


def test_a_moment_that_did_not_move_ends_nothing() -> None:
    ana = person(DATES)
    on(ana, day="2026-03-05T09:00")
    (timer,) = ana.effects(SetTimer)
    ana.at = timer.due
    ana.react(TriggerDue(ana.origin(), ana.at, "f", timer.key, timer.due, timer.offset))
    assert ana.statuses == {"f": "waiting"}
    on(ana, other="2026-04-01")
    assert ana.statuses == {"f": "waiting"}
    on(ana, day="2026-03-08T09:00")
    assert (ana.statuses, ana.session("f").reason) == ({"f": "stopped"}, "left: the date moved")


def test_a_moment_that_cannot_be_worked_out_any_more_is_told() -> None:
    ana = person(DATES)
    on(ana, day="2026-03-05T09:00")
    (timer,) = ana.effects(SetTimer)
    ana.contact = replace(ana.contact, fields={"day": "soon"})
    ana.at = timer.due
    assert ana.react(TriggerDue(ana.origin(), ana.at, "f", timer.key, timer.due, timer.offset)) == []
    (report,) = ana.effects(Report)
    assert (report.flow, report.step) == ("f", "trigger date") and report.reason


def test_flows_that_change_her_without_end_are_stopped() -> None:
    ana = person(*(
        f"flow: f{number}\ntriggers: [{{field: n}}]\nsteps: {{s: {{set: {{fields.n: '{{{{ (fields.n or 0) + 1 }}}}'}}}}}}" for number in range(25)
    ))  # fmt: skip
    on(ana, n=Decimal(1))
    assert ana.reaction and len(ana.reaction.turns) <= 25


def test_help_from_people_may_be_a_flow_of_its_own() -> None:
    own = {"human": pattern("", "human", flow="people")}
    ana = Person(house(main("q: {ask: Well?}"), "flow: people\nsteps: {s: {send: They come.}}", patterns=own))
    assert ana.write("human") == ["They come."]
    assert not ana.effects(OpenTicket)


def test_a_time_table_says_when_it_came() -> None:
    ana = person("flow: f\ntriggers: [{schedule: '0 10 * * *'}]\nsteps: {s: {send: 'At {{ trigger.at }}'}}")
    (rule,) = ana.bot.flows["f"].triggers
    assert ana.react(TriggerDue(ana.origin(), ana.at, "f", rule.key, ana.at)) == ["At 2026-03-02 10:00"]


def test_an_ad_without_a_number_and_a_form_by_its_name() -> None:
    ana = person("flow: f\ntriggers: [ad]\nsteps: {s: {send: From the ad.}}")
    assert ana.heard("referral", referral=Referral("x", "ad")) == ["From the ad."]
    assert ana.heard("referral", referral=Referral("x", "shortlink")) == []
    assert ana.reaction and ana.reaction.handled is False
    ana = person("flow: f\ntriggers: [{form: sizes}]\nsteps: {s: {send: Thank you.}}")
    assert ana.heard("form", data={"name": "sizes", "response": {"a": "b"}}) == ["Thank you."]
    assert ana.heard("form", data={"name": "others", "response": {"a": "b"}}) == []


def test_what_lies_inside_a_field_is_watched_with_it() -> None:
    ana = person("flow: f\ntriggers: [{segment: fields.day and fields.day.city == 'Rome'}]\nsteps: {s: {send: Hi}}")
    assert ana.react(ContactChanged(ana.origin(), ana.at, ChangeContact({"day": {"city": "Rome"}}))) == ["Hi"]


def test_a_status_that_begins_a_flow_is_taken() -> None:
    ana = person("flow: f\ntriggers: [{message_status: failed}]\nsteps: {s: {tag: t}}", main("s: {send: Hi}"))
    for status, taken in (("failed", True), ("read", False)):
        ana.react(StatusTold(ana.origin(), ana.at, status, "main", "s", ""))
        assert ana.reaction and ana.reaction.handled is taken
