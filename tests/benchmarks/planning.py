"""What a plan costs: seconds, and how much memory it takes beyond what the process had.

python -m tests.benchmarks.planning [--recipients 10000 100000]
"""

import argparse
import asyncio
import json
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.rigs import SqliteBase
from trinario.jobs.planning import foreseen
from trinario.jobs.world import World
from trinario.runtime import build
from trinario.runtime.chance import SecretChance
from trinario.runtime.keeper import BotKeeper
from trinario.runtime.settings import Settings
from trinario.store.sqlite import SqliteStore

BOT = Path(__file__).parent / "project" / "bots" / "bench"


def measure(recipients: int, folder: Path) -> dict[str, Any]:
    """One plan."""
    path = folder / f"{recipients}.db"
    base = SqliteBase(path)
    base.fill(recipients)
    base.close()
    keeper, me = BotKeeper(BOT, Settings()), psutil.Process()
    graph = build.Graph("http://127.0.0.1:1", "http://127.0.0.1:1", "v25.0")
    world = World(lambda: keeper.bot, build.adapters(keeper.settings, graph, None), SecretChance(b"k" * 32))  # type: ignore[arg-type]
    before, most, over = me.memory_info().rss, [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            most[0] = max(most[0], me.memory_info().rss)

    async def plan() -> int:
        store = SqliteStore(str(path))
        told = await foreseen(store, world, keeper.bot.campaigns["everyone"], datetime.now(UTC))
        await store.close()
        return told.recipients

    watching = threading.Thread(target=watch)
    watching.start()
    begun = time.perf_counter()
    found = asyncio.run(plan())
    seconds = time.perf_counter() - begun
    over.set()
    watching.join()
    return {"recipients": found, "seconds": round(seconds, 1), "grew_mb": round((most[0] - before) / 2**20, 1)}


def main() -> int:
    """Measure and print; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, nargs="*", default=[10_000, 100_000])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trinario-plan-") as folder:
        measure(1000, Path(folder))  # what is loaded once is loaded
        for count in given.recipients:
            print(json.dumps(measure(count, Path(folder))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
