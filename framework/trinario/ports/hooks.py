"""Webhooks that go out, as a transaction handles them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

STATES = ("waiting", "told", "given_up")
"""What became of a delivery."""

ACTIVE, DISABLED = "active", "disabled"
"""States of an endpoint."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """News that is to be told to an endpoint: row `number` of `source` (model/hook.py). `attempts` counts this try."""

    id: int
    endpoint: str
    source: str
    number: int
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """How a delivery stands: `state` (STATES), how often it was tried, when next (None: not any more), why
    it was not taken the last time."""

    id: int
    source: str
    number: int
    state: str
    attempts: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Happening:
    """A row of a source: what it is called there, of whom, when, and its data; `words` are those of a message."""

    number: int
    name: str
    contact: int | None
    at: datetime
    data: Mapping[str, Any]
    words: str = ""


@dataclass(frozen=True, slots=True)
class EndpointState:
    """How an endpoint stands: since when it has not taken anything (None: it does), how much waits and was given up."""

    name: str
    state: str
    why: str = ""
    failing_since: datetime | None = None
    waiting: int = 0
    told: int = 0
    given_up: int = 0


class HookUnit(Protocol):
    """What a transaction does with webhooks that go out."""

    def gather(
        self, endpoint: str, sources: Sequence[str], wants: Callable[[str, str], bool], limit: int, now: datetime
    ) -> int:
        """Write down what has happened since the last look and is wanted: by (source, name). An endpoint that is seen for
        the first time is told of what happens from now on. Gives how many rows were looked at; 0 while it is disabled."""

    def again(
        self, endpoint: str, source: str, wants: Callable[[str, str], bool], since: datetime, until: datetime
    ) -> int:
        """Tell once more what happened from `since` on and before `until`; gives how much that is."""

    def again_one(self, endpoint: str, source: str, number: int, now: datetime) -> bool:
        """Tell one piece of news once more; False: this endpoint was never to be told of it."""

    def deliveries(self, endpoint: str, state: str | None, before: int, limit: int) -> Sequence[DeliveryLine]:
        """Of one endpoint, the newest first, with a smaller id than `before`; `state` None: all."""

    def claim(self, endpoints: Sequence[str], limit: int, until: datetime, now: datetime) -> list[Delivery]:
        """What is due for these, locked for everybody else until then; its try is counted."""

    def read(self, source: str, numbers: Sequence[int]) -> Mapping[int, Happening]:
        """Rows of a source; those that are erased or forgotten are missing."""

    def settle(self, told: Sequence[int], given_up: Sequence[tuple[int, str]], now: datetime) -> None:
        """These were taken; those are not tried any more, and why."""

    def postpone(self, later: Sequence[tuple[int, datetime, str]]) -> None:
        """These are tried again at that time; why they were not taken."""

    def stand(self, endpoint: str, well: bool, why: str, now: datetime) -> datetime | None:
        """An endpoint took something, or did not; gives since when it does not."""

    def switch(self, endpoint: str, state: str, why: str, now: datetime) -> bool:
        """Enable or disable an endpoint; gives whether that is new. One may be disabled before it was ever looked at."""

    def states(self) -> Sequence[EndpointState]:
        """How the endpoints stand that were ever looked at, by name."""
