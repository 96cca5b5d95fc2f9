"""How each kind of scalar is read: the text of the file to a typed value, or BAD with an issue; never raises."""

import re
from typing import Any

from trinario.authoring.amounts import amount, pace, wall_time
from trinario.authoring.atom_forms import (
    read_again,
    read_clock,
    read_cron,
    read_duration,
    read_late,
    read_notified,
    read_path,
    read_regex,
    read_span,
    read_until,
    reader_of,
    scalar_reader,
)
from trinario.authoring.atom_texts import (
    Reader,
    read_address,
    read_condition,
    read_per,
    read_phrase,
    read_request,
    read_result,
    read_title,
    read_words,
)
from trinario.authoring.atom_values import (
    plain_value,
    read_fixed,
    read_fixed_value,
    read_live,
    read_live_value,
    read_value,
)
from trinario.authoring.forms import BAD, read_text
from trinario.authoring.nodes import Node, Scalar
from trinario.authoring.notes import Mention, Notes, Path
from trinario.authoring.spec.kinds import Atom


def read_atom(kind: Atom, node: Node, path: Path, notes: Notes) -> Any:
    """The typed value of a scalar of this kind (an `Atom`), or BAD. What it refers to is noted as a Mention."""
    if kind.name == "live_tree":
        return read_live(node, path, notes)
    if kind.json == "scalar" and not isinstance(node, Scalar):
        return read_value(node, path, notes)
    if read_text(node, notes, kind.about, empty=kind.json == "scalar") is BAD or not isinstance(node, Scalar):
        return BAD
    value = _READERS[kind.name](node, path, notes) if kind.name in _READERS else _matching(kind, node, notes)
    if value is not BAD and not _within(kind, value):
        notes.fault("T021", node, f'"{node.text}" is not {kind.about}', f"write {kind.about}")
        return BAD
    if value is not BAD and kind.refers:
        notes.mentions.append(Mention(kind.refers, node.text, node, path))
    return value


def _within(kind: Atom, value: Any) -> bool:
    return (kind.least is None or value >= kind.least) and (kind.most is None or value <= kind.most)


def _matching(kind: Atom, scalar: Scalar, notes: Notes) -> Any:
    if kind.pattern and not kind.refers and not re.search(kind.pattern, scalar.text, re.ASCII):
        notes.fault("T021", scalar, f'"{scalar.text}" is not {kind.about}', f"write {kind.about}")
        return BAD
    return scalar.text


_READERS: dict[str, Reader] = {
    "phrase": read_phrase,
    "words": read_words,
    "title": read_title,
    "condition": read_condition,
    "result": read_result,
    "live_value": read_live_value,
    "request": read_request,
    "bound": read_live_value,
    "value": lambda scalar, path, notes: plain_value(scalar),
    "nothing": lambda scalar, path, notes: plain_value(scalar),
    "number": scalar_reader("number"),
    "whole": scalar_reader("integer"),
    "true_false": scalar_reader("boolean"),
    "duration": read_duration,
    "kept": lambda scalar, path, notes: "always" if scalar.text == "always" else read_duration(scalar, path, notes),
    "offset": scalar_reader("duration"),
    "until": read_until,
    "word": read_fixed,
    "tag": read_fixed,
    "fixed": read_fixed_value,
    "moment": scalar_reader("datetime"),
    "date": scalar_reader("date"),
    "name": scalar_reader("name"),
    "zone": scalar_reader("zone"),
    "her_zone": lambda scalar, path, notes: (
        None if scalar.text == "contact" else scalar_reader("zone")(scalar, path, notes)
    ),
    "locale": scalar_reader("locale"),
    "by_locale": scalar_reader("locale"),
    "path": read_path,
    "regex": read_regex,
    "cron": read_cron,
    "notified": read_notified,
    "clock": read_clock,
    "per": read_per,
    "span": read_span,
    "late": read_late,
    "again": read_again,
    "address": read_address,
    "pace": reader_of(pace),
    "amount": reader_of(amount),
    "wall_time": reader_of(wall_time),
}
