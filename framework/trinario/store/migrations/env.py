"""Alembic's environment: the connection is handed over by `store/migrate.py`."""

from alembic import context

from trinario.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
