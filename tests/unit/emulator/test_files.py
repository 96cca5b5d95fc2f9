"""The media store: who may fetch what, for how long, and how downloads go wrong."""

from __future__ import annotations

import aiohttp
import pytest

from tests.unit.emulator.conftest import NUMBER, WA_TOKEN, Client, Listener, wait_until
from trinario.emulator.samples import SAMPLES

BEARER = {"Authorization": f"Bearer {WA_TOKEN}"}
DAY = 86_400


async def sent(meta: Client, bot: Listener, platform: str, kind: str = "image", **more: object) -> dict[str, str]:
    """What the webhook tells of a file."""
    before = len(bot.events(platform))
    await meta.act("send", platform, kind=kind, **more)
    await wait_until(lambda: len(bot.events(platform)) > before)
    event = bot.events(platform)[-1]
    return event[kind] if platform == "whatsapp" else event["message"]["attachments"][0]["payload"]  # type: ignore[no-any-return]


async def fetched(meta: Client, url: str, **headers: str) -> tuple[int, bytes]:
    async with meta.http.get(url, headers=headers) as response:
        return response.status, await response.read()


async def test_a_file_of_whatsapp(meta: Client, bot: Listener) -> None:
    file = await sent(meta, bot, "whatsapp")
    status, found = await meta.call("GET", f"/v25.0/{file['id']}?phone_number_id={NUMBER}", headers=BEARER)
    assert status == 200 and found["sha256"] == file["sha256"] and isinstance(found["file_size"], str)
    status, body = await fetched(meta, found["url"], **BEARER)
    assert status == 200 and body.startswith(SAMPLES["image"]) and str(len(body)) == found["file_size"]
    for wrong in ({}, {"Authorization": "Bearer other"}, {"Authorization": WA_TOKEN}):
        assert (await fetched(meta, found["url"], **wrong))[0] == 401
    assert (await fetched(meta, found["url"].replace(file["id"], "1"), **BEARER))[0] == 404
    assert (await fetched(meta, found["url"].partition("?")[0], **BEARER))[0] == 404
    other = await meta.call("GET", f"/v25.0/{file['id']}?phone_number_id=1", headers=BEARER)
    assert other[0] == 400 and other[1]["error"]["code"] == 100


async def test_addresses_and_ids_expire(meta: Client, bot: Listener) -> None:
    file, page = await sent(meta, bot, "whatsapp"), await sent(meta, bot, "messenger")
    assert (await fetched(meta, page["url"]))[0] == 200
    await meta.control("/clock", {"advance": 301})
    assert (await fetched(meta, file["url"], **BEARER))[0] == 404
    assert (await fetched(meta, page["url"]))[0] == 200, "no token, and longer"
    _, anew = await meta.call("GET", f"/v25.0/{file['id']}", headers=BEARER)
    assert (await fetched(meta, anew["url"], **BEARER))[0] == 200
    await meta.control("/clock", {"advance": DAY})
    assert (await fetched(meta, page["url"]))[0] == 403
    await meta.control("/clock", {"advance": 6 * DAY})
    status, refused = await meta.call("GET", f"/v25.0/{file['id']}", headers=BEARER)
    assert status == 400 and (refused["error"]["code"], refused["error"]["error_subcode"]) == (100, 33)


async def test_what_people_send_is_what_they_say(meta: Client, bot: Listener) -> None:
    page = await sent(meta, bot, "instagram", "image", base64="iVBORw0KGgo=", mime_type="image/png")
    assert (await fetched(meta, page["url"]))[1] == b"\x89PNG\r\n\x1a\n"
    given = await sent(meta, bot, "instagram", "image", url="https://cdn.example/p")
    assert given["url"] == "https://cdn.example/p"


@pytest.mark.parametrize(
    ("kind", "more", "status"),
    [
        ("status", {"http": 503}, 503),
        ("lie", {}, 200),
        ("huge", {"bytes": 300_000}, 200),
        ("slow", {"seconds": 0.0}, 200),
    ],
)
async def test_downloads_that_go_wrong(
    meta: Client, bot: Listener, kind: str, more: dict[str, int], status: int
) -> None:
    page = await sent(meta, bot, "messenger")
    await meta.control("/faults", {"where": "media", "kind": kind, "match": {"to": "anna"}, **more})
    found, body = await fetched(meta, page["url"])
    assert found == status
    assert {"lie": body.startswith(b"<!doctype"), "huge": len(body) > 200_000}.get(kind, True)
    assert (await fetched(meta, page["url"]))[1].startswith(SAMPLES["image"]), "once"


async def test_downloads_that_break_off_or_lead_away(meta: Client, bot: Listener) -> None:
    page = await sent(meta, bot, "messenger")
    await meta.control("/faults", {"where": "media", "kind": "truncate"})
    with pytest.raises(aiohttp.ClientPayloadError):
        await fetched(meta, page["url"])
    await meta.control("/faults", {"where": "media", "kind": "redirect"})
    async with meta.http.get(page["url"], allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "http://169.254.169.254/")
    status, _ = await meta.call("POST", "/_emulator/faults", {"where": "media", "kind": "code"})
    assert status == 400
