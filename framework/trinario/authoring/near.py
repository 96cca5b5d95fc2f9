"""The nearest of some names: the "did you mean" of every issue."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is most likely a slip of; None when nothing is near."""
    names = list(known)
    folded = {other.casefold().replace("-", "_"): other for other in reversed(names)}
    close = difflib.get_close_matches(name.casefold().replace("-", "_")[:80], list(folded), 1, 0.6)
    return folded[close[0]] if close else None


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
