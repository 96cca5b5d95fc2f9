"""Tokens handed out: codes and short tokens exchanged, Instagram's refreshed (meta.md §2C.1, §10). None of these needs one of ours."""

from __future__ import annotations

from trinario.emulator.call import Call
from trinario.emulator.config import Json
from trinario.emulator.lives import SIXTY_DAYS, ends_at, issued_at, renewed, who_has
from trinario.emulator.meta import Meta
from trinario.emulator.people import DAY
from trinario.emulator.refusal import Refused

OLD_ENOUGH = DAY
EDGES = ("oauth", "access_token", "refresh_access_token")


class Tokens:
    """`GET /oauth/access_token`, `/access_token` and `/refresh_access_token`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def answer(self, call: Call) -> Json | None:
        """What one of the three says; None: the call is for another."""
        path = f"{call.id}/{call.edge}".strip("/")
        if call.method not in ("GET", "POST"):
            return None
        given = {**call.query, **{name: str(value) for name, value in call.body.items()}}
        if path == "oauth/access_token":
            return self._oauth(given)
        if path == "access_token":
            return self._long(given)
        return self._refreshed(given) if path == "refresh_access_token" else None

    def _oauth(self, given: dict[str, str]) -> Json:
        """A code of an embedded signup, or a short user token, for a long one; or the token of the app itself."""
        account = self._meta.config.messenger
        if (given.get("client_id"), given.get("client_secret")) != (account.app_id, account.app_secret):
            raise Refused("graph.oauth", 101, "Error validating application. Invalid application ID or secret.")
        if given.get("grant_type") == "client_credentials":
            return {"access_token": f"{account.app_id}|{account.app_secret}", "token_type": "bearer"}
        if given.get("grant_type") == "fb_exchange_token" and given.get("fb_exchange_token"):
            return {"access_token": account.access_token, "token_type": "bearer", "expires_in": SIXTY_DAYS}
        if not given.get("code"):
            raise Refused("graph.oauth", 100, "(#100) code or fb_exchange_token is required")
        return {"access_token": self._meta.config.whatsapp.access_token, "token_type": "bearer"}

    def _long(self, given: dict[str, str]) -> Json:
        """Instagram's short token for one of sixty days."""
        account = self._meta.config.instagram
        if given.get("grant_type") != "ig_exchange_token" or given.get("client_secret") != account.app_secret:
            raise Refused("graph.oauth", 101, "Error validating application. Invalid application ID or secret.")
        if given.get("access_token") != account.access_token:
            raise Refused("graph.token_invalid", 190, "Invalid OAuth access token - Cannot parse access token")
        known, now = self._meta.world.tokens.get("instagram", {}), self._meta.clock.now()
        settings = {**known, "issued_at": now, "expires_at": int(now) + SIXTY_DAYS}
        self._meta.world.commit({"op": "token", "who": "instagram", "settings": settings})
        return {"access_token": account.access_token, "token_type": "bearer", "expires_in": SIXTY_DAYS}

    def _refreshed(self, given: dict[str, str]) -> Json:
        """A new token of sixty days for one that is a day old and has not ended; that one stays good until its end."""
        if given.get("grant_type") != "ig_refresh_token":
            raise Refused("graph.oauth", 100, "(#100) grant_type must be ig_refresh_token")
        token, now = given.get("access_token", ""), self._meta.clock.now()
        if who_has(self._meta, token) != "instagram":
            raise Refused("graph.token_invalid", 190, "Invalid OAuth access token - Cannot parse access token")
        if 0 < ends_at(self._meta, "instagram", token) <= now:
            message = "Error validating access token: Session has expired."
            raise Refused("graph.token_expired", 190, message, subcode=463)
        known = self._meta.world.tokens.get("instagram", {})
        issued = issued_at(self._meta.config, token)
        if now - float(known.get("issued_at", 0) if issued is None else issued) < OLD_ENOUGH:
            raise Refused("graph.token_young", 100, "(#100) The access token is less than 24 hours old.")
        return {"access_token": renewed(self._meta.config, now), "token_type": "bearer", "expires_in": SIXTY_DAYS}
