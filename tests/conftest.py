"""What many tests share: one PostgreSQL cluster a test process, started when the first test asks for it."""

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import postgres

# whatever the machine says: the suite starts some hundred processes, and each would compile all of the house anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# no deadline: machines are noisy. Where a change is judged, the same examples every time; elsewhere new ones.
settings.register_profile("here", deadline=None)
settings.register_profile("judged", deadline=None, derandomize=True)
settings.load_profile("judged" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A real PostgreSQL cluster."""
    server = postgres.start()
    yield server
    server.stop()
