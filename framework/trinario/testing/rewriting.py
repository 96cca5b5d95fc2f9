"""Changes single places of a talk's file: what is not touched keeps its comments, its order and its quotation marks."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field

import re2

from trinario.authoring.nodes import LINE_BREAK, Mapping, Node, Scalar
from trinario.authoring.nodes import Sequence as ListNode
from trinario.authoring.notes import Notes
from trinario.testing.people import HER
from trinario.testing.phone import Shown
from trinario.testing.script import Expected
from trinario.testing.writing import message, text


class Unwritable(Exception):
    """The file is written in a way that cannot be changed here; the text says what a person has to do."""


@dataclass(slots=True)
class Rewriting:
    """A file and the changes to it. Steps and messages are numbered from 0, as they stand in the file."""

    source: str
    notes: Notes
    _spans: list[tuple[int, int, str]] = field(default_factory=list)
    _gone: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    _inserted: dict[int, str] = field(default_factory=dict)
    _new: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    # ---- what is to be changed

    def change(self, step: int, item: int, expected: Expected, shown: Shown) -> None:
        """A message that is said in another way: only what differs."""
        node = self._message(step, item)
        if isinstance(node, Mapping):
            self._change_parts(node, expected, shown)
        else:
            self._replace(node, self._like(node, shown.text.strip(), self._inside(step, item)))

    def take_out(self, step: int, item: int, nothing: bool = False) -> None:
        """A message that is not said any more; `nothing` stands in its place where nothing is said at all."""
        if nothing:
            self._replace(self._value(step), "nothing")
        else:
            self._gone[step].add(item)

    def fill(self, step: int, shown: Shown, actor: str, channel: str) -> None:
        """The first message where nothing was listed."""
        self._replace(self._value(step), message(shown, "" if shown.channel == channel else shown.channel))

    def put_in(self, behind: int, item: int, shown: Shown, actor: str, channel: str) -> None:
        """A message that is said and not listed: an entry of the list behind that one, else a step of its own."""
        value = self.notes.nodes.get(("steps", str(behind), "bot"))
        if isinstance(value, ListNode) and shown.person == actor:
            self._put_in_list(value, item, shown, "" if shown.channel == channel else shown.channel)
            return
        where = "" if shown.channel == channel else shown.channel
        to = "" if shown.person == actor else "contact" if shown.person == HER else shown.person
        dash = " " * self._dash(behind)
        lines = [f"{dash}- bot: {message(shown, where)}", *([f"{dash}  to: {text(to)}"] if to else [])]
        self._new[behind].append("\n".join(lines))

    def _put_in_list(self, value: ListNode, item: int, shown: Shown, where: str) -> None:
        at, entry = self._end(value.items[item]), value.items[item]
        if self._raw(value).startswith("["):
            self._inserted[at] = self._inserted.get(at, "") + f", {message(shown, where, inside=True)}"
            return
        line_end = self.source.find("\n", at)
        dash = " " * (entry.place.column - 3)
        at = len(self.source) if line_end < 0 else line_end
        self._inserted[at] = self._inserted.get(at, "") + f"\n{dash}- {message(shown, where)}"

    def text(self) -> str:
        """The file with all changes."""
        spans = [*self._spans, *self._without(), *self._with_new()]
        spans += [(at, at, new) for at, new in self._inserted.items()]
        result = self.source
        for begin, end, new in sorted(spans, key=lambda span: (span[0], span[1]), reverse=True):
            result = result[:begin] + new + result[end:]
        return result

    # ---- messages that are there

    def _value(self, step: int) -> Node:
        return self.notes.nodes[("steps", str(step), "bot")]

    def _message(self, step: int, item: int) -> Node:
        value = self._value(step)
        return value.items[item] if isinstance(value, ListNode) else value

    def _change_parts(self, node: Mapping, expected: Expected, shown: Shown) -> None:
        """The keys of a mapping whose values are not what is said."""
        if (expected.choices and not shown.options) or (expected.links and not shown.links):
            self._replace(node, message(shown, expected.channel or "", bare=False))
            return
        inside = self._raw(node).startswith("{")
        for key, value in node.pairs:
            new = _part(key.text, expected, shown)
            if new is None:
                continue
            begin = self._offset(key.place.line, key.place.column)
            name = "text" if key.text in ("contains", "matches") else key.text
            if name == "text" and isinstance(value, Scalar) and key.text == "text":
                self._replace(value, self._like(value, new, inside))
            else:
                written = new if name in ("choices", "links") else text(new, inside)
                self._spans.append((begin, self._end(value), f"{name}: {written}"))

    def _replace(self, node: Node, new: str) -> None:
        self._spans.append((self._offset(node.place.line, node.place.column), self._end(node), new))

    def _like(self, node: Node, words: str, inside: bool) -> str:
        """The words in the quotation marks, or the block, of the text that stood there."""
        raw = self._raw(node)
        if raw.startswith("|") and "\n" in words:
            indent = next((len(line) - len(line.lstrip()) for line in raw.split("\n")[1:] if line.strip()), 4)
            return "|-\n" + "\n".join(" " * indent + line if line else "" for line in words.split("\n"))
        if raw.startswith('"'):
            return json.dumps(words, ensure_ascii=False)
        if raw.startswith("'") and "\n" not in words and words.isprintable():
            return "'" + words.replace("'", "''") + "'"
        return text(words, inside)

    def _inside(self, step: int, item: int) -> bool:
        """Whether the message stands in brackets."""
        value = self._value(step)
        whole = self.notes.nodes.get(("steps", str(step)))
        nested = isinstance(value, ListNode) and self._raw(value).startswith("[")
        return nested or (whole is not None and self._raw(whole).startswith("{"))

    # ---- messages that come and go

    def _without(self) -> list[tuple[int, int, str]]:
        """The spans of steps and list entries that go."""
        spans: list[tuple[int, int, str]] = []
        for step, items in self._gone.items():
            value = self._value(step)
            if not isinstance(value, ListNode) or len(items) == len(value.items):
                spans.append(self._whole_lines(self._step_node(step), self._dash_line(step)))
            elif self._raw(value).startswith("["):
                kept = [self._raw(one) for number, one in enumerate(value.items) if number not in items]
                spans.append(
                    (self._offset(value.place.line, value.place.column), self._end(value), f"[{', '.join(kept)}]")
                )
            else:
                spans += [self._whole_lines(value.items[one], value.items[one].place.line) for one in items]
        return spans

    def _with_new(self) -> list[tuple[int, int, str]]:
        spans = []
        for behind, lines in self._new.items():
            at = self._end(self._step_node(behind))
            line_end = self.source.find("\n", at)
            at = len(self.source) if line_end < 0 else line_end
            spans.append((at, at, "\n" + "\n".join(lines)))
        return spans

    def _whole_lines(self, node: Node, first: int) -> tuple[int, int, str]:
        """From the beginning of a line to the end of the one where the node ends."""
        begin = self._offset(first, 1)
        end = self.source.find("\n", self._end(node))
        return begin, len(self.source) if end < 0 else end + 1, ""

    def _step_node(self, step: int) -> Node:
        return self.notes.nodes[("steps", str(step))]

    def _dash_line(self, step: int) -> int:
        self._dash(step)
        return self._step_node(step).place.line

    def _dash(self, step: int) -> int:
        """How many characters stand before the dash of a step."""
        place = self._step_node(step).place
        line = self._lines[place.line - 1][: place.column - 1]
        found = re.fullmatch(r"(\s*)-\s+", line)
        if found is None:
            raise Unwritable(f"line {place.line}: put each step on a line of its own, then it can be updated")
        return len(found[1])

    # ---- places in the text

    @property
    def _lines(self) -> list[str]:
        return LINE_BREAK.split(self.source)

    def _offset(self, line: int, column: int) -> int:
        """The character at which a place begins."""
        begin = 0
        for _ in range(line - 1):
            match = LINE_BREAK.search(self.source, begin)
            begin = match.end() if match else len(self.source)
        return begin + column - 1

    def _end(self, node: Node) -> int:
        """The character behind the last of a node; what follows it on further lines does not belong to it."""
        begin = self._offset(node.place.line, node.place.column)
        if isinstance(node, Scalar) or self.source[begin : begin + 1] in ("{", "["):
            end = self._offset(node.place.end_line, node.place.end_column)
            return begin + len(self.source[begin:end].rstrip())
        inner = [value for _, value in node.pairs] if isinstance(node, Mapping) else list(node.items)
        keys = [key for key, _ in node.pairs] if isinstance(node, Mapping) else []
        return max((self._end(one) for one in (*keys, *inner)), default=begin)

    def _raw(self, node: Node) -> str:
        begin = self._offset(node.place.line, node.place.column)
        return self.source[begin : self._end(node)]


def _part(name: str, expected: Expected, shown: Shown) -> str | None:
    """What a key of a message should say now; None when it is right as it is."""
    titles = tuple(title for _, title in shown.options)
    links = tuple(title for title, _ in shown.links)
    if name == "text" and shown.text.strip() != expected.text:
        return shown.text.strip()
    if name == "contains" and any(part not in shown.text for part in expected.contains):
        return shown.text.strip()
    if name == "matches" and expected.matches is not None and not re2.search(expected.matches, shown.text):
        return shown.text.strip()
    if name == "choices" and titles != expected.choices:
        return "[" + ", ".join(text(one, True) for one in titles) + "]"
    if name == "links" and expected.links is not None and len(links) != len(expected.links):
        return "[" + ", ".join(text(one, True) for one in links) + "]"
    if name == "channel" and shown.channel != expected.channel:
        return shown.channel
    if shown.media is not None and expected.media is not None and name == expected.media[0]:
        return None if expected.media[1] in shown.media[1] else shown.media[1]
    return None
