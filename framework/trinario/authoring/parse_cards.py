"""Cards, places, people's cards and links of messages: from records to the values of the model."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.expressions import Phrase
from trinario.model.flow import CardsFrom, WordsCard, WordsContact, WordsLink, WordsLocation

_DEGREES = {"latitude": 90, "longitude": 180}


def links(records: Iterable[Record]) -> tuple[WordsLink, ...]:
    """Titled addresses; half ones are left out, their issue is noted."""
    return tuple(
        WordsLink(record.get("title"), record.get("url"))
        for record in records
        if "title" in record.values and "url" in record.values
    )


def cards(value: Any) -> tuple[WordsCard, ...] | CardsFrom:
    """Declared cards, or the one that is made for every item of a list."""
    if isinstance(value, Record):
        made = _card(value)
        return CardsFrom(value.get("from"), made) if made and "from" in value.values else ()
    return tuple(made for record in value or () if (made := _card(record)))


def _card(record: Record) -> WordsCard | None:
    if "title" not in record.values:
        return None
    return WordsCard(record.get("title"), record.get("subtitle"), record.get("image"), links(record.get("links") or ()))


def location(value: Any, notes: Notes) -> WordsLocation | Phrase | None:
    """A point, or the expression that gives one; None, with an issue, for degrees that are none."""
    if isinstance(value, Phrase):
        if value.whole is None:
            notes.fault("T021", _node_of(value, notes), "a text is no place",
                        "write {latitude: ..., longitude: ...}, or one {{ expression }} that gives a location")  # fmt: skip
            return None
        return value
    if not isinstance(value, Record) or not _DEGREES.keys() <= value.values.keys():
        return None
    good = all(_is_degrees(value, name, most, notes) for name, most in _DEGREES.items())
    given = value.get("latitude"), value.get("longitude"), value.get("name"), value.get("address")
    return WordsLocation(*given) if good else None


def _is_degrees(record: Record, name: str, most: int, notes: Notes) -> bool:
    value = record.get(name)
    if isinstance(value, Phrase) or (isinstance(value, Decimal) and abs(value) <= most):
        return True
    notes.fault("T021", record.nodes[name], f"`{name}` has to be a number from -{most} to {most}",
                "write degrees with a point, like 41.8902")  # fmt: skip
    return False


def _node_of(phrase: Phrase, notes: Notes) -> Any:
    return next(written.scalar for written in notes.written if written.text is phrase)


def contact(record: Record | None) -> WordsContact | None:
    """Somebody's card."""
    if record is None or "name" not in record.values:
        return None
    return WordsContact(*(record.get(key) for key in ("name", "phone", "email", "organisation", "url")))
