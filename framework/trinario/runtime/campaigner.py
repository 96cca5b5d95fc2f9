"""The campaigner: slots are opened, recipients written down and let in, campaigns held and let go. It rests where none runs."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from trinario.jobs.campaign_budget import Ration, bound, rations
from trinario.jobs.campaign_desk import finish
from trinario.jobs.campaign_hold import look
from trinario.jobs.campaigning import fill
from trinario.jobs.drips import bring_steps, is_full, reckon_steps
from trinario.jobs.releasing import forward
from trinario.jobs.world import World
from trinario.ports import Clock, Store
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.campaigner")

REST = 1.0
"""Seconds between two looks while nothing goes."""

BREATH = 0.02
"""Seconds between two rounds while something goes: what people say comes in between."""

YIELD = 3.0
"""How much longer than a round took the next one waits: where the database is busy, campaigns leave it to conversations."""

LOOK = 2.0
"""Seconds between two looks at what may stop or end a campaign."""

COUNTED = 60.0
"""Seconds between two looks whether a campaign that was held for its money has some again."""


class Campaigner:
    """Brings running campaigns forward, one short transaction after another. `work` is rung when somebody was let in."""

    def __init__(self, store: Store, world: Callable[[], World], clock: Clock, work: Bell) -> None:
        self.bell = Bell()
        self._store, self._world, self._clock, self._work = store, world, clock, work
        self._looked = self._opened = self._counted = 0.0
        self.healthy = True

    async def run(self) -> None:
        """Work until the bell is closed."""
        rest, begun, loop = REST, 0.0, asyncio.get_running_loop()
        while await self.bell.wait(rest if begun else 0.0):
            idle, rest, begun = rest == REST, REST, loop.time()
            try:
                bot = self._world().bot()
                moved = bool(bot.campaigns) and await self._round(idle)
                if (bool(bot.sequences) and await self._steps()) or moved:
                    rest = max(BREATH, YIELD * (loop.time() - begun))
                self.healthy = True
            except AWAY as error:
                self.healthy = False
                log.error("the database is away: %s", type(error).__name__)
            except Exception:
                log.exception("campaigns do not go forward")

    async def _round(self, idle: bool) -> bool:
        """One step of everything; gives whether anything moved. Time tables are looked at now and then while something does."""
        world, now = self._world(), self._clock.now()
        await self._look()
        at = asyncio.get_running_loop().time()
        if opening := idle or at - self._opened >= REST:
            self._opened = at
        done = await self._store.run(lambda unit: forward(unit, world, now, opening))
        if done.dealt:
            self._work.ring()
        filled = done.filling and await self._store.run(lambda unit: fill(unit, world, now))
        return bool(done.opened or filled or done.dealt)

    async def _steps(self) -> bool:
        """Sequences: whoever is new is reckoned for, and steps that have come are let in; gives whether more may follow."""
        world, now = self._world(), self._clock.now()
        reckoned, brought, full = await self._store.run(
            lambda unit: (reckon_steps(unit, world, now), bring_steps(unit, world, now), is_full(unit))
        )
        if brought:
            self._work.ring()
        return bool(reckoned or brought or full)

    async def _look(self) -> None:
        """What stops or ends a campaign is looked at now and then."""
        at = asyncio.get_running_loop().time()
        if at - self._looked < LOOK:
            return
        self._looked = at
        world, now = self._world(), self._clock.now()
        rationed = await self._rations(world, now, at)
        for name, why in await self._store.run(lambda unit: look(unit, world, now, rationed)):
            log.warning("campaign %s is held: %s", name, why) if why else log.info("campaign %s goes on", name)
        for name in await self._store.run(lambda unit: finish(unit, world.bot(), now)):
            log.info("campaign %s is done", name)

    async def _rations(self, world: World, now: datetime, at: float) -> dict[str, Ration | None]:
        """What budgets leave, counted on a connection of its own: with many messages that takes a while."""
        bot = world.bot()
        if not any(bound(bot, campaign) for campaign in bot.campaigns.values()):
            return {}
        if held := at - self._counted >= COUNTED:
            self._counted = at
        return await self._store.read(lambda unit: rations(unit, bot, now, held))
