"""The API about webhooks that go out: how they stand, and enabled again by whom."""

from tests.unit.web.conftest import House
from trinario.model.hook import SOURCES
from trinario.ports.hooks import DISABLED
from trinario.runtime.clock import SystemClock


async def test_webhooks_are_listed_and_enabled_again(house: House) -> None:
    now = SystemClock().now()
    assert await house.get("/api/v1/webhooks") == (200, {"webhooks": []})
    await house.store.run(lambda u: u.hooks.gather("crm", SOURCES, lambda source, name: True, 10, now))
    await house.store.run(lambda u: u.hooks.switch("crm", DISABLED, "it says that it is gone (410)", now))
    (one,) = (await house.get("/api/v1/webhooks"))[1]["webhooks"]
    assert (one["name"], one["state"], one["why"]) == ("crm", "disabled", "it says that it is gone (410)")
    for _ in range(2):
        status, body = await house.post("/api/v1/webhooks/crm/enable", {"author": "Rita"})
        assert status == 200 and body["state"] == "active"
    kept = await house.store.run(
        lambda u: u.conn.exec_driver_sql("SELECT data FROM events WHERE name = 'webhook'").all()
    )
    assert len(kept) == 1 and "Rita" in str(kept[0][0])
    assert (await house.post("/api/v1/webhooks/none/enable", {}))[0] == 404
    assert (await house.get("/api/v1/webhooks", token=None))[0] == 401
