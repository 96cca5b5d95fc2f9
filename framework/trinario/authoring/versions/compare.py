"""What is different between two revisions of a flow: steps, triggers, and texts in every language."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from trinario.engine.migrate import alike, renamed, substance
from trinario.expressions import Phrase
from trinario.model.flow import Flow, Step, Trigger, Words

LIKE = 0.6
"""From how much in common on, of 1, a step that is gone and one that is new are called the same by a hint."""

_OWN = frozenset(
    {"steps", "triggers", "words", "revision", "file", "name", "locale", "migrations", "following", "inside"}
)
"""Parts of a flow that are compared by themselves, or say nothing about what it does."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text, by the key of its translations. `locale` "" is the flow's own; None: it was not there, or is gone."""

    locale: str
    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step that is in both. `texts`: only its words are others; `was` is its old name if it was renamed."""

    step: str
    texts: bool
    was: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowChange:
    """Everything different between two revisions. `renamed` maps old names to new ones, as `migrations` say; `hints` the
    same as a guess. `keys` are keys of the flow itself."""

    name: str
    before: str
    after: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[StepChange, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    texts: tuple[TextChange, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether both do and say the same."""
        return not (
            self.added
            or self.removed
            or self.renamed
            or self.changed
            or self.gained
            or self.lost
            or self.texts
            or self.keys
        )


def compare(name: str, old: Flow | None, new: Flow | None) -> FlowChange:
    """The change of one flow; None: there is none on that side."""
    before, after = old.revision if old else "", new.revision if new else ""
    steps = (old.steps if old else {}, new.steps if new else {})
    names = _names(old, new)
    added = tuple(step for step in steps[1] if step not in names.values())
    removed = tuple(step for step in steps[0] if step not in names)
    return FlowChange(
        name, before, after,
        added=added,
        removed=removed,
        renamed={one: other for one, other in names.items() if one != other},
        changed=tuple(_changes(old, new, names)) if old and new else (),
        hints=_hints(old, new, removed, added) if old and new else (),
        gained=_triggers(new, old),
        lost=_triggers(old, new),
        texts=tuple(_texts(old, new, names)),
        keys=_keys(old, new) if old and new else (),
    )  # fmt: skip


def _names(old: Flow | None, new: Flow | None) -> dict[str, str]:
    """Steps that are in both, by old name: the new one."""
    if old is None or new is None:
        return {}
    found = {}
    for name in old.steps:
        target, dropped = (name, False) if name in new.steps else renamed(name, old, new)
        if target in new.steps and not dropped:
            found[name] = target
    return found


def _changes(old: Flow, new: Flow, names: Mapping[str, str]) -> list[StepChange]:
    found = []
    for name, target in names.items():
        one, other = old.steps[name], new.steps[target]
        if alike(old, name, new, target) and name == target:
            continue
        keys = tuple(key for key in _parts(one, name) if _parts(one, name)[key] != _parts(other, target).get(key))
        keys += tuple(key for key in _parts(other, target) if key not in _parts(one, name))
        if keys or name != target or not alike(old, name, new, target):
            found.append(StepChange(target, not keys, name if name != target else "", keys))
    return found


def _parts(step: Step, name: str) -> dict[str, Any]:
    """What a step does, by the names of its parts, without a word of what it says."""
    own = {
        f.name: _mute(substance(getattr(step, f.name), name)) for f in fields(step) if f.name not in ("name", "line")
    }
    return {"kind": type(step).__name__, **own}


def _mute(value: Any) -> Any:
    """Texts are only there or not there: what they say is told by itself."""
    if isinstance(value, tuple) and value[:1] == ("words",):
        return "words"
    if isinstance(value, tuple | list):
        return [_mute(item) for item in value]
    if isinstance(value, dict):
        return {key: _mute(item) for key, item in value.items()}
    return value


def _keys(old: Flow, new: Flow) -> tuple[str, ...]:
    return tuple(
        f.name for f in fields(Flow)
        if f.name not in _OWN and substance(getattr(old, f.name)) != substance(getattr(new, f.name))
    )  # fmt: skip


def _hints(old: Flow, new: Flow, removed: tuple[str, ...], added: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Steps that were probably renamed: (old, new), each once, the likest first."""
    found: list[tuple[str, str]] = []
    likely = sorted(
        ((_likeness(old.steps[one], new.steps[other]), one, other) for one in removed for other in added), reverse=True
    )
    for likeness, one, other in likely:
        if likeness >= LIKE and not any(one == a or other == b for a, b in found):
            found.append((one, other))
    return tuple(found)


def _likeness(one: Step, other: Step) -> float:
    if type(one) is not type(other):
        return 0.0
    before, after = (str(substance(step, step.name)) for step in (one, other))
    return difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()


# ---- triggers


def _triggers(flow: Flow | None, other: Flow | None) -> tuple[str, ...]:
    """What begins a flow and does not begin the other, each word by itself."""
    known = {text for trigger in (other.triggers if other else ()) for text in _told(trigger)}
    return tuple(text for trigger in (flow.triggers if flow else ()) for text in _told(trigger) if text not in known)


def _told(trigger: Trigger) -> list[str]:
    """One line for each word of a trigger, with what it depends on."""
    beside = []
    if trigger.kind == "keyword" and trigger.mode != "first_word":
        beside.append(trigger.mode)
    if trigger.channels:
        beside.append("on " + ", ".join(sorted(trigger.channels)))
    if trigger.match is not None:
        beside.append(f"if {trigger.match.source}")
    beside += trigger.beside
    tail = f" ({'; '.join(beside)})" if beside else ""
    words = [f"{word} [{locale}]" if locale else word for locale, some in trigger.words.items() for word in some]
    return [f"{trigger.kind} {word}{tail}" for word in words] or [f"{trigger.kind} {trigger.value}".strip() + tail]


# ---- texts


def texts_of(flow: Flow) -> dict[tuple[str, str], str]:
    """Everything a flow says: (locale, key) -> text; locale "" is its own."""
    found = {("", words.key): words.phrase.source for step in flow.steps.values() for words in _said(step)}
    for locale, words in flow.words.items():
        found |= {(locale, key): phrase.source for key, phrase in words.items()}
    return found


def _said(value: Any) -> list[Words]:
    if isinstance(value, Words):
        return [value]
    if isinstance(value, Mapping):
        return [words for item in value.values() for words in _said(item)]
    if isinstance(value, tuple | list):
        return [words for item in value for words in _said(item)]
    if isinstance(value, Phrase | str) or not hasattr(value, "__dataclass_fields__"):
        return []
    return [words for f in fields(value) for words in _said(getattr(value, f.name))]


def _texts(old: Flow | None, new: Flow | None, names: Mapping[str, str]) -> list[TextChange]:
    before = {(locale, _moved(key, names)): text for (locale, key), text in (texts_of(old) if old else {}).items()}
    after = texts_of(new) if new else {}
    keys = list(dict.fromkeys([*after, *before]))
    return [
        TextChange(*key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    ]  # fmt: skip


def _moved(key: str, names: Mapping[str, str]) -> str:
    step, dot, rest = key.partition(".")
    return f"{names.get(step, step)}{dot}{rest}"
