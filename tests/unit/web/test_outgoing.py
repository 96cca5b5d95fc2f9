"""The API about webhooks that go out: how they stand, and enabled again by whom."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from tests.unit.web.conftest import House
from trinario import jsons
from trinario.model.hook import SOURCES, Endpoint
from trinario.ports import Writes
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
    for _ in range(2):
        status, body = await house.post("/api/v1/webhooks/crm/disable", {"author": "Rita", "reason": "it moves"})
        assert status == 200 and (body["state"], body["why"]) == ("disabled", "it moves")
    history = "SELECT data FROM events WHERE name = 'webhook' ORDER BY id"
    kept = await house.store.run(lambda u: u.conn.exec_driver_sql(history).all())
    assert len(kept) == 2 and "it moves" in str(kept[1][0]) and "disabled" in str(kept[1][0])
    assert (await house.post("/api/v1/webhooks/none/disable", {}))[0] == 404
    house.webhooks["bi"] = Endpoint("bi", "http://127.0.0.1:9/")  # no process has looked at it yet
    status, body = await house.post("/api/v1/webhooks/bi/disable", {"reason": "not yet"})
    assert status == 200 and (body["name"], body["state"], body["why"]) == ("bi", "disabled", "not yet")
    assert (await house.get("/api/v1/webhooks", token=None))[0] == 401


async def gathered(house: House, *goals: str) -> list[int]:
    """News of goals for the endpoint crm, under way; the ids of their deliveries."""
    now = SystemClock().now()
    house.webhooks["crm"] = Endpoint("crm", "http://127.0.0.1:9/", ("goal.*",))
    wants = lambda source, name: name == "goal"  # noqa: E731
    await house.store.run(lambda u: u.hooks.gather("crm", SOURCES, wants, 10, now))
    told = Writes(events=[(None, "goal", now, jsons.dumps({"goal": goal})) for goal in goals])
    await house.store.run(lambda u: u.write(told, now))
    await house.store.run(lambda u: u.hooks.gather("crm", SOURCES, wants, 10, now))
    due = await house.store.run(lambda u: u.hooks.claim(["crm"], 20, now + timedelta(minutes=2), now))
    return [one.id for one in due]


async def states(house: House, query: str = "") -> list[tuple[str, str, int, str]]:
    status, body = await house.get(f"/api/v1/webhooks/crm/deliveries{query}")
    assert status == 200
    return [(one["id"], one["state"], one["attempts"], one["why"]) for one in body["deliveries"]]


async def test_what_was_told_is_listed_and_told_again_piece_by_piece(house: House) -> None:
    now = SystemClock().now()
    ids = await gathered(house, "visit", "order")
    await house.store.run(lambda u: u.hooks.settle(ids[:1], [(ids[1], "it answers 500")], now))
    assert await states(house) == [("history_2", "given_up", 1, "it answers 500"), ("history_1", "told", 1, "")]
    assert await states(house, "?state=told") == [("history_1", "told", 1, "")]
    page = (await house.get("/api/v1/webhooks/crm/deliveries?limit=1"))[1]
    assert await states(house, f"?limit=1&next={page['next']}") == [("history_1", "told", 1, "")]
    assert await house.post("/api/v1/webhooks/crm/replay", {"id": "history_2", "author": "Rita"}) == (200, {"count": 1})
    assert await states(house, "?state=waiting") == [("history_2", "waiting", 0, "")]
    since = (now - timedelta(hours=1)).isoformat()
    assert await house.post("/api/v1/webhooks/crm/replay", {"since": since, "type": "goal.*"}) == (200, {"count": 2})
    assert await house.post("/api/v1/webhooks/crm/replay", {"since": since, "type": "message.*"}) == (200, {"count": 0})
    kept = await house.store.run(
        lambda u: u.conn.exec_driver_sql("SELECT data FROM events WHERE name = 'webhook' ORDER BY id").all()
    )
    told: list[Any] = [one[0] if isinstance(one[0], dict) else jsons.loads(one[0]) for one in kept]
    assert [(one["what"], one["by"]) for one in told] == [
        ("replayed", "Rita"),
        ("replayed", "api"),
        ("replayed", "api"),
    ]


async def test_mistakes_about_webhooks_are_named(house: House) -> None:
    await gathered(house, "visit")
    for given in ({}, {"id": "history_1", "type": "goal.*"}, {"since": "2026-11-20T10:00:00"}):
        assert (await house.post("/api/v1/webhooks/crm/replay", given))[0] == 422
    for id in ("history_7", "history_x", "nonsense", "history_99999999999999999999"):
        status, body = await house.post("/api/v1/webhooks/crm/replay", {"id": id})
        assert status == 404 and "crm was never to be told" in body["detail"]
    for call in ("replay", "test"):
        given = {"id": "history_1"} if call == "replay" else {}
        assert (await house.post(f"/api/v1/webhooks/none/{call}", given))[0] == 404
    assert (await house.get("/api/v1/webhooks/none/deliveries"))[0] == 404


async def test_an_endpoint_is_tried_out(house: House) -> None:
    got: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.headers["webhook-signature"], await request.json()))
        return web.Response(status=200 if len(got) == 1 else 500)

    app = web.Application()
    app.router.add_post("/hooks", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    house.webhooks["crm"] = Endpoint("crm", f"http://127.0.0.1:{runner.addresses[0][1]}/hooks")
    try:
        assert await house.post("/api/v1/webhooks/crm/test", {}) == (200, {"taken": True, "why": ""})
        assert await house.post("/api/v1/webhooks/crm/test", {}) == (200, {"taken": False, "why": "it answers 500"})
    finally:
        await runner.cleanup()
    assert got[0][1]["type"] == "history.test" and got[0][0].startswith("v1,")
