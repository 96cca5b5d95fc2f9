"""What a delivery plan does next: wait, try the next channel, or end. Pure: rows, answers and the clock go in.

A copy of which nobody knows whether she has it holds the plan until that is decided. After it, a service message is
never left at zero while a channel is left, and marketing is never sent where she may have it already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trinario.model.consent import MARKETING
from trinario.model.delivery import Level, Plan

HOLD = timedelta(seconds=5)
"""How soon a lost answer is looked at again."""

HORIZON = timedelta(days=1)
"""How long a failure that comes late still has marketing go on to the next channel."""

ESCALATED = "escalated"
"""The refusal of a copy that was taken back because the next channel is tried."""

ENDS = frozenset({"failed", "refused", "withdrawn"})
OPEN = frozenset({"sending", "unknown"})
OUT = {"accepted": 0, "sent": 0, "delivered": 1, "read": 2}
"""Fates of a message that the platform took, by the level that they show."""

_LEVEL: dict[Level, int] = {"sent": 0, "delivered": 1, "read": 2, "replied": 3}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one row of a copy: a word of model/outbox.py, and the refusal or the platform's code."""

    status: str
    refusal: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A copy with its rows. `tells` are the statuses its platform tells; `replied`: she wrote there after she had it.

    `since` is when its time began.
    """

    channel: str
    since: datetime
    rows: tuple[Row, ...]
    tells: frozenset[str]
    replied: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The copy has not gone: have it not go, and look again."""


@dataclass(frozen=True, slots=True)
class Escalate:
    """The next channel's turn."""

    why: str


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing more is to be done. `reached`: she has it, or it is with a platform that may still bring it."""

    why: str
    reached: bool


Next = Wait | TakeBack | Escalate | Over


def counts_as(level: Level, tells: frozenset[str]) -> int:
    """The rank that stands for a level on a channel: where it cannot be told, that the platform took it."""
    return _LEVEL[level] if level == "replied" or level in tells else 0


def next_step(plan: Plan, purpose: str, tried: Sequence[Tried], settled: str, now: datetime) -> Next:
    """`settled` says why nothing is wanted any more (the question was answered), "" if it is."""
    if settled:
        return Over(settled, True)
    for copy in tried:
        if not may_fail(copy) and (found := reached(copy, plan.stop_when)):
            return Over(found, True)
    if len(tried) > 1:
        for copy in tried:
            if not may_fail(copy) and (found := reached(copy, plan.if_not)):
                return Over(found, True)
    return _of_last(plan, purpose == MARKETING, tried[-1], any(map(_is_out, tried)), now)


def reached(copy: Tried, level: Level) -> str:
    """How this copy has come as far as that, in words; "" if it has not, or nobody knows."""
    if copy.replied:
        return f"she answered on {copy.channel}"
    if not copy.rows or any(row.status not in OUT for row in copy.rows):
        return ""
    rank, needed = min(OUT[row.status] for row in copy.rows), counts_as(level, copy.tells)
    if rank < needed:
        return ""
    words = next(row.status for row in copy.rows if OUT[row.status] == rank)
    lacks = "" if needed == _LEVEL[level] else f", and {copy.channel} tells no more"
    return f"{copy.channel} says {'sent' if words == 'accepted' else words}{lacks}"


def may_fail(copy: Tried) -> bool:
    """Whether the platform, which took it, may still say that it did not bring it."""
    taken = not copy.replied and all(OUT.get(row.status) == 0 for row in copy.rows)
    return taken and "failed" in copy.tells


def _is_out(copy: Tried) -> bool:
    return any(row.status in OUT for row in copy.rows)


def _of_pending(plan: Plan, once: bool, copy: Tried, pending: Sequence[Row], now: datetime) -> Next:
    """Its time is over and not all of it has gone."""
    if once and _is_out(copy):
        return Wait(now + HOLD)  # the first part is with her: the rest goes there as well
    later = [row.until for row in pending if row.until is not None and row.until > now]
    if once and later:
        return Wait(max(later) + plan.after)  # put off anew: another channel would have to wait for that hour too
    return TakeBack() if plan.escalates else Wait(now + HORIZON)


def _of_last(plan: Plan, once: bool, copy: Tried, out: bool, now: datetime) -> Next:
    due = copy.since + plan.after
    ended = next((row for row in copy.rows if row.status in ENDS), None)
    if ended is not None or not copy.rows:
        return _ended(once, copy, ended, out)
    held = [row for row in copy.rows if row.status in OPEN]
    if held:
        known = [row.until for row in held if row.until is not None and row.until > now]
        return Wait(min(known, default=now + HOLD))
    if now < due:
        return Wait(due)
    if pending := [row for row in copy.rows if row.status == "pending"]:
        return _of_pending(plan, once, copy, pending, now)
    enough = reached(copy, plan.if_not)
    if not plan.escalates or (enough and not may_fail(copy)):
        return Over(enough or f"{copy.channel} took it", True)
    if once or enough:
        if now < due + HORIZON:
            return Wait(due + HORIZON)
        return Over(enough or f"{copy.channel} took it, and marketing is never sent twice", True)
    return Escalate(f"not {plan.if_not} on {copy.channel} within {_span(plan.after)}")


def _ended(once: bool, copy: Tried, row: Row | None, out: bool) -> Next:
    if row is None or (row.status == "withdrawn" and row.refusal != ESCALATED):
        return Over("what said it is over", False)
    if row.status == "withdrawn":
        return Escalate(f"it had not gone on {copy.channel} in time")
    if once and (row.refusal == "unknown" or _is_out(copy)):
        return Over(f"nobody knows whether {copy.channel} brought it, and marketing is never sent twice", True)
    return Escalate(f"{copy.channel}: {row.refusal or row.status}")


def _span(after: timedelta) -> str:
    seconds = int(after.total_seconds())
    for size, name in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{name}"
    return f"{seconds}s"
