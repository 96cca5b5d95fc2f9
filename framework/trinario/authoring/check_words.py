"""Words that mean two things: keywords of two flows, choices and keywords that are stop words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trinario.authoring.check_answers import po_of
from trinario.authoring.finding import Findings
from trinario.authoring.nodes import Node
from trinario.authoring.notes import Notes
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_arrivals import TITLED
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.patterns import patterns
from trinario.engine.fold import fold
from trinario.model.flow import Ask, Choice, Flow, Trigger

_COMMANDS = ("start", "help", "human", "restart", "back", "stop_here")
_ONLY_ONE = ("message", "new_contact", "get_started", "referral", "ice_breaker", "menu", "story_mention", "form", "order",
              "edited", "deleted")  # fmt: skip
"""Triggers of which two that tie make it a matter of chance which flow begins."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A flow's claim on a word (or on a kind of trigger)."""

    flow: Flow
    trigger: Trigger
    number: int
    locale: str
    channels: frozenset[str]


def check_words(flows: Mapping[str, ParsedFlow], bot: ParsedBot) -> list[Findings]:
    """T114, T115 and T116 over all flows that the bot lists."""
    commands = _commands(bot)
    findings = []
    claims: dict[tuple[str, str], list[_Claim]] = {}
    for parsed in flows.values():
        if parsed.flow is None or parsed.notes is None or not bot.lists(parsed.name):
            continue
        found = Findings(parsed.notes)
        findings.append(found)
        _check_choices(parsed.flow, commands, found)
        _check_keywords(parsed.flow, commands, found)
        for key, claim in _claims(parsed.flow, bot):
            _check_tie(key, claim, claims.setdefault(key, []), found)
            claims[key].append(claim)
    return findings


def _commands(bot: ParsedBot) -> dict[str, str]:
    """Folded word -> the pattern that it stands for; stop words above all."""
    known = patterns(bot.get("patterns") or {}, bot.get("locale") or "en")
    found: dict[str, str] = {}
    for name in (*_COMMANDS, "stop"):
        found.update({fold(word): name for words in known[name].words.values() for word in words})
    return found


def _check_choices(flow: Flow, commands: Mapping[str, str], found: Findings) -> None:
    places = {written.key: written.scalar for written in found.notes.written if written.translated}
    for step in flow.steps.values():
        for choice in step.choices if isinstance(step, Ask) and isinstance(step.choices, tuple) else ():
            for word, locale in _words(choice, flow):
                if commands.get(fold(word)) == "stop":
                    said, where = (
                        (f'"{word}" (in {locale})', f" in {po_of(flow, locale)}") if locale else (f'"{word}"', "")
                    )
                    found.fault(
                        "T114", places.get(choice.title.key, found.step_key(step.name)),
                        f"{said} is a stop word: who chooses it ends the conversation",
                        f"call the choice something else{where}, or change the stop words in bot.yaml",
                    )  # fmt: skip
                    break


def _words(choice: Choice, flow: Flow) -> Iterator[tuple[str, str]]:
    """Every word of a choice, with the language of a translated title; "": it stands in the flow."""
    titles = {"": choice.title.phrase, **{name: table.get(choice.title.key) for name, table in flow.words.items()}}
    yield from ((title.constant, name) for name, title in titles.items() if title is not None and title.constant)
    for words in choice.also.values():
        yield from ((word, "") for word in words)


def _check_keywords(flow: Flow, commands: Mapping[str, str], found: Findings) -> None:
    for number, trigger in enumerate(flow.triggers):
        if trigger.mode == "regex" or trigger.kind != "keyword":
            continue
        for words in trigger.words.values():
            for word in words:
                name = commands.get(fold(word))
                if not name:
                    continue
                node = _place(found.notes, number, word)
                if name == "stop":
                    found.fault("T116", node, f'the keyword "{word}" is a stop word, which comes first everywhere',
                                "take another word, or change the stop words in bot.yaml")  # fmt: skip
                else:
                    found.warn("T116", node, f'the keyword "{word}" belongs to the pattern `{name}`, which comes first',
                               f"take another word, or give `{name}` other words in bot.yaml")  # fmt: skip


def _claims(flow: Flow, bot: ParsedBot) -> Iterator[tuple[tuple[str, str], _Claim]]:
    for number, trigger in enumerate(flow.triggers):
        channels = frozenset(one.id for one in bot.settings if {one.id, one.platform} & trigger.channels)
        if trigger.kind == "keyword":
            for locale, words in trigger.words.items():
                for word in dict.fromkeys(words):
                    spoken = word if trigger.mode == "regex" else fold(word)
                    yield (trigger.mode, spoken), _Claim(flow, trigger, number, locale, channels)
        elif trigger.kind == "comment":
            for name in _comments(trigger):
                yield ("comment", name), _Claim(flow, trigger, number, "", channels)
        elif trigger.kind in TITLED:
            for title in trigger.titles:
                yield (trigger.kind, title), _Claim(flow, trigger, number, "", channels)
        elif trigger.kind in _ONLY_ONE:
            yield (trigger.kind, trigger.value), _Claim(flow, trigger, number, "", channels)


def _comments(trigger: Trigger) -> Iterator[str]:
    """What a trigger of comments claims: each word, or any, under each post that it names, in one place."""
    words = sorted({fold(word) for words in trigger.words.values() for word in words}) or ["any"]
    where = " ".join((*sorted(trigger.media), *(("no replies",) if trigger.exclude_replies else ())))
    for post in sorted(trigger.posts) or [""]:
        yield from (" ".join(filter(None, (word, post, where))) for word in words)


def _check_tie(key: tuple[str, str], claim: _Claim, others: list[_Claim], found: Findings) -> None:
    for other in others:
        if other.flow is claim.flow or not _tie(claim, other):
            continue
        kind, word = key
        what = f'the keyword "{word}"' if claim.trigger.kind == "keyword" else f"the trigger `{kind}`"
        place = f"{other.flow.file}:{other.trigger.line}"
        found.fault("T115", _place(found.notes, claim.number, word),
                    f'{what} begins flow "{other.flow.name}" as well ({place}), and neither comes first',
                    "give one of them a `priority`, bind one to `channels` or a `segment`, or take another word")  # fmt: skip
        return


def _apart(one: tuple[int, int] | None, two: tuple[int, int] | None) -> bool:
    """Whether no minute of the day is in both."""
    if one is None or two is None:
        return False
    first, second = ({(begin + n) % 1440 for n in range((end - begin) % 1440 or 1440)} for begin, end in (one, two))
    return not first & second


def _tie(one: _Claim, two: _Claim) -> bool:
    """Whether nothing tells the two apart: neither priority, channels, segment, hours, language nor a `match`."""
    if one.trigger.priority != two.trigger.priority or bool(one.trigger.channels) != bool(two.trigger.channels):
        return False
    if one.trigger.channels and not one.channels & two.channels:
        return False
    if one.trigger.match is not None or two.trigger.match is not None:
        return False
    if one.trigger.segment != two.trigger.segment or _apart(one.trigger.hours, two.trigger.hours):
        return False
    return one.locale == two.locale or "" in (one.locale, two.locale)


def _place(notes: Notes, number: int, word: str) -> Node:
    """The word itself if it can be found, else its trigger."""
    at = ("triggers", str(number))
    for path, node in notes.nodes.items():
        if path[:2] == at and fold(getattr(node, "text", "")) == fold(word):
            return node
    return notes.nodes.get(at, notes.document.root)
