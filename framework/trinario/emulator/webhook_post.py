"""One POST of a webhook: where it goes, what proves who calls, what came back; and the verification before the first."""

from __future__ import annotations

import hashlib
import hmac

import aiohttp

from trinario.emulator.config import Config, Json
from trinario.emulator.ids import Ids
from trinario.emulator.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

UNSIGNED = {
    "sha1_only": ("X-Hub-Signature-256",),
    "no_signature": ("X-Hub-Signature-256", "X-Hub-Signature", SECRET_HEADER),
}


def signatures(secret: str, body: bytes) -> dict[str, str]:
    """The headers of a signed webhook (meta.md §1.3)."""
    key = secret.encode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest(),
        "X-Hub-Signature": "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest(),
    }


class Postman:
    """Signs and posts, once; `open` before use, `close` after it."""

    def __init__(self, config: Config, world: World, ids: Ids) -> None:
        self._config, self._world, self._ids = config, world, ids
        self._http: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Opens the client, in the event loop that runs."""
        connector = aiohttp.TCPConnector(limit=self._config.webhook_concurrency, keepalive_timeout=30)
        timeout = aiohttp.ClientTimeout(total=self._config.webhook_timeout)
        self._http = aiohttp.ClientSession(connector=connector, timeout=timeout)

    async def close(self) -> None:
        """Closes the client."""
        if self._http is not None:
            await self._http.close()

    async def verify(self, platform: str, url: str, token: str) -> Json:
        """Meta's GET verification (meta.md §1.2): `{verified, status, answer, error}`."""
        challenge = self._ids.number(10)
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
        status, answer, error = None, "", ""
        try:
            assert self._http is not None
            async with self._http.get(url, params=query, allow_redirects=False) as response:
                status, answer = response.status, (await response.text())[:1000]
        except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
            error = f"{type(failure).__name__}: {failure}"
        verified = status == 200 and answer == challenge
        outcome = {"verified": verified, "status": status, "answer": answer, "error": error}
        self._world.note(
            "webhook", platform=platform, field="verify", person="", attempt=1, body=None, url=url, **outcome
        )
        return outcome

    async def post(self, platform: str, body: bytes, spoiled: str = "") -> tuple[int | None, str, str]:
        """Posts it: the status (None: no answer), the beginning of the answer, the error. `spoiled` is a fault of signatures."""
        headers = self._proof(platform, body, "-not" if spoiled == "bad_signature" else "")
        for name in UNSIGNED.get(spoiled, ()):
            headers.pop(name, None)
        try:
            assert self._http is not None
            async with self._http.post(
                self.url(platform), data=body, headers=headers, allow_redirects=False
            ) as response:
                return response.status, (await response.text(errors="replace"))[:1000], ""
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as failure:
            return None, "", f"{type(failure).__name__}: {failure}"

    def _proof(self, platform: str, body: bytes, wrong: str) -> dict[str, str]:
        """What shows that it is the platform who calls; `wrong` spoils it."""
        if platform != "telegram":
            return signatures(self._config.account(platform).app_secret + wrong, body)
        subscribed = self._world.subscriptions.get(platform, {})
        secret = str(subscribed.get("secret_token", self._config.telegram.secret_token)) + wrong
        return {"Content-Type": "application/json", **({SECRET_HEADER: secret} if secret else {})}

    def url(self, platform: str) -> str:
        """Where the webhooks of a platform go; "" while nobody has said."""
        subscribed = self._world.subscriptions.get(platform, {})
        if platform == "telegram":
            return str(subscribed.get("url", self._config.telegram.webhook_url))
        return str(subscribed.get("number_url") or subscribed.get("url") or self._config.account(platform).webhook_url)
