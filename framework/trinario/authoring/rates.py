"""How many in how long, out of words that people write for it: what to write instead."""

import re

from trinario.model.duration import parse_duration, unit_of

_RATE = re.compile(
    r"(?:([0-9]{1,4})|(once|one)|(twice|two)) *(?:x|times)? *(?:per|an?|every|each|in|/) *([0-9]{0,3}) *([a-z]+)", re.I
)
_MONTHS = ("month", "months", "mo")


def rate_of(text: str) -> tuple[str, str] | None:
    """(how many, a duration) of `1 per day`, `2/w`, `once a month`; None for everything else."""
    match = _RATE.fullmatch(text.strip()[:60])
    if match is None:
        return None
    word, count = match[5].lower(), int(match[4] or 1)
    unit = unit_of(word)
    span = f"{30 * count}d" if word in _MONTHS else f"{count}{unit}" if unit else ""
    try:
        good = bool(span) and bool(parse_duration(span))
    except ValueError:
        return None
    return (match[1] or ("1" if match[2] else "2"), span) if good else None
