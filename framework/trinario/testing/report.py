"""How talks went: for people (a diff of what was said, and the coverage), as JSON, as JUnit XML."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.etree import ElementTree

from trinario.authoring.issue import Issue
from trinario.authoring.printing import print_issues, to_json
from trinario.testing.coverage import Covered
from trinario.testing.scene import Row
from trinario.testing.talk import Played

_COLORS = {"missing": "\033[31m", "unlisted": "\033[32m", "did": "\033[2m", "note": "\033[33m", "bad": "\033[31m",
           "good": "\033[32m", "head": "\033[1m"}  # fmt: skip
_SIGNS = {"did": " ", "said": " ", "missing": "-", "unlisted": "+", "note": "!"}
Paint = Callable[[str, str], str]

MOST_ROWS = 14
"""Lines of a failed talk that are shown before the place where it failed."""


def print_text(played: Sequence[Played], issues: Sequence[Issue], covered: Sequence[Covered], color: bool) -> str:
    """Issues, every failed talk with its diff, what was not covered, and one line that sums up."""

    def paint(name: str, text: str) -> str:
        return f"{_COLORS[name]}{text}\033[0m" if color and name in _COLORS else text

    parts = [print_issues(issues, color)] if issues else []
    parts += ["".join(_failed(one, paint)) for one in played if not one.passed]
    parts += [_coverage(covered)] if covered and played else []
    parts.append(_sum(played, issues, paint))
    return "\n".join(part for part in parts if part)


def _failed(one: Played, paint: Paint) -> Iterable[str]:
    yield paint("head", f"{one.talk.file}:{one.line}: {one.talk.name}") + "\n"
    rows = one.rows[-MOST_ROWS:]
    if len(rows) < len(one.rows):
        yield f"     … {len(one.rows) - len(rows)} lines before\n"
    width = max((len(_who(row)) for row in rows), default=0)
    for row in rows:
        yield from _shown(row, width, paint)
    for number, text in enumerate(one.failure.splitlines()):
        yield f"   {'=>' if not number else '  '} {paint('bad', text)}\n"


def _shown(row: Row, width: int, paint: Paint) -> Iterable[str]:
    first, *further = row.text.splitlines() or [""]
    lines = [f"   {_SIGNS[row.mark]} {_who(row):<{width}}  {first}"]
    lines += [f"   {_SIGNS[row.mark]} {'':<{width}}  {text}" for text in further]
    for line in lines:
        yield paint(row.mark, line.rstrip()) + "\n"


def _who(row: Row) -> str:
    return f"{row.who} ({row.where})" if row.where else row.who


def _coverage(covered: Sequence[Covered]) -> str:
    lines = ["coverage of flows"]
    width = max(len(one.flow) for one in covered)
    for one in covered:
        entered, steps, taken, exits = one.counts
        lines.append(f"  {one.flow:<{width}}  steps {entered}/{steps}  exits {taken}/{exits}")
        for language, spoken in one.languages.items():
            entered, _, taken, _ = spoken.counts
            lines.append(f"  {'':<{width}}  in {language}: steps {entered}/{steps}  exits {taken}/{exits}")
        if one.missing_steps:
            lines.append(f"  {'':<{width}}  never entered: {', '.join(one.missing_steps)}")
        if one.missing_exits:
            lines.append(f"  {'':<{width}}  never taken: {', '.join(one.missing_exits)}")
    return "\n".join(lines) + "\n"


def _sum(played: Sequence[Played], issues: Sequence[Issue], paint: Paint) -> str:
    failed = sum(not one.passed for one in played)
    seconds = sum(one.seconds for one in played)
    parts = [f"{len(played) - failed} talks as written" if len(played) - failed != 1 else "1 talk as written"]
    parts += [f"{failed} not"] if failed else []
    parts += [f"{len(issues)} issue{'s' if len(issues) > 1 else ''}"] if issues else []
    return paint("bad" if failed or issues else "good", f"{', '.join(parts)} ({seconds:.1f} s)") + "\n"


def print_json(played: Sequence[Played], issues: Sequence[Issue], covered: Sequence[Covered]) -> str:
    """`{talks: [{file, talk, passed, line, failure, seconds, rows: [{mark, who, where, text}]}], coverage: [{flow, steps,
    exits, missing_steps, missing_exits, languages: {it: {steps, exits}}}], issues, passed, failed}`."""
    talks = [
        {
            "file": one.talk.file, "talk": one.talk.name, "passed": one.passed, "line": one.line or None,
            "failure": one.failure, "seconds": round(one.seconds, 4),
            "rows": [{"mark": r.mark, "who": r.who, "where": r.where, "text": r.text} for r in one.rows],
        }
        for one in played
    ]  # fmt: skip
    failed = sum(not one.passed for one in played)
    data = {
        "talks": talks, "coverage": [_covered(one) for one in covered], "issues": to_json(issues)["issues"],
        "passed": len(played) - failed, "failed": failed,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _covered(one: Covered) -> dict[str, Any]:
    entered, steps, taken, exits = one.counts
    return {
        "flow": one.flow, "steps": [entered, steps], "exits": [taken, exits], "missing_steps": one.missing_steps,
        "missing_exits": one.missing_exits,
        "languages": {name: {"steps": [*spoken.counts[:2]], "exits": [*spoken.counts[2:]]}
                      for name, spoken in one.languages.items()},
    }  # fmt: skip


_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def print_junit(played: Sequence[Played], issues: Sequence[Issue]) -> str:
    """One suite, a case a talk; an issue is a case in error."""
    failed = sum(not one.passed for one in played)
    suite = ElementTree.Element(
        "testsuite", name="talks", tests=str(len(played) + len(issues)), failures=str(failed), errors=str(len(issues)),
        time=f"{sum(one.seconds for one in played):.3f}",
    )  # fmt: skip
    for one in played:
        case = ElementTree.SubElement(
            suite, "testcase", classname=_clean(one.talk.file), name=_clean(one.talk.name), time=f"{one.seconds:.3f}"
        )
        if not one.passed:
            failure = ElementTree.SubElement(case, "failure", message=_clean(one.failure.splitlines()[0]))
            failure.text = _clean(failed_text(one))
    for issue in issues:
        case = ElementTree.SubElement(suite, "testcase", classname=_clean(issue.file), name=_clean(issue.code))
        ElementTree.SubElement(case, "error", message=_clean(issue.message)).text = _clean(print_issues([issue]))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def failed_text(one: Played) -> str:
    """A failed talk as plain text: where, what happened, what is wrong."""
    return "".join(_failed(one, lambda name, text: text))


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
