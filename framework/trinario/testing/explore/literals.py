"""What a flow compares with: the numbers and words of its conditions, and the names whose values decide where it goes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any

from jinja2 import nodes

from trinario.expressions import Condition, Path, Phrase, walk
from trinario.model.bot import Bot
from trinario.model.flow import Flow

MOST = 12
"""Numbers, and words, that are taken from one bot's conditions."""


@dataclass(frozen=True, slots=True)
class Literals:
    """`names` are read by conditions; `printed` by texts, where it only counts whether there is a value."""

    numbers: tuple[Decimal, ...]
    texts: tuple[str, ...]
    names: frozenset[Path]
    printed: frozenset[Path]


def literals(bot: Bot, flow: Flow) -> Literals:
    """Of this flow first, then of those it may lead to: all of the bot."""
    others = [one for one in bot.flows.values() if one.name != flow.name]
    conditions = [*_of(flow, Condition), *(one for other in others for one in _of(other, Condition))]
    phrases = [one for each in (flow, *others) for one in _of(each, Phrase)]
    numbers: dict[Decimal, None] = {}
    texts: dict[str, None] = {}
    for written in (*conditions, *phrases):
        for node in walk(written.tree):
            if isinstance(node, nodes.Const):
                _file(node.value, numbers, texts)
    deciding = {use.path for one in conditions for use in one.uses}
    printed = {use.path for one in phrases for use in one.uses}
    return Literals(tuple(numbers)[:MOST], tuple(texts)[:MOST], frozenset(deciding), frozenset(printed - deciding))


def _file(value: Any, numbers: dict[Decimal, None], texts: dict[str, None]) -> None:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        numbers.setdefault(Decimal(str(value)))
    elif isinstance(value, str) and value.strip() and len(value) < 60:
        texts.setdefault(value)


def _of(thing: Any, kind: type) -> Iterator[Any]:
    """Every condition or phrase below a flow, whatever kinds of steps there are."""
    if isinstance(thing, kind):
        yield thing
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from _of(getattr(thing, field.name), kind)
    elif isinstance(thing, dict):
        yield from _inside(thing.values(), kind)
    elif isinstance(thing, list | tuple | frozenset | set):
        yield from _inside(thing, kind)


def _inside(things: Iterable[Any], kind: type) -> Iterator[Any]:
    for one in things:
        yield from _of(one, kind)


def told_apart(value: Any, found: Literals) -> Any:
    """A value as the conditions can tell it from others: by the numbers and words that they compare with."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return tuple((value > one) - (value < one) for one in (Decimal(0), *found.numbers))
    if isinstance(value, str):
        folded = value.lower()
        return (bool(value), *(one for one in found.texts if one.lower() in folded))
    return repr(value)


def written_names(bot: Bot) -> set[Path]:
    """Every dotted name that a condition of the bot reads."""
    return {use.path for flow in bot.flows.values() for one in _of(flow, Condition) for use in one.uses}


def sources(bot: Bot) -> str:
    """Every text that the authors of a bot wrote: what stands there they meant."""
    words = [one.source for flow in bot.flows.values() for one in _of(flow, Phrase)]
    words += [one.source for pattern in bot.patterns.values() for one in pattern.texts.values()]
    return "\n".join(words)
