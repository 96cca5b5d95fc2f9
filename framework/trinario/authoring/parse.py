"""A flow's file to a frozen Flow, or to every issue it has; never raises, whatever the bytes."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from trinario.authoring.atom_forms import read_regex
from trinario.authoring.forms import BAD
from trinario.authoring.issue import Issue
from trinario.authoring.nodes import Document, Node, Scalar
from trinario.authoring.notes import Notes
from trinario.authoring.parse_control import inner_steps, loop_variables, step_keys
from trinario.authoring.parse_messages import delivery
from trinario.authoring.parse_policy import rules
from trinario.authoring.parse_steps import step
from trinario.authoring.parse_triggers import ending, trigger
from trinario.authoring.parse_values import check_defaults, variable
from trinario.authoring.reader import Deed, Record, read_shape
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES
from trinario.model.flow import END, Flow, Migration, Step


@dataclass(frozen=True, slots=True)
class ParsedFlow:
    """What became of a flow's file. `flow` is None when the file has errors; `name` is kept if it could be read.

    `notes` has what the checks need; None when the file is no YAML of ours. `names` are the steps as written. `data` and
    `words` are the bytes it was read from: the file, and the PO files by language.
    """

    file: str
    name: str
    flow: Flow | None
    notes: Notes | None
    issues: tuple[Issue, ...]
    names: tuple[str, ...] = ()
    data: bytes = b""
    words: Mapping[str, bytes] = field(default_factory=dict)

    def items(self) -> list[str]:
        """The variables that the loops of the flow set, as written, also when the flow has errors elsewhere."""
        return loop_variables(self.notes.nodes.get(("steps",))) if self.notes else []

    def declared(self, key: str) -> list[str]:
        """The names under `vars` or `inputs` as written, also when the flow has errors elsewhere."""
        return [path[1] for path in self.notes.nodes if len(path) == 2 and path[0] == key] if self.notes else []


def parse_flow(data: bytes, file: str) -> ParsedFlow:
    """The flow of a file. Its revision is that of the source alone until translations are put in."""
    document = read_source(data, file)
    if isinstance(document, list):
        return ParsedFlow(file, "", None, None, tuple(document))
    return replace(read_flow(document, document.root, hashlib.sha256(data).hexdigest()), data=data)


def read_flow(document: Document, root: Node, revision: str) -> ParsedFlow:
    """The flow that is written in these nodes of a document."""
    file, notes = document.file, Notes(document, list(document.warnings))
    record = read_shape(SHAPES["flow"], root, (), notes)
    if record is BAD:
        return ParsedFlow(file, "", None, notes, tuple(notes.issues))
    steps = _steps(record, notes)
    _check_regexes(record, notes)
    check_defaults(record.get("vars"), notes)
    check_defaults(record.get("inputs"), notes)
    name = record.get("flow") or ""
    flow = None if notes.failed else _flow(record, steps, revision, notes)
    names = _names(record)
    return ParsedFlow(file, name, None if notes.failed else flow, notes, tuple(sorted(notes.issues)), names)


def _names(record: Record) -> tuple[str, ...]:
    return tuple(key.text for key in step_keys(record.nodes.get("steps")))


def _steps(record: Record, notes: Notes) -> dict[str, Step]:
    keys: dict[str, Scalar] = {}
    for key in step_keys(record.nodes.get("steps")):
        if key.text == END:
            notes.fault(
                "T021", key, f"`{END}` is where a flow is over, and no step can be called so", "rename the step"
            )
        if key.text in keys:
            first = keys[key.text].place.line
            notes.fault("T017", key, f'there is a step "{key.text}" already, in line {first}', "rename one of them")
        keys.setdefault(key.text, key)
    return dict(_made(record, keys, notes))


def _made(record: Record, keys: Mapping[str, Scalar], notes: Notes) -> Iterator[tuple[str, Step]]:
    """Every step that could be made; those of a `foreach` come behind it."""
    deeds: Mapping[str, Deed] = record.get("steps") or {}
    for name, deed in deeds.items():
        made = step(name, keys[name].place.line, deed, notes)
        if made is not None:
            yield name, made
        if (inner := inner_steps(deed)) is not None:
            yield from _made(inner, keys, notes)


def _check_regexes(record: Record, notes: Notes) -> None:
    """The words of a keyword are patterns where `match` says so."""
    for number, deed in enumerate(record.get("triggers") or ()):
        if deed.verb.name == "keyword" and deed.record and deed.record.get("match") == "regex":
            at = ("triggers", str(number), "keyword")
            for path, node in list(notes.nodes.items()):
                if path[:3] == at and isinstance(node, Scalar):
                    read_regex(node, path, notes)


def _flow(record: Record, steps: Mapping[str, Step], revision: str, notes: Notes) -> Flow:
    triggers = tuple(trigger(deed) for deed in record.get("triggers") or ())
    return Flow(
        name=record.get("flow"),
        revision=revision,
        steps=steps,
        title=record.get("title") or "",
        purpose=record.get("purpose"),
        triggers=triggers,
        vars={name: variable(value) for name, value in (record.get("vars") or {}).items()},
        inputs={name: variable(value) for name, value in (record.get("inputs") or {}).items()},
        returns=record.get("returns") or {},
        handlers=record.get("handlers") or {},
        exit_when=tuple(ending(deed) for deed in record.get("exit_when") or ()),
        expires=record.values.get("expires"),  # None: a question with a time-out has that instead
        delivery=delivery(record.get("delivery")),
        file=notes.document.file,
        policy=rules(record.get("policy")),
        migrations=_migrations(record) if record.has("migrations") else None,
    )


def _migrations(record: Record) -> tuple[Migration, ...]:
    return tuple(
        Migration(one.get("rename") or {}, one.get("drop") or {}, tuple(one.get("reask") or ()))
        for one in record.get("migrations") or ()
    )
