"""The world of the emulator: every change of its state is a record that is journaled and can be replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trinario.emulator.applying import apply
from trinario.emulator.config import Config, Json
from trinario.emulator.log import Log
from trinario.emulator.state import State


class World(State):
    """Changes go through `commit` only: it applies them and hands them to the journal."""

    def __init__(self, config: Config, write: Callable[[Json], None] | None = None) -> None:
        super().__init__()
        self.write = write
        self.log = Log(config.log_keep, self._journal_log)

    def commit(self, change: Json) -> None:
        """Apply a change and journal it."""
        self._apply(change)
        self._journal(change)

    def replay(self, change: Json) -> None:
        """Apply a change out of the journal."""
        self._apply(change)

    def number(self) -> int:
        """The next number for a job or a webhook."""
        self.numbers += 1
        return self.numbers

    def note(self, kind: str, **content: Any) -> Json:
        """An entry of the log."""
        return self.log.add(kind, self.clock.now(), content)

    def violation(self, rule: str, platform: str, **content: Any) -> None:
        """Something Meta refuses, or that no careful bot would do; a refused request and its rule among them."""
        self.note("violation", rule=rule, platform=platform, **content)

    def _apply(self, change: Json) -> None:
        self.changes += 1
        if change["op"] == "log":
            self.log.restore(change["entry"])
        else:
            apply(self, change)

    def _journal(self, change: Json) -> None:
        if self.write is not None:
            self.write(change)

    def _journal_log(self, entry: Json) -> None:
        """The body of a webhook is journaled with its first attempt only."""
        if entry["kind"] == "webhook" and entry["attempt"] > 1:
            entry = {**entry, "body": None}
        self._journal({"op": "log", "entry": entry})
