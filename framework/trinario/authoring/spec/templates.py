"""The table of templates.yaml: message templates with their category, their places and their words by language."""

from trinario.authoring.spec.kinds import (
    DURATION,
    LOCALE,
    TEXT,
    Atom,
    Either,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Shape,
    Verb,
    Verbs,
    VerbTable,
)

CATEGORIES = ("marketing", "utility", "authentication")
NAME = Atom(
    "template_name", "the name of a template: small letters, digits and _, 512 at most", pattern=r"^[a-z0-9_]{1,512}$"
)
_PLACE = Atom(
    "place_name",
    "the name of a place: small letters, digits and _, or its number",
    pattern=r"^([a-z][a-z0-9_]*|[1-9][0-9]?)$",
)
_BY_LOCALE = Atom("by_locale", "a language code, like en or pt-BR", pattern=LOCALE.pattern)
_HTTPS = Atom(
    "web_address", "an https:// address; a {{place}} may stand at its end", pattern=r"^https://[^\s/]+(/\S*)?$"
)
_NAMED_FILE = r"[^\s:{}/][^:{}]*\.[A-Za-z0-9]+"
_FILE = Atom(
    "file_address",
    "an https:// address, a file of the bot's media/ folder, or one {{place}} for either",
    pattern=rf"^(https://\S+|\{{\{{ ?[a-z0-9_]+ ?\}}\}}|{_NAMED_FILE})$",
)
_EXAMPLE_FILE = Atom(
    "example_file",
    "an https:// address, or a file of the bot's media/ folder",
    pattern=rf"^(https://\S+|{_NAMED_FILE})$",
)
_DEGREES = Atom(
    "degrees", "a number of degrees, or one {{place}} for it",
    pattern=r"^(-?[0-9]{1,3}(\.[0-9]+)?|\{\{ ?[a-z0-9_]+ ?\}\})$", json="scalar",
)  # fmt: skip
_PRODUCT = Atom(
    "product_id", "the id of a product, as the catalogue has it; may be a {{place}}", pattern=r"^\S(.{0,98}\S)?$"
)
_EXAMPLE = Key("example", _EXAMPLE_FILE, "What Meta is shown where the file is a {{place}}: it goes to nobody.",
               "spring.jpg")  # fmt: skip
_NUMBER = Atom("dialled", "a phone number with + and country code", pattern=r"^\+[0-9][0-9 -]{4,18}$")
_VALUE = Atom("tap_value", "a text of 256 characters at most", pattern=r"^.{1,256}$")
_FORM_ID = Atom("form_id", "the id of a WhatsApp Flow: digits", pattern=r"^[0-9]{1,40}$")
_FORM_DATA = Atom("form_given", "a name as the form has it: letters, digits and _", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
_LABEL = Key("title", TEXT, "What the button says: 25 characters at most.", "See it", required=True)

_BUTTONS = (
    Verb("url", "A button that opens an address.", _HTTPS, 'url: "https://shop.example/spring"\ntitle: See it', (_LABEL,)),
    Verb("reply", "A button that answers with its own words.", TEXT, "reply: Stop", (
        Key("value", _VALUE, "What comes back with the tap, the same in every language.", "stop"),)),
    Verb("form", "A button that opens a form inside WhatsApp (a WhatsApp Flow): its id.", _FORM_ID,
         'form: "1234567890"\ntitle: Book', (
        _LABEL, Key("screen", TEXT, "The screen that it begins with.", "DATES"),
        Key("data", MapOf(TEXT, keys=_FORM_DATA), "What that screen is given, by its own names; values may hold {{places}}.",
            "{city: Rome}"))),
    Verb("phone", "A button that calls a number.", _NUMBER, 'phone: "+390651234567"\ntitle: Call us', (_LABEL,)),
    Verb("catalog", "A button that opens the catalogue: what it says.", TEXT, "catalog: View catalog", (
        Key("thumbnail", _PRODUCT, "The product whose picture is shown; the first one unless it is said.", "fern"),)),
    Verb("products", "A button that opens some products of the catalogue, under titles.",
         ListOf(Ref("template_shelf"), single=False), "products: [{title: Shade, items: [fern, hosta]}]\ntitle: View items", (
        _LABEL, Key("thumbnail", _PRODUCT, "The product whose picture is shown; the first one unless it is said.", "fern"))),
    Verb("call", "A button that calls us by WhatsApp: what it says.", TEXT, "call: Call us", (
        Key("for", DURATION, "How long a call may be made from it.", "2h"),
        Key("value", _VALUE, "What comes back with the call.", "spring"))),
    Verb("code", "A button that copies a code; in an authentication template the code that is sent.", TEXT,
         'code: "{{coupon}}"'),
)  # fmt: skip

BUTTONS = VerbTable("template_button", "a button", _BUTTONS)

_FILE_SHAPE = Shape(
    "template_header",
    "A file or a pin above the words: one of the four.",
    (
        Key("image", _FILE, "A picture.", "https://shop.example/spring.jpg"),
        Key("video", _FILE, "A video.", "https://shop.example/spring.mp4"),
        Key("document", _FILE, "A document.", "https://shop.example/spring.pdf"),
        Key("location", Ref("template_pin"), "A pin on a map.", '{latitude: "41.8902", longitude: "12.4922"}'),
        Key("filename", TEXT, "What a document is called on her phone: 240 characters at most; may hold {{places}}.",
            "Spring.pdf"),
        _EXAMPLE,
    ),
)  # fmt: skip

_PIN = Shape(
    "template_pin",
    "A pin on a map; each part may be a {{place}}.",
    (
        Key("latitude", _DEGREES, "Degrees north of the equator.", '"41.8902"', required=True),
        Key("longitude", _DEGREES, "Degrees east of Greenwich.", '"12.4922"', required=True),
        Key("name", TEXT, "What is there.", "Lucky Garden"),
        Key("address", TEXT, "Its address.", "Via Roma 1"),
    ),
)

_OFFER = Shape(
    "template_offer",
    "An offer that ends.",
    (
        Key("text", TEXT, "A few words: 16 characters at most.", "Ends soon!", required=True),
        Key(
            "until", TEXT, "Until when it holds, which is counted down: a moment, or a {{place}} for one.", '"{{end}}"'
        ),
    ),
)

_SHELF = Shape(
    "template_shelf",
    "Products under one title.",
    (
        Key("title", TEXT, "What stands above them: 24 characters at most.", "Shade", required=True),
        Key("items", ListOf(_PRODUCT), "Their ids.", "[fern, hosta]", required=True),
    ),
)

_WORDS = Shape(
    "template_words",
    "A template in one language.",
    (
        Key("body", TEXT, "The words: 1,024 characters at most, with {{places}}.", "Hi {{name}}, spring is here.",
            required=True),
        Key("header", Either("a line of text, or a mapping with image, video, document or location", scalar=TEXT,
            mapping=Ref("template_header")), "What stands above: a line of 60 characters, a file, or a pin.", "Spring"),
        Key("offer", Ref("template_offer"), "That it is an offer which ends, of a marketing template.",
            '{text: Ends soon!, until: "{{end}}"}'),
        Key("footer", TEXT, "A small line below: 60 characters, no places.", "Lucky Garden"),
        Key("buttons", ListOf(Verbs("template_button")), "What can be tapped: ten at most.", "[{reply: Stop}]"),
        Key("cards", ListOf(Ref("template_card"), single=False), "Two to ten cards side by side, all alike.",
            '[{image: "https://shop.example/fern.jpg", body: A fern, buttons: [{reply: Take it}]}]'),
    ),
)  # fmt: skip

_CARD = Shape(
    "template_card",
    "One card of several: a picture or a video, words, one or two buttons.",
    (
        Key("image", _FILE, "Its picture.", "https://shop.example/fern.jpg"),
        Key("video", _FILE, "Its video.", "https://shop.example/fern.mp4"),
        _EXAMPLE,
        Key("body", TEXT, "Its words: 160 characters at most, with {{places}}.", "A fern for the shade.", required=True),
        Key("buttons", ListOf(Verbs("template_button")), "One or two buttons.", "[{reply: Take it}]", required=True),
    ),
)  # fmt: skip

_TEMPLATE = Shape(
    "template_spec",
    "One message template.",
    (
        Key("category", OneOf(CATEGORIES), "What it is for; Meta's prices and rules go by it.", "marketing", required=True),
        Key("channels", ListOf(OneOf(("whatsapp", "messenger"))), "Where it is handed in: WhatsApp, unless it says otherwise.",
            "[whatsapp, messenger]"),
        Key("params", ListOf(_PLACE, least=0), "The names of its places, or their numbers.", "[name]"),
        Key("languages", MapOf(Ref("template_words"), keys=_BY_LOCALE, least=1), "The words, by language.",
            '{en: {body: "Hi {{name}}, spring is here."}}', required=True),
    ),
)  # fmt: skip

_FILE_OF_ALL = Shape(
    "templates",
    "The message templates of a bot.",
    (
        Key("templates", MapOf(Ref("template_spec"), keys=NAME), "The templates, by name.",
            "{spring_2026: {category: marketing, languages: {en: {body: Spring is here.}}}}", required=True),
    ),
)  # fmt: skip

SHAPES = (_FILE_OF_ALL, _TEMPLATE, _WORDS, _FILE_SHAPE, _PIN, _OFFER, _CARD, _SHELF)
