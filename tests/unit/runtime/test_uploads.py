"""Files that go by an id: uploaded or fetched once, whoever wants them, and remembered as long as they are good."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from trinario.channels.messenger.limits import LIMITS
from trinario.model.channel import Identity
from trinario.model.failure import Action, Failure
from trinario.model.media import MediaFile
from trinario.model.message import Link, Media, Text
from trinario.model.outbox import NotSent, OutboxEntry, SendResult, Sent, Unknown
from trinario.ports import Claimed
from trinario.runtime.uploads import Uploads
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

NOW = datetime(2026, 3, 28, 10, tzinfo=UTC)
ROSE = "https://shop.example/rose.jpg"
ORDER = (Link("Order", "https://shop.example/order"),)


class Page:
    """A platform that takes files; `asked` is what it was given."""

    platform, account, kept, limits = "messenger", "1895382890692545", 90 * 86_400.0, LIMITS

    def __init__(self, answer: SendResult | None = None) -> None:
        self.asked: list[str] = []
        self.answer = answer
        self.attempts = 0

    async def upload(self, name: str, data: bytes, kind: str) -> SendResult:
        return self._given(name)

    async def fetch(self, url: str, kind: str, attempts: int = 0) -> SendResult:
        await asyncio.sleep(0)
        self.attempts = attempts
        return self._given(url)

    def _given(self, what: str) -> SendResult:
        self.asked.append(what)
        return self.answer or Sent(f"id-{len(self.asked)}")


class Rig:
    """A page, its uploads and the clock."""

    def __init__(self, folder: Path, answer: SendResult | None = None) -> None:
        path = folder / "a.jpg"
        path.write_bytes(b"picture")
        self.file = MediaFile("a.jpg", str(path), 7, sha256(b"picture").hexdigest())
        self.page, self.now, self.store = Page(answer), NOW, MemoryStore()
        self.store.run_now(lambda unit: upgrade(unit.conn))
        bot = SimpleNamespace(media={"a.jpg": self.file})
        self.world: Any = SimpleNamespace(adapters={"ms": self.page}, bot=lambda: bot)
        clock: Any = SimpleNamespace(now=lambda: self.now)
        self.uploads = Uploads(self.store, clock)

    async def ready(self, content: Media, attempts: int = 0) -> Any:
        entry = OutboxEntry(1, "k", 1, Identity("ms", "psid", "5"), content, attempts=attempts)
        made = await self.uploads.ready(self.world, Claimed(entry, NOW, "", False))
        return made.entry.content if isinstance(made, Claimed) else made


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


async def test_a_picture_above_buttons_is_fetched_once_an_hour(rig: Rig) -> None:
    above = Media("image", ROSE, links=ORDER)
    assert await asyncio.gather(*(rig.ready(above) for _ in range(3))) == [replace(above, uploaded="id-1")] * 3
    assert (await rig.ready(above)).uploaded == "id-1"
    assert (await rig.ready(Media("image", ROSE))).uploaded == ""  # by its address
    rig.now += timedelta(hours=1, seconds=1)
    assert (await rig.ready(above)).uploaded == "id-2"
    assert rig.page.asked == [ROSE, ROSE]
    await rig.store.run(lambda unit: unit.accounts.forget_upload(ROSE))
    assert (await rig.ready(above, attempts=2)).uploaded == "id-3" and rig.page.attempts == 2


async def test_of_several_images_those_that_only_we_have_are_uploaded(rig: Rig) -> None:
    several = Media("image", ROSE, others=(rig.file.address, rig.file.address))
    made = await rig.ready(several)
    assert (made.uploaded, made.uploads) == ("", ("id-1", "id-1"))
    assert rig.page.asked == ["a.jpg"]


@pytest.mark.parametrize(
    ("answer", "action"), [(NotSent(Failure(Action.TOKEN, 190)), "token"), (Unknown("lost"), "retry")]
)
async def test_without_an_id_it_does_not_go(tmp_path: Path, answer: SendResult, action: str) -> None:
    result = await Rig(tmp_path, answer).ready(Media("image", ROSE, links=ORDER))
    assert isinstance(result, NotSent) and result.failure.action == action


async def test_what_cannot_be_fetched_is_a_link_above_the_buttons(tmp_path: Path) -> None:
    refused = Rig(tmp_path, NotSent(Failure(Action.FIX, 100, 2018008)))
    assert await refused.ready(Media("image", ROSE, links=ORDER)) == Text(ROSE, ORDER)
    ours = await refused.ready(Media("image", refused.file.address, links=ORDER))
    assert isinstance(ours, NotSent) and ours.failure.action == "fix"


async def test_what_is_no_file_needs_none(rig: Rig) -> None:
    for content in (Media("sticker", "like"), Media("post", "https://www.instagram.com/p/abc", post="17")):
        assert await rig.ready(content) == content
    assert rig.page.asked == []
