"""The real web handler over a real socket, with the house's own inlet, intake and worker's jobs; what must hold of every mutant."""

import asyncio
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import aiohttp
from aiohttp import web

from tests.fuzz.mutants import ACCOUNT, NUMBER, PAGE, WABA, Mutant
from trinario.channels.graph.signature import sign
from trinario.channels.inlet import FAULT, MetaInlet
from trinario.expressions import compile_phrase
from trinario.jobs.intake import Intake
from trinario.jobs.link import link
from trinario.jobs.receive import receive
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Channel
from trinario.model.flow import Flow, Message, Send, Words
from trinario.runtime import build
from trinario.runtime.chance import SecretChance
from trinario.runtime.clock import SystemClock
from trinario.runtime.metrics import Metrics
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore
from trinario.web.app import Doors, build_app

SECRET = "demo-app-secret"
CHUNK = 250
LINES = 16
"""POSTs under way at once."""

GRAPH = build.Graph("http://127.0.0.1:1", "http://127.0.0.1:1", "v25.0")
SETTINGS = (
    build.ChannelSettings(
        "whatsapp",
        "whatsapp",
        {"phone_number_id": NUMBER, "phone": "+15550783881", "waba_id": WABA, "access_token": "t"},
    ),
    build.ChannelSettings(
        "messenger", "messenger", {"page_id": PAGE, "app_id": "1517776481860111", "access_token": "t"}
    ),
    build.ChannelSettings("instagram", "instagram", {"account_id": ACCOUNT, "page_id": PAGE, "access_token": "t"}),
)
ACCOUNTS = {
    ("whatsapp", NUMBER): "whatsapp", ("whatsapp", WABA): "whatsapp", ("messenger", PAGE): "messenger",
    ("instagram", ACCOUNT): "instagram",
}  # fmt: skip


class Trouble(logging.Handler):
    """Everything that is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()} {record.exc_info[1] if record.exc_info else ''}")


@dataclass
class Tally:
    """What was fired and what came back."""

    sent: int = 0
    intact: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class FuzzRig:
    """`fire` sends mutants and gives what was wrong; the bot answers everything that it can."""

    def __init__(self) -> None:
        words = Words("hello.send", compile_phrase("You said {{ trigger.text }}"))
        flow = Flow("hello", "r1", {"hello": Send(name="hello", messages=(Message(text=words),))})
        channels = {
            c.id: Channel(c.id, c.platform, build.LIMITS[c.platform], build.WINDOWS[c.platform]) for c in SETTINGS
        }
        bot = Bot("fuzz", "en", "UTC", channels, {"hello": flow}, default_flow="hello")
        self.world = World(lambda: bot, build.adapters(SETTINGS, GRAPH, None), SecretChance(b"k" * 32))  # type: ignore[arg-type]
        self.store, self.clock, self.metrics = MemoryStore(), SystemClock(), Metrics()
        self.store.run_now(lambda u: upgrade(u.conn))
        self.tally, self.trouble = Tally(), Trouble()
        self._runner: web.AppRunner | None = None
        self._url = ""

    async def __aenter__(self) -> "FuzzRig":
        inlet = MetaInlet(ACCOUNTS, [SECRET], ["v"], app_ids=("1517776481860111",))
        paths = [f"/webhooks/{name}" for name in ("whatsapp", "messenger", "instagram")]
        doors = Doors(
            inlets=dict.fromkeys(paths, inlet), keep=Intake(self.store, self.clock, lambda: None).keep, store=self.store,
            world=lambda: self.world, clock=self.clock, woken=lambda: None, api_token=None, ready=_ready,
            new_id=lambda: "n", metrics=self.metrics.text, live=lambda: True, tally=self.metrics,
        )  # fmt: skip
        self._runner = web.AppRunner(build_app(doors), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        logging.getLogger().addHandler(self.trouble)
        return self

    async def __aexit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self.trouble)
        if self._runner:
            await self._runner.cleanup()

    async def fire(self, mutants: Iterable[Mutant]) -> Tally:
        """Send them all; after each chunk what was kept is worked off and looked at."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=LINES)) as session:
            stream = iter(mutants)
            while chunk := list(islice(stream, CHUNK)):
                await asyncio.gather(*(self._post(session, mutant) for mutant in chunk))
                self._work_off()
                self._look(chunk)
        return self.tally

    async def _post(self, session: aiohttp.ClientSession, mutant: Mutant) -> None:
        given = {"right": sign(SECRET, mutant.raw), "wrong": sign("another", mutant.raw), "missing": ""}[
            mutant.signature
        ]
        headers = {"X-Hub-Signature-256": given} if given else {}
        async with session.post(self._url + mutant.path, data=mutant.raw, headers=headers) as response:
            status = response.status
        self.tally.sent += 1
        self.tally.statuses[status] = self.tally.statuses.get(status, 0) + 1
        wanted = (401,) if mutant.signature != "right" else (200,) if _is_body(mutant.raw) else (200, 400)
        if status not in wanted:
            self.tally.faults.append(f"{status} instead of {wanted}: {mutant.raw[:300]!r}")

    def _work_off(self) -> None:
        for _ in range(100):
            received = self.store.run_now(lambda u: receive(u, self.world, self.clock.now()))
            self.tally.faults += [f"dead: {reason}" for _, reason in received.dead]
            for entry in received.links:
                self.store.run_now(lambda u, e=entry: link(u, self.world, e, self.clock.now()))  # type: ignore[misc]
            if not received.rows and not received.links:
                return
        self.tally.faults.append("the inbox does not become empty")

    def _look(self, chunk: list[Mutant]) -> None:
        """Every intact item was kept, worked off and stands in her thread, nothing of the forged; nothing was a fault of ours."""
        rows = self._rows("SELECT external_id, status FROM inbox WHERE external_id LIKE 'sound-%'")
        kept = dict(rows)
        wanted = [name for mutant in chunk for name in mutant.intact]
        self.tally.intact += len(wanted)
        self.tally.faults += [f"lost: {name}" for name in wanted if kept.get(name) != 1]
        told = {name for (name,) in self._rows("SELECT external_id FROM messages WHERE external_id LIKE 'sound-%'")}
        self.tally.faults += [f"not in the thread: {name}" for name in wanted if name in kept and name not in told]
        forged = {name for mutant in chunk if mutant.signature != "right" for name in mutant.intact}
        self.tally.faults += [f"taken though forged: {name}" for name in forged & set(kept)]
        ours = self._rows(f"SELECT body FROM inbox WHERE kind = 'unsupported' AND body LIKE '%{FAULT}%'")
        self.tally.faults += [f"not read: {body}" for (body,) in ours]
        self.tally.faults += [f"logged: {line}" for line in self.trouble.lines]
        self.trouble.lines.clear()
        for table in ("inbox", "events", "messages", "outbox", "receipts", "sessions"):
            self._rows(f"DELETE FROM {table} RETURNING 1")

    def _rows(self, sql: str) -> list[Any]:
        return self.store.run_now(lambda u: u.conn.exec_driver_sql(sql).fetchall())  # type: ignore[return-value]


async def _ready() -> dict[str, bool]:
    return {}


def _is_body(raw: bytes) -> bool:
    """Whether the standard library reads a JSON object in it: then it must be kept, whatever is in it."""
    try:
        return isinstance(json.loads(raw), dict)
    except (ValueError, RecursionError):
        return False
