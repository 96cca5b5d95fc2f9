"""Who cannot be reached, and for how long a platform's word holds. Source: platform facts, 5.1, 7.3 and 7.4."""

from datetime import timedelta

REACHED_AGAIN = {
    "131026": timedelta(days=7),
    "130497": timedelta(days=30),
    "551": timedelta(days=3),
    "200/1545041": timedelta(days=3),
    "551/1545041": timedelta(days=3),
    "10/2018108": timedelta(days=1),
}
"""How long we do not try again after these codes; the others hold until she writes."""

RESTS = {"131049": timedelta(hours=24)}
"""After these codes a platform wants no marketing to her for a while: it would be counted against us."""


def unreachable_for(code: str) -> timedelta | None:
    """How long a code says that she cannot be reached; None: until she writes."""
    return REACHED_AGAIN.get(code) or REACHED_AGAIN.get(code.split("/")[0])
