"""The table of talks: played conversations, what is done in them and what has to come of it."""

from trinario.authoring.spec.kinds import (
    CHANNEL,
    DURATION,
    EVENT,
    FLOW,
    LOCALE,
    NAME,
    REGEX,
    TAG,
    TEXT,
    TRUE_FALSE,
    VALUE,
    WHOLE,
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
from trinario.authoring.spec.messages import MEDIA

MOMENT = Atom("moment", "a date with its time, like 2026-03-28T10:00+01:00")
EXPECTED = Atom(
    "expected", "what is looked at: fields.x, answers.x, vars.x, tags, session, flow, step ...",
    pattern=r"^[a-z_]+(\.[A-Za-z0-9_]+)?$",
)  # fmt: skip
_REF = Atom("ref", "the ref that the link carries, like spring")
_ANYONE = Atom("anyone", "contact, stranger, or a stranger's name")

EXPECTATIONS = ("fields", "answers", "vars", "contact", "ticket", "consent", "notice")
"""What may stand before a point in `expect`."""
PLAIN_EXPECTATIONS = (
    "tags", "session", "flow", "step", "owner", "channel", "identities", "contacts", "sessions", "tickets", "goals",
    "refused", "calls", "faults", "enrolled", "notices", "ledger",
)  # fmt: skip
"""What stands alone in `expect`."""

SAID = Either(
    "a text, `nothing`, or a mapping with text, contains, matches, choices, image ...", scalar=TEXT, mapping=Ref("said")
)
_SAYINGS = Either(
    "a text, `nothing`, a mapping with text, contains, matches, choices, image ..., or a list of those",
    scalar=TEXT,
    mapping=Ref("said"),
    sequence=ListOf(SAID),
)
_EXPECT = MapOf(
    Either("a value, or a list of values", scalar=VALUE, sequence=ListOf(VALUE, least=0)), keys=EXPECTED, least=1
)
_SAME = Key("id", TEXT, "The same id twice is one event.", "order-7")

_PASSED = Key("back", WHOLE, "So many messages are passed over.", "1", default="0")

_COMMENTED = (
    Key("post", TEXT, "The post.", "p1"),
    Key("kind", OneOf(("feed", "reel", "live", "ad", "story")), "Where it is shown.", "reel"),
    Key("age", DURATION, "How long ago she wrote it.", "8d"),
    Key("reply", TRUE_FALSE, "It answers another comment.", "true"),
)

_ASKED = Atom("asked", "a method and an address, like POST https://cal.example/holds",
              pattern=r"^(GET|POST|PUT|PATCH|DELETE|HEAD|\*) ?\S*$")  # fmt: skip

_REPLY = Shape(
    "reply",
    "What a service answers in a talk.",
    (
        Key("status", WHOLE, "The status code.", "409", default="200"),
        Key("json", VALUE, "What it answers, as JSON.", "{id: h7}"),
        Key("text", TEXT, "What it answers, as text.", "done"),
        Key("headers", MapOf(TEXT, keys=Atom("header", "the name of a header, in small letters")), "Headers of the answer.",
            "{x-id: h7}"),
        Key("after", DURATION, "How long the answer takes.", "3s", default="0s"),
        Key("fails", OneOf(("timeout", "unreachable", "too_large")), "There is no answer, for this reason.", "timeout"),
        Key("wants", VALUE, "The JSON that the request has to bring, exactly.",
            "{day: saturday}"),
    ),
)  # fmt: skip

_STEPS = (
    Verb("user", "She writes.", TEXT, "user: book", (
        Key("reply_to", WHOLE, "Answers the message that is so many back; 1 is the last that was said.", "1"),)),
    Verb("tap", "She taps on a choice: the newest message that shows it.", TEXT, "tap: Saturday", (
        Key("back", WHOLE, "So many messages with this choice are passed over.", "1", default="0"),)),
    Verb("follow", "She follows the last link to one of our channels: `link`, or the channel that it leads to.",
         TEXT, "follow: link", (
        Key("text", TEXT, "What she writes in place of the words that WhatsApp fills in; {code} stands for the code.",
            '"here is what I was given: {code}"'),)),
    Verb("ref", "She opens a link of ours that carries this ref.", _REF, "ref: spring"),
    Verb("get_started", "She taps the button that opens the chat.", None, "get_started"),
    Verb("media", "She sends a file.", OneOf(MEDIA), "media: image", (
        Key("url", TEXT, "Where the platform keeps it.", "https://cdn.example/garden.jpg"),
        Key("caption", TEXT, "Words under it.", "My garden"))),
    Verb("bot", "What the bot says: every message of it.", _SAYINGS, "bot: Which day?", (
        Key("to", _ANYONE, "Who hears it; whoever did the last step when left out.", "stranger"),)),
    Verb("after", "Time passes; a day has 24 hours.", DURATION, "after: 2h"),
    Verb("at", "Time passes until this moment.", MOMENT, "at: 2026-03-29T09:00+02:00"),
    Verb("event", "Something happens outside.", EVENT, "event: order.paid", (
        Key("data", MapOf(VALUE, keys=NAME), "What it brings.", "{cart_id: c1}"), _SAME)),
    Verb("status", "The platform tells the fate of the last message.", OneOf(("sent", "delivered", "read", "failed")),
         "status: delivered", (
        Key("code", WHOLE, "The platform's number for why it failed.", "131026"),)),
    Verb("team", "A person of the team writes to her.", TEXT, "team: Carla here, good morning!", (
        Key("via", OneOf(("app", "desk")), "In Meta's own app, or at the desk.", "desk", default="app"),)),
    Verb("ticket", "Somebody of the team closes her newest ticket, or takes it.", OneOf(("close", "take")), "ticket: close", (
        Key("by", TEXT, "Who it is.", "Rita", default="team"),)),
    Verb("owner", "Somebody of the team gives her back to the bot, or takes her from it, by hand.",
         OneOf(("bot", "person")), "owner: bot", (
        Key("by", TEXT, "Who it is.", "Rita", default="team"),)),
    Verb("stranger", "The next step is done by another person, who may have a name.", TEXT, "stranger: Bea", (
        Key("phone", CHANNEL, "The channel on which she does it.", "instagram"),)),
    Verb("again", "The last webhook comes once more.", None, "again"),
    Verb("start", "Somebody begins a flow for her.", FLOW, "start: lead_capture", (
        Key("with", MapOf(VALUE, keys=NAME), "What it is given.", "{service: cut}"),)),
    Verb("channel", "She takes up another phone.", CHANNEL, "channel: whatsapp"),
    Verb("http", "From now on services answer like this: a reply, or several in turn, for each request.", MapOf(Either("a reply, or a list of replies", mapping=Ref("reply"),
         sequence=ListOf(Ref("reply"), single=False)), keys=_ASKED, least=1),
         '{http: {"POST https://cal.example/holds": {status: 409}}}'),
    Verb("ai", "From now on the language model says this, one after another.",
         Either("what it says, or a list of it", mapping=MapOf(VALUE, keys=NAME, least=1),
         sequence=ListOf(MapOf(VALUE, keys=NAME, least=1), single=False)), "ai: {label: order, confidence: 0.9}"),
    Verb("comment", "She comments under a post of ours.",
         Either("a text, or a mapping with text, post ...", scalar=TEXT, mapping=Ref("commented")), "comment: win",
         _COMMENTED),
    Verb("story_reply", "She answers a story of ours.", TEXT, "story_reply: Wow!"),
    Verb("story_mention", "She names us in a story of hers.", None, "story_mention"),
    Verb("ad", "She comes by an ad: its id.", TEXT, 'ad: "120226305854810726"', (
        Key("text", TEXT, "What she writes first.", "Is it still there?", default="Hello!"),
        Key("ref", TEXT, "The ref that the ad carries.", "spring"))),
    Verb("menu", "She taps an item of the menu.", TEXT, "menu: Opening hours"),
    Verb("ice_breaker", "She taps a question that a new chat offers.", TEXT, "ice_breaker: Do you deliver?"),
    Verb("form", "She sends a form: its token.", TEXT, "form: survey", (
        Key("data", MapOf(VALUE, keys=NAME), "What she filled in.", "{size: M}"),)),
    Verb("order", "She sends an order out of the catalogue.", ListOf(Ref("ordered")), "order: [{id: rose, quantity: 2}]", (
        Key("text", TEXT, "Words beside it.", "Quick, please"),
        Key("catalog", TEXT, "The catalogue.", "77"))),
    Verb("product", "She asks about a product of the catalogue: its id.", TEXT, "product: fern", (
        Key("text", TEXT, "What she writes.", "Is it there?", default="How much is it?"),)),
    Verb("react", "She puts a sign on the last message of the bot; `none` takes it back.", TEXT, "react: 👍", (
        _PASSED,)),
    Verb("edit", "She writes her last message anew.", TEXT, "edit: two roses", (_PASSED,)),
    Verb("delete", "She takes back her last message.", None, "delete", (_PASSED,)),
    Verb("otp", "She types the one-time code that her WhatsApp phone shows, or another one.", OneOf(("right", "wrong")),
         "otp: wrong"),
    Verb("expect", "How things stand now.", _EXPECT, "expect: {session: waiting, step: time}"),
)  # fmt: skip

TALK_STEPS = VerbTable(
    "talk_step", "a step of a talk", _STEPS, (Key("about", TEXT, "A remark for readers.", "She is in a hurry"),),
    bare=frozenset({"again", "delete", "otp", "get_started", "stranger", "story_mention"}),
    refused={
        "says": ("a talk has no `says`", "write `user:` for her and `bot:` for the bot"),
        "wait": ("a talk has no `wait`", "write `after: 2h`"),
        "goto": ("a talk goes from top to bottom", "write another talk for another way"),
    },
)  # fmt: skip

_TALK = Shape(
    "talk",
    "One played conversation.",
    (
        Key("talk", TEXT, "What it shows.", "booking moves from Messenger to WhatsApp", required=True),
        Key("about", TEXT, "A remark for readers of the file.", "Found in May"),
        Key("bot", NAME, "The bot that is talked with; the project's only one when left out.", "demo"),
        Key("contact", Ref("talk_contact"), "Who talks, as far as the bot knows her already.", "{first_name: Ana}"),
        Key("at", MOMENT, "When it begins.", "2026-03-28T10:00+01:00", default="2026-03-02T10:00Z"),
        Key("channel", CHANNEL, "Where she writes, until it changes.", "messenger", required=True),
        Key("steps", ListOf(Verbs("talk_step"), single=False), "What is done and what is said, in order.",
            "[{user: ciao}, {bot: Hello!}]", required=True),
        Key("expect", _EXPECT, "How things stand at the end.", "{fields.day: saturday, session: waiting}"),
    ),
)  # fmt: skip

_CONTACT = Shape(
    "talk_contact",
    "What the bot knows of her before the talk begins.",
    (
        Key("first_name", TEXT, "Her first name; also that of her WhatsApp profile.", "Ana"),
        Key("last_name", TEXT, "Her last name.", "Rossi"),
        Key("language", LOCALE, "Her language.", "it"),
        Key("timezone", ZONE, "Her time zone.", "Europe/Rome"),
        Key("fields", MapOf(VALUE, keys=NAME), "Her contact fields.", "{email: ana@example.com}"),
        Key("tags", ListOf(TAG), "Her tags.", "[customer]"),
        Key("channels", ListOf(CHANNEL), "Where else she has written before.", "[whatsapp]"),
    ),
)

_SAID = Shape(
    "said",
    "One message of the bot.",
    (
        Key("text", TEXT, "The words, exactly.", "Which day?"),
        Key("contains", ListOf(TEXT), "Words that are in it.", "catalogue"),
        Key("matches", REGEX, "A regular expression that fits somewhere in the words.", '"Hello,? Ana"'),
        Key("choices", ListOf(TEXT), "The titles that can be tapped, in order.", "[Saturday, Sunday]"),
        Key("links", ListOf(TEXT, least=0), "The titles or addresses of its links, in order.", "[Catalogue]"),
        *(Key(kind, TEXT, f"Its {kind}: the address, or part of it.", f"{kind}.example") for kind in MEDIA),
        Key("post", TEXT, "The post of ours that it shows: its id, or part of it.", '"17895695668004550"'),
        Key("cards", ListOf(TEXT), "The titles of its cards, in order.", "[Fern, Ivy]"),
        Key("location", TEXT, "What is at the pin, or its degrees: a part of it.", "Lucky Garden"),
        Key("contact", TEXT, "The name on the card.", "Ana Rossi"),
        Key("template", TEXT, "The template's name.", "reminder_v2"),
        Key("public", ListOf(TEXT), "It is said below a comment: one of these texts, exactly.", "Look inside!"),
        Key("reaction", TEXT, "It is a sign on her last message; none: one was taken back.", "❤"),
        Key("channel", CHANNEL, "Where it is said.", "whatsapp"),
    ),
)  # fmt: skip

_COMMENT = Shape(
    "commented",
    "A comment under a post of ours.",
    (Key("text", TEXT, "The words.", "I want to win!", required=True), *_COMMENTED),
)

_ORDERED = Shape(
    "ordered",
    "One line of an order.",
    (
        Key("id", TEXT, "The product.", "rose", required=True),
        Key("quantity", WHOLE, "How many.", "2", default="1"),
        Key("price", VALUE, "What one costs.", "4.50", default="1"),
        Key("currency", TEXT, "In which currency.", "EUR", default="EUR"),
    ),
)

SHAPES = (_TALK, _REPLY, _CONTACT, _SAID, _COMMENT, _ORDERED)
