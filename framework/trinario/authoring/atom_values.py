"""How a value that may be anything is read: as it stands, or with expressions in it."""

import re
from decimal import Decimal
from typing import Any

from trinario.authoring.atom_texts import (
    read_phrase,
)
from trinario.authoring.forms import BAD
from trinario.authoring.nodes import Mapping, Node, Scalar
from trinario.authoring.notes import Notes, Path


def read_value(node: Node, path: Path, notes: Notes) -> Any:
    """A plain value: a number, true or false, nothing, or a text; a list or mapping of such."""
    if isinstance(node, Scalar):
        return plain_value(node)
    if isinstance(node, Mapping):
        return {key.text: read_value(item, (*path, key.text), notes) for key, item in node.pairs}
    return [read_value(item, (*path, str(number)), notes) for number, item in enumerate(node.items)]


def read_live_value(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """A text with expressions is a phrase; anything else a plain value."""
    if "{{" in scalar.text or "{%" in scalar.text:
        return read_phrase(scalar, path, notes)
    return plain_value(scalar)


def read_live(node: Node, path: Path, notes: Notes) -> Any:
    """As `read_value`, with phrases where texts hold expressions; BAD when one of them cannot be read."""
    if isinstance(node, Scalar):
        return read_live_value(node, path, notes)
    made: Any
    if isinstance(node, Mapping):
        made = {key.text: read_live(item, (*path, key.text), notes) for key, item in node.pairs}
        return BAD if any(item is BAD for item in made.values()) else made
    made = [read_live(item, (*path, str(number)), notes) for number, item in enumerate(node.items)]
    return BAD if any(item is BAD for item in made) else made


def read_fixed(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """The text as it stands: braces would be taken literally, which nobody wants."""
    for braces in ("{{", "{%"):
        if braces in scalar.text:
            at = scalar.text.index(braces)
            notes.fault_within("T021", scalar, at, len(scalar.text) - at, f"nothing is worked out here, so {braces} would stay as it is",
                               "write plain words; what is worked out goes into a field or a variable, with `set`")  # fmt: skip
            return BAD
    return scalar.text


def read_fixed_value(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """A plain value in which nothing is worked out."""
    return BAD if read_fixed(scalar, path, notes) is BAD else plain_value(scalar)


_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]+)?|\.[0-9]+)", re.ASCII)


def plain_value(scalar: Scalar) -> Any:
    """What a value means that may be anything: an unquoted number, true, false or nothing, else the text itself."""
    text = scalar.text
    if scalar.quoted:
        return text
    if scalar.is_empty:
        return None
    if text in ("true", "false"):
        return text == "true"
    # 0123 and +39... are a postcode and a phone number
    return Decimal(text) if _NUMBER.fullmatch(text) and not re.match(r"\+|-?0[0-9]", text) else text
