"""Whose webhooks have failed for too long: a Page or an account is then unsubscribed (meta.md §1.4)."""

from __future__ import annotations

from trinario.emulator.config import Config
from trinario.emulator.world import World


class Health:
    """How long a Page's or an account's webhooks have failed: after `disable_after` seconds it is unsubscribed (meta.md §1.4)."""

    def __init__(self, config: Config, world: World) -> None:
        self._after, self._world = config.disable_after, world
        self._since: dict[str, float] = {}

    def heard(self, platform: str, well: bool) -> None:
        """One attempt ended. WhatsApp numbers stay subscribed whatever happens."""
        if well:
            self._since.pop(platform, None)
        elif self._after and platform in ("messenger", "instagram"):
            now = self._world.clock.now()
            if now - self._since.setdefault(platform, now) >= self._after:
                known = self._world.subscriptions.get(platform, {})
                self._world.commit({"op": "subscribed", "platform": platform, "settings": {**known, "fields": []}})
                self._world.violation("webhook.disabled", platform)
                del self._since[platform]
