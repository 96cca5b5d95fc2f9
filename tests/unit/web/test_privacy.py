"""What a person allows, what is known of her, and forgetting her: over the API, and as Meta asks for it."""

import base64
import hmac
import json
from typing import Any

from tests.unit.web.conftest import ANNA, PAGE, SECRET, House, webhook_body

CALLBACK = "/webhooks/data-deletion"


async def test_the_ledger_begins_empty_and_the_team_writes_in_it(house: House) -> None:
    id = await house.anna()
    assert await house.get(f"/api/v1/contacts/{id}/consent") == (200, {"now": {}, "entries": []})
    given = {"state": "granted", "channels": ["messenger"], "reason": "signed the card at the fair", "id": "card-1"}
    assert await house.post(f"/api/v1/contacts/{id}/consent", given) == (202, {"id": "card-1"})
    assert (await house.post(f"/api/v1/contacts/{id}/consent", given))[0] == 202
    kept = await house.rows(f"SELECT kind, body FROM inbox WHERE contact_id = {id} AND status = 0")
    assert [kind for kind, _ in kept] == ["consent"] and house.woken == 2
    entry = json.loads(kept[0][1])["entry"]
    assert (entry["evidence"], entry["said"], entry["channels"]) == ("operator", given["reason"], ["messenger"])


async def test_what_cannot_be_recorded_is_told(house: House) -> None:
    id = await house.anna()
    path = f"/api/v1/contacts/{id}/consent"
    status, body = await house.post(path, {"state": "granted", "reason": "x", "channels": ["pigeon"]})
    assert (status, body["errors"][0]["where"]) == (422, "/channels") and "messenger" in body["errors"][0]["hint"]
    assert (await house.post(path, {"state": "perhaps", "reason": "x"}))[0] == 422
    assert (await house.post(path, {"state": "granted"}))[0] == 422
    assert (await house.post("/api/v1/contacts/99/consent", {"state": "granted", "reason": "x"}))[0] == 404
    assert (await house.get("/api/v1/contacts/99/consent"))[0] == 404


async def test_takeout_and_erasure(house: House) -> None:
    id = await house.anna()
    status, body = await house.get(f"/api/v1/contacts/{id}/takeout")
    assert status == 200 and body["tables"]["identities"][0]["value"] == ANNA.value
    assert body["tables"]["messages"][0]["text"] == "ciao"

    async with house.session.delete(
        f"{house.url}/api/v1/contacts/{id}", headers={"Authorization": "Bearer test-api-token"}
    ) as response:
        assert response.status == 200
        done = await response.json()
    assert done["contacts"] == 1 and done["rows"]["contacts"] == 1 and done["rows"]["messages"] == 1

    assert (await house.get(f"/api/v1/contacts/{id}"))[0] == 404
    assert (await house.get(f"/api/v1/contacts?identity=messenger:{ANNA.value}"))[1] == {"contacts": []}
    assert len(await house.rows("SELECT hash FROM tombstones")) == 1
    status, page = await look(house, f"/data-deletion/{done['code']}")
    assert status == 200 and "has been erased" in page


async def test_who_writes_again_is_new(house: House) -> None:
    id = await house.anna()
    await house.session.delete(f"{house.url}/api/v1/contacts/{id}", headers={"Authorization": "Bearer test-api-token"})
    raw = json.dumps(webhook_body("m_after", page=PAGE)).encode()
    assert (await house.webhook(raw))[0] == 200
    (found,) = (await house.get(f"/api/v1/contacts?identity=messenger:{ANNA.value}"))[1]["contacts"]
    assert found["id"] != str(id) and found["first_name"] is None


def signed(payload: dict[str, Any], secret: str = SECRET) -> str:
    """A signed request as Meta makes it."""
    body = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    mac = hmac.digest(secret.encode(), body.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).decode().rstrip("=") + "." + body


ASKED = {"algorithm": "HMAC-SHA256", "expires": 1291840400, "issued_at": 1291836800, "user_id": ANNA.value}


async def ask(house: House, form: Any) -> tuple[int, str]:
    async with house.session.post(house.url + CALLBACK, data=form) as response:
        return response.status, await response.text()


async def look(house: House, path: str) -> tuple[int, str]:
    async with house.session.get(house.url + path) as response:
        return response.status, await response.text()


async def test_meta_asks_for_an_erasure(house: House) -> None:
    id = await house.anna()
    status, text = await ask(house, {"signed_request": signed(ASKED)})
    told = json.loads(text)
    assert status == 200 and set(told) == {"url", "confirmation_code"} and told["confirmation_code"].isalnum()
    assert told["url"] == f"https://bot.example/data-deletion/{told['confirmation_code']}"
    assert (await house.get(f"/api/v1/contacts/{id}"))[0] == 404

    again = json.loads((await ask(house, {"signed_request": signed(ASKED)}))[1])
    assert again == told, "the same request is one"
    status, page = await look(house, "/data-deletion/" + told["confirmation_code"])
    assert status == 200 and "has been erased" in page and ANNA.value not in page and "Anna" not in page


async def test_meta_asks_for_somebody_unknown(house: House) -> None:
    id = await house.anna()
    status, text = await ask(house, {"signed_request": signed({**ASKED, "user_id": "404"})})
    page = await look(house, "/data-deletion/" + json.loads(text)["confirmation_code"])
    assert status == 200 and page[0] == 200 and "Nothing was kept" in page[1]
    assert (await house.get(f"/api/v1/contacts/{id}"))[0] == 200


async def test_nobody_else_can_ask(house: House) -> None:
    id = await house.anna()
    for form, wanted in (
        ({"signed_request": signed(ASKED, "another secret")}, 401),
        ({"signed_request": "x.y"}, 401),
        ({"signed_request": signed({"issued_at": 1})}, 400),
        ({"signed_request": signed({**ASKED, "user_id": {"a": 1}})}, 400),
        ({"signed_request": ""}, 400),
        ({"other": "x"}, 400),
        (b"\xff\xfe", 400),
        ({"signed_request": "x" * 70_000}, 413),
    ):
        assert (await ask(house, form))[0] == wanted, form
    assert (await house.get(f"/api/v1/contacts/{id}"))[0] == 200
    assert (await look(house, "/data-deletion/0123456789abcdef"))[0] == 404
    assert (await look(house, "/data-deletion/%3Cscript%3E"))[0] == 404
