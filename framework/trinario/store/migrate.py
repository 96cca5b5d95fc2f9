"""Bringing a database to this version's tables, once, under a lock."""

from pathlib import Path

from sqlalchemy import Connection, inspect

HEAD = "0001"
"""The newest revision; a test holds it against the files."""

LOCK = 7421904411
"""Advisory lock under which one process migrates PostgreSQL."""


def current(conn: Connection) -> str | None:
    """The revision a database stands at; None: it is empty."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found = conn.exec_driver_sql("SELECT version_num FROM alembic_version").fetchone()
    return None if found is None else str(found[0])


def upgrade(conn: Connection) -> bool:
    """Bring the database to HEAD; gives whether there was anything to do. Alembic is loaded only then."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    if current(conn) == HEAD:
        return False
    from alembic.command import upgrade as run
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    run(config, "head")
    return True
