"""What an author would have written instead, where the kinds of two values do not go together."""

import re

from jinja2 import nodes

from trinario.authoring.value_types import DURATION, NUMBER, TEXT, WORDS, YES_NO, Type
from trinario.model.duration import parse_duration


def is_span(value: object) -> bool:
    """Whether it is a span of time as people write it: 2h, 30d."""
    try:
        parse_duration(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return True


def mend_of(sides: tuple[nodes.Node, nodes.Node], kinds: tuple[Type, Type]) -> str:
    """What an author would have written instead."""
    for side, kind, other in zip(sides, kinds, reversed(kinds), strict=True):
        if isinstance(side, nodes.Const) and kind.kinds == {"text"} and other.kinds == NUMBER.kinds:
            number = re.fullmatch(r"\s*-?[0-9]+(\.[0-9]+)?\s*", side.value)
            return f"write the number without quotation marks: {side.value.strip()}" if number else "write a number"
        if isinstance(side, nodes.Const) and kind.kinds == NUMBER.kinds and other.kinds == TEXT.kinds:
            return f"put the text in quotation marks: '{side.value}', or ask with type: number"
        if isinstance(side, nodes.Const) and kind.kinds == TEXT.kinds and other.kinds == YES_NO.kinds:
            return "write true or false, without quotation marks"
        if isinstance(side, nodes.Const) and kind.kinds == TEXT.kinds and other.kinds == DURATION.kinds:
            return f"write duration('{side.value if is_span(side.value) else '2h'}')"
    if {"date", "datetime"} <= kinds[0].kinds | kinds[1].kinds:
        return "a date with time has its day as .date()"
    if kinds[0].kinds | kinds[1].kinds == {"date", "duration"} or "duration" in kinds[0].kinds | kinds[1].kinds:
        return "two dates subtract to a span of time: a - b"
    if "text" in kinds[0].kinds | kinds[1].kinds and "number" in kinds[0].kinds | kinds[1].kinds:
        return "a number in a text is read by `| int` or `| decimal`"
    return "make both of one kind"


def cast_of(wanted: frozenset[str], given: frozenset[str]) -> str:
    """What is to be done with a value of the wrong kind."""
    if "number" in wanted and "text" in given:
        return "a number in a text is read by `| int` or `| decimal`; or ask with type: number"
    if wanted & {"list", "mapping"} and "text" in given:
        return "a text is cut into a list by .split(',')"
    return f"it takes {' or '.join(sorted(WORDS[kind] for kind in wanted))}"
