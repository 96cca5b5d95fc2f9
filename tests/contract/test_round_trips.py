"""The sender and the caller over every database: an answer that no database takes costs its own row and nothing else."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, outgoing, psid
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Channel
from trinario.model.outbox import OutboxEntry, SendResult, Sent
from trinario.ports import CallOrder, Outside, Returned, Writes
from trinario.runtime import build
from trinario.runtime.caller import Caller
from trinario.runtime.chance import SecretChance
from trinario.runtime.sender import Sender

UNKEEPABLE = "m_\x00\ud800"
"""NUL is refused by PostgreSQL, a lone surrogate by both."""


class Now:
    """The clock."""

    def now(self) -> Any:
        return NOW


class Page:
    """An adapter whose platform answers with ids that cannot be kept, for some, and breaks off for others."""

    limits, window, pace, correlated = build.LIMITS["messenger"], build.WINDOWS["messenger"], 300.0, True

    def __init__(self, bad: str, breaks: str = "") -> None:
        self.bad, self.breaks, self.sent = bad, breaks, list[str]()

    async def send(self, entry: OutboxEntry) -> SendResult:
        self.sent.append(entry.key)
        if entry.key == self.breaks:
            raise ZeroDivisionError
        return Sent(UNKEEPABLE if entry.key == self.bad else f"m_{entry.key}")


class Http:
    """The outside, whose answer to one call cannot be kept."""

    async def request(self, asked: Any, timeout: float) -> Returned:
        return Returned("well", 10**30 if asked.url.endswith("bad") else 200)


def a_world(page: Page) -> World:
    channel = Channel("messenger", "messenger", page.limits, page.window)
    bot = Bot("t", "en", "UTC", {"messenger": channel}, {})
    return World(lambda: bot, {"messenger": page}, SecretChance(b"k" * 32), outside=Outside(http=Http()))  # type: ignore


async def _contact(store: AnyStore, name: str) -> int:
    who = psid(name)
    await store.run(lambda unit: unit.take_in([heard(who, f"heard {name}")], NOW))
    return (await store.run(lambda unit: unit.contact_ids({"identity": ("messenger", name)})))[0]


async def _until(store: AnyStore, sql: str, count: int) -> list[tuple[Any, ...]]:
    async with asyncio.timeout(20):
        while len(rows := await store.read(lambda unit: unit.conn.exec_driver_sql(sql).fetchall())) < count:
            await asyncio.sleep(0.005)
    return [tuple(row) for row in rows]


async def _over(run: Callable[[], Any], bell: Any, work: Callable[[], Any]) -> Any:
    task = asyncio.get_running_loop().create_task(run())
    bell.ring()
    try:
        return await work()
    finally:
        bell.close()
        await asyncio.wait_for(task, 20)


async def test_an_answer_that_cannot_be_kept(store: AnyStore) -> None:
    """The others are settled; what went has gone, and is not sent twice; of what broke off the fate is open."""
    page = Page("b", breaks="d")
    for name in ("a", "b", "c", "d"):
        contact = await _contact(store, name)
        await store.run(lambda unit, c=contact, n=name: unit.write(Writes(outgoing=[outgoing(n, c, psid(n))]), NOW))
    world = a_world(page)
    await store.run(lambda u: u.conn.exec_driver_sql(_HEARD) and None)
    sender = Sender(store, lambda: world, Now(), 7, float, lambda *_: None, lambda: None)
    sql = "SELECT key, status, external_id, run FROM outbox WHERE status > 1 ORDER BY key"
    rows = await _over(sender.run, sender.bell, lambda: _until(store, sql, 4))
    assert rows == [("a", 3, "m_a", None), ("b", 3, None, None), ("c", 3, "m_c", None), ("d", 2, None, None)]
    assert sorted(page.sent) == ["a", "b", "c", "d"]


async def test_a_call_whose_answer_cannot_be_kept(store: AnyStore) -> None:
    contact = await _contact(store, "a")
    orders = [
        CallOrder(key, contact, key, "f.s", "http", {"method": "GET", "url": [f"https://x.example/{key}"]}, 5.0, 0, False,
                  later(60))
        for key in ("good", "bad", "fine")
    ]  # fmt: skip
    await store.run(lambda unit: unit.write(Writes(calls=orders), NOW))
    world = a_world(Page(""))
    caller = Caller(store, lambda: world, Now(), 7, float, lambda *_: None, lambda: None)
    sql = "SELECT key, status FROM calls WHERE status > 1 ORDER BY key"
    rows = await _over(caller.run, caller.bell, lambda: _until(store, sql, 3))
    assert rows == [("bad", 3), ("fine", 2), ("good", 2)]
    told = await _until(store, "SELECT external_id FROM inbox WHERE kind = 'called' ORDER BY external_id", 3)
    assert [row[0] for row in told] == ["called:bad", "called:fine", "called:good"]


_HEARD = f"""UPDATE contacts SET last_heard = '{{"messenger": {int(NOW.timestamp() * 1000)}}}'"""
