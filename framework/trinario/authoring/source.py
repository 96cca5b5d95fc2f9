"""Strict YAML: bytes to a frozen tree in which every text knows its place, or to every issue at once."""

import re
from dataclasses import dataclass

from trinario.authoring.issue import Issue, Place, Severity

MOST_BYTES = 1024 * 1024
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


def read_source(data: bytes, file: str) -> Document | list[Issue]:
    """The tree of a file, or all its issues in order (errors, and the warnings beside them).

    Never raises, whatever the bytes; bounded in time and memory by the limits above.
    """
    from trinario.authoring.recovery import read_text

    if len(data) > MOST_BYTES:
        size = f"{len(data) / MOST_BYTES:,.1f} MiB"
        return [_whole(file, "S003", f"the file has {size}, the most is 1 MiB", "cut it into several files")]
    text = _decoded(data, file)
    if isinstance(text, Issue):
        return [text]
    lines = tuple(LINE_BREAK.split(text))
    root, issues = read_text(text, file, lines)
    if root is None or any(issue.severity is Severity.ERROR for issue in issues):
        return sorted(issues)
    return Document(file, root, lines, tuple(sorted(issues)))


def _whole(file: str, code: str, message: str, hint: str) -> Issue:
    return Issue(code, file, 0, 0, 0, message, hint)


def _decoded(data: bytes, file: str) -> str | Issue:
    """UTF-8 with or without its mark; else the issue at the first byte that is not."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _whole(file, "S001", "the file is UTF-16, not UTF-8", "save it as UTF-8 in your editor")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        lines = LINE_BREAK.split(before)
        rest = data[error.start : error.start + 80].decode("utf-8", "replace").split("\n")[0]
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        place = Place(file, len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 2)
        excerpt = lines[-1] + rest.rstrip("\r")
        return Issue.at(place, "S001", message, hint="save the file as UTF-8 in your editor", excerpt=excerpt)
