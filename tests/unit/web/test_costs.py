"""The API about what messages cost: sums as asked, the price of a message, and questions that cannot be answered."""

from tests.unit.web.conftest import ANNA, House
from trinario.ports import Inward, Outgoing, Writes
from trinario.runtime.clock import SystemClock


async def _sent(house: House) -> str:
    """One message to Anna that was delivered and is charged; gives her id."""
    now = SystemClock().now()
    told = Inward("messenger", "m1", "heard", "{}", b"{}", (ANNA,))
    await house.store.run(lambda u: u.take_in([told], now))
    contact = (await house.store.run(lambda u: u.contact_ids({"identity": ("messenger", ANNA.value)})))[0]
    row = Outgoing("k/1/0/0/0", contact, "messenger", ANNA, '{"kind": "text", "text": "Spring!"}', "marketing")
    await house.store.run(lambda u: u.write(Writes(outgoing=[row]), now))
    price = f"UPDATE outbox SET status = 5, price = 'marketing/regular/PMP/billable', sent_at = {int(now.timestamp() * 1000)}"
    await house.store.run(lambda u: u.conn.exec_driver_sql(price) and None)
    return str(contact)


async def test_costs(house: House) -> None:
    await _sent(house)
    status, body = await house.get("/api/v1/costs?by=category,country")
    assert status == 200 and body["currency"] is None
    (row,) = body["rows"]
    assert (row["category"], row["country"], row["channel"], row["charged"], row["amount"]) == (
        "marketing",
        "",
        None,
        1,
        None,
    )
    assert body["total"]["messages"] == 1
    assert (await house.get("/api/v1/costs?since=2020-01-01&until=2020-02-01"))[1]["rows"] == []


async def test_questions_that_cannot_be_answered(house: House) -> None:
    for asked in ("by=planet", "since=2020-01-01", "since=2026-02-02&until=2026-02-01", "until=yesterday"):
        status, body = await house.get(f"/api/v1/costs?{asked}")
        assert status == 422 and body["errors"], asked
    assert (await house.get("/api/v1/costs", token=None))[0] == 401
