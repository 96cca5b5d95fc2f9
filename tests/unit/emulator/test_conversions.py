"""Conversions told to a dataset: our own telling is taken, and whatever an event of business messaging is not is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.emulator.conftest import wait_until
from trinario.channels.graph.client import GraphClient
from trinario.channels.graph.conversions import GraphConversions, body_of
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.ports.outside import NotReturned, Returned

pytestmark = pytest.mark.asyncio

DATASET, WABA, TOKEN = "552143977390019", "102290129340398", "demo-whatsapp-token"


async def _event(meta: Any, rig: Any, **changes: Any) -> dict[str, Any]:
    """What we tell of Anna, who has clicked an ad."""
    await meta.act("ad", "whatsapp", text="hello")
    await wait_until(lambda: "ctwa_clid" in str(rig.bot.bodies))
    told = [one for one in str(rig.bot.bodies).split("'") if one.isdigit() and len(one) == 20]
    now = (await meta.control("/clock"))["now"]
    at = int(now) if isinstance(now, int | float) else _seconds(now)
    return {"channel": "wa", "click": told[0], "event": "Purchase", "at": at, "id": "conversion:i1.1/shop.pay/paid",
            "value": 9.9, "currency": "EUR", **changes}  # fmt: skip


def _seconds(now: str) -> int:
    from datetime import datetime

    return int(datetime.fromisoformat(now).timestamp())


def _ours(meta: Any, token: str = TOKEN) -> GraphConversions:
    return GraphConversions(GraphClient(AiohttpTransport(meta.http), meta.base, "v25.0", token), DATASET, {"wa": WABA})


async def test_what_we_tell_is_taken(meta: Any, rig: Any) -> None:
    event = await _event(meta, rig)
    assert await _ours(meta).tell(event) == Returned({"events_received": 1}, 200)


async def test_what_is_wrong_is_refused_for_good(meta: Any, rig: Any) -> None:
    event = await _event(meta, rig)
    for changes in ({"click": "1" * 20}, {"at": event["at"] - 8 * 86400}, {"currency": "EURO"}, {"value": "much"}):
        result = await _ours(meta).tell({**event, **changes})
        assert isinstance(result, NotReturned) and not result.again, changes
    unknown = await _ours(meta).tell({**event, "channel": "other"})
    assert isinstance(unknown, NotReturned) and "waba_id" in unknown.reason
    stranger = await _ours(meta, "demo-nobody").tell(event)
    assert isinstance(stranger, NotReturned) and not stranger.again and "demo-nobody" not in stranger.reason


async def test_only_events_of_business_messaging_are_taken(meta: Any, rig: Any) -> None:
    event = await _event(meta, rig)
    path, headers = f"/v25.0/{DATASET}/events", {"Authorization": f"Bearer {TOKEN}"}
    for key, value in (("action_source", "website"), ("messaging_channel", "sms"), ("event_id", None), ("strange", 1)):
        body = body_of(event, WABA)
        body["data"][0][key] = value
        assert (await meta.call("POST", path, body, headers=headers))[0] == 400, key
    assert (await meta.call("POST", path, body_of(event, WABA), headers=headers))[1]["events_received"] == 1
    assert (await meta.call("POST", path, {"data": []}, headers=headers))[0] == 400


async def test_what_passes_is_told_again_later() -> None:
    class _Gone:
        async def post(self, url: str, body: bytes, headers: Any) -> Any:
            from trinario.channels.http.transport import Lost

            return Lost("no answer")

    client = GraphClient(_Gone(), "http://x", "v25.0", TOKEN)  # type: ignore[arg-type]
    event = {"channel": "wa", "click": "c", "event": "Lead", "at": 1, "id": "k"}
    assert await GraphConversions(client, DATASET, {"wa": WABA}).tell(event) == NotReturned("no answer", again=True)
