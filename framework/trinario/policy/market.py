"""Countries to whose numbers a platform brings no marketing, with the day since when. Source: platform facts, 5.1."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import phonenumbers

from trinario.model.channel import Identity
from trinario.model.contact import Contact


@dataclass(frozen=True, slots=True)
class Ban:
    """No marketing by this platform to numbers of this country (ISO 3166), from this day on."""

    platform: str
    country: str
    since: date
    why: str


BANS = (Ban("whatsapp", "US", date(2025, 4, 1), "WhatsApp brings no marketing to numbers of the United States"),)


def ban_on(platform: str, identity: Identity, now: datetime) -> Ban | None:
    """What keeps marketing from this number; None: nothing."""
    for ban in BANS:
        if ban.platform == platform and now.date() >= ban.since and country_of_phone(identity) == ban.country:
            return ban
    return None


def country_of(contact: Contact) -> str | None:
    """The country of a number of hers; None: she has none that tells."""
    found = (country_of_phone(identity) for identity in contact.identities)
    return next((country for country in found if country), None)


def country_of_phone(identity: Identity) -> str | None:
    """The country of an identity that is a number."""
    return _country(identity.value) if identity.kind == "phone" else None


@lru_cache(maxsize=4096)
def _country(digits: str) -> str | None:
    try:
        number = phonenumbers.parse("+" + digits.lstrip("+"))
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.region_code_for_number(number)
