"""A one-time code as she types it: six digits. Whether they are the right ones is not known here."""

import re

from trinario.engine.answer.plain import digit
from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.text import seen, words_of
from trinario.model.message import DOTS

DIGITS = 6
_LONGEST = 200
_CODE = re.compile(rf"(?<!\d)\d(?:[\s.\-]?\d){{{DIGITS - 1}}}(?!\d)", re.ASCII)


def read_otp(heeded: Heeded) -> Reading:
    """The six digits, and no others, in her words: `123456`, `123 456`, `it is 123-456`."""
    text = "".join(map(digit, seen(words_of(heeded))[:_LONGEST]))
    found = _CODE.search(text)
    digits = "".join(letter for letter in text if letter in "0123456789")
    if found is None or len(digits) != DIGITS:
        return Bad("otp")
    return Good(digits, DOTS)
