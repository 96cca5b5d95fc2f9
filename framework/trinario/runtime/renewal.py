"""Tokens that live sixty days (Instagram's own login): renewed in time, kept sealed, shared by all processes of a bot."""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

from trinario.jobs.account import Told, weigh
from trinario.model.failure import Action, Failure
from trinario.model.outbox import NotSent
from trinario.ports import AccountToken, Adapter, Clock, Random, Renewable, Store, Unit
from trinario.runtime.bell import Bell
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.process")

LOOKS = 600.0
"""Seconds between two looks whether another process has renewed a token, or one is due."""

LIFE = timedelta(days=60)
"""How long a token lives of which nobody said so."""

YOUNG = timedelta(days=1)
"""A token has to be so old before the platform renews it."""

AGAIN = timedelta(hours=6)
"""After a failure it is tried again."""


class Renewal:
    """Every process takes over what is kept; the one with `renews` asks the platform for the next token."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        adapters: Mapping[str, Adapter],
        random: Random,
        after: Mapping[str, timedelta],
        tell: Callable[[Told], None],
    ) -> None:
        self.bell = Bell()
        self._store, self._clock, self._after, self._tell = store, clock, after, tell
        self._seal = Fernet(urlsafe_b64encode(random.token("account tokens 1")))
        self._adapters = {name: one for name, one in adapters.items() if isinstance(one, Renewable) and one.renewable}
        self._configured = {name: digest_of(one.token) for name, one in self._adapters.items()}
        self._rests: dict[str, datetime] = {}

    async def run(self, renews: Callable[[], bool]) -> None:
        """Look now and then, until the bell is closed; a renewal that is under way is brought to its end."""
        while await self.bell.wait(LOOKS):
            try:
                await self.look(renews())
            except AWAY as error:
                log.error("the database is away: %s", type(error).__name__)

    async def look(self, renews: bool) -> None:
        """Take over what is kept, and renew what is due."""
        now = self._clock.now()
        for name, adapter in self._adapters.items():
            kept = await self._taken(name, adapter, now)
            due = now - kept.renewed_at >= max(self._after[name], YOUNG) and self._rests.get(name, now) <= now
            if renews and due:
                await self._renew(name, adapter, now)

    async def _taken(self, name: str, adapter: Renewable, now: datetime) -> AccountToken:
        """What is kept of a channel; of a token that we see for the first time that it is there. bot.yaml's own new token
        wins over one that was made out of an older one."""
        kept = await self._store.read(lambda unit: unit.accounts.token(name))
        if kept is not None and kept.origin == self._configured[name]:
            try:
                adapter.carry(self._seal.decrypt(kept.sealed.encode()).decode())
                return kept
            except InvalidToken:
                log.warning("channel %s: the token that is kept was sealed with another TRINARIO_SECRET_KEY", name)
        return await self._keep(name, adapter.token, now, LIFE)

    async def _keep(self, name: str, token: str, now: datetime, life: timedelta) -> AccountToken:
        sealed = self._seal.encrypt(token.encode()).decode()
        kept = AccountToken(name, sealed, self._configured[name], now, now + life)
        await self._store.run(lambda unit: unit.accounts.keep_token(kept))
        return kept

    async def _renew(self, name: str, adapter: Renewable, now: datetime) -> None:
        result = await adapter.renew()
        if isinstance(result, NotSent):
            self._rests[name] = now + AGAIN
            log.warning("channel %s: its token could not be renewed: %s", name, result.failure.reason)
            if result.failure.action == Action.TOKEN:
                await self._trouble(name, result.failure, now)
            return
        token, seconds = result
        adapter.carry(token)
        await self._keep(name, token, now, timedelta(seconds=seconds))
        log.info("channel %s: its token was renewed, for %s days", name, round(seconds / 86_400))

    async def _trouble(self, name: str, failure: Failure, now: datetime) -> None:
        """A token that is dead stops its channel, as it would with the next message."""
        told = Told()

        def work(unit: Unit) -> None:
            weigh(unit, name, failure, None, now, told)

        await self._store.run(work)
        self._tell(told)


def digest_of(token: str) -> str:
    """What a token is known by."""
    return sha256(token.encode()).hexdigest()
