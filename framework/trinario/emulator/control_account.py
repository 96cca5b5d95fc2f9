"""The control API of what Meta says of an account: states of templates, tokens, and how much of an allowance is used."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from trinario.emulator import statuses
from trinario.emulator.allowance import app_header, business_header
from trinario.emulator.config import Json
from trinario.emulator.meta import Meta
from trinario.emulator.template_news import rate, recategorise

STATUSES = ("APPROVED", "REJECTED", "PENDING", "PAUSED", "DISABLED", "REINSTATED", "FLAGGED")
USED = ("percent", "minutes", "of")


class AccountControl:
    """`routes` is the table of calls."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> list[web.RouteDef]:
        """Under `/_emulator/`."""
        return [
            web.get("/_emulator/templates", self._list),
            web.post("/_emulator/templates", self._template),
            web.post("/_emulator/usage", self._usage),
            web.post("/_emulator/token", self._token),
            web.get("/_emulator/shown/{media}", self._shown),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response(list(self._meta.world.templates.values()))

    async def _template(self, request: web.Request) -> web.Response:
        """`{name, language, status, reason, platform}`: Meta looks at a template again, and the WABA hears of it; with
        `platform: messenger` at one of the Page, and the Page does. In place of `status`: `category` that it gets now,
        `becomes` that it will get, or `quality`."""
        wish = await _wish(request)
        world, of_page = self._meta.world, wish.get("platform") == "messenger"
        templates = world.page_templates if of_page else world.templates
        known = templates.get((str(wish.get("name")), str(wish.get("language"))))
        status = str(wish.get("status", "")).upper()
        if known is not None and not of_page and not status:
            return self._judged(known, wish)
        if known is None or status not in STATUSES:
            what = "there is no such template" if known is None else f"status must be one of {', '.join(STATUSES)}"
            return web.json_response({"error": what}, status=404 if known is None else 400)
        reason = str(wish.get("reason") or "NONE")
        template = {**known, "status": {"REINSTATED": "APPROVED", "FLAGGED": "APPROVED"}.get(status, status)}
        if status == "REJECTED":
            template["rejected_reason"] = reason
        world.commit({"op": "page_template" if of_page else "template", "template": template})
        statuses.template_told(self._meta, template, status, reason, page=of_page)
        return web.json_response(template)

    def _judged(self, known: Json, wish: Json) -> web.Response:
        """Another category, now or soon, or another quality."""
        given = {name: str(wish[name]).upper() for name in ("category", "becomes", "quality") if wish.get(name)}
        try:
            if "category" in given:
                known = recategorise(self._meta, known, given["category"], announced=False)
            if "becomes" in given:
                known = recategorise(self._meta, known, given["becomes"], announced=True)
            if "quality" in given:
                known = rate(self._meta, known, given["quality"])
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        if not given:
            what = f"status must be one of {', '.join(STATUSES)}, or name category, becomes or quality"
            return web.json_response({"error": what}, status=400)
        return web.json_response(known)

    async def _usage(self, request: web.Request) -> web.Response:
        """`{percent, minutes, of}` for one platform: so the headers of its answers say from now on; {} takes it away."""
        wish = await _wish(request)
        platform = str(wish.get("platform", ""))
        percent, minutes = wish.get("percent", 0), wish.get("minutes", 0)
        if not isinstance(percent, int | float) or not isinstance(minutes, int | float):
            return web.json_response({"error": "percent and minutes are numbers"}, status=400)
        if percent:
            self._meta.usage[platform] = {"percent": percent, "minutes": minutes, "of": str(wish.get("of", platform))}
        else:
            self._meta.usage.pop(platform, None)
        return web.json_response({"platform": platform, "percent": percent, "minutes": minutes})

    async def _token(self, request: web.Request) -> web.Response:
        """`{who: whatsapp|page|instagram, scopes, expires_at, subcode}`: what `debug_token` tells, and when and why calls
        are refused."""
        wish = await _wish(request)
        who = str(wish.pop("who", ""))
        if who not in ("whatsapp", "page", "instagram"):
            return web.json_response({"error": "who must be whatsapp, page or instagram"}, status=400)
        told: Json = {name: wish[name] for name in ("scopes", "expires_at", "subcode") if name in wish}
        settings = {**told, "told_at": self._meta.clock.now()}
        self._meta.world.commit({"op": "token", "who": who, "settings": settings})
        return web.json_response({"who": who, **told})

    async def _shown(self, request: web.Request) -> web.Response:
        """The bytes of a file that stands on a phone, as the phone's owner sees it."""
        found = self._meta.world.media.get(request.match_info["media"])
        if found is None or "content" not in found:
            return web.Response(status=404)
        return web.Response(
            body=statuses.bytes_of(found), headers={"Content-Type": str(found.get("mime_type") or found["type"])}
        )


async def _wish(request: web.Request) -> Json:
    try:
        wish: Any = json.loads(await request.read() or b"{}")
    except ValueError:
        wish = {}
    return wish if isinstance(wish, dict) else {}


def headers_of(usage: Json, account: str) -> dict[str, str]:
    """The two headers that tell of an allowance; whole percent, minutes."""
    percent, minutes = int(usage["percent"]), int(usage["minutes"])
    return {**app_header(percent // 3, 1), **business_header(account, str(usage["of"]), percent, minutes)}
