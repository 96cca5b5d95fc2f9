"""The notifier: words for people of the business, by mail and webhook, tried again for a day.

A notice that was under way when the process died is sent once more: its Message-ID or `webhook-id` is the same.
"""

import asyncio
import logging
import smtplib
from collections.abc import Callable
from datetime import timedelta

from aiohttp import ClientError, ClientSession, ClientTimeout

from trinario.jobs.notices import again_at, failed_event, webhook_body, webhook_headers, webhook_secret
from trinario.jobs.world import World
from trinario.ports import Clock, Notice, Store, Unit, Writes
from trinario.runtime.bell import Bell
from trinario.runtime.mail import Smtp, Unwanted, send_mail
from trinario.runtime.worker import AWAY

log = logging.getLogger("trinario.notifier")

POLL = 1.0
"""Seconds between two looks."""

BATCH = 20
LEASE = timedelta(minutes=2)
"""How long nobody else takes a notice that is under way; longer than any try takes."""

TIMEOUT = ClientTimeout(total=15.0)
GONE = 410
NO_SERVER = "TRINARIO_SMTP_URL is not set, so no mail can be sent"


class Notifier:
    """Sends what is in `notices`, until the bell is closed."""

    def __init__(
        self, store: Store, world: Callable[[], World], clock: Clock, session: ClientSession, smtp: Smtp | None
    ) -> None:
        self.bell = Bell()
        self._store, self._world, self._clock, self._session, self._smtp = store, world, clock, session, smtp
        self.healthy = True

    async def run(self) -> None:
        """One look after another; at once again while there is more."""
        pause = POLL
        while await self.bell.wait(pause):
            try:
                pause = 0.0 if await self.round() else POLL
                self.healthy = True
            except AWAY as error:
                self.healthy = False
                log.error("the database is away: %s", type(error).__name__)
                pause = POLL
            except Exception:  # a fault of ours must not end the loop
                log.exception("a round of notices fails")
                pause = POLL

    async def round(self) -> bool:
        """Claim what is due, send it, write down what became of it. Gives whether the batch was full."""
        now = self._clock.now()
        notices = await self._store.run(lambda unit: unit.claim_notices(BATCH, now + LEASE, now))
        if not notices:
            return False
        results = await asyncio.gather(*map(self._sent, notices))
        now = self._clock.now()
        await self._store.run(lambda unit: self._settle(unit, list(zip(notices, results, strict=True))))
        return len(notices) == BATCH

    async def _sent(self, notice: Notice) -> tuple[str, bool]:
        """("" or what went wrong, whether it is wrong for good)."""
        try:
            if notice.address.startswith("mailto:"):
                return await self._mail(notice)
            return await self._webhook(notice)
        except Unwanted as error:
            return str(error), True
        except (ClientError, TimeoutError, OSError, smtplib.SMTPException) as error:
            return f"{type(error).__name__}: {error}"[:200], False
        except Exception as error:  # a fault of ours costs this notice, not those beside it
            log.exception("notice %s cannot be sent", notice.id)
            return f"{type(error).__name__}: {error}"[:200], False

    async def _mail(self, notice: Notice) -> tuple[str, bool]:
        if self._smtp is None:
            return NO_SERVER, True
        bot = self._world().bot()
        address = notice.address.removeprefix("mailto:").partition("?")[0]
        await asyncio.to_thread(
            send_mail, self._smtp, address, notice.text, bot.title or bot.name, f"notice-{notice.id}"
        )
        return "", False

    async def _webhook(self, notice: Notice) -> tuple[str, bool]:
        body = webhook_body(notice)
        headers = webhook_headers(notice, body, webhook_secret(self._world().random), self._clock.now())
        answer = self._session.post(
            notice.address, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )  # fmt: skip
        async with answer as response:
            if response.status < 300:
                return "", False
            return f"the webhook answers {response.status}", response.status == GONE

    def _settle(self, unit: Unit, results: list[tuple[Notice, tuple[str, bool]]]) -> None:
        now = self._clock.now()
        ended: list[tuple[int, str]] = []
        later = []
        writes = Writes()
        for notice, (why, final) in results:
            again = None if final else again_at(notice, now)
            if why and again is not None:
                later.append((notice.id, again, why))
                continue
            ended.append((notice.id, why))
            if why:
                log.warning("notice %s to %s is given up: %s", notice.id, notice.whom, why)
                writes.events.append(failed_event(notice, why, now))
        unit.settle_notices(ended, now)
        unit.postpone_notices(later, now)
        unit.write(writes, now)
