"""What one turn costs, as ratios to a raw aiohttp + uvloop echo of the same body, interleaved in one run.

python -m tests.benchmarks [--pairs 5] [--requests 4000] [--out FILE] [--only NAME ...] [--big 1000000]
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests import postgres
from tests.benchmarks import bodies
from tests.benchmarks.load import Shot, fire
from tests.benchmarks.rigs import Base, PostgresBase, Rig, SqliteBase, rig

LINES = 64
AIMS = {
    "turn": "> 60 % of the echo", "turn+POST": "> 25 %", "status": "> 65 %", "accept FULL/NORMAL": "> 85 %",
    "p99 at 70 %": "< 100 ms, never 1 s", "1,000,000 contacts": "within 15 %", "memory": "< 120 MB",
    "ready": "< 1.5 s",
}  # fmt: skip

_numbers = iter(range(1, 1_000_000_000))


def messages(count: int, contacts: int) -> list[bytes]:
    """New messages, spread over the contacts."""
    return [
        bodies.request("/webhooks/messenger", bodies.message(number % contacts + 1, number))
        for number in (next(_numbers) for _ in range(count))
    ]


class Measure:
    """One kind of work: its process, what is fired at it, and when it is done."""

    def __init__(
        self, name: str, server: Rig, base: Base, requests: Callable[[int], Sequence[bytes]], rounds: bool, sends: bool
    ) -> None:
        self.name, self.server, self.base, self.requests = name, server, base, requests
        self.rounds, self.sends = rounds, sends
        self.costs: list[float] = []
        self.ratios: list[float] = []
        self.shots: list[Shot] = []

    def once(self, count: int, lines: int, echo: Rig) -> None:
        """One pair: the echo, then this."""
        requests = self.requests(count)
        unit = _timed(echo, requests, lines)
        before = self.server.cpu()
        shot = fire(self.server.port, requests, lines)
        self._drain()
        cost = (self.server.cpu() - before) / count
        if shot.failed:
            raise RuntimeError(f"{self.name}: {shot.failed} requests failed")
        self.shots.append(shot)
        self.costs.append(cost)
        self.ratios.append(unit / cost)

    def _drain(self) -> None:
        """Wait until everything that was accepted is done."""
        while self.rounds and (self.base.pending() or (self.sends and self.base.waiting())):
            time.sleep(0.02)

    def result(self) -> dict[str, Any]:
        """µs of CPU an item, the share of the echo, latency and memory."""
        rates = [len(shot.latencies) / shot.seconds for shot in self.shots]
        return {
            "name": self.name,
            "us": round(statistics.median(self.costs) * 1e6, 1),
            "of_echo": round(statistics.median(self.ratios), 3),
            "p50_ms": round(statistics.median(s.percentile(0.5) for s in self.shots), 2),
            "p99_ms": round(statistics.median(s.percentile(0.99) for s in self.shots), 2),
            "per_second": round(statistics.median(rates)),
            "memory_mb": round(self.server.memory(), 1),
            "ready_s": round(self.server.started, 2),
        }


def _timed(server: Rig, requests: Sequence[bytes], lines: int) -> float:
    before = server.cpu()
    fire(server.port, requests, lines)
    return (server.cpu() - before) / len(requests)


class Bench:
    """All measures of one run."""

    def __init__(self, arguments: argparse.Namespace, folder: Path) -> None:
        self.arguments, self.folder = arguments, folder
        self.echo = rig("echo")
        self.graph = rig("graph")
        self.results: list[dict[str, Any]] = []
        self._server: postgres.Server | None = None

    def base(self, name: str, contacts: int) -> Base:
        """A filled database: PostgreSQL for names that begin with it, else SQLite."""
        made: Base
        if name.startswith("postgres"):
            self._server = self._server or postgres.start()
            made = PostgresBase(self._server, name.replace(" ", "_"))
        else:
            made = SqliteBase(self.folder / f"{name.replace(' ', '_').replace('/', '_')}.db")
        made.fill(contacts)
        return made

    def run(
        self, name: str, roles: str, contacts: int = 10_000, lines: int = LINES, **more: str
    ) -> dict[str, Any] | None:
        """One line of the table."""
        if self.arguments.only and not any(word in name for word in self.arguments.only):
            return None
        base = self.base(name, contacts)
        url = f"http://127.0.0.1:{self.graph.port}"
        server = rig("bot", roles, env=base.env(TRINARIO_GRAPH_URL=url, **more))
        requests = self._statuses(base) if "status" in name else lambda count: messages(count, contacts)
        measure = Measure(name, server, base, requests, "worker" in roles, "sender" in roles)
        try:
            count = self.arguments.requests if lines > 1 else max(200, self.arguments.requests // 10)
            for pair in range(self.arguments.pairs + 1):
                measure.once(count, lines, self.echo)
                if pair == 0:  # the first warms up
                    measure.costs, measure.ratios, measure.shots = [], [], []
            result = measure.result()
            if "p99" in name or name == "turn":
                result |= self._steady(measure, result["per_second"], contacts)
        finally:
            server.stop()
            base.close()
        self.results.append(result)
        _print(result)
        return result

    def _steady(self, measure: Measure, saturation: float, contacts: int) -> dict[str, Any]:
        """Latency at 70 % of what it can take, counted from when each request was due."""
        rate = saturation * 0.7
        shot = fire(measure.server.port, messages(int(rate * 5), contacts), LINES, rate)
        return {"p99_at_70": round(shot.percentile(0.99), 1), "worst_at_70": round(max(shot.latencies) * 1000, 1)}

    def _statuses(self, base: Base) -> Callable[[int], Sequence[bytes]]:
        def make(count: int) -> list[bytes]:
            first = next(_numbers) * 1_000_000
            base.sent(first, count)
            return [
                bodies.request("/webhooks/whatsapp", bodies.status(f"b{n}/1/0/0/0", f"wamid.{n}", "39"))
                for n in range(first, first + count)
            ]

        return make

    def close(self) -> None:
        """End everything."""
        for server in (self.echo, self.graph):
            server.stop()
        if self._server:
            self._server.stop()


def _print(result: dict[str, Any]) -> None:
    more = f"  p99 at 70 %: {result['p99_at_70']} ms, worst {result['worst_at_70']} ms" if "p99_at_70" in result else ""
    print(
        f"{result['name']:<28} {result['us']:>7.1f} µs  {result['of_echo'] * 100:>5.1f} % of the echo"
        f"  p50 {result['p50_ms']:>6.2f} p99 {result['p99_ms']:>7.2f} ms  {result['per_second']:>6}/s"
        f"  {result['memory_mb']:>6.1f} MB  ready {result['ready_s']:.2f} s{more}",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--big", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="trinario-bench-") as folder:
        bench = Bench(given, Path(folder))
        try:
            whole = "web,worker,sender,scheduler"
            bench.run("accept", "web")
            bench.run("accept NORMAL", "web", TRINARIO_SQLITE_SYNCHRONOUS="NORMAL")
            bench.run("accept one waiting", "web", lines=1)
            bench.run("turn", "web,worker,scheduler")
            bench.run("turn one waiting", "web,worker,scheduler", lines=1)
            bench.run("turn+POST", whole)
            bench.run("status", "web")
            bench.run("turn big", "web,worker,scheduler", contacts=given.big)
            bench.run("postgres accept", "web")
            bench.run("postgres turn", "web,worker,scheduler")
            bench.run("postgres turn+POST", whole)
            bench.run("postgres status", "web")
        finally:
            bench.close()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps({"aims": AIMS, "results": bench.results}, indent=2) + "\n")
    print(f"written to {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
