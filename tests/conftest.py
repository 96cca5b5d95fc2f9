"""What many tests share: one PostgreSQL cluster a test process, started when the first test asks for it."""

from collections.abc import Iterator

import pytest

from tests import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A real PostgreSQL cluster."""
    server = postgres.start()
    yield server
    server.stop()
