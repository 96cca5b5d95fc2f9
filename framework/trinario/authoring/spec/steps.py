"""The table of steps: the keys that all have, and every verb of the language."""

from trinario.authoring.spec import beyond, control, outside, public, verbs
from trinario.authoring.spec.kinds import (
    CONDITION,
    NAME,
    STEP,
    TEXT,
    Key,
    OneOf,
    VerbTable,
)

COMMON_KEYS = (
    Key("next", STEP, "The step that follows; without it the one below.", "thanks"),
    Key("if", CONDITION, "The step is skipped when this is false.", "answers.budget >= 5000"),
    Key("about", TEXT, "A remark for readers of the file.", "Asked by sales in May"),
    Key("counts", NAME, "The goal that is counted when the step is done.", "lead"),
)

_VERBS = (*verbs.VERBS, *control.VERBS, *outside.VERBS, *beyond.VERBS, *public.VERBS)
EXITS = tuple(dict.fromkeys(way.name for verb in _VERBS for way in verb.exits))

VERBS = (*_VERBS, control.foreach(OneOf(EXITS)))
"""Every verb, in the order of the reference page; each file of verbs adds its own."""

_LATER = frozenset[str]()

STEPS = VerbTable("step", "a step", VERBS, COMMON_KEYS, _LATER, refused={
    "goto": ("`goto` is not how a step says where to go", "write `next` instead of `goto`"),
    "say": ("a step has no `say`", "write `send`"),
    "message": ("a step has no `message`", "write `send`, or `ask` for a question"),
    "else": ("`else` belongs into a branch", "write branch: [{if: ..., next: ...}, {else: ...}]"),
    "on": ("`on` is no key", "write on_<exit>, like on_timeout: thanks"),
})  # fmt: skip

SHAPES = (*verbs.SHAPES, *control.SHAPES, *outside.SHAPES, *public.SHAPES)
