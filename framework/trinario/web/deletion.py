"""Meta's data deletion: a signed request comes in, somebody is forgotten, and a page says that it was done (meta.md 10)."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from trinario import jsons
from trinario.jobs.erase import asked_by_platform
from trinario.ports import Erasure
from trinario.web.doors import Doors

CALLBACK, PAGE = "/webhooks/data-deletion", "/data-deletion/{code}"

LARGEST = 64 * 1024
"""Bytes of a signed request at most."""

_CODE = re.compile(r"[0-9a-z]{1,64}")
_log = logging.getLogger("trinario.deletion")


class DataDeletion:
    """The callback and its status page. Both are there when the bot has an account at Meta."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def routes(self) -> list[web.RouteDef]:
        """Where Meta asks, and where people look."""
        return [web.post(CALLBACK, self.take), web.get(PAGE, self.show)]

    async def take(self, request: web.Request) -> web.Response:
        """Erase whom the request names. Anything but 200 has Meta, or the person, ask again."""
        if (request.content_length or 0) > LARGEST:
            return _plain(413, "over 64 KiB\n")
        try:
            signed = str((await request.post()).get("signed_request", ""))
        except (web.HTTPException, ValueError):
            signed = ""
        if signed.count(".") != 1:
            return _plain(400, "there is no signed_request in the form\n")
        told = self._doors.opened(signed)
        if told is None:
            return _plain(401, "the signature is none of ours\n")
        user = told.get("user_id")
        if not isinstance(user, str | int) or isinstance(user, bool) or not str(user):
            return _plain(400, "the signed request names no user_id\n")
        erasure = await self._erase(str(user), told)
        here = self._doors.public_url or str(request.url.origin())
        url = here + PAGE.format(code=erasure.code)
        return web.json_response({"url": url, "confirmation_code": erasure.code}, dumps=jsons.dumps)

    async def _erase(self, user: str, told: Mapping[str, Any]) -> Erasure:
        """The same request twice is one: its code is made of what it says."""
        world, now = self._doors.world(), self._doors.clock.now()
        code = world.random.token(f"deletion:{user}:{told.get('issued_at', '')}").hex()[:24]
        erasure = await self._doors.store.run(lambda unit: asked_by_platform(unit, world, user, code, now))
        _log.info("the platform asked for an erasure: %s, contacts: %d", code, erasure.contacts)
        self._doors.woken()
        return erasure

    async def show(self, request: web.Request) -> web.Response:
        """What became of a request, for whoever has its code. The page names nobody."""
        code = request.match_info["code"]
        found = None
        if _CODE.fullmatch(code):
            found = await self._doors.store.read(lambda unit: unit.privacy.find(code))
        if found is None:
            words = "There is no request with this code. Look whether the address is whole."
            return _page(404, "Not found", words)
        day = found.at.strftime("%Y-%m-%d %H:%M UTC")
        held = (
            "Everything that was kept has been erased." if found.contacts else "Nothing was kept that could be erased."
        )
        return _page(200, "Your data", f"Request {code}, {day}: {held}")


def _plain(status: int, words: str) -> web.Response:
    return web.Response(text=words, status=status)


def _page(status: int, title: str, words: str) -> web.Response:
    """A page for people, in every browser, without anything from elsewhere. `words` are ours."""
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>body{{font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:12vh auto;padding:0 1em;"
        "color:#1c2b25}h1{font-size:1.3em}</style></head>"
        f"<body><h1>{title}</h1><p>{words}</p></body></html>"
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }  # fmt: skip
    return web.Response(body=body.encode(), status=status, headers=headers)
