"""A million contacts, and how long segments take to count: `python -m tests.benchmarks.segments [--count N] [--postgres]`."""

import argparse
import asyncio
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests import postgres
from trinario import jsons
from trinario.expressions import compile_condition
from trinario.jobs import segments
from trinario.model.bot import Bot
from trinario.model.channel import Channel, Window
from trinario.model.flow import InputSpec
from trinario.runtime import build
from trinario.store.bulk import insert
from trinario.store.field_indexes import settle
from trinario.store.migrate import upgrade
from trinario.store.moments import ms
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import SqliteStore
from trinario.store.tables import ContactRow

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
BOT = Bot(
    "b", "it", "Europe/Rome", {"whatsapp": Channel("whatsapp", "whatsapp", build.LIMITS["whatsapp"], Window())}, {},
    fields={"city": InputSpec("text"), "budget": InputSpec("number"), "born": InputSpec("date"), "note": InputSpec("text")},
)  # fmt: skip
INDEXED = {"city": "text", "budget": "number", "born": "date"}
ASKED = (
    "'customer' in tags and fields.city == 'Milano' and contact.last_seen_at > ago('90d')",
    "fields.budget >= 9900 and consent.marketing",
    "fields.city in ['Forlì', 'Milano'] and not ('vip' in tags)",
    "fields.born > today - duration('6600d')",
    "contact.last_seen_at > ago('90d')",
    "'customer' in tags",
    "wants('marketing', 'whatsapp') and contact.language == 'it'",
    "(fields.city | lower) == 'milano'",
)
CITIES = [f"Città {n}" for n in range(95)] + ["Milano", "Roma", "Forlì", "Napoli", "Torino"]
COLUMNS = (
    "created_at",
    "first_name",
    "language",
    "timezone",
    "fields",
    "tags",
    "consent",
    "last_heard",
    "last_seen_at",
    "channel",
)


def _row(rng: random.Random) -> tuple[Any, ...]:
    seen = ms(NOW - timedelta(seconds=rng.randrange(86_400 * 720)))
    fields = {"city": rng.choice(CITIES), "budget": rng.randrange(10_000), "note": "x" * rng.randrange(60),
              "born": {"$d": f"{rng.randrange(1940, 2010)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"}}  # fmt: skip
    tags = [tag for tag in ("customer", "vip", "lead") if rng.random() < 0.3]
    consent = {"marketing": rng.random() < 0.5} if rng.random() < 0.6 else {}
    return (seen, "Ana", rng.choice(("it", "en", "de")), None, jsons.dumps(fields), jsons.dumps(tags), jsons.dumps(consent),
            jsons.dumps({"whatsapp": seen}), seen, "whatsapp")  # fmt: skip


async def _fill(store: Any, count: int) -> None:
    rng, bulk = random.Random(1), insert(ContactRow, COLUMNS)
    await store.run(lambda unit: upgrade(unit.conn))
    for _ in range(0, count, 20_000):
        rows = [_row(rng) for _ in range(min(20_000, count))]
        await store.run(lambda unit, rows=rows: bulk.run(unit.conn, rows))


async def _measure(store: Any, title: str) -> dict[str, float]:
    taken = {}
    print(f"\n{title}")
    for source in ASKED:
        one = segments.segment(BOT, compile_condition(source))
        best, found = 1e9, 0
        for _ in range(3):
            began = time.perf_counter()
            found = await store.read(lambda unit, one=one: segments.count(unit, BOT, one, NOW))
            best = min(best, time.perf_counter() - began)
        taken[source] = best
        print(f"  {best * 1000:8.0f} ms  {found:9,}  {source}")
    return taken


async def _run(store: Any, count: int) -> None:
    await _fill(store, count)
    if isinstance(store, PostgresStore):
        await store.run(lambda unit: unit.conn.exec_driver_sql("ANALYZE contacts"))
    bare = await _measure(store, f"{count:,} contacts, no index")
    began = time.perf_counter()
    await store.run(lambda unit: settle(unit.conn, INDEXED))
    print(f"\nindexes made in {time.perf_counter() - began:.1f} s")
    served = await _measure(store, "with indexes of city, budget and born")
    print("\nratio without : with")
    for source in ASKED:
        print(f"  {bare[source] / served[source]:6.1f} : 1  {source}")
    await store.close()


def main() -> None:
    """Measure one database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    if given.postgres:
        server = postgres.start()
        try:
            asyncio.run(_run(PostgresStore(server.database("segments")), given.count))
        finally:
            server.stop()
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(SqliteStore(str(Path(folder) / "bench.db"), "NORMAL"), given.count))


if __name__ == "__main__":
    main()
