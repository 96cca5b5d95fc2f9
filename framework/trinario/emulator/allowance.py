"""Allowances of calls an hour and a day, counted in a window that slides, and the two headers that tell of them (meta.md §6)."""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from trinario.emulator.config import Json, Rates
from trinario.emulator.people import DAY, Engaged
from trinario.emulator.refusal import Refused

HOUR = 3600.0
SLOTS = 60
"""Parts of a window that leave it one by one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of allowance: over how many seconds, and what Meta answers beyond it."""

    seconds: float
    code: int
    message: str


KINDS = {
    "app": Kind(HOUR, 4, "(#4) Application request limit reached"),
    "messenger": Kind(DAY, 80006, "(#80006) There have been too many calls to this Messenger account."),
    "instagram": Kind(DAY, 80002, "(#80002) There have been too many calls to this Instagram account."),
    "whatsapp": Kind(HOUR, 80007, "(#80007) There have been too many calls from this WhatsApp Business account."),
}


class Window:
    """Calls of the last `seconds`. One that is refused counts as well: who goes on makes it worse."""

    __slots__ = ("_slot", "_slots", "calls")

    def __init__(self, seconds: float) -> None:
        self._slot = seconds / SLOTS
        self._slots: deque[list[int]] = deque()
        self.calls = 0

    def add(self, now: float) -> None:
        """One more call."""
        slot = max(int(now / self._slot), self._slots[-1][0] if self._slots else 0)
        if not self._slots or self._slots[-1][0] != slot:
            self._slots.append([slot, 0])
        self._slots[-1][1] += 1
        self.calls += 1

    def look(self, now: float) -> None:
        """Forget what has left the window."""
        while self._slots and self._slots[0][0] <= int(now / self._slot) - SLOTS:
            self.calls -= self._slots.popleft()[1]

    def frees(self, now: float, allowed: float) -> float:
        """Seconds until there is place for a call again; 0.0: there is."""
        left = self.calls
        for slot, calls in self._slots:
            if left < allowed:
                break
            left -= calls
            when = (slot + SLOTS) * self._slot
        return max(0.0, when - now) if self.calls >= allowed else 0.0


class Allowances:
    """Of the app, of the Page, of the Instagram account, and of the management of the WABA."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._windows = {kind: Window(about.seconds) for kind, about in KINDS.items()}
        self._engaged = {kind: Engaged() for kind in ("app", "messenger", "instagram")}

    def engage(self, platform: str, person: str, now: float) -> None:
        """She wrote, or was written to: 200 calls are allowed for each such person."""
        if platform in ("messenger", "instagram"):
            self._engaged[platform].note(person, now)
            self._engaged["app"].note(person, now)

    def spend(self, platform: str, now: float) -> None:
        """One call of this platform; of an app alone with "". Raises Refused: 4, 80002, 80006 or 80007."""
        if not self._rates.enabled:
            return
        for kind in _kinds(platform):
            window, about = self._windows[kind], KINDS[kind]
            window.look(now)
            over = window.calls >= self._allowed(kind, now)
            window.add(now)
            if over:
                raise Refused(f"{kind}.rate.allowance", about.code, about.message, whatsapp=kind == "whatsapp")

    def headers(self, platform: str, account: str, now: float) -> dict[str, str]:
        """What an answer tells of it; nothing while little is used."""
        if not self._rates.enabled:
            return {}
        told: dict[str, str] = {}
        for kind in _kinds(platform):
            percent = self._percent(kind, now)
            if percent < self._rates.usage_told_from:
                continue
            minutes = math.ceil(self._windows[kind].frees(now, self._allowed(kind, now)) / 60.0)
            told |= app_header(percent) if kind == "app" else business_header(account, kind, percent, minutes)
        return told

    def _percent(self, kind: str, now: float) -> int:
        window = self._windows[kind]
        window.look(now)
        return int(100.0 * window.calls / self._allowed(kind, now))

    def _allowed(self, kind: str, now: float) -> float:
        if kind == "whatsapp":
            return self._rates.management_per_hour
        people = max(self._engaged[kind].count(now), self._rates.people_at_least)
        return self._rates.calls_per_person * people


def _kinds(platform: str) -> Iterator[str]:
    if platform != "whatsapp":
        yield "app"
    if platform:
        yield platform


def app_header(percent: int, other: int | None = None) -> dict[str, str]:
    """Whole percent of what the app may call; `other` is that of the times."""
    times = percent // 2 if other is None else other
    return {"X-App-Usage": json.dumps({"call_count": percent, "total_time": times, "total_cputime": times})}


def business_header(account: str, kind: str, percent: int, minutes: int) -> dict[str, str]:
    """The same of an account; `minutes` until calls are taken again."""
    half = percent // 2
    used: Json = {"type": kind, "call_count": percent, "total_cputime": half, "total_time": half}
    told = {account: [{**used, "estimated_time_to_regain_access": minutes}]}
    return {"X-Business-Use-Case-Usage": json.dumps(told)}
