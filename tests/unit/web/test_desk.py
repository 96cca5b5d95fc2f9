"""The API for people of the team: the inbox, the thread both ways, replies of every kind, tickets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.unit.web.conftest import House
from trinario.jobs.received import line_of
from trinario.model.heard import Heard
from trinario.ports import Said, Writes

EARLIER = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


async def given_to(house: House, team: str = "sales") -> tuple[int, str]:
    """(contact, ticket): a person who was given to a team."""
    id = await house.anna()
    contact = await house.store.read(lambda unit: unit.contacts([id], EARLIER)[0])
    owned = replace(contact, owner="person", owner_until=EARLIER + timedelta(days=9))
    await house.write(Writes(contacts={id: owned}, tickets=[(id, "s1", team, "a lawn", "high", EARLIER)]))
    return id, (await house.get("/api/v1/tickets"))[1]["tickets"][0]["id"]


async def test_the_inbox_of_the_team_tells_who_waits(house: House) -> None:
    assert await house.get("/api/v1/contacts?owner=person") == (200, {"contacts": [], "next": None})
    id, _ = await given_to(house)
    ((found,), after) = (await house.get("/api/v1/contacts?owner=person"))[1].values()
    assert (found["id"], found["unread"], found["owner"], after) == (str(id), 1, "person", None)
    assert datetime.fromisoformat(found["waiting_since"]) == EARLIER
    assert datetime.fromisoformat(found["owner_until"]) > datetime.now(UTC)
    newest = (await house.get(f"/api/v1/contacts/{id}/messages"))[1]["newest"]
    assert await house.post(f"/api/v1/contacts/{id}/read", {"newest": "0"}) == (200, {"unread": 1})
    for body in ({"newest": newest}, {"newest": "999999999"}, {}):
        assert await house.post(f"/api/v1/contacts/{id}/read", body) == (200, {"unread": 0}), body
    ((found,), _) = (await house.get("/api/v1/contacts?owner=person"))[1].values()
    assert (found["unread"], datetime.fromisoformat(found["waiting_since"])) == (0, EARLIER)
    assert (await house.post("/api/v1/contacts/99999/read", {}))[0] == 404
    assert (await house.post(f"/api/v1/contacts/{id}/read", {"newest": "x"}))[0] == 422
    await house.post(f"/api/v1/contacts/{id}/messages", {"text": "Marta here"})
    ((found,), _) = (await house.get("/api/v1/contacts?owner=person"))[1].values()
    assert (found["unread"], found["waiting_since"]) == (0, None)
    for asked in ("", "?owner=person&identity=messenger:1", "?owner=bot"):
        assert (await house.get(f"/api/v1/contacts{asked}"))[0] == 422, asked


async def test_a_ticket_is_taken_answered_and_closed(house: House) -> None:
    id, ticket = await given_to(house)
    status, body = await house.post(f"/api/v1/tickets/{ticket}/assign", {"assignee": "marta", "author": "chief"})
    assert (status, body["assignee"], body["state"], body["contact"]) == (200, "marta", "open", str(id))
    assert (await house.get("/api/v1/tickets?assignee="))[1]["tickets"] == []
    await house.post(f"/api/v1/contacts/{id}/messages", {"text": "Marta here", "author": "Marta"})
    (answered,) = (await house.get("/api/v1/tickets?state=answered&assignee=marta"))[1]["tickets"]
    assert answered["answered_at"] is not None
    for _ in range(2):
        status, body = await house.post(f"/api/v1/tickets/{ticket}/close", {"author": "marta"})
        assert (status, body["state"], body["closed_by"]) == (200, "closed", "marta")
    rows = await house.rows("SELECT kind, body FROM inbox WHERE kind = 'owner'")
    assert rows == [("owner", '{"by":"marta"}')]
    told = await house.rows("SELECT data FROM events WHERE name = 'ticket' ORDER BY id")
    assert len(told) == 2
    assert (await house.get("/api/v1/tickets"))[1] == {"tickets": [], "next": None}
    assert [one["id"] for one in (await house.get("/api/v1/tickets?state=all"))[1]["tickets"]] == [ticket]


async def test_tickets_that_are_none(house: House) -> None:
    for path, body in (("99/close", {}), ("x/close", {}), ("99/assign", {"assignee": None})):
        status, problem = await house.post(f"/api/v1/tickets/{path}", body)
        assert (status, problem["type"]) == (404, "urn:trinario:unknown-ticket"), path
    assert (await house.get("/api/v1/tickets?team=nobody"))[0] == 422
    assert (await house.get("/api/v1/tickets?state=lost"))[0] == 422


async def test_with_other_tickets_open_she_stays_with_people(house: House) -> None:
    id, ticket = await given_to(house)
    await house.write(Writes(tickets=[(id, "", "care", "", "", EARLIER)]))
    assert (await house.post(f"/api/v1/tickets/{ticket}/close", {}))[1]["closed_by"] == "hand"
    assert await house.rows("SELECT COUNT(*) FROM inbox WHERE kind = 'owner'") == [(0,)]


async def test_a_reply_with_a_file_and_its_author(house: House) -> None:
    id = await house.anna()
    file = {"kind": "image", "url": "https://shop.example/rose.jpg", "caption": "This one?"}
    status, body = await house.post(f"/api/v1/contacts/{id}/messages", {"media": file, "author": "Marta"})
    assert (status, body["channel"], body["refusal"]) == (202, "messenger", None)
    thread = (await house.get(f"/api/v1/contacts/{id}/messages"))[1]["messages"]
    shown = [(one["kind"], one["author"], one["by"]) for one in thread if one["direction"] == "out"]
    assert shown and set(shown) <= {("image", "person", "Marta"), ("text", "person", "Marta")}


async def test_replies_that_are_none(house: House) -> None:
    id = await house.anna()
    picture = {"kind": "image", "url": "https://shop.example/rose.jpg"}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"text": "a", "media": picture}, "/text"),
        ({"media": {"kind": "image"}}, "/media"),
        ({"media": {"kind": "image", "url": "http://shop.example/rose.jpg"}}, "/media/url"),
        ({"media": {"kind": "image", "file": "none.jpg"}}, "/media/file"),
        ({"template": {"name": "none"}}, "/template/name"),
    ]
    for given, where in wrong:
        status, body = await house.post(f"/api/v1/contacts/{id}/messages", given)
        assert (status, [fault["where"] for fault in body["errors"]]) == (422, [where]), given


async def test_what_can_be_done_where_every_window_is_shut(house: House) -> None:
    id = await house.anna()
    await house.store.run(lambda unit: unit.conn.exec_driver_sql("UPDATE contacts SET last_heard = '{}'"))
    status, body = await house.post(f"/api/v1/contacts/{id}/messages", {"text": "still there?"})
    assert (status, body["refusal"], body["templates"]) == (202, "window_closed", [])
    assert "only a template goes" in body["hint"]
    assert (await house.get(f"/api/v1/contacts/{id}"))[1]["owner"] == "bot"


async def test_somebody_takes_her_by_hand(house: House) -> None:
    id = await house.anna()
    assert (await house.post(f"/api/v1/contacts/{id}/owner", {"owner": "person", "author": "marta"}))[0] == 202
    assert await house.rows("SELECT kind, body FROM inbox WHERE status = 0") == [("taken", '{"by":"marta"}')]


async def test_a_thread_is_followed_in_both_directions(house: House) -> None:
    id = await house.anna()
    at = datetime.now(UTC)
    lines = [Said(id, "in", "contact", "messenger", at, "text", f"line {number}") for number in range(5)]
    await house.write(Writes(said=lines))
    path = f"/api/v1/contacts/{id}/messages"
    newest = (await house.get(f"{path}?limit=2"))[1]
    assert [one["text"] for one in newest["messages"]] == ["line 4", "line 3"]
    older = (await house.get(f"{path}?limit=2&next={newest['next']}"))[1]
    assert [one["text"] for one in older["messages"]] == ["line 2", "line 1"]
    nothing = (await house.get(f"{path}?after={newest['newest']}"))[1]
    assert (nothing["messages"], nothing["newest"], nothing["more"]) == ([], newest["newest"], False)
    heard = Heard(await identity(house, id), "e1", at, "text", text="line 5")
    contact = await house.store.read(lambda unit: unit.contacts([id], at)[0])
    await house.write(Writes(said=[line_of(contact, heard)]))
    later = (await house.get(f"{path}?limit=2&after={older['newest']}"))[1]
    assert [one["text"] for one in later["messages"]] == ["line 4", "line 3"] and later["more"]
    rest = (await house.get(f"{path}?limit=2&after={later['newest']}"))[1]
    assert [one["text"] for one in rest["messages"]] == ["line 5"] and not rest["more"]
    assert (await house.get(f"{path}?next=1&after=1"))[0] == 422


async def identity(house: House, id: int) -> Any:
    contact = await house.store.read(lambda unit: unit.contacts([id], datetime.now(UTC))[0])
    return contact.identities[0]
