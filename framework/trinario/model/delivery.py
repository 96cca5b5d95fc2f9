"""The delivery plan of one message: when the next channel is tried, what ends it, and who hears that none is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

Level = Literal["sent", "delivered", "read", "replied"]
"""How far a message came: the platform took it, it is on her phone, she saw it, she answered."""

LEVELS: tuple[Level, ...] = ("sent", "delivered", "read", "replied")


@dataclass(frozen=True, slots=True)
class Plan:
    """`if_not` this level is reached `after` a copy began, the next channel is tried; at `stop_when` it is over for good.

    `escalates` False: nobody asked for another channel, only to be told (`notify`) when the message did not go.
    """

    if_not: Level = "sent"
    after: timedelta = timedelta()
    stop_when: Level = "sent"
    notify: bool = False
    escalates: bool = True


@dataclass(frozen=True, slots=True)
class Copy:
    """One try of a plan: its number in the outbox keys, where it went, from when its time counts, and its rows."""

    number: int
    channel: str
    since: datetime
    keys: tuple[str, ...]


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON data."""
    return {
        "if_not": plan.if_not, "after": plan.after.total_seconds(), "stop_when": plan.stop_when, "notify": plan.notify,
        "escalates": plan.escalates,
    }  # fmt: skip


def plan_from_json(data: Mapping[str, Any]) -> Plan:
    """The plan that `plan_to_json` wrote."""
    after = timedelta(seconds=data["after"])
    return Plan(data["if_not"], after, data["stop_when"], data["notify"], data["escalates"])


def copy_to_json(copy: Copy) -> list[Any]:
    """The copy as JSON data."""
    return [copy.number, copy.channel, copy.since.isoformat(), list(copy.keys)]


def copy_from_json(data: list[Any]) -> Copy:
    """The copy that `copy_to_json` wrote."""
    number, channel, since, keys = data
    return Copy(number, channel, datetime.fromisoformat(since), tuple(keys))
