"""The door: webhooks that arrive together are kept in one commit; each is answered only after it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from trinario import jsons
from trinario.jobs import plans, statuses
from trinario.jobs.beside import beside, tell
from trinario.jobs.failed import Fallen, fallen
from trinario.jobs.outbound import fate
from trinario.model.heard import Arrival, Echo, Heard, Receipt, Unsupported
from trinario.model.news import Handover, News, Rekeyed
from trinario.model.wire import echo_to_json, heard_to_json
from trinario.ports import Clock, Inward, Store, Unit

MOST = 300
"""Arrivals that share one commit at most."""


class Intake:
    """`keep` returns when what it was given is on disk; concurrent callers share a commit, a single one does not wait.

    `watched` gives the statuses of messages that begin a flow, `fell` hears of messages that were taken and then failed,
    `follows` says whether any message has a delivery plan that goes on when a receipt comes.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        woken: Callable[[], None],
        watched: Callable[[], frozenset[str]] = frozenset,
        fell: Callable[[Fallen], None] = lambda found: None,
        follows: Callable[[], bool] = lambda: False,
    ) -> None:
        self._follows = follows
        self._watched, self._fell = watched, fell
        self._store, self._clock, self._woken = store, clock, woken
        self._waiting: list[tuple[Sequence[Arrival], asyncio.Future[None]]] = []
        self._busy = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Keep everything of one webhook. Raises what the store raises: then the webhook must not be answered with 200."""
        if not arrivals:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrivals, future))
        if not self._busy:
            self._busy = True
            task = asyncio.get_running_loop().create_task(self._drain())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await future

    async def _drain(self) -> None:
        """Commit after commit until nobody waits: what arrives during one shares the next."""
        while self._waiting:
            group = self._take()
            try:
                await self._commit([arrival for arrivals, _ in group for arrival in arrivals])
                error = None
            except Exception as raised:
                error = raised
            if error is not None and len(group) > 1:
                await self._one_by_one(group)
                continue
            for _, future in group:
                _tell(future, error)
        self._busy = False

    def _take(self) -> list[tuple[Sequence[Arrival], asyncio.Future[None]]]:
        count, most = 0, 0
        for arrivals, _ in self._waiting:
            if count and most + len(arrivals) > MOST:
                break
            count, most = count + 1, most + len(arrivals)
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group

    async def _one_by_one(self, group: list[tuple[Sequence[Arrival], asyncio.Future[None]]]) -> None:
        """A webhook that cannot be kept costs itself only."""
        for arrivals, future in group:
            try:
                await self._commit(arrivals)
                _tell(future, None)
            except Exception as error:
                _tell(future, error)

    async def _commit(self, arrivals: Sequence[Arrival]) -> None:
        now = self._clock.now()
        account = [one for one in arrivals if isinstance(one.item, News) and one.item.identity is None]
        apart = {id(one) for one in account}
        items = [
            inward(arrival, now)
            for arrival in arrivals
            if not isinstance(arrival.item, Receipt) and id(arrival) not in apart
        ]
        receipts = [arrival.item for arrival in arrivals if isinstance(arrival.item, Receipt)]

        def work(unit: Unit) -> bool:
            told = self._receipts(unit, receipts, now, found) if receipts else []
            if items or told:  # in one go: contacts are locked in one order
                unit.take_in([*items, *told], now)
            if account:
                told_of = Fallen()
                tell(unit, account, now, told_of.told)
                news.append(told_of)
            return bool(items or told or account)

        found: list[Fallen] = []
        news: list[Fallen] = []
        came = await self._store.run(work, first=bool(items))  # nobody waits for receipts
        for one in (*found[-1:], *news[-1:]):  # the transaction may have been tried more than once
            self._fell(one)
        if came:
            self._woken()

    def _receipts(self, unit: Unit, receipts: Sequence[Receipt], now: datetime, found: list[Fallen]) -> list[Inward]:
        """Apply receipts; gives what the inbox is told of them. Failures are weighed first: some are tried again."""
        more: list[Inward] = []
        if any(receipt.status == "failed" for receipt in receipts):
            fell = fallen(unit, receipts, now)
            found.append(fell)
            receipts, more = fell.left, fell.inward
        told = plans.news(unit, receipts) if self._follows() else []
        more = [*statuses.told(unit, receipts, self._watched()), *_tell_fates(unit, receipts, now), *more]
        return [*more, *plans.woken(unit, told)] if told else more


def _tell_fates(unit: Unit, receipts: Sequence[Receipt], now: datetime) -> list[Inward]:
    """Apply receipts; gives what sessions that wait for a fate are told: an answer may be lost, and this is it."""
    good = {receipt.key for receipt in receipts if receipt.key and receipt.status != "failed"}
    accepted = unit.awaited(sorted(good))
    failed = unit.apply_receipts(receipts, now)
    told = [fate(contact, key, session, "accepted") for contact, key, session in accepted]
    return told + [fate(contact, key, session, "failed", str(f.code)) for contact, key, session, f in failed]


def _tell(future: asyncio.Future[None], error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)


def inward(arrival: Arrival, now: datetime) -> Inward:
    """An arrival as an inbox row."""
    item = arrival.item
    match item:
        case Heard(identity=identity):
            body = jsons.dumps(heard_to_json(item))
            return Inward(identity.channel, item.external_id, "heard", body, arrival.raw, (identity, *item.also))
        case Echo(identity=identity):
            body = jsons.dumps(echo_to_json(item))
            return Inward(identity.channel, item.external_id, "echo", body, arrival.raw, (identity,))
        case News() | Handover() | Rekeyed():
            return beside(item, arrival.raw)
        case Unsupported(channel=channel, external_id=external_id, what=what):
            body = jsons.dumps({"what": what, "at": (item.at or now).isoformat()})
            return Inward(channel, external_id, "unsupported", body, arrival.raw)
        case Receipt():
            raise ValueError("a receipt is applied, not kept in the inbox")
