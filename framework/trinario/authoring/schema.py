"""JSON Schema (2020-12) of the files, made of the same table that reads them: editors complete and check with it."""

from decimal import Decimal
from typing import Any

from trinario.authoring.atom_values import read_value
from trinario.authoring.near import listed
from trinario.authoring.notes import Notes
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES, VERB_TABLES
from trinario.authoring.spec.kinds import (
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

KINDS = ("flow", "bot", "talk", "templates", "campaign", "sequence", "prices")
"""The files that there is a schema of; that of a campaign takes sequences too, which stand in the same folder."""

_TITLES = {
    "flow": "A flow of trinario", "bot": "A bot of trinario (bot.yaml)", "talk": "A played conversation of trinario",
    "templates": "Message templates of trinario (templates.yaml)",
    "campaign": "A campaign or a sequence of trinario", "sequence": "A sequence of trinario",
    "prices": "What messages cost (prices.yaml)",
}  # fmt: skip
_TEXT = ["string", "number", "boolean"]
"""An unquoted text can look like a number or like true to an editor; here it stays a text."""


def schema(kind: str) -> dict[str, Any]:
    """The schema of a kind of file, one of KINDS. Raises ValueError, with the kinds there are, for another."""
    if kind not in KINDS:
        raise ValueError(f"there is no schema of {kind!r}: ask for {' or '.join(KINDS)}")
    used: dict[str, Any] = {}
    root = _shape(SHAPES[kind], used)
    if kind == "campaign":
        root = {
            "type": "object",
            "if": {"required": ["sequence"]},
            "then": _shape(SHAPES["sequence"], used),
            "else": root,
        }
    definitions = dict(sorted(used.items()))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **root,
        "title": _TITLES[kind],
        "$defs": definitions,
    }


def _shape(shape: Shape, used: dict[str, Any]) -> dict[str, Any]:
    return {"title": shape.name.replace("_", " "), "description": shape.about, **_object(shape.keys, used)}


def _object(keys: tuple[Key, ...], used: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    needed = [*required, *(key.name for key in keys if key.required and key.name not in required)]
    return {
        "type": "object",
        "properties": {key.name: _key(key, used) for key in keys},
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def _key(key: Key, used: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {**_kind(key.kind, used), "title": key.name, "description": key.about}
    example = _value(key.example)
    if _insertable(example):
        made["examples"] = [example]
    else:
        made["markdownDescription"] = f"{key.about}\n\n```yaml\n{key.name}: {key.example}\n```"
    if key.default:
        made["default"] = key.default if "{{" in key.default else _value(key.default)
    return made


def _insertable(example: Any) -> bool:
    """Whether an editor writes an example as it should stand: it sets no quotation marks, and lists nothing nested."""
    if isinstance(example, str):
        return "{{" not in example and not example.startswith(("[", "{"))
    parts = example.values() if isinstance(example, dict) else example if isinstance(example, list) else ()
    return all(not isinstance(part, dict | list) and _insertable(part) for part in parts)


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
    return {"propertyNames": {"pattern": keys.pattern, "errorMessage": keys.about}} if keys.pattern else {}


def _atom(kind: Atom) -> dict[str, Any]:
    """`errorMessage` is what editors say instead of a regular expression."""
    if kind.json == "scalar":
        return {}
    if kind.json != "string":
        bounds = {"minimum": kind.least, "maximum": kind.most}
        known = {name: bound for name, bound in bounds.items() if bound is not None}
        return {"type": kind.json, **known, "errorMessage": f"{kind.about} is expected here"}
    if kind.pattern:
        return {"type": "string", "pattern": kind.pattern, "errorMessage": f"{kind.about} is expected here"}
    return {"type": _TEXT}


def _defined(name: str, used: dict[str, Any]) -> dict[str, Any]:
    """A reference to a definition, which is made when it is first needed; shapes may hold themselves."""
    if name not in used:
        used[name] = {}
        table = VERB_TABLES.get(name)
        used[name] = _verbs(table, used) if table else _shape(SHAPES[name], used)
    return {"$ref": f"#/$defs/{name}"}


# ---- mappings that say one of several things


def _verbs(table: VerbTable, used: dict[str, Any]) -> dict[str, Any]:
    """Before there is a verb an editor offers the verbs, after it the keys that go with it: hence if, then, else."""
    tests = [_test(table, verb) for verb in table.verbs]
    forms = [{"if": test, "then": _verb(table, verb, used)} for test, verb in zip(tests, table.verbs, strict=True)]
    missing = f"{table.about} has to say what it does: {listed([verb.name for verb in table.verbs], 40, 'or')}"
    mapping = {
        "title": table.about,
        "type": "object",
        "errorMessage": missing,
        "if": {"type": "object", "anyOf": tests},
        "then": {"allOf": forms},
        # nothing is one of no values, so that what has no verb is refused, with these words
        "else": {"allOf": [_before(table, used), {"enum": [], "errorMessage": missing}]},
    }
    if not table.bare:
        return mapping
    bare = [verb for verb in table.verbs if verb.name in table.bare]
    words = [verb.name for verb in bare if verb.value is None]
    more = [verb.name for verb in bare if verb.value is not None]  # offered as keys, which most people want
    return {"anyOf": [mapping, *([{"enum": words}] if words else []), *([_word(more)] if more else [])]}


def _word(names: list[str]) -> dict[str, Any]:
    """One of these words, which no editor offers."""
    return {"type": "string", "pattern": f"^({'|'.join(names)})$"}


def _test(table: VerbTable, verb: Verb) -> dict[str, Any]:
    """What tells that a mapping has this verb."""
    if table.by:
        return {"required": [table.by], "properties": {table.by: {"const": verb.name}}}
    if verb.name not in {key.name for key in table.common}:
        return {"required": [verb.name]}
    others = [{"required": [other.name]} for other in table.verbs if other.name != verb.name]
    return {"required": [verb.name], "not": {"anyOf": others}}


def _before(table: VerbTable, used: dict[str, Any]) -> dict[str, Any]:
    """What is offered while there is no verb yet."""
    if table.by:
        about = f"What it is: {listed([verb.name for verb in table.verbs], 40, 'or')}."
        return {"properties": {table.by: {"enum": [verb.name for verb in table.verbs], "description": about}}}
    return {"properties": {verb.name: _head(verb, used) for verb in table.verbs}}


def _head(verb: Verb, used: dict[str, Any]) -> dict[str, Any]:
    """The key that is the verb: what it does, an example, the ways out."""
    told = [verb.about, f"```yaml\n{verb.example}\n```"]
    if verb.exits:
        told.append("\n".join(["Exits:", "", *(f"- `on_{way.name}`: {way.about}" for way in verb.exits)]))
    if verb.named_exits:
        told.append(f"`on_<name>`: where an exit leads that you name, {verb.named_exits}.")
    kind = _kind(verb.value, used) if verb.value is not None else {}
    return {**kind, "title": verb.name, "description": verb.about, "markdownDescription": "\n\n".join(told)}


def _verb(table: VerbTable, verb: Verb, used: dict[str, Any]) -> dict[str, Any]:
    """A mapping with this verb: only its keys go with it; what people write by habit is told what to write."""
    made = _object(table.keys(verb), used, (table.by or verb.name,))
    if not table.by:
        made["properties"][verb.name] = _head(verb, used)
        used[f"{table.name}_once"] = _refused("A second verb.", f"{table.about} does one thing only")
        for other in table.verbs:
            made["properties"].setdefault(other.name, {"$ref": f"#/$defs/{table.name}_once"})
    if verb.named_exits:
        made["patternProperties"] = {NAMED_EXIT: _key(named_exit_key("on_...", verb), used)}
    for name, (why, mend) in table.refused.items():
        made["properties"].setdefault(name, _refused(why, mend))
    return {"title": verb.name, "description": verb.about, **made}


def _refused(why: str, mend: str) -> dict[str, Any]:
    """A key that is told not to be written; nothing is a value of it, and no editor offers it."""
    return {"enum": [], "description": why, "errorMessage": mend, "doNotSuggest": True}


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
