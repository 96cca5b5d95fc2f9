"""Messages in our tongue: what is said (Content). What is heard is in heard.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from trinario.model.interactive import Form, Products, Shelf, Wanted


@dataclass(frozen=True, slots=True)
class Link:
    """A titled address that a person can open."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to tap: `payload` is ours and comes back (64 bytes at most), `title` is what she reads."""

    payload: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words, with links that are shown as buttons where the channel has such."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """One file (`kind` image, video, audio, document, sticker) by its https address, with links shown as buttons where the channel has such.

    One of `media://` (model/media.py) is uploaded before it is sent: then `uploaded` is the platform's id of it, `uploads` are
    those of `others`, the addresses of further images that stand beside it ("": it goes by its address).
    A post of ours (kind `post`) goes by its id, `post`; `url` is its page. A sticker may be a name of model/media.py instead.
    """

    kind: str
    url: str
    caption: str = ""
    filename: str = ""
    links: tuple[Link, ...] = ()
    uploaded: str = ""
    others: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()
    post: str = ""


PAGE = 9
"""Options on a page that has another behind it."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """The card of a question on a scale, where a channel has such: what stands on it, the word that opens it, and the
    https address of what is done with her answer."""

    title: str
    subtitle: str
    button: str
    privacy: str


@dataclass(frozen=True, slots=True)
class Choices:
    """A question with things to tap. `button` is the word that opens a list.

    `more` is the word that turns the page where there are more options than a channel shows at once; "": they are not
    paged. `start` is the number of options that stand on the pages before. With `feedback` the options are the steps of
    a scale, and the question is a card where the channel has such.
    """

    text: str
    options: tuple[Option, ...]
    button: str = ""
    more: str = ""
    start: int = 0
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One card of several: a title, a second line, a picture by its address (https, or `media://`), links."""

    title: str
    subtitle: str = ""
    image: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards side by side, where the channel has such. `text` comes before them."""

    cards: tuple[Card, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the earth, in degrees, and what is there."""

    latitude: Decimal
    longitude: Decimal
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Somebody's card: `phone` as it is dialled, with + and country code."""

    name: str
    phone: str = ""
    email: str = ""
    organisation: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class TemplateHeader:
    """What stands in the header of a template: the value of its place (`text`), a file by its address, or a pin.

    A file of `media://` is uploaded before: then `uploaded` is the platform's id of it. `filename` is what a document is
    called on her phone.
    """

    kind: str
    value: str
    name: str = ""
    filename: str = ""
    pin: Location | None = None
    uploaded: str = ""


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """What a button of a template is given, by its place among all: the end of its address, or a code.

    `kind` is url, code, otp (the code of an authentication template), payload (what comes back with a tap), form (its token, and the `data` of its screen),
    catalog and products (the product whose picture is shown; `shelves` are what is offered), call (what comes back with one;
    it may be made for `minutes`); reply and address need nothing on WhatsApp, and are told on Messenger, where every button is.
    """

    index: int
    kind: str
    value: str
    shelves: tuple[Shelf, ...] = ()
    minutes: int = 0
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """What one card of a template is given: its file, the values of its words, its buttons; and how it reads."""

    header: TemplateHeader
    params: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[TemplateButton, ...] = ()
    shown: Card = Card("")


@dataclass(frozen=True, slots=True)
class Template:
    """A platform-approved message, for a shut window.

    `params` are the values of the body's places. `text`, `links` and `replies` are its words with the values put in, as
    far as they are declared: what is said where there are no templates, and shown in the thread.

    `until` is when its offer ends, in ms since 1970 (0: it was to be told, and is no moment). `platforms` are those whose templates it is among. `code` names a one-time code: DOTS stand for it everywhere, and it is put in right before the message goes.
    """

    name: str
    language: str
    params: Mapping[str, str] = field(default_factory=dict)
    header: TemplateHeader | None = None
    buttons: tuple[TemplateButton, ...] = ()
    text: str = ""
    links: tuple[Link, ...] = ()
    replies: tuple[str, ...] = ()
    code: str = ""
    platforms: tuple[str, ...] = ("whatsapp",)
    cards: tuple[TemplateCard, ...] = ()
    until: int | None = None

    @property
    def files(self) -> tuple[TemplateHeader, ...]:
        """The headers that are files: its own, and those of its cards."""
        headers = (*((self.header,) if self.header else ()), *(card.header for card in self.cards))
        return tuple(one for one in headers if one.kind not in ("text", "location"))

    def goes_by(self, platform: str) -> bool:
        """Whether it is declared for the templates of this platform ("": a channel that has none)."""
        return platform in self.platforms


def files_of(content: "Content") -> tuple[str, ...]:
    """The addresses of the files that a content shows."""
    if isinstance(content, Media):
        return (content.url, *content.others)
    return tuple(one.value for one in content.files) if isinstance(content, Template) else ()


DOTS = "\N{BULLET}" * 6
"""What is kept and shown in place of a one-time code."""


@dataclass(frozen=True, slots=True)
class PublicReply:
    """Words below a comment, for everybody to read. `comment` is the platform's id of what is answered."""

    text: str
    comment: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign on one message of hers; `emoji` "" takes it back, `message` "" is the last one she wrote there."""

    emoji: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class ThreadControl:
    """Who answers her at the platform: `pass` gives the thread to another app, `take` brings it back.

    It goes through the outbox so that it follows what was said before it. `app` is the platform's id of that app, or INBOX.
    """

    action: str
    app: str = ""
    note: str = ""


INBOX = "inbox"
"""The app behind the platform's own inbox, in place of an id."""

Content = (
    Text | Media | Choices | Cards | Location | ContactCard | Template | PublicReply | Sign | ThreadControl
    | Wanted | Form | Products
)  # fmt: skip
