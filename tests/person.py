"""Somebody with three phones in the emulator, as the tests speak of her."""

import time
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

PATIENCE = 20.0


class Person:
    """Acts and screens of one person. Screens are lists of what the bot said, oldest first."""

    def __init__(self, ask: Callable[..., Any], record: Json) -> None:
        self._ask, self.id, self.record = ask, record["id"], record
        phones = record["phones"]
        self.wa_id = phones.get("whatsapp", {}).get("wa_id", "")
        self.psid = phones.get("messenger", {}).get("psid", "")
        self.igsid = phones.get("instagram", {}).get("igsid", "")
        self.telegram_id = phones.get("telegram", {}).get("telegram_id", "")

    def identity(self, platform: str) -> str:
        """Her id on a platform."""
        ids = {"whatsapp": self.wa_id, "messenger": self.psid, "instagram": self.igsid, "telegram": self.telegram_id}
        return str(ids[platform])

    def act(self, deed: str, platform: str, **more: Any) -> Json:
        """Anything that she can do: say, tap, follow, send, read ..."""
        return dict(self._ask("POST", f"/people/{self.id}/{deed}", {"platform": platform, **more}))

    def say(self, platform: str, text: str) -> Json:
        """She types."""
        return self.act("say", platform, text=text)

    def tap(self, platform: str, title: str, **more: Any) -> Json:
        """She taps what has this title."""
        return self.act("tap", platform, title=title, **more)

    def follow(self, platform: str, **more: Any) -> Json:
        """She opens the newest link on this phone; `as_id` another person who got it from her."""
        if "as_id" in more:
            more["as"] = more.pop("as_id")
        return self.act("follow", platform, **more)

    def thread(self, platform: str) -> list[Json]:
        """All that her phone shows, what she wrote and what is being typed too."""
        return list(self._ask("GET", f"/people/{self.id}/thread?platform={platform}"))

    def read(self, platform: str) -> list[Json]:
        """The messages from the business, oldest first."""
        return [shown for shown in self.thread(platform) if shown["direction"] == "out" and shown["kind"] != "typing"]

    def was_read(self, platform: str) -> None:
        """Wait until the business has marked all that she wrote as read: nothing about it is under way any more."""
        until = time.monotonic() + PATIENCE
        while left := [
            one["text"] for one in self.thread(platform) if one["direction"] == "in" and one["status"] != "read"
        ]:
            assert time.monotonic() < until, f"{self.id} on {platform}: {left} were not read"
            time.sleep(0.02)

    def texts(self, platform: str) -> list[str]:
        """Their words."""
        return [str(shown["text"]) for shown in self.read(platform)]

    def sees(self, platform: str, count: int, seconds: float = PATIENCE) -> list[str]:
        """The words of the messages from the business once there are `count` of them; more are a failure."""
        until = time.monotonic() + seconds
        while len(found := self.texts(platform)) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(found) == count, f"{self.id} on {platform} waits for {count} messages and sees {found}"
        return found

    def options(self, platform: str) -> list[str]:
        """The titles under the newest message."""
        return [str(option["title"]) for option in self.read(platform)[-1]["options"]]
