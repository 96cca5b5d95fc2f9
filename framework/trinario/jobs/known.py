"""What a contact is known by: fields that hold a phone number or an address. Two with the same may be one person."""

from collections.abc import Mapping

from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.ports import Known

KINDS = ("phone", "email")
"""Types of fields by which people are known."""


def kinds_of(bot: Bot) -> dict[str, str]:
    """The fields of a bot by which people are known, with their types."""
    return {name: spec.type for name, spec in bot.fields.items() if spec.type in KINDS}


def known_of(kinds: Mapping[str, str], contact: Contact) -> list[Known]:
    """The numbers and addresses in these fields of hers, spelled so that equal ones are equal."""
    found = []
    for name, kind in kinds.items():
        value = contact.fields.get(name)
        if isinstance(value, str) and (plain := spelled(kind, value)):
            found.append(Known(kind, plain, name))
    return found


def spelled(kind: str, value: str) -> str:
    """A phone number by its digits (E.164 without the plus), an address in small letters."""
    if kind == "phone":
        return "".join(letter for letter in value if letter.isdecimal())
    return value.strip().casefold()
