"""How fast one sender sends: the messages of a campaign out of the outbox to a Graph written for speed, beside a bare loop over
aiohttp's client in one process as well: the bodies and addresses that the sender sent, over as many connections, in pairs.

python -m tests.benchmarks.sending [--pairs 3] [--messages 20000] [--postgres] [--profile] [--out FILE]
"""

import argparse
import asyncio
import cProfile
import json
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import uvloop
from aiohttp import ClientSession, DummyCookieJar, TCPConnector
from sqlalchemy import Connection

from tests import postgres
from tests.benchmarks.campaign_load import ask
from tests.benchmarks.rigs import NOW, Base, PostgresBase, Rig, SqliteBase, rig
from trinario.model.message import Text
from trinario.model.wire_content import content_to_json
from trinario.store.bulk import insert
from trinario.store.tables import CampaignRow, CampaignSlotRow, OutboxRow

CONNECTIONS = 512
TEXT = "Spring is here, friend: 10 % until Sunday. STOP ends this."
AIM = "> 1,000 a second, > 60 % of the bare loop's"
PATIENCE = 300.0
COLUMNS = (
    "key", "contact_id", "channel", "kind", "value", "content", "purpose", "priority", "campaign", "cause", "created_at",
)  # fmt: skip


def put(base: Base, first: int, count: int) -> None:
    """So many messages of a running campaign that may go, one for each contact."""
    content = json.dumps(content_to_json(Text(TEXT)))
    rows = [
        (f"i{first + n}/1/0/0/0", n + 1, "messenger", "psid", f"9{n + 1:015d}", content, "marketing", 1, 1,
         "campaign/everyone.send", NOW)
        for n in range(count)
    ]  # fmt: skip
    base.work(lambda conn: insert(OutboxRow, COLUMNS).run(conn, rows))


def campaign(conn: Connection) -> None:
    """The campaign runs; everybody has had her turn."""
    columns = ("name", "state", "since", "reached", "changed_at")
    insert(CampaignRow, columns).run(conn, [("everyone", "running", NOW, NOW, NOW)])
    insert(CampaignSlotRow, ("campaign", "slot", "due_at", "state", "opened_at")).run(
        conn, [("everyone", "at once", NOW, 1, NOW)]
    )


def once(base: Base, graph: Rig, first: int, count: int) -> tuple[float, float, int, float]:
    """One sender from its first message to its last: (a second, µs of CPU a message, connections it opened, µs that the event
    loop's thread took of that CPU)."""
    base.work(lambda conn: conn.exec_driver_sql("DELETE FROM outbox") and None)
    put(base, first, count)
    before, lines = ask(graph, "count"), ask(graph, "lines")
    url = f"http://127.0.0.1:{graph.port}"
    sender = rig("bot", "sender", env=base.env(TRINARIO_GRAPH_URL=url))
    cpu, loop, until = sender.cpu(), sender.loop_cpu(), time.perf_counter() + PATIENCE
    try:
        asked = 0
        while (ask(graph, "count") < before + count or base.pending()) and time.perf_counter() < until:
            asked += 1
            time.sleep(0.05)
        spent, looped = sender.cpu() - cpu, sender.loop_cpu() - loop
    finally:
        sender.stop()
    lines = ask(graph, "lines") - lines - asked - 2  # each question is a connection of its own
    at = ask(graph, "bulk")["at"][before:]
    if len(at) != count:
        raise RuntimeError(f"{len(at)} of {count} messages came")
    return _rate(at), spent / count * 1e6, lines, looped / count * 1e6


def _rate(moments: list[float]) -> float:
    """Messages a second, the first and the last tenth apart."""
    tenth = len(moments) // 10
    middle = moments[tenth:-tenth]
    return (len(middle) - 1) / (middle[-1] - middle[0])


def bare(graph: Rig, count: int, lines: int) -> tuple[float, float]:
    """The same POSTs by nothing but aiohttp's client over so many connections: (a second, µs of CPU a message)."""
    sent, path = ask(graph, "last")
    data = sent.encode()
    url = f"http://127.0.0.1:{graph.port}{path}"
    headers = {"Authorization": "Bearer token", "Content-Type": "application/json"}

    async def line(session: ClientSession, left: list[int]) -> None:
        while left:
            left.pop()
            async with session.post(url, data=data, headers=headers) as answer:
                json.loads(await answer.read())

    async def all_of_it() -> None:
        connector = TCPConnector(limit=CONNECTIONS, keepalive_timeout=15)
        async with ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as session:
            left = list(range(count))
            await asyncio.gather(*(line(session, left) for _ in range(lines)))

    before, me = ask(graph, "count"), psutil.Process()
    cpu = sum(me.cpu_times()[:2])
    uvloop.run(all_of_it())
    spent = sum(me.cpu_times()[:2]) - cpu
    return _rate(ask(graph, "bulk")["at"][before:]), spent / count * 1e6


@contextmanager
def _one_line(base: Base) -> Iterator[Callable[[Any], Any]]:
    """Works in transactions of one connection, as the writer of a sender has it."""
    if not isinstance(base, SqliteBase):
        yield base.work
        return
    with base.engine.connect() as conn:

        def work(work: Any) -> Any:
            with conn.begin():
                return work(conn)

        yield work


def profiled(base: Base, count: int) -> None:
    """Where the time of the database's part goes: claims and settles of the same rows in one thread, without HTTP; first what
    it takes, then with a profile, which makes it longer."""
    for profile in (None, cProfile.Profile()):
        base.work(lambda conn: conn.exec_driver_sql("DELETE FROM outbox") and None)
        put(base, 1, count)
        with _one_line(base) as work:
            spent = _by_the_writer(work, count, profile)
        if profile is None:
            print(f"the database's part: {spent / count * 1e6:.0f} µs of CPU a message")
        else:
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _by_the_writer(work: Callable[[Any], Any], count: int, profile: cProfile.Profile | None) -> float:
    """Send so many without HTTP; gives seconds of CPU."""
    from datetime import UTC, datetime

    from trinario.jobs.deliver import claim, outcome, settle
    from trinario.jobs.hold import People
    from trinario.jobs.world import Tuning, World
    from trinario.model.outbox import Sent
    from trinario.runtime import build
    from trinario.runtime.chance import SecretChance
    from trinario.runtime.keeper import BotKeeper
    from trinario.runtime.process import quieten
    from trinario.runtime.settings import Settings
    from trinario.store.unit import SqlUnit

    keeper = BotKeeper(Path(__file__).parent / "project" / "bots" / "bench", Settings())
    graph = build.Graph("http://127.0.0.1:1", "http://127.0.0.1:1", "v25.0")
    world = World(lambda: keeper.bot, build.adapters(keeper.settings, graph, None), SecretChance(b"k" * 32))  # type: ignore[arg-type]
    people, back = People(), list[Any]()
    quieten()

    def round_(conn: Connection) -> int:
        unit, now = SqlUnit(conn), datetime.now(UTC)
        settle(unit, back, now, 7)
        rows = claim(unit, world, {"messenger": 512, "whatsapp": 512}, 7, now, people)
        gone = [(row, Sent(f"m{row.entry.id}")) for row in rows]
        back[:] = [(row, sent, outcome(row, sent, now, Tuning(), float)) for row, sent in gone]
        return len(rows)

    done, begun = 0, time.thread_time()
    if profile is not None:
        profile.enable()
    while done < count:
        done += int(work(round_))
        time.sleep(0.001)
    if profile is not None:
        profile.disable()
    return time.thread_time() - begun


def main() -> int:
    """Measure and print; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("build/sending.json"))
    given = parser.parse_args()
    server = postgres.start() if given.postgres else None
    with tempfile.TemporaryDirectory(prefix="trinario-sending-") as folder:
        base: Base = PostgresBase(server, "sending") if server else SqliteBase(Path(folder) / "sending.db")
        base.fill(given.messages)
        base.work(campaign)
        graph = rig(module="fast_graph")
        try:
            told = pairs(base, graph, given.pairs, given.messages)
            if given.profile:
                profiled(base, given.messages)
        finally:
            graph.stop()
            base.close()
            if server:
                server.stop()
    print(json.dumps(told, indent=2))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(told, indent=2) + "\n")
    return 0


def pairs(base: Base, graph: Rig, count: int, messages: int) -> dict[str, Any]:
    """The medians of some pairs."""
    ours, plain, rates, costs = [], [], [], []
    for number in range(count):
        ours.append(once(base, graph, (number + 1) * 10_000_000, messages))
        plain.append(bare(graph, messages, ours[-1][2]))
        rates.append(ours[-1][0] / plain[-1][0])
        costs.append(plain[-1][1] / ours[-1][1])
        print(f"sender {ours[-1][0]:>7.0f}/s  bare loop {plain[-1][0]:>7.0f}/s  {rates[-1] * 100:.0f} %"
              f"  CPU {ours[-1][1]:.0f} ({ours[-1][3]:.0f} in the loop) : {plain[-1][1]:.0f} µs,"
              f" {ours[-1][2]} connections", flush=True)  # fmt: skip
    return {
        "sender_per_second": round(statistics.median(one[0] for one in ours)),
        "bare_per_second": round(statistics.median(one[0] for one in plain)),
        "of_bare": round(statistics.median(rates), 2),
        "sender_us": round(statistics.median(one[1] for one in ours)),
        "loop_us": round(statistics.median(one[3] for one in ours)),
        "bare_us": round(statistics.median(one[1] for one in plain)),
        "connections": round(statistics.median(one[2] for one in ours)),
        "cpu_of_bare": round(statistics.median(costs), 2),
        "aim": AIM,
    }


if __name__ == "__main__":
    sys.exit(main())
