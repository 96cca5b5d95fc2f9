"""Contacts as rows of a sheet: the cells that an import reads back as what they were."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from trinario.campaign.segment import Segment
from trinario.jobs import segments
from trinario.jobs.cells import defused, written
from trinario.jobs.columns import Column
from trinario.model.bot import Bot
from trinario.model.consent import MARKETING
from trinario.model.contact import Contact
from trinario.ports import Unit

CHUNK = 1_000
"""Contacts that one transaction reads."""


def stretch(
    unit: Unit, bot: Bot, one: Segment | None, after: int, now: datetime
) -> tuple[Sequence[Contact], int, bool]:
    """The next contacts, those of a segment only if there is one: (contacts, how far that reaches, whether it is all)."""
    if one is not None:
        found = segments.members(unit, bot, one, after, now, CHUNK)
        return found.people, found.cursor, found.done
    people = unit.schedules.contacts_after(after, CHUNK)
    return people, people[-1].id if people else after, not people


def row(contact: Contact, columns: Mapping[str, Column]) -> list[str]:
    """Her cells, defused."""
    return [defused(cell(contact, one)) for one in columns.values()]


def cell(contact: Contact, one: Column) -> str:
    """What stands in a column for her; "" for nothing."""
    match one.kind:
        case "contact":
            return str(contact.id)
        case "identity":
            return ";".join(_ids(contact, one))
        case "attribute":
            return str(getattr(contact, one.name) or "")
        case "field":
            return written(contact.fields.get(one.name))
        case "tags":
            return ";".join(sorted(contact.tags))
        case "consent":
            given = contact.consent.get(f"{MARKETING}@{one.detail}" if one.detail else MARKETING)
            return "" if given is None else written(given)
        case _:
            return ""


def _ids(contact: Contact, one: Column) -> Iterator[str]:
    for identity in contact.identities:
        if identity.channel == one.name and identity.kind == one.detail:
            plus = one.detail == "phone" and identity.value.isdecimal()
            yield f"+{identity.value}" if plus else identity.value
