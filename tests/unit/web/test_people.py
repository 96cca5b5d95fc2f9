"""One person over the API: joined, parted, unlinked, suggested; and what her identities are good for."""

from datetime import UTC, datetime
from typing import Any

from tests.unit.web.conftest import ANNA, House
from trinario.jobs.intake import inward
from trinario.model.channel import Identity
from trinario.model.heard import Arrival, Heard
from trinario.ports import Known, Writes

BEA = Identity("messenger", "psid", "777")
SAID = {"reason": "she told us on the phone", "author": "marta"}


async def both(house: House) -> tuple[str, str]:
    """Anna, and Bea who wrote once."""
    anna, now = await house.anna(), datetime.now(UTC)
    item = inward(Arrival(Heard(BEA, "m_bea", now, "text", text="ciao"), b"{}"), now)
    await house.store.run(lambda unit: unit.take_in([item], now))
    ((bea,),) = await house.rows("SELECT contact_id FROM identities WHERE value = '777'")
    await house.store.run(
        lambda unit: unit.conn.exec_driver_sql(
            f"""UPDATE contacts SET fields = '{{"city": "Rome"}}' WHERE id = {bea}"""
        )
    )
    return str(anna), str(bea)


async def merge(house: House, keep: str, take: str, **more: Any) -> tuple[int, Any]:
    return await house.post("/api/v1/contacts/merge", {"keep": keep, "take": take, **SAID, **more})


async def test_two_are_joined_and_parted_again(house: House) -> None:
    anna, bea = await both(house)
    status, seen = await merge(house, anna, bea, preview=True)
    assert (status, seen["merge"]) == (200, None)
    assert seen["fields"] == [{"name": "city", "kept": None, "taken": "Rome", "becomes": "Rome", "rule": "newest"}]
    assert await house.rows("SELECT id FROM merges") == []
    status, done = await merge(house, anna, bea, id="form-1")
    assert status == 200 and done["contact"]["fields"] == {"city": "Rome"} and not done["already"]
    assert {one["value"] for one in done["contact"]["identities"]} == {ANNA.value, BEA.value}
    again = (await merge(house, anna, bea, id="form-1"))[1]
    assert again["already"] and again["merge"] == done["merge"]
    shown = (await house.get(f"/api/v1/contacts/{bea}"))[1]
    assert (shown["id"], shown["merged_from"]) == (anna, bea)
    (listed,) = (await house.get(f"/api/v1/contacts/{anna}/merges"))[1]["merges"]
    assert (listed["by"], listed["reason"], listed["evidence"]["author"]) == ("team", SAID["reason"], "marta")
    undo = {"contact": anna, "taken": bea, **SAID}
    told = (await house.post("/api/v1/contacts/unmerge", {**undo, "preview": True}))[1]
    assert not told["done"] and told["taken"]["fields"] == {"city": "Rome"}
    assert await house.rows("SELECT undone_at FROM merges") == [(None,)]
    status, parted = await house.post("/api/v1/contacts/unmerge", undo)
    assert status == 200 and parted["done"] and parted["kept"]["fields"] == {} and parted["taken"]["id"] == bea
    (listed,) = (await house.get(f"/api/v1/contacts/{anna}/merges"))[1]["merges"]
    assert listed["undone_by"] == "marta"


async def test_what_cannot_be_joined_or_parted_is_told(house: House) -> None:
    anna, bea = await both(house)
    assert (await merge(house, anna, anna))[0] == 409
    assert (await merge(house, anna, "99"))[0] == 409
    assert (await merge(house, anna, "x"))[0] == 404
    assert (await house.post("/api/v1/contacts/unmerge", SAID))[0] == 422
    assert (await house.post("/api/v1/contacts/unmerge", {"merge": "9", **SAID}))[0] == 409
    assert (await house.post("/api/v1/contacts/unmerge", {"contact": anna, "taken": bea, **SAID}))[0] == 404
    assert (await house.get("/api/v1/contacts/99/merges"))[0] == 404


async def test_an_identity_goes_its_own_way(house: House) -> None:
    anna, bea = await both(house)
    path = f"/api/v1/contacts/{anna}/unlink"
    only = await house.post(path, {"channel": "messenger", "value": ANNA.value, **SAID})
    assert only[0] == 409 and "only identity" in only[1]["detail"]
    await merge(house, anna, bea)
    status, parted = await house.post(path, {"channel": "messenger", "value": BEA.value, **SAID})
    assert status == 200 and parted["taken"]["id"] == bea
    assert (await house.post(path, {"channel": "messenger", "value": "1", **SAID}))[0] == 409


async def test_what_identities_are_good_for(house: House) -> None:
    anna, _ = await both(house)
    status, body = await house.get(f"/api/v1/contacts/{anna}/identities")
    (one,) = body["identities"]
    assert status == 200 and one["reachable"] and one["marketing"] is None
    heard, until = (datetime.fromisoformat(one[name]) for name in ("last_heard_at", "window_until"))
    assert (until - heard).total_seconds() == 24 * 3600
    await house.store.run(lambda unit: unit.mark_unreachable("messenger", ANNA.value, "blocked"))
    (one,) = (await house.get(f"/api/v1/contacts/{anna}/identities"))[1]["identities"]
    assert not one["reachable"] and one["unreachable_because"] == "blocked"


async def test_a_pair_is_suggested_until_somebody_judges(house: House) -> None:
    anna, bea = await both(house)
    known = [Known("email", "anna@example.com", "email")]
    for number in (anna, bea):
        await house.write(Writes(known={int(number): known}))
    (pair,) = (await house.get("/api/v1/suggestions"))[1]["suggestions"]
    assert (pair["one"], pair["two"], pair["because"]) == (anna, bea, "email")
    assert len((await house.get(f"/api/v1/contacts/{bea}/suggestions"))[1]["suggestions"]) == 1
    judged = {"one": anna, "two": bea, **SAID}
    assert (await house.post("/api/v1/suggestions", {**judged, "verdict": "dismiss"}))[1] == {
        "state": "dismissed",
        "merge": None,
    }
    await house.write(Writes(known={int(anna): known}))
    assert (await house.get("/api/v1/suggestions"))[1]["suggestions"] == []
    status, done = await house.post("/api/v1/suggestions", {**judged, "verdict": "accept"})
    assert status == 200 and done["state"] == "accepted" and done["merge"]
    assert (await house.post("/api/v1/suggestions", {**judged, "verdict": "dismiss"}))[0] == 409


async def test_where_she_wants_to_be_written_to_is_noted_merged_and_shown(house: House) -> None:
    anna, bea = await both(house)
    path = f"/api/v1/contacts/{anna}/preferred-channel"
    assert (await house.post(path, {"channel": "Messenger", "author": "marta"}))[1]["preferred_channel"] == "messenger"
    assert (await house.get(f"/api/v1/contacts/{anna}"))[1]["preferred_channel"] == "messenger"
    status, told = await house.post(path, {"channel": "pigeon", "author": "marta"})
    assert status == 422 and "'pigeon' is no channel of this bot" in str(told)
    assert (await house.post("/api/v1/contacts/99/preferred-channel", {"channel": None, "author": "m"}))[0] == 404
    joined = (await merge(house, bea, anna))[1]["contact"]
    assert joined["preferred_channel"] == "messenger", "what one of the two wished for is her wish"
    assert (await house.post(path, {"channel": None, "author": "marta"}))[1]["preferred_channel"] is None
    told = await house.rows("SELECT data FROM events WHERE name = 'preferred_channel' ORDER BY id")
    assert ['"messenger"' in row[0] for row in told] == [True, True] and '"before":"messenger"' in told[1][0]


async def test_whom_an_expression_means(house: House) -> None:
    await both(house)
    status, found = await house.get(
        "/api/v1/segments/count?where=" + "'messenger' in contact.channels".replace(" ", "%20") + "&sample=1"
    )
    assert (status, found["count"], len(found["sample"]), found["fields_without_index"]) == (200, 2, 1, [])
    status, found = await house.get("/api/v1/segments/count?where=answers.x%20%3E%205")
    assert status == 422 and found["errors"][0]["where"] == "?where" and "column 1" in found["errors"][0]["what"]
