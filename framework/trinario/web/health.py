"""Whether the process lives, whether it is ready for work, and its numbers."""

import logging
from collections.abc import Iterator, Mapping

from aiohttp import web

from trinario import jsons
from trinario.ports import Trouble
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
        body: dict[str, object] = {"status": "ok" if fine else "failing", "checks": checks}
        if fine and (troubles := await self._troubles()):
            body["channels"] = troubles  # the platform's trouble: another process would have the same
        return _json(200 if fine else 503, body)

    async def _troubles(self) -> Mapping[str, Mapping[str, object]]:
        """Channels that do not send as they could: why, since when, until when."""
        now = self._doors.clock.now()
        found = await self._doors.store.read(lambda unit: unit.accounts.troubles(now))
        return {one.channel: dict(_told(one)) for one in found}

    async def metrics(self, request: web.Request) -> web.Response:
        """Prometheus' text format."""
        return web.Response(body=self._doors.metrics(), headers={"Content-Type": METRICS_TYPE})


def _told(trouble: Trouble) -> Iterator[tuple[str, object]]:
    if trouble.code:
        yield from (("code", trouble.code), ("reason", trouble.reason))
    if trouble.code and trouble.since:
        yield "since", trouble.since.isoformat()
    if trouble.rests_until:
        yield "rests_until", trouble.rests_until.isoformat()
    if trouble.bulk_until:
        yield "marketing_waits_until", trouble.bulk_until.isoformat()
    if trouble.share < 100:
        yield "percent_of_pace", trouble.share


def _json(status: int, body: object) -> web.Response:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return web.Response(body=jsons.dump_bytes(body), status=status, headers=headers)
