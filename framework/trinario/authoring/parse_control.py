"""`split`, `wait_for` and `foreach`: from what the author wrote to the values of the model."""

from typing import Any

from trinario.authoring.near import mend
from trinario.authoring.nodes import Mapping, Node, Scalar, Sequence
from trinario.authoring.notes import Notes
from trinario.authoring.reader import Deed, Record
from trinario.model.flow import Foreach, Split, Step, Variant, WaitFor

_TAKEN = frozenset({"skipped", "failed", "began", "called", "back", "waits", "round"})
"""Words of the machine for ways that no variant can be."""


def split(common: dict[str, Any], value: Any, record: Record, notes: Notes) -> Step | None:
    """A split with its variants; their ways stand in `next` of the list or in `on_<variant>`."""
    node = record.nodes["split"]
    if len(value) < _written(node):
        return None  # what cannot be read has its issue
    variants = _listed(value) if isinstance(value, tuple) else [Variant(name, weight) for name, weight in value.items()]
    names = [variant.name for variant in variants]
    for variant in variants:
        if variant.name in _TAKEN or names.count(variant.name) > 1:
            why = (
                "twice among the variants"
                if variant.name not in _TAKEN
                else "no name for a variant: it means something else"
            )
            notes.fault("T021", node, f'"{variant.name}" is {why}', "give it another name")
            return None
    if sum(variant.weight for variant in variants) <= 0:
        notes.fault("T021", node, "all weights are 0, so nobody would get anything", "write a weight, like a: 50")
        return None
    for exit in list(common["exits"]):
        if exit not in names:
            notes.fault("T011", record.nodes[f"on_{exit}"], f'the split has no variant "{exit}"', mend(exit, names))
    return Split(**common, variants=tuple(variants), sticky=record.get("sticky"), key=record.get("key"))


def _written(node: Node) -> int:
    """How many variants the author wrote, readable or not."""
    return len(node.pairs) if isinstance(node, Mapping) else len(node.items) if isinstance(node, Sequence) else 0


def _listed(lines: tuple[Record, ...]) -> list[Variant]:
    return [Variant(line.get("name"), line.get("weight"), line.get("next")) for line in lines if line.whole]


def wait_for(common: dict[str, Any], value: str, record: Record, notes: Notes) -> Step:
    """A wait for an event."""
    return WaitFor(**common, event=value, match=record.get("match"), timeout=record.get("timeout"))


def foreach(common: dict[str, Any], value: Any, record: Record, notes: Notes) -> Step | None:
    """The head of a loop; its steps are made beside it, as those of the flow."""
    names = tuple(record.get("steps") or ())
    if not names:
        return None
    return Foreach(
        **common, items=value, item=record.get("as"), most=int(record.get("max")), steps=names,
        handlers=record.get("handlers") or {},
    )  # fmt: skip


def inner_steps(deed: Deed) -> Record | None:
    """The record of a `foreach` whose steps are to be made; None for any other step."""
    return deed.record if deed.verb.name == "foreach" and deed.record and deed.record.get("steps") else None


def step_keys(node: Node | None) -> list[Scalar]:
    """The names of all steps as written, those of a `foreach` behind it."""
    found: list[Scalar] = []
    for key, item in node.pairs if isinstance(node, Mapping) else ():
        found.append(key)
        if isinstance(item, Mapping) and item.key("foreach"):
            found += step_keys(item.get("steps"))
    return found


def loop_variables(node: Node | None) -> list[str]:
    """The variables that every `foreach` among these steps sets, as written."""
    found: list[str] = []
    for _, item in node.pairs if isinstance(node, Mapping) else ():
        if isinstance(item, Mapping) and item.key("foreach"):
            name = item.get("as")
            word = name.text.removeprefix("vars.") if isinstance(name, Scalar) else "item"
            found += [word, f"{word}_number", *loop_variables(item.get("steps"))]
    return found
