"""Triggers: which flow begins with what was heard or what happened."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from trinario.engine.answer.card import order_in
from trinario.engine.fold import fold
from trinario.engine.index import Index, Keyword, Rule
from trinario.engine.scope import Scope
from trinario.engine.words import languages
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.event import Event, EventArrived, IdentityLinked, MessageHeard, StatusTold
from trinario.model.heard import Heard
from trinario.model.value import Values

MODES = ("exact", "first_word", "contains", "regex")
"""How a keyword is found in a text, the surest first."""

Fits = Callable[[Rule], bool]
"""Whether nothing else that the trigger says (match, segment, hours, once) speaks against it."""


def platform_of(bot: Bot, channel: str) -> str:
    """The platform of a channel of the bot, "" for a channel it does not have."""
    found = bot.channels.get(channel)
    return found.platform if found else ""


def exact_keyword(index: Index, contact: Contact, heard: Heard, fits: Fits) -> Rule | None:
    """The rule with `match: exact` whose word is the whole text."""
    return _best(index, contact, heard, index.exact.get(fold(heard.text), ()), fits) if heard.text else None


def other_keyword(index: Index, contact: Contact, heard: Heard, fits: Fits) -> Rule | None:
    """The rule whose word comes first in the text, is in it, or whose pattern is found in it."""
    if not heard.text:
        return None
    return _best(index, contact, heard, _loose(index, heard.text, fold(heard.text)), fits)


def _loose(index: Index, text: str, folded: str) -> Iterator[Keyword]:
    for keyword in index.first.get(folded.split(" ")[0], ()):
        if folded == keyword.word or folded.startswith(keyword.word + " "):
            yield keyword
    for keyword in index.inside:
        if keyword.pattern.search(text) if keyword.pattern is not None else keyword.word in folded:
            yield keyword


def _best(index: Index, contact: Contact, heard: Heard, found: Iterable[Keyword], fits: Fits) -> Rule | None:
    """Bound to a channel, then to a segment, then priority, mode (first word ...), her language, the longer word."""
    channel = heard.identity.channel
    platform, hers = platform_of(index.bot, channel), ("", *languages(contact.language or index.bot.locale))
    fitting = [keyword for keyword in found if keyword.rule.hears(channel, platform) and fits(keyword.rule)]
    if not fitting:
        return None

    def rank(one: Keyword) -> tuple[int, ...]:
        bound, segment, priority, order = one.rule.rank
        mode = MODES.index(one.rule.trigger.mode)
        return bound, segment, priority, mode, one.locale not in hers, -len(one.word), order

    return min(fitting, key=rank).rule


def referral(index: Index, heard: Heard, fits: Fits) -> Rule | None:
    """The rule for the ref of the link by which she came; one that names it before one for any."""
    if heard.referral is None:
        return None
    ref = heard.referral.ref
    rules = [rule for rule in of_kind(index, "referral", heard) if rule.trigger.value in ("", ref)]
    named = sorted(rules, key=lambda rule: (rule.trigger.value == "", rule.rank))
    return next((rule for rule in named if fits(rule)), None)


def plain(index: Index, kind: str, heard: Heard, fits: Fits) -> Rule | None:
    """The rule of a kind without words: message, new_contact, get_started."""
    return next((rule for rule in of_kind(index, kind, heard) if fits(rule)), None)


def of_kind(index: Index, kind: str, heard: Heard) -> list[Rule]:
    """The rules of one kind that listen on the channel of what was heard, the first in rank first."""
    channel = heard.identity.channel
    platform = platform_of(index.bot, channel)
    return [rule for rule in index.by_kind.get(kind, ()) if rule.hears(channel, platform)]


def of_happening(index: Index, kind: str, value: str, fits: Fits) -> list[Rule]:
    """The rules for something that happened (an event, a status): of every flow at most one, the first in rank."""
    found: dict[str, Rule] = {}
    for rule in index.by_kind.get(kind, ()):
        if rule.trigger.value == value and rule.flow.name not in found and fits(rule):
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
            said = {"kind": kind, "text": heard.text, "ref": ref.ref if ref else "", "ad": ref.ad if ref else ""}
            return {**said, **_further(heard)}
        case EventArrived(data=data):
            return {"kind": kind, **data}
        case StatusTold(status=status, flow=flow, step=step, reason=reason):
            return {"kind": kind, "status": status, "flow": flow, "step": step, "reason": reason}
        case IdentityLinked(channel=channel):
            return {"kind": kind, "channel": channel}
        case _:
            return {"kind": kind}


def _further(heard: Heard) -> Values:
    """What only some of what is heard brings: a comment, a story, a form."""
    if heard.kind == "comment":
        return comment_values(heard)
    if heard.kind == "form":
        response = heard.data.get("response")
        return {"data": response if isinstance(response, dict) else dict(heard.data)}
    if heard.kind in ("reaction", "edit"):
        return _about(heard)
    if heard.kind == "order":
        return order_in(heard) or {}
    product, catalog = product_in(heard)
    if product:
        return {"product": product, "catalog": catalog}
    story = heard.data.get("story")
    return {"story": str(story.get("id", ""))} if isinstance(story, dict) else {}


def _about(heard: Heard) -> Values:
    """A sign with the message that it is on, or new words with those that they take the place of."""
    about = heard.data.get("about") or {}
    if heard.kind == "edit":
        return {"was": str(about.get("text", ""))}
    named = {name: str(about.get(name, "")) for name in ("flow", "step")}
    return {"emoji": heard.text, "message": str(about.get("text", "")), **named}


def product_in(heard: Heard) -> tuple[str, str]:
    """(product, catalogue) that her message asks about; "" where it asks about none, or the platform names none."""
    asked = heard.data.get("referred_product")
    if isinstance(asked, Mapping):
        return str(asked.get("product_retailer_id") or ""), str(asked.get("catalog_id") or "")
    shown = heard.referral.data.get("product") if heard.referral else None
    return (str(shown.get("id") or ""), "") if isinstance(shown, Mapping) else ("", "")


def comment_values(heard: Heard) -> Values:
    """Where a comment stands, by whom it is, and when it was written."""
    data = heard.data
    texts = {name: str(data.get(name, "")) for name in ("post", "comment", "parent", "ad")}
    return {
        **texts, "medium": str(data.get("kind", "")), "reply": bool(data.get("reply")), "name": heard.name,
        "at": heard.at, "channel": heard.identity.channel,
    }  # fmt: skip
