"""Indexes of contact fields: made as declared, used by segments, dropped when nobody asks for them."""

from typing import Any

from tests.contract.conftest import AnyStore
from tests.contract.segment_people import BOT, NOW
from trinario.expressions import compile_condition
from trinario.jobs import segments
from trinario.store.bulk import fetch
from trinario.store.field_indexes import settle
from trinario.store.segment_sql import Asked, spelled_for

FIELDS = {"city": "text", "budget": "number", "born": "date", "open": "yes_no", "seen": "datetime"}
LONG = "a" * 80


async def _settled(store: AnyStore, fields: dict[str, str]) -> tuple[list[str], list[str]]:
    return await store.run(lambda unit: settle(unit.conn, fields))


async def test_they_are_as_declared(store: AnyStore) -> None:
    names = [f"contacts_field_{kind}_{name}" for name, kind in FIELDS.items() if name != "seen"]
    assert await _settled(store, FIELDS) == (sorted(names), [])
    assert await _settled(store, FIELDS) == ([], [])
    made, gone = await _settled(store, {"city": "number", LONG: "text"})
    assert (len(made), gone) == (2, sorted(names))
    assert await _settled(store, {"city": "number", LONG: "text"}) == ([], [])
    assert len((await _settled(store, {}))[1]) == 2


async def _plan(store: AnyStore, source: str) -> str:
    def ask(unit: Any) -> str:
        asked = Asked(
            segments.question(BOT, segments.segment(BOT, compile_condition(source)), NOW), spelled_for(unit.conn)
        )
        sqlite = unit.conn.dialect.name == "sqlite"
        if not sqlite:
            unit.conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        sql = f"SELECT COUNT(*) FROM contacts c WHERE c.merged_into IS NULL AND {asked.holds.text}"
        rows = fetch(unit.conn, f"{'EXPLAIN QUERY PLAN' if sqlite else 'EXPLAIN'} {sql}", *asked.holds.values)
        return "\n".join(str(row) for row in rows)

    return await store.run(ask)


async def test_a_segment_is_served_by_them(store: AnyStore) -> None:
    await _settled(store, FIELDS)
    for source, name in (
        ("fields.city == 'Milano'", "text_city"),
        ("'vip' in tags and fields.city in ['Milano', 'Roma']", "text_city"),
        ("fields.budget >= 5000", "number_budget"),
        ("fields.born < today and consent.marketing", "date_born"),
    ):
        assert f"contacts_field_{name}" in await _plan(store, source), source
