"""Of which country a number is, and so a contact who has one."""

from functools import lru_cache

import phonenumbers

from trinario.model.channel import Identity
from trinario.model.contact import Contact

COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""Countries that have numbers (ISO 3166)."""


def country_of(contact: Contact) -> str | None:
    """The country (ISO 3166) that an identity of hers tells, the oldest one first; None: she has none that tells."""
    found = (country_of_identity(identity) for identity in contact.identities)
    return next((country for country in found if country), None)


def country_of_identity(identity: Identity) -> str | None:
    """The country of an identity that is a number, or a BSUID, whose letters in front tell it (platform facts, 2A.8)."""
    if identity.kind == "bsuid":
        return country_of_start("bsuid", identity.value[:SHOWN])
    return country_of_phone(identity)


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


SHOWN = 4
"""How much of an identity tells its country: a calling code with the area behind it, or the letters of a BSUID."""


@lru_cache(maxsize=4096)
def country_of_start(kind: str, start: str) -> str | None:
    """The country of an identity of which the first SHOWN characters are known: good enough for sums, not for one person."""
    if kind == "bsuid":
        return start[:2] if start[2:3] == "." and start[:2] in COUNTRIES else None
    if kind != "phone" or not start.isascii() or not start.isdigit():
        return None
    if found := _country(f"{start}2345678"):  # a number of that area: the Americas and others share a calling code
        return found
    codes = (phonenumbers.region_code_for_country_code(int(start[:digits])) for digits in (1, 2, 3))
    return next((code for code in codes if code in COUNTRIES), None)
