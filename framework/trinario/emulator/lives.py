"""How long tokens live: Instagram's own renewed ones say it themselves, so that they outlive a restart (meta.md §2C.1)."""

from __future__ import annotations

import hashlib
import hmac

from trinario.emulator.config import Config
from trinario.emulator.meta import Meta
from trinario.emulator.people import DAY

SIXTY_DAYS = int(60 * DAY)
_MARK = "~"


def renewed(config: Config, now: float) -> str:
    """A new token for Instagram's own login, good for sixty days from now; the one before stays good until its own end."""
    return _signed(config, int(now))


def issued_at(config: Config, token: str) -> int | None:
    """When a renewed token was made; None: it is none of ours."""
    base, _, rest = token.rpartition(_MARK)
    issued = base.rpartition(_MARK)[2]
    if not rest or not (issued.isascii() and issued.isdigit()):
        return None
    return int(issued) if hmac.compare_digest(token, _signed(config, int(issued))) else None


def who_has(meta: Meta, token: str) -> str:
    """whatsapp, page or instagram; "": nobody has this token."""
    config = meta.config
    known = {config.messenger.access_token: "page", config.whatsapp.access_token: "whatsapp"}
    if config.instagram.login == "instagram":
        known[config.instagram.access_token] = "instagram"
        if token not in known and issued_at(config, token) is not None:
            return "instagram"
    return known.get(token, "")


def ends_at(meta: Meta, who: str, token: str) -> int:
    """When a token ends, in seconds; 0: never. What the control API says of an account ends what was made before as well."""
    settings = meta.world.tokens.get(who, {})
    told = int(settings.get("expires_at", 0))
    issued = issued_at(meta.config, token) if who == "instagram" else None
    if issued is None:
        return told
    own = issued + SIXTY_DAYS
    return min(own, told) if told and "told_at" in settings and issued <= settings["told_at"] else own


def _signed(config: Config, issued: int) -> str:
    account = config.instagram
    told = f"{account.access_token}{_MARK}{issued}"
    return told + _MARK + hmac.new(account.app_secret.encode(), told.encode(), hashlib.sha256).hexdigest()[:20]
