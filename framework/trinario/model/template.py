"""Message templates as their author declares them: words by language, with named or numbered places."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PLACE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
"""A place of a template, for which a value is put in."""

ButtonKind = Literal["url", "reply", "phone", "code", "form"]
HeaderKind = Literal["text", "image", "video", "document"]


def places_of(text: str) -> tuple[str, ...]:
    """The names of the places in a text, each once, in order."""
    return tuple(dict.fromkeys(PLACE.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; a place without one stays as it is."""
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


@dataclass(frozen=True, slots=True)
class DeclaredButton:
    """One button: an address, an answer, a number to call, a code to copy, or a form (its id). `title` is what it says.

    `screen` is where a form begins. The `value` of an answer is what comes back with the tap, "": its title.
    """

    kind: ButtonKind
    title: str
    value: str = ""
    screen: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredHeader:
    """A line of text, or a file by its address."""

    kind: HeaderKind
    value: str


@dataclass(frozen=True, slots=True)
class DeclaredCard:
    """One card of several: a picture or a video, words, one or two buttons."""

    header: DeclaredHeader
    body: str
    buttons: tuple[DeclaredButton, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Every text of it that may have places."""
        return (self.body, self.header.value, *(button.value for button in self.buttons))


@dataclass(frozen=True, slots=True)
class TemplateWords:
    """A template in one language."""

    body: str
    header: DeclaredHeader | None = None
    footer: str = ""
    buttons: tuple[DeclaredButton, ...] = ()
    cards: tuple[DeclaredCard, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Every place in it, each once."""
        parts = [self.body, self.header.value if self.header else "", *(button.value for button in self.buttons)]
        parts += [part for card in self.cards for part in card.parts]
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
