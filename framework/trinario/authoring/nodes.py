"""The frozen tree of a file: texts, lists and mappings, each with its place."""

import re
from dataclasses import dataclass

from trinario.authoring.issue import Issue, Place, Severity

MOST_DEPTH = 32
MOST_NODES = 50_000
"""After aliases are expanded."""

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What YAML 1.1, and so our parser, counts as the end of a line."""


MOST_SHOWN = 4_000
"""A longer line is not shown with an issue."""


def excerpt_of(lines: "tuple[str, ...]", line: int) -> str:
    """The line of that number, from 1; "" when there is none, or when it is too long to be shown."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return text if len(text) <= MOST_SHOWN else ""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as it stands in the file. What it means is decided by the field; `quoted` is true for blocks too."""

    text: str
    place: Place
    quoted: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing stands there, or YAML's word for nothing."""
        return not self.quoted and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file; no key stands twice."""

    pairs: "tuple[tuple[Scalar, Node], ...]"
    place: Place

    def get(self, name: str) -> "Node | None":
        """The value of a key; None when it is not there."""
        return next((value for key, value in self.pairs if key.text == name), None)

    def key(self, name: str) -> Scalar | None:
        """The key itself, for its place."""
        return next((key for key, _ in self.pairs if key.text == name), None)


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """One file that is good YAML of ours. `warnings` are what a reader should look at all the same."""

    file: str
    root: Node
    lines: tuple[str, ...]
    warnings: tuple[Issue, ...] = ()

    def excerpt(self, line: int) -> str:
        """The line of that number, from 1; "" when there is none."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def issue(
        self, place: Place, code: str, message: str, *, hint: str = "", severity: Severity = Severity.ERROR
    ) -> Issue:
        """An issue at a place of this file, with its line."""
        return Issue.at(place, code, message, hint=hint, severity=severity, excerpt=excerpt_of(self.lines, place.line))

    def within(self, scalar: Scalar, offset: int, length: int = 1) -> Place:
        """The place of `length` characters of a scalar's text from `offset`; of the whole scalar if it cannot be told.

        A quoted or folded text differs from what stands in the file, so the line is looked for, not computed.
        """
        text, begin = scalar.text, max(0, min(offset, len(scalar.text)))
        start = text.rfind("\n", 0, begin) + 1
        end = text.find("\n", begin)
        line = text[start : end if end >= 0 else len(text)]
        for number in range(scalar.place.line, scalar.place.end_line + 1):
            raw = self.excerpt(number)
            floor = scalar.place.column - 1 if number == scalar.place.line else 0
            found = raw.find(line, floor) if line.strip() else -1
            if found >= 0:
                column = found + begin - start + 1
                return Place(self.file, number, column, number, column + max(1, min(length, len(line) - begin + start)))
        return self._folded(scalar, begin, length)

    def _folded(self, scalar: Scalar, begin: int, length: int) -> Place:
        """As `within`, for a text whose lines were joined: looks for the word itself, if it stands there once."""
        piece = scalar.text[begin : begin + length]
        hits = []
        for number in range(scalar.place.line, scalar.place.end_line + 1):
            hits += [(number, match.start() + 1) for match in re.finditer(re.escape(piece), self.excerpt(number))]
        if not piece.strip() or len(hits) != 1:
            return scalar.place
        ((number, column),) = hits
        return Place(self.file, number, column, number, column + len(piece))
