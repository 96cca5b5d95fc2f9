"""Names in the texts of bot.yaml: what a pattern may say of the person, the bot and its own matter."""

from collections.abc import Mapping
from functools import lru_cache

from trinario.authoring.finding import Findings
from trinario.authoring.notes import Path
from trinario.authoring.pattern_texts import TEXTS
from trinario.authoring.value_names import Names
from trinario.authoring.value_types import ANY, Type, known_of
from trinario.expressions import check_names, compile_phrase

_OF_FLOWS = ("vars", "answers", "call", "trigger")
_ON_THE_WAY = (
    "switch.button",
    "switch.confirm",
    "switch.sentence",
    "switch.declined",
    "switch.unavailable",
    "switch.done",
    "switch.told",
    "unlink",
)
"""Patterns that are said while somebody goes from one channel to another: all that is known then is who it is."""


def check_bot_texts(names: Names, found: Findings) -> None:
    """T031 for every name that nothing is called in the texts of bot.yaml."""
    for written in found.notes.written:
        if not written.text.uses:
            continue
        scope = {name: known_of(kind) for name, kind in _scope(written.path, names.shared).items()}
        for fault in check_names(written.text.uses, scope):
            place = found.notes.document.within(written.scalar, fault.offset - written.shift, fault.length)
            hint = fault.hint
            if fault.index == 0 and fault.path[0] in _OF_FLOWS:
                hint = "a text of the whole bot is said in any flow, or in none: take a contact field"
            found.issues.append(found.notes.document.issue(place, "T031", fault.reason, hint=hint))


def _scope(path: Path, shared: Mapping[str, Type]) -> Mapping[str, Type]:
    if path[:1] != ("patterns",) or len(path) < 2:
        return {**shared, **dict.fromkeys(_OF_FLOWS, ANY)}
    own = dict.fromkeys(_own_names(path[1]), ANY)
    if path[1] in _ON_THE_WAY:
        return {"contact": shared["contact"], **own}
    return {**shared, **own}


@lru_cache(maxsize=128)
def _own_names(pattern: str) -> frozenset[str]:
    """The names that a pattern alone has: those that the built-in texts say."""
    return frozenset(use.path[0] for text in TEXTS.get(pattern, {}).values() for use in compile_phrase(text).uses)
