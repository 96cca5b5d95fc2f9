"""Where a piece of a webhook stood: what every decoder needs to know besides the piece itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from trinario.channels.http.reading import UNDATED
from trinario.model.channel import Identity

KEY_MARK = "t1:"
"""What our outbox keys are sent with, so that text of other tools in the same field is never taken for a key."""

GET_STARTED = "GET_STARTED"
"""The payload of our Get Started button; `set_up` sets it, decoding looks for it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Our account (its channel name and the platform's id for it) and the time of the entry.

    `kind` is the kind of the identities there, `apps` are the ids of our own apps.
    """

    channel: str
    account: str
    kind: str
    at: datetime | None
    apps: Collection[str] = ()

    def identity(self, value: str) -> Identity:
        """Her identity here."""
        return Identity(self.channel, self.kind, value)

    def dated(self, at: datetime | None) -> datetime:
        """The thing's own moment, else the entry's, else UNDATED."""
        return at or self.at or UNDATED


def our_key(given: str) -> str:
    """The outbox key in what a platform hands back; "" if it is not one of ours."""
    return given[len(KEY_MARK) :] if given.startswith(KEY_MARK) else ""
