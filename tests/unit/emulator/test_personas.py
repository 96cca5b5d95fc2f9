"""Personas of a Page: made, shown over messages, refused when they are not there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.emulator.conftest import PAGE, PAGE_TOKEN

pytestmark = pytest.mark.asyncio

PICTURE = "https://luckygarden.example/anna.jpg"


async def _make(meta: Any, **body: Any) -> tuple[int, Any]:
    result: tuple[int, Any] = await meta.call("POST", f"/v25.0/{PAGE}/personas?access_token={PAGE_TOKEN}", body)
    return result


async def test_a_persona_stands_over_a_message(meta: Any) -> None:
    await meta.act("say", "messenger", text="hello")
    status, made = await _make(meta, name="A" * 50, profile_picture_url=PICTURE)
    assert (status, set(made)) == (200, {"id"})
    assert (await meta.page("messenger", {"text": "hi"}, persona_id=made["id"]))[0] == 200
    assert (await meta.thread("messenger"))[-1]["by"] == "A" * 50
    path = f"/v25.0/{made['id']}?access_token={PAGE_TOKEN}"
    assert (await meta.call("GET", path))[1]["profile_picture_url"] == PICTURE
    assert (await meta.call("DELETE", path))[1] == {"success": True}
    assert (await meta.page("messenger", {"text": "hi"}, persona_id=made["id"]))[0] == 400


async def test_what_is_refused(meta: Any) -> None:
    await meta.act("say", "messenger", text="hello")
    assert (await _make(meta, name="A" * 51, profile_picture_url=PICTURE))[0] == 400
    assert (await _make(meta, name="", profile_picture_url=PICTURE))[0] == 400
    assert (await _make(meta, name="Anna"))[0] == 400
    assert (await _make(meta, name="Anna", profile_picture_url=PICTURE, strange=1))[0] == 400
    assert (await meta.page("messenger", {"text": "hi"}, persona_id="42"))[0] == 400
    await meta.act("say", "instagram", text="hello")
    _, made = await _make(meta, name="Anna", profile_picture_url=PICTURE)
    assert (await meta.page("instagram", {"text": "hi"}, persona_id=made["id"]))[0] == 400
