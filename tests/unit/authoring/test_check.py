"""Proofs over a whole flow and a whole bot: ways, circles, titles, words that clash."""

from dataclasses import replace
from pathlib import Path

import pytest

from trinario.authoring.check import check_bot
from trinario.authoring.graph import circles, ways_of
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_bot import parse_bot
from trinario.authoring.project import Project
from trinario.authoring.translate import translate, translated
from trinario.channels.instagram.limits import LIMITS as INSTAGRAM
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.whatsapp.limits import LIMITS as WHATSAPP

LIMITS = {"whatsapp": WHATSAPP, "messenger": MESSENGER, "instagram": INSTAGRAM}
WHATSAPP_ONLY = """\
bot: shop
channels:
  whatsapp: {platform: whatsapp, phone_number_id: "1", phone: "+15550783881", access_token: a, app_secret: b, verify_token: c}
flows: ["*"]
fields: {x: {type: number}}
"""
BOTH = WHATSAPP_ONLY.replace("flows:", """\
  page: {platform: messenger, page_id: "2", page_name: shop, access_token: a, app_secret: b, verify_token: c}
flows:""")  # fmt: skip


def check(*flows: str, bot: str = BOTH, po: str = "") -> list[Issue]:
    read = parse_bot(bot.encode(), "bots/shop/bot.yaml", {})
    found, issues = {}, list(read.issues)
    for number, text in enumerate(flows):
        parsed = parse_flow(text.encode(), f"flows/{number}.yaml")
        if po and parsed.notes and parsed.flow:
            italian = translate(po.encode(), "flows/0.it.po", "it", parsed.notes, parsed.file)
            parsed = replace(parsed, flow=translated(parsed.flow, {"it": italian}, "r"))
        found[parsed.name or parsed.file] = parsed
        issues += parsed.issues
    return list(check_bot(Project(Path(), found, {"shop": read}, tuple(issues)), LIMITS))


def codes(*flows: str, bot: str = BOTH) -> list[str]:
    return [issue.code for issue in check(*flows, bot=bot)]


def steps(text: str) -> str:
    return "flow: a\nsteps:\n" + "".join(f"  {line}\n" for line in text.strip().split("\n"))


@pytest.mark.parametrize("text", [
    "q: {ask: A?}\nb: {branch: [{if: answers.q == 'x', next: q}, {else: end}]}",
    "s: {send: Hi}\nw: {wait: 1d}\nb: {branch: [{if: fields.x, next: s}, {else: end}]}",
    "h: {handoff: t, resume: next, next: s}\ns: {send: Hi}",
    "q: {ask: A?, type: yes_no, on_yes: y, on_no: n}\ny: {send: Y, next: end}\nn: {send: N}",
    "q: {ask: A?, choices: [{title: A, next: x}, {title: B, next: y}]}\nx: {send: X, next: end}\ny: {send: Y}",
])  # fmt: skip
def test_good_ways_have_no_issue(text: str) -> None:
    assert codes(steps(text), bot=BOTH + "teams: {t: {}}\n") == []


def test_a_circle_through_a_question_that_can_be_skipped() -> None:
    text = steps("q: {ask: A?, save: fields.x, skip_if_known: true}\ns: {send: Hi, next: q}")
    (issue,) = [issue for issue in check(text) if issue.code == "T103"]
    assert "q -> s -> q" in issue.message and issue.line == 3


def test_a_circle_through_a_switch_that_she_has_made_already() -> None:
    assert "T103" in codes(steps("s: {send: Hi}\nw: {switch_channel: whatsapp, next: s}"))


def test_a_circle_of_branches() -> None:
    text = steps("n: {branch: [{if: fields.x, next: m}, {else: end}]}\nm: {set: {fields.x: 1}, next: n}")
    assert codes(text) == ["T103"]


def test_an_exit_when_lets_a_flow_go_on_for_ever() -> None:
    text = steps("w: {wait: 1d}\ns: {send: Hi, next: w}")
    assert codes(text) == ["T102"]
    assert codes(text + "exit_when: [{tag: customer}]\n") == []


def test_steps_that_only_handlers_lead_to_are_reached() -> None:
    text = steps("q: {ask: A?, next: end}\nh: {send: Sorry}") + "handlers: {invalid: h}\n"
    assert codes(text) == []


def test_falling_through_is_a_warning() -> None:
    text = steps("b: {branch: [{if: fields.x, next: two}, {else: one}]}\none: {send: 1}\ntwo: {send: 2}")
    (issue,) = check(text)
    assert (issue.code, issue.severity, issue.line) == ("T105", Severity.WARNING, 4)
    assert codes(text.replace("{send: 1}", "{send: 1, next: two}")) == []


def test_the_last_step_may_fall_off_the_end_that_a_branch_leads_to() -> None:
    assert codes(steps("b: {branch: [{if: fields.x, next: end}, {else: one}]}\none: {send: 1}")) == []


def test_titles_are_measured_where_they_are_shown() -> None:
    two = steps('q: {ask: A?, choices: ["Twenty-one characters", B]}')
    (issue,) = check(two)
    assert issue.code == "T110" and "whatsapp (20) and messenger (20)" in issue.message and "20 at most" in issue.hint
    four = steps('q: {ask: A?, choices: ["Twenty-one characters", B, C, D]}')
    assert codes(four, bot=WHATSAPP_ONLY) == []
    (issue,) = check(four)
    assert "messenger (20)" in issue.message and "whatsapp" not in issue.message


def test_titles_are_measured_in_every_language() -> None:
    po = 'msgctxt "q.choices.0.title"\nmsgid "A"\nmsgstr "Una cosa troppo lunga per un pulsante"\n'
    (issue,) = check(steps("q: {ask: A?, choices: [A, B]}"), po=po)
    assert issue.code == "T110" and " in it " in issue.message and "flows/0.it.po" in issue.hint


def test_a_title_that_is_worked_out_is_not_measured() -> None:
    assert codes(steps('q: {ask: A?, choices: ["{{ contact.first_name }} or somebody else", B]}')) == []


def test_more_choices_than_can_be_tapped_is_a_warning() -> None:
    text = steps(f"q: {{ask: A?, choices: [{', '.join(f'c{n}' for n in range(12))}]}}")
    (issue,) = check(text)
    assert (issue.code, issue.severity) == ("T111", Severity.WARNING) and "whatsapp (10)" in issue.message


@pytest.mark.parametrize(("one", "two", "clash"), [
    ("keyword: info", "keyword: [price, Ínfo]", True),
    ("keyword: info", "keyword: info\n    priority: 1", False),
    ("keyword: info", "keyword: info\n    channels: [page]", False),
    ("keyword: info\n    channels: [whatsapp]", "keyword: info\n    channels: [page]", False),
    ("keyword: info\n    channels: [page]", "keyword: info\n    channels: [page]", True),
    ("keyword: {en: info}", "keyword: {it: info}", False),
    ("keyword: {en: info}", "keyword: info", True),
    ("keyword: info", "keyword: info\n    match: exact", False),
    ("message", "message", True),
    ("event: order.paid", "event: order.paid", False),
    ("referral: x", "referral: x", True),
    ("referral: x", "referral: y", False),
])  # fmt: skip
def test_triggers_that_tie(one: str, two: str, clash: bool) -> None:
    flows = [f"flow: {name}\ntriggers:\n  - {trigger}\nsteps: {{s: {{send: Hi}}}}\n"
             for name, trigger in (("a", one), ("b", two))]  # fmt: skip
    assert codes(*flows) == (["T115"] if clash else [])


def test_stop_words_of_the_bot_are_known() -> None:
    text = steps("q: {ask: A?, choices: [Enough, More]}")
    assert codes(text) == []
    assert codes(text, bot=BOTH + "patterns: {stop: {words: {en: [enough]}}}\n") == ["T114"]


def test_a_keyword_that_means_help() -> None:
    (issue,) = check("flow: a\ntriggers: [{keyword: Help}]\nsteps: {s: {send: Hi}}\n")
    assert (issue.code, issue.severity) == ("T116", Severity.WARNING)


def test_data_of_events_is_known_where_it_is_declared() -> None:
    text = (
        "flow: a\ntriggers: [{event: order.paid, match: event.%s == '1'}]\n"
        'steps: {s: {send: "Cart {{ trigger.%s }}"}}\n'
    )
    bot = BOTH + "events: {order.paid: {cart_id: text}}\n"
    assert codes(text % ("cart_id", "cart_id"), bot=bot) == []
    assert codes(text % ("cart", "crt_id"), bot=bot) == ["T031", "T031"]
    assert codes(text % ("cart", "anything"), bot=BOTH) == []


def test_names_that_only_some_texts_have() -> None:
    listed = BOTH.replace("type: number", "type: list")
    assert codes(steps("q: {ask: A?, choices: {from: fields.x, title: item.name, value: item.id}}"), bot=listed) == []
    assert codes(steps('s: {send: "{{ item.name }}"}')) == ["T031"]
    assert codes(steps('s: {send: "{{ event.name }}"}')) == ["T031"]


def test_a_flow_that_no_bot_lists_is_checked_all_the_same() -> None:
    text = steps('s: {send: "{{ contct.name }} {{ fields.anything }}"}')
    issues = check(text, "flow: b\nsteps: {s: {send: Hi}}\n", bot=BOTH.replace('["*"]', "[b]"))
    assert [issue.code for issue in issues] == ["T046", "T031"]


def test_a_flow_that_is_not_listed_cannot_be_called() -> None:
    flows = ("flow: a\nsteps: {s: {call: c}}\n", "flow: c\nsteps: {s: {send: Hi}}\n")
    (told, unused) = check(*flows, bot=BOTH.replace('["*"]', "[a]"))
    assert told.code == "T040" and "not listed" in told.message and unused.code == "T046"


def test_a_misspelt_entry_of_flows_is_told_once() -> None:
    flow = "flow: welcome\nsteps: {s: {send: Hi}}\n"
    (told,) = check(flow, bot=BOTH.replace('["*"]', "[welcom]") + "default_flow: welcome\n")
    assert told.code == "T040" and told.hint == 'did you mean "welcome"?'


def test_circles_are_the_shortest_and_told_once() -> None:
    ways = {"a": ["b", "c"], "b": ["a"], "c": ["d"], "d": ["a", "d"]}
    assert circles(ways) == [("a", "b"), ("c", "d", "a")]
    assert circles({"a": ["b"], "b": ["end"]}) == []


def test_ways_of_a_flow() -> None:
    flow = parse_flow(steps("q: {ask: A?, timeout: 1h, default: x}\ns: {start: b}").encode(), "a.yaml").flow
    assert flow is not None
    ways = ways_of(flow)
    assert {way.target for way in ways["q"]} == {"s", "end"} and {way.target for way in ways["s"]} == {"end"}


def test_names_in_texts_are_checked_beside_other_errors() -> None:
    text = steps('q: {ask: A?}\nbad: {sned: x}\ns: {send: "{{ answers.q }} {{ answers.p }} {{ contact.nme }}"}')
    assert codes(text) == ["T016", "T031", "T031"]


def test_a_handler_of_faults_is_reached_from_every_step() -> None:
    text = steps("s: {send: Hi, next: end}\nh: {send: Sorry}") + "handlers: {failed: h}\n"
    assert codes(text) == []
