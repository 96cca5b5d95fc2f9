"""What an endpoint is told: the bytes, their signature (Standard Webhooks), and when it is tried again."""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from trinario import jsons
from trinario.model.hook import HISTORY, SOURCES, Endpoint, kind_of
from trinario.model.value import pack
from trinario.ports import Random, Unit, Writes
from trinario.ports.hooks import ACTIVE, DISABLED, Delivery, DeliveryLine, Happening

AGAIN = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
"""How long after each try the next one comes: those that the Standard Webhooks specification proposes."""

LONGEST = timedelta(days=1)
"""No answer puts off the next try by more than that."""

TOO_LONG = timedelta(days=5)
"""An endpoint that has taken nothing for so long is disabled."""


_NUMBER = re.compile(r"[0-9]{1,18}")

ACCOUNTS = ("identities", "former", "ids")
"""Where the history keeps what a platform calls somebody, which may be a phone number."""


def body_of(endpoint: Endpoint, source: str, one: Happening) -> bytes:
    """JSON with `type`, `timestamp` and `data`; the words of a message, and what platforms call her, only where the endpoint
    is to have them. `data.contact` is always she of whom it is told; another contact in it is called `other`."""
    data: dict[str, Any] = pack(dict(one.data))
    if "contact" in data:
        data["other"] = data["contact"]
    data["contact"] = one.contact
    if source == HISTORY and not endpoint.text:
        data = {name: value for name, value in data.items() if name not in ACCOUNTS}
    if endpoint.text and one.words:
        data["text"] = one.words
    told = {"type": kind_of(source, one.name), "timestamp": one.at.isoformat(), "data": data}
    return jsons.dumps(told).encode()


def id_of(delivery: Delivery | DeliveryLine) -> str:
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
    if asked.isascii() and asked.isdigit():  # not every digit is a number: ² is none
        wait = max(wait, min(timedelta(seconds=int(asked[:9])), LONGEST))
    return now + wait


def sources_of(endpoint: Endpoint) -> list[str]:
    """The sources of which it may want anything: a name that begins with another word never matches."""
    prefixes = {
        "messages": "message.", "consents": "consent.", "events": "event.", "contacts": "contact.", "tickets": "ticket.",
        "ways": "flow.",
    }  # fmt: skip
    return [
        source for source in SOURCES
        if source not in prefixes or any(_may_begin(one, prefixes[source]) for one in endpoint.types)
    ]  # fmt: skip


def _may_begin(pattern: str, prefix: str) -> bool:
    fixed = pattern.partition("*")[0].partition("?")[0].partition("[")[0]
    return fixed.startswith(prefix) or prefix.startswith(fixed)


def enable(unit: Unit, name: str, by: str, now: datetime) -> bool:
    """An endpoint is told again, from where it stopped, and the history keeps who said so; gives whether it was disabled."""
    if not unit.hooks.switch(name, ACTIVE, "", now):
        return False
    _keep(unit, name, "enabled", by, now)
    return True


def disable(unit: Unit, name: str, by: str, why: str, now: datetime) -> bool:
    """An endpoint is told nothing until it is enabled, and the history keeps who said so and why; gives whether it was told
    before."""
    if not unit.hooks.switch(name, DISABLED, why or f"disabled by {by}", now):
        return False
    _keep(unit, name, "disabled", by, now, why=why)
    return True


def tell_again(unit: Unit, one: Endpoint, since: datetime, kind: str, by: str, now: datetime) -> int:
    """What happened since then is told once more under the same ids, where the endpoint wants it and it is of this kind
    ("" any); gives how much, and the history keeps who said so."""
    asked = Endpoint(one.name, one.url, (kind,)) if kind else one

    def wants(source: str, name: str) -> bool:
        return one.wants(kind_of(source, name)) and asked.wants(kind_of(source, name))

    count = sum(unit.hooks.again(one.name, source, wants, since, now) for source in sources_of(asked))
    _keep(unit, one.name, "replayed", by, now, since=since.isoformat(), type=kind, count=count)
    return count


def tell_one_again(unit: Unit, name: str, delivery: str, by: str, now: datetime) -> bool:
    """One piece of news that was told before, by its `webhook-id`; False: there is none of that id."""
    source, _, number = delivery.rpartition("_")
    if not _NUMBER.fullmatch(number) or not unit.hooks.again_one(name, source, int(number), now):
        return False
    _keep(unit, name, "replayed", by, now, id=delivery)
    return True


def _keep(unit: Unit, name: str, what: str, by: str, now: datetime, **more: Any) -> None:
    told = jsons.dumps({"webhook": name, "what": what, "by": by, **more})
    unit.write(Writes(events=[(None, "webhook", now, told)]), now)
