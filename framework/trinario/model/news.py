"""What platforms tell beside messages and their fates: news of our accounts, threads that change hands, ids that change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from trinario.model.channel import Identity

BLOCKED, UNBLOCKED = "blocked", "unblocked"
"""Names of news of her: we cannot reach her there from now on, or can again."""


@dataclass(frozen=True, slots=True)
class News:
    """Something told of our account or, with `identity`, of her: an entry of the history by `name`, nothing moves by it.

    `data` is what the platform says, under its own names; `channel` is put beside it when it is written down.
    """

    channel: str
    external_id: str
    at: datetime
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    identity: Identity | None = None


HandoverName = Literal["thread_passed", "thread_taken", "thread_requested"]


@dataclass(frozen=True, slots=True)
class Handover:
    """The thread with her changed hands between us and another app (people, an agent of the platform's).

    `ours`: whether we have it now; None when that is not told, or somebody only asks for it.
    """

    identity: Identity
    external_id: str
    at: datetime
    name: str
    ours: bool | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """The platform names her otherwise from now on: `former` are hers no more, `identities` are. Others that she has stay.

    `text` is what the platform says of it, for her thread.
    """

    identities: tuple[Identity, ...]
    former: tuple[Identity, ...]
    external_id: str
    at: datetime
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
