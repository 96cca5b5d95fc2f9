"""The REST API: its shapes, its refusals, its one table."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.unit.web.conftest import ANNA, TOKEN, House
from trinario.model.session import Session, Wait
from trinario.ports import Said, Writes
from trinario.web.api.openapi import document
from trinario.web.api.validate import pointer

IDENTITY = {"channel": ANNA.channel, "value": ANNA.value}


async def test_without_a_token_the_api_is_off_and_says_how_to_turn_it_on(mute_house: House) -> None:
    for path in ("/api/v1/contacts/1", "/api/v1/openapi.json", "/api/v1/anything"):
        status, body = await mute_house.get(path, "whatever")
        assert (status, body["type"]) == (404, "urn:trinario:api-off")
        assert "TRINARIO_API_TOKEN" in body["hint"]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer té"])
async def test_strangers_are_told_to_show_the_token(house: House, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    async with house.session.get(house.url + "/api/v1/contacts/1", headers=headers) as response:
        assert response.status == 401
        assert response.content_type == "application/problem+json"
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_contact_in_her_shape(house: House) -> None:
    id = await house.anna()
    status, body = await house.get(f"/api/v1/contacts/{id}")
    assert status == 200
    heard_at = datetime.fromisoformat(body["identities"][0].pop("last_heard_at"))
    assert datetime.now(UTC) - heard_at < timedelta(seconds=30)
    assert body == {
        "id": str(id), "first_name": "Anna", "last_name": "Rossi", "language": None, "timezone": None, "fields": {},
        "tags": [], "identities": [{"channel": "messenger", "kind": "psid", "value": ANNA.value}], "owner": "bot",
        "merged_from": None, "preferred_channel": None,
    }  # fmt: skip
    found = await house.get(f"/api/v1/contacts?identity=messenger:{ANNA.value}")
    assert [contact["id"] for contact in found[1]["contacts"]] == [str(id)]


async def test_who_is_unknown(house: House) -> None:
    assert await house.get("/api/v1/contacts?identity=messenger:404") == (200, {"contacts": []})
    for path in ("/contacts/12", "/contacts/x", "/contacts/-1", "/contacts/99999999999999999999", "/contacts/%00",
                 "/contacts/12/messages", "/contacts/12/sessions"):  # fmt: skip
        status, body = await house.get("/api/v1" + path)
        assert (status, body["type"]) == (404, "urn:trinario:unknown-contact"), path
    status, body = await house.post("/api/v1/contacts/12/messages", {"text": "hello"})
    assert (status, body["status"]) == (404, 404)


async def test_an_event_is_kept_once(house: House) -> None:
    id = await house.anna()
    given = {"event": "cart.abandoned", "contact": {"identity": IDENTITY}, "data": {"items": ["rose"]}, "id": "c-1"}
    assert await house.post("/api/v1/events", given) == (202, {"id": "c-1", "duplicate": False})
    assert await house.post("/api/v1/events", given) == (202, {"id": "c-1", "duplicate": True})
    rows = await house.rows("SELECT contact_id, kind, external_id, body FROM inbox WHERE kind = 'event'")
    assert rows == [(id, "event", "event:c-1", '{"name":"cart.abandoned","data":{"items":["rose"]}}')]
    assert house.woken == 2


@pytest.mark.parametrize("as_text", [True, False])
async def test_an_event_by_id_gets_an_id(house: House, as_text: bool) -> None:
    id: Any = await house.anna()
    status, body = await house.post("/api/v1/events", {"event": "paid", "contact": {"id": str(id) if as_text else id}})
    assert (status, body) == (202, {"id": "n1", "duplicate": False})


async def test_an_event_by_field(house: House) -> None:
    id = await house.anna()
    await house.store.run(
        lambda unit: unit.conn.exec_driver_sql(f"UPDATE contacts SET fields = '{{\"customer\": 7}}' WHERE id = {id}")
    )
    given: dict[str, Any] = {"event": "paid", "contact": {"field": {"name": "customer", "value": 7}}}
    assert (await house.post("/api/v1/events", given))[0] == 202
    given["contact"]["field"]["value"] = 8
    assert (await house.post("/api/v1/events", given))[0] == 404
    await house.store.run(
        lambda unit: unit.conn.exec_driver_sql(
            "INSERT INTO contacts (created_at, fields) VALUES (1, '{\"customer\": 8}'), (1, '{\"customer\": 8}')"
        )
    )
    status, body = await house.post("/api/v1/events", given)
    assert (status, body["type"]) == (409, "urn:trinario:ambiguous-contact")


async def test_an_event_for_somebody_never_seen(house: House) -> None:
    given = {"event": "paid", "contact": {"identity": {"channel": "messenger", "value": "404"}}}
    status, body = await house.post("/api/v1/events", given)
    assert status == 404
    assert "messenger:404" in body["detail"]
    assert "first writes" in body["hint"]
    assert await house.rows("SELECT count(*) FROM inbox") == [(0,)]


async def test_every_fault_is_told_at_once(house: House) -> None:
    given = {"evnt": "paid", "event": "", "contact": {"identity": {"channel": "messenger"}}, "data": [1], "id": "a\nb"}
    status, body = await house.post("/api/v1/events", given)
    assert (status, body["title"]) == (422, "The request is not valid")
    places = {fault["where"] for fault in body["errors"]}
    assert places == {"/evnt", "/event", "/contact/identity/value", "/data", "/id"}
    assert body["instance"] == "/api/v1/events"


@pytest.mark.parametrize("contact", [{}, {"id": "1", "identity": IDENTITY}, [], None, "1"])
async def test_a_contact_is_named_in_one_way(house: House, contact: Any) -> None:
    status, body = await house.post("/api/v1/events", {"event": "paid", "contact": contact})
    assert status == 422
    assert body["errors"][0]["where"] == "/contact"


@pytest.mark.parametrize("value", [None, [], {}, "a\0b", 10**400, 2**60])
async def test_a_field_is_compared_with_what_a_field_can_be(house: House, value: Any) -> None:
    given = {"event": "paid", "contact": {"field": {"name": "customer", "value": value}}}
    status, body = await house.post("/api/v1/events", given)
    assert (status, body["errors"][0]["where"]) == (422, "/contact/field/value")


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"event": "\\ud800"}', b"[" * 100_000])
async def test_a_body_that_is_no_json(house: House, raw: bytes) -> None:
    status, body = await house.post("/api/v1/events", raw)
    assert (status, body["type"]) == (400, "urn:trinario:not-json")


async def test_a_body_that_is_too_large(house: House) -> None:
    status, body = await house.post("/api/v1/events", b" " * (4 * 1024 * 1024 + 1))
    assert (status, body["status"]) == (413, 413)


async def test_a_reply_goes_to_the_outbox_and_the_bot_steps_back(house: House) -> None:
    id = await house.anna()
    status, body = await house.post(f"/api/v1/contacts/{id}/messages", {"text": "Buongiorno, sono Marta"})
    assert status == 202
    assert (await house.get(f"/api/v1/contacts/{id}"))[1]["owner"] == "person"
    _, thread = await house.get(f"/api/v1/contacts/{id}/messages")
    reply, question = thread["messages"]
    at = datetime.fromisoformat(reply.pop("at"))
    assert abs(datetime.now(UTC) - at) < timedelta(seconds=30)
    assert reply == {
        "id": body["id"], "direction": "out", "author": "person", "by": None, "flow": None, "step": None,
        "channel": "messenger", "kind": "text", "text": "Buongiorno, sono Marta", "edited": False, "deleted": False,
        "status": "pending", "refusal": None, "detail": None, "merged_from": None, "media": [], "price": None,
    }  # fmt: skip
    assert (question["direction"], question["text"], question["status"]) == ("in", "ciao", None)
    assert thread["next"] is None
    assert house.woken == 1


async def test_why_a_message_went_or_not(house: House) -> None:
    id = await house.anna()
    _, said = await house.post(f"/api/v1/contacts/{id}/messages", {"text": "Buongiorno"})
    status, why = await house.get(f"/api/v1/messages/{said['id'].replace('/', '%2F')}/why")
    assert (status, why["channel"], why["status"], why["walk"]) == (200, "messenger", "pending", [])
    assert why["sentences"][0] == "A person of the team wrote it."
    await house.store.run(lambda unit: unit.conn.exec_driver_sql("UPDATE contacts SET last_heard = '{}'"))
    _, said = await house.post(f"/api/v1/contacts/{id}/messages", {"text": "Buongiorno", "channel": "messenger"})
    status, why = await house.get(f"/api/v1/messages/{said['id'].replace('/', '%2F')}/why")
    assert (why["status"], why["refusal"]) == ("refused", "window_closed")
    assert [(line["channel"], line["answer"]) for line in why["walk"]] == [("messenger", "refuse")]
    assert "messenger could not take it: the window of messenger is shut." in why["sentences"]
    assert (await house.get("/api/v1/messages/nothing/why"))[0] == 404


async def test_a_reply_that_policy_refuses_is_a_row_with_its_reason(house: House) -> None:
    id = await house.anna()
    long_ago = int((datetime.now(UTC) - timedelta(days=30)).timestamp() * 1000)
    await house.store.run(
        lambda unit: unit.conn.exec_driver_sql(f"UPDATE contacts SET last_heard = '{{\"messenger\": {long_ago}}}'")
    )
    status, body = await house.post(f"/api/v1/contacts/{id}/messages", {"text": "still there?", "channel": "messenger"})
    assert status == 202
    message = (await house.get(f"/api/v1/contacts/{id}/messages"))[1]["messages"][0]
    assert (message["id"], message["status"], message["refusal"]) == (body["id"], "refused", "window_closed")
    assert body["refusal"] == "window_closed" and "shut" in body["detail"]


async def test_the_same_reply_twice_is_one(house: House) -> None:
    id = await house.anna()
    given = {"text": "Buongiorno", "id": "desk-7"}
    first = await house.post(f"/api/v1/contacts/{id}/messages", given)
    again = await house.post(f"/api/v1/contacts/{id}/messages", given)
    assert first[0] == again[0] == 202 and first[1]["id"] == again[1]["id"]
    assert (first[1]["duplicate"], again[1]["duplicate"]) == (False, True)
    lines = (await house.get(f"/api/v1/contacts/{id}/messages"))[1]["messages"]
    assert [line["text"] for line in lines if line["direction"] == "out"] == ["Buongiorno"]


async def test_a_contact_is_given_back_through_her_inbox(house: House) -> None:
    id = await house.anna()
    assert (await house.post(f"/api/v1/contacts/{id}/owner", {"owner": "bot"}))[0] == 202
    rows = await house.rows(f"SELECT kind FROM inbox WHERE contact_id = {id} AND status = 0")
    assert rows == [("owner",)] and house.woken == 1
    assert (await house.post(f"/api/v1/contacts/{id}/owner", {"owner": "nobody"}))[0] == 422
    assert (await house.post("/api/v1/contacts/99/owner", {"owner": "bot"}))[0] == 404


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"text": ""}, "/text"),
        ({"text": " \n "}, "/text"),
        ({"text": "a\0b"}, "/text"),
        ({"text": "x" * 20_001}, "/text"),
        ({"text": 5}, "/text"),
        ({}, "/text"),
        ({"text": "a", "channel": "telegram"}, "/channel"),
        ({"text": "a", "to": "b"}, "/to"),
        ([], ""),
    ],
)
async def test_a_reply_that_is_none(house: House, given: Any, where: str) -> None:
    id = await house.anna()
    status, body = await house.post(f"/api/v1/contacts/{id}/messages", given)
    assert status == 422
    assert [fault["where"] for fault in body["errors"]] == [where]


async def test_a_long_thread_comes_in_pages(house: House) -> None:
    id = await house.anna()
    at = datetime.now(UTC)
    said = [Said(id, "in", "contact", "messenger", at, "text", f"line {number}") for number in range(6)]
    await house.write(Writes(said=said))
    texts: list[str] = []
    query = "?limit=3"
    while True:
        _, page = await house.get(f"/api/v1/contacts/{id}/messages{query}")
        texts += [message["text"] for message in page["messages"]]
        if page["next"] is None:
            break
        query = f"?limit=3&next={page['next']}"
    assert texts == [f"line {number}" for number in (5, 4, 3, 2, 1, 0)] + ["ciao"]


@pytest.mark.parametrize("query", ["?limit=0", "?limit=201", "?limit=x", "?next=x", "?next=-1"])
async def test_a_page_that_cannot_be(house: House, query: str) -> None:
    id = await house.anna()
    status, body = await house.get(f"/api/v1/contacts/{id}/messages{query}")
    assert (status, body["errors"][0]["where"]) == (422, query.partition("=")[0])


@pytest.mark.parametrize("query", ["", "?identity=", "?identity=messenger", "?identity=:1", "?identity=a:%00"])
async def test_an_identity_that_is_none(house: House, query: str) -> None:
    status, body = await house.get(f"/api/v1/contacts{query}")
    assert (status, body["errors"][0]["where"]) == (422, "?identity")


async def test_sessions_say_where_she_stands(house: House) -> None:
    id = await house.anna()
    now = datetime.now(UTC)
    session = Session(
        "s1", id, "lead_capture", "r1", now, wait=Wait("budget", "ask", now), answers={"interest": "plants"},
        vars={"tries": Decimal(2)},
    )  # fmt: skip
    await house.write(Writes(sessions={"s1": session}))
    assert await house.get(f"/api/v1/contacts/{id}/sessions") == (
        200,
        {
            "sessions": [
                {
                    "id": "s1", "flow": "lead_capture", "revision": "r1", "status": "waiting", "step": "budget",
                    "answers": {"interest": "plants"}, "vars": {"tries": 2},
                }
            ]
        },
    )  # fmt: skip


async def test_other_paths_and_methods_are_problems(house: House) -> None:
    assert (await house.get("/api/v1/nothing"))[1]["status"] == 404
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with house.session.delete(house.url + "/api/v1/events", headers=headers) as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")
        assert response.content_type == "application/problem+json"


async def test_a_fault_of_ours_is_a_problem_too(house: House) -> None:
    id = await house.anna()
    await house.store.run(lambda unit: unit.conn.exec_driver_sql("DROP TABLE messages"))
    status, body = await house.get(f"/api/v1/contacts/{id}/messages")
    assert (status, body["type"]) == (500, "urn:trinario:fault")
    assert "messages" not in body["detail"]


async def test_the_document_is_open_and_says_it_is_3_1(house: House) -> None:
    status, body = await house.get("/api/v1/openapi.json", None)
    assert (status, body["openapi"]) == (200, "3.1.0")
    assert body == document()
    assert set(body["paths"]) == {
        "/api/v1/events", "/api/v1/contacts", "/api/v1/contacts/{id}", "/api/v1/contacts/{id}/messages",
        "/api/v1/contacts/{id}/owner", "/api/v1/contacts/{id}/read",
        "/api/v1/contacts/{id}/sessions", "/api/v1/contacts/{id}/consent", "/api/v1/contacts/{id}/takeout",
        "/api/v1/media/{id}", "/api/v1/messages/{id}/why", "/api/v1/contacts/merge", "/api/v1/contacts/unmerge",
        "/api/v1/contacts/{id}/unlink", "/api/v1/contacts/{id}/merges", "/api/v1/contacts/{id}/identities",
        "/api/v1/contacts/{id}/suggestions", "/api/v1/suggestions", "/api/v1/channels", "/api/v1/channels/{id}/resume", "/api/v1/webhooks",
        "/api/v1/webhooks/{id}/enable", "/api/v1/webhooks/{id}/disable", "/api/v1/webhooks/{id}/deliveries", "/api/v1/webhooks/{id}/replay", "/api/v1/webhooks/{id}/test",
        "/api/v1/campaigns", "/api/v1/campaigns/{id}/plan", "/api/v1/campaigns/{id}/start", "/api/v1/campaigns/{id}/pause",
        "/api/v1/campaigns/{id}/resume", "/api/v1/campaigns/{id}/cancel", "/api/v1/campaigns/{id}/report", "/api/v1/flows/{id}/report", "/api/v1/sequences/{id}/report", "/api/v1/strays",
        "/api/v1/segments/count", "/api/v1/contacts/{id}/preferred-channel",
        "/api/v1/costs", "/api/v1/tickets", "/api/v1/tickets/{id}/close", "/api/v1/tickets/{id}/assign",
    }  # fmt: skip


def test_every_schema_of_the_document_is_one() -> None:
    described = document()
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    text = str(described)
    for name in described["components"]["schemas"]:
        assert f"#/components/schemas/{name}" in text, f"nothing refers to {name}"


def test_pointers() -> None:
    assert pointer(()) == ""
    assert pointer(("contact", "<identity>", "identity", "value")) == "/contact/identity/value"
    assert pointer(("data", "a/b~c", 0)) == "/data/a~1b~0c/0"
