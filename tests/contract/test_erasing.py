"""Erasure over every database: nothing of her is left in any table, others are untouched, and no import knows her again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from trinario.store.erase import HERS, NOBODYS, SPECIAL
from trinario.store.sqlite import SqliteStore, scrub
from trinario.store.tables import METADATA

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "Zanzibar-7731"
"""Stands in every text of hers."""


def test_every_table_has_a_rule() -> None:
    tables = set(METADATA.tables) - {"alembic_version"}
    assert set(HERS) | SPECIAL | set(NOBODYS) == tables
    named = {table for table in tables for column in METADATA.tables[table].columns if column.name == "contact_id"}
    assert named <= set(HERS) | SPECIAL, "a table that knows contacts says what erasure does to it"


def fill(unit: Any, contact: int, secret: str, value: str) -> None:
    """A row of this contact in every table that has rows of contacts, with the secret in every free text."""
    for name, table in METADATA.tables.items():
        if name in NOBODYS:
            continue
        row: dict[str, Any] = {}
        for column in table.columns:
            kind = str(column.type).upper()
            if column.name in ("contact_id", "sender", "used_by", "kept", "taken", "merge", "one", "two") or (
                name == "contacts" and column.name == "id"
            ):
                row[column.name] = contact
            elif column.name == "merged_into" or (column.name == "id" and "INT" in kind and name != "contacts"):
                continue
            elif column.name in ("value", "number"):
                row[column.name] = value
            elif column.name == "external_id" and name == "outbox" or column.name == "message_id":
                row[column.name] = f"wamid.{secret}"
            elif "INT" in kind and column.nullable:
                continue
            elif "INT" in kind:
                row[column.name] = 0
            elif "BLOB" in kind or "BYTE" in kind:
                row[column.name] = secret.encode()
            elif (
                "JSON" in kind
                or column.server_default is not None
                and str(column.server_default.arg) in ("'{}'", "'[]'")
            ):
                row[column.name] = (
                    {"said": secret} if unit.conn.dialect.name == "postgresql" else f'{{"said": "{secret}"}}'
                )
            else:
                row[column.name] = f"{column.name} {secret}"
        unit.conn.execute(table.insert().values(**row))


def dump(unit: Any) -> str:
    """Everything in every table, as text."""
    parts = []
    for name in METADATA.tables:
        for row in unit.conn.execute(text(f'SELECT * FROM "{name}"')):
            parts.append(" ".join(bytes(v).decode() if isinstance(v, bytes | memoryview) else str(v) for v in row))
    return "\n".join(parts)


async def test_nothing_of_hers_is_left(store: Any) -> None:
    await store.run(lambda unit: fill(unit, 1, SECRET, "393330007731"))
    await store.run(lambda unit: fill(unit, 2, "Other-1111", "393330001111"))
    before = await store.run(dump)
    assert SECRET in before and "393330007731" in before

    gone = await store.run(lambda unit: unit.privacy.erase([1]))

    after = await store.run(dump)
    assert SECRET not in after and "393330007731" not in after
    assert set(HERS) | SPECIAL == set(gone)
    assert after.count("Other-1111") == before.count("Other-1111")


async def test_webhooks_of_nobody_and_events_of_others_that_name_her_go_too(store: Any) -> None:
    def write(unit: Any) -> None:
        fill(unit, 1, SECRET, "393330007731")
        inbox = METADATA.tables["inbox"]
        row = {"channel": "whatsapp", "kind": "other", "received_at": 0, "contact_id": None}
        for number, (body, raw) in enumerate(
            (('{"wa_id": "393330007731"}', b"x"), ("{}", b'["393330007731"]'), ("{}", b"{}"))
        ):
            unit.conn.execute(inbox.insert().values(**row, body=body, raw=raw, external_id=f"n{number}"))
        sql = "INSERT INTO events (contact_id, name, at, data) VALUES (2, 'identity_changed', 0, '{\"former\": [\"393330007731\"]}')"
        unit.conn.exec_driver_sql(sql)

    await store.run(write)
    await store.run(lambda unit: unit.privacy.erase([1]))
    assert "393330007731" not in await store.run(dump)
    left = await store.run(lambda unit: unit.conn.execute(text("SELECT external_id FROM inbox")).scalars().all())
    assert left == ["n2"]


async def test_whoever_was_merged_into_her_is_the_same_person(store: Any) -> None:
    def write(unit: Any) -> None:
        contacts = METADATA.tables["contacts"]
        for number, into in ((1, None), (2, 1), (3, 2), (4, None)):
            unit.conn.execute(contacts.insert().values(id=number, created_at=0, merged_into=into))

    await store.run(write)
    assert await store.run(lambda unit: unit.privacy.family(1)) == [1, 2, 3]
    assert await store.run(lambda unit: unit.privacy.family(2)) == [1, 2, 3]
    assert await store.run(lambda unit: unit.privacy.family(9)) == []
    await store.run(lambda unit: unit.privacy.erase([1, 2, 3]))
    assert await store.run(lambda unit: unit.privacy.family(4)) == [4]


async def test_takeout_has_what_is_known_and_no_proofs(store: Any) -> None:
    await store.run(lambda unit: fill(unit, 1, SECRET, "393330007731"))
    found = await store.read(lambda unit: unit.privacy.takeout([1]))
    assert set(found) == set(HERS) | {"media"} and list(found)[0] == "contacts"
    assert found["messages"][0]["text"] == f"text {SECRET}" and found["inbox"][0]["raw"] == SECRET
    assert found["contacts"][0]["fields"] == {"said": SECRET}
    assert not [name for rows in found.values() for row in rows for name in row if name == "hash"]
    assert await store.read(lambda unit: unit.privacy.takeout([2])) == {}


async def test_tombstones(store: Any) -> None:
    await store.run(lambda unit: unit.privacy.bury({"a", "b"}, NOW))
    await store.run(lambda unit: unit.privacy.bury({"b", "c"}, NOW))
    assert await store.read(lambda unit: unit.privacy.buried(["b", "c", "d"])) == {"b", "c"}
    assert await store.read(lambda unit: unit.privacy.buried([])) == set()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_not_a_byte_in_the_file(store: SqliteStore, tmp_path: Path) -> None:
    await store.run(lambda unit: fill(unit, 1, SECRET * 3000, "393330007731"))  # long texts take pages of their own
    await store.run(lambda unit: fill(unit, 2, "Other-1111", "393330001111"))
    await store.run(lambda unit: unit.privacy.erase([1]))
    assert scrub(str(tmp_path / "test.db"))
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Other-1111" in held and SECRET.encode() not in held and b"393330007731" not in held
