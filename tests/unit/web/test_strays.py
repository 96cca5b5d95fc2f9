"""The API about what was not understood, or given up: kept as it came, page by page, and counted."""

from tests.unit.web.conftest import House
from trinario.ports import Inward
from trinario.runtime.clock import SystemClock


async def _came(house: House, count: int) -> None:
    now = SystemClock().now()
    rows = [
        Inward("messenger", f"odd{n}", "unsupported", '{"what": "message hologram"}', b'{"hologram": "\xff"}')
        for n in range(count)
    ]
    await house.store.run(lambda u: u.take_in(rows, now))


async def test_what_was_not_understood(house: House) -> None:
    await _came(house, 3)
    status, body = await house.get("/api/v1/strays?limit=2")
    assert (status, body["unsupported"], body["dead"]) == (200, 3, 0)
    assert [(one["channel"], one["what"], one["contact"]) for one in body["strays"]] == [
        ("messenger", "message hologram", None)
    ] * 2
    assert body["strays"][0]["raw"] == '{"hologram": "\ufffd"}'
    _, rest = await house.get(f"/api/v1/strays?limit=2&next={body['next']}")
    assert len(rest["strays"]) == 1 and rest["next"] is None
    assert (await house.get("/api/v1/strays?kind=odd"))[0] == 422


async def test_what_was_given_up(house: House) -> None:
    await _came(house, 1)
    sql = "UPDATE inbox SET status = 2, kind = 'heard', error = 'ValueError', raw = NULL, body = 'no JSON'"
    await house.store.run(lambda u: u.conn.exec_driver_sql(sql) and None)
    _, body = await house.get("/api/v1/strays?kind=dead")
    (one,) = body["strays"]
    assert (one["what"], one["reason"], one["raw"], body["dead"]) == ("heard", "ValueError", None, 1)
    plan = "EXPLAIN QUERY PLAN SELECT id FROM inbox WHERE {} AND id < 9 ORDER BY id DESC LIMIT 2"
    for where, index in (("kind = 'unsupported'", "inbox_strays"), ("status = 2", "inbox_dead")):
        sql = plan.format(where)
        rows = await house.store.read(lambda u, sql=sql: u.conn.exec_driver_sql(sql).fetchall())  # type: ignore[misc]
        assert index in str(rows), "a list of few among many is not looked for in all of them"
