"""She has an app forget her: Meta's signed request to the app's address for data deletion, and what the app answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import aiohttp

from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.people import Phone
from trinario.emulator.voice import CannotAct

PATH = "data-deletion"
"""Where the app listens: beside the address of its webhooks."""

PATIENCE = 10.0
"""Seconds within which it has to answer."""


async def delete_data(meta: Meta, phone: Phone) -> Json:
    """Tell the app to forget who has this phone; gives its status, its page and its code.

    Meta's form: `signed_request` is the signature of the payload by the app's secret, a point, and the payload.
    """
    if phone.platform not in ("messenger", "instagram"):
        raise CannotAct(f"on {phone.platform} nobody can have an app forget her")
    account = getattr(meta.config, phone.platform)
    address = meta.dispatcher.address(phone.platform)
    if not address:
        raise CannotAct("the app has no webhook address yet")
    told = {"algorithm": "HMAC-SHA256", "issued_at": int(meta.clock.now()), "user_id": phone.identity}
    url, form = f"{address.rsplit('/', 1)[0]}/{PATH}", {"signed_request": signed(account.app_secret, told)}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as http,
        http.post(url, data=form) as reply,
    ):
        text = await reply.text()
    answer = _read(text) if reply.status == 200 else {}
    code = str(answer.get("confirmation_code", ""))
    if reply.status == 200 and not (code.isalnum() and str(answer.get("url", "")).startswith("http")):
        meta.world.violation("data_deletion.answer", phone.platform)
    return {"person": phone.person, "platform": phone.platform, "act": "delete_data", "status": reply.status, **answer}


def signed(secret: str, told: Json) -> str:
    """A signed request: base64url without padding, twice."""
    payload = _plain(json.dumps(told).encode())
    return f"{_plain(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())}.{payload}"


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> Json:
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
