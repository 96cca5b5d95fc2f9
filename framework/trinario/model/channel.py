"""Channels, the platforms they live on, their limits, and how they name people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PLATFORM_WORDS: Mapping[str, tuple[str, ...]] = {
    "whatsapp": ("WhatsApp", "whats app", "wa"),
    "messenger": ("Messenger", "facebook messenger", "facebook", "fb"),
    "instagram": ("Instagram", "insta", "ig"),
    "telegram": ("Telegram", "tg"),
}
"""How people call platforms; first as they are written."""


def platform_name(platform: str) -> str:
    """A platform as people write it."""
    return PLATFORM_WORDS.get(platform, (platform.capitalize(),))[0]


@dataclass(frozen=True, slots=True)
class Identity:
    """How one channel names a person. `channel` is the name in bot.yaml; `value` is a key, never normalised."""

    channel: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast messages may follow each other besides the account's own pace: to one person one in `person` seconds, after
    `burst` at once; `heavy` audio and video files a second. 0 says: no such limit."""

    person: float = 0.0
    burst: int = 1
    heavy: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one platform can carry; adapters hand theirs to the check. A count of 0 says: not to be had there.

    Lengths are code points unless `text_unit` says bytes or utf16 units (then `text` and `caption` are counted so). `link_media` are the kinds
    of files that can stand above a link. A card has title and subtitle of its own, or one text of `card_text` characters
    in `card_lines` lines with a picture and a link, both of which it needs; `cards_least` cards go together.
    `templates` is the platform whose approved messages go there, "" where there are none.
    `files` are the most bytes of a file and the endings it may have, by kind; no endings: any. `comment` is the longest answer
    below a comment. `arrivals` are what a person can do there beside writing, by the names of their triggers.
    `requests` are the things that a button asks of her (location, phone, email), `form_button` is the title of one that opens a form,
    `products` are those of a catalogue in one message, on `shelves` with titles; `frame` is a line above or below such words.
    `feedback` says whether a question on a scale can be a card. `images` go together in one message. `link_words`: words stand
    between a file and the links below it; without, it is uploaded first. `stickers` are those it has of its own, by name;
    `posts`: a post of ours can be shared by its id.
    """

    text: int
    text_unit: Literal["chars", "bytes", "utf16"]
    caption: int
    choice_text: int
    buttons: int
    button_title: int
    list_rows: int
    list_title: int
    list_description: int
    list_button: int
    quick_replies: int
    quick_reply_title: int
    links: int
    link_title: int
    link_text: int
    payload_bytes: int
    media: frozenset[str]
    captioned: frozenset[str]
    receipts: frozenset[str]
    link_media: frozenset[str] = frozenset()
    cards: int = 0
    cards_least: int = 1
    card_title: int = 0
    card_subtitle: int = 0
    card_text: int = 0
    card_lines: int = 0
    card_links: int = 0
    locations: bool = False
    contacts: bool = False
    templates: str = ""
    comment: int = 0
    pace: Pace = Pace()
    uploads: bool = False
    arrivals: frozenset[str] = frozenset()
    requests: frozenset[str] = frozenset()
    form_button: int = 0
    products: int = 0
    shelves: int = 0
    shelf_title: int = 0
    frame: int = 0
    feedback: bool = False
    images: int = 1
    link_words: bool = True
    stickers: frozenset[str] = frozenset()
    posts: bool = False
    files: Mapping[str, tuple[int, frozenset[str]]] = field(default_factory=dict, hash=False)

    @property
    def most_choices(self) -> int:
        """How many choices one message can show as things to tap."""
        return max(self.buttons, self.list_rows, self.quick_replies)

    def title_limit(self, count: int) -> int:
        """The longest title that a choice may have when `count` of them are shown, in code points."""
        if self.quick_replies:
            return self.quick_reply_title
        return self.button_title if count <= self.buttons else self.list_title


UNSHUT = 100 * 365 * 24 * 3600
"""Seconds of a window that does not shut: a hundred years. It still opens with her first message only."""


@dataclass(frozen=True, slots=True)
class Window:
    """Seconds after the person last wrote in which free words may be sent; in which a person of the team may; and in which a
    card may that asks for a mark."""

    free: int = 24 * 3600
    human: int = 0
    card: int = 0


@dataclass(frozen=True, slots=True)
class Channel:
    """One account of ours on a platform, as bot.yaml names it. `inbox_app` gets the thread with a handoff; "": nobody."""

    id: str
    platform: str
    limits: Limits
    window: Window = Window()
    inbox_app: str = ""
