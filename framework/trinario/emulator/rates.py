"""Rate limits: token buckets on the movable clock."""

from __future__ import annotations

from trinario.emulator.config import Rates
from trinario.emulator.refusal import Refused

SWEEP_AT = 50_000


class Bucket:
    """Up to `capacity` at once, refilled by `per_second`."""

    __slots__ = ("_at", "_capacity", "_level", "_per_second")

    def __init__(self, capacity: float, per_second: float, now: float) -> None:
        self._capacity = capacity
        self._per_second = per_second
        self._level = capacity
        self._at = now

    def take(self, now: float, *, force: bool = False) -> bool:
        """One token, if there is one; `force` takes it anyway."""
        self._level = min(self._capacity, self._level + max(0.0, now - self._at) * self._per_second)
        self._at = now
        if self._level < 1.0 - 1e-9 and not force:
            return False
        self._level = max(self._level - 1.0, -self._capacity)
        return True

    def full(self, now: float) -> bool:
        return self._level + (now - self._at) * self._per_second >= self._capacity


class Gates:
    """All buckets of the emulator, made when first needed."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def whatsapp(self, number: str, to: str, now: float) -> None:
        """Raises 130429 over the number's throughput, then 131056 over the pair's."""
        if not self.rates.enabled:
            return
        if not self._take("number", number, self.rates.whatsapp_number, self.rates.whatsapp_number, now):
            details = "Cloud API message throughput has been reached."
            raise Refused("whatsapp.rate.number", 130429, "(#130429) Rate limit hit", details=details, whatsapp=True)
        if not self._take("pair", to, self.rates.pair_burst, 1.0 / self.rates.pair_interval, now):
            details = (
                "Too many messages sent from this phone number to the same phone number in a short period of time."
            )
            raise Refused("whatsapp.rate.pair", 131056, details=details, whatsapp=True)

    def heard(self, number: str, now: float) -> None:
        """What people write to a WhatsApp number counts against its throughput, but is never refused."""
        if self.rates.enabled:
            rate = self.rates.whatsapp_number
            self._bucket("number", number, rate, rate, now).take(now, force=True)

    def page(self, platform: str, account: str, heavy: bool, now: float) -> None:
        """Raises 613 over the calls a second of a Page or an Instagram account; `heavy` is audio and video."""
        if not self.rates.enabled:
            return
        rate = self.rates.page if platform == "messenger" else self.rates.instagram
        allowed = self._take(platform, account, rate, rate, now)
        if allowed and heavy:
            rate = self.rates.audio_video
            allowed = self._take(platform + ".av", account, rate, rate, now)
        if not allowed:
            subcode = 2534040 if platform == "instagram" else None
            message = "(#613) Calls to this api have exceeded the rate limit."
            raise Refused(f"{platform}.rate", 613, message, subcode=subcode)

    def telegram(self, chat: str, now: float) -> int:
        """0, or the seconds after which Telegram takes the next message: of the whole bot, or of this chat."""
        rates = self.rates
        if not rates.enabled:
            return 0
        if not self._take("telegram", "", rates.telegram, rates.telegram, now):
            return 1
        return 0 if self._take("telegram.chat", chat, rates.telegram_burst, rates.telegram_chat, now) else 1

    def conversations(self, platform: str, now: float) -> None:
        """Raises 613 over the reads of threads."""
        rate = self.rates.conversations
        if self.rates.enabled and not self._take("conversations", platform, rate, rate, now):
            self._too_many(platform, "conversations")

    def private_reply(self, platform: str, live: bool, now: float) -> None:
        """Raises 613 over the private replies of an hour; those to a live broadcast have a pace of their own."""
        if not self.rates.enabled:
            return
        hourly = self.rates.private_replies_per_hour
        burst, pace = (self.rates.live_replies, self.rates.live_replies) if live else (hourly, hourly / 3600.0)
        if not self._take("private.live" if live else "private", platform, burst, pace, now):
            self._too_many(platform, "private_replies")

    def registration(self, number: str, now: float) -> None:
        """Raises 133016 over the registrations of a number in 72 hours."""
        calls = self.rates.registrations_per_72_hours
        if self.rates.enabled and not self._take("registration", number, calls, calls / 259_200.0, now):
            message = "(#133016) Account register deregister rate limit exceeded"
            raise Refused("whatsapp.rate.registration", 133016, message, whatsapp=True)

    def _too_many(self, platform: str, what: str) -> None:
        subcode = 2534040 if platform == "instagram" else None
        message = "(#613) Calls to this api have exceeded the rate limit."
        raise Refused(f"{platform}.rate.{what}", 613, message, subcode=subcode)

    def profile(self, account: str, now: float) -> None:
        """Raises 613 over the calls of the profile endpoint."""
        calls = self.rates.profile_calls_per_10_minutes
        if self.rates.enabled and not self._take("profile", account, calls, calls / 600.0, now):
            raise Refused("profile.rate", 613, "(#613) Calls to this api have exceeded the rate limit.")

    def _take(self, kind: str, key: str, capacity: float, per_second: float, now: float) -> bool:
        return self._bucket(kind, key, capacity, per_second, now).take(now)

    def _bucket(self, kind: str, key: str, capacity: float, per_second: float, now: float) -> Bucket:
        bucket = self._buckets.get((kind, key))
        if bucket is None:
            if len(self._buckets) >= SWEEP_AT:
                self._buckets = {name: kept for name, kept in self._buckets.items() if not kept.full(now)}
            bucket = self._buckets[kind, key] = Bucket(capacity, per_second, now)
        return bucket
