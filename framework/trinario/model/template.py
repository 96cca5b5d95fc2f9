"""Message templates as their author declares them: words by language, with named or numbered places."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trinario.model.interactive import Shelf

PLACE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
"""A place of a template, for which a value is put in."""

ButtonKind = Literal["url", "reply", "phone", "code", "form", "catalog", "products", "call"]
HeaderKind = Literal["text", "image", "video", "document", "location"]


def places_of(text: str) -> tuple[str, ...]:
    """The names of the places in a text, each once, in order."""
    return tuple(dict.fromkeys(PLACE.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; a place without one stays as it is."""
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


@dataclass(frozen=True, slots=True)
class DeclaredButton:
    """One button: an address, an answer, a number to call, a code to copy, a form (its id), the catalogue, some products of
    it (both by the product whose picture is shown), or a call by WhatsApp. `title` is what it says.

    `screen` is where a form begins and `data` what it is given, by name; `shelves` what is offered of the catalogue, `minutes` how long a call may be made (0: as
    long as the platform says). The `value` of an answer is what comes back with the tap, "": its title; that of a call
    comes back with it.
    """

    kind: ButtonKind
    title: str
    value: str = ""
    screen: str = ""
    shelves: tuple[Shelf, ...] = ()
    minutes: int = 0
    data: tuple[tuple[str, str], ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Every text of it that may have places."""
        products = (one for shelf in self.shelves for one in shelf.products)
        return (self.value, *products, *(value for _, value in self.data))


@dataclass(frozen=True, slots=True)
class DeclaredPin:
    """A place on the map, each part as text that may have places: degrees, a name, an address."""

    latitude: str
    longitude: str
    name: str = ""
    address: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Every text of it."""
        return (self.latitude, self.longitude, self.name, self.address)


@dataclass(frozen=True, slots=True)
class DeclaredOffer:
    """An offer that ends: a few words, and until when it holds (a moment, as text; "": nobody says)."""

    text: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredHeader:
    """A line of text, a file or a pin. A file is an https address, a name in media/, or a place that stands for one.

    `example` is the file that the platform is shown in place of a place, `filename` what a document is called on her phone.
    """

    kind: HeaderKind
    value: str = ""
    example: str = ""
    filename: str = ""
    pin: DeclaredPin | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Every text of it that may have places."""
        return (self.value, self.filename, *(self.pin.parts if self.pin else ()))

    @property
    def shown(self) -> str:
        """The file by which the platform judges it; "" for none."""
        return self.example or ("" if places_of(self.value) else self.value)


@dataclass(frozen=True, slots=True)
class DeclaredCard:
    """One card of several: a picture or a video, words, one or two buttons."""

    header: DeclaredHeader
    body: str
    buttons: tuple[DeclaredButton, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Every text of it that may have places."""
        return (self.body, *self.header.parts, *(part for button in self.buttons for part in button.parts))


@dataclass(frozen=True, slots=True)
class TemplateWords:
    """A template in one language."""

    body: str
    header: DeclaredHeader | None = None
    footer: str = ""
    buttons: tuple[DeclaredButton, ...] = ()
    cards: tuple[DeclaredCard, ...] = ()
    offer: DeclaredOffer | None = None

    @property
    def headers(self) -> tuple[DeclaredHeader, ...]:
        """Its own, and those of its cards."""
        return (*((self.header,) if self.header else ()), *(card.header for card in self.cards))

    @property
    def places(self) -> tuple[str, ...]:
        """Every place in it, each once."""
        parts = [
            self.body,
            *(self.header.parts if self.header else ()),
            *(p for one in self.buttons for p in one.parts),
        ]
        parts += [part for card in self.cards for part in card.parts]
        parts += [self.offer.until] if self.offer else []
        return tuple(dict.fromkeys(name for part in parts for name in places_of(part)))


@dataclass(frozen=True, slots=True)
class TemplateSpec:
    """A declared template. `category` is marketing, utility or authentication; `params` are the names of its places.

    `platforms` are those at which it is handed in.
    """

    name: str
    category: str
    params: tuple[str, ...] = ()
    languages: Mapping[str, TemplateWords] = field(default_factory=dict)
    platforms: tuple[str, ...] = ("whatsapp",)
