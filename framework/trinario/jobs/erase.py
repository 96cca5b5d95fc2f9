"""Erasing a person: everything goes in one transaction, keyed hashes stay so that no import brings her back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.ports import Erasure, Random, Unit

PLATFORM_KINDS = ("psid", "igsid")
"""The ids by which Meta's data deletion may name somebody."""

KNOWN_BY = ("phone", "email")
"""Types of fields by which an import finds people."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: how many rows of each table went, and how many contacts it was (merged ones count)."""

    code: str
    contacts: int
    rows: Mapping[str, int]


def erase(unit: Unit, world: World, contact: int, asked_by: str, code: str, now: datetime) -> Erased | None:
    """Forget a contact with all that was merged into her. None: there is no such contact."""
    hers = unit.privacy.family(contact)
    if not hers:
        return None
    found = unit.contacts(hers, now)
    unit.privacy.bury({hash for one in found for hash in marks_of(world.random, world.bot(), one)}, now)
    rows = unit.privacy.erase(hers)
    unit.privacy.keep(Erasure(code, asked_by, len(hers), now))
    return Erased(code, len(hers), rows)


def asked_by_platform(unit: Unit, world: World, user: str, code: str, now: datetime) -> Erasure:
    """Meta says that somebody wants her data deleted. The same request twice has the same code, and is done once."""
    done = unit.privacy.find(code)
    if done is not None:
        return done
    named = [Identity(channel, kind, user) for channel in world.bot().channels for kind in PLATFORM_KINDS]
    hers = sorted({row for contact in unit.holders(named) for row in unit.privacy.family(contact)})
    if hers:
        found = unit.contacts(hers, now)
        unit.privacy.bury({hash for one in found for hash in marks_of(world.random, world.bot(), one)}, now)
        unit.privacy.erase(hers)
    erasure = Erasure(code, "platform", len(hers), now)
    unit.privacy.keep(erasure)
    return erasure


def marks_of(random: Random, bot: Bot, contact: Contact) -> set[str]:
    """The hashes by which an import would know a contact: her ids, and fields that are phone numbers or addresses."""
    known = [(one.kind, one.value) for one in contact.identities]
    for name, spec in bot.fields.items():
        value = contact.fields.get(name)
        if spec.type in KNOWN_BY and isinstance(value, str) and value:
            known.append((spec.type, value))
    return set(marks(random, known))


def marks(random: Random, known: Iterable[tuple[str, str]]) -> list[str]:
    """One hash for each (kind, value), in order: keyed, so that a stolen table cannot be tried out."""
    return [random.token(f"erased:{kind}:{_plain(kind, value)}").hex() for kind, value in known]


def _plain(kind: str, value: str) -> str:
    """A phone number by its digits, an address in small letters."""
    if kind == "phone":
        return "".join(letter for letter in value if letter.isdigit())
    return value.strip().casefold() if kind == "email" else value
