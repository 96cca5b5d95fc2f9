"""Two versions of a flow held against each other, the plan of a deploy, and the page for reviewers."""

import json
from pathlib import Path

import pytest

from trinario.authoring.check import check_bot
from trinario.authoring.issue import Issue
from trinario.authoring.parse import parse_flow
from trinario.authoring.project import Project
from trinario.authoring.stored import FlowSource, restored
from trinario.authoring.versions.compare import compare
from trinario.authoring.versions.plan import fates, plan_json, plan_of
from trinario.authoring.versions.review import inline, review
from trinario.authoring.versions.show import plan_text
from trinario.model.flow import Flow

OLD = """flow: shop
triggers: [{keyword: [shop, buy]}]
steps:
  colour: {ask: Which colour?, choices: [Red, Blue]}
  budget: {ask: Your budget in EUR?, type: number}
  extra: {send: A small extra.}
  thanks: {send: "Thank you, {{ contact.first_name or 'friend' }}!"}
"""
NEW = """flow: shop
triggers: [{keyword: [shop, order]}]
migrations:
  - rename: {budget: budget_eur}
  - drop: {extra: thanks}
steps:
  colour: {ask: Which color do you like?, choices: [Red, Blue]}
  budget_eur: {ask: Your budget in EUR?, type: number, max: 100}
  thanks: {send: "Thank you, {{ contact.first_name or 'friend' }}!"}
  bye: {send: Bye.}
"""


def flow_of(text: str, po: str = "", revision: str = "") -> Flow:
    found = restored(
        FlowSource("shop", revision or str(abs(hash(text + po))), "flows/shop.yaml", text, {"it": po} if po else {})
    )
    assert found.flow is not None, found.issues
    return found.flow


def test_everything_that_is_different_is_told() -> None:
    change = compare("shop", flow_of(OLD), flow_of(NEW))
    assert (change.added, change.removed, dict(change.renamed)) == (("bye",), ("extra",), {"budget": "budget_eur"})
    assert (change.gained, change.lost) == (("keyword order",), ("keyword buy",))
    assert {(step.step, step.texts, step.was, step.keys) for step in change.changed} == {
        ("colour", True, "", ()), ("budget_eur", False, "budget", ("max",)),
    }  # fmt: skip
    texts = {(text.key, text.before, text.after) for text in change.texts}
    assert ("colour.ask", "Which colour?", "Which color do you like?") in texts
    assert ("extra.send", "A small extra.", None) in texts and ("bye.send", None, "Bye.") in texts
    assert not any(key.startswith("budget") for key, _, _ in texts)


def test_a_file_that_is_only_written_differently_changes_nothing() -> None:
    change = compare(
        "shop",
        flow_of(OLD),
        flow_of("# a remark\n" + OLD.replace("{send: A small extra.}", "\n    send: A small extra.")),
    )
    assert change.nothing


def test_translations_are_texts_as_well() -> None:
    po = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgctxt "extra.send"\nmsgid "A small extra."\nmsgstr "%s"\n'
    change = compare("shop", flow_of(OLD, po % "Un extra."), flow_of(OLD, po % "Un piccolo extra."))
    (text,) = change.texts
    assert (text.locale, text.key, text.before, text.after) == ("it", "extra.send", "Un extra.", "Un piccolo extra.")


def test_a_step_that_looks_renamed_is_a_hint() -> None:
    change = compare("shop", flow_of(OLD), flow_of(OLD.replace("budget:", "budget_eur:")))
    assert change.hints == (("budget", "budget_eur"),) and not change.renamed


def test_a_plan_says_what_becomes_of_who_waits() -> None:
    old, new = flow_of(OLD, revision="aaaa1111"), flow_of(NEW, revision="bbbb2222")
    standing = [
        ("shop", "aaaa1111", "budget", 3), ("shop", "aaaa1111", "extra", 1), ("shop", "0000", "x", 2),
        ("other", "aaaa1111", "q", 9), ("gone", "cccc", "q", 1),
    ]  # fmt: skip
    issue = Issue("T101", "flows/shop.yaml", 3, 1, 2, "never reached")
    plan = plan_of({"shop": old, "gone": old}, {"shop": new, "fresh": new}, standing, {}, ((), (issue,)))
    assert {(w.flow, w.step, w.fate, w.to) for w in plan.waiting} == {
        ("shop", "budget", "moves", "budget_eur"), ("shop", "extra", "anew", "thanks"),
        ("shop", "x", "finishes", ""), ("gone", "q", "finishes", ""),
    }  # fmt: skip
    assert fates(plan) == {"moves": 3, "anew": 1, "finishes": 3}
    assert (plan.begun, plan.ended, plan.introduced) == (("fresh",), ("gone",), (issue,))
    text = plan_text(plan)
    for line in ("> step budget is budget_eur now", "- no longer begins by keyword buy", "+ flow fresh is new",
                 "! flows/shop.yaml:3: T101 never reached", "move at budget_eur"):  # fmt: skip
        assert line in text
    assert json.loads(json.dumps(plan_json(plan)))["flows"][0]["renamed"] == {"budget": "budget_eur"}
    assert plan_of({"shop": old}, {"shop": old}, standing, {}).nothing


def test_a_page_for_reviewers_colours_what_changed() -> None:
    page = review({"shop": flow_of(OLD)}, {"shop": flow_of(NEW)}, "live", "disk")
    assert "| `colour.ask` | source | Which ~~colour~~**color do you like**? |" in page
    assert "classDef added" in page and "classDef removed" in page and "classDef changed" in page
    figure = page[page.index("```mermaid") : page.rindex("```")]
    assert "A small extra" in figure, "what is gone is drawn"
    removed = next(line for line in figure.splitlines() if line.endswith(" removed"))
    assert "extra" in removed and figure.count("flowchart TD") == 1


@pytest.mark.parametrize(
    "before,after,shown",
    [
        ("Hello Ana", "Hello Ben", "Hello ~~Ana~~**Ben**"),
        ("a|b", "a|c", r"a\|~~b~~**c**"),
        ("one", "one two", "one **two**"),
        ("<b>", "**x**", r"~~\<b\>~~**\*\*x\*\***"),
    ],
)
def test_words_are_marked_where_they_changed(before: str, after: str, shown: str) -> None:
    assert inline(before, after) == shown


@pytest.mark.parametrize(
    "migrations,code,at",
    [
        ("- rename: {colour: tint}", "T140", "colour"),
        ("- drop: {gone: nowhere}", "T012", "nowhere"),
        ("- rename: {gone: nowhere}", "T012", "nowhere"),
        ("- rename: {gone: end}", "T012", "end"),
        ("- reask: [nowhere]", "T012", "nowhere"),
        ("- rename: {old: mid}\n  - rename: {mid: budget}", "", ""),
        ("- drop: {gone: end}", "", ""),
    ],
)
def test_migrations_are_checked(migrations: str, code: str, at: str) -> None:
    parsed = parse_flow(OLD.replace("steps:", f"migrations:\n  {migrations}\nsteps:").encode(), "flows/shop.yaml")
    issues = [*parsed.issues, *check_bot(Project(Path(), {"shop": parsed}), {})]
    found = [
        (issue.code, issue.excerpt[issue.column - 1 : issue.end_column - 1])
        for issue in issues
        if issue.code in ("T012", "T140")
    ]
    assert (not found) if not code else (code, at) in found


def test_an_empty_list_says_that_everybody_moves() -> None:
    parsed = parse_flow(OLD.replace("steps:", "migrations: []\nsteps:").encode(), "flows/shop.yaml")
    assert parsed.flow is not None and parsed.flow.migrations == ()
