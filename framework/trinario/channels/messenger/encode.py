"""Messages as Messenger takes them: the Send API's body with our key in `metadata` (meta.md 3B)."""

from typing import Any

from trinario.channels.graph.page_body import message_body
from trinario.channels.graph.place import KEY_MARK
from trinario.channels.messenger.limits import CORRELATION_LENGTH
from trinario.model.outbox import OutboxEntry


def encode(entry: OutboxEntry) -> dict[str, Any]:
    """The request body of one message."""
    return message_body(entry, metadata(entry))


def metadata(entry: OutboxEntry) -> str:
    """What the echo of a message will hand back; "" if the key is too long for it (996 characters)."""
    marked = KEY_MARK + entry.key
    return marked if len(marked) <= CORRELATION_LENGTH else ""
