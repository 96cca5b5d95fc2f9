"""JSON Schema (2020-12) of the files, made of the same table that reads them: editors complete and check with it."""

from decimal import Decimal
from typing import Any

from trinario.authoring.atoms import read_value
from trinario.authoring.notes import Notes
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES, VERB_TABLES
from trinario.authoring.spec.kinds import (
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
)

KINDS = ("flow", "bot", "talk")
"""The files that there is a schema of."""

_TITLES = {
    "flow": "A flow of trinario", "bot": "A bot of trinario (bot.yaml)", "talk": "A played conversation of trinario",
}  # fmt: skip
_TEXT = ["string", "number", "boolean"]
"""An unquoted text can look like a number or like true to an editor; here it stays a text."""


def schema(kind: str) -> dict[str, Any]:
    """The schema of a kind of file, one of KINDS. Raises ValueError, with the kinds there are, for another."""
    if kind not in KINDS:
        raise ValueError(f"there is no schema of {kind!r}: ask for {' or '.join(KINDS)}")
    used: dict[str, Any] = {}
    root = _shape(SHAPES[kind], used)
    definitions = dict(sorted(used.items()))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _TITLES[kind],
        **root,
        "$defs": definitions,
    }


def _shape(shape: Shape, used: dict[str, Any]) -> dict[str, Any]:
    return {"description": shape.about, **_object(shape.keys, used)}


def _object(keys: tuple[Key, ...], used: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    needed = [*required, *(key.name for key in keys if key.required and key.name not in required)]
    return {
        "type": "object",
        "properties": {key.name: _key(key, used) for key in keys},
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def _key(key: Key, used: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {**_kind(key.kind, used), "description": key.about}
    made["examples"] = [_value(key.example)]
    if key.default:
        made["default"] = _value(key.default)
    return made


def _kind(kind: Kind, used: dict[str, Any]) -> dict[str, Any]:
    match kind:
        case Atom():
            return _atom(kind)
        case OneOf(values=values):
            return {"enum": [*values, *(value == "true" for value in values if value in ("true", "false"))]}
        case ListOf(item=item, single=single, least=least):
            array = {"type": "array", "items": _kind(item, used), **({"minItems": least} if least else {})}
            return {"anyOf": [_kind(item, used), array]} if single else array
        case MapOf(item=item, keys=keys, least=least):
            return {
                "type": "object",
                "additionalProperties": _kind(item, used),
                **_names(keys),
                **({"minProperties": least} if least else {}),
            }
        case Ref(shape=name):
            return _defined(name, used)
        case Verbs(table=name):
            return _defined(name, used)
        case Either():
            parts = (kind.scalar, kind.sequence, kind.mapping)
            return {"anyOf": [_kind(part, used) for part in parts if part is not None]}


def _names(keys: Atom | OneOf) -> dict[str, Any]:
    if isinstance(keys, OneOf):
        return {"propertyNames": {"enum": list(keys.values)}}
    return {"propertyNames": {"pattern": keys.pattern}} if keys.pattern else {}


def _atom(kind: Atom) -> dict[str, Any]:
    if kind.json == "scalar":
        return {}
    if kind.json != "string":
        return {"type": kind.json}
    return {"type": "string", "pattern": kind.pattern} if kind.pattern else {"type": _TEXT}


def _defined(name: str, used: dict[str, Any]) -> dict[str, Any]:
    """A reference to a definition, which is made when it is first needed; shapes may hold themselves."""
    if name not in used:
        used[name] = {}
        table = VERB_TABLES.get(name)
        used[name] = _verbs(table, used) if table else _shape(SHAPES[name], used)
    return {"$ref": f"#/$defs/{name}"}


def _verbs(table: VerbTable, used: dict[str, Any]) -> dict[str, Any]:
    forms = [_verb(table, verb, used) for verb in table.verbs]
    if table.bare:
        forms.append({"enum": [verb.name for verb in table.verbs if verb.name in table.bare]})
    return {"anyOf": forms}


def _verb(table: VerbTable, verb: Verb, used: dict[str, Any]) -> dict[str, Any]:
    made = {"description": verb.about, **_object(table.keys(verb), used, (table.by or verb.name,))}
    if verb.value is not None:
        made["properties"][verb.name] = {**_kind(verb.value, used), "description": verb.about}
        made["examples"] = [_value(verb.example)]
    return made


def _value(example: str) -> Any:
    """An example of the table as JSON data."""
    document = read_source(example.encode(), "the table")
    assert not isinstance(document, list), f"the table's own example cannot be read: {example}"
    return _plain(read_value(document.root, (), Notes(document)))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
