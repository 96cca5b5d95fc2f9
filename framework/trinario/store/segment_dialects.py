"""What the two databases have to be able to say of a contact, so that segments can be asked of them."""

from typing import Protocol

from trinario.model.value import Value
from trinario.store.segment_probe import SIGNS, Against, Piece, Sql, put


class Spelling(Protocol):
    """One database's way of saying it."""

    def value(self, given: Value, kind: str) -> Sql:
        """A bound value of the kind text, number or whole."""

    def field_kinds(self, name: str) -> dict[str, tuple[Piece, ...]]:
        """The pieces of a declared field, by kind."""

    def field_none(self, name: str) -> Sql:
        """Whether null was saved."""

    def field_missing(self, name: str) -> Sql:
        """Whether nothing was saved."""

    def field_truth(self, name: str) -> Sql:
        """Whether it holds by itself."""

    def field_empty(self, name: str) -> Sql:
        """Whether it is a text, list or group with nothing in it."""

    def field_items(self, name: str, item: Value) -> Sql | None:
        """Whether it is a list that has the item; None: such an item cannot be looked for."""

    def field_group(self, name: str) -> Sql:
        """Whether it is a group of values, or a moment."""

    def field_list(self, name: str) -> Sql:
        """Whether it is a list."""

    def text(self, column: str) -> Sql:
        """A column as a text that is ordered by its characters."""

    def lower(self, text: Sql) -> Sql:
        """The text in small letters, as far as the database can."""

    def like_lower(self, text: Sql, value: str) -> Sql:
        """What must hold for `lower` to be equal to a value, and is cheaper to ask."""

    def beyond_lower(self, text: Sql) -> Sql:
        """Whether there is a character in it that only Python makes small."""

    def within(self, text: Sql, part: str) -> Sql:
        """Whether the part is in the text."""

    def begins(self, text: Sql, part: str, ends: bool) -> Sql:
        """Whether it begins, or ends, with the part."""

    def part(self, text: Sql, start: int, length: int) -> Sql:
        """Digits of a text as a whole number."""

    def flag(self, column: str, key: str) -> Sql:
        """True, false or NULL out of a JSON column of flags."""

    def count(self, column: str, key: str) -> Sql:
        """A whole number or NULL out of a JSON column."""

    def tagged(self, tag: str) -> Sql:
        """Whether she has the tag."""

    def latest(self, marks: str) -> Sql:
        """What the newest of her marks that begin so names."""


def compares(value: Sql, make: "Spelled") -> Against:
    """Compares as the database does with a bound value made so."""
    return lambda sign, given: put(f"{{}} {SIGNS[sign]} {{}}", value, make(given))


class Spelled(Protocol):
    """A value as a bound one."""

    def __call__(self, given: Value, /) -> Sql: ...
