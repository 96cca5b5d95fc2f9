"""Folding of typed words: case, accents, punctuation and emoji do not tell two words apart."""

import unicodedata
from functools import lru_cache

_IGNORED = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Me", "Sk"})
_BLANKS = frozenset({"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "So", "Zs", "Zl", "Zp"})


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` as it is compared: lower case, no accents, no emoji, single blanks. Text of nothing else stays as it is.

    Only accents that sit on Latin, Greek and Cyrillic letters go; the vowel signs of other scripts are letters.
    """
    plain = unicodedata.normalize("NFKC", _unmarked(text)).casefold()
    if not (plain.isascii() and plain.replace(" ", "").isalnum()):
        plain = "".join(map(_folded, plain))
    return " ".join(plain.split()) or text.strip()


def _unmarked(text: str) -> str:
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not "\u0300" <= letter <= "\u036f")


def _folded(letter: str) -> str:
    if letter == "\n" or letter == "\t":
        return " "
    if letter == "ı":  # Turkish: in capitals nothing tells it from i
        return "i"
    category = unicodedata.category(letter)
    if category in _IGNORED or "\ufe00" <= letter <= "\ufe0f":
        return ""
    return " " if category in _BLANKS else letter


def one_slip(left: str, right: str) -> bool:
    """Whether one letter left out, put in, mistaken, or swapped with its neighbour makes one word the other."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    short, long = sorted((left, right), key=len)
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) != len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start + 1 : start + 2] + short[start : start + 1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long[start:]
