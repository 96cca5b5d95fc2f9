"""How our numbers stand with their platform, asked now and then: webhooks tell of changes only, and only once."""

import asyncio
import logging
from collections.abc import Callable, Iterable

from trinario.model.standing import NumberStanding
from trinario.ports import Adapter, Rated, Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.process")

FIRST, EVERY = 60.0, 6 * 3600.0
"""Seconds until it is asked first, and between two times: a limit rises within six hours."""


class Ratings:
    """Keeps quality and limit of every number that has them."""

    def __init__(self, store: Store, adapters: Callable[[], Iterable[Adapter]]) -> None:
        self.bell = Bell()
        self._store, self._adapters = store, adapters

    async def run(self) -> None:
        """Ask, wait, ask, until the bell is closed."""
        pause = FIRST
        while await self.bell.wait(pause):
            pause = EVERY
            try:
                await self.look()
            except AWAY as error:
                log.warning("how numbers stand is asked later: %s", type(error).__name__)

    async def look(self, within: float | None = None) -> dict[str, str]:
        """Ask about every number, and keep what is told; what is not told stays as it was. Gives by channel why a limit was not.
        `within`: seconds for each of them."""
        why = {}
        rated = [adapter for adapter in self._adapters() if isinstance(adapter, Rated)]
        for adapter, told in zip(rated, await asyncio.gather(*(_asked(one, within) for one in rated)), strict=True):
            if isinstance(told, NumberStanding):
                await self._keep(told)
            if isinstance(told, str) or not told.most:
                why[adapter.channel] = told if isinstance(told, str) else "Meta says nothing of it"
        return why

    async def _keep(self, told: NumberStanding) -> None:
        rated, limited = await self._store.run(lambda unit: _kept(unit, told))
        if rated:
            log.info("channel %s has the quality %s", told.channel, told.quality)
        if limited:
            limit = f"{told.most:,}" if told.most > 0 else "any number of"
            log.info("channel %s may write to %s people first within 24 hours", told.channel, limit)


async def _asked(one: Rated, within: float | None) -> NumberStanding | str:
    """What is told of one number, or why it is not."""
    try:
        async with asyncio.timeout(within):
            return await one.standing()
    except TimeoutError:
        return f"no answer within {within:g} s"


def _kept(unit: Unit, told: NumberStanding) -> tuple[bool, bool]:
    """Whether either is news."""
    return (
        bool(told.quality) and unit.accounts.rated(told.channel, told.quality),
        bool(told.most) and unit.accounts.limited(told.channel, told.most),
    )
