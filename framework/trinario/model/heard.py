"""What a webhook tells us: what a person did (Heard), what became of a message (Receipt), what people of ours wrote (Echo) ..."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from trinario.model.channel import Identity
from trinario.model.failure import Failure
from trinario.model.news import Handover, News, Rekeyed


@dataclass(frozen=True, slots=True)
class MediaHeard:
    """A file that she sent. `id` is the platform's, `url` expires."""

    kind: str
    id: str = ""
    url: str = ""
    mime_type: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """The link, ad or post that she came by. `ref` is what our link carried; users can forge it."""

    ref: str = ""
    source: str = ""
    ad: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


HeardKind = Literal[
    "text", "tap", "media", "get_started", "referral", "location", "contacts", "reaction", "order", "form", "edit",
    "deleted", "system", "optin", "comment", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a person did on a channel. `external_id` is unique per channel: a second copy is dropped.

    `payload` is that of a tap; `text` then is the title. `also` are further identities that the same webhook shows
    for her. `data` keeps what the kind needs besides (coordinates, an order ...). `context` is the message she answers.
    `standby`: another app has the thread with her, and we only look on.
    """

    identity: Identity
    external_id: str
    at: datetime
    kind: str
    text: str = ""
    payload: str = ""
    media: tuple[MediaHeard, ...] = ()
    referral: Referral | None = None
    context: str = ""
    name: str = ""
    also: tuple[Identity, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    standby: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The fate of a message of ours, told by a webhook: its `status` is sent, delivered, read or failed.

    Named by `message_id`, by `key` (our outbox key, where the platform hands it back) or, for Messenger and Instagram,
    by `watermark`: everything sent to `identity` up to that moment. `failure` is set when `status` is failed. `price` is what
    the platform says of its cost: category/type/model/billable or free; `free_until` is when all that goes to her ceases to be free.
    """

    channel: str
    status: str
    at: datetime
    message_id: str = ""
    key: str = ""
    identity: Identity | None = None
    watermark: datetime | None = None
    failure: Failure | None = None
    price: str = ""
    free_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Echo:
    """A message that went out from our account and carries no key of ours: written by a person, or by us unproven."""

    identity: Identity
    external_id: str
    at: datetime
    text: str = ""
    app: str = ""
    media: tuple[MediaHeard, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that a webhook held and we do not use: kept raw and counted."""

    channel: str
    external_id: str
    at: datetime | None
    what: str
    identity: Identity | None = None


Inbound = Heard | Receipt | Echo | News | Handover | Rekeyed | Unsupported


@dataclass(frozen=True, slots=True)
class Arrival:
    """One inbound thing with the piece of the webhook body it was read from (JSON bytes)."""

    item: Inbound
    raw: bytes
