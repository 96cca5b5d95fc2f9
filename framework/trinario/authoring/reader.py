"""Reads a node as what the table says it is: a typed value, or BAD with an issue; never raises."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from trinario.authoring.atoms import read_atom
from trinario.authoring.forms import BAD, form_of, pairs_of, read_text
from trinario.authoring.issue import Place
from trinario.authoring.near import listed, mend, nearest
from trinario.authoring.nodes import Document, Node, Scalar, Sequence
from trinario.authoring.nodes import Mapping as MappingNode
from trinario.authoring.notes import Notes, Path
from trinario.authoring.rates import rate_of
from trinario.authoring.spec import SHAPES, VERB_TABLES
from trinario.authoring.spec.kinds import (
    DURATION,
    NAMED_EXIT,
    Atom,
    Either,
    Key,
    Kind,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Shape,
    Verb,
    Verbs,
    VerbTable,
    named_exit_key,
)
from trinario.authoring.verbs import bare_verb, pick_verb, refused

NOWHERE = Place("", 0, 0, 0, 0)

Extra = Callable[[str], "tuple[str, str] | None"]
"""What a mapping says of a key that it does not know: a reason and a hint, None for the usual words."""


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping that was read by its keys. Values that could not be read are left out, their issues are noted."""

    keys: tuple[Key, ...]
    values: Mapping[str, Any]
    node: MappingNode
    path: Path
    nodes: Mapping[str, Node] = field(default_factory=dict)
    whole: bool = True

    def get(self, name: str) -> Any:
        """The value of a key, else the default that the table gives it, else None."""
        if name in self.values:
            return self.values[name]
        return next((default_of(key) for key in self.keys if key.name == name), None)

    def has(self, name: str) -> bool:
        """Whether the author wrote the key, readable or not."""
        return name in self.nodes


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb with what stands beside it. `bare`: it stood alone, without a mapping."""

    verb: Verb
    record: Record | None
    node: Node

    @property
    def value(self) -> Any:
        """The verb's main value; None when it has none or it cannot be read."""
        return self.record.values.get(self.verb.name) if self.record else None


def read(kind: Kind, node: Node, path: Path, notes: Notes) -> Any:
    """The value of `node` as `kind`, or BAD."""
    notes.nodes[path] = node
    match kind:
        case Atom():
            return read_atom(kind, node, path, notes)
        case OneOf():
            return read_one_of(kind, node, path, notes)
        case ListOf():
            return read_list(kind, node, path, notes)
        case MapOf():
            return read_map(kind, node, path, notes)
        case Ref():
            return read_shape(SHAPES[kind.shape], node, path, notes)
        case Verbs():
            return read_verbs(VERB_TABLES[kind.table], node, path, notes)
        case Either():
            return read_either(kind, node, path, notes)


def read_one_of(kind: OneOf, node: Node, path: Path, notes: Notes) -> Any:
    text = read_text(node, notes, "one of " * (len(kind.values) > 1) + listed(kind.values, last="or"))
    if text is BAD or text in kind.values:
        return text
    if text in kind.later:
        reason = f"this version does not have `{text}` yet: {kind.later[text]}"
        notes.fault("T013", node, reason, f"there are {listed(kind.values)}")
        return BAD
    key = next((part for part in reversed(path) if not part.isdigit()), "this")
    notes.fault("T021", node, f'`{key}` cannot be "{text}"', _one_of(text, kind))
    return BAD


def _one_of(text: str, kind: OneOf) -> str:
    close = nearest(text, kind.values)
    return f'did you mean "{close}"?' if close else f"write {listed(kind.values, last='or')}"


def read_list(kind: ListOf, node: Node, path: Path, notes: Notes) -> Any:
    if not isinstance(node, Sequence):
        if kind.single:
            value = read(kind.item, node, path, notes)
            return BAD if value is BAD else (value,)
        notes.fault("T020", node, f"a list is expected here, not {form_of(node)}", "begin each item with `- `")
        return BAD
    if len(node.items) < kind.least:
        notes.fault("T022", node, "this list is empty", "put something in, or leave the key out")
        return BAD
    values = [read(kind.item, item, (*path, str(number)), notes) for number, item in enumerate(node.items)]
    return tuple(value for value in values if value is not BAD)


def read_map(kind: MapOf, node: Node, path: Path, notes: Notes) -> Any:
    if isinstance(node, Sequence) and path == ("steps",):
        notes.fault("T020", node, "steps have names, and no dashes before them",
                    "write `hello:` on a line of its own, and what the step does below it")  # fmt: skip
        return BAD
    pairs = pairs_of(node, notes, kind.least)
    if pairs is None:
        return BAD
    values = {}
    path = (kind.root,) if kind.root else path
    for key, item in pairs:
        name = _read_name(kind.keys, key, path, notes)
        value = read(kind.item, item, (*path, key.text), notes)
        if name is not BAD and value is not BAD:
            values[key.text] = value
    return values


def _read_name(keys: Atom | OneOf, key: Scalar, path: Path, notes: Notes) -> Any:
    if isinstance(keys, Atom):
        return read_atom(keys, key, (*path, key.text), notes)
    if key.text in keys.values:
        return key.text
    what = path[-1] if path else "this"
    notes.fault("T011", key, f'`{what}` has no key "{key.text}"', mend(key.text, keys.values, f"`{what}` knows"))
    return BAD


def read_shape(shape: Shape, node: Node, path: Path, notes: Notes) -> Any:
    """A Record of the shape's keys, or BAD when `node` is no mapping."""
    return read_keys(f"a {shape.name.replace('_', ' ')}", shape.keys, node, path, notes, later=shape.later)


def read_keys(
    what: str, keys: tuple[Key, ...], node: Node, path: Path, notes: Notes, *,
    later: Iterable[str] = (), extra: Extra | None = None,
) -> Any:  # fmt: skip
    """A Record of these keys: unknown ones are refused with the nearest known, missing required ones are named."""
    pairs = pairs_of(node, notes, hint=_as_entry(keys, node))
    if pairs is None or not isinstance(node, MappingNode):
        return BAD
    notes.nodes[path] = node
    known = {key.name: key for key in keys}
    values: dict[str, Any] = {}
    nodes: dict[str, Node] = {}
    strangers: list[str] = []
    for name, item in pairs:
        key = known.get(name.text)
        if key is None:
            strangers.append(name.text)
            refuse_key(what, name, known, frozenset(later), extra, notes)
            continue
        nodes[key.name] = item
        value = read(key.kind, item, (*path, key.name), notes)
        if value is not BAD:
            values[key.name] = value
    missed = _missing(what, keys, nodes, strangers, node, notes)
    whole = not strangers and not missed and len(values) == len(nodes)
    return Record(keys, values, node, path, nodes, whole)


def _as_entry(keys: tuple[Key, ...], node: Node) -> str:
    """How to write as a mapping what stands there alone: `{title: Fern}` for `Fern`."""
    needed = [key for key in keys if key.required]
    first = needed[0] if needed else keys[0]
    timed = isinstance(node, Scalar) and [key.kind for key in needed[1:]] == [DURATION]
    if timed and isinstance(node, Scalar) and (rate := rate_of(node.text)):
        return f"write {{{first.name}: {rate[0]}, {needed[1].name}: {rate[1]}}}"
    plain = isinstance(node, Scalar) and bool(needed) and re.fullmatch(r"[\w .!?-]{1,40}", node.text.strip())
    value = node.text.strip() if isinstance(node, Scalar) and plain else first.example
    return f"write {{{', '.join([f'{first.name}: {value}', *(f'{key.name}: {key.example}' for key in needed[1:])])}}}"


def refuse_key(
    what: str, name: Scalar, known: Iterable[str], later: frozenset[str], extra: Extra | None, notes: Notes
) -> None:
    """The issue for a key that nobody knows here."""
    special = extra(name.text) if extra else None
    if special is not None:
        notes.fault("T011", name, *special)
    elif name.text in later:
        notes.fault("T013", name, f"this version does not have `{name.text}` yet", "leave it out for now")
    else:
        hint = mend(name.text, known, f"{what} knows")
        notes.fault("T011", name, f'{what} has no key "{name.text}"', hint)


def _missing(
    what: str, keys: tuple[Key, ...], nodes: Mapping[str, Node], strangers: list[str], node: Node, notes: Notes
) -> bool:
    """Names the required keys that are not there, but not those that a misspelt key was probably meant to be."""
    absent = [key for key in keys if key.required and key.name not in nodes]
    meant = {nearest(stranger, [key.name for key in keys]) for stranger in strangers}
    for key in absent:
        if key.name not in meant:
            notes.fault("T014", node, f"{what} needs `{key.name}`", f"write `{key.name}: {key.example}`")
    return bool(absent)


def read_either(kind: Either, node: Node, path: Path, notes: Notes) -> Any:
    chosen: Kind | None
    if isinstance(node, Scalar):
        chosen = kind.scalar
    else:
        chosen = kind.sequence if isinstance(node, Sequence) else kind.mapping
    if chosen is None:
        dashes = "begin each entry with `- `" if kind.sequence and isinstance(node, Scalar) else ""
        notes.fault("T020", node, f"{kind.about} is expected here, not {form_of(node)}", dashes)
        return BAD
    return read(chosen, node, path, notes)


def read_verbs(table: VerbTable, node: Node, path: Path, notes: Notes) -> Any:
    """A Deed, or BAD with an issue that names what is wrong with the verb first."""
    if isinstance(node, Scalar):
        verb = bare_verb(table, node, notes)
        return BAD if verb is None else Deed(verb, None, node)
    pairs = pairs_of(node, notes)
    if pairs is None or not isinstance(node, MappingNode):
        return BAD
    verb = pick_verb(table, node, notes)
    if verb is None:
        return BAD
    record = read_keys(
        f"{table.about} with `{verb.name}`", (*table.keys(verb), *_named_exits(table, verb, node)), node, path, notes,
        later=verb.later, extra=lambda name: refused(table, verb, name),
    )  # fmt: skip
    return BAD if record is BAD else Deed(verb, record, node)


def _named_exits(table: VerbTable, verb: Verb, node: MappingNode) -> list[Key]:
    """The keys of exits that the author of this step has named."""
    if not verb.named_exits:
        return []
    fixed = {key.name for key in table.keys(verb)}
    names = [key.text for key, _ in node.pairs if re.match(NAMED_EXIT, key.text) and key.text not in fixed]
    return [named_exit_key(name, verb) for name in names]


@lru_cache(maxsize=512)
def default_of(key: Key) -> Any:
    """The typed value of a key's default; None without one."""
    if not key.default:
        return None
    value = read(key.kind, Scalar(key.default, NOWHERE), (), Notes(Document("", Scalar("", NOWHERE), ())))
    assert value is not BAD, f"the table's own default of {key.name} cannot be read"
    return value
