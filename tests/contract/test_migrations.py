"""The migrations make exactly the tables that the code declares."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.contract.conftest import AnyStore
from trinario.store import migrate
from trinario.store.tables import METADATA


async def test_a_migrated_database_is_what_the_tables_say(store: AnyStore) -> None:
    differences = await store.run(lambda u: compare_metadata(MigrationContext.configure(u.conn), METADATA))
    assert differences == []


async def test_a_second_upgrade_has_nothing_to_do(store: AnyStore) -> None:
    assert await store.run(lambda u: migrate.upgrade(u.conn)) is False


def test_head_is_the_newest_file() -> None:
    versions = Path(migrate.__file__).parent / "migrations" / "versions"
    assert max(path.stem.split("_")[0] for path in versions.glob("0*.py")) == migrate.HEAD
