"""Answers that pick what was offered: `choice` and `yes_no`, on whichever channel, however it is said."""

import re
import unicodedata
from collections.abc import Iterable

from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.text import words_of
from trinario.engine.fold import fold, one_slip
from trinario.engine.limits import TYPO_LETTERS
from trinario.model.session import Offered

_NUMBER = re.compile(r"[#(\[]?\s*(\d{1,3})\s*[.)\]!]?")
_ADORNED = frozenset({"Cf", "Me", "Mn", "Sk", "So"})
"""What may stand around a number without making it another: keycaps, emoji, marks that nobody sees."""


def read_choice(heeded: Heeded) -> Reading:
    """The choice she means, on whichever channel it was offered."""
    option = match(heeded.options, heeded.heard.payload, words_of(heeded))
    return Bad("choice") if option is None else good(option)


def read_yes_no(heeded: Heeded) -> Reading:
    """True or false; the words of all languages of the bot mean it."""
    option = match(heeded.options, heeded.heard.payload, words_of(heeded))
    return Bad("yes_no") if option is None else good(option)


def good(option: Offered) -> Good:
    """An offered choice as an answer."""
    return Good(option.value, option.title, option.next)


def match(options: tuple[Offered, ...], payload: str, text: str) -> Offered | None:
    """The one option that is meant: by payload, title, `also`, number, then by one typing error; None: none, or two."""
    if payload:
        for option in options:
            if option.payload == payload:
                return option
    text = text.strip()
    if not text:
        return None
    folded = fold(text)
    return (
        _only([option for option in options if text == option.title or text == option.source])
        or _only([option for option in options if folded == fold(option.title) or folded == fold(option.source)])
        or _only([option for option in options if option.also and folded in map(fold, option.also)])
        or _numbered(options, text)
        or _only([option for option in options if any(_near(folded, word) for word in _words(option))])
    )


def _numbered(options: tuple[Offered, ...], text: str) -> Offered | None:
    """`2`, `2.`, `(2)`, `#2`, `２`, `٢`, `2️⃣`: the number addresses the whole list; `1, 2` and `0.5` are none."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) not in _ADORNED)
    found = _NUMBER.fullmatch(plain.strip())
    if found is None:
        return None
    number = int(found[1])
    return options[number - 1] if 1 <= number <= len(options) else None


def _near(text: str, word: str) -> bool:
    return sum(map(str.isalpha, word)) >= TYPO_LETTERS and one_slip(text, word)


def _words(option: Offered) -> Iterable[str]:
    return map(fold, dict.fromkeys((option.title, option.source, *option.also)))


def _only(found: list[Offered]) -> Offered | None:
    """The one that was found; None when there is none, or when two mean different things."""
    if not found or any(other.value != found[0].value for other in found[1:]):
        return None
    return found[0]
