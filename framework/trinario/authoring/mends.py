"""The typical faults that can be seen in a line of YAML by itself, in an author's words, and the line as it should be."""

import re
from dataclasses import dataclass

_LINE = re.compile(
    r"""^(?P<prefix>[ \t]*(?:-[ ]+)*
        (?:(?:"[^"]*"|'[^']*'|[^\s"'\[\]{}&*!|>%@`\#:,-][^:\#]*?)[ ]*:[ ]+)?)
        (?P<value>\S.*)$""",
    re.VERBOSE,
)
_STARTS = ("*", "@", "%", "&", "!", "`", "{{", "{%", "{#", "]", "}", ",", "- ", "? ", "|", ">")


MOST_READ = 2_000
"""A longer line is not searched for typical faults: the patterns above may go over it many times."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A fault of line `number` (from 0) at `column` to `end` (from 0), and that line mended; None if it cannot be."""

    number: int
    column: int
    end: int
    code: str
    message: str
    line: str | None = None
    hint: str = ""


def quoted(value: str) -> str:
    """The text in quotation marks that YAML reads back as the same text."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    if "'" not in value:
        return f"'{value}'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def mend_trap(lines: list[str], number: int, column: int) -> Mend:
    """The mend of an unquoted text that begins, at `column`, with something that YAML takes for its own."""
    line = lines[number]
    found = find_trap(number, line)
    if found is not None and found.column == column:
        return found
    value = piece(line, column)
    mended = line[:column] + quoted(value.rstrip()) + line[column + len(value.rstrip()) :]
    return begins(number, column, value.rstrip(), mended)


def piece(line: str, column: int) -> str:
    """The entry of a [list] or {mapping} that begins at `column`."""
    if line.startswith("{{", column) and (end := line.find("}}", column)) >= 0:
        tail = re.match(r"[^,\]}]*", line[end + 2 :])
        return line[column : end + 2] + (tail[0] if tail else "")
    stop = re.compile(r"[,\]}]|\s#|$").search(line, column + 1)
    return line[column : stop.start() if stop else len(line)] or line[column : column + 1]


def begins(number: int, column: int, value: str, mended: str | None) -> Mend:
    """The mend of a text that begins with a sign of YAML."""
    start = next((start for start in _STARTS if value.startswith(start)), value[:1])
    shown = "a backtick" if start == "`" else f"`{start.strip()}`"
    message = f"a text that begins with {shown} must be quoted"
    return Mend(number, column, column + len(value), "S013", message, mended)


def find_trap(number: int, line: str) -> Mend | None:
    """The typical fault that can be seen in a line by itself; None when there is none."""
    match = _LINE.match(line) if len(line) <= MOST_READ else None
    if match is None:
        return None
    prefix = match["prefix"]
    value = re.split(r"\s+#(?=\s|$)", match["value"])[0].rstrip()
    rest = line[len(prefix) + len(value) :]
    column = len(prefix)
    mended = prefix + quoted(value) + rest
    if value in ("|", ">") or re.fullmatch(r"[|>][0-9+-]{1,2}", value):
        return None
    if value.startswith(_STARTS):
        return begins(number, column, value, mended)
    if value[:1] in "\"'":
        return _find_quotes(number, prefix, value, rest)
    if value[:1] not in "[{" and (": " in value or value.endswith(":")) and prefix.rstrip().endswith((":", "-")):
        colon = value.find(": ") if ": " in value else len(value) - 1
        end = column + colon
        return Mend(number, end, end + 1, "S014", "a text with a colon and a space in it must be quoted", mended)
    return None


def _find_quotes(number: int, prefix: str, value: str, rest: str) -> Mend | None:
    """A quotation mark that does not close, or closes before the text ends."""
    mark, column = value[0], len(prefix)
    closed = re.match(r'"(?:[^"\\]|\\.)*"' if mark == '"' else r"'(?:[^']|'')*'", value)
    if closed is None:
        mended = prefix + quoted(value[1:]) + rest
        message = f"the quotation mark {mark} is never closed"
        return Mend(number, column, column + 1, "S016", message, mended)
    if closed.end() == len(value):
        return None
    apostrophe = mark == "'" and value.endswith(mark) and value[closed.end()].isalpha()
    whole = value[1:-1] if apostrophe else value
    mended, end = prefix + quoted(whole) + rest, column + len(value)
    message = "the text goes on after its closing quotation mark"
    return Mend(number, column + closed.end(), end, "S016", message, mended)
