"""On PostgreSQL what a turn and a sender ask for is found by an index from the first row on, before the server has counted any."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests.contract.conftest import AnyStore
from tests.contract.records import heard, psid
from tests.contract.test_drips import NOW, Garden, a_sequence, step
from tests.contract.test_schedules import contacts
from trinario.jobs.deliver import claim
from trinario.jobs.drips import bring_steps, reckon_steps
from trinario.jobs.hold import People
from trinario.jobs.receive import receive
from trinario.store.postgres import PostgresStore

ASKS = ("SELECT", "UPDATE", "DELETE")


@contextmanager
def listening(store: PostgresStore) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are run meanwhile, with their values."""
    heards: list[tuple[str, Any]] = []

    def told(conn: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        heards.append((statement, values))

    event.listen(store.engine.sync_engine, "before_cursor_execute", told)
    try:
        yield heards
    finally:
        event.remove(store.engine.sync_engine, "before_cursor_execute", told)


async def plan_of(store: PostgresStore, statement: str, values: Any) -> str:
    """How the server finds what it asks for."""
    found = await store.run(lambda u: u.conn.exec_driver_sql(f"EXPLAIN {statement}", values).fetchall())
    return "\n".join(row[0] for row in found)


async def test_a_turn_and_a_claim_read_no_whole_table_in_a_new_database(store: AnyStore) -> None:
    if not isinstance(store, PostgresStore):
        pytest.skip("SQLite plans without counting rows")
    garden = Garden(store, a_sequence(step("hello", 0, None)))
    await garden.enrol(*[one.id for one in await contacts(store, 3)])
    with listening(store) as statements:
        await store.run(lambda u: u.take_in([heard(psid("talks"), "m1")], NOW))
        await store.run(lambda u: reckon_steps(u, garden.world, NOW))
        await store.run(lambda u: bring_steps(u, garden.world, NOW))
        while (await store.run(lambda u: receive(u, garden.world, NOW))).rows:
            pass
        places = dict.fromkeys(garden.world.adapters, 10)
        await store.run(lambda u: claim(u, garden.world, places, 1, NOW, People()))
    asked = {statement: values for statement, values in statements if statement.startswith(ASKS)}
    assert len(asked) > 20 and any("FROM outbox o" in statement for statement in asked)
    plans = {statement: await plan_of(store, statement, values) for statement, values in asked.items()}
    assert {statement: plan for statement, plan in plans.items() if "Seq Scan" in plan} == {}


async def test_reports_may_read_whole_tables(store: AnyStore) -> None:
    if not isinstance(store, PostgresStore):
        pytest.skip("SQLite plans without counting rows")
    asked = "SELECT COUNT(*) FROM messages WHERE text = 'x'"
    found = await store.read(lambda u: u.conn.exec_driver_sql(f"EXPLAIN {asked}").fetchall())
    assert any("Seq Scan" in row[0] for row in found)
    assert [
        tuple(row) for row in await store.run(lambda u: u.conn.exec_driver_sql("SHOW enable_seqscan").fetchall())
    ] == [("off",)]
