"""A PO file as data and back, without losing anything that a translator wrote."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace


class CatalogueFault(Exception):
    """A line that is no line of a PO file: (line from 1, what is wrong)."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line, self.reason = line, reason


@dataclass(frozen=True, slots=True)
class Entry:
    """One text. `comments` are the translator's, with what stands after `#`; `previous` is the source it was made of.

    `hints` and `places` are written by us for translators. An obsolete entry belongs to no text any more.
    """

    key: str | None
    source: str
    text: str = ""
    comments: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    previous: str | None = None
    obsolete: bool = False

    @property
    def fuzzy(self) -> bool:
        """Whether a translator has to look at it again."""
        return "fuzzy" in self.flags

    @property
    def kept(self) -> bool:
        """Whether a translator has put anything into it."""
        return bool(self.text or self.comments)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A whole file: its head (the entry without a source), the entries in their order, comments after the last."""

    head: Entry | None = None
    entries: tuple[Entry, ...] = ()
    tail: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    """An entry while its lines are read; `filling` is the part that a bare quoted line goes on with."""

    parts: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    filling: str = ""
    obsolete: bool = False

    def entry(self) -> Entry:
        """The entry as far as it was read."""
        return Entry(
            self.parts.get("msgctxt"), self.parts.get("msgid", ""), self.parts.get("msgstr", ""), tuple(self.comments),
            tuple(self.hints), tuple(self.places), tuple(self.flags), self.parts.get("|msgid"), self.obsolete,
        )  # fmt: skip


_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[[0-9]+\])?)[ \t]*(".*")$')
_UNESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\a": "\\a", "\b": "\\b", "\f": "\\f",
            "\v": "\\v"}  # fmt: skip


def read_catalogue(text: str) -> Catalogue:
    """The entries of a file. Raises CatalogueFault for lines that cannot be read, and for gettext's own plurals."""
    entries, draft = [], _Draft()
    for number, line in enumerate(re.split("\r\n|\r|\n", text.removeprefix("\ufeff")), 1):
        if _begins(line.strip(), draft):
            entries.append(draft.entry())
            draft = _Draft()
        _take(line.strip(), number, draft)
    if "msgid" in draft.parts:
        entries.append(draft.entry())
        draft = _Draft()
    head = next((one for one in entries if one.key is None and not one.source and not one.obsolete), None)
    return Catalogue(head, tuple(one for one in entries if one is not head), tuple(draft.comments))


def _begins(line: str, draft: _Draft) -> bool:
    """Whether this line belongs to the next entry: the last one has its msgstr."""
    body = _body(line)
    return "msgstr" in draft.parts and bool(line) and not body.startswith('"')


def _body(line: str) -> str:
    """What a line says once the mark of obsolete ones is off."""
    return line.removeprefix("#~").strip() if line.startswith("#~") else line


def _take(line: str, number: int, draft: _Draft) -> None:
    body = _body(line)
    draft.obsolete = draft.obsolete or line.startswith("#~")
    if not body:
        return
    if body.startswith("|") or body.startswith("#|"):
        _previous(body.removeprefix("#").removeprefix("|").strip(), number, draft)
    elif body.startswith("#"):
        _comment(body, draft)
    elif body.startswith('"'):
        _go_on(body, number, draft)
    else:
        _keyword(body, number, draft)


def _comment(line: str, draft: _Draft) -> None:
    kind, rest = line[1:2], line[2:].strip()
    if kind == ".":
        draft.hints.append(rest)
    elif kind == ":":
        draft.places.extend(rest.split())
    elif kind == ",":
        draft.flags.extend(flag.strip() for flag in rest.split(",") if flag.strip())
    else:
        draft.comments.append(line[1:])


def _previous(line: str, number: int, draft: _Draft) -> None:
    """`#| msgid "..."`: the source before it changed."""
    match = _KEYWORD.match(line)
    if match:
        draft.filling = f"|{match[1]}"
        draft.parts[draft.filling] = _unquoted(match[2], number)
    elif line.startswith('"') and draft.filling.startswith("|"):
        draft.parts[draft.filling] += _unquoted(line, number)


def _keyword(line: str, number: int, draft: _Draft) -> None:
    match = _KEYWORD.match(line)
    if match is None:
        raise CatalogueFault(number, "this is no line of a PO file")
    if match[1] == "msgid_plural" or "[" in match[1]:
        raise CatalogueFault(number, "msgid_plural is not used here: each plural form has a key of its own")
    if match[1] in draft.parts:
        raise CatalogueFault(number, f"this entry has `{match[1]}` twice")
    draft.filling = match[1]
    draft.parts[match[1]] = _unquoted(match[2], number)


def _go_on(line: str, number: int, draft: _Draft) -> None:
    if not draft.filling or draft.filling.startswith("|"):
        raise CatalogueFault(number, "this text belongs to nothing")
    draft.parts[draft.filling] += _unquoted(line, number)


def _unquoted(quoted: str, number: int) -> str:
    inner = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', quoted)
    if inner is None:
        raise CatalogueFault(number, "a quotation mark is missing")
    return re.sub(r"\\(.)", lambda match: _UNESCAPED.get(match[1], match[1]), inner[1])


def print_catalogue(catalogue: Catalogue) -> str:
    """The file. What was read comes out again, each text on lines of its own."""
    entries = [*([catalogue.head] if catalogue.head else []), *catalogue.entries]
    blocks = ["".join(f"{line}\n" for line in _lines(entry)) for entry in entries]
    if catalogue.tail:
        blocks.append("".join(f"#{line}\n" for line in catalogue.tail))
    return "\n".join(blocks)


def _lines(entry: Entry) -> Iterator[str]:
    yield from (f"#{comment}" for comment in entry.comments)
    yield from (f"#. {hint}" for hint in entry.hints)
    if entry.places:
        yield f"#: {' '.join(entry.places)}"
    if entry.flags:
        yield f"#, {', '.join(entry.flags)}"
    if entry.previous is not None:
        yield from _said("#| ", "msgid", entry.previous)
    mark = "#~ " if entry.obsolete else ""
    if entry.key is not None:
        yield from _said(mark, "msgctxt", entry.key)
    yield from _said(mark, "msgid", entry.source)
    yield from _said(mark, "msgstr", entry.text)


def _said(mark: str, keyword: str, text: str) -> Iterator[str]:
    """A keyword with its text; one of several lines begins with an empty one, as gettext does it."""
    pieces = re.findall(r"[^\n]*\n|[^\n]+", text)
    if len(pieces) <= 1:
        yield f"{mark}{keyword} {_quoted(text)}"
        return
    yield f'{mark}{keyword} ""'
    yield from (f"{mark}{_quoted(piece)}" for piece in pieces)


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPED.get(char, char) for char in text) + '"'


def unused(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries that lost their text, as they are kept: nothing of a translator's is thrown away."""
    return tuple(replace(one, obsolete=True, places=(), hints=()) for one in entries if one.kept)
