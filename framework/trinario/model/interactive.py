"""Messages with one thing to do in them besides tapping answers: give a place or a number, fill in a form, shop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words with a button that gives us something of hers at once: `what` is location, phone or email."""

    text: str
    what: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form that opens inside the chat (a WhatsApp Flow), by its id, or by its name where `named`.

    `token` is ours and comes back with what she fills in. `screen` is the first one and `data` (JSON) what it is given; without
    a screen the form begins where it begins, and where `exchange` the business's own server says what it shows. `draft`: one that
    is not published yet. `url` is a page with the same form, for channels that have no forms.
    """

    text: str
    button: str
    form: str
    token: str = ""
    named: bool = False
    screen: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    exchange: bool = False
    draft: bool = False
    header: str = ""
    footer: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Products of a catalogue under one title, by the ids that the business gave them."""

    title: str
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Products:
    """Products of a catalogue that she can put into an order. No shelves: the whole catalogue.

    `catalog` is the platform's id of it, `header` stands above several products, `url` is a page for channels that have no
    catalogue; `button` titles the link to it.
    """

    text: str
    catalog: str
    shelves: tuple[Shelf, ...] = ()
    header: str = ""
    footer: str = ""
    button: str = ""
    url: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Every product, in order."""
        return tuple(one for shelf in self.shelves for one in shelf.products)
