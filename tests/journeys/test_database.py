"""PostgreSQL goes away and comes back under a running bot: nobody's message is to blame, and nothing is lost."""

from collections.abc import Callable

import pytest

from tests.journeys.house import House
from tests.postgres import Server
from tests.processes import call, eventually

CUT = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"

Cut = Callable[[], str]


@pytest.fixture
def cut(house: House, postgres_server: Server) -> Cut:
    """Cuts every connection of the bot."""
    name = house.database.rpartition("/")[2]
    return lambda: postgres_server.psql(CUT.format(name))


@pytest.mark.parametrize(
    "_rooms_house", [pytest.param("postgres", marks=pytest.mark.xdist_group("journeys-postgres"))], indirect=True
)
class TestCutConnections:
    """All connections of the bot are cut at once, as by a restart or a failover of the server."""

    def test_a_conversation_goes_on(self, house: House, cut: Cut) -> None:
        ana = house.person()
        ana.say("messenger", "lunch")
        ana.sees("messenger", 1)
        for number, text in enumerate(["soup", "cake"], 2):
            cut()
            ana.say("messenger", text)
            ana.sees("messenger", number)
        assert ana.texts("messenger")[-1] == "soup, then cake"
        eventually(lambda: call("GET", f"{house.bot.url}/readyz")[0] == 200, "it is ready again")
        assert house.bot.alive

    def test_no_message_is_to_blame(self, house: House, cut: Cut, postgres_server: Server) -> None:
        people = [house.person(f"Number {n}") for n in range(10)]
        for number in range(6):
            for one in people:
                one.say("messenger", f"message {number}")
            cut()
        for one in people:
            assert sorted(one.sees("messenger", 6)) == [f"You said: message {number}" for number in range(6)]
        name = house.database.rpartition("/")[2]
        assert postgres_server.psql("SELECT COUNT(*) FROM inbox WHERE status = 2 OR tries > 0", name) == "0"
        house.advance(120)
        assert sum(len(house.accepted(one)) for one in people) == 60

    def test_its_lock_and_its_ear_come_back(self, house: House, cut: Cut, postgres_server: Server) -> None:
        """Without its lock, other processes would take what it sends for orphaned; without its ear it hears no one."""
        name = house.database.rpartition("/")[2]
        ours = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        locks = f"SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND {ours}"
        ears = f"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE 'LISTEN%'"
        for _ in range(2):
            eventually(lambda: postgres_server.psql(locks, name) == "1", "one lock is held")
            eventually(lambda: postgres_server.psql(ears, name) == "1", "one connection listens")
            cut()
