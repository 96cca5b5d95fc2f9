"""Strict YAML: bytes to a frozen tree in which every text knows its place, or to every issue at once."""

from trinario.authoring.issue import Issue, Place, Severity
from trinario.authoring.nodes import LINE_BREAK, Document, Mapping, Node, Scalar, Sequence
from trinario.authoring.recovery import read_text

__all__ = ["MOST_BYTES", "Document", "Mapping", "Node", "Scalar", "Sequence", "read_source"]

MOST_BYTES = 1024 * 1024


def read_source(data: bytes, file: str) -> Document | list[Issue]:
    """The tree of a file, or all its issues in order (errors, and the warnings beside them).

    Never raises, whatever the bytes; bounded in time and memory by the limits above.
    """
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
