"""A person we talk with, over all the identities she has."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from trinario.model.channel import Identity
from trinario.model.value import Values

Owner = Literal["bot", "person"]


PREFERS = "prefers:"
"""Begins the marks that say when she chose a channel among several."""

WISHES = "wishes:"
"""Begins the mark that says on which channel she wants to be written to, and since when; no name behind it: on none."""

WROTE = "wrote:"
"""Begins the marks that say when she last wrote from one of several accounts on one channel."""

TAKEN = "*taken"
"""The mark that says when a person of the team last took the conversation over, or went on with it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who she is and what we know. `last_heard` is per channel name; `channel` is where she last wrote.

    `marks` are when triggers that begin their flow only once (`once:`) did so for her; `changed` is when something of her
    was set last: a field by its name, a tag as `#tag`, her language as `@language`.
    """

    id: int
    created_at: datetime
    identities: tuple[Identity, ...] = ()
    first_name: str | None = None
    last_name: str | None = None
    language: str | None = None
    timezone: str | None = None
    fields: Values = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    consent: Mapping[str, bool] = field(default_factory=dict)
    last_heard: Mapping[str, datetime] = field(default_factory=dict)
    last_seen_at: datetime | None = None
    channel: str | None = None
    owner: Owner = "bot"
    owner_until: datetime | None = None
    pending_link: str | None = None
    marks: Mapping[str, datetime] = field(default_factory=dict)
    changed: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name, whatever there is of them."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def preferred(self) -> str | None:
        """The channel that she wished for, else that on which she last answered what several channels had brought her;
        None: nothing tells."""
        return self.wished or self._latest(PREFERS)

    @property
    def wished(self) -> str | None:
        """The channel on which she wants to be written to, as she or the team said; None: nobody said."""
        return self._latest(WISHES) or None

    def _latest(self, marks: str) -> str | None:
        times = {name.removeprefix(marks): at for name, at in self.marks.items() if name.startswith(marks)}
        return max(times, key=lambda name: times[name], default=None)

    def identity_on(self, channel: str) -> Identity | None:
        """Her identity on one channel: a phone before other kinds, of several accounts the one she last wrote from."""
        found = [identity for identity in self.identities if identity.channel == channel]
        if len(found) < 2:
            return found[0] if found else None
        wrote = {identity: self.marks[mark] for identity in found if (mark := wrote_from(identity)) in self.marks}
        last = max(wrote, key=lambda identity: wrote[identity], default=None)
        return min(found, key=lambda identity: (identity.kind != "phone", identity != last))


def wishing(contact: Contact, channel: str | None, at: datetime) -> Contact:
    """The contact, who wants to be written to there from now on; None: nowhere before elsewhere."""
    others = {name: when for name, when in contact.marks.items() if not name.startswith(WISHES)}
    return replace(contact, marks={**others, f"{WISHES}{channel or ''}": at})


def wrote_from(identity: Identity) -> str:
    """The mark that says when she last wrote from there."""
    return f"{WROTE}{identity.channel}:{identity.kind}:{identity.value}"
