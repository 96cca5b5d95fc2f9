"""What platforms show before and beside a conversation: Get Started, ice breakers, menus, commands, greetings; kept as the flows
say."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from trinario.channels.graph.place import GET_STARTED
from trinario.ports import Adapter, Clock, Greeter, Opener, Opening, Store, Tongues

log = logging.getLogger("trinario.process")

REST, LONGEST = 120.0, 3600.0
"""Seconds until what was refused is tried again, doubled each time, and at most. A Page takes 10 such calls in 10 minutes."""


@dataclass(frozen=True, slots=True)
class Front:
    """What one channel should show: ice breakers and menu (words and what a tap brings), greetings by locale.

    `tongues` are ice breakers and menu in other languages (`it_IT` ...), `commands` words after a stroke with what they do.
    """

    starters: Mapping[str, str]
    menu: Mapping[str, str]
    greeting: Mapping[str, str]
    tongues: Tongues = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)

    @property
    def opening(self) -> Opening:
        """The same as sentences to send, and the greeting; what only brings a link's ref is no sentence."""
        prompts = tuple(words for words, payload in self.starters.items() if payload != GET_STARTED)
        return Opening(prompts, self.commands, self.greeting)


class Shopfront:
    """Sets what differs, when flows change and again after a refusal; a trouble is told once while it stays the same."""

    def __init__(
        self,
        adapters: Callable[[], Iterable[Adapter]],
        front: Callable[[str], Front],
        store: Store,
        clock: Clock,
        rest: float = REST,
    ) -> None:
        self._adapters, self._front, self._rest = adapters, front, rest
        self._store, self._clock = store, clock
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
        if not isinstance(adapter, Greeter | Opener):
            return troubles
        ours = await self._remembered(adapter.channel, wanted.opening)
        if isinstance(adapter, Greeter):
            troubles = [*troubles, *await adapter.greet(wanted.greeting, ours.greeting)]
        if isinstance(adapter, Opener):
            troubles = [*troubles, *await adapter.open_with(wanted.opening, ours)]
        return troubles

    async def _remembered(self, channel: str, wanted: Opening) -> Opening:
        """What we have put there ourselves: only that is taken away, so it is remembered, before it is set, since a process
        may end in between."""
        ours = await self._store.read(lambda unit: unit.accounts.opening(channel))
        both = Opening(
            wanted.prompts or ours.prompts, wanted.commands or ours.commands, wanted.greeting or ours.greeting
        )
        if both != ours:
            now = self._clock.now()
            await self._store.run(lambda unit: unit.accounts.keep_opening(channel, both, now))
        return ours
