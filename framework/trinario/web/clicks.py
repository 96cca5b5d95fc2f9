"""`/l/{token}`: a short link of ours, counted and led on."""

import re

from aiohttp import hdrs, web

from trinario.jobs.clicks import PATH
from trinario.web.doors import Doors

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16}")

_MACHINES = re.compile(
    r"facebookexternalhit|facebot|whatsapp/|telegrambot|instagram.*preview|bot\b|crawler|spider|preview", re.I
)
"""Programs that look at a link before a person does: they are led on, and not counted."""


class ShortLinks:
    """One path for all of them."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def routes(self) -> list[web.RouteDef]:
        """What there is."""
        return [web.get(PATH + "{token}", self.follow)]

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Leads to where the link leads; a person's first click and every later one is counted."""
        token, now = request.match_info["token"], self._doors.clock.now()
        if not _TOKEN.fullmatch(token):
            raise web.HTTPNotFound(text="There is no such link.")
        counted = request.method == hdrs.METH_GET and not _MACHINES.search(request.headers.get(hdrs.USER_AGENT, ""))
        store = self._doors.store
        found = await (
            store.run(lambda unit: unit.clicks.click(token, now))
            if counted
            else store.read(lambda unit: unit.clicks.find(token))
        )
        if found is None:
            raise web.HTTPNotFound(text="There is no such link.")
        headers = {hdrs.CACHE_CONTROL: "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
        raise web.HTTPFound(found.url, headers=headers)
