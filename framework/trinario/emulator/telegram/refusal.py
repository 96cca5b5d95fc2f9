"""A refused call of the Bot API: its code and words, and the rule that was broken, by our name for it."""

from __future__ import annotations

from trinario.emulator.config import Json

WORDS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}


class BotRefused(Exception):
    """Raised by a check; `after` are the seconds of a 429."""

    def __init__(self, rule: str, code: int, details: str = "", after: int = 0) -> None:
        self.rule, self.code, self.after = rule, code, after
        self.description = ": ".join(filter(None, (WORDS.get(code, "Internal Server Error"), details)))
        super().__init__(f"{rule}: {self.description}")

    def body(self) -> Json:
        """What Telegram answers (meta.md §12.1)."""
        more = {"parameters": {"retry_after": self.after}} if self.after else {}
        return {"ok": False, "error_code": self.code, "description": self.description, **more}


def bad(rule: str, details: str) -> BotRefused:
    """A 400."""
    return BotRefused(f"telegram.{rule}", 400, details)
