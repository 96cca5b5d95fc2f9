"""What the Graph's headers say of our allowance: X-App-Usage and X-Business-Use-Case-Usage (meta.md 6)."""

from collections.abc import Iterator, Mapping
from typing import Any

from trinario.channels.http import wire
from trinario.model.outbox import Usage

FIGURES = ("call_count", "total_time", "total_cputime")
"""All are percent of what is allowed."""


def usage_of(app: str, business: str) -> Usage | None:
    """The allowance that is used up furthest; None when neither header says anything that can be read."""
    found = [*_of_app(_read(app)), *_of_business(_read(business))]
    return max(found, key=lambda one: (one.percent, one.regain), default=None)


def _of_app(value: Mapping[str, Any]) -> Iterator[Usage]:
    if value:
        yield Usage("app", _percent(value))


def _of_business(value: Mapping[str, Any]) -> Iterator[Usage]:
    """Account -> what of it is counted; an account may come with several kinds."""
    for kinds in value.values():
        for one in kinds if isinstance(kinds, list) else ():
            if isinstance(one, dict):
                minutes = _number(one.get("estimated_time_to_regain_access"))
                yield Usage(str(one.get("type") or "account")[:60], _percent(one), minutes * 60.0)


def _percent(value: Mapping[str, Any]) -> float:
    return max(_number(value.get(name)) for name in FIGURES)


def _number(value: Any) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    return min(max(float(value), 0.0), 1e6) if good else 0.0


def _read(header: str) -> Mapping[str, Any]:
    try:
        value = wire.loads(header.encode()) if header else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
