"""How long reports take: ten campaigns of a tenth of the rows each, beside one another in the same tables.

python -m tests.benchmarks.reports [--rows 1000000] [--postgres]
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import SQLModel

from tests import postgres
from trinario.campaign.report import Report
from trinario.store.bulk import Row, insert
from trinario.store.migrate import upgrade
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import SqliteStore
from trinario.store.tables import (
    CampaignSlotRow,
    ConsentRow,
    ContactRow,
    EventRow,
    MessageRow,
    OutboxRow,
    RecipientRow,
    ShortLinkRow,
)

CAMPAIGNS, CHUNK, TIMES = 10, 20_000, 3
AT, HOUR = 1_790_000_000_000, 3_600_000
REFUSALS = ("cap", "opted_out", "131026")
CONTACT = ("id", "created_at", "language", "last_seen_at", "channel")
SLOT = ("id", "campaign", "slot", "due_at", "state", "opened_at")
RECIPIENT = ("slot", "contact_id", "planned_for", "state", "due_at", "next_at", "variant", "reason", "at")
SAID = ("key", "contact_id", "channel", "kind", "value", "content", "purpose", "priority", "status", "refusal", "cause",
        "created_at", "sent_at", "campaign")  # fmt: skip
HEARD = ("contact_id", "direction", "author", "channel", "at", "kind", "text")
EVENT, CONSENT = ("contact_id", "name", "at", "data"), ("contact_id", "purpose", "state", "evidence", "said", "at")
LINK = ("token", "url", "contact_id", "key", "channel", "campaign", "made_at", "clicks")


def people(count: int) -> Iterator[tuple[type[SQLModel], Sequence[str], Row]]:
    """Contacts, and the slots of the campaigns."""
    for slot in range(1, CAMPAIGNS + 1):
        yield CampaignSlotRow, SLOT, (slot, f"c{slot}", "at once", AT, 4, AT)
    for n in range(1, count + 1):
        yield ContactRow, CONTACT, (n, AT, ("it", "en", "de")[n % 3], AT, "whatsapp")


def deeds(count: int) -> Iterator[tuple[type[SQLModel], Sequence[str], Row]]:
    """Places and messages of all campaigns, mixed with each other, and what people did then."""
    chance = Random(1)
    for n in range(count):
        slot, her = n % CAMPAIGNS + 1, n // CAMPAIGNS + 1
        lot = ("a", "b", "holdout")[min(her % 21 // 10, 2)]
        state, reason = (3, "holdout") if lot == "holdout" else (3, "exclude 1") if her % 17 == 0 else (2, "")
        yield RecipientRow, RECIPIENT, (slot, her, her, state, AT, AT, lot, reason, AT)
        yield MessageRow, HEARD, (her, "in", "contact", "whatsapp", AT + n % 99 * HOUR, "text", "thanks")
        if state == 2:
            yield from said(n, slot, her, chance)


def said(n: int, slot: int, her: int, chance: Random) -> Iterator[tuple[type[SQLModel], Sequence[str], Row]]:
    """A message, sometimes refused and said on another channel, with a link, a click, a stop or a goal."""
    status, key = chance.choice((3, 4, 5, 5, 6, 6, 6, 7, 8)), f"c{n}/1/0"
    tried = ["whatsapp", "messenger"] if status > 6 and her % 2 else ["whatsapp"]
    for at, channel in enumerate(tried):
        stands = status if at == 0 else 5
        why = REFUSALS[n % 3] if stands > 6 else None
        yield OutboxRow, SAID, (f"{key}/{at}/0", her, channel, "phone", f"39{her}", "{}", "marketing", 1, stands, why,
                                f"campaign/c{slot}.s", AT, AT + at * HOUR if stands < 7 else None, slot)  # fmt: skip
    yield ShortLinkRow, LINK, (f"t{n}", "https://x", her, key, "whatsapp", slot, AT, int(n % 7 == 0))
    if n % 50 == 0:
        yield ConsentRow, CONSENT, (her, "marketing", "withdrawn", "stop_word", "STOP", AT + HOUR)
    if n % 20 == 0:
        yield EventRow, EVENT, (her, "goal", AT + HOUR, json.dumps({"goal": "visit"}))


async def filled(store: Any, rows: int) -> None:
    """Write everything, so many rows a transaction."""
    kept: dict[type[SQLModel], tuple[Sequence[str], list[Row]]] = {}

    async def write(model: type[SQLModel]) -> None:
        columns, waiting = kept.pop(model)
        bulk = insert(model, columns)
        await store.run(lambda unit: bulk.run(unit.conn, waiting) and None)

    for source in (people(rows // CAMPAIGNS + 1), deeds(rows)):
        for model, columns, row in source:
            waiting = kept.setdefault(model, (columns, []))[1]
            waiting.append(row)
            if len(waiting) >= CHUNK:
                await write(model)
    for model in list(kept):
        await write(model)
    analyse = "ANALYZE" if isinstance(store, PostgresStore) else "PRAGMA optimize"
    await store.run(lambda unit: unit.conn.exec_driver_sql(analyse) and None)


async def timed(store: Any, asked: Callable[[Any], Any]) -> tuple[float, Any]:
    """The best of a few."""
    best, found = 1e9, None
    for _ in range(TIMES):
        begun = time.perf_counter()
        found = await store.read(asked)
        best = min(best, time.perf_counter() - begun)
    return best, found


async def measure(store: Any, rows: int) -> None:
    """Fill, ask, print."""
    await store.run(lambda unit: upgrade(unit.conn))
    begun = time.perf_counter()
    await filled(store, rows)
    print(f"{rows:,} places of {CAMPAIGNS} campaigns, written in {time.perf_counter() - begun:.0f} s")
    day, everyone = timedelta(days=7), range(1, CAMPAIGNS + 1)
    asked: dict[str, Callable[[Any], Any]] = {
        "one campaign": lambda unit: unit.campaigns.report([5], "visit", day),
        "one campaign without a goal": lambda unit: unit.campaigns.report([5], "", day),
        "all ten as one": lambda unit: unit.campaigns.report(everyone, "visit", day),
        "one step of a flow": lambda unit: unit.passages.told(["campaign/c5.s"], None, "visit", day),
    }
    for title, work in asked.items():
        seconds, told = await timed(store, work)
        of = told.people if isinstance(told, Report) else sum(one.counts.get("sent", 0) for one in told)
        print(json.dumps({"report": title, "people": of, "seconds": round(seconds, 2)}), flush=True)
    await store.close()


def main() -> int:
    """Measure one database; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    if given.postgres:
        server = postgres.start()
        try:
            asyncio.run(measure(PostgresStore(server.database("reports")), given.rows))
        finally:
            server.stop()
        return 0
    with tempfile.TemporaryDirectory(prefix="trinario-reports-") as folder:
        asyncio.run(measure(SqliteStore(str(Path(folder) / "bench.db"), "NORMAL"), given.rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
