"""What the API asks of PostgreSQL differs from SQLite: fields, locks, keys."""

import itertools
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.postgres import Server
from tests.unit.web.conftest import ANNA, House, serve
from trinario.store.migrate import upgrade
from trinario.store.postgres import PostgresStore

_NUMBERS = itertools.count()

pytestmark = pytest.mark.postgres


@pytest.fixture
async def house(postgres_server: Server, session: aiohttp.ClientSession) -> AsyncIterator[House]:
    store = PostgresStore(postgres_server.database(f"web_api_{next(_NUMBERS)}"), pool=2)
    await store.run(lambda unit: upgrade(unit.conn))
    made = House(store, session)
    runner = await serve(made)
    yield made
    await runner.cleanup()
    await store.close()


async def test_everything_once(house: House) -> None:
    id = await house.anna()
    identity = {"channel": ANNA.channel, "value": ANNA.value}
    await house.store.run(lambda unit: unit.conn.exec_driver_sql("UPDATE contacts SET fields = '{\"customer\": 7}'"))

    for value, status in ((7, 202), (7.0, 202), ("7", 404), (True, 404)):
        given = {"event": "paid", "contact": {"field": {"name": "customer", "value": value}}}
        assert (await house.post("/api/v1/events", given))[0] == status, value
    given = {"event": "paid", "contact": {"identity": identity}, "data": {"note": "a\0b"}, "id": "e1"}
    assert (await house.post("/api/v1/events", given))[1] == {"id": "e1", "duplicate": False}
    assert (await house.post("/api/v1/events", given))[1] == {"id": "e1", "duplicate": True}

    status, sent = await house.post(f"/api/v1/contacts/{id}/messages", {"text": "Buongiorno"})
    assert status == 202
    assert (await house.get(f"/api/v1/contacts/{id}"))[1]["owner"] == "person"
    messages = (await house.get(f"/api/v1/contacts/{id}/messages"))[1]["messages"]
    assert [message["id"] == sent["id"] for message in messages] == [True, False]
    assert (await house.get(f"/api/v1/contacts/{id}/sessions"))[1] == {"sessions": []}
    assert (await house.get(f"/api/v1/contacts?identity=messenger:{ANNA.value}"))[1]["contacts"][0]["id"] == str(id)
    assert (await house.get("/api/v1/contacts/999"))[0] == 404


async def test_a_reply_waits_for_a_turn_and_gives_up_in_the_end(house: House) -> None:
    id = await house.anna()
    async with house.store.engine.connect() as conn:
        await conn.exec_driver_sql(f"SELECT id FROM contacts WHERE id = {id} FOR NO KEY UPDATE")
        status, body = await house.post(f"/api/v1/contacts/{id}/messages", {"text": "Buongiorno"})
        assert (status, body["type"]) == (503, "urn:trinario:busy-contact")
    assert (await house.post(f"/api/v1/contacts/{id}/messages", {"text": "Buongiorno"}))[0] == 202
