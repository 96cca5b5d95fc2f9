"""Reading a file in spite of its faults: each is told in an author's words, mended in a copy, and reading goes on."""

import re
from itertools import islice

import yaml

from trinario.authoring.diagnose import diagnose
from trinario.authoring.issue import Issue, Place
from trinario.authoring.mends import Mend, mend_trap
from trinario.authoring.nodes import LINE_BREAK, Node, excerpt_of
from trinario.authoring.tree import TooMuch, Trap, TreeBuilder

MOST_FAULTS = 20
_MOST_REREAD = 2_000_000
"""Characters read again and again for the sake of further faults, in all."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def read_text(text: str, file: str, lines: tuple[str, ...]) -> tuple[Node | None, list[Issue]]:
    """The root and the issues of a decoded file; the root is None when no tree could be read."""
    whole = text
    text, found = _without_forbidden(text, file, lines)
    for _ in range(max(1, min(MOST_FAULTS, _MOST_REREAD // (len(text) + 1)))):
        builder = TreeBuilder(text, file, lines, mended=text is not whole)
        mend = _attempt(builder, text)
        if mend is None:
            if builder.root is None and not builder.issues and not found:
                found.append(_empty(file))
            return builder.root, found + builder.issues
        if mend.line is None and mend.code == "S015" and any(issue.code == "S009" for issue in found):
            return None, _once(found)  # with tabs gone, what is left of the indentation is guesswork
        found.append(_told(mend, file, lines))
        if mend.line is None:
            return None, _once(found + builder.issues)
        text = _replaced(text, mend.number, mend.line)
    return None, _once(found)


def _attempt(builder: TreeBuilder, text: str) -> Mend | None:
    """Reads once; the mend of the first fault that stopped it, None when nothing did."""
    try:
        builder.build()
    except TooMuch:
        return None
    except Trap as trap:
        return mend_trap(LINE_BREAK.split(text), trap.line, trap.column)
    except yaml.YAMLError as error:
        return diagnose(error, LINE_BREAK.split(text))
    return None


def _told(mend: Mend, file: str, lines: tuple[str, ...]) -> Issue:
    number = min(mend.number, len(lines) - 1)
    place = Place(file, number + 1, mend.column + 1, number + 1, max(mend.end, mend.column + 1) + 1)
    hint = mend.hint or (f"write: {mend.line.strip()}" if mend.line is not None else "")
    return Issue.at(place, mend.code, mend.message, hint=hint, excerpt=excerpt_of(lines, number + 1))


def _replaced(text: str, number: int, line: str) -> str:
    """The text with one line changed; every other line keeps its number."""
    begin = 0
    for _ in range(number):
        match = LINE_BREAK.search(text, begin)
        if match is None:
            return text
        begin = match.end()
    end = LINE_BREAK.search(text, begin)
    return text[:begin] + line + (text[end.start() :] if end else "")


def _without_forbidden(text: str, file: str, lines: tuple[str, ...]) -> tuple[str, list[Issue]]:
    """Characters that may not stand in YAML, each an issue (five at most), and the text with blanks in their place."""
    issues: list[Issue] = []
    if _FORBIDDEN.search(text) is None:
        return text, issues
    for number, line in enumerate(lines):
        for match in islice(_FORBIDDEN.finditer(line), 5 - len(issues)):
            name = "NUL" if match[0] == "\0" else f"U+{ord(match[0]):04X}"
            place = Place(file, number + 1, match.start() + 1, number + 1, match.end() + 1)
            message = f"the character {name} may not stand in a file"
            issues.append(Issue.at(place, "S002", message, hint="delete it", excerpt=excerpt_of(lines, number + 1)))
    return _FORBIDDEN.sub(" ", text), issues


def _empty(file: str) -> Issue:
    begins = {"templates.yaml": "it begins with `templates:`", "bot.yaml": "a bot begins with `bot: its_name`"}
    kept = (
        "a campaign begins with `campaign: its_name`"
        if "/campaigns/" in file
        else "a flow begins with `flow: its_name`"
    )
    hint = begins.get(file.rpartition("/")[2], kept)
    return Issue("S012", file, 0, 0, 0, "the file is empty", hint)


def _once(issues: list[Issue]) -> list[Issue]:
    """Each place and code once: the copy that is read again keeps the faults that were not mended."""
    return list({(issue.line, issue.column, issue.code): issue for issue in reversed(issues)}.values())[::-1]
