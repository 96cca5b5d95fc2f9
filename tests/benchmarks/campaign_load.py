"""A campaign while conversations go on: their p99 from webhook to reply, quiet and meanwhile; everybody once, through pause,
resume and kill -9; memory.

python -m tests.benchmarks.campaign_load [--recipients 10000] [--postgres] [--out FILE]
"""

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import postgres
from tests.benchmarks import bodies
from tests.benchmarks.load import Shot, fire
from tests.benchmarks.rigs import Base, PostgresBase, Rig, SqliteBase, rig

TALKERS, RATE, LINES = 2000, 50.0, 16
TOKEN = "benchmark"
WHOLE = "web,worker,sender,scheduler"
QUIET, SLICE = 15.0, 3.0
"""Seconds of talk before the campaign, and between two looks at how far it is."""

SHARE = 0.6
"""How much of the campaign goes while people talk; then it is paused, goes on, and is killed."""

AIM = 2.0
"""How much longer the 99th percentile may be meanwhile."""

PATIENCE = 1800.0
"""Seconds after which what has not come will not come."""


class Talk:
    """People who talk: who said what when, and when the reply was with the platform."""

    def __init__(self, first: int, graph: Rig) -> None:
        self.first, self.graph, self.number = first, graph, 0
        self.due: dict[str, list[float]] = defaultdict(list)

    def go(self, port: int, seconds: float) -> Shot:
        """Messages for so long; gives what the door answered."""
        count = int(RATE * seconds)
        who = [self.first + (self.number + n) % TALKERS for n in range(count)]
        sent = [
            bodies.request(
                "/webhooks/messenger", bodies.message(one, 10_000_000 + self.number + n, f"hello {self.number + n}")
            )
            for n, one in enumerate(who)
        ]
        self.number += count
        shot = fire(port, sent, LINES, RATE)
        for n, one in enumerate(who, 1):
            self.due[f"9{one:015d}"].append(shot.begun + n / RATE)
        return shot

    def latencies(self, begun: float, ended: float) -> list[float]:
        """Seconds from a message that was due in this time to its reply; those without one so far are as old as they are."""
        came: dict[str, list[float]] = defaultdict(list)
        for who, at in ask(self.graph, "replies"):
            came[who].append(at)
        found, now = [], time.perf_counter()
        for who, moments in self.due.items():
            for n, due in enumerate(moments):
                if begun <= due < ended:
                    found.append((came[who][n] if n < len(came[who]) else now) - due)
        return found


def ask(graph: Rig, what: str) -> Any:
    """What came to the Graph."""
    with urllib.request.urlopen(f"http://127.0.0.1:{graph.port}/{what}", timeout=60) as answer:
        return json.load(answer)


def call(bot: Rig, what: str, **body: str) -> Any:
    """A call of the API about the campaign."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{bot.port}/api/v1/campaigns/everyone/{what}", json.dumps(body).encode(),
        {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def percentile(values: list[float], part: float) -> float:
    """In milliseconds."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000, 1) if ordered else 0.0


class Run:
    """One campaign, from the plan to the last message."""

    def __init__(self, base: Base, recipients: int) -> None:
        self.base, self.recipients = base, recipients
        self.graph = rig(module="fast_graph")
        try:
            self.bot = self._start()
        except BaseException:
            self.graph.stop()
            raise
        self.talk = Talk(recipients + 1, self.graph)
        self.memory: list[float] = []
        self.told: dict[str, Any] = {"recipients": recipients}

    def _start(self) -> Rig:
        url = f"http://127.0.0.1:{self.graph.port}"
        return rig("bot", WHOLE, env=self.base.env(TRINARIO_GRAPH_URL=url, TRINARIO_API_TOKEN=TOKEN))

    def go(self) -> dict[str, Any]:
        """Everything, in order."""
        self.talk.go(self.bot.port, 3)  # warms up
        time.sleep(1)
        quiet = time.perf_counter() + QUIET
        self._phase("quiet", lambda: time.perf_counter() > quiet)
        self._plan()
        self._phase("campaign", lambda: ask(self.graph, "count") >= self.recipients * SHARE)
        if self._state() != "done":
            self._pause()
            self._kill()
        self._until_done()
        return self._result()

    def _phase(self, name: str, over: Callable[[], bool]) -> None:
        """Talk until it is over, and keep what it took."""
        begun, cpu = time.perf_counter(), self.bot.cpu()
        while not over() and time.perf_counter() < begun + PATIENCE:
            talking = threading.Thread(target=self.talk.go, args=(self.bot.port, SLICE))
            talking.start()
            while talking.is_alive():
                self.memory.append(self.bot.memory())
                talking.join(0.5)
        ended = time.perf_counter()
        spent = (self.bot.cpu() - cpu) / (ended - begun)
        time.sleep(1)
        took = self.talk.latencies(begun, ended)
        self.told[name] = {
            "p50_ms": percentile(took, 0.5), "p99_ms": percentile(took, 0.99), "worst_ms": percentile(took, 1),
            "cores": round(spent, 2), "of_campaign": ask(self.graph, "count"), "memory_mb": round(max(self.memory), 1),
        }  # fmt: skip
        print(f"{name:<10} {self.told[name]}", flush=True)

    def _plan(self) -> None:
        begun = time.perf_counter()
        made = call(self.bot, "plan")
        self.told["plan_s"] = round(time.perf_counter() - begun, 1)
        begun = time.perf_counter()
        call(self.bot, "start", plan=made["id"])
        self.told["start_s"] = round(time.perf_counter() - begun, 1)
        self.begun = time.perf_counter()

    def _pause(self) -> None:
        """Paused, nothing more of it comes; then it goes on."""
        call(self.bot, "pause", reason="benchmark")
        time.sleep(1)
        before = ask(self.graph, "count")
        time.sleep(2)
        self.told["after_pause"] = ask(self.graph, "count") - before
        call(self.bot, "resume")

    def _kill(self) -> None:
        """kill -9 in the middle, and a new process."""
        aim = ask(self.graph, "count") + self.recipients // 20
        until = time.perf_counter() + 30
        while ask(self.graph, "count") < aim and time.perf_counter() < until:
            time.sleep(0.02)
        self.bot.process.kill()
        self.bot.process.wait()
        self.told["killed_at"] = ask(self.graph, "count")
        self.bot = self._start()

    def _until_done(self) -> None:
        """Until the campaign says that it is done and nothing of it waits."""
        until = time.perf_counter() + PATIENCE
        while time.perf_counter() < until and (self.base.pending() or self.base.waiting() or self._state() != "done"):
            self.memory.append(self.bot.memory())
            time.sleep(0.5)

    def _state(self) -> str:
        return str(self.base.work(lambda c: c.exec_driver_sql("SELECT state FROM campaigns").scalar()))

    def _result(self) -> dict[str, Any]:
        came = ask(self.graph, "bulk")
        fates = self.base.work(
            lambda c: c.exec_driver_sql(
                "SELECT status, refusal, COUNT(*) FROM outbox WHERE campaign IS NOT NULL AND status NOT IN (3, 4, 5, 6)"
                " GROUP BY status, refusal"
            ).fetchall()
        )
        seconds = _busiest(came["at"])
        self.told |= {
            "got_it": len(came["got"]), "got_it_twice": sum(1 for n in came["got"].values() if n > 1),
            "otherwise": [list(row) for row in fates], "per_second": round(statistics.median(seconds)) if seconds else 0,
            "memory_mb": round(max(self.memory), 1),
            "p99_ratio": round(self.told["campaign"]["p99_ms"] / max(self.told["quiet"]["p99_ms"], 0.1), 2),
        }  # fmt: skip
        return self.told

    def stop(self) -> None:
        """End what was started."""
        self.bot.stop()
        self.graph.stop()


def _busiest(moments: list[float]) -> list[int]:
    """Messages in each second in which any came, the first and the last apart."""
    counts: dict[int, int] = defaultdict(int)
    for at in moments:
        counts[int(at - moments[0])] += 1
    return [counts[second] for second in sorted(counts)][1:-1]


def main() -> int:
    """Measure and print; 1 if somebody got it twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("build/campaign-load.json"))
    given = parser.parse_args()
    server = postgres.start() if given.postgres else None
    with tempfile.TemporaryDirectory(prefix="trinario-load-") as folder:
        base: Base = PostgresBase(server, "load") if server else SqliteBase(Path(folder) / "load.db")
        base.fill(given.recipients + TALKERS)
        base.work(
            lambda c: (
                c.exec_driver_sql(f"UPDATE contacts SET tags = '[\"talks\"]' WHERE id > {given.recipients}") and None
            )
        )
        run = Run(base, given.recipients)
        try:
            told = run.go()
        finally:
            run.stop()
            base.close()
            if server:
                server.stop()
    told["aim"] = f"p99_ratio <= {AIM}"
    print(json.dumps(told, indent=2))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(told, indent=2) + "\n")
    return int(told["got_it_twice"] > 0)


if __name__ == "__main__":
    sys.exit(main())
