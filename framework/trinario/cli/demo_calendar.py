"""The calendar of Lucky Garden, for the demo only: a small service of its own that `booking` calls by HTTP.

`GET /slots?service=visit&day=2026-12-01` gives `{"slots": [{"id", "label"}]}`, half hours that are free on that day.
`POST /holds` with `{"slot", "service"}` and an `Idempotency-Key` keeps one: 201 `{"hold", "at", "label"}`, 409 when it
is taken; the same key gets the same answer. `PUT /holds/{hold}` books it, `DELETE /holds/{hold}` lets it go.
"""

import json
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

HOST = "calendar.luckygarden.example"
"""Where the shop's calendar would be; a bot that may call it gets this one."""

ZONE = ZoneInfo("Europe/Rome")
OPENS, CLOSES, STEP = time(9), time(17, 30), timedelta(minutes=30)
CLOSED_ON = 6
"""Sunday."""

BUSY = 4
"""One half hour of so many is taken by somebody else from the beginning."""


class Calendar:
    """What is held and booked, in one file; a missing or broken one is an empty calendar."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._holds: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._holds = {}

    def slots(self, day: date) -> list[dict[str, str]]:
        """The free half hours of a day, in order."""
        taken = {hold["at"] for hold in self._holds.values()}
        return [
            {"id": at.isoformat(), "label": f"{at:%H:%M}"}
            for at in _half_hours(day)
            if at.isoformat() not in taken and not _busy(at)
        ]

    def hold(self, key: str, slot: str, service: str) -> tuple[int, dict[str, Any]]:
        """Keep a half hour under this key: (status, answer)."""
        if key in self._holds:
            return 200, self._holds[key]
        day = _moment(slot)
        if day is None or slot not in {free["id"] for free in self.slots(day.date())}:
            return 409, {"error": "this half hour is taken"}
        name = blake2b(key.encode(), digest_size=6).hexdigest()
        told = {"hold": name, "at": slot, "label": f"{day:%H:%M}", "service": service, "state": "held"}
        self._holds[key] = told
        self._keep()
        return 201, told

    def book(self, name: str) -> tuple[int, dict[str, Any]]:
        """Make a hold a booking; a second time changes nothing."""
        found = next((hold for hold in self._holds.values() if hold["hold"] == name), None)
        if found is None:
            return 404, {"error": "there is no such hold"}
        found["state"] = "booked"
        self._keep()
        return 200, found

    def release(self, name: str) -> None:
        """Let a half hour go; one that is not held is free already."""
        self._holds = {key: hold for key, hold in self._holds.items() if hold["hold"] != name}
        self._keep()

    def _keep(self) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(self._holds, indent=1) + "\n", encoding="utf-8")
        fresh.replace(self._file)


def _half_hours(day: date) -> list[datetime]:
    if day.weekday() == CLOSED_ON:
        return []
    found, at = [], datetime.combine(day, OPENS, ZONE)
    while at.time() <= CLOSES:
        found.append(at)
        at += STEP
    return found


def _busy(at: datetime) -> bool:
    return blake2b(at.isoformat().encode(), digest_size=1).digest()[0] % BUSY == 0


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def calendar_app(file: Path) -> web.Application:
    """The service over one file."""
    calendar, app = Calendar(file), web.Application()

    async def slots(request: web.Request) -> web.Response:
        try:
            day = date.fromisoformat(request.query.get("day", ""))
        except ValueError:
            return web.json_response({"error": "day is a date like 2026-12-01"}, status=400)
        return web.json_response({"slots": calendar.slots(day)})

    async def hold(request: web.Request) -> web.Response:
        key, wish = request.headers.get("Idempotency-Key", ""), await _json(request)
        if not key or not isinstance(wish.get("slot"), str):
            return web.json_response({"error": "an Idempotency-Key and a slot are needed"}, status=400)
        status, told = calendar.hold(key, wish["slot"], str(wish.get("service", "")))
        return web.json_response(told, status=status)

    async def book(request: web.Request) -> web.Response:
        status, told = calendar.book(request.match_info["hold"])
        return web.json_response(told, status=status)

    async def release(request: web.Request) -> web.Response:
        calendar.release(request.match_info["hold"])
        return web.Response(status=204)

    app.add_routes([web.get("/slots", slots), web.post("/holds", hold)])
    app.add_routes([web.put("/holds/{hold}", book), web.delete("/holds/{hold}", release)])
    return app


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        data = await request.json()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
