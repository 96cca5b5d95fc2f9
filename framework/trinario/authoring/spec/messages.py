"""The table of messages: what is said, its links and choices, and how it finds its person."""

from trinario.authoring.spec.kinds import (
    ADDRESS,
    CONDITION,
    FIXED,
    LIVE_VALUE,
    LOCALE,
    NAME,
    PARAMETER,
    PERSONA,
    PHRASE,
    PLACE,
    STEP,
    TEMPLATE,
    TEXT,
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
    OneOf,
    Ref,
    Shape,
)
from trinario.model.delivery import LEVELS

MEDIA = ("image", "video", "audio", "document", "sticker")
PLURALS = ("zero", "one", "two", "few", "many", "other")

FORM_DATA = Atom("form_data", "a name as the form has it: letters, digits and _", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
MESSAGE = Either("a message: a text, or a mapping with text, image ...", scalar=WORDS, mapping=Ref("message"))
MESSAGES = ListOf(MESSAGE)
BY_LOCALE = Atom("by_locale", "a language code, like en or it", pattern=LOCALE.pattern)
TITLE_BY_LOCALE = Either("a text, or texts by language", scalar=TEXT, mapping=MapOf(TEXT, keys=BY_LOCALE, least=1))
FURTHER_WORDS: Kind = Either(
    "a word, a list of words, or lists by language",
    scalar=WORD,
    sequence=ListOf(WORD),
    mapping=MapOf(ListOf(WORD), keys=BY_LOCALE, least=1),
)
CARDS = Either(
    "a list of cards, or {from: ...} for cards from data",
    sequence=ListOf(Ref("card"), single=False),
    mapping=Ref("cards_from"),
)
PLURAL_WORDS = Either("a text, or one text each for one, other ...", scalar=WORDS, mapping=Ref("plural"))

_MESSAGE = Shape(
    "message",
    "One message: words, a file, or one of several.",
    (
        Key("text", PLURAL_WORDS, "The words; with `count`, one text for each plural form.", "Hello!"),
        *(Key(kind, ADDRESS, f"An {kind}." if kind[0] in "aeiou" else f"A {kind}.", f"https://shop.example/{kind}")
          for kind in MEDIA[:-1]),
        Key("sticker", ADDRESS, "A sticker; or `heart` (Instagram's own) or `like` (Messenger's), elsewhere the sign.",
            "https://shop.example/sticker"),
        Key("images", ListOf(ADDRESS, single=False, least=2), "Several images: together where the channel has such, else one by one.",
            "[garden.jpg, terrace.jpg]"),
        Key("post", Ref("own_post"), "A post of our own on Instagram, shown in the chat; elsewhere a link to it.",
            '{id: "17895695668004550", url: "https://www.instagram.com/p/abc"}'),
        Key("cards", CARDS, "Cards side by side where the channel has such, or {from: ...} for cards from data.",
            '[{title: Fern, subtitle: 12 EUR, image: "https://shop.example/fern.jpg"}]'),
        Key("location", Either("a point with latitude and longitude, or an {{ expression }} that gives one",
            scalar=PHRASE, mapping=Ref("location")), "A pin on a map.", "{latitude: 41.8902, longitude: 12.4922}"),
        Key("contact", Ref("contact_card"), "Somebody's card, to be kept in the phone.", '{name: Ana Rossi, phone: "+390651"}'),
        Key("form", Ref("message_form"), "A form that opens inside the chat, below the text (a WhatsApp Flow).",
            '{id: "1234567890", button: Book}'),
        Key("products", Ref("products"), "Products of the catalogue that she can order, below the text (WhatsApp).",
            "{items: [fern, rose]}"),
        Key("caption", WORDS, "Words under the pictures, the video, document or post; words before the cards.",
            "Our garden in May"),
        Key("filename", PHRASE, "The name that a document has when it is saved.", "catalogue.pdf"),
        Key("links", ListOf(Ref("link")), "Addresses shown as buttons where the channel has such.",
            '[{title: Catalogue, url: "https://shop.example"}]'),
        Key("one_of", ListOf(MESSAGE, single=False), "Several messages, of which one is picked.", "[Hello!, Good day!]"),
        Key("count", CONDITION, "The number that the words agree with.", "vars.items | length"),
        Key("template", Ref("template"), "A message that the platform has approved.", "{name: reminder_v2}"),
        Key("per_channel", MapOf(MESSAGE, keys=Atom("channel_key", "a channel of bot.yaml or a platform",
            refers="channel"), least=1), "What one channel says differently.", "{instagram: Hi!}"),
    ),
)  # fmt: skip

_CARD_KEYS = (
    Key("title", WORDS, "Its first line.", "Fern", required=True),
    Key("subtitle", WORDS, "Its second line.", "Likes shade, 12 EUR"),
    Key("image", ADDRESS, "Its picture.", "https://shop.example/fern.jpg"),
    Key("links", ListOf(Ref("link")), "Addresses shown as buttons where the channel has such.",
        '[{title: Order, url: "https://shop.example/fern"}]'),
)  # fmt: skip

_CARD = Shape("card", "One card of several.", _CARD_KEYS)

_CARDS_FROM = Shape(
    "cards_from",
    "Cards that come from data: the same card for each `item`.",
    (Key("from", CONDITION, "An expression that gives the list.", "vars.plants", required=True), *_CARD_KEYS),
)

_LOCATION = Shape(
    "location",
    "A point on the earth.",
    (
        Key(
            "latitude",
            LIVE_VALUE,
            "Degrees north of the equator; below it they are negative.",
            "41.8902",
            required=True,
        ),
        Key(
            "longitude",
            LIVE_VALUE,
            "Degrees east of Greenwich; west of it they are negative.",
            "12.4922",
            required=True,
        ),
        Key("name", WORDS, "What is there.", "Lucky Garden"),
        Key("address", WORDS, "Where that is, in words.", "Piazza del Colosseo 1, Roma"),
    ),
)

_POST = Shape(
    "own_post",
    "A post of our own.",
    (
        Key("id", PHRASE, "Its id, as the platform tells it.", '"17895695668004550"', required=True),
        Key("url", ADDRESS, "Its page, for channels that do not show posts.", "https://www.instagram.com/p/abc",
            required=True),
    ),
)  # fmt: skip

_CONTACT_CARD = Shape(
    "contact_card",
    "Somebody's card.",
    (
        Key("name", WORDS, "The whole name.", "Ana Rossi", required=True),
        Key("phone", PHRASE, "The number, with + and country code.", '"+390651234567"'),
        Key("email", PHRASE, "The e-mail address.", "ana@luckygarden.example"),
        Key("organisation", WORDS, "Where she works.", "Lucky Garden"),
        Key("url", ADDRESS, "An address on the web.", "https://luckygarden.example"),
    ),
)

_FORM = Shape(
    "message_form",
    "A form that opens inside the chat: a WhatsApp Flow. What she fills in answers a question of the type `form`.",
    (
        Key("id", PHRASE, "The id that WhatsApp gave it; or write `name`.", '"1234567890"'),
        Key("name", PHRASE, "Its name in the WhatsApp Manager; or write `id`.", "booking"),
        Key("button", WORDS, "What the button says that opens it: 20 characters at most.", "Book", required=True),
        Key("screen", TEXT, "The screen that it begins with.", "DATES"),
        Key("data", MapOf(LIVE_VALUE, keys=FORM_DATA), "What that screen is given.", '{city: "{{ fields.city }}"}'),
        Key("action", OneOf(("navigate", "data_exchange")), "Whether it begins with a screen, or asks your own server.",
            "data_exchange", default="navigate"),
        Key("mode", OneOf(("published", "draft")), "Whether it is published, or a draft for testing.", "draft",
            default="published"),
        Key("header", WORDS, "A line above the text.", "Lucky Garden"),
        Key("footer", WORDS, "A small line below the text.", "Takes a minute"),
        Key("url", ADDRESS, "A page with the same form, for channels that have no forms.",
            "https://shop.example/booking"),
    ),
)  # fmt: skip

_PRODUCTS = Shape(
    "products",
    "Products of a catalogue; without `items` and `sections` the whole of it.",
    (
        Key("items", ListOf(PHRASE), "The ids of the products, as the catalogue has them.", "[fern, rose]"),
        Key("sections", ListOf(Ref("shelf")), "The products under titles.", "[{title: Shade, items: [fern]}]"),
        Key("catalog", PHRASE, "The id of the catalogue, if it is not the one of bot.yaml.", '"194836987003835"'),
        Key("header", WORDS, "A line above several products.", "For the balcony"),
        Key("footer", WORDS, "A small line below.", "Free delivery"),
        Key("button", WORDS, "What the link to `url` says.", "Shop"),
        Key("url", ADDRESS, "The shop's page, for channels that have no catalogue.", "https://shop.example"),
    ),
)

_SHELF = Shape(
    "shelf",
    "Products under one title.",
    (
        Key("title", WORDS, "What stands above them: 24 characters at most.", "Shade", required=True),
        Key("items", ListOf(PHRASE), "Their ids.", "[fern, hosta]", required=True),
    ),
)

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
        Key(
            "params", MapOf(PHRASE, keys=PARAMETER), "What stands in its places.", '{name: "{{ contact.first_name }}"}'
        ),
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

_LEVEL = OneOf(LEVELS)

_DELIVERY = Shape(
    "delivery",
    "How a message finds its person.",
    (
        Key("order", ListOf(PLACE), "Where to try, one after another.", "[current, preferred, whatsapp]"),
        Key("template", Ref("template"), "What to send where the window is shut.", "{name: reminder_v2}"),
        Key("persona", PERSONA, "Who speaks, where the channel shows such (Messenger).", "anna"),
        Key("escalate", Ref("escalate"), "When the next channel is tried.", "{if_not: delivered, after: 2m}"),
        Key("stop_when", _LEVEL, "What ends the plan for good; what `if_not` says when left out.", "replied"),
        Key("on_exhausted", OneOf(("notify",)), "When no channel is left: the teams are told what was tried, and why.",
            "notify"),
    ),
)  # fmt: skip

_ESCALATE = Shape(
    "escalate",
    "When a message is tried on the next channel.",
    (
        Key("if_not", _LEVEL, "How far it has to have come. Where a channel cannot tell, `sent` counts.", "delivered",
            default="delivered"),
        Key("after", Atom("duration", "a duration, like 2h"), "How long each channel is given.", "5m", required=True),
    ),
)  # fmt: skip

_REMIND = Shape(
    "remind",
    "A nudge while a question is open.",
    (
        Key("after", Atom("duration", "a duration, like 2h"), "How long to wait before it.", "2h", required=True),
        Key("text", WORDS, "What is said.", "Are you still there?", required=True),
    ),
)

_FEEDBACK = Shape(
    "feedback",
    "The card that a question on a scale is, where a channel has such (Messenger).",
    (
        Key("title", WORDS, "What stands on top, 65 characters at most.", "Your visit", required=True),
        Key("subtitle", WORDS, "What stands below it, 80 characters at most.", "It takes a second", required=True),
        Key("button", WORDS, "The word that opens it, 20 characters at most.", "Rate us", required=True),
        Key("privacy", PHRASE, "The https address of what is done with her answer.",
            '"https://luckygarden.example/privacy"', required=True),
    ),
)  # fmt: skip

INPUT_VALUE = Either(
    "a value, or a mapping with type and default",
    scalar=VALUE,
    sequence=ListOf(VALUE, single=False, least=0),
    mapping=Ref("variable"),
)

SHAPES = (
    _MESSAGE, _CARD, _CARDS_FROM, _LOCATION, _POST, _CONTACT_CARD, _FORM, _PRODUCTS, _SHELF, _PLURAL, _LINK, _TEMPLATE, _CHOICE, _CHOICES_FROM, _DELIVERY, _ESCALATE, _REMIND, _FEEDBACK,
)  # fmt: skip

WITH = MapOf(LIVE_VALUE, keys=NAME)
