"""The API about channels: what is the matter with them, and going on when it is mended."""

from datetime import timedelta

from tests.unit.web.conftest import House
from trinario import jsons
from trinario.runtime.clock import SystemClock


async def test_channels_and_what_is_the_matter_with_them(house: House) -> None:
    status, body = await house.get("/api/v1/channels")
    assert status == 200
    (fine,) = [one for one in body["channels"] if one["name"] == "messenger"]
    assert (fine["platform"], fine["code"], fine["rests_until"], fine["percent_of_pace"]) == (
        "messenger",
        None,
        None,
        100,
    )
    now = SystemClock().now()
    await house.store.run(lambda u: u.accounts.trouble("messenger", "190/463", "expired", now))
    await house.store.run(lambda u: u.accounts.rest("messenger", now, now + timedelta(minutes=15)))
    (ill,) = [one for one in (await house.get("/api/v1/channels"))[1]["channels"] if one["name"] == "messenger"]
    assert (ill["code"], ill["reason"]) == ("190/463", "expired") and ill["since"] and ill["rests_until"]
    woken = house.woken
    assert await house.post("/api/v1/channels/messenger/resume", {}) == (200, {"name": "messenger", "due": 0})
    assert house.woken == woken + 1
    (tried,) = [one for one in (await house.get("/api/v1/channels"))[1]["channels"] if one["name"] == "messenger"]
    assert tried["code"] == "190/463" and tried["rests_until"] is None, "it is over when a message went"
    sql = "SELECT name, data FROM events WHERE contact_id IS NULL"
    rows = await house.store.read(lambda u: [tuple(row) for row in u.conn.exec_driver_sql(sql).fetchall()])
    assert [(name, jsons.loads(data)) for name, data in rows] == [
        ("channel_resumed", {"channel": "messenger", "by": "api", "due": 0})
    ]


async def test_a_channel_that_there_is_not(house: House) -> None:
    status, body = await house.post("/api/v1/channels/fax/resume", {})
    assert (status, body["type"]) == (404, "urn:trinario:unknown-channel") and "messenger" in body["hint"]
    assert (await house.get("/api/v1/channels", token=None))[0] == 401
