"""Triggers: which flow begins with what was heard or what happened."""

from collections.abc import Iterable, Iterator

from trinario.engine.fold import fold
from trinario.engine.index import Index, Keyword, Rule
from trinario.engine.scope import Scope
from trinario.engine.words import languages
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.event import Event, EventArrived, MessageHeard
from trinario.model.message import Heard
from trinario.model.value import Values

MODES = ("exact", "first_word", "contains", "regex")
"""How a keyword is found in a text, the surest first."""


def platform_of(bot: Bot, channel: str) -> str:
    """The platform of a channel of the bot, "" for a channel it does not have."""
    found = bot.channels.get(channel)
    return found.platform if found else ""


def exact_keyword(index: Index, contact: Contact, heard: Heard) -> Rule | None:
    """The rule with `match: exact` whose word is the whole text."""
    return _best(index, contact, heard, index.exact.get(fold(heard.text), ())) if heard.text else None


def other_keyword(index: Index, contact: Contact, heard: Heard) -> Rule | None:
    """The rule whose word comes first in the text, is in it, or whose pattern is found in it."""
    if not heard.text:
        return None
    return _best(index, contact, heard, _loose(index, heard.text, fold(heard.text)))


def _loose(index: Index, text: str, folded: str) -> Iterator[Keyword]:
    for keyword in index.first.get(folded.split(" ")[0], ()):
        if folded == keyword.word or folded.startswith(keyword.word + " "):
            yield keyword
    for keyword in index.inside:
        if keyword.pattern.search(text) if keyword.pattern is not None else keyword.word in folded:
            yield keyword


def _best(index: Index, contact: Contact, heard: Heard, found: Iterable[Keyword]) -> Rule | None:
    """Bound to a channel first, then priority, mode (first word, contains, regex), her language, the longer word."""
    channel = heard.identity.channel
    platform, hers = platform_of(index.bot, channel), ("", *languages(contact.language or index.bot.locale))
    fitting = [keyword for keyword in found if keyword.rule.hears(channel, platform)]
    if not fitting:
        return None

    def rank(one: Keyword) -> tuple[int, ...]:
        bound, priority, order = one.rule.rank
        mode = MODES.index(one.rule.trigger.mode)
        return bound, priority, mode, one.locale not in hers, -len(one.word), order

    return min(fitting, key=rank).rule


def referral(index: Index, scope: Scope, heard: Heard) -> Rule | None:
    """The rule for the ref of the link by which she came; one that names it before one for any."""
    if heard.referral is None:
        return None
    ref = heard.referral.ref
    rules = [rule for rule in of_kind(index, "referral", heard) if rule.trigger.value in ("", ref)]
    named = sorted(rules, key=lambda rule: (rule.trigger.value == "", rule.rank))
    return next((rule for rule in named if holds(rule, scope)), None)


def plain(index: Index, kind: str, scope: Scope, heard: Heard) -> Rule | None:
    """The rule of a kind without words: message, new_contact, get_started."""
    return next((rule for rule in of_kind(index, kind, heard) if holds(rule, scope)), None)


def of_kind(index: Index, kind: str, heard: Heard) -> list[Rule]:
    """The rules of one kind that listen on the channel of what was heard, the first in rank first."""
    channel = heard.identity.channel
    platform = platform_of(index.bot, channel)
    return [rule for rule in index.by_kind.get(kind, ()) if rule.hears(channel, platform)]


def of_event(index: Index, scope: Scope, event: EventArrived) -> list[Rule]:
    """The rules for an event from outside: of every flow at most one."""
    found: dict[str, Rule] = {}
    for rule in index.by_kind.get("event", ()):
        if rule.trigger.value == event.name and rule.flow.name not in found and holds(rule, scope):
            found[rule.flow.name] = rule
    return list(found.values())


def holds(rule: Rule, scope: Scope) -> bool:
    """Whether the trigger's `match` holds. Raises EvaluationError."""
    return rule.trigger.match is None or rule.trigger.match.test(scope)


def values_of(kind: str, event: Event) -> Values:
    """The name `trigger` of the session that begins."""
    match event:
        case MessageHeard(heard=heard):
            ref = heard.referral
            return {"kind": kind, "text": heard.text, "ref": ref.ref if ref else "", "ad": ref.ad if ref else ""}
        case EventArrived(data=data):
            return {"kind": kind, **data}
        case _:
            return {"kind": kind}
