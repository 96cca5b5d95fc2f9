"""THE table of the language: every key with its kind, default, one sentence and an example; all else reads it."""

from trinario.authoring.spec import (
    bot,
    campaigns,
    flow,
    happenings,
    messages,
    prices,
    sequences,
    steps,
    talk,
    templates,
    triggers,
)
from trinario.authoring.spec.kinds import Shape, VerbTable

SHAPES: dict[str, Shape] = {
    shape.name: shape
    for table in (messages, steps, flow, bot, talk, happenings, templates, campaigns, sequences, prices)
    for shape in table.SHAPES
}
"""Every mapping with fixed keys, by name; `Ref` names them."""

VERB_TABLES: dict[str, VerbTable] = {
    table.name: table
    for table in (steps.STEPS, triggers.TRIGGERS, triggers.ENDINGS, bot.PLATFORMS, talk.TALK_STEPS, templates.BUTTONS)
}
"""Every mapping that says one of several things, by name; `Verbs` names them."""
