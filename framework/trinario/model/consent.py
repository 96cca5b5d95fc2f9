"""Permission, by purpose: an entry of the ledger, and what a contact's entries come to.

The current state maps a purpose to True or False; one that is missing was never asked for. `marketing@whatsapp` says
otherwise for one channel.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MARKETING, ALL = "marketing", "all"
PURPOSES = (MARKETING,)
"""What needs permission; service and transactional messages need none."""

OPTED_OUT = "opted_out"
"""Why a message is refused to somebody who said no; who was never asked where it takes a yes has `no_consent`."""

State = Literal["granted", "refused", "withdrawn", "expired"]
Evidence = Literal["message", "stop_word", "flow", "form", "import", "operator", "platform", "time"]

Consents = Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """One entry of the ledger. `channels` () means every channel; `purpose` may be `all` when it is withdrawn.

    `wording` is what she was shown and `version` where it stood (flow@revision/step), `said` what she answered;
    `origin` leads to the inbox row. When `expires_at` comes an entry `expired` follows, and she is asked anew: it takes
    away what was granted and leaves a no as it is.
    """

    purpose: str
    state: State
    evidence: Evidence
    channels: tuple[str, ...] = ()
    wording: str = ""
    version: str = ""
    said: str = ""
    session: str = ""
    origin: str = ""
    expires_at: datetime | None = None


def wants(consent: Consents, purpose: str, channel: str) -> bool | None:
    """Whether she wants messages of this purpose on this channel; None: she was never asked."""
    own = consent.get(f"{purpose}@{channel}")
    return own if own is not None else consent.get(purpose)


def has_granted(consent: Consents, purpose: str, channels: Iterable[str]) -> bool:
    """Whether nothing is left to ask: granted on each of the channels, or, without any named, wherever we may write."""
    named = tuple(channels)
    if named:
        return all(wants(consent, purpose, channel) is True for channel in named)
    parts = [given for name, given in consent.items() if name == purpose or name.startswith(f"{purpose}@")]
    return consent.get(purpose) is True and all(parts)


def consented(consent: Consents, entry: RecordConsent) -> Consents:
    """The state after an entry. One for every channel also replaces what was said for single ones."""
    given, known = entry.state == "granted", dict(consent)
    for purpose in PURPOSES if entry.purpose == ALL else (entry.purpose,):
        if entry.state == "expired":
            over = {f"{purpose}@{channel}" for channel in entry.channels}
            hers = {name for name in known if name in over or (not over and name.partition("@")[0] == purpose)}
            known = {name: yes for name, yes in known.items() if not (yes and name in hers)}
            continue
        if entry.channels:
            known.update({f"{purpose}@{channel}": given for channel in entry.channels})
        else:
            single = [name for name in known if name.startswith(f"{purpose}@")]
            known.update(dict.fromkeys((purpose, *single), given))
    return known


def stricter(one: Consents, other: Consents) -> Consents:
    """The state of a contact made of two: a no of either is a no, on every channel if it was said for all."""
    known = {**other, **one}
    noes = [name for consent in (one, other) for name, given in consent.items() if not given]
    known.update((name, False) for name in known if name in noes or name.partition("@")[0] in noes)
    return known
