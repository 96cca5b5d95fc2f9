"""What is old goes, some rows at a time; what is still needed stays, whatever its age. On every database."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, outgoing, psid
from trinario import jsons
from trinario.jobs import retention
from trinario.jobs.retention import Sweep, begin, sweep
from trinario.model.media import media_name
from trinario.model.retention import KEYS, Retention
from trinario.ports import CallOrder, Inward, MediaEntry, Unit, Writes
from trinario.runtime.sweeper import Sweeper
from trinario.store.bulk import table_of
from trinario.store.tables import MergeRow

ANA, BEN, KIM = psid("ana"), psid("ben"), psid("kim")
MONTHS = timedelta(days=60)
YOUNG = NOW + MONTHS
EVERYTHING = Retention(**{name: timedelta(days=31) for name in KEYS})


class Now:
    """The clock, two months later."""

    def now(self) -> datetime:
        return YOUNG


async def _run(store: AnyStore, *statements: str) -> None:
    for sql in statements:
        await store.run(lambda u, sql=sql: u.conn.exec_driver_sql(sql) and None)  # type: ignore[misc]


async def _column(store: AnyStore, sql: str) -> list[Any]:
    return await store.read(lambda u: [row[0] for row in u.conn.exec_driver_sql(sql).fetchall()])


async def _contact(store: AnyStore, name: str) -> int:
    found = {"identity": ("messenger", name)}
    return (await store.run(lambda u: u.contact_ids(found)))[0]


async def _walk(store: AnyStore, rules: Retention = EVERYTHING) -> dict[str, int]:
    sweeper = Sweeper(store, lambda: rules, Now())
    await sweeper.walk()
    return {part: count for part, count in sweeper._mark.gone.items() if count}


async def _said(store: AnyStore, keys: Iterable[str], contact: int, at: datetime = NOW, **changes: Any) -> None:
    rows = [replace(outgoing(key, contact, ANA), **changes) for key in keys]
    await store.run(lambda u: u.write(Writes(outgoing=rows), at))


async def test_messages_go_with_the_rows_that_they_were_sent_by(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, f"m{n}") for n in range(4)], NOW))
    ana = await _contact(store, "ana")
    await _said(store, ("old", "waits", "lives", "sold"), ana)
    await _said(store, ("young",), ana, YOUNG)
    live = "INSERT INTO sessions (id, contact_id, flow, revision, status, state, updated_at)"
    await _run(
        store, "UPDATE inbox SET status = 1 WHERE external_id <> 'm2'",
        "UPDATE outbox SET status = 5 WHERE key <> 'waits'",
        "UPDATE outbox SET session = 's1' WHERE key = 'lives'", "UPDATE outbox SET campaign = 1 WHERE key = 'sold'",
        f"{live} VALUES ('s1', {ana}, 'f', 'r', 'waiting', '{{}}', 1)",
    )  # fmt: skip
    await _walk(store)
    assert await _column(store, "SELECT key FROM outbox ORDER BY key") == ["lives", "sold", "waits", "young"]
    # m2 waits for its turn, m3 is the last that she said: it tells that she is no stranger
    assert await _column(store, "SELECT external_id FROM inbox ORDER BY id") == ["m2", "m3"]
    kept = "SELECT outbox_key FROM messages WHERE outbox_key IS NOT NULL ORDER BY outbox_key"
    assert set(await _column(store, kept)) <= {"waits", "young"}
    assert await _walk(store) == {}, "what is needed is not counted as gone"


async def test_a_merge_that_can_be_undone_keeps_what_was_heard(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(who, f"{who.value}{n}") for who in (ANA, BEN) for n in range(3)], NOW))
    ana = await _contact(store, "ana")
    await _run(store, "UPDATE inbox SET status = 1")
    columns = {"kept": ana, "taken": 999}
    await store.run(lambda u: _insert_merge(u, columns))
    await _walk(store)
    assert await _column(store, "SELECT external_id FROM inbox ORDER BY id") == ["ana0", "ana1", "ana2", "ben2"]


def _insert_merge(unit: Unit, given: dict[str, Any]) -> None:
    """A merge with the least that the table asks for."""
    table = table_of(MergeRow)
    filled: dict[str, Any] = {}
    for column in table.columns:
        if column.name in given:
            filled[column.name] = given[column.name]
        elif not column.nullable and column.server_default is None and not column.primary_key:
            filled[column.name] = 0 if "INT" in str(column.type) else "{}"
    unit.conn.execute(table.insert().values(**filled))  # type: ignore[attr-defined]


async def test_raw_bytes_go_first_and_strays_whole(store: AnyStore) -> None:
    stray = Inward("messenger", "odd", "unsupported", "{}", b"{}")
    await store.run(lambda u: u.take_in([heard(ANA, "a"), heard(ANA, "b"), stray], NOW))
    await _run(
        store,
        "UPDATE inbox SET status = 3 WHERE contact_id IS NULL",
        "UPDATE inbox SET status = 1 WHERE external_id = 'a'",
    )
    await _walk(store, Retention(strays=None))
    left = "SELECT external_id FROM inbox WHERE raw IS NOT NULL ORDER BY id"
    assert await _column(store, left) == ["b"], "what waits for its turn keeps all that it has"
    assert len(await _column(store, "SELECT id FROM inbox")) == 3
    await _walk(store, Retention(strays=timedelta(days=59)))
    assert await _column(store, "SELECT external_id FROM inbox ORDER BY id") == ["a", "b"]


async def test_calls_history_and_slots(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, "a")], NOW))
    ana = await _contact(store, "ana")
    orders = [CallOrder(key, ana, "s", "f.s", "http", {}, 5.0, 0, False, NOW) for key in ("over", "waits")]
    events = [(ana, name, NOW, jsons.dumps({})) for name in ("goal", "linked", "contacts_merged", "optin")]
    await store.run(lambda u: u.write(Writes(calls=orders, events=events), NOW))
    slots = "INSERT INTO occurrences (name, slot, due_at, state) VALUES"
    await _run(
        store, "UPDATE calls SET status = 2 WHERE key = 'over'",
        f"{slots} ('t', 'old', 1, 1), ('t', 'open', 1, 0), ('t', 'new', {int(NOW.timestamp() * 1000)}, 1)",
    )  # fmt: skip
    await _walk(store)
    assert await _column(store, "SELECT key FROM calls") == ["waits"]
    assert await _column(store, "SELECT name FROM events ORDER BY id") == ["linked", "contacts_merged", "optin"]
    assert await _column(store, "SELECT slot FROM occurrences ORDER BY slot") == ["new", "open"]


async def test_ways_through_flows_go_but_not_those_of_campaigns_or_of_who_is_under_way(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, "a")], NOW))
    ana, old, young = await _contact(store, "ana"), int(NOW.timestamp() * 1000), int(YOUNG.timestamp() * 1000)
    way = "INSERT INTO passages (session, flow, step, how, arrived_at, slot) VALUES"
    live = "INSERT INTO sessions (id, contact_id, flow, revision, status, state, updated_at)"
    await _run(
        store,
        f"{way} ('over', 'f', 'a', 'next', {old}, NULL), ('sold', 'f', 'a', 'next', {old}, 7),"
        f" ('lives', 'f', 'a', 'waits', {old}, NULL), ('new', 'f', 'a', 'next', {young}, NULL)",
        f"{live} VALUES ('lives', {ana}, 'f', 'r', 'waiting', '{{}}', 1), ('over', {ana}, 'f', 'r', 'done', '{{}}', 1)",
    )
    assert await _walk(store, Retention(steps=timedelta(days=59))) == {"steps": 1}
    assert await _column(store, "SELECT session FROM passages ORDER BY id") == ["sold", "lives", "new"]


async def test_files_go_with_their_messages(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, "a")], NOW))
    ana = await _contact(store, "ana")
    files = [
        MediaEntry(media_name("messenger", name, 0), ana, "messenger", "ana", name, 0, "image", "1", "", "image/jpeg")
        for name in ("pic", "kept")
    ]
    await store.run(lambda u: u.write(Writes(media=files), NOW))
    line = "INSERT INTO messages (contact_id, direction, author, channel, at, kind, text, external_id) VALUES"
    await _run(
        store, f"{line} ({ana}, 'in', 'contact', 'messenger', {int(NOW.timestamp() * 1000)}, 'media', '', 'pic')",
        "UPDATE media SET status = 2, held = 1",
    )  # fmt: skip
    await _walk(store)
    doomed = await store.read(lambda u: u.media.doomed(10, YOUNG))
    assert doomed == [files[0].id]
    await store.run(lambda u: u.media.removed(doomed, [], YOUNG))
    assert await _column(store, "SELECT message FROM media") == ["kept"]


async def test_it_goes_on_where_it_stood(store: AnyStore, monkeypatch: Any) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    await store.run(lambda u: u.take_in([heard(psid(f"p{n}"), f"m{n}") for n in range(5)], NOW))
    await _run(store, "UPDATE inbox SET status = 1")
    mark = Sweep()
    assert "raw" in await store.run(lambda u: begin(u, mark, YOUNG))
    counts = []
    for _ in range(4):
        more = await store.run(lambda u: sweep(u, Retention(), mark, "raw", YOUNG))
        counts.append((more, mark.gone["raw"]))
    assert counts == [(True, 2), (True, 4), (False, 5), (False, 5)]
    assert not await store.run(lambda u: sweep(u, Retention(), mark, "messages", YOUNG)), "for good is for good"
