"""A text that an author's regular expression fits: made from the expression itself, tried on the engine that judges it."""

import random
import re
from collections.abc import Iterator
from typing import Any

import re2

# the parser of the standard library, under the name it has since 3.11
from re import _constants as sre  # type: ignore[attr-defined]  # isort: skip
from re import _parser as parser  # type: ignore[attr-defined]  # isort: skip

TRIES = 300
"""Texts that are made before an expression counts as one that nothing fits."""

MOST_REPEATS = 3
"""How often a part that may come any number of times is repeated beyond its least."""

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.@,:/"
_CLASSES = {
    sre.CATEGORY_DIGIT: "0123456789", sre.CATEGORY_NOT_DIGIT: "abcXYZ -", sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "abcXYZ019", sre.CATEGORY_WORD: "abcXYZ019_", sre.CATEGORY_NOT_WORD: " -",
}  # fmt: skip


def fitting(pattern: str, least: int = 0, most: int = 200) -> Iterator[str]:
    """Texts of so many characters that the expression fits somewhere; none when it seems to fit nothing.

    Raises ValueError for an expression that cannot be taken apart here: then nothing is known of it.
    """
    try:
        tree = parser.parse(pattern.replace("(?i)", ""))
        judge = re2.compile(pattern)
    except (re.error, re2.error, OverflowError) as fault:
        raise ValueError(str(fault)) from fault
    chance, seen = random.Random(pattern), set()
    for number in range(TRIES):
        text = "".join(_made(tree, chance, number)).strip()
        text += "a" * max(0, least - len(text)) if number % 2 else ""
        if text and text not in seen and least <= len(text) <= most and judge.search(text):
            seen.add(text)
            yield text


def _made(tree: Any, chance: random.Random, eager: int) -> Iterator[str]:
    for kind, value in tree:
        yield from _piece(kind, value, chance, eager)


def _piece(kind: Any, value: Any, chance: random.Random, eager: int) -> Iterator[str]:
    """One part of the expression as a text; what stands at no character (an anchor) is nothing."""
    if kind is sre.LITERAL:
        yield chr(value)
    elif kind is sre.ANY:
        yield chance.choice(_LETTERS)
    elif kind is sre.IN:
        yield _one_of(value, chance)
    elif kind is sre.NOT_LITERAL:
        yield chance.choice([one for one in _LETTERS if one != chr(value)])
    elif kind is sre.BRANCH:
        yield from _made(chance.choice(value[1]), chance, eager)
    elif kind is sre.SUBPATTERN:
        yield from _made(value[-1], chance, eager)
    elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, part = value
        extra = min(int(most) - int(least), MOST_REPEATS if eager % 3 else 0)
        for _ in range(int(least) + chance.randint(0, extra)):
            yield from _made(part, chance, eager)
    elif kind is not sre.AT:
        raise ValueError(f"{kind} is not taken apart")


def _one_of(parts: Any, chance: random.Random) -> str:
    """One character of a class."""
    if parts[0][0] is sre.NEGATE:
        out = set().union(*(_members(part) for part in parts[1:]))
        return chance.choice([one for one in _LETTERS if one not in out] or ["\u00e4"])
    return chance.choice(sorted(set().union(*(_members(part) for part in parts))))


def _members(part: Any) -> set[str]:
    kind, value = part
    if kind is sre.LITERAL:
        return {chr(value)}
    if kind is sre.RANGE:
        return {chr(code) for code in range(value[0], min(value[1], value[0] + 200) + 1)}
    return set(_CLASSES[value])
