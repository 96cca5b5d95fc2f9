"""An emulator and a bot that talk to each other, and what a journey asks of both."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.person import Person
from tests.processes import Bot, Meta, eventually, free_port

Json = dict[str, Any]

KNOBS: Mapping[str, Any] = {
    "retry_scale": 0.02,
    "retry_cap": 16.0,
    "echo_delay": 0.02,
    "disable_after": 0,
    "status_delays": {"sent": 0.05, "delivered": 0.1, "read": 0.15},
}
RECONCILE = 4.0
"""Seconds for which a lost answer is looked for."""


class House:
    """`meta` and `bot` are the processes."""

    def __init__(self, folder: Path, database: str, path: Path) -> None:
        port, self.hook_port = free_port(), free_port()
        self.folder, self.database = folder, database
        self.meta = Meta(folder, f"http://127.0.0.1:{port}", KNOBS)
        self.files = folder / "media"
        settings = {
            "TRINARIO_RECONCILE_AFTER": str(RECONCILE), "TRINARIO_MEDIA": str(self.files),
            "TRINARIO_HTTP_LOCAL": "true", "HOOK_PORT": str(self.hook_port),
        }  # fmt: skip
        self.bot = Bot("bot", folder, self.meta.url, database, path, port, environ=settings)
        self._expected: set[str] = set()
        self._mine: set[str] = set()
        self._others: set[str] = set()

    def start(self) -> None:
        """Both, ready; the profiles that links need are set."""
        self.meta.start()
        self.bot.start()
        eventually(lambda: len(self.meta.log_of("graph")) >= 2, "the profiles are set")

    def close(self) -> None:
        """End both."""
        self.bot.close()
        self.meta.close()

    def visit(self) -> Iterator["House"]:
        """For one test: whole before it, without faults and unexpected violations after it."""
        if not self.bot.alive:
            self.bot.start()
        self._expected.clear()
        self._others |= self._mine  # what people of earlier journeys are still sent is not this one's
        self._mine.clear()
        seen = len(self.meta.violations())
        try:
            yield self
            new = [entry for entry in self.meta.violations()[seen:] if self._is_mine(entry)]
            assert not new, f"Meta complains: {new}"
        finally:
            self.meta.ask("DELETE", "/faults")

    def expect(self, *rules: str) -> None:
        """Violations that belong to this journey."""
        self._expected.update(rules)

    def person(self, name: str = "Ana Rossi", **more: Any) -> Person:
        """Somebody new."""
        person = self.meta.person(name, **more)
        self._mine |= {id for id in (person.wa_id, person.psid, person.igsid, str(person.telegram_id)) if id}
        return person

    def _is_mine(self, entry: Json) -> bool:
        """Whether a violation is unexpected, and not about somebody of an earlier journey."""
        about = json.dumps(entry.get("request", ""))
        return entry["rule"] not in self._expected and not any(f'"{id}"' in about for id in self._others)

    def advance(self, seconds: float) -> None:
        """Move the clock on, and have the bot notice."""
        offset = self.meta.ask("POST", "/clock", {"advance": seconds})["offset"]
        moved = f"{offset:+.0f} seconds from the machine's"
        if self.bot.alive:
            eventually(lambda: moved in self.bot.said(), "the bot notices that time has gone by")

    def contact(self, person: Person, platform: str) -> Json:
        """What the bot knows of her by this phone."""
        return self.bot.contact(platform, person.identity(platform))

    def sessions(self, person: Person, platform: str) -> list[Json]:
        """Her sessions, newest first."""
        return list(self.bot.got(f"/contacts/{self.contact(person, platform)['id']}/sessions")["sessions"])

    def messages(self, person: Person, platform: str) -> list[Json]:
        """Her messages as the bot knows them, newest first; none while it does not know her."""
        found = self.bot.contacts(platform, person.identity(platform))
        return list(self.bot.got(f"/contacts/{found[0]['id']}/messages")["messages"]) if found else []

    def outgoing(self, person: Person, platform: str) -> list[Json]:
        """Those of the bot and its people, oldest first."""
        return [line for line in reversed(self.messages(person, platform)) if line["direction"] == "out"]

    def fate(self, person: Person, platform: str, text: str, *statuses: str, refusal: str | None = None) -> Json:
        """The newest message that holds these words, once it has one of these fates, and this refusal if one is given."""

        def found() -> Json | None:
            lines = [line for line in self.messages(person, platform) if text in line["text"]]
            said = [line for line in lines if line["direction"] == "out" and refusal in (None, line["refusal"])]
            return next((line for line in said if line["status"] in statuses), None)

        return eventually(found, f"{text!r} is {' or '.join(statuses)}") or {}

    def accepted(self, person: Person) -> list[str]:
        """The words of every message for her that Meta took, in order: the judge."""
        return [str(entry["text"]) for entry in self.meta.messages() if entry["person"] == person.id]
