"""The control API of the machine: clock, faults, log, webhooks."""

from __future__ import annotations

import asyncio
import base64
from collections import Counter

from aiohttp import web

from trinario.emulator.clock import offset_for
from trinario.emulator.config import Json
from trinario.emulator.envelopes import signed_form
from trinario.emulator.journal import compact
from trinario.emulator.meta import Meta
from trinario.emulator.voice import CannotAct
from trinario.emulator.webhooks import BATCH
from trinario.emulator.wishes import Reply, control_routes, number_of, platform_of, read_wish

HEARTBEAT_SECONDS = 15.0


class Control:
    """One method a path; wrong wishes are answered with 400 and `{"error": why}`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> list[web.RouteDef]:
        """All routes, prefix included."""
        routes = control_routes(
            [
                ("GET", "/accounts", self._accounts),
                ("GET", "/clock", self._clock),
                ("POST", "/clock", self._move_clock),
                ("GET", "/faults", self._faults),
                ("POST", "/faults", self._add_fault),
                ("DELETE", "/faults", self._clear_faults),
                ("GET", "/log", self._log),
                ("GET", "/violations", self._violations),
                ("GET", "/messages", self._messages),
                ("POST", "/subscribe", self._subscribe),
                ("POST", "/webhook/raw", self._raw),
                ("POST", "/webhooks/flush", self._flush),
                ("POST", "/webhooks/hold", self._hold),
                ("POST", "/webhooks/release", self._release),
                ("GET", "/webhooks/pending", self._pending),
            ]
        )
        routes.append(web.get("/_emulator/log/stream", self._stream))
        return routes

    async def _accounts(self, request: web.Request) -> Reply:
        """Who the business is on each platform, without its secrets."""
        config = self._meta.config
        whatsapp = {"id": config.whatsapp.id, "name": config.whatsapp.name, "phone": config.whatsapp.phone}
        messenger = {"id": config.messenger.id, "name": config.messenger.page_name, "app_id": config.messenger.app_id}
        instagram = {"id": config.instagram.id, "name": config.instagram.username, "login": config.instagram.login}
        telegram = {"id": config.telegram.id, "name": config.telegram.username} if config.telegram.token else None
        known = {"whatsapp": whatsapp, "messenger": messenger, "instagram": instagram}
        return {**known, "telegram": telegram} if telegram else known

    async def _clock(self, request: web.Request) -> Reply:
        return self._meta.clock.view()

    async def _move_clock(self, request: web.Request) -> Reply:
        wish = await read_wish(request)
        if isinstance(wish.get("advance"), int | float):
            offset = self._meta.clock.offset + wish["advance"]
        elif isinstance(wish.get("set"), str):
            offset = offset_for(wish["set"])
        else:
            raise CannotAct("give advance (seconds) or set (an ISO moment)", 400)
        self._meta.move_clock(offset)
        self._meta.log("control", what="clock", **self._meta.clock.view())
        return self._meta.clock.view()

    async def _faults(self, request: web.Request) -> Reply:
        return [fault.as_json() for fault in self._meta.faults.active]

    async def _add_fault(self, request: web.Request) -> Reply:
        return self._meta.faults.add(await read_wish(request)).as_json()

    async def _clear_faults(self, request: web.Request) -> Reply:
        self._meta.faults.clear()
        return []

    async def _log(self, request: web.Request) -> Reply:
        after, limit = number_of(request, "after"), number_of(request, "limit")
        return self._meta.world.log.after(after, request.query.get("kind", ""), limit)

    async def _violations(self, request: web.Request) -> Reply:
        """All of them, or with `by=rule` how often each rule was broken."""
        found = self._meta.world.log.violations
        if request.query.get("by") == "rule":
            return dict(sorted(Counter(str(one["rule"]) for one in found).items()))
        return found

    async def _messages(self, request: web.Request) -> Reply:
        return self._meta.world.accepted[number_of(request, "after") :]

    async def _subscribe(self, request: web.Request) -> Reply:
        """Meta's GET verification; the url is taken if the bot answers as it must."""
        wish = await read_wish(request)
        platform = platform_of(str(wish.get("platform", "")))
        if platform == "telegram":
            raise CannotAct("Telegram verifies no addresses: the bot calls setWebhook", 400)
        account = self._meta.config.account(platform)
        url = str(wish.get("url") or account.webhook_url)
        outcome = await self._meta.dispatcher.verify(
            platform, url, str(wish.get("verify_token") or account.verify_token)
        )
        if outcome["verified"]:
            self._meta.world.commit({"op": "subscribed", "platform": platform, "settings": {"url": url}})
        return {"platform": platform, "url": url, **outcome}

    async def _raw(self, request: web.Request) -> Reply:
        wish = await read_wish(request)
        body = wish.get("body")
        raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else signed_form(body)
        if "base64" in wish:
            raw = base64.b64decode(str(wish["base64"]))
        platform = platform_of(str(wish.get("platform", "")))
        return await self._meta.dispatcher.raw(platform, raw, bad_signature=wish.get("signature") == "bad")

    async def _flush(self, request: web.Request) -> Reply:
        return {"retried": self._meta.dispatcher.flush()}

    async def _hold(self, request: web.Request) -> Reply:
        self._meta.dispatcher.hold()
        return {"held": True}

    async def _release(self, request: web.Request) -> Reply:
        most = (await read_wish(request)).get("most", BATCH)
        if not isinstance(most, int) or not 1 <= most <= BATCH:
            raise CannotAct(f"most must be a number from 1 to {BATCH}", 400)
        return {"posts": self._meta.dispatcher.release(most)}

    async def _pending(self, request: web.Request) -> Reply:
        dispatcher = self._meta.dispatcher
        return {"pending": dispatcher.pending(), "waiting": dispatcher.waiting()}

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: every entry of the log from `after` on (default: from now)."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        queue = self._meta.world.log.listen()
        try:
            if "after" in request.query:
                for entry in self._meta.world.log.after(number_of(request, "after")):
                    await response.write(_event(entry))
            while True:
                try:
                    entry = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                    if not entry:
                        return response
                    await response.write(_event(entry))
                except TimeoutError:
                    await response.write(b": still here\n\n")
        except (ConnectionResetError, asyncio.CancelledError):
            return response
        finally:
            self._meta.world.log.leave(queue)


def _event(entry: Json) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (entry["n"], compact(entry))
