"""The housekeeper: the works of `housekeeping` in bot.yaml, each at its times on the wall, by one process of the bot."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from trinario.campaign.schedule import Slot, between, parse_cron
from trinario.engine.time import zone
from trinario.model.housekeeping import Housekeeping
from trinario.ports import Clock, Store
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.housekeeper")

LOOKS = 15.0
"""Seconds between two looks at the clock."""

MISSED = timedelta(hours=1)
"""How late a work may be done that could not be done in time; later its next time is waited for."""

Work = Callable[[], Awaitable[object]]


class Housekeeper:
    """Does what has come. A time on the wall is a row: whichever process writes it does the work, and the others do not."""

    def __init__(
        self,
        store: Store,
        rules: Callable[[], tuple[Housekeeping, str]],
        clock: Clock,
        works: Mapping[str, Work],
    ) -> None:
        """`rules` gives the time tables and the bot's zone; `works` what they ring for, by name."""
        self.bell = Bell()
        self._store, self._rules, self._clock, self._works = store, rules, clock, works
        self._since = clock.now()

    async def run(self) -> None:
        """Look now and then, until the bell is closed."""
        while await self.bell.wait(LOOKS):
            try:
                await self.look()
            except AWAY as error:
                log.warning("the bot tidies up later: %s", type(error).__name__)

    async def look(self) -> None:
        """Do everything whose time has come since the last look."""
        rules, name = self._rules()
        now, where = self._clock.now(), zone(rules.zone or name) or UTC
        for work, line in rules.lines.items():
            slot = self._last(line, now, where)
            if slot is not None and await self._is_mine(work, slot):
                await self._do(work, slot)
        self._since = now

    def _last(self, line: str, now: datetime, where: tzinfo) -> Slot | None:
        """The newest time of a table since the last look; of several that were missed that one alone."""
        found = between(parse_cron(line), max(self._since, now - MISSED), now, where)
        return found[-1] if found else None

    async def _is_mine(self, work: str, slot: Slot) -> bool:
        row = (f"housekeeping/{work}", slot.local.isoformat(timespec="minutes"), slot.comes, slot.comes, True)
        return bool(await self._store.run(lambda unit: unit.schedules.open([row])))

    async def _do(self, work: str, slot: Slot) -> None:
        log.info("housekeeping: %s, for %s", work, slot.local.isoformat(sep=" ", timespec="minutes"))
        try:
            await self._works[work]()
        except AWAY:
            raise
        except Exception:
            log.exception("housekeeping: %s fails; it is tried again at its next time", work)
