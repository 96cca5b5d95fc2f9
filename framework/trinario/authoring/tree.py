"""From YAML events to our frozen tree, counting depth and nodes before anything is built."""

import re
from collections.abc import Iterator
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import yaml

from trinario.authoring.issue import Issue, Place, Severity
from trinario.authoring.nodes import LINE_BREAK, MOST_DEPTH, MOST_NODES, Mapping, Node, Scalar, Sequence, excerpt_of

# the C parser gives events without recursion; only its composer, which we never call, dies of deep nesting
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_REMARK = re.compile(r" #[^\s#]+")
_TABS = re.compile(r" *\t[ \t]*")
_STANDARD_TAG = "tag:yaml.org,2002:"


MOST_ISSUES = 100
"""Told of one file; more is a file that was not written by hand."""


class Trap(Exception):
    """A text that YAML takes for something else: where it begins (from 0). The line can be mended and read again."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.line, self.column = line, column


class TooMuch(Exception):
    """A limit is passed; the issue is written, nothing further is read."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come. `key` waits for its value; `seen` has the first place of every key."""

    event: Any
    items: list[Node] = field(default_factory=list)
    pairs: list[tuple[Scalar, Node]] = field(default_factory=list)
    key: Scalar | None = None
    seen: dict[str, Place] = field(default_factory=dict)
    size: int = 1
    height: int = 1
    last: Place | None = None

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.event, yaml.MappingStartEvent)


@dataclass(slots=True)
class _Anchored:
    node: Node | None
    size: int
    height: int
    used: bool = False


class TreeBuilder:
    """Reads one text once. `issues` has what was found, also when reading stops at a fault.

    `lines` are those of the author's file; `text` may be a mended copy of it with the same lines.
    """

    def __init__(self, text: str, file: str, lines: tuple[str, ...], *, mended: bool = False) -> None:
        self.file, self.lines = file, lines
        self.issues: list[Issue] = []
        self.root: Node | None = None
        self._text = text
        self._read: SequenceOf[str] = LINE_BREAK.split(text) if mended else lines
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._count = 0
        self._documents = 0
        self._indented = (-1, -1)

    def build(self) -> Node | None:
        """The root, None for a file without content. Raises Trap, TooMuch and yaml.YAMLError."""
        for event in self._events():
            self._take(event)
            if self._documents > 1:
                break
        self._judge_anchors()
        return self.root

    def _events(self) -> Iterator[Any]:
        return iter(yaml.parse(self._text, Loader=_LOADER))

    def issue(self, code: str, place: Place, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        if len(self.issues) >= MOST_ISSUES:
            raise TooMuch
        excerpt = excerpt_of(self.lines, place.line)
        self.issues.append(Issue.at(place, code, message, hint=hint, severity=severity, excerpt=excerpt))

    def _place(self, start: Any, end: Any) -> Place:
        return Place(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _take(self, event: Any) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._begin_document(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.ScalarEvent():
                self._properties(event)
                self._scalar(event)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._properties(event)
                self._begin(event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._end(event)
            case _:
                pass

    def _begin_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            place = self._place(event.start_mark, event.end_mark)
            self.issue("S008", place, "a second document begins here", "one file is one document: delete the `---`")
        elif event.version or event.tags:
            place = self._place(event.start_mark, event.start_mark)
            self.issue("S011", place, "a YAML directive", "delete the line that begins with `%`")

    def _properties(self, event: Any) -> None:
        """What may stand before any value: indentation, an anchor, a tag."""
        mark = event.start_mark
        if 0 < mark.column == self._tabs(mark.line):
            place = Place(self.file, mark.line + 1, 1, mark.line + 1, mark.column + 1)
            self.issue("S009", place, "a tab as indentation", "indent with spaces, two for each level")
        if event.tag is None:
            return
        if isinstance(event, yaml.ScalarEvent) and not event.tag.startswith(_STANDARD_TAG):
            raise Trap(mark.line, mark.column)
        word = event.tag.removeprefix(_STANDARD_TAG)[:40]
        place = Place(self.file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
        self.issue(
            "S007", place, f"the tag `{word}` has no meaning here", "delete it: the field decides what a value is"
        )

    def _tabs(self, line: int) -> int:
        """Where the indentation of a line ends if a tab is in it, else -1. A line may be long: looked at once."""
        if self._indented[0] != line:
            match = _TABS.match(self._read[line])
            self._indented = (line, match.end() if match else -1)
        return self._indented[1]

    def _scalar(self, event: Any) -> None:
        place = self._place(self._after_anchor(event), event.end_mark)
        scalar = Scalar(event.value, place, bool(event.style))
        self._add(scalar, 1, 0, event)
        if not event.style:
            self._watch_comment(scalar)
            self._watch_dashes(event)

    def _watch_dashes(self, event: Any) -> None:
        """A text that goes on over lines which begin with a dash was meant as entries of a list."""
        for number in range(event.start_mark.line + 1, event.end_mark.line + 1):
            line = self._read[number]
            if line.lstrip().startswith("- ") and (number < event.end_mark.line or event.end_mark.column):
                start = len(line) - len(line.lstrip())
                place = Place(self.file, number + 1, start + 1, number + 1, len(line.rstrip()) + 1)
                self.issue("S015", place, "this line goes on with the text above it, though it begins with a dash",
                           "indent it like the `-` above, or quote the text")  # fmt: skip
                return

    def _after_anchor(self, event: Any) -> Any:
        """Where the text itself begins when an anchor stands before it on the line."""
        mark = event.start_mark
        if event.anchor and (match := re.compile(r"&\S+[ \t]*").match(self._read[mark.line], mark.column)):
            return yaml.Mark("", 0, mark.line, match.end(), None, 0)
        return mark

    def _begin(self, event: Any) -> None:
        if len(self._open) >= MOST_DEPTH:
            place = self._place(event.start_mark, event.end_mark)
            self.issue("S004", place, f"nested deeper than {MOST_DEPTH} levels", "no file of ours needs that")
            raise TooMuch
        above = self._open[-1] if self._open else None
        if above and above.is_mapping and above.key is None and above.event.flow_style:
            # `{{ x }}` without quotes is, to YAML, a mapping as the key of a mapping
            outer = above.event.start_mark
            if (outer.line, outer.column + 1) == (event.start_mark.line, event.start_mark.column):
                raise Trap(outer.line, outer.column)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(None, 0, 0)
        self._open.append(_Open(event))

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        place = self._place(done.event.start_mark, event.end_mark)
        if done.last is not None and not done.event.flow_style:
            # YAML ends a block where the next begins; ours ends with its last value
            place = Place(place.file, place.line, place.column, done.last.end_line, done.last.end_column)
        node: Node = Mapping(tuple(done.pairs), place) if done.is_mapping else Sequence(tuple(done.items), place)
        if not done.is_mapping and done.event.flow_style:
            self._watch_commas(done.items)
        self._add(node, done.size, done.height, done.event)

    def _alias(self, event: Any) -> None:
        target = self._anchors.get(event.anchor)
        if target is None or target.node is None:
            raise Trap(event.start_mark.line, event.start_mark.column)
        target.used = True
        if len(self._open) + target.height > MOST_DEPTH:
            place = self._place(event.start_mark, event.end_mark)
            self.issue("S004", place, f"nested deeper than {MOST_DEPTH} levels", "no file of ours needs that")
            raise TooMuch
        self._add(target.node, target.size, target.height, event)

    def _add(self, node: Node, size: int, height: int, event: Any) -> None:
        """Puts a finished node where it belongs; `size` and `height` are its own, aliases expanded."""
        self._count += 1 if isinstance(node, Scalar) or not isinstance(event, yaml.AliasEvent) else size
        if self._count > MOST_NODES:
            place = self._place(event.start_mark, event.end_mark)
            self.issue(
                "S005", place, f"more than {MOST_NODES:,} values, counting what aliases repeat", "cut the file in two"
            )
            raise TooMuch
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            self._anchors[event.anchor] = _Anchored(node, size, height)
        if not self._open:
            self.root = node if self._documents == 1 else self.root
            return
        above = self._open[-1]
        above.size += size
        above.last = self._place(event.start_mark, event.end_mark) if isinstance(event, yaml.AliasEvent) else node.place
        above.height = max(above.height, height + 1)
        if not above.is_mapping:
            above.items.append(node)
        elif above.key is None:
            above.key = self._key(node, above, event)
        else:
            self._pair(above, above.key, node)
            above.key = None

    def _key(self, node: Node, above: _Open, event: Any) -> Scalar:
        if not isinstance(node, Scalar) or (not node.text and not node.quoted):
            place = self._place(event.start_mark, event.start_mark)
            self.issue("S017", place, "a key must be a plain text", "write `key: value`")
            return Scalar("", place)
        if isinstance(event, yaml.AliasEvent):
            return Scalar(node.text, self._place(event.start_mark, event.end_mark), node.quoted)
        if node.text == "<<" and not node.quoted:
            self.issue(
                "S010", node.place, "the merge key `<<`", "write the keys out; a whole value can be repeated by alias"
            )
        return node

    def _pair(self, above: _Open, key: Scalar, value: Node) -> None:
        first = above.seen.setdefault(key.text, key.place)
        if first is key.place:
            above.pairs.append((key, value))
        elif key.text:
            where = f"line {first.line}, column {first.column}"
            self.issue(
                "S006", key.place, f'the key "{key.text[:60]}" stands twice, first on {where}', "delete or rename one"
            )

    def _judge_anchors(self) -> None:
        """`send: &Ciao a tutti` is an anchor to YAML: on a text, one that nobody refers to was meant as text."""
        for name, anchored in self._anchors.items():
            if isinstance(anchored.node, Scalar) and not anchored.used:
                line = anchored.node.place.line - 1
                column = self._read[line].find(f"&{name}")
                if column >= 0:
                    raise Trap(line, column)

    def _watch_comment(self, scalar: Scalar) -> None:
        line, column = scalar.place.end_line, scalar.place.end_column - 1
        if scalar.text and (match := _REMARK.match(self._read[line - 1], column)):
            place = Place(self.file, line, column + 2, line, match.end() + 1)
            message = f"the text ends here: ` {match[0].strip()[:30]}` is a remark to YAML"
            self.issue("S020", place, message, "quote the whole text if it belongs to it", Severity.WARNING)

    def _watch_commas(self, items: list[Node]) -> None:
        for one, two in pairwise(items):
            if not isinstance(one, Scalar) or not isinstance(two, Scalar) or one.quoted or two.quoted:
                continue
            touching = one.place.end_line == two.place.line and one.place.end_column + 1 == two.place.column
            if touching and re.search(r"(^|\D)\d{1,3}$", one.text) and re.match(r"\d{3}(\D|$)", two.text):
                place = Place(self.file, one.place.line, one.place.column, two.place.line, two.place.end_column)
                hint = f'write "{one.text},{two.text}", or a space after the comma'
                message = f"`{one.text},{two.text}` is read as two entries"
                self.issue("S021", place, message, hint, Severity.WARNING)
