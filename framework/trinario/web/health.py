"""Whether the process lives, whether it is ready for work, and its numbers."""

import logging

from aiohttp import web

from trinario import jsons
from trinario.web.doors import Doors

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_log = logging.getLogger("trinario.health")


class Health:
    """The handlers that a load balancer and Prometheus ask."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def routes(self) -> list[web.RouteDef]:
        """Three of them."""
        return [
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
            web.get("/metrics", self.metrics),
        ]

    async def alive(self, request: web.Request) -> web.Response:
        """200 as long as the process is of use; the database is not asked."""
        alive = self._doors.live()
        body = {"status": "ok" if alive else "failing"}
        if self._doors.flows_refused():
            body["flows"] = "refused"  # what was served before is served still: no reason to start again
        return _json(200 if alive else 503, body)

    async def ready(self, request: web.Request) -> web.Response:
        """200 when every named check passes, else 503 with the same names."""
        try:
            checks = dict(await self._doors.ready())
        except Exception:
            _log.exception("the readiness checks could not be made")
            checks = {"checks": False}
        fine = all(checks.values())
        body = {"status": "ok" if fine else "failing", "checks": checks}
        return _json(200 if fine else 503, body)

    async def metrics(self, request: web.Request) -> web.Response:
        """Prometheus' text format."""
        return web.Response(body=self._doors.metrics(), headers={"Content-Type": METRICS_TYPE})


def _json(status: int, body: object) -> web.Response:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return web.Response(body=jsons.dump_bytes(body), status=status, headers=headers)
