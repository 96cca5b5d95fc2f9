"""Of which country a number is, and so a contact who has one."""

from functools import lru_cache

import phonenumbers

from trinario.model.channel import Identity
from trinario.model.contact import Contact


def country_of(contact: Contact) -> str | None:
    """The country (ISO 3166) of a number of hers; None: she has none that tells."""
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
