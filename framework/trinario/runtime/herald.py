"""The herald: tells other systems what happens, over signed webhooks, until they have taken it or have had their time.

What was on its way when the process died is told once more under the same id.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random as Chance
from urllib.parse import urlsplit

from trinario.jobs.hooks import TOO_LONG, again_at, body_of, headers_of, id_of, keys_of, sources_of
from trinario.jobs.notices import tell_teams
from trinario.jobs.world import World
from trinario.model.hook import Endpoint, kind_of
from trinario.ports import Clock, Http, HttpRequest, NotReturned, Store, Unit
from trinario.ports.hooks import DISABLED, Delivery, Happening
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.herald")

POLL = 1.0
"""Seconds between two looks."""

CHUNK, BATCH = 1000, 20
"""Rows that one look reads of a source, and deliveries that are under way to one endpoint."""

LEASE, TIMEOUT = timedelta(minutes=2), 15.0
"""How long nobody else takes what is under way; seconds that an endpoint has to answer."""

GONE = 410

News = dict[tuple[str, int], Happening | Exception]
"""By source and number; an exception where it is there and cannot be read."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a try: "" or why it was not taken; `final`: it is not tried again; `gone`: the endpoint is no more;
    `ours`: the fault is, which says nothing of the endpoint."""

    why: str = ""
    final: bool = False
    gone: bool = False
    ours: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Herald:
    """Reads on, tells, writes down what became of it, until the bell is closed."""

    def __init__(
        self,
        store: Store,
        world: Callable[[], World],
        endpoints: Callable[[], Mapping[str, Endpoint]],
        clock: Clock,
        http: Http,
        chance: Chance,
    ) -> None:
        """`endpoints` are those of bot.yaml; `http` calls them, and nothing else, and follows no redirect."""
        self.bell = Bell()
        self._store, self._world, self._endpoints, self._clock = store, world, endpoints, clock
        self._http, self._chance = http, chance
        self.healthy = True

    async def run(self) -> None:
        """Every endpoint has a task of its own: one that hangs keeps nobody else waiting. What is under way is finished."""
        pause, going = 0.0, dict[str, asyncio.Task[None]]()  # who is new is told of what happens from the first look on
        async with asyncio.TaskGroup() as tasks:
            while await self.bell.wait(pause):
                pause = POLL
                for name in self._endpoints():
                    if name not in going or going[name].done():
                        going[name] = tasks.create_task(self._tend(name))

    async def _tend(self, name: str) -> None:
        """One look after another, until there is no more for this endpoint."""
        try:
            while (one := self._endpoints().get(name)) and not self.bell.closed and await self.round(one):
                pass
            self.healthy = True
        except AWAY as error:
            self.healthy = False
            log.error("the database is away: %s", type(error).__name__)
        except Exception:  # a fault of ours must not end the loop
            log.exception("a round of webhook %s fails", name)

    async def round(self, endpoint: Endpoint) -> bool:
        """Read what has happened, and tell what is due to this endpoint; gives whether there is more."""
        now = self._clock.now()
        looked = await self._store.run(lambda unit: gather(unit, endpoint, now))
        due = await self._store.run(lambda unit: unit.hooks.claim([endpoint.name], BATCH, now + LEASE, now))
        if due:
            news = await self._news(due)
            outcomes = await asyncio.gather(*(self._try(endpoint, one, news) for one in due))
            pairs = list(zip(due, outcomes, strict=True))
            await self._store.run(lambda unit: self._settle(unit, pairs))
        return looked >= CHUNK or len(due) >= BATCH

    async def _news(self, due: Sequence[Delivery]) -> News:
        """What deliveries are about. Where that cannot be read each is read by itself: one that fails costs its own try only."""
        try:
            return await self._store.read(lambda unit: news_of(unit, due))
        except AWAY:
            raise
        except Exception as error:
            if len(due) == 1:
                return {(due[0].source, due[0].number): error}
        found: News = {}
        for one in due:
            found |= await self._news([one])
        return found

    async def _try(self, endpoint: Endpoint, one: Delivery, news: News) -> _Outcome:
        try:
            return await self._told(endpoint, one, news)
        except Exception as error:  # of ours: it costs this try, and what went beside it is settled
            log.exception("webhook %s: %s cannot be told", endpoint.name, id_of(one))
            return _Outcome(f"a fault of ours: {type(error).__name__}", ours=True)

    async def _told(self, endpoint: Endpoint, one: Delivery, news: News) -> _Outcome:
        found = news.get((one.source, one.number))
        if isinstance(found, Exception):
            raise found
        if found is None:
            return _Outcome("what it was about is erased, or forgotten", final=True)
        body = body_of(endpoint, one.source, found)
        headers = headers_of(id_of(one), body, keys_of(endpoint, self._world().random), self._clock.now())
        answer = await self._http.request(HttpRequest("POST", endpoint.url, tuple(headers.items()), body), TIMEOUT)
        if isinstance(answer, NotReturned):
            return _Outcome(answer.reason)
        if answer.status is not None and 200 <= answer.status < 300:
            return _Outcome()
        return _Outcome(f"it answers {answer.status}", gone=answer.status == GONE, headers=answer.headers)

    def _settle(self, unit: Unit, pairs: Sequence[tuple[Delivery, _Outcome]]) -> None:
        now = self._clock.now()
        given_up, later = [], []
        for one, outcome in pairs:
            if not outcome.why:
                continue
            at = None if outcome.final else again_at(one, outcome.headers, self._chance.random(), now)
            if at is None:
                given_up.append((one.id, outcome.why))
                log.warning("webhook %s: %s is given up: %s", one.endpoint, id_of(one), outcome.why)
            else:
                later.append((one.id, at, outcome.why))
        unit.hooks.settle([one.id for one, outcome in pairs if not outcome.why], given_up, now)
        unit.hooks.postpone(later)
        answered = [outcome for _, outcome in pairs if not (outcome.final or outcome.ours)]
        self._stands(unit, pairs[0][0].endpoint, answered)

    def _stands(self, unit: Unit, name: str, outcomes: Sequence[_Outcome]) -> None:
        """An endpoint that says that it is gone, or has taken nothing for days, is disabled, and the teams hear of it."""
        now, bad = self._clock.now(), [one for one in outcomes if one.why]
        if not outcomes:  # nothing went to it: what was due is erased, which says nothing of the endpoint
            return
        if len(bad) < len(outcomes):
            unit.hooks.stand(name, True, "", now)
            return
        since = unit.hooks.stand(name, False, bad[-1].why, now)
        gone = any(one.gone for one in bad)
        if not gone and (since is None or now - since < TOO_LONG):
            return
        why = (
            "it says that it is gone (410)" if gone else f"it has taken nothing for {TOO_LONG.days} days: {bad[-1].why}"
        )
        if unit.hooks.switch(name, DISABLED, why, now):
            words = (
                f"Webhook {name} is disabled: {why}. `trinario webhooks enable {name}` begins again where it stopped."
            )
            log.warning("%s", words)
            tell_teams(unit, self._world().bot(), f"webhook:{name}", {"webhook": name}, words, now)


def gather(unit: Unit, endpoint: Endpoint, now: datetime) -> int:
    """Write down what has happened and is wanted by an endpoint."""
    return unit.hooks.gather(endpoint.name, sources_of(endpoint), wanted_by(endpoint), CHUNK, now)


def news_of(unit: Unit, due: Sequence[Delivery]) -> News:
    """What deliveries are about, by source and number."""
    numbers: dict[str, list[int]] = {}
    for one in due:
        numbers.setdefault(one.source, []).append(one.number)
    return {
        (source, number): found
        for source, those in numbers.items()
        for number, found in unit.hooks.read(source, those).items()
    }


def wanted_by(endpoint: Endpoint) -> Callable[[str, str], bool]:
    """Whether an endpoint is told of a row of a source, by what it is called there."""
    return lambda source, name: endpoint.wants(kind_of(source, name))


def hosts_of(endpoints: Mapping[str, Endpoint]) -> list[str]:
    """The hosts that may be called: those of the endpoints."""
    return [urlsplit(one.url).netloc for one in endpoints.values()]
