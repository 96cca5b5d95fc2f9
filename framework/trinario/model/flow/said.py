"""What an author has a step say: texts, messages, choices, and how they find their person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trinario.expressions import Condition, Phrase
from trinario.model.delivery import Level
from trinario.model.duration import Duration
from trinario.model.value import Value


@dataclass(frozen=True, slots=True)
class Words:
    """A text that is translated: `key` is its msgctxt (step and path of keys), `phrase` the source in the bot's locale."""

    key: str
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class WordsLink:
    """A link as its author wrote it."""

    title: Words
    url: Phrase


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its author wrote it. Exactly one of its kinds (`text`, `media`, `cards` ...) gives its body.

    `media` is a kind (image, video ...), `url` its address. `plural` maps CLDR categories to words, `count` picks.
    `others` are further images beside the first; of `media` post, `post` is the id and `url` its page, if it has one.
    `caption` belongs to media and to cards. `per_channel` is keyed by channel name or platform.
    """

    text: Words | None = None
    media: str | None = None
    url: Phrase | None = None
    others: tuple[Phrase, ...] = ()
    post: Phrase | None = None
    caption: Words | None = None
    filename: Phrase | None = None
    links: tuple[WordsLink, ...] = ()
    one_of: tuple["Message", ...] = ()
    count: Condition | None = None
    plural: Mapping[str, Words] = field(default_factory=dict)
    cards: "tuple[WordsCard, ...] | CardsFrom" = ()
    location: "WordsLocation | Phrase | None" = None
    contact: "WordsContact | None" = None
    template: "TemplateCall | None" = None
    form: "WordsForm | None" = None
    products: "WordsProducts | None" = None
    per_channel: Mapping[str, "Message"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WordsCard:
    """A card as its author wrote it; `image` is an address."""

    title: Words
    subtitle: Words | None = None
    image: Phrase | None = None
    links: tuple[WordsLink, ...] = ()


@dataclass(frozen=True, slots=True)
class CardsFrom:
    """Cards from data: `items` gives a list; the card is made once for each, with `item` in scope."""

    items: Condition
    card: WordsCard


@dataclass(frozen=True, slots=True)
class WordsLocation:
    """A point as its author wrote it, in degrees; phrases there give numbers."""

    latitude: Phrase | Value
    longitude: Phrase | Value
    name: Words | None = None
    address: Words | None = None


@dataclass(frozen=True, slots=True)
class WordsContact:
    """Somebody's card as its author wrote it."""

    name: Words
    phone: Phrase | None = None
    email: Phrase | None = None
    organisation: Words | None = None
    url: Phrase | None = None


@dataclass(frozen=True, slots=True)
class WordsForm:
    """A form that opens inside the chat, as its author wrote it: by its id, or by its name where `named`."""

    form: Phrase
    button: Words
    named: bool = False
    screen: str = ""
    data: Mapping[str, Phrase | Value] = field(default_factory=dict)
    exchange: bool = False
    draft: bool = False
    header: Words | None = None
    footer: Words | None = None
    url: Phrase | None = None


@dataclass(frozen=True, slots=True)
class WordsShelf:
    """Products under one title, by their ids."""

    items: tuple[Phrase, ...]
    title: Words | None = None


@dataclass(frozen=True, slots=True)
class WordsProducts:
    """Products of a catalogue as their author wrote them; without shelves the whole of it. `catalog` None: the bot's."""

    shelves: tuple[WordsShelf, ...] = ()
    catalog: Phrase | None = None
    header: Words | None = None
    footer: Words | None = None
    button: Words | None = None
    url: Phrase | None = None


@dataclass(frozen=True, slots=True)
class TemplateCall:
    """A platform-approved message with its parameters."""

    name: str
    language: str | None = None
    params: Mapping[str, Phrase] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Escalate:
    """When the next channel is tried: a copy that has not come so far after this time."""

    if_not: Level
    after: Duration


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a message finds its person; None in a key: ask the next wider place (step, flow, bot)."""

    order: tuple[str, ...] | None = None
    template: TemplateCall | None = None
    persona: str = ""
    escalate: Escalate | None = None
    stop_when: Level | None = None
    on_exhausted: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One declared choice. `value` is what is saved, never translated; `also` further words, by locale ("" is any)."""

    title: Words
    value: Value
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    next: str | None = None
    description: Words | None = None


@dataclass(frozen=True, slots=True)
class ChoicesFrom:
    """Choices from data: `items` gives a list; `title` and `value` are asked with `item` in scope."""

    items: Condition
    title: Condition
    value: Condition


@dataclass(frozen=True, slots=True)
class FeedbackCard:
    """The card that a question on a scale is, where a channel has such."""

    title: Words
    subtitle: Words
    button: Words
    privacy: Phrase


@dataclass(frozen=True, slots=True)
class Remind:
    """A nudge while a question is open."""

    after: Duration
    text: Words
