"""Issues for people and for machines: text, JSON, GitHub annotations, SARIF."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from trinario.authoring.codes import CODES
from trinario.authoring.issue import Issue, Severity

_WIDTH = 150
"""A longer line of a file is shown from near the fault."""

_COLORS = {"place": "\033[1m", "error": "\033[31m", "warning": "\033[33m", "gutter": "\033[2m", "hint": "\033[36m"}


def print_issues(issues: Iterable[Issue], color: bool = False) -> str:
    """The issues in the order of their places, each with its line, carets and hint; "" for none.

    flows/booking.yaml:14:11: T012 step "pay" goes to "recept", which is no step of this flow
       14 |     next: recept
          |           ^^^^^^  did you mean "receipt"?
    """
    return "".join(_printed(issue, color) for issue in sorted(issues))


def _printed(issue: Issue, color: bool) -> str:
    def paint(name: str, text: str) -> str:
        return f"{_COLORS[name]}{text}\033[0m" if color else text

    first, *further = safe(issue.message).split("\n")
    place = f"{safe(issue.file)}:{issue.line}:{issue.column}: " if issue.line else f"{safe(issue.file)}: "
    mark = "warning: " if issue.severity is Severity.WARNING else ""
    lines = [paint("place", place if issue.file else "") + paint(issue.severity, issue.code) + f" {mark}{first}"]
    lines += [f"     {line}" for line in further]
    hint = safe(issue.hint).split("\n") if issue.hint else []
    if not issue.excerpt.strip() or not issue.line:
        return "\n".join([*lines, *(f"     {paint('hint', line)}" for line in hint)]) + "\n"
    text, before, carets = _excerpt(issue)
    lines.append(paint("gutter", f"{issue.line:>5} | ") + text)
    under = paint(issue.severity, "^" * carets) + (f"  {paint('hint', hint[0])}" if hint else "")
    lines.append(paint("gutter", "      | ") + " " * before + under)
    lines += [paint("gutter", "      | ") + " " * (before + carets + 2) + paint("hint", line) for line in hint[1:]]
    return "\n".join(lines) + "\n"


def _excerpt(issue: Issue) -> tuple[str, int, int]:
    """The line as shown, how many cells come before the carets, and how many carets there are."""
    start, end = issue.column - 1, max(issue.end_column - 1, issue.column)
    line, cut = issue.excerpt, 0
    if len(line) > _WIDTH:
        cut = max(0, start - 40)
        line = ("…" if cut else "") + line[cut : cut + _WIDTH] + ("…" if cut + _WIDTH < len(line) else "")
        cut -= 1 if cut else 0
    line = safe(line).replace("\n", " ")
    begin = min(start - cut, len(line))
    under = line[begin : min(end - cut, len(line))]
    return line, _cells(line[:begin]), max(1, _cells(under))


def safe(text: str) -> str:
    """The text without the characters that would move the cursor, colour the terminal or turn the line around."""
    return "".join(_safe(char) for char in text)


def _safe(char: str) -> str:
    if char == "\t":
        return " "
    return char if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else "·"


def _cells(text: str) -> int:
    """How wide a terminal shows it: ideographs and emoji take two cells, combining marks none."""
    wide = sum(unicodedata.east_asian_width(char) in ("W", "F") for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def to_json(issues: Iterable[Issue]) -> dict[str, Any]:
    """`{issues: [{code, severity, file, line, column, end_column, message, hint, excerpt}], errors, warnings}`."""
    rows = [
        {
            "code": issue.code,
            "severity": str(issue.severity),
            "file": issue.file,
            "line": issue.line,
            "column": issue.column,
            "end_column": issue.end_column,
            "message": issue.message,
            "hint": issue.hint,
            "excerpt": issue.excerpt,
        }
        for issue in sorted(issues)
    ]
    errors = sum(row["severity"] == Severity.ERROR for row in rows)
    return {"issues": rows, "errors": errors, "warnings": len(rows) - errors}


def print_json(issues: Iterable[Issue]) -> str:
    """`to_json` as text, one document."""
    return json.dumps(to_json(issues), ensure_ascii=False, indent=2) + "\n"


def print_github(issues: Iterable[Issue]) -> str:
    """Workflow commands, one a line, that GitHub shows beside the changed lines of a pull request."""
    return "".join(_github(issue) for issue in sorted(issues))


def _github(issue: Issue) -> str:
    about = [("file", issue.file), ("title", issue.code)]
    if issue.line:
        about[1:1] = [("line", str(issue.line)), ("col", str(issue.column)), ("endColumn", str(issue.end_column - 1))]
    properties = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in about)
    message = issue.message + (f"\n{issue.hint}" if issue.hint else "")
    return f"::{issue.severity} {properties}::{_escaped(message)}\n"


def _escaped(text: str, further: str = "") -> str:
    for char in "%\r\n" + further:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def to_sarif(issues: Iterable[Issue], version: str) -> dict[str, Any]:
    """SARIF 2.1.0: one run of trinario `version`, its rules being the codes that occur."""
    found = sorted(issues)
    codes = sorted({issue.code for issue in found})
    driver = {"name": "trinario", "version": version, "rules": [_rule(code) for code in codes]}
    results = [_result(issue, codes) for issue in found]
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": schema, "version": "2.1.0", "runs": [run]}


def print_sarif(issues: Iterable[Issue], version: str) -> str:
    """`to_sarif` as text, one document."""
    return json.dumps(to_sarif(issues, version), ensure_ascii=False, indent=2) + "\n"


def _rule(code: str) -> dict[str, Any]:
    known = CODES.get(code)
    if known is None:
        return {"id": code}
    return {"id": code, "shortDescription": {"text": known.title}, "fullDescription": {"text": known.explanation}}


def _result(issue: Issue, codes: Sequence[str]) -> dict[str, Any]:
    text = issue.message + (f"\n{issue.hint}" if issue.hint else "")
    place: dict[str, Any] = {"artifactLocation": {"uri": issue.file}}
    if issue.line:
        place["region"] = {"startLine": issue.line, "startColumn": issue.column, "endColumn": issue.end_column}
    return {
        "ruleId": issue.code,
        "ruleIndex": codes.index(issue.code),
        "level": str(issue.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": place}] if issue.file else [],
    }
