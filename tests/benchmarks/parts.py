"""Where the CPU of a turn goes: the parts of the chain in one thread of one process, without HTTP, batches of 128.

python -m tests.benchmarks.parts
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks import bodies
from trinario.channels.graph.signature import genuine, sign
from trinario.jobs import receive as receiving
from trinario.jobs.intake import inward
from trinario.jobs.world import World
from trinario.runtime import build
from trinario.runtime.chance import SecretChance
from trinario.runtime.keeper import BotKeeper
from trinario.runtime.settings import Settings
from trinario.store import cases, turns
from trinario.store.migrate import upgrade
from trinario.store.sqlite import sqlite_engine
from trinario.store.unit import SqlUnit

BATCH, ROUNDS = 128, 40
BOT = Path(__file__).parent / "project" / "bots" / "bench"


class Meter:
    """Seconds by part; a part that is called inside another counts in both."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """`work`, with its time counted."""

        def run(*given: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            try:
                return work(*given, **named)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun

        return run

    def watch(self, module: Any, function: str, name: str) -> None:
        """Count a function of a module from now on."""
        setattr(module, function, self.timed(name, getattr(module, function)))


def main() -> int:
    """Print µs a message for every part."""
    keeper = BotKeeper(BOT, Settings())
    graph = build.Graph("http://127.0.0.1:1", "http://127.0.0.1:1", "v25.0")
    world = World(lambda: keeper.bot, build.adapters(keeper.settings, graph, None), SecretChance(b"k" * 32))  # type: ignore[arg-type]
    inlet, meter = build.inlets(keeper.settings)["/webhooks/whatsapp"], Meter()
    meter.watch(cases, "claim_cases", "  claim and load (4 statements a batch)")
    meter.watch(receiving, "react", "  engine: the turn itself")
    meter.watch(receiving, "carry_out", "  policy, fitting, outbox rows")
    meter.watch(turns, "write", "  write (6 statements a batch)")
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlite_engine(str(Path(folder) / "parts.db"))
        with engine.begin() as conn:
            upgrade(conn)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        with engine.connect() as conn:
            for number in range(ROUNDS + 3):
                if number == 3:  # the first rounds warm up
                    meter.seconds.clear()
                _round(conn, meter, world, inlet, number)
        engine.dispose()
    for name, seconds in meter.seconds.items():
        print(f"{name:<42} {seconds / BATCH / ROUNDS * 1e6:>7.1f} µs")
    return 0


def _round(conn: Any, meter: Meter, world: World, inlet: Any, number: int) -> None:
    now = datetime.now(UTC)
    sent = [bodies.message(contact + 1, number * BATCH + contact) for contact in range(BATCH)]
    signed = [(body, sign(bodies.SECRET, body)) for body in sent]
    meter.timed("signature", lambda: [genuine([bodies.SECRET], body, header) for body, header in signed])()
    arrivals = meter.timed("decode", lambda: [item for body in sent for item in inlet.decode(body)])()
    with conn.begin():
        keep = meter.timed("keep: JSON, identities, inbox row", _keep)
        keep(conn, arrivals, now)
    with conn.begin():
        done = meter.timed("receive, whole:", receiving.receive)(SqlUnit(conn), world, now, BATCH)
    if done.rows != BATCH:
        raise RuntimeError(f"{done.rows} of {BATCH} rows were worked off")
    with conn.begin():
        conn.exec_driver_sql("UPDATE outbox SET status = 3 WHERE status = 0")


def _keep(conn: Any, arrivals: Any, now: datetime) -> None:
    SqlUnit(conn).take_in([inward(arrival, now) for arrival in arrivals], now)


if __name__ == "__main__":
    sys.exit(main())
