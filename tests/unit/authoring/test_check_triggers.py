"""What check says of triggers: each mistake is one issue at its place, with a mend; what is right has none."""

from pathlib import Path

import pytest

from tests.walks import LIMITS, WINDOWS, bot_file
from trinario.authoring.check import check_bot
from trinario.authoring.issue import Issue
from trinario.authoring.parse import parse_flow
from trinario.authoring.project import Project


def told(*flows: str) -> list[Issue]:
    """The issues of these flows in a bot, the window aside."""
    parsed = [parse_flow(text.encode(), f"flows/f{number}.yaml") for number, text in enumerate(flows)]
    read = {one.name: one for one in parsed}
    issues = tuple(issue for one in parsed for issue in one.issues)
    found = check_bot(Project(Path(), read, {"shop": bot_file()}, issues), LIMITS, WINDOWS)
    return [issue for issue in found if issue.code != "T204"]


def flow(*triggers: str, name: str = "f") -> str:
    lines = "\n".join(f"  - {one}" for one in triggers)
    return f"flow: {name}\ntriggers:\n{lines}\nsteps:\n  s: {{send: Hi}}\n"


@pytest.mark.parametrize(
    ("trigger", "code", "column", "words"),
    [
        ('schedule: "0 10 * * 1"', "T014", 5, "whom it is for"),
        ('{schedule: "0 10 * *", segment: "fields.n > 1"}', "T021", 16, "has 4 parts"),
        ('{schedule: "0 25 * * 1", segment: "fields.n > 1"}', "T021", 16, "is no hour"),
        ('{schedule: "0 0 31 2 *", segment: "fields.n > 1"}', "T021", 16, "never comes"),
        ('{schedule: "0 0 1 2 *", segment: "fields.n > 1", zone: Europe/Rom}', "S043", 60, "Europe/Rom"),
        ('{schedule: "0 0 1 2 *", segment: session.id}', "T031", 38, "has begun"),
        ("{keyword: hi, segment: fields.nn > 1}", "T031", 35, "nn"),
        ("{keyword: hi, once: {per: post}}", "T015", 31, "has no post"),
        ("{keyword: hi, once: {every: 0s}}", "T015", 33, "no bound"),
        ("{keyword: hi, once: {evry: 9d}}", "T011", 26, "evry"),
        ("{keyword: hi, hours: 25:00-26:00}", "S036", 26, "25:00"),
        ("{keyword: hi, delay: soon}", "S034", 26, "soon"),
        ("{date: fields.at, before: [2h], at: 10:00}", "T015", 31, "has no effect"),
        ("{date: fields.at, at: 10}", "S035", 27, "10"),
        ("{date: 2026-12-01, recurring: true}", "T015", 35, "never moves"),
        ("{date: fields.att}", "T031", 19, "att"),
        ("{date: session.id}", "T031", 12, "session"),
        ("{date: fields.n}", "T122", 12, "date"),
        ("segment: 1 < 2", "T015", 14, "nobody ever enters"),
        ("{segment: fields.n > 1, when: entered}", "T021", 35, "entered"),
        ("inactivity: 0s", "T021", 17, "no time at all"),
        ("inactivity: a while", "S034", 17, "a while"),
        ("{message_status: red}", "T021", 22, "red"),
        ("{message_status: read, step: s}", "T014", 34, "of no flow"),
        ("{message_status: read, flow: f}", "T015", 34, "says itself"),
        ("{message_status: read, flow: g}", "T040", 34, '"g"'),
        ("{tag: vip, when: removd}", "T021", 22, "removd"),
        ("field: nothing", "T043", 12, "nothing"),
        ("handoff_close", "T016", 5, "handoff_close"),
        ("{keyword: hi, tag: vip}", "T016", 19, "`tag`"),
    ],
)
def test_a_mistake_is_one_issue(trigger: str, code: str, column: int, words: str) -> None:
    issues = told(flow(trigger))
    assert [(one.code, one.line, one.column) for one in issues] == [(code, 3, column)], issues
    assert words in issues[0].message + issues[0].hint
    assert issues[0].hint


@pytest.mark.parametrize(
    "trigger",
    [
        '{schedule: "0 10 * * mon", segment: "\'vip\' in tags", zone: contact, late: skip after 3h, if_busy: skip}',
        "{date: fields.at, before: [1d, 2h], after: 7d, recurring: true}",
        "{date: fields.at, after: 1d, at: 9:00}",
        "{segment: \"fields.n > 1 or 'vip' in tags\", when: leave}",
        "{tag: vip, when: removed, segment: fields.n > 1}",
        "{field: n, hours: 22:00-06:00}",
        "{inactivity: 3d, once: {every: 30d}, late: skip after 1d}",
        "{message_status: failed, delay: 5m}",
        "{handoff_closed: , delay: 1h}",
        "identity_linked",
        "{event: order.paid, once: {per: trigger.order_id, every: 1w}, segment: fields.n is none}",
        "{keyword: hi, segment: trigger.text != 'hi!', once: {per: contact}}",
    ],
)
def test_what_is_right_has_no_issue(trigger: str) -> None:
    assert told(flow(trigger)) == []


def _worst(text: str) -> list[Issue]:
    return [issue for issue in told(text) if issue.severity == "error"]


def test_what_a_trigger_brings_has_a_type() -> None:
    text = flow("{date: fields.at}", "field: n") + '  t: {set: {fields.at: "{{ trigger.at }}"}}\n'
    assert told(text) == []
    (issue,) = _worst(flow("{date: fields.at}") + "  b: {branch: [{if: trigger.at > 5, next: end}, {else: end}]}\n")
    assert issue.code == "T120"
    (issue,) = _worst(flow("tag: vip") + '  t: {send: "{{ trigger.offset }}"}\n')
    assert issue.code == "T031"


@pytest.mark.parametrize(
    ("one", "two", "clash"),
    [
        ("keyword: hi", "keyword: hi", True),
        ("{keyword: hi, segment: fields.n > 1}", "keyword: hi", False),
        ("{keyword: hi, segment: fields.n > 1}", "{keyword: hi, segment: fields.n > 1}", True),
        ("{keyword: hi, segment: fields.n > 1}", "{keyword: hi, segment: fields.n <= 1}", False),
        ("{keyword: hi, hours: 08:00-20:00}", "{keyword: hi, hours: 20:00-08:00}", False),
        ("{keyword: hi, hours: 08:00-20:01}", "{keyword: hi, hours: 20:00-08:00}", True),
        ("{keyword: hi, hours: 08:00-20:00}", "keyword: hi", True),
        ("{keyword: hi, once: {every: 1d}}", "keyword: hi", True),
    ],
)
def test_two_that_clash(one: str, two: str, clash: bool) -> None:
    issues = told(flow(one), flow(two, name="g"))
    assert [issue.code for issue in issues] == (["T115"] if clash else [])
