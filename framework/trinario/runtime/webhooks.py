"""Webhooks from the command line: how they stand, enabled again, told again, tried out."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from trinario.authoring.webhook_settings import endpoints_of
from trinario.errors import ConfigError
from trinario.jobs import hooks
from trinario.jobs.hooks import body_of, headers_of, keys_of
from trinario.model.hook import HISTORY, Endpoint
from trinario.outside.http import HttpClient
from trinario.ports import HttpRequest, NotReturned
from trinario.ports.hooks import DeliveryLine, EndpointState, Happening
from trinario.ports.pages import NEWEST
from trinario.runtime.chance import SecretChance
from trinario.runtime.herald import TIMEOUT, hosts_of
from trinario.runtime.settings import Settings
from trinario.runtime.versions import Database, read_disk


def endpoints(folder: Path) -> dict[str, Endpoint]:
    """Those of bot.yaml. Raises ConfigError for a bot that cannot be read."""
    return endpoints_of(read_disk(folder).parsed.record)


def endpoint(folder: Path, name: str) -> Endpoint:
    """One of them. Raises ConfigError."""
    known = endpoints(folder)
    if name not in known:
        there = ", ".join(sorted(known)) or "none: write one under `webhooks` in bot.yaml"
        raise ConfigError(f"there is no webhook {name}; there are: {there}")
    return known[name]


async def listed(store: Database, known: Mapping[str, Endpoint]) -> list[tuple[Endpoint, EndpointState | None]]:
    """Every endpoint of bot.yaml, and how it stands; None: a running bot has not seen it yet."""
    states = {one.name: one for one in await store.read(lambda unit: unit.hooks.states())}
    return [(one, states.get(name)) for name, one in sorted(known.items())]


async def enable(store: Database, name: str, by: str) -> bool:
    """It is told again, from where it stopped; gives whether it was disabled."""
    return await store.run(lambda unit: hooks.enable(unit, name, by, datetime.now(UTC)))


async def disable(store: Database, name: str, by: str, why: str) -> bool:
    """It is told nothing until it is enabled; gives whether it was told before."""
    return await store.run(lambda unit: hooks.disable(unit, name, by, why, datetime.now(UTC)))


async def replay(store: Database, one: Endpoint, since: datetime, kind: str, by: str) -> int:
    """What happened since then is told once more, where the endpoint wants it and it is of this kind ("" any); how much."""
    return await store.run(lambda unit: hooks.tell_again(unit, one, since, kind, by, datetime.now(UTC)))


async def replay_one(store: Database, one: Endpoint, delivery: str, by: str) -> None:
    """One piece of news is told once more, by its `webhook-id`. Raises ConfigError where there is none of that id."""
    if not await store.run(lambda unit: hooks.tell_one_again(unit, one.name, delivery, by, datetime.now(UTC))):
        raise ConfigError(
            f"{one.name} was never to be told of {delivery[:60]}: ids are like history_12, `trinario webhooks deliveries"
            f" {one.name}` shows them"
        )


async def deliveries(store: Database, one: Endpoint, state: str | None, limit: int) -> Sequence[DeliveryLine]:
    """The newest of what it is told."""
    return await store.read(lambda unit: unit.hooks.deliveries(one.name, state, NEWEST, limit))


async def try_out(settings: Settings, one: Endpoint) -> str:
    """Send a piece of news that is none, signed as all others; gives "" or why it was not taken."""
    now = datetime.now(UTC)
    body = body_of(one, HISTORY, Happening(0, "test", None, now, {"words": "trinario webhooks test"}))
    headers = headers_of(f"test_{int(now.timestamp())}", body, keys_of(one, SecretChance(settings.secret_key)), now)
    client = HttpClient(lambda: hosts_of({one.name: one}), local=settings.http_local, redirects=0)
    try:
        answer = await client.request(HttpRequest("POST", one.url, tuple(headers.items()), body), TIMEOUT)
    finally:
        await client.close()
    if isinstance(answer, NotReturned):
        return answer.reason
    return "" if answer.status is not None and 200 <= answer.status < 300 else f"it answers {answer.status}"
