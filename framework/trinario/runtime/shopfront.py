"""What platforms show before and beside a conversation: Get Started, ice breakers, menus, greetings; kept as the flows say."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from trinario.ports import Adapter, Greeter, Tongues

log = logging.getLogger("trinario.process")

REST, LONGEST = 120.0, 3600.0
"""Seconds until what was refused is tried again, doubled each time, and at most. A Page takes 10 such calls in 10 minutes."""


@dataclass(frozen=True, slots=True)
class Front:
    """What one channel should show: ice breakers and menu (words and what a tap brings), greetings by locale.

    `tongues` are ice breakers and menu in other languages (`it_IT` ...).
    """

    starters: Mapping[str, str]
    menu: Mapping[str, str]
    greeting: Mapping[str, str]
    tongues: Tongues = field(default_factory=dict)


class Shopfront:
    """Sets what differs, when flows change and again after a refusal; a trouble is told once while it stays the same."""

    def __init__(
        self, adapters: Callable[[], Iterable[Adapter]], front: Callable[[str], Front], rest: float = REST
    ) -> None:
        self._adapters, self._front, self._rest = adapters, front, rest
        self._anew = asyncio.Event()
        self._stands: dict[str, Front] = {}
        self._told: dict[str, list[str]] = {}

    def changed(self) -> None:
        """Other flows are served from now on."""
        self._anew.set()

    async def run(self) -> None:
        """Look, and wait for a change or for the next try, for ever."""
        rest = self._rest
        while True:
            self._anew.clear()
            whole = await self.look()
            try:
                await asyncio.wait_for(self._anew.wait(), None if whole else rest)
                rest = self._rest
            except TimeoutError:
                rest = min(rest * 2, LONGEST)

    async def look(self) -> bool:
        """Set what does not stand there yet; whether everything does."""
        whole = True
        for adapter in self._adapters():
            name = adapter.channel
            wanted = self._front(name)
            if self._stands.get(name) == wanted:
                continue
            troubles = await self._set(adapter, wanted)
            if not troubles:
                self._stands[name] = wanted
            whole = whole and not troubles
            if troubles != self._told.get(name, []):
                for trouble in troubles:
                    log.warning("channel %s: %s", name, trouble)
            self._told[name] = troubles
        return whole

    async def _set(self, adapter: Adapter, wanted: Front) -> list[str]:
        troubles = await adapter.set_up(wanted.starters, wanted.menu, wanted.tongues)
        if isinstance(adapter, Greeter) and wanted.greeting:
            troubles = [*troubles, *await adapter.greet(wanted.greeting)]
        return troubles
