"""The houses of the journeys: an emulator and a bot as real processes, on SQLite and on PostgreSQL, shared by many tests."""

import itertools
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.journeys.house import House
from tests.processes import DEMO

ROOMS = Path(__file__).parent / "project" / "bots" / "rooms"
"""A bot with a small flow for every journey."""

_NUMBERS = itertools.count()

DATABASES = [pytest.param(name, marks=pytest.mark.xdist_group(f"journeys-{name}")) for name in ("sqlite", "postgres")]
"""The tests of one database share a worker, and so its houses."""


def _database(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'bot.db'}"
    return str(request.getfixturevalue("postgres_server").database(f"journeys_{next(_NUMBERS)}"))


def _running(request: pytest.FixtureRequest, paths: pytest.TempPathFactory, bot: Path) -> Iterator[House]:
    folder = paths.mktemp(f"{bot.name}-{request.param}")
    house = House(folder, _database(request, folder), bot)
    try:
        house.start()
        yield house
    finally:
        house.close()


@pytest.fixture(scope="session", params=DATABASES)
def _demo_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from _running(request, tmp_path_factory, DEMO)


@pytest.fixture(scope="session", params=DATABASES)
def _rooms_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from _running(request, tmp_path_factory, ROOMS)


@pytest.fixture
def demo(_demo_house: House) -> Iterator[House]:
    """The demo bot."""
    yield from _demo_house.visit()


@pytest.fixture
def house(_rooms_house: House) -> Iterator[House]:
    """The bot of the journeys' own flows."""
    yield from _rooms_house.visit()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the processes printed is shown with a failure."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        for name in ("demo", "house"):
            if isinstance(house := item.funcargs.get(name), House):
                report.sections += [("the bot", house.bot.said()), ("the emulator", house.meta.said())]
    return report
