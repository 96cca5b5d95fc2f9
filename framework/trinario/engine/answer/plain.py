"""Typed words made comparable: digits of every script, no accents, no case; and the tokens they are made of."""

import re
import unicodedata
from functools import lru_cache

LONGEST = 100
"""No date, time or duration is written with more characters than this."""

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_ORDINAL = re.compile(r"(?<=\d)\s?(?:st|nd|rd|th|er|ere|eme|ro|o|a|e|°)(?![^\W\d_])")
_HALF_DAY = re.compile(r"(?<![^\W\d_])([ap])\.?\s?m\.?(?![^\W\d_])")


def digit(letter: str) -> str:
    """A digit of any script as an ASCII one, dashes as minus, other scripts' separators as ours."""
    if letter.isascii():
        return letter
    if letter in "−–—":
        return "-"
    if letter in "٫，、":
        return ","
    if letter == "٬" or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return ""
    if letter == "．":
        return "."
    value = unicodedata.digit(letter, None)
    return letter if value is None else str(value)


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Lower case without accents, ASCII digits, single blanks; `p.m.` is `pm`, `l'una` two words. "" when too long."""
    if len(text) > LONGEST:
        return ""
    if not text.isascii():
        text = "".join(map(digit, text))
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = text.casefold().replace("'", " ").replace("’", " ")
    return _HALF_DAY.sub(r"\1m", " ".join(text.split()))


def tokens(text: str) -> list[str]:
    """Numbers, words and signs of a plain text; the ends of ordinals (`3rd`, `1er`, `1º`) are left out."""
    return _TOKEN.findall(_ORDINAL.sub("", text))


def word_set(text: str) -> frozenset[str]:
    """Words parted by blanks, or by `|` where one of them has a blank in it."""
    return frozenset(text.split("|" if "|" in text else None))
