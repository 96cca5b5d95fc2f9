"""What comments, menus and ice breakers need is told by the check."""

from pathlib import Path

import pytest

from tests.walks import LIMITS, WINDOWS, bot_file
from trinario.authoring.check import check_bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.project import Project


def told(**flows: str) -> list[str]:
    read = {name: parse_flow(f"flow: {name}\n{text}".encode(), f"flows/{name}.yaml") for name, text in flows.items()}
    found = [issue for parsed in read.values() for issue in parsed.issues]
    assert not found, found
    issues = check_bot(Project(Path(), read, {"shop": bot_file()}, ()), LIMITS, WINDOWS)
    return [f"{issue.code} {issue.message}" for issue in issues if issue.code in ("T110", "T111", "T115", "T117")]


THANKS = "steps: {c: {comment_reply: Thank you}}"


@pytest.mark.parametrize(
    ("flows", "wanted"),
    [
        ({"a": f"triggers: [comment]\n{THANKS}"}, []),
        ({"a": f"triggers: [{{comment: [win], channels: [whatsapp]}}]\n{THANKS}"},
         ["T117 `comment` never comes from whatsapp"]),
        ({"a": f"triggers: [{{keyword: win}}]\n{THANKS}"}, ['T117 "c" answers a comment, and none begins this flow']),
        ({"a": "triggers: [comment]\nsteps: {b: {call: b}}", "b": THANKS}, []),
        ({"a": "triggers: [{menu: " + "x" * 31 + "}]\nsteps: {s: {send: Hi}}"},
         ['T110 the title "' + "x" * 31 + '" has 31 characters, too many for a menu (30)']),
        ({"a": "triggers: [{menu: Hours}]\nsteps: {s: {send: Hi}}", "b": "triggers: [{menu: Hours}]\nsteps: {s: {send: Hi}}"},
         ['T115 the trigger `menu` begins flow "a" as well (flows/a.yaml:2), and neither comes first']),
        ({"a": f"triggers: [{{comment: [win], post: [p1, p2]}}]\n{THANKS}", "b": f"triggers: [{{comment: WIN, post: p2}}]\n{THANKS}"},
         ['T115 the trigger `comment` begins flow "a" as well (flows/a.yaml:2), and neither comes first']),
        ({"a": f"triggers: [{{comment: [win], post: p1}}]\n{THANKS}", "b": f"triggers: [{{comment: win}}]\n{THANKS}"}, []),
    ],
)  # fmt: skip
def test_what_can_never_be(flows: dict[str, str], wanted: list[str]) -> None:
    assert told(**flows) == wanted


def test_more_ice_breakers_than_are_shown() -> None:
    many = ", ".join(f"{{ice_breaker: 'Question {number}?'}}" for number in range(5))
    (issue,) = told(a=f"triggers: [{many}]\nsteps: {{s: {{send: Hi}}}}")
    assert issue.startswith("T111 there are more than 4 triggers `ice_breaker`")


def test_a_private_reply_that_would_be_two_messages() -> None:
    text = "Ciao! " * 180
    (issue,) = told(a=f'triggers: [comment]\nsteps: {{p: {{private_reply: "{text}"}}}}')
    assert issue == 'T110 "p" is too long for one message on instagram (1000), and a private reply is one'


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("triggers: [{keyword: go}]\nsteps: {p: {private_reply: Hi}}", "begin the flow with - comment: [win]"),
        ("triggers: [comment]\nsteps: {s: {send: Hi}}", "say it with `private_reply`"),
        ("triggers: [comment]\nsteps: {a: {private_reply: Hi}, b: {private_reply: Ho}}", "once she has answered"),
        ("triggers: [comment]\nsteps: {p: {private_reply: Hi, timeout: 1h, on_timeout: s}, s: {send: x}}",
         "put `if: channel.window_open` on it"),
        ("triggers: [comment]\nsteps: {p: {private_reply: Hi}, q: {ask: x, timeout: 2d, on_timeout: s}, s: {send: x}}",
         "give it `delivery.template`"),
    ],
)  # fmt: skip
def test_how_to_say_something_to_who_commented(text: str, hint: str) -> None:
    parsed = parse_flow(f"flow: a\n{text}".encode(), "flows/a.yaml")
    issues = check_bot(Project(Path(), {"a": parsed}, {"shop": bot_file()}, ()), LIMITS, WINDOWS)
    assert [issue.code for issue in issues if hint in issue.hint] == ["T204"]
