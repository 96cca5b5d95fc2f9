"""A bot and its people, for attacks on links: who writes what on which phone, and what becomes of it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trinario.testing import webhooks
from trinario.testing.controlled import MovableClock
from trinario.testing.people import HER, Cast, Person
from trinario.testing.run import load
from trinario.testing.worlds import Machine

DEMO = Path(__file__).parents[3] / "bots/demo"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CODE = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]")

SIZE = "And which size shall it be?"
GREETING = "Hello, this is Lucky Garden!"
TOLD = "Was that not you? Write UNLINK."


class Links:
    """Ana chats on Instagram, and has been given a link to WhatsApp behind which nothing personal stands."""

    def __init__(self, folder: Path = DEMO) -> None:
        self.loaded, self.clock = load(folder), MovableClock(AT)
        self.cast = Cast(self.loaded.settings, self.clock)
        self.machine = Machine(self.loaded, self.clock, self.cast.phones, self.cast.echoes)
        self.ana, self.eve = self.cast.person(HER, "instagram"), self.cast.person("Eve", "whatsapp")
        self.code = ""

    async def offered(self) -> "Links":
        """The link is on her phone."""
        for text in ("hello", "Ana", "Red"):
            await self.says(self.ana, "instagram", text)
        self.code = self.newest_code()
        return self

    def newest_code(self) -> str:
        """The code of the newest link."""
        target = self.cast.newest_link("whatsapp")
        assert target is not None
        found = CODE.search(target.text)
        assert found is not None
        return found.group()

    async def says(self, who: Person, channel: str, text: str, id: str = "", **context: Any) -> list[str]:
        """What is said to her on that channel after she wrote this."""
        body = webhooks.writes(self.cast.line(who, channel), id or self.cast.ids.next(channel), self.clock.now(), text)
        return await self.does(who, channel, _with(body, context) if context else body)

    async def opens(self, who: Person, channel: str, ref: str, first: bool = True) -> list[str]:
        """What is said to her after she opened the chat with a ref."""
        line = self.cast.line(who, channel)
        return await self.does(
            who, channel, webhooks.opens(line, self.cast.ids.next(channel), self.clock.now(), ref, first)
        )

    async def does(self, who: Person, channel: str, body: bytes) -> list[str]:
        """What is said to her after this webhook."""
        before = len(self.cast.shown_to(who, channel))
        await self.machine.hear(body, channel)
        await self.machine.work()
        return [shown.text for shown in self.cast.shown_to(who, channel)[before:]]

    def said(self, who: Person, channel: str) -> list[str]:
        """Everything that was said to somebody there."""
        return [shown.text for shown in self.cast.shown_to(who, channel)]

    def contact(self, who: Person, channel: str) -> int:
        """The contact that an identity belongs to."""
        rows = self.machine.rows("SELECT contact_id FROM identities WHERE value = ?", who.ids[channel])
        found: int = rows[0][0]
        return found

    def events(self, name: str) -> list[dict[str, Any]]:
        """What is in the log under this name."""
        rows = self.machine.rows("SELECT data FROM events WHERE name = ? ORDER BY id", name)
        return [json.loads(row[0]) for row in rows]

    def count(self, sql: str) -> int:
        """How many there are."""
        found: int = self.machine.rows(f"SELECT COUNT(*) FROM {sql}")[0][0]
        return found


def _with(body: bytes, context: dict[str, Any]) -> bytes:
    """The webhook of a WhatsApp message with a context of its own."""
    told = json.loads(body)
    message = told["entry"][0]["changes"][0]["value"]["messages"][0]
    message["context"] = {**message.get("context", {}), **context}
    return json.dumps(told).encode()
