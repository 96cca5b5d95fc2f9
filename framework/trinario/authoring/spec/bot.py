"""The table of bot.yaml: channels, flows, fields, words for the patterns, teams."""

from trinario.authoring.spec import conversions, guard, housekeeping, media, outside, policy, retention, webhooks
from trinario.authoring.spec.answers import VALUE_TYPES
from trinario.authoring.spec.flow import EXIT_NAME
from trinario.authoring.spec.kinds import (
    CURRENCY,
    DURATION,
    FLOW,
    FLOW_GLOB,
    LOCALE,
    NAME,
    NUMBER,
    OPENING_HOURS,
    PERSONA,
    PHRASE,
    REGION,
    TEXT,
    VALUE,
    WORD,
    ZONE,
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
from trinario.authoring.spec.messages import BY_LOCALE
from trinario.model.merge import RULES

PATTERNS_WITH_WORDS = (
    "stop",
    "start",
    "help",
    "human",
    "restart",
    "back",
    "yes",
    "no",
    "unlink",
    "prefer",
    "stop_here",
)
PATTERNS = (
    *PATTERNS_WITH_WORDS, "late", "cannot_handle", "continue", "error", "disclosure",
    "error.text", "error.name", "error.number", "error.number_range", "error.number_min", "error.number_max",
    "error.money", "error.money_currency", "error.email", "error.phone", "error.otp", "error.url", "error.yes_no", "error.choice",
    "error.multi_choice", "error.choices_range", "error.choices_min", "error.choices_max", "error.rating", "error.nps",
    "error.date", "error.date_range", "error.date_min", "error.date_max",
    "error.time", "error.time_range", "error.time_min", "error.time_max",
    "error.datetime", "error.datetime_range", "error.datetime_min", "error.datetime_max",
    "error.duration", "error.duration_range", "error.duration_min", "error.duration_max",
    "error.location", "error.address", "error.image", "error.video", "error.audio", "error.document", "error.media",
    "error.contact", "error.order", "error.form", "choices.button", "choices.more", "choices.several", "opt_in.confirm", "opt_in.refused", "switch.text", "switch.button", "switch.confirm", "switch.sentence", "switch.declined",
    "switch.unavailable", "switch.done", "switch.told", "prefer.unknown",
)  # fmt: skip

_ID = Atom("id", "an id of Meta, digits only, in quotes or not", pattern="^[0-9]+$")
_PHONE = Atom("phone", "a phone number in the international form, like +15550783881", pattern=r"^\+[0-9 ().-]+$")
_HANDLE = Atom("handle", "a name without spaces and without @", pattern=r"^[A-Za-z0-9._-]+$")
_ADDRESSEE = Atom("addressee", "mailto:someone@shop.example or https://...", pattern="^(mailto:|https://).+")
_SECRET = Atom("secret", 'a secret, best read from the environment: "${META_APP_SECRET}"')
_SECRET_TOKEN = Atom(
    "telegram_secret",
    "a secret of 1 to 256 letters, digits, _ and -",
    pattern=r"^([A-Za-z0-9_-]{1,256}|\$\{[A-Za-z0-9_]+\})$",
)
_EVENT_NAME = Atom("event_name", "the name of an event, like order.paid")
_PATTERN_NAME = OneOf(PATTERNS)

_APP = Atom(
    "inbox_app", "inbox for the platform's own inbox, or the id of an app of Meta's", pattern="^(inbox|[0-9]+)$"
)
_ROLES = ("escalation", "customer_service", "marketing", "utility", "ctwa", "ai_agent")
_INBOX_APP = Key(
    "inbox_app", _APP, "The app that gets the thread with a handoff; without it people answer by the API.", "inbox"
)

_PROFILES = Key(
    "profiles",
    Atom("true_false", "true or false", json="boolean"),
    "Whether the platform is asked for the name of who writes for the first time.",
    "false",
    default="true",
)
_PACE = Key("pace", NUMBER, "How many messages a second may be sent, instead of the platform's own number.", "20")
_CHANNEL_KEYS = (
    Key("access_token", _SECRET, "The token that messages are sent with.", '"${PAGE_TOKEN}"', required=True),
    Key("app_secret", ListOf(_SECRET), "What webhooks are signed with; several while it is changed.",
        '"${META_APP_SECRET}"', required=True),
    Key("verify_token", _SECRET, "The word that Meta's verification of the webhook address has to bring.",
        '"${META_VERIFY_TOKEN}"', required=True),
    _PACE,
    Key("read_marks", Atom("true_false", "true or false", json="boolean"), "Whether she is shown that she was read.",
        "false", default="true"),
)  # fmt: skip

_COMMAND = Atom("command_name", "a word without blanks: 32 characters at most", pattern=r"^[^\s/]{1,32}$")
_COMMAND_TEXT = Atom("command_text", "what a command does: 256 characters at most", pattern=r"^.{1,256}$")

CHANNELS = (  # the first key of each names its account
    Verb("whatsapp", "A WhatsApp Business number.", None, "platform: whatsapp", (
        Key("phone_number_id", _ID, "Meta's id of the number.", '"106540352242922"', required=True),
        Key("phone", _PHONE, "The number itself, for wa.me links.", '"+15550783881"', required=True),
        Key("waba_id", _ID, "The id of the WhatsApp Business account.", '"102290129340398"'),
        Key("app_id", _ID, "The id of our Meta app, which files above templates are handed in with.", '"1517776481860111"'),
        Key("inbox_app", OneOf(_ROLES), "The role that gets the thread with a handoff, where several apps share the number.",
            "escalation"),
        Key("commands", MapOf(_COMMAND_TEXT, keys=_COMMAND),
            "Words that she can choose after a stroke, and what they do; each comes as if typed: /hours.",
            "{hours: When we are open}"),
        *_CHANNEL_KEYS)),
    Verb("messenger", "A Facebook page.", None, "platform: messenger", (
        Key("page_id", _ID, "The id of the page.", '"1895382890692545"', required=True),
        Key("page_name", _HANDLE, "The page's name in m.me links.", "luckygarden", required=True),
        Key("app_id", _ID, "The id of our Meta app: tells our echoes from those of people.", '"1517776481860111"'),
        _INBOX_APP,
        _PROFILES,
        *_CHANNEL_KEYS)),
    Verb("instagram", "An Instagram professional account.", None, "platform: instagram", (
        Key("account_id", _ID, "The id of the account.", '"17841400008460056"', required=True),
        Key("page_id", _ID, "The id of the page that it is joined to; needed with login: facebook.",
            '"1895382890692545"'),
        Key("username", _HANDLE, "The account's name in ig.me links.", "luckygarden", required=True),
        Key("renew_after", DURATION, "The age at which the token of login: instagram is renewed; it lives for 60 days.", "7d",
            default="7d"),
        Key("login", OneOf(("facebook", "instagram")), "Which login the token comes from.", "facebook",
            default="facebook"),
        Key("app_id", _ID, "The id of our Meta app.", '"1517776481860111"'),
        _INBOX_APP,
        _PROFILES,
        *_CHANNEL_KEYS)),
    Verb("telegram", "A Telegram bot.", None, "platform: telegram", (
        Key("bot_username", _HANDLE, "The bot's name in t.me links, without @.", "luckygarden_bot", required=True),
        Key("token", _SECRET, "The token that BotFather gave.", '"${TELEGRAM_TOKEN}"', required=True),
        Key("secret_token", _SECRET_TOKEN, "What Telegram brings with every update, so that nobody else can: of our own making.",
            '"${TELEGRAM_SECRET}"', required=True),
        _PACE)),
)  # fmt: skip
SECRETS = ("access_token", "app_secret", "verify_token", "token", "secret_token")
"""Keys of channels that no log may show."""

PLATFORMS = VerbTable("channel", "a channel", CHANNELS, by="platform")

_WORDS_BY_LOCALE = Either(
    "a list of words, or lists by language", scalar=WORD, sequence=ListOf(WORD),
    mapping=MapOf(ListOf(WORD), keys=BY_LOCALE, least=1),
)  # fmt: skip
_TEXTS_BY_LOCALE = Either("a text, or texts by language", scalar=PHRASE, mapping=MapOf(PHRASE, keys=BY_LOCALE, least=1))

_PATTERN = Shape(
    "pattern",
    "A word that the whole bot knows.",
    (
        Key("words", _WORDS_BY_LOCALE, "What she writes for it.", "{it: [basta], en: [stop]}"),
        Key("text", _TEXTS_BY_LOCALE, "What is said.", "{it: A presto!, en: See you!}"),
        Key("flow", FLOW, "The flow that it begins.", "help_menu"),
    ),
)

_HOLIDAY = Atom("holiday", "a day like 2026-12-25, or 12-25 for every year", pattern=r"^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$")

_TEAM = Shape(
    "team",
    "People who take over.",
    (
        Key("notify", ListOf(_ADDRESSEE, least=0), "Whom to tell.", "[mailto:sales@shop.example]"),
        Key("persona", PERSONA, "As whom its people are shown who answer by the API; else that of `handoff`.", "rita"),
        Key(
            "hours",
            OPENING_HOURS,
            "When somebody is there; outside of them a `handoff` takes its exit `unavailable`.",
            '{weekdays: "09:00-18:00", sat: "10:00-13:00"}',
        ),
        Key("zone", ZONE, "The clock of these hours; the bot's without it.", "Europe/Rome"),
        Key("holidays", ListOf(_HOLIDAY, least=0), "Days on which nobody is there.", "[12-25, 2027-04-05]"),
        Key("about", TEXT, "A remark for readers of the file.", "Open on weekdays"),
    ),
)

_HANDOFF = Shape(
    "handoff",
    "How the bot steps back for people of the team.",
    (
        Key("return_after", DURATION, "The silence of the team after which the bot comes back.", "30m", default="30m"),
        Key("persona", PERSONA, "As whom people of the team are shown who answer by the API (Messenger).", "rita"),
        Key(
            "link",
            Atom("desk_link", "an https address with {contact} in it", pattern=r"^https://[^ ]*\{contact\}[^ ]*$"),
            "Where people answer her; notices carry it. {contact} stands for her number.",
            '"https://desk.shop.example/contacts/{contact}"',
        ),
        Key("ignore_apps", ListOf(TEXT, least=0), "Apps of Meta's whose messages are no person's.", "[]"),
    ),
)

_PERSONA = Shape(
    "persona",
    "A name and a picture that messages are shown with, on Messenger.",
    (
        Key("name", Atom("persona_name", "a name of 1 to 50 characters", pattern=r"^.{1,50}$"), "What she reads.", "Anna",
            required=True),
        Key("picture", Atom("picture", "an https address", pattern="^https://[^ ]+$"), "Its picture.",
            "https://shop.example/anna.jpg", required=True),
    ),
)  # fmt: skip

_FIELD = Shape(
    "field",
    "A contact field.",
    (
        Key("type", OneOf(VALUE_TYPES), "What it holds.", "number", required=True),
        Key("default", VALUE, "What it is when nothing was saved.", "0"),
        Key("personal", Atom("true_false", "true or false", json="boolean"),
            "It says something personal: joining accounts asks first.", "true", default="false"),
        Key("index", Atom("true_false", "true or false", json="boolean"), "It is looked for often.", "true",
            default="false"),
        Key("merge", OneOf(RULES),
            "What stands when two contacts who become one both have a value; `ask` opens a ticket.", "max",
            default="newest"),
        Key("about", TEXT, "A remark for readers of the file.", "In EUR, without tax"),
    ),
)  # fmt: skip

_BOT = Shape(
    "bot",
    "One bot: its channels, its flows and what they share.",
    (
        Key("bot", NAME, "The bot's name.", "demo", required=True),
        Key("title", TEXT, "What people call it; shown when accounts are joined.", "Lucky Garden"),
        Key("about", TEXT, "A remark for readers of the file.", "The bot of the shop in Milan"),
        Key("locale", LOCALE, "The language that the flows are written in.", "en", default="en"),
        Key("timezone", ZONE, "The time zone of a contact of whom nothing better is known.", "Europe/Rome",
            default="UTC"),
        Key("region", REGION, "The country that phone numbers without a prefix are of.", "IT"),
        Key("currency", CURRENCY, "The currency of `money` answers; without it that of the region.", "EUR"),
        Key("catalog", TEXT, "The id of the WhatsApp catalogue that `products` are of.", '"194836987003835"'),
        Key("channels", MapOf(Verbs("channel"), keys=NAME, least=1), "The accounts it speaks on.",
            "{messenger: {platform: messenger, page_id: ...}}", required=True),
        Key("flows", ListOf(FLOW_GLOB), "The flows it uses.", "[welcome, shop_*]", required=True),
        Key("default_flow", FLOW, "What an unmatched message begins.", "welcome"),
        Key("fields", MapOf(Ref("field"), keys=NAME), "What is known about a contact.",
            "{budget: {type: number}}"),
        Key("globals", MapOf(VALUE, keys=NAME), "Values that all texts may use.",
            '{catalogue: "https://shop.example/2026"}'),
        Key("events", MapOf(MapOf(OneOf(VALUE_TYPES), keys=NAME), keys=_EVENT_NAME), "The data that events bring.",
            "{order.paid: {cart_id: text}}"),
        Key("patterns", MapOf(Ref("pattern"), keys=_PATTERN_NAME), "Words that the whole bot knows, and what it says.",
            "{stop: {words: {it: [basta]}}}"),
        Key("handlers", MapOf(FLOW, keys=EXIT_NAME), "The flows that exits lead to which nothing else names.",
            "{failed: sorry}"),
        Key("teams", MapOf(Ref("team"), keys=NAME), "People who take over.",
            "{sales: {notify: [mailto:sales@shop.example]}}"),
        Key("greeting", Either("a text, or texts by language", scalar=TEXT, mapping=MapOf(TEXT, keys=BY_LOCALE, least=1)),
            "What Messenger shows before the first message: 160 characters at most.", "{it: Ciao!, en: Hello!}"),
        Key("personas", MapOf(Ref("persona"), keys=NAME), "Who the bot can speak as, where a channel shows such.",
            "{anna: {name: Anna, picture: https://shop.example/anna.jpg}}"),
        Key("delivery", Ref("delivery"), "How messages find their person.", "{order: [current, preferred]}"),
        Key("handoff", Ref("handoff"), "How the bot steps back for people.", "{return_after: 30m}"),
        Key("http", Ref("http"), "What `http` steps may do.", "{allow: [cal.example]}"),
        *outside.BOT_KEYS,
        *media.BOT_KEYS,
        *retention.BOT_KEYS,
        *housekeeping.BOT_KEYS,
        *guard.BOT_KEYS,
        *conversions.BOT_KEYS,
        *webhooks.BOT_KEYS,
        *policy.BOT_KEYS,
    ),
)  # fmt: skip

SHAPES = (_BOT, _PATTERN, _TEAM, _HANDOFF, _PERSONA, _FIELD, *outside.BOT_SHAPES, *media.BOT_SHAPES,
          *retention.BOT_SHAPES, *housekeeping.BOT_SHAPES, *guard.BOT_SHAPES, *conversions.BOT_SHAPES, *webhooks.BOT_SHAPES, *policy.SHAPES)  # fmt: skip
