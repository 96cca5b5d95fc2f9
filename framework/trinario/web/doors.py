"""What the HTTP side is given: the rest of the house, each behind one name."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from trinario.jobs.planning import Asked
from trinario.jobs.world import World
from trinario.model.heard import Arrival
from trinario.model.hook import Endpoint
from trinario.ports import Clock, Inlet, MediaStore, Store


class Tally(Protocol):
    """Counts what came in at the door."""

    def webhook(self, outcome: str, seconds: float) -> None:
        """One POST to a webhook was answered: kept, forged, unreadable, too_large or failed, after so long."""

    def arrived(self, arrivals: Sequence[Arrival]) -> None:
        """These are kept."""


class NoTally:
    """Counts nothing."""

    def webhook(self, outcome: str, seconds: float) -> None:
        pass

    def arrived(self, arrivals: Sequence[Arrival]) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Doors:
    """`keep` returns when arrivals are on disk and raises when they are not. `world` is the bot as it stands now.

    `inlets` are by path. `api_token` None: the API is off. `ready` gives named checks, `live` whether the process shall go on being used;
    `woken` is called after something was put in the inbox or the outbox. `metrics` is Prometheus' text. `flows_refused` counts
    the issues that keep the newest flows from being served. `files` has copies of what people sent.
    `opened` reads a signed request of Meta (None: the signature is none of ours), `public_url` is what the outside calls us.
    `webhooks` are the endpoints of bot.yaml, by name; `try_webhook` sends one news that are none, and gives "" or why it did not
    take them (None: this process calls nobody). `ask_meta` asks how our numbers and templates stand, and ends in its time, whatever
    Meta does (None: nobody is asked).
    """

    inlets: Mapping[str, Inlet]
    keep: Callable[[Sequence[Arrival]], Awaitable[None]]
    store: Store
    world: Callable[[], World]
    clock: Clock
    woken: Callable[[], None]
    api_token: str | None
    ready: Callable[[], Awaitable[Mapping[str, bool]]]
    new_id: Callable[[], str]
    metrics: Callable[[], bytes]
    live: Callable[[], bool]
    tally: Tally = field(default_factory=NoTally)
    flows_refused: Callable[[], int] = lambda: 0
    files: MediaStore | None = None
    opened: Callable[[str], Mapping[str, Any] | None] = lambda signed: None
    public_url: str = ""
    webhooks: Callable[[], Mapping[str, Endpoint]] = dict
    try_webhook: Callable[[Endpoint], Awaitable[str]] | None = None
    ask_meta: Callable[[], Awaitable[Asked]] | None = None
