"""A real server on loopback over a real SQLite file, with the house's own inlet, adapter and intake."""

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from trinario.channels.graph.signature import open_request, sign
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.inlet import MetaInlet
from trinario.channels.messenger.adapter import Messenger, PageAccount
from trinario.channels.messenger.limits import LIMITS, WINDOW
from trinario.jobs.intake import Intake
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity
from trinario.model.hook import Endpoint
from trinario.outside.media_folder import FolderStore
from trinario.ports import Unit, Writes
from trinario.runtime.chance import SecretChance
from trinario.runtime.clock import SystemClock
from trinario.runtime.metrics import Metrics
from trinario.runtime.settings import Settings
from trinario.runtime.webhooks import try_out
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import SqliteStore
from trinario.store.tables import METADATA
from trinario.web.app import Doors, build_app, build_runner

PAGE, SECRET, VERIFY, TOKEN = "1895382890692545", "demo-app-secret", "demo-verify-token", "test-api-token"
ANNA = Identity("messenger", "psid", "24839573245810593")


def webhook_body(mid: str = "m_1", text: str = "ciao", sender: str = ANNA.value, page: str = PAGE) -> dict[str, Any]:
    """What Messenger sends for one text."""
    at = int(datetime.now(UTC).timestamp() * 1000)
    messaging = {
        "sender": {"id": sender}, "recipient": {"id": page}, "timestamp": at, "message": {"mid": mid, "text": text}
    }  # fmt: skip
    return {"object": "page", "entry": [{"id": page, "time": at, "messaging": [messaging]}]}


@dataclass
class House:
    """The server, and what stands behind it."""

    store: SqliteStore | PostgresStore
    session: aiohttp.ClientSession
    url: str = ""
    checks: dict[str, bool] = field(default_factory=lambda: {"database": True, "worker": True})
    alive: bool = True
    woken: int = 0
    copies: Path | None = None
    metrics: Metrics = field(default_factory=Metrics)
    webhooks: dict[str, Endpoint] = field(default_factory=dict)

    async def try_webhook(self, endpoint: Endpoint) -> str:
        """As the real process does it."""
        return await try_out(Settings(http_local=True, TRINARIO_SECRET_KEY="k" * 64), endpoint)  # type: ignore[call-arg]

    def wake(self) -> None:
        self.woken += 1

    async def ready(self) -> Mapping[str, bool]:
        return self.checks

    async def get(self, path: str, token: str | None = TOKEN) -> tuple[int, Any]:
        """Status and JSON of a GET."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.session.get(self.url + path, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def post(self, path: str, body: Any, token: str | None = TOKEN) -> tuple[int, Any]:
        """Status and JSON of a POST; bytes go as they are."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with self.session.post(self.url + path, headers=headers, **sent) as response:
            return response.status, await response.json(content_type=None)

    async def webhook(
        self, raw: bytes, signature: str | None = None, path: str = "/webhooks/messenger"
    ) -> tuple[int, str]:
        """Status and text of a webhook; signed rightly unless told otherwise ("" leaves the header out)."""
        given = sign(SECRET, raw) if signature is None else signature
        headers = {"X-Hub-Signature-256": given} if given else {}
        async with self.session.post(self.url + path, data=raw, headers=headers) as response:
            return response.status, await response.text()

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Straight from the database."""
        found = await self.store.read(lambda unit: unit.conn.exec_driver_sql(sql).fetchall())
        return [tuple(row) for row in found]

    async def write(self, writes: Writes) -> None:
        """Put something into the database as a turn would."""
        await self.store.run(lambda unit: unit.write(writes, datetime.now(UTC)))

    async def anna(self) -> int:
        """The contact of ANNA, who has just written, and whose message has been worked off."""
        now = datetime.now(UTC)

        def work(unit: Unit) -> int:
            from trinario.jobs.intake import inward
            from trinario.jobs.received import line_of, meet
            from trinario.model.heard import Arrival, Heard

            heard = Heard(ANNA, "m_anna", now, "text", text="ciao", name="Anna Rossi")
            unit.take_in([inward(Arrival(heard, b"{}"), now)], now)
            case = unit.claim_cases(10, now)[0]
            contact = meet(case.contact, heard)
            said = [line_of(contact, heard)]
            unit.write(Writes(contacts={contact.id: contact}, said=said, finished=[(1, case.entries[0].id, None)]), now)
            return contact.id

        return await self.store.run(work)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    made = SqliteStore(str(tmp_path / "web.db"))
    await made.run(lambda unit: METADATA.create_all(unit.conn))
    yield made
    await made.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


def doors(house: House, api_token: str | None) -> Doors:
    """The doors of a house with one Messenger channel."""
    adapter = Messenger(PageAccount("messenger", PAGE, "token", "luckygarden"), AiohttpTransport(house.session))
    bot = Bot("demo", "en", "Europe/Rome", {"messenger": Channel("messenger", "messenger", LIMITS, WINDOW)}, {})
    world = World(lambda: bot, {"messenger": adapter}, SecretChance(b"key"))
    ids = itertools.count(1)
    clock = SystemClock()
    return Doors(
        inlets=dict.fromkeys(
            ("/webhooks/whatsapp", "/webhooks/messenger", "/webhooks/instagram"),
            MetaInlet({("messenger", PAGE): "messenger"}, [SECRET], [VERIFY]),
        ),
        keep=Intake(house.store, clock, house.wake).keep,
        store=house.store,
        world=lambda: world,
        clock=clock,
        woken=house.wake,
        api_token=api_token,
        ready=house.ready,
        new_id=lambda: f"n{next(ids)}",
        metrics=house.metrics.text,
        live=lambda: house.alive,
        tally=house.metrics,
        files=FolderStore(house.copies) if house.copies else None,
        opened=lambda signed: open_request([SECRET], signed),
        public_url="https://bot.example",
        webhooks=lambda: house.webhooks,
        try_webhook=house.try_webhook,
    )


async def serve(house: House, api_token: str | None = TOKEN) -> web.AppRunner:
    """Listen on a free port and tell the house its address."""
    runner = build_runner(build_app(doors(house, api_token)), patience=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    house.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return runner


@pytest.fixture
async def house(store: SqliteStore, session: aiohttp.ClientSession, tmp_path: Path) -> AsyncIterator[House]:
    made = House(store, session, copies=tmp_path / "copies")
    runner = await serve(made)
    yield made
    await runner.cleanup()


@pytest.fixture
async def mute_house(store: SqliteStore, session: aiohttp.ClientSession) -> AsyncIterator[House]:
    """The same without an API token."""
    made = House(store, session)
    runner = await serve(made, None)
    yield made
    await runner.cleanup()
