"""The table of answer types: what each gives and takes, how it is shown, and which keys of `ask` it knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerType:
    """One `type` of a question. `closed` ones know a wrong answer; `gives` is the type of the value that is saved.

    `about` is one sentence; `takes` shows what people type or send; `json` a value as JSON has it; `shown` what she
    sees besides the words; `example` a step; `exits` the ways out that only this type has.
    """

    name: str
    about: str
    gives: str
    closed: bool
    takes: str
    json: str
    example: str
    keys: frozenset[str] = frozenset()
    shown: str = ""
    exits: tuple[str, ...] = ()


_TEXTUAL = frozenset({"min", "max", "pattern"})
_BOUNDED = frozenset({"min", "max"})
_FORMED = frozenset({"pattern"})
_FILE = '{"kind": "%s", "id": "1337", "url": "https://...", "mime_type": "%s", "filename": "", "file": "3f0c..."}'

_WORDS = (
    AnswerType("text", "Any words.", "text", False, "words; `min` and `max` bound how many characters",
               '"The red one"', "ask: What shall we engrave?\nmax: 40", _TEXTUAL),
    AnswerType("name", "The name of a person.", "text", False, "`Ana`, `my name is Ana`, `mi chiamo Ana`",
               '"Ana"', "ask: Who are you?\ntype: name", _TEXTUAL),
    AnswerType("address", "A postal address in words.", "text", False,
               "words; a shared location gives the words that it brings, else its degrees",
               '"Via Roma 1, Milano"', "ask: Where shall we deliver?\ntype: address", _TEXTUAL),
    AnswerType("any", "Whatever she sends.", "any", False, "words, a file, a location, a card ...",
               '"Hello"', "ask: Anything to add?\ntype: any"),
)  # fmt: skip

_NUMBERS = (
    AnswerType("number", "A number, in the digits and with the decimal sign of her language.", "number", True,
               "`12`, `1.234,5`, `1,234.5`, `٥٠٠`, `about 20`, `twenty`, `€ 50`", "1234.5",
               "ask: How many people?\ntype: number\nmin: 1\nmax: 12", _BOUNDED),
    AnswerType("money", "An amount in the currency of the bot; one that names another currency is a wrong answer.",
               "money", True, "`25`, `€ 19,90`, `19.90 EUR`, `twenty euros`", "19.9",
               "ask: Your budget in EUR?\ntype: money\nmin: 100", _BOUNDED),
    AnswerType("rating", "A mark on a scale, from 1 to 5 unless `min` and `max` say otherwise.", "number", True,
               "`4`, `４`, `4/5`, `four`, `4 stars`, `★★★★`", "4", "ask: How was it?\ntype: rating", _BOUNDED,
               "the marks to tap: a list on WhatsApp (up to 3 marks: buttons), quick replies elsewhere"),
    AnswerType("nps", "How likely she is to recommend us, from 0 to 10.", "number", True,
               "`9`, `９`, `9/10`, `9 out of 10`, `nine`, `🔟`", "9",
               "ask: Would you recommend us, from 0 to 10?\ntype: nps\non_detractor: sorry", frozenset(),
               "eleven quick replies on Messenger and Instagram; on WhatsApp the numbers stand in the text",
               ("promoter", "passive", "detractor")),
)  # fmt: skip

_REACH = (
    AnswerType("email", "An e-mail address.", "text", True, "`ana@example.org`, `it is ana@example.org!`",
               '"ana@example.org"', "ask: Your e-mail?\ntype: email", _FORMED),
    AnswerType("phone", "A phone number, saved in the international form.", "text", True,
               "`+39 333 1234567`, `0039 333 ...`, `333 1234567` (of the bot's region)", '"+393331234567"',
               "ask: Your number?\ntype: phone"),
    AnswerType("url", "The address of a web page.", "text", True, "`https://shop.example/a`, `see shop.example`",
               '"https://shop.example/a"', "ask: Your web site?\ntype: url", _FORMED),
)  # fmt: skip

_TIMES = (
    AnswerType("date", "A day.", "date", True,
               "`31.12.2026`, `12/05` (day or month first by country), `3 May`, `tomorrow`, `venerdì prossimo`, "
               "`in 3 days`, `the 15th`", '"2026-12-31"',
               'ask: Which day?\ntype: date\nmin: "{{ today }}"', _BOUNDED),
    AnswerType("time", "A time of the day.", "time", True,
               "`15:30`, `15.30`, `15h30`, `3pm`, `alle 15`, `half past three`, `halb vier`, `noon`", '"15:30:00"',
               "ask: What time?\ntype: time\nmin: 09:00\nmax: 18:00", _BOUNDED),
    AnswerType("datetime", "A day with a time, in her zone.", "datetime", True,
               "`tomorrow at 3pm`, `31.12. 15:30`, `domani alle 15`, `in two hours`, `at 3pm` (the coming one)",
               '"2026-12-31T15:30:00+01:00"', 'ask: When?\ntype: datetime\nmin: "{{ now }}"', _BOUNDED),
    AnswerType("duration", "A span of time.", "duration", True,
               "`two hours`, `1 h 30`, `90 min`, `1:30`, `un'ora e mezza`, `3 days` (a month is 30 days)", '"PT1H30M"',
               "ask: How long will you stay?\ntype: duration\nmax: 8h", _BOUNDED),
)  # fmt: skip

_CHOOSING = (
    AnswerType("yes_no", "Yes or no, in her language.", "yes_no", True, "`yes`, `sì`, `ok`, `👍`, `1`; `no`, `nein`, `👎`, `2`",
               "true", "ask: Shall we call you?\ntype: yes_no\non_no: bye", frozenset(), "two buttons or quick replies",
               ("yes", "no")),
    AnswerType("choice", "One of the choices; `choices` alone make it.", "any", True,
               "a tap, the title, a word of `also`, the number, a title with one typing error", '"Plants"',
               "ask: What are you after?\nchoices: [Plants, Tools]", frozenset(),
               "buttons, a list or quick replies, whatever fits; numbers in the text where there are too many"),
    AnswerType("multi_choice", "Any number of the choices; `min` and `max` bound how many.", "list", True,
               "`1, 3`, `red and blue`, `rosso e blu`, `all`", '["Plants", "Tools"]',
               "ask: What are you after?\ntype: multi_choice\nchoices: [Plants, Tools, Café]", _BOUNDED,
               "numbered lines in the text: a tap would end the question with one choice"),
)  # fmt: skip

_SENT = (
    AnswerType("location", "A place on the map.", "location", True,
               "a shared location, a link to Google Maps, Apple Maps or OpenStreetMap with the point in it, `45.46, 9.19`",
               '{"latitude": 45.46, "longitude": 9.19, "name": "", "address": ""}',
               "ask: Where are you?\ntype: location"),
    AnswerType("image", "A picture.", "media", True, "a picture; no sticker", _FILE % ("image", "image/jpeg"),
               "ask: A photo of your garden?\ntype: image"),
    AnswerType("video", "A video.", "media", True, "a video", _FILE % ("video", "video/mp4"),
               "ask: A video of the noise?\ntype: video"),
    AnswerType("audio", "A voice message or another sound.", "media", True, "a voice message, a sound file",
               _FILE % ("audio", "audio/ogg"), "ask: Tell us in a voice message.\ntype: audio"),
    AnswerType("document", "A document.", "media", True, "a file that was sent as a document",
               _FILE % ("document", "application/pdf"), "ask: Your invoice, please?\ntype: document"),
    AnswerType("media", "A file of any kind.", "media", True, "a picture, a video, a sound, a document",
               _FILE % ("image", "image/jpeg"), "ask: Show us what broke.\ntype: media"),
    AnswerType("contact", "Another person, by name and number.", "mapping", True,
               "a shared contact; `Ana Rossi, 333 1234567`",
               '{"name": "Ana Rossi", "first_name": "Ana", "last_name": "Rossi", "phone": "+393331234567", "email": ""}',
               "ask: Who shall we invite?\ntype: contact"),
    AnswerType("order", "An order that she put together in the catalogue.", "mapping", True, "an order out of the catalogue",
               '{"catalog": "77", "items": [{"id": "rose", "name": "", "quantity": 2, "price": 5, "currency": "EUR"}], '
               '"total": 10, "currency": "EUR", "note": ""}',
               "ask: Choose from our catalogue.\ntype: order"),
    AnswerType("form", "What she fills in in a form of the message: everything it sends, by its own names.", "mapping", True,
               "the form below the question, sent (WhatsApp)", '{"day": "2026-12-01", "guests": 2}',
               'ask:\n  text: When shall we come?\n  form: {id: "1234567890", button: Book}\ntype: form', frozenset(),
               "a button that opens the form inside WhatsApp; elsewhere a link to its `url`"),
)  # fmt: skip

_PROVING = (
    AnswerType("otp", "A one-time code that was sent to a phone by WhatsApp: the right one proves that the phone is hers.",
               "text", True, "`123456`, `123 456`, `it is 123-456`; right is only what was sent, once, and in time",
               '"+393331234567"',
               'ask: We have sent you a code by WhatsApp. What is it?\ntype: otp\nphone: "{{ answers.number }}"\n'
               "template: login_code", frozenset({"phone", "template", "expires"}),
               "a code in an authentication template, on the WhatsApp of that number"),
)  # fmt: skip

ANSWER_TYPES = (*_WORDS, *_NUMBERS, *_REACH, *_TIMES, *_CHOOSING, *_SENT, *_PROVING)
ANSWERS = {kind.name: kind for kind in ANSWER_TYPES}
OWN_EXITS = {exit: kind.name for kind in ANSWER_TYPES for exit in kind.exits}
"""Exit -> the one type that has it."""

VALUE_TYPES = (*(name for name in ANSWERS if name not in ("any", "otp")), "list", "mapping", "any")
"""What a variable, an input, a field or a part of an event's data may be declared to be."""
