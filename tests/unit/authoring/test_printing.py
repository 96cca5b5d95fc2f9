"""Issues as text, JSON, GitHub annotations and SARIF."""

import json

from trinario.authoring.issue import Issue, Place, Severity
from trinario.authoring.printing import print_github, print_issues, print_json, print_sarif, to_json

STEP = Issue(
    "T012",
    "flows/booking.yaml",
    14,
    11,
    17,
    'step "pay" goes to "recept", which is no step of this flow',
    'did you mean "receipt"?',
    Severity.ERROR,
    "    next: recept",
)
PATH = Issue(
    "T204",
    "flows/cart.yaml",
    0,
    0,
    0,
    '"nudge" may be sent with the window shut\nevent cart.abandoned -> wait 26h -> nudge',
    "give it `delivery.template`",
)
CUT = Issue("S020", "a.yaml", 2, 9, 11, "the text ends here", "", Severity.WARNING, "send: a #b, 100%")


def test_the_printed_form() -> None:
    assert print_issues([STEP]) == (
        'flows/booking.yaml:14:11: T012 step "pay" goes to "recept", which is no step of this flow\n'
        "   14 |     next: recept\n"
        '      |           ^^^^^^  did you mean "receipt"?\n'
    )


def test_sorted_by_place_and_without_a_line() -> None:
    assert print_issues([PATH, STEP, CUT]).splitlines() == [
        "a.yaml:2:9: S020 warning: the text ends here",
        "    2 | send: a #b, 100%",
        "      |         ^^",
        *print_issues([STEP]).splitlines(),
        'flows/cart.yaml: T204 "nudge" may be sent with the window shut',
        "     event cart.abandoned -> wait 26h -> nudge",
        "     give it `delivery.template`",
    ]
    assert print_issues([]) == ""


def test_carets_stand_under_wide_characters_and_in_long_lines() -> None:
    wide = Issue("S006", "f", 1, 7, 9, "m", "h", excerpt='a: "花👋 x y')
    assert print_issues([wide]).splitlines()[1:] == ['    1 | a: "花👋 x y', "      |         ^^  h"]
    line = "x" * 300 + "HERE" + "y" * 300
    shown = print_issues([Issue("S006", "f", 1, 301, 305, "m", excerpt=line)]).splitlines()
    start = shown[2].index("^")
    assert shown[1][start : start + 4] == "HERE" and len(shown[1]) < 180 and shown[2].count("^") == 4
    past = Issue("S006", "f", 1, 500, 900, "m", excerpt="short")
    assert print_issues([past]).count("^") == 1


def test_a_file_cannot_talk_to_the_terminal() -> None:
    evil = Issue("S006", "f\x1b[31m", 1, 1, 2, "m\x1b]0;x\x07", "h\u202e", excerpt="\x1b[2J\tx")
    assert not set(print_issues([evil])) & {"\x1b", "\x07", "\u202e", "\t"}
    assert "\x1b[31mS006\x1b[0m" in print_issues([evil], color=True)


def test_json() -> None:
    data = json.loads(print_json([STEP, CUT]))
    assert (data["errors"], data["warnings"]) == (1, 1)
    assert data["issues"][1] == {
        "code": "T012",
        "severity": "error",
        "file": "flows/booking.yaml",
        "line": 14,
        "column": 11,
        "end_column": 17,
        "message": STEP.message,
        "hint": STEP.hint,
        "excerpt": STEP.excerpt,
    }
    assert to_json([]) == {"issues": [], "errors": 0, "warnings": 0}


def test_github() -> None:
    assert print_github([CUT, PATH, STEP]).splitlines() == [
        "::warning file=a.yaml,line=2,col=9,endColumn=10,title=S020::the text ends here",
        "::error file=flows/booking.yaml,line=14,col=11,endColumn=16,title=T012::"
        'step "pay" goes to "recept", which is no step of this flow%0Adid you mean "receipt"?',
        '::error file=flows/cart.yaml,title=T204::"nudge" may be sent with the window shut'
        "%0Aevent cart.abandoned -> wait 26h -> nudge%0Agive it `delivery.template`",
    ]


def test_sarif() -> None:
    log = json.loads(print_sarif([STEP, CUT, PATH], "1.2"))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0" and run["tool"]["driver"]["version"] == "1.2"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["S020", "T012", "T204"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning") and result["message"]["text"]
    region = run["results"][1]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 14, "startColumn": 11, "endColumn": 17}


def test_an_issue_at_a_place_that_spans_lines() -> None:
    issue = Issue.at(Place("f", 2, 3, 5, 1), "S015", "m", excerpt="a: b c")
    assert (issue.line, issue.column, issue.end_column) == (2, 3, 7)
    assert Issue.at(Place("f", 2, 3, 2, 3), "S015", "m").end_column == 4
