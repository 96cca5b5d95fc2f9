"""What stands in texts and conditions and is read without a fault, and is not meant: values no choice has, single braces."""

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import nodes

from trinario.authoring.finding import Findings
from trinario.authoring.issue import Severity
from trinario.authoring.near import listed, nearest
from trinario.authoring.notes import Written
from trinario.authoring.parse import ParsedFlow
from trinario.expressions import Phrase, offset_of, path_of, walk
from trinario.model.flow import Ask, Flow

_SINGLE = re.compile(
    r"(?<![{%$\w])\$?\{\s*((?:contact|fields|answers|vars|globals|trigger|call|input|channel|now|today)\b[^{}%]*)\}(?!\})"
)


def check_written(parsed: ParsedFlow, found: Findings) -> None:
    """T126 for comparisons with what no choice saves, T032 for names in single braces."""
    if parsed.flow is None or parsed.notes is None:
        return
    values = {name: known for name, step in parsed.flow.steps.items() if (known := _values(parsed.flow, step))}
    for written in parsed.notes.written:
        if isinstance(written.text, Phrase):
            _check_braces(written, found)
        if values:
            _check_values(written, values, found)


def _values(flow: Flow, step: Any) -> list[str]:
    """What a question with declared choices can be answered with; nothing where more is possible."""
    if not isinstance(step, Ask) or not isinstance(step.choices, tuple) or step.default is not None:
        return []
    given = [choice.value for choice in step.choices]
    return [value for value in given if isinstance(value, str)] if all(isinstance(one, str) for one in given) else []


def _check_braces(written: Written, found: Findings) -> None:
    for match in _SINGLE.finditer(written.scalar.text):
        hint = f"write {{{{ {match[1].strip()} }}}}"
        _warn(
            found, written, "T032", match.start(), len(match[0]), "a name in single braces is said as it stands", hint
        )


def _check_values(written: Written, values: dict[str, list[str]], found: Findings) -> None:
    for node in walk(written.text.tree):
        if isinstance(node, nodes.Compare) and len(node.ops) == 1:
            for path, const in _compared(node):
                name = path[1] if len(path) == 2 and path[0] == "answers" else ""
                if name in values and isinstance(const.value, str) and const.value not in values[name]:
                    _tell(written, name, const, values[name], found)


def _compared(node: nodes.Compare) -> Iterator[tuple[tuple[str, ...], nodes.Const]]:
    """(name, constant) of `name == 'x'`, `'x' == name` and `name in ['x', 'y']`."""
    operand = node.ops[0]
    if operand.op not in ("eq", "ne", "in", "notin"):
        return
    left, right = node.expr, operand.expr
    for one, other in ((left, right), (right, left)):
        path = path_of(one)
        if path is None:
            continue
        if isinstance(other, nodes.Const):
            yield path, other
        elif isinstance(other, nodes.List | nodes.Tuple) and one is left:
            yield from ((path, item) for item in other.items if isinstance(item, nodes.Const))


def _tell(written: Written, name: str, const: nodes.Const, known: list[str], found: Findings) -> None:
    close = nearest(const.value, known)
    hint = f"did you mean '{close}'?" if close else f"its answers are {listed(repr(one) for one in known)}"
    message = f"no choice of \"{name}\" has the value '{const.value}'"
    _warn(found, written, "T126", offset_of(const) - written.shift, len(const.value) + 2, message, hint)


def _warn(found: Findings, written: Written, code: str, offset: int, length: int, message: str, hint: str) -> None:
    document = found.notes.document
    place = document.within(written.scalar, offset, length)
    found.issues.append(document.issue(place, code, message, hint=hint, severity=Severity.WARNING))
