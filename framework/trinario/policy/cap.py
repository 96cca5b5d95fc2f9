"""Caps: how much marketing one person gets, counted over flows, sequences and campaigns on all channels."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from trinario.model.policy import Cap
from trinario.policy.facts import Push


def full(caps: Iterable[Cap], pushes: Iterable[Push], said: str, moment: datetime) -> tuple[Cap, datetime] | None:
    """The cap that leaves no place at `moment` for what is said in the turn `said`, and when there is one; None: all do.

    What was said in one turn is one push, and one that has begun is finished; what the platform did not take is none.
    """
    times = _times(pushes, said)
    found = [(cap, free) for cap in caps if (free := _free_from(cap, times, moment)) > moment]
    return max(found, key=lambda one: one[1]) if found else None


def longest(caps: Iterable[Cap]) -> timedelta:
    """The longest stretch that is counted over."""
    return max((cap.per.elapsed for cap in caps), default=timedelta())


def _times(pushes: Iterable[Push], said: str) -> list[datetime]:
    went: dict[str, datetime] = {}
    for push in pushes:
        if not push.fault:
            went[push.said] = max(push.at, went.get(push.said, push.at))
    return [] if said in went else sorted(went.values())


def _free_from(cap: Cap, times: list[datetime], moment: datetime) -> datetime:
    """The first moment from `moment` on at which no stretch has too many."""
    per = cap.per.elapsed
    for at in sorted({moment, *(time + per for time in times if time + per > moment)}):
        ends = [at, *(time for time in times if at < time < at + per)]
        if all(sum(end - per < time <= end for time in times) < cap.max for end in ends):
            return at
    return datetime.max.replace(tzinfo=moment.tzinfo)
