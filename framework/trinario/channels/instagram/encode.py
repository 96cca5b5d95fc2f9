"""Messages as Instagram takes them: the Send API's body; its echoes hand nothing back (meta.md 3C)."""

from typing import Any

from trinario.channels.graph.page_body import message_body
from trinario.model.message import Template
from trinario.model.outbox import OutboxEntry


def encode(entry: OutboxEntry) -> dict[str, Any]:
    """The request body of one message. Raises ValueError for a Template: Instagram has none."""
    if isinstance(entry.content, Template):
        raise ValueError("Instagram has no templates")
    return message_body(entry)
