"""Read marks go beside messages, and before the passing on of a thread, behind which they would be refused."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from trinario.jobs.world import Tuning
from trinario.model.channel import Channel, Identity, Window
from trinario.model.message import Text, ThreadControl
from trinario.model.outbox import OutboxEntry, Sent
from trinario.ports import Claimed
from trinario.runtime.sender import Sender

ANA, BEN = Identity("messenger", "psid", "1"), Identity("messenger", "psid", "2")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Page:
    """An adapter whose read marks take until `let` is set; `done` is the order in which all ended."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.let = asyncio.Event()

    async def attend(self, identity: Identity, message_id: str, typing: bool) -> None:
        await self.let.wait()
        self.done.append(f"read {identity.value}")

    async def send(self, entry: OutboxEntry) -> Sent:
        self.done.append(entry.key)
        return Sent(f"m_{entry.key}")


def _sender(page: Page) -> Sender:
    bot = SimpleNamespace(personas={}, channels={"messenger": Channel("messenger", "messenger", None, Window())})  # type: ignore[arg-type]
    world: Any = SimpleNamespace(bot=lambda: bot, adapters={"messenger": page}, random=None, tuning=Tuning())
    clock: Any = SimpleNamespace(now=lambda: NOW)
    nothing: Any = None
    return Sender(nothing, lambda: world, clock, 1, lambda: 0.5, lambda *told: None, lambda: None)


def _row(key: str, who: Identity, content: Any) -> Claimed:
    return Claimed(OutboxEntry(1, key, 1, who, content), NOW, "", False)


async def test_a_thread_is_passed_on_behind_the_read_marks_of_its_person() -> None:
    page = Page()
    sender = _sender(page)
    sender.attend([(ANA, "m1")])
    passed = asyncio.ensure_future(sender.go(_row("pass", ANA, ThreadControl("pass", "9"))))
    await sender.go(_row("words", ANA, Text("hello")))
    await sender.go(_row("other", BEN, ThreadControl("pass", "9")))
    assert page.done == ["words", "other"], "nobody else waits"
    page.let.set()
    await passed
    assert page.done == ["words", "other", "read 1", "pass"]
