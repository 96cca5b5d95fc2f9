"""Where a text may be cut without tearing what a person sees as one character.

Unicode's rules for grapheme clusters as far as `unicodedata` carries them; where it does not tell enough we rather keep
two characters together than tear one.
"""

import unicodedata

_JOINER = "\u200d"
_EXTENDING = frozenset({"Mn", "Me", "Mc"})
_PREPENDED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufe0e\ufe0f")  # signs of their own kind that show nothing
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_SPACING = frozenset("\u0e33\u0eb3\u200c\u200d")  # Thai and Lao AM, and the two joiners


def is_boundary(text: str, index: int) -> bool:
    """Whether `text` may be cut before its character number `index`."""
    if index <= 0 or index >= len(text):
        return True
    before, after = text[index - 1], text[index]
    if before < "\u0300" and after < "\u0300":  # nearly every text
        return not (before == "\r" and after == "\n")
    if _extends(after) or before == _JOINER or before in _PREPENDED:
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        return _flag_letters_before(text, index) % 2 == 0
    if unicodedata.combining(before) == 9 and unicodedata.category(after) == "Lo":  # a virama joins two consonants
        return False
    return not _is_one_syllable(before, after)


def trimmed(text: str) -> str:
    """`text` without white space around it; "" if nothing of it can be seen, which platforms take for blank or refuse."""
    stripped = text.strip()
    if stripped and (stripped[0] > " " and stripped[0] < "\x7f"):  # nearly every text
        return stripped
    return stripped if any(map(_is_seen, stripped)) else ""


def _is_seen(character: str) -> bool:
    return not (character.isspace() or character in _FILLERS or unicodedata.category(character) in _UNSEEN)


def boundary_before(text: str, index: int) -> int:
    """The last place up to `index` where `text` may be cut; `index` itself if one cluster is longer than that."""
    place = index
    while place > 0 and not is_boundary(text, place):
        place -= 1
    return place or index


def shortened(text: str, limit: int) -> str:
    """`text` in at most `limit` code points, ending in an ellipsis if something had to go."""
    if len(text) <= limit:
        return text
    return text[: boundary_before(text, limit - 1)].rstrip() + "…" if limit > 1 else "…"[:limit]


def _extends(character: str) -> bool:
    if character in _SPACING or unicodedata.category(character) in _EXTENDING:
        return True
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_letters_before(text: str, index: int) -> int:
    count = 0
    while count < index and _is_flag_letter(text[index - 1 - count]):
        count += 1
    return count


def _is_one_syllable(before: str, after: str) -> bool:
    """Hangul written in parts: leading consonants, vowels, trailing consonants, and ready-made syllables."""
    first, second = _hangul(before), _hangul(after)
    allowed = {"L": ("L", "V", "LV", "LVT"), "V": ("V", "T"), "LV": ("V", "T"), "T": ("T",), "LVT": ("T",)}
    return second in allowed.get(first, ())


def _hangul(character: str) -> str:
    code = ord(character)
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LVT" if (code - 0xAC00) % 28 else "LV"
    return ""
