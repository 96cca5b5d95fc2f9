"""Very many clocks that ring at once, while conversations go on: how many are done a second, and the conversations' p99 from
webhook to reply, quiet and meanwhile.

python -m tests.benchmarks.timers [--what sessions|timers|steps] [--count 20000] [--postgres] [--out FILE]
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests import postgres
from tests.benchmarks.campaign_load import QUIET, SLICE, TALKERS, WHOLE, Talk, percentile
from tests.benchmarks.clocks import KINDS, Clocks
from tests.benchmarks.rigs import Base, PostgresBase, SqliteBase, rig

PATIENCE = 1800.0

LOOK = 0.3
"""Seconds between two looks at how many are left."""


def measure(base: Base, clocks: Clocks, count: int) -> dict[str, Any]:
    """Quiet, then with all of them due."""
    graph = rig(module="fast_graph")
    try:
        bot = rig("bot", WHOLE, env=base.env(TRINARIO_GRAPH_URL=f"http://127.0.0.1:{graph.port}", BENCH_BOT=clocks.bot))
    except BaseException:
        graph.stop()
        raise
    talk, marks, cores = Talk(count + 1, graph), list[tuple[float, int]](), 0.0
    try:
        talk.go(bot.port, SLICE)
        begun = time.perf_counter()
        talk.go(bot.port, QUIET)
        quiet = (begun, time.perf_counter())
        clocks.put(base, count)
        begun, before, cpu = time.perf_counter(), clocks.count(base), bot.cpu()
        while (rest := clocks.count(base)) and time.perf_counter() < begun + PATIENCE:
            talking = threading.Thread(target=talk.go, args=(bot.port, SLICE))
            talking.start()
            while talking.is_alive():
                if not marks or marks[-1][1]:  # until nobody is left
                    marks.append((time.perf_counter(), clocks.count(base)))
                    cores = (bot.cpu() - cpu) / max(marks[-1][0] - begun, 0.001)
                talking.join(LOOK)
        ended = marks[-1][0] if marks else time.perf_counter()
        time.sleep(1)
        calm, busy = talk.latencies(*quiet), talk.latencies(begun, ended)
        per_second = (before - (marks[-1][1] if marks else rest)) / max(ended - begun, 0.001)
        return {
            "count": count, "found_due": before, "left": rest, "per_second": round(per_second),
            "minutes_for_a_million": round(1_000_000 / max(per_second, 0.1) / 60, 1),
            "quiet_p99_ms": percentile(calm, 0.99), "p99_ms": percentile(busy, 0.99), "worst_ms": percentile(busy, 1),
            "p99_ratio": round(percentile(busy, 0.99) / max(percentile(calm, 0.99), 0.1), 2), "memory_mb": round(bot.memory(), 1),
            "cores": round(cores, 2),
        }  # fmt: skip
    finally:
        bot.stop()
        graph.stop()


def main() -> int:
    """Measure and print; 1 if somebody was left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--what", choices=sorted(KINDS), default="sessions")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("build/timers.json"))
    given = parser.parse_args()
    server = postgres.start() if given.postgres else None
    with tempfile.TemporaryDirectory(prefix="trinario-timers-") as folder:
        base: Base = PostgresBase(server, "timers") if server else SqliteBase(Path(folder) / "timers.db")
        base.fill(given.count + TALKERS)
        try:
            told = {"what": given.what} | measure(base, KINDS[given.what], given.count)
        finally:
            base.close()
            if server:
                server.stop()
    print(json.dumps(told, indent=2))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(told, indent=2) + "\n")
    return int(told["left"] > 0)


if __name__ == "__main__":
    sys.exit(main())
