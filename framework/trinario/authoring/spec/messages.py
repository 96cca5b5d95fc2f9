"""The table of messages: what is said, its links and choices, and how it finds its person."""

from trinario.authoring.spec.kinds import (
    ADDRESS,
    CONDITION,
    FIXED,
    LIVE_VALUE,
    LOCALE,
    NAME,
    PHRASE,
    PLACE,
    STEP,
    TEMPLATE,
    TITLE,
    VALUE,
    WORD,
    WORDS,
    Atom,
    Either,
    Key,
    Kind,
    ListOf,
    MapOf,
    Ref,
    Shape,
)

MEDIA = ("image", "video", "audio", "document", "sticker")
PLURALS = ("zero", "one", "two", "few", "many", "other")

MESSAGE = Either("a message: a text, or a mapping with text, image ...", scalar=WORDS, mapping=Ref("message"))
MESSAGES = ListOf(MESSAGE)
BY_LOCALE = Atom("by_locale", "a language code, like en or it", pattern=LOCALE.pattern)
FURTHER_WORDS: Kind = Either(
    "a word, a list of words, or lists by language",
    scalar=WORD,
    sequence=ListOf(WORD),
    mapping=MapOf(ListOf(WORD), keys=BY_LOCALE, least=1),
)
PLURAL_WORDS = Either("a text, or one text each for one, other ...", scalar=WORDS, mapping=Ref("plural"))

_MESSAGE = Shape(
    "message",
    "One message: words, a file, or one of several.",
    (
        Key("text", PLURAL_WORDS, "The words; with `count`, one text for each plural form.", "Hello!"),
        *(Key(kind, ADDRESS, f"An {kind}." if kind[0] in "aeiou" else f"A {kind}.", f"https://shop.example/{kind}")
          for kind in MEDIA),
        Key("caption", WORDS, "Words under the picture, video or document.", "Our garden in May"),
        Key("filename", PHRASE, "The name that a document has when it is saved.", "catalogue.pdf"),
        Key("links", ListOf(Ref("link")), "Addresses shown as buttons where the channel has such.",
            '[{title: Catalogue, url: "https://shop.example"}]'),
        Key("one_of", ListOf(MESSAGE, single=False), "Several messages, of which one is picked.", "[Hello!, Good day!]"),
        Key("count", CONDITION, "The number that the words agree with.", "vars.items | length"),
        Key("template", Ref("template"), "A message that the platform has approved.", "{name: reminder_v2}"),
        Key("per_channel", MapOf(MESSAGE, keys=Atom("channel_key", "a channel of bot.yaml or a platform",
            refers="channel"), least=1), "What one channel says differently.", "{instagram: Hi!}"),
    ),
    later=frozenset({"cards", "location", "contact"}),
)  # fmt: skip

_PLURAL = Shape(
    "plural",
    "One text for each plural form of the language.",
    tuple(
        Key(name, WORDS, f"Said when the number takes the form `{name}`.", "One plant" if name == "one" else "Plants",
            required=name == "other")
        for name in PLURALS
    ),
)  # fmt: skip

_LINK = Shape(
    "link",
    "A titled address that a person can open.",
    (
        Key("title", WORDS, "What the button says.", "Catalogue", required=True),
        Key("url", ADDRESS, "Where it leads.", "https://shop.example/catalogue", required=True),
    ),
)

_TEMPLATE = Shape(
    "template",
    "A call of a message that the platform has approved.",
    (
        Key("name", TEMPLATE, "The template's name.", "reminder_v2", required=True),
        Key("language", LOCALE, "The language to use instead of the contact's.", "it"),
        Key("params", MapOf(PHRASE, keys=NAME), "What stands in its places.", '{name: "{{ contact.first_name }}"}'),
    ),
)

_CHOICE = Shape(
    "choice",
    "One thing to choose.",
    (
        Key("title", WORDS, "What she reads and taps.", "Café", required=True),
        Key("value", FIXED, "What is saved; never translated. The title when left out.", "cafe"),
        Key("also", FURTHER_WORDS, "Further words that mean this choice.", "[coffee, bar]"),
        Key("next", STEP, "The step that follows this choice.", "cafe_menu"),
        Key("description", WORDS, "A second line, where the channel shows one.", "Open until six"),
    ),
)

_CHOICES_FROM = Shape(
    "choices_from",
    "Choices that come from data.",
    (
        Key("from", CONDITION, "An expression that gives the list.", "vars.slots", required=True),
        Key("title", CONDITION, "The title of each `item`.", "item.label", default="item"),
        Key("value", CONDITION, "What is saved for each `item`; the title when left out.", "item.id"),
    ),
)

CHOICE = Either("a choice: a title, or a mapping with title, value ...", scalar=TITLE, mapping=Ref("choice"))
CHOICES = Either(
    "a list of choices, or {from: ...} for choices from data",
    sequence=ListOf(CHOICE, single=False),
    mapping=Ref("choices_from"),
)

_DELIVERY = Shape(
    "delivery",
    "How a message finds its person.",
    (
        Key("order", ListOf(PLACE), "Where to try, one after another.", "[current, preferred, whatsapp]"),
        Key("template", Ref("template"), "What to send where the window is shut.", "{name: reminder_v2}"),
    ),
    later=frozenset({"escalate", "stop_when", "on_exhausted"}),
)

_REMIND = Shape(
    "remind",
    "A nudge while a question is open.",
    (
        Key("after", Atom("duration", "a duration, like 2h"), "How long to wait before it.", "2h", required=True),
        Key("text", WORDS, "What is said.", "Are you still there?", required=True),
    ),
)

INPUT_VALUE = Either(
    "a value, or a mapping with type and default",
    scalar=VALUE,
    sequence=ListOf(VALUE, single=False, least=0),
    mapping=Ref("variable"),
)

SHAPES = (_MESSAGE, _PLURAL, _LINK, _TEMPLATE, _CHOICE, _CHOICES_FROM, _DELIVERY, _REMIND)

WITH = MapOf(LIVE_VALUE, keys=NAME)
