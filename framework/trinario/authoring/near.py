"""The nearest of some names: the "did you mean" of every issue."""

import difflib
import heapq
from collections.abc import Iterable
from itertools import takewhile

MOST_COMPARED = 40
"""So many names are compared letter by letter at most."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is most likely a slip of; None when nothing is near."""
    names = list(known)
    folded = {other.casefold().replace("-", "_"): other for other in reversed(names)}
    slip = name.casefold().replace("-", "_")[:80]
    likely = list(folded)
    if len(likely) > MOST_COMPARED:  # comparing is slow, and a slip leaves most of a name's two ends as they are
        likely = heapq.nlargest(MOST_COMPARED, likely, key=lambda other: _shared(slip, other))
    close = difflib.get_close_matches(slip, likely, 1, 0.6)
    return folded[close[0]] if close else None


def _shared(one: str, two: str) -> int:
    """How many characters both begin and end with."""
    pairs = (zip(one, two, strict=False), zip(reversed(one), reversed(two), strict=False))
    return sum(1 for ends in pairs for _ in takewhile(lambda pair: pair[0] == pair[1], ends))


def mend(name: str, known: Iterable[str], what: str = "") -> str:
    """`did you mean "receipt"?`, else the names there are, after `what`; "" when there are none."""
    names = list(known)
    close = nearest(name, names)
    if close is not None:
        return f'did you mean "{close}"?'
    if not names:
        return ""
    return f"{what or ('there is' if len(names) == 1 else 'there are')} {listed(names)}"


def listed(names: Iterable[str], most: int = 12, last: str = "and") -> str:
    """`a, b and c`, cut after `most` names; `last` is the word before the last one."""
    shown = list(names)
    if len(shown) > most:
        return ", ".join(shown[:most]) + " ..."
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}" if len(shown) > 1 else "".join(shown)
