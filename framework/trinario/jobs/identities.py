"""The identities of a contact, and what each is good for now."""

from dataclasses import dataclass
from datetime import datetime

from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.consent import MARKETING, wants
from trinario.model.contact import Contact
from trinario.policy.window import closes_at
from trinario.ports import Unit


@dataclass(frozen=True, slots=True)
class Standing:
    """An identity: why it cannot be reached ("" if it can), when it was heard (its channel), until when the window is open
    (None: shut, or never open), whether she wants marketing there (None: never asked)."""

    identity: Identity
    unreachable: str
    heard_at: datetime | None
    open_until: datetime | None
    marketing: bool | None


def standings(unit: Unit, bot: Bot, contact: Contact, now: datetime) -> list[Standing]:
    """Every identity of a contact, in the order in which she got them."""
    unreachable = unit.unreachable(contact.id, now)
    found = []
    for one in contact.identities:
        channel, heard = bot.channels.get(one.channel), contact.last_heard.get(one.channel)
        until = closes_at(channel, heard) if channel else None
        found.append(
            Standing(one, unreachable.get(one, ""), heard, until if until and until > now else None,
                     wants(contact.consent, MARKETING, one.channel))
        )  # fmt: skip
    return found
