"""The door of one bot's updates: the secret that Telegram brings, and what a body holds (meta.md 12.1)."""

import re
from collections.abc import Mapping, Sequence

from trinario.channels.http import secret, wire
from trinario.channels.http.reading import fingerprint, readable
from trinario.channels.telegram.decode import read_update
from trinario.model.heard import Arrival, Inbound, Unsupported

HEADER = "X-Telegram-Bot-Api-Secret-Token"
FAULT = "fault of ours:"
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class TelegramInlet:
    """Updates of the bot behind one channel (ports.Inlet): they do not name the bot, so that its path does.

    Nothing is signed: whoever knows the secret token is Telegram.
    """

    def __init__(self, channel: str, secrets: Sequence[str]) -> None:
        self._channel, self._secrets = channel, tuple(secrets)

    def answer_challenge(self, query: Mapping[str, str]) -> str | None:
        """None: Telegram verifies no addresses."""
        return None

    def genuine(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        """Whether the secret token came along; header names in any case."""
        return secret.known(self._secrets, headers.get(HEADER) or headers.get(HEADER.lower()) or "")

    def decode(self, raw: bytes) -> Sequence[Arrival]:
        """The one update of a body. Raises ValueError only if it is no JSON object."""
        update = wire.loads(raw)
        if not isinstance(update, dict):
            raise ValueError("an update is a JSON object")
        item: Inbound
        try:
            item = read_update(update, self._channel)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
            item = Unsupported(self._channel, fingerprint(update), None, f"{FAULT} {type(fault).__name__}")
        return (Arrival(readable(item) if _ESCAPED.search(raw) else item, raw),)
