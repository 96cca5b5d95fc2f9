"""What an endpoint is told: the bytes, their signature (Standard Webhooks), and when it is tried again."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from trinario import jsons
from trinario.model.hook import Endpoint, kind_of
from trinario.model.value import pack
from trinario.ports import Random
from trinario.ports.hooks import Delivery, Happening

AGAIN = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
"""How long after each try the next one comes: those that the Standard Webhooks specification proposes."""

LONGEST = timedelta(days=1)
"""No answer puts off the next try by more than that."""

TOO_LONG = timedelta(days=5)
"""An endpoint that has taken nothing for so long is disabled."""


def body_of(endpoint: Endpoint, source: str, one: Happening) -> bytes:
    """JSON with `type`, `timestamp` and `data`; the words of a message only where the endpoint is to have them."""
    data: dict[str, Any] = {"contact": one.contact, **pack(dict(one.data))}
    if endpoint.text and one.words:
        data["text"] = one.words
    told = {"type": kind_of(source, one.name), "timestamp": one.at.isoformat(), "data": data}
    return jsons.dumps(told).encode()


def id_of(delivery: Delivery) -> str:
    """The name of the news: the same at every try, every replay and for every endpoint."""
    return f"{delivery.source}_{delivery.number}"


def keys_of(endpoint: Endpoint, random: Random) -> tuple[bytes, ...]:
    """What its messages are signed with: its own secrets, else the bot's."""
    own = tuple(b64decode(secret.removeprefix("whsec_")) for secret in endpoint.secrets)
    return own or (own_key(random),)


def own_key(random: Random) -> bytes:
    """The bot's own key."""
    return random.token("webhook signature 1")


def headers_of(name: str, body: bytes, keys: Sequence[bytes], now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`, one signature a key."""
    at = str(int(now.timestamp()))
    signed = b".".join((name.encode(), at.encode(), body))
    each = (b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": at,
        "webhook-signature": " ".join(f"v1,{one}" for one in each),
    }


def again_at(delivery: Delivery, headers: Mapping[str, str], chance: float, now: datetime) -> datetime | None:
    """When it is tried again, a tenth sooner or later by `chance` (0 to 1) and never before the answer's Retry-After; None:
    it has been tried for long enough."""
    if delivery.attempts > len(AGAIN):
        return None
    wait = AGAIN[delivery.attempts - 1] * (0.9 + 0.2 * chance)
    asked = headers.get("retry-after", "")
    if asked.isdigit():
        wait = max(wait, min(timedelta(seconds=int(asked[:9])), LONGEST))
    return now + wait
