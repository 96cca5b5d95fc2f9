"""`/media`: the files of the bot's media/ folder, which platforms fetch when a message names one."""

from aiohttp import hdrs, web

from trinario.web.doors import Doors

KEPT = "public, max-age=31536000, immutable"
"""An address holds the digest of its bytes, so that what it gives never changes."""


class MediaFiles:
    """One path for all of them."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def routes(self) -> list[web.RouteDef]:
        """What there is."""
        return [web.get("/media/{digest}/{name:.+}", self.give)]

    async def give(self, request: web.Request) -> web.StreamResponse:
        """The file that the bot was loaded with; 404 for any other digest."""
        file = self._doors.world().bot().media.get(request.match_info["name"])
        if file is None or file.digest != request.match_info["digest"]:
            raise web.HTTPNotFound
        headers = {hdrs.CACHE_CONTROL: KEPT, "X-Content-Type-Options": "nosniff"}
        return web.FileResponse(file.path, headers=headers)
