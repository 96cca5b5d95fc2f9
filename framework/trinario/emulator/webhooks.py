"""Signed webhooks: a lane per person keeps the order of first attempts, many lanes run at once, failures come back."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass

from trinario.emulator.config import Config, Json
from trinario.emulator.envelopes import signed_form
from trinario.emulator.faults import SIGNATURES, WEBHOOK_KINDS, Fault, Faults
from trinario.emulator.health import Health
from trinario.emulator.ids import Ids
from trinario.emulator.twists import TWISTS, twisted
from trinario.emulator.webhook_post import Postman
from trinario.emulator.world import World

REORDER_SECONDS = 0.3
DELAY_SECONDS = 1.0
BATCH_SECONDS = 0.02
"""How long updates are gathered where `webhook_batch` wants several in a POST."""

BATCH = 1_000
"""Updates that one POST carries at most (meta.md §1.4)."""


@dataclass(slots=True)
class Hook:
    """One webhook body on its way. `lane` is the person's id; `fault` is what shall go wrong with it; `pause` the seconds
    between its last attempt and the next."""

    number: int
    platform: str
    field: str
    lane: str
    body: bytes
    payload: Json
    queued_at: float
    attempts: int = 0
    fault: str = ""
    seconds: float = 0.0
    pause: float = 0.0
    tried: asyncio.Future[None] | None = None


class Dispatcher:
    """Delivers webhooks to the bot and retries them: at once, then after 4^n s up to a cap, times `retry_scale`."""

    def __init__(self, config: Config, world: World, faults: Faults, ids: Ids) -> None:
        self._config = config
        self._world = world
        self._faults = faults
        self._lanes: dict[str, deque[Hook]] = {}
        self._naps: dict[str, asyncio.Event] = {}
        self._waiting: dict[int, tuple[asyncio.TimerHandle, Hook]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(config.webhook_concurrency)
        self._held: dict[str, list[Json]] | None = None
        self._health = Health(config, world)
        self._postman = Postman(config, world, ids)

    async def start(self) -> None:
        """Open the client and take up what the journal left undelivered."""
        self._postman.open()
        for record in sorted(self._world.hooks.values(), key=lambda item: item["number"]):
            self._push(_hook_of(record))

    async def stop(self) -> None:
        for handle, _ in self._waiting.values():
            handle.cancel()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._postman.close()

    def queue(self, platform: str, field: str, lane: str, payload: Json) -> list[Hook]:
        """Deliver this; an empty list if nobody subscribed to the field, two hooks under a duplicate fault."""
        if not self._postman.url(platform) or not self._wanted(platform, field):
            return []
        if self._config.webhook_batch > 1 and self._held is None:
            self.hold()
            asyncio.get_running_loop().call_later(BATCH_SECONDS, self.release, self._config.webhook_batch)
        if self._held is not None:
            self._held.setdefault(platform, []).append(payload)
            return []
        fault = self._fault(platform, lane, payload)
        kind = fault.kind if fault else ""
        if kind in TWISTS and platform != "telegram":
            payload, kind = twisted(kind, payload), ""
        if kind == "drop_before":
            self._world.note("webhook", platform=platform, field=field, person=lane, attempt=0, status=None,
                           error="lost by a fault", body=payload)  # fmt: skip
            return []
        seconds = fault.seconds if fault else 0.0
        hooks = [self._new(platform, field, lane, payload, kind, seconds)]
        if kind == "duplicate":
            hooks.append(self._new(platform, field, lane, payload, "reorder" if seconds else "", seconds))
        return hooks

    def hold(self) -> None:
        """Keep webhooks back from now on, so that `release` can tell of many things in one POST."""
        self._held = self._held or {}

    def release(self, most: int = BATCH) -> Json:
        """Send what was kept back, at most so many entries in a POST: how many POSTs, by platform."""
        held, self._held = self._held or {}, None
        sent: Json = {}
        for platform, payloads in held.items():
            if platform == "telegram":  # which tells one thing at a time
                bodies = payloads
            else:
                entries = [entry for payload in payloads for entry in payload["entry"]]
                chunks = [entries[start : start + most] for start in range(0, len(entries), most)]
                bodies = [{"object": payloads[0]["object"], "entry": chunk} for chunk in chunks]
            for body in bodies:
                self._new(platform, "batch", "", body, "", 0.0)
            sent[platform] = len(bodies)
        return sent

    def _fault(self, platform: str, lane: str, payload: Json) -> Fault | None:
        if not self._faults.active:
            return None
        names = self._world.names_of(lane, platform)
        return self._faults.pick("webhook", WEBHOOK_KINDS, platform, names, json.dumps(payload, ensure_ascii=False))

    async def send_now(self, hooks: list[Hook]) -> None:
        """Wait until each of these was attempted once."""
        loop = asyncio.get_running_loop()
        for hook in hooks:
            hook.tried = loop.create_future()
        tried = [hook.tried for hook in hooks if hook.tried is not None]
        if tried:
            await asyncio.wait(tried, timeout=self._config.webhook_timeout)

    def pending(self) -> int:
        return len(self._world.hooks)

    def waiting(self) -> list[Json]:
        """Those that wait for their next attempt outside of a lane, oldest first."""
        hooks = [hook for _, hook in sorted(self._waiting.values(), key=lambda item: item[1].number)]
        return [{"number": one.number, "platform": one.platform, "field": one.field, "person": one.lane,
                 "attempts": one.attempts, "pause": one.pause} for one in hooks]  # fmt: skip

    def flush(self) -> int:
        """Try everything that waits for a retry now; how many that was."""
        waiting = sorted(self._waiting.values(), key=lambda item: item[1].number)
        self._waiting.clear()
        for handle, hook in waiting:
            handle.cancel()
            self._push(hook)
        for nap in self._naps.values():
            nap.set()
        return len(waiting) + len(self._naps)

    def forget(self) -> None:
        """Drop everything undelivered."""
        for handle, _ in self._waiting.values():
            handle.cancel()
        self._waiting.clear()
        for lane in self._lanes.values():
            lane.clear()

    async def raw(self, platform: str, body: bytes, *, bad_signature: bool = False) -> Json:
        """Sign and deliver these bytes once: `{status, answer, error}`."""
        status, answer, error = await self._postman.post(platform, body, "bad_signature" if bad_signature else "")
        shown = body.decode("utf-8", "replace")
        self._world.note(
            "webhook", platform=platform, field="raw", person="", attempt=1, status=status, error=error, body=shown
        )
        return {"status": status, "answer": answer, "error": error}

    async def verify(self, platform: str, url: str, token: str) -> Json:
        """Meta's GET verification: `{verified, status, answer, error}`."""
        return await self._postman.verify(platform, url, token)

    def _new(self, platform: str, field: str, lane: str, payload: Json, fault: str, seconds: float) -> Hook:
        now = self._world.clock.now()
        number = self._world.number()
        hook = Hook(number, platform, field, lane, signed_form(payload), payload, now, 0, fault, seconds)
        record = {"op": "hook", "number": number, "platform": platform, "field": field, "lane": lane}
        self._world.commit({**record, "payload": payload, "queued_at": now})
        if fault == "reorder":
            self._wait(hook, seconds or REORDER_SECONDS)
        else:
            self._push(hook)
        return hook

    def _push(self, hook: Hook) -> None:
        key = f"{hook.platform}/{hook.lane}"
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = deque()
            task = asyncio.get_running_loop().create_task(self._drain(key, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.append(hook)

    async def _drain(self, key: str, lane: deque[Hook]) -> None:
        try:
            while lane:
                hook = lane.popleft()
                if hook.fault == "delay" and hook.attempts == 0:
                    await asyncio.sleep(hook.seconds or DELAY_SECONDS)
                async with self._slots:
                    pause = await self._attempt(hook)
                if pause is None:
                    continue
                if self._config.ordered_retries:
                    lane.appendleft(hook)
                    await self._nap(key, pause)
                else:
                    self._wait(hook, pause)
        finally:
            del self._lanes[key]

    async def _nap(self, key: str, seconds: float) -> None:
        """The whole lane waits, so that nothing overtakes; `flush` wakes it."""
        nap = self._naps[key] = asyncio.Event()
        try:
            await asyncio.wait_for(nap.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            del self._naps[key]

    async def _attempt(self, hook: Hook) -> float | None:
        """Deliver it; the seconds until it shall be tried again, None if that is not needed."""
        if hook.number not in self._world.hooks:
            return None
        hook.attempts += 1
        spoiled = hook.fault if hook.fault in SIGNATURES else ""
        status, _, error = await self._postman.post(hook.platform, hook.body, spoiled)
        self._world.note("webhook", platform=hook.platform, field=hook.field, person=hook.lane, hook=hook.number,
                       attempt=hook.attempts, status=status, error=error, body=hook.payload)  # fmt: skip
        if hook.tried is not None and not hook.tried.done():
            hook.tried.set_result(None)
        if hook.number not in self._world.hooks:
            return None
        lost = hook.fault == "drop_after_accept" and hook.attempts == 1
        self._health.heard(hook.platform, status == 200)
        if (status == 200 and not lost) or spoiled:
            self._done(hook)
        elif self._world.clock.now() - hook.queued_at > self._config.retry_horizon:
            self._world.violation("webhook.never_accepted", hook.platform, hook=hook.number, status=status)
            self._done(hook)
        else:
            hook.pause = self._pause(hook.attempts)
            return hook.pause
        return None

    def _done(self, hook: Hook) -> None:
        self._world.commit({"op": "hook_done", "number": hook.number})

    def _pause(self, attempts: int) -> float:
        """The second attempt comes at once, then 4^0, 4^1, 4^2 ... seconds pass."""
        config = self._config
        return 0.0 if attempts <= 1 else float(min(4.0 ** min(attempts - 2, 20), config.retry_cap)) * config.retry_scale

    def _wait(self, hook: Hook, seconds: float) -> None:
        handle = asyncio.get_running_loop().call_later(seconds, self._again, hook)
        self._waiting[hook.number] = (handle, hook)

    def _again(self, hook: Hook) -> None:
        self._waiting.pop(hook.number, None)
        self._push(hook)

    def address(self, platform: str) -> str:
        """Where the webhooks of a platform go; "" while nobody has said."""
        return self._postman.url(platform)

    def _wanted(self, platform: str, field: str) -> bool:
        fields = self._world.subscriptions.get(platform, {}).get("fields")
        return fields is None or field in fields


def _hook_of(record: Json) -> Hook:
    payload = record["payload"]
    return Hook(record["number"], record["platform"], record["field"], record["lane"], signed_form(payload), payload,
                record["queued_at"])  # fmt: skip
