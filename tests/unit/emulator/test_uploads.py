"""Files that templates are judged by: sessions, offsets, handles, and what is refused of them."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

APP, WABA = "/v25.0/1517776481860111/uploads", "/v25.0/102290129340398/message_templates"
BEARER = {"Authorization": "Bearer demo-whatsapp-token"}
OAUTH = {"Authorization": "OAuth demo-whatsapp-token", "Content-Type": "application/octet-stream"}
PICTURE = b"\xff\xd8 a picture"


async def begun(meta: Any, data: bytes = PICTURE, mime: str = "image/jpeg") -> str:
    asked = {"file_name": "x", "file_length": len(data), "file_type": mime}
    status, answer = await meta.call("POST", APP, asked, headers=BEARER)
    assert status == 200, answer
    return f"/v25.0/{answer['id']}"


async def feed(meta: Any, session: str, data: bytes, offset: int = 0, **headers: str) -> tuple[int, Any]:
    given = {**OAUTH, "file_offset": str(offset), **headers}
    status, answer = await meta.call("POST", session, None, data=data, headers=given)
    return status, answer


async def handle_of(meta: Any, data: bytes = PICTURE, mime: str = "image/jpeg") -> str:
    status, answer = await feed(meta, await begun(meta, data, mime), data)
    assert status == 200, answer
    return str(answer["h"])


def template(name: str, handle: Any, form: str = "IMAGE") -> dict[str, Any]:
    header = {"type": "HEADER", "format": form, "example": {"header_handle": [handle]}}
    return {"name": name, "language": "en", "category": "UTILITY",
            "components": [header, {"type": "BODY", "text": "Spring is here."}]}  # fmt: skip


@pytest.mark.asyncio
async def test_a_file_in_two_pieces_gives_a_handle_that_a_template_takes(meta: Any, error: Any) -> None:
    session = await begun(meta)
    assert (await feed(meta, session, PICTURE[:4]))[1]["file_offset"] == 4
    assert (await meta.call("GET", session, headers=OAUTH))[1]["file_offset"] == 4
    assert error(await feed(meta, session, PICTURE[4:]))[1] == 100, "from another offset"
    assert error(await feed(meta, session, PICTURE, 4))[1] == 100, "more than was announced"
    status, answer = await feed(meta, session, PICTURE[4:], 4)
    assert status == 200
    assert error(await feed(meta, session, PICTURE))[1] == 100, "the session is over"

    assert (await meta.call("POST", WABA, template("spring", answer["h"]), headers=BEARER))[0] == 200
    (known,) = [one for one in (await meta.call("GET", WABA, headers=BEARER))[1]["data"] if one["name"] == "spring"]
    assert known["components"][0]["example"]["header_handle"][0].startswith("https://")


@pytest.mark.asyncio
async def test_what_is_refused(meta: Any, error: Any) -> None:
    for wrong in ({"file_length": 0}, {"file_length": "many"}, {"file_type": "text/html"}, {"file_type": None}):
        asked = {"file_name": "x", "file_length": 3, "file_type": "image/png", **wrong}
        assert error(await meta.call("POST", APP, asked, headers=BEARER))[1] == 100, wrong
    session = await begun(meta)
    assert error(await feed(meta, session, PICTURE, Authorization="Bearer demo-whatsapp-token"))[1] == 104
    assert error(await feed(meta, session.partition("?")[0], PICTURE))[1] == 100, "without its signature"
    video = await handle_of(meta, b"....", "video/mp4")
    for number, bad in enumerate(("https://shop.example/x.jpg", "", None, video)):
        assert error(await meta.call("POST", WABA, template(f"t{number}", bad), headers=BEARER))[1] == 100, bad
    bare = template("bare", "x")
    del bare["components"][0]["example"]
    assert error(await meta.call("POST", WABA, bare, headers=BEARER))[1] == 100
    assert (await meta.call("POST", WABA, template("film", video, "VIDEO"), headers=BEARER))[0] == 200


@pytest.mark.asyncio
async def test_a_file_of_another_sort_above_a_template_fails_later(meta: Any, bot: Any, until: Any) -> None:
    assert (await meta.call("POST", WABA, template("film", await handle_of(meta)), headers=BEARER))[0] == 200
    await meta.act("say", "whatsapp", text="hi")
    for content, mime, fate in ((PICTURE, "image/jpeg", "delivered"), (b"%PDF", "application/pdf", "failed")):
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("file", content, filename="x", content_type=mime)
        _, given = await meta.call("POST", "/v25.0/106540352242922/media", data=form, headers=BEARER)
        header = {"type": "header", "parameters": [{"type": "image", "image": {"id": given["id"]}}]}
        asked = {"name": "film", "language": {"code": "en"}, "components": [header]}
        status, answer = await meta.whatsapp({"type": "template", "template": asked})
        assert status == 200, answer
        await until(lambda fate=fate: fate in bot.statuses())


@pytest.mark.asyncio
async def test_category_and_quality_are_told(meta: Any, bot: Any, until: Any) -> None:
    await meta.call("POST", WABA, template("spring", await handle_of(meta)), headers=BEARER)
    named = {"name": "spring", "language": "en"}
    for wish, field, value in (
        ({"becomes": "marketing"}, "template_category_update", {"new_category": "UTILITY", "correct_category": "MARKETING"}),
        ({"category": "marketing"}, "template_category_update", {"previous_category": "UTILITY", "new_category": "MARKETING"}),
        ({"quality": "red"}, "message_template_quality_update", {"previous_quality_score": "UNKNOWN", "new_quality_score": "RED"}),
    ):  # fmt: skip
        bot.bodies.clear()
        await meta.control("/templates", {**named, **wish})
        await until(lambda: bot.bodies)
        (change,) = bot.bodies[0][1]["entry"][0]["changes"]
        assert change["field"] == field and value.items() <= change["value"].items()
    (known,) = [one for one in (await meta.call("GET", WABA, headers=BEARER))[1]["data"] if one["name"] == "spring"]
    assert known["category"] == "MARKETING" and known["quality_score"]["score"] == "RED"
    for wrong in ({"category": "fun"}, {"quality": "blue"}, {}):
        assert (await meta.call("POST", "/_emulator/templates", {**named, **wrong}))[0] == 400
