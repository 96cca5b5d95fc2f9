"""How many in how long, out of words that people write for it: what to write instead."""

import re

from trinario.model.duration import parse_duration

_RATE = re.compile(
    r"(?:([0-9]{1,4})|(once|one)|(twice|two)) *(?:x|times)? *(?:per|an?|every|each|in|/) *([0-9]{0,3}) *([a-z]+)", re.I
)
_UNITS = {
    "s": "s", "second": "s", "m": "m", "min": "m", "minute": "m", "h": "h", "hour": "h", "d": "d", "day": "d", "w": "w",
    "week": "w",
}  # fmt: skip
_MONTHS = ("month", "mo")


def rate_of(text: str) -> tuple[str, str] | None:
    """(how many, a duration) of `1 per day`, `2/w`, `once a month`; None for everything else."""
    match = _RATE.fullmatch(text.strip()[:60])
    if match is None:
        return None
    word, count = match[5].lower(), int(match[4] or 1)
    word = word if word in _UNITS else word.removesuffix("s")
    span = f"{30 * count}d" if word in _MONTHS else f"{count}{_UNITS[word]}" if word in _UNITS else ""
    try:
        good = bool(span) and bool(parse_duration(span))
    except ValueError:
        return None
    return (match[1] or ("1" if match[2] else "2"), span) if good else None
