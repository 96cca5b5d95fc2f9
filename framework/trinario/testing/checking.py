"""What a talk names that its bot does not have: channels, flows, fields, answers, people."""

from collections.abc import Iterable

from trinario.authoring.finding import Findings
from trinario.authoring.issue import Issue
from trinario.authoring.near import mend
from trinario.authoring.nodes import Mapping as MappingNode
from trinario.authoring.nodes import Node, Scalar
from trinario.authoring.notes import Mention, Notes
from trinario.authoring.spec.talk import EXPECTATIONS, PLAIN_EXPECTATIONS
from trinario.engine.index import ANSWERING
from trinario.model.bot import Bot
from trinario.model.consent import PURPOSES

CONTACT = ("id", "first_name", "last_name", "name", "language", "timezone")
TICKET = ("team", "note", "priority", "state", "assignee")
NOTICE = ("to", "address", "text")


def check_talk(notes: Notes, bot: Bot) -> tuple[Issue, ...]:
    """Every name of the talk that means nothing to the bot."""
    found = Findings(notes)
    for mention in notes.mentions:
        _check_mention(mention, bot, found)
    for path, node in notes.nodes.items():
        if path and path[-1] == "expect" and isinstance(node, MappingNode):
            for key, _ in node.pairs:
                _check_expected(key.text, key, bot, found)
        if path[:1] == ("steps",) and path[2:] == ("to",) and isinstance(node, Scalar):
            _known(node.text, _people(notes), "T021", "nobody in this talk is called", node, found)
        if path[:2] == ("contact", "fields") and len(path) == 3:
            _known(path[2], bot.fields, "T043", "the bot has no field", node, found)
    return tuple(sorted(found.issues))


def _people(notes: Notes) -> list[str]:
    named = [node.text for path, node in notes.nodes.items() if path[2:] == ("stranger",) and isinstance(node, Scalar)]
    return ["contact", "stranger", *dict.fromkeys(named)]


def channel_of(bot: Bot, name: str) -> str | None:
    """The channel that a name of bot.yaml or a platform means; None for neither."""
    if name in bot.channels:
        return name
    return next((channel.id for channel in bot.channels.values() if channel.platform == name), None)


def _check_mention(mention: Mention, bot: Bot, found: Findings) -> None:
    if mention.kind == "channel" and channel_of(bot, mention.name) is None:
        _known(mention.name, bot.channels, "T042", "the bot has no channel", mention.scalar, found)
    elif mention.kind == "flow":
        _known(mention.name, bot.flows, "T040", "the bot has no flow", mention.scalar, found)


def _check_expected(name: str, node: Node, bot: Bot, found: Findings) -> None:
    head, point, rest = name.partition(".")
    if not point:
        known = (*PLAIN_EXPECTATIONS, *(f"{one}.…" for one in EXPECTATIONS))
        if name not in PLAIN_EXPECTATIONS:
            found.fault("T021", node, f'"{name}" is nothing that a talk can look at', mend(name, known))
        return
    if head not in EXPECTATIONS:
        found.fault("T021", node, f'"{name}" is nothing that a talk can look at', mend(head, EXPECTATIONS))
        return
    known_names, what = _names(head, bot)
    _known(rest, known_names, "T043", what, node, found)


def _names(head: str, bot: Bot) -> tuple[Iterable[str], str]:
    flows = bot.flows.values()
    asked = [step.name for flow in flows for step in flow.steps.values() if isinstance(step, ANSWERING)]
    own = [name for flow in flows for name in flow.vars]
    return {
        "fields": (bot.fields, "the bot has no field"),
        "answers": (asked, "no flow of the bot has a question"),
        "vars": (own, "no flow of the bot has a variable"),
        "contact": (CONTACT, "a contact has no"),
        "ticket": (TICKET, "a ticket has no"),
        "consent": (PURPOSES, "consent is not asked for"),
        "notice": (NOTICE, "a notice has no"),
    }[head]


def _known(name: str, names: Iterable[str], code: str, what: str, node: Node, found: Findings) -> None:
    if name not in (listed := list(names)):
        found.fault(code, node, f'{what} "{name}"', mend(name, listed))
