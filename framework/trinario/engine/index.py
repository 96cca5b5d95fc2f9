"""What is looked up on every turn, made once per bot: triggers by word, steps that follow, empty answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import re2

from trinario.engine.fold import fold
from trinario.engine.limits import INDEXES_KEPT
from trinario.engine.naming import sentences
from trinario.model.bot import Bot
from trinario.model.flow import (
    Ai,
    Ask,
    Call,
    Delivery,
    Flow,
    Foreach,
    Function,
    Http,
    Send,
    Split,
    Ticket,
    Trigger,
    WaitFor,
)
from trinario.model.flow.triggers import BROUGHT
from trinario.model.session import Offered
from trinario.model.value import Values

COMMANDS = ("stop", "stop_here", "start", "human", "help", "restart", "back")
"""Patterns that a person can type at any time; the first wins a word that two of them have."""

STOPS = frozenset({"stop", "stop_here"})
"""Those of them that are honoured whoever has her and whatever was asked."""


ANSWERING = Ask | Call | Split | WaitFor | Foreach | Http | Function | Ai | Ticket
"""Steps that leave something in `answers`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One trigger with the flow it begins. `rank` orders rules that match the same: the smallest wins."""

    flow: Flow
    trigger: Trigger
    rank: tuple[int, int, int, int]

    def hears(self, channel: str, platform: str) -> bool:
        """Whether it listens on this channel."""
        bound = self.trigger.channels
        return not bound or channel in bound or platform in bound


@dataclass(frozen=True, slots=True)
class Keyword:
    """One word of a rule, folded. `locale` is "" for a word of any language."""

    rule: Rule
    word: str
    locale: str
    pattern: Any = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a flow's text does not say directly. `after` maps a step to the one that follows in the file.

    `brought` are names that `trigger` has by one of the flow's triggers, empty. `offers` keeps, by step and language, declared choices whose titles are the same for everybody (None: they are not).
    """

    flow: Flow
    after: Mapping[str, str]
    blanks: Values
    vars: Values
    brought: Values = field(default_factory=dict)
    offers: dict[tuple[str, str], tuple[Offered, ...] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watch:
    """Triggers that look at what changes in her, each with the paths that it reads (`fields.x`, `tags` ...)."""

    changes: tuple[tuple[Rule, frozenset[str]], ...]
    dates: tuple[tuple[Rule, frozenset[str]], ...]


@dataclass(slots=True)
class Index:
    """Everything of one bot by what is heard.

    `commands` maps folded words to patterns; `unlinks` are those that undo a link, `prefers` sentences with the channel
    that they ask for; `exits` says whether any flow has an `exit_when`, `plans` whether
    any message is followed by a delivery plan; `watch` is None where no
    trigger looks at what changes in her.
    """

    bot: Bot
    fields: Values = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)
    unlinks: frozenset[str] = frozenset()
    prefers: dict[str, str] = field(default_factory=dict)
    exact: dict[str, list[Keyword]] = field(default_factory=dict)
    first: dict[str, list[Keyword]] = field(default_factory=dict)
    inside: list[Keyword] = field(default_factory=list)
    by_kind: dict[str, list[Rule]] = field(default_factory=dict)
    exits: bool = False
    plans: bool = False
    watch: Watch | None = None
    _facts: dict[int, Facts] = field(default_factory=dict)

    def facts(self, flow: Flow) -> Facts:
        """The facts of one of this bot's flows, old revisions included."""
        found = self._facts.get(id(flow))
        if found is None or found.flow is not flow:
            found = self._facts[id(flow)] = _facts_of(flow)
        return found


def _facts_of(flow: Flow) -> Facts:
    rounds = [name for step in flow.steps.values() if isinstance(step, Foreach) for name in step.variables]
    return Facts(
        flow=flow,
        after=flow.following,
        blanks={name: None for name, step in flow.steps.items() if isinstance(step, ANSWERING)},
        vars={**dict.fromkeys(rounds), **{name: spec.default for name, spec in flow.vars.items()}},
        brought={name: None for trigger in flow.triggers for name in BROUGHT.get(trigger.kind, ())},
    )


_INDEXES: dict[int, Index] = {}


def index_of(bot: Bot) -> Index:
    """The index of this very Bot object; made when it is first asked for."""
    index = _INDEXES.get(id(bot))
    if index is None or index.bot is not bot:
        index = _built(bot)
        while len(_INDEXES) >= INDEXES_KEPT:
            _INDEXES.pop(next(iter(_INDEXES)))
        _INDEXES[id(bot)] = index
    return index


def _built(bot: Bot) -> Index:
    index = Index(bot, fields={name: spec.default for name, spec in bot.fields.items()})
    for name in reversed(COMMANDS):
        index.commands.update(dict.fromkeys(_words_of(bot, name), name))
    index.unlinks = frozenset(_words_of(bot, "unlink")) - frozenset(index.commands)
    index.prefers = {words: name for words, name in sentences(bot) if words not in index.commands}
    for rule in sorted(_rules(bot), key=lambda rule: rule.rank):
        if rule.trigger.kind == "keyword":
            _file_keywords(index, rule)
        else:
            index.by_kind.setdefault(rule.trigger.kind, []).append(rule)
        if rule.trigger.kind in ("ice_breaker", "menu"):  # who types the title means the same
            for title in dict.fromkeys(map(fold, rule.trigger.titles)):
                index.exact.setdefault(title, []).append(Keyword(rule, title, ""))
    index.exits = any(flow.exit_when for flow in (*bot.flows.values(), *bot.revisions.values()))
    index.plans = any(place.escalate or place.on_exhausted for place in _deliveries(bot))
    index.watch = _watch(index)
    return index


def _deliveries(bot: Bot) -> Iterator[Delivery]:
    """Every place that says how messages find their person, old revisions included."""
    yield bot.delivery
    for flow in (*bot.flows.values(), *bot.messages.values(), *bot.revisions.values()):
        steps = (step.delivery for step in flow.steps.values() if isinstance(step, Send | Ask))
        yield from (place for place in (flow.delivery, *steps) if place is not None)


def _watch(index: Index) -> Watch | None:
    """The triggers of changes; None where there are none, so that a turn costs nothing."""
    changes = tuple(
        (rule, paths_of(rule)) for kind in ("tag", "field", "segment") for rule in index.by_kind.get(kind, ())
    )
    dates = tuple((rule, paths_of(rule) | ZONE) for rule in index.by_kind.get("date", ()))
    return Watch(changes, dates) if changes or dates else None


ZONE = frozenset({"contact.timezone"})
"""What moves every moment of her calendar."""


def paths_of(rule: Rule) -> frozenset[str]:
    """What a trigger of changes or dates looks at: `fields.x`, `fields` (any of them), `tags`, `contact.language` ..."""
    trigger = rule.trigger
    if trigger.kind == "tag":
        return frozenset({"tags"})
    if trigger.kind == "field":
        return frozenset({f"fields.{trigger.value.removeprefix('fields.')}"})
    found = set[str]()
    for path in trigger.watched.names if trigger.watched else ():
        named = ".".join(path[:2]) if path[0] in ("fields", "contact") else path[0]
        found.update(BEHIND.get(named, (named,)))
    return frozenset(found)


BEHIND = {
    "wants": ("consent",), "window_open": ("contact.last_heard",), "channel": ("contact.channel", "contact.last_heard"),
}  # fmt: skip
"""What changes when these do."""


def _words_of(bot: Bot, name: str) -> Iterator[str]:
    pattern = bot.patterns.get(name)
    for words in pattern.words.values() if pattern else ():
        yield from map(fold, words)


def _rules(bot: Bot) -> Iterator[Rule]:
    number = 0
    for flow in (*bot.flows.values(), *bot.messages.values()):  # a sequence may take who comes to be of its segment
        for trigger in flow.triggers:
            number += 1
            bound = (0 if trigger.channels else 1, 0 if trigger.segment else 1)
            yield Rule(flow, trigger, (*bound, -trigger.priority, number))


def _file_keywords(index: Index, rule: Rule) -> None:
    for locale, words in rule.trigger.words.items():
        for word in words:
            mode, folded = rule.trigger.mode, fold(word)
            if mode == "exact":
                index.exact.setdefault(folded, []).append(Keyword(rule, folded, locale))
            elif mode == "first_word":
                index.first.setdefault(folded.split(" ")[0], []).append(Keyword(rule, folded, locale))
            else:
                index.inside.append(Keyword(rule, folded, locale, _pattern(word) if mode == "regex" else None))


def _pattern(source: str) -> Any:
    """The author's pattern in an engine that never blows up; one that is wrong matches nothing (the check names it)."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(source, options)
    except re2.error:
        return re2.compile(r"[^\x{0}-\x{10FFFF}]", options)
