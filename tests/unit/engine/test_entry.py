"""How flows begin by themselves, beside what the goldens show: memory, delays, people, changes from outside, timers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.engine.test_golden_triggers import FIELDS, Known
from tests.unit.engine.worlds import START, bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.patterns import patterns
from trinario.engine.changes import differences
from trinario.engine.limits import MARK_BYTES, MARKS_KEPT
from trinario.model.contact import Contact
from trinario.model.effect import ChangeContact, ClearTimer, SetTimer, Withdraw
from trinario.model.event import ContactChanged, StatusTold, TriggerDue


def somebody(*texts: str, **contact: object) -> Known:
    flows = []
    for text in texts:
        parsed = parse_flow(text.encode(), "f.yaml")
        assert parsed.flow is not None, parsed.issues
        flows.append(replace(parsed.flow, revision="r1"))
    return Known(bot(*flows, patterns=patterns({}, "en"), fields=FIELDS), timezone="Europe/Paris", **contact)


def changed(ana: Known, tags: tuple[str, ...] = (), **fields: object) -> list[str]:
    return ana.react(ContactChanged(ana.origin(), ana.at, ChangeContact(fields, tags)))


def flow(name: str, triggers: str, steps: str = "s: {send: Hi}", more: str = "") -> str:
    return f"flow: {name}\ntriggers: [{triggers}]\n{more}steps: {{{steps}}}\n"


def test_the_memory_is_bounded_and_its_names_too() -> None:
    marks = {f"f/event:x/{number}": START + timedelta(seconds=number) for number in range(MARKS_KEPT)}
    ana = somebody(flow("f", "{event: x, once: {per: trigger.id}}"), marks=marks)
    ana.at += timedelta(days=1)
    assert ana.event("x", id="0") == []
    assert ana.event("x", id="y" * 500) == ["Hi"]
    assert len(ana.contact.marks) == MARKS_KEPT
    assert all(len(name.encode()) <= MARK_BYTES for name in ana.contact.marks)
    assert ana.event("x", id="y" * 500) == []
    assert ana.event("x", id="0") == ["Hi"], "the oldest is forgotten"


def test_what_it_is_once_for_cannot_be_worked_out() -> None:
    ana = somebody(flow("f", "{event: x, once: {per: trigger.id.no}}"))
    assert ana.event("x", id={"a": 1}) == []
    assert ana.reports and not ana.contact.marks


def test_two_triggers_of_one_flow_remember_for_themselves() -> None:
    ana = somebody(flow("f", "{event: x, once: {per: contact}}, {event: y, once: {per: contact}}"))
    assert [ana.event("x"), ana.event("y"), ana.event("x"), ana.event("y")] == [["Hi"], ["Hi"], [], []]


def test_a_spent_trigger_that_would_skip_is_not_spent_by_it() -> None:
    ana = somebody(
        flow("f", "{event: x, if_busy: skip, once: {per: contact}}"), flow("q", "{keyword: q}", "q: {ask: Well?}")
    )
    ana.write("q")
    assert ana.event("x") == []
    ana.write("fine")
    assert ana.event("x") == ["Hi"]


def test_a_delayed_flow_waits_for_the_question_that_is_pending() -> None:
    ana = somebody(
        flow("f", "{keyword: later, delay: 1h}", "q: {ask: And now?}"), flow("q", "{keyword: q}", "q: {ask: Well?}")
    )
    assert ana.write("later") == []
    assert ana.write("q") == ["Well?"]
    assert ana.after("2h") == []
    assert ana.statuses == {"f": "aside", "q": "waiting"}
    assert ana.write("fine") == ["And now?"]


def test_a_delayed_flow_interrupts_when_its_author_says_so() -> None:
    ana = somebody(
        flow("f", "{keyword: later, delay: 1h, if_busy: interrupt}", "q: {ask: And now?}"),
        flow("q", "{keyword: q}", "q: {ask: Well?}"),
    )
    ana.write("later")
    ana.write("q")
    assert ana.after("2h") == ["And now?"]


def test_what_is_not_the_clock_does_not_shorten_a_delay() -> None:
    ana = somebody(flow("f", "{event: x, delay: 1h}"), flow("m", "message", "m: {send: Hm}"))
    ana.event("x")
    assert ana.write("hello?") == ["Hm"]
    assert ana.returned() == []
    assert ana.session("f").wait.kind == "delay"  # type: ignore[union-attr]
    assert ana.after("1h") == ["Hi"]


def test_a_delay_of_a_calendar_day() -> None:
    ana = somebody(flow("f", "{event: x, delay: 1d}"))
    ana.at = START.replace(month=3, day=28, hour=9)
    ana.event("x")
    assert ana.session("f").wake_at == START.replace(month=3, day=29, hour=8), "the night has an hour less"


def test_a_flow_that_begins_while_people_have_her_begins_when_they_are_done() -> None:
    ana = somebody(flow("f", "{tag: vip}"), flow("h", "{keyword: human!}", "h: {handoff: sales}"))
    ana.write("human!")
    assert changed(ana, ("vip",)) == []
    assert ana.returned() == ["Hi"]


def test_a_field_that_changes_outside_ends_what_is_to_end_by_it() -> None:
    ana = somebody(flow("f", "{keyword: hi}", "q: {ask: Well?}", "exit_when: [{field: city}]\n"))
    ana.write("hi")
    changed(ana, city="Roma")
    assert ana.statuses == {"f": "stopped"}
    assert ana.effects(Withdraw)


def test_nothing_is_looked_at_where_no_trigger_looks() -> None:
    ana = somebody(flow("f", "{keyword: hi}"))
    ana.write("hi")
    assert ana.bot and ana.timers == {}
    changed(ana, city="Roma")
    assert not ana.effects(SetTimer) and not ana.effects(ClearTimer)


def test_a_segment_that_cannot_be_worked_out_is_told_and_the_others_go_on() -> None:
    ana = somebody(flow("a", "{segment: fields.visits + fields.city > 1}"), flow("b", "{field: city}"))
    assert changed(ana, city="Roma") == ["Hi"]
    assert len(ana.reports) == 1


def test_after_a_stop_word_nothing_begins() -> None:
    ana = somebody(flow("f", "{segment: consent.marketing is false}"))
    said = ana.write("stop")
    assert len(said) == 1
    assert ana.sessions == {}


def test_a_timer_of_a_trigger_that_is_gone_means_nothing() -> None:
    ana = somebody(flow("f", "{date: fields.appointment_at, before: 1d}"))
    changed(ana, appointment_at="2026-03-05T09:00")
    (timer,) = ana.timers.values()
    for flow_, key, offset in (("g", timer.key, "-1d"), ("f", "date:other", "-1d"), ("f", timer.key, "-2d")):
        assert ana.react(TriggerDue(ana.origin(), timer.due, flow_, key, timer.due, offset)) == []
        assert ana.reaction and not ana.reaction.handled
    assert ana.react(TriggerDue(ana.origin(), timer.due, "f", timer.key, timer.due, "-1d")) == ["Hi"]


def test_a_timer_that_rings_at_a_moment_that_has_moved_is_set_anew() -> None:
    ana = somebody(flow("f", "{date: fields.appointment_at, before: 1d}"))
    changed(ana, appointment_at="2026-03-05T09:00")
    (timer,) = ana.timers.values()
    # what nobody told the timers of: the zone of the bot, say
    ana.contact = replace(ana.contact, timezone="America/New_York")
    assert ana.react(TriggerDue(ana.origin(), timer.due, "f", timer.key, timer.due, "-1d")) == []
    assert ana.timers[timer.name].due == timer.due + timedelta(hours=6)


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({}, set()),
        ({"fields": {"a": 1}}, {"fields", "fields.a"}),
        ({"fields": {}}, set()),
        ({"tags": frozenset({"x"})}, {"tags"}),
        ({"consent": {"marketing": True}}, {"consent"}),
        ({"language": "it"}, {"contact.language"}),
        ({"first_name": "Ana"}, {"contact.first_name", "contact.name"}),
    ],
)
def test_what_is_not_as_it_was(change: dict[str, object], paths: set[str]) -> None:
    before = Contact(1, START)
    assert differences(before, replace(before, **change)) == paths  # type: ignore[arg-type]


def test_a_trigger_is_told_with_all_it_depends_on() -> None:
    one = parse_flow(
        flow(
            "f",
            "{date: fields.appointment_at, before: [1d, 2h], recurring: true, segment: \"'vip' in tags\","
            ' hours: "09:00-20:00", delay: 1h, once: {per: trigger.at, every: 7d}}',
        ).encode(),
        "f.yaml",
    ).flow
    assert one is not None
    told = [
        "-1d",
        "-2h",
        "recurring",
        "segment 'vip' in tags",
        "09:00-20:00",
        "1h later",
        "once per trigger.at every 7d",
    ]
    assert one.triggers[0].beside == told


def test_two_flows_that_watch_every_message_do_not_watch_each_other() -> None:
    """Each would say something, its status would begin the other one, and so on for ever."""
    watches = "flow: {0}\ntriggers: [{{message_status: refused}}]\nsteps: {{s: {{send: Hi from {0}}}}}"
    named = "flow: c\ntriggers: [{message_status: refused, flow: a}]\nsteps: {s: {send: Hi from c}}"
    ana = somebody(watches.format("a"), watches.format("b"), named)

    def refused(flow: str) -> list[str]:
        return ana.react(StatusTold(ana.origin(), ana.at, "refused", flow, "s", "messenger", "no_consent"))

    assert refused("offer") == ["Hi from a", "Hi from b"]
    assert refused("b") == []
    assert refused("a") == ["Hi from c"], "a flow that is named is meant"
