"""What a value in a file can be: the few kinds that every table of the language is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Atom:
    """A single scalar. `name` decides how its text is read, `about` is how an issue names it ("a duration, like 2h").

    `pattern` is what an editor can check; `json` the type JSON Schema gives it ("scalar": text, number or bool);
    `refers` says that the text names something that must exist; `least` and `most` bound a number.
    """

    name: str
    about: str
    pattern: str = ""
    json: Literal["string", "number", "integer", "boolean", "scalar"] = "string"
    refers: Literal[
        "", "step", "flow", "team", "template", "channel", "place", "event", "field", "sequence", "persona"
    ] = ""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few fixed words; `later` are further ones that this version does not have yet, with the reason."""

    values: tuple[str, ...]
    later: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; where `single`, one item may stand without brackets. `least` is how many there must be."""

    item: "Kind"
    single: bool = True
    least: int = 1


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping whose keys the author chooses, or takes from a few; `keys` says what they are.

    `root`: what is found in an item counts as found under this key at the top of the file, however deep it stands.
    """

    item: "Kind"
    keys: Atom | OneOf
    least: int = 0
    root: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """A mapping with the fixed keys of the shape of that name."""

    shape: str


@dataclass(frozen=True, slots=True)
class Verbs:
    """A mapping that says one of several things, each with keys of its own: a step, a trigger, a channel ..."""

    table: str


@dataclass(frozen=True, slots=True)
class Either:
    """Different kinds for a scalar, a list and a mapping; None: not allowed there. `about` names them all at once."""

    about: str
    scalar: "Atom | OneOf | None" = None
    sequence: "ListOf | None" = None
    mapping: "MapOf | Ref | None" = None


Kind = Atom | OneOf | ListOf | MapOf | Ref | Verbs | Either


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a mapping. `default` is written as an author would write it; "" is none."""

    name: str
    kind: Kind
    about: str
    example: str
    required: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A mapping with fixed keys. `later` are keys of the language that this version does not have yet."""

    name: str
    about: str
    keys: tuple[Key, ...]
    later: frozenset[str] = frozenset()

    def key(self, name: str) -> Key | None:
        """The key of that name, if the shape has it."""
        return next((key for key in self.keys if key.name == name), None)


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a step besides its `next`; `default` says in words what happens when nobody names it."""

    name: str
    about: str
    default: str


@dataclass(frozen=True, slots=True)
class Verb:
    """What a step does or what begins a flow: a main value, keys beside it, exits. No `value`: a bare word.

    `named_exits` tells which further exits the author names: there is a key `on_<exit>` for each; "": none.
    """

    name: str
    about: str
    value: Kind | None
    example: str
    keys: tuple[Key, ...] = ()
    exits: tuple[Exit, ...] = ()
    later: frozenset[str] = frozenset()
    named_exits: str = ""


@dataclass(frozen=True, slots=True)
class VerbTable:
    """Everything a `Verbs` mapping may say. `by` is the key that names the verb; "": the verb is a key itself.

    `common` keys go with every verb, but not with the verb that has the same name; `later` verbs are of the language, but not of this version; `bare` verbs may
    stand alone, without a mapping. `refused` maps keys that people try to the words that help them.
    """

    name: str
    about: str
    verbs: tuple[Verb, ...]
    common: tuple[Key, ...] = ()
    later: frozenset[str] = frozenset()
    by: str = ""
    bare: frozenset[str] = frozenset()
    refused: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def verb(self, name: str) -> Verb | None:
        """The verb of that name, if there is one."""
        return next((verb for verb in self.verbs if verb.name == name), None)

    def keys(self, verb: Verb) -> tuple[Key, ...]:
        """All keys of a mapping with this verb: the verb, its own, those of its exits, the common ones."""
        if self.by:
            head = Key(self.by, OneOf((verb.name,)), verb.about, verb.name, required=True)
        else:
            head = Key(verb.name, verb.value or NOTHING, verb.about, verb.example)
        common = (key for key in self.common if key.name != verb.name)
        return (head, *verb.keys, *map(exit_key, verb.exits), *common)


def exit_key(way: Exit) -> Key:
    """The key `on_<exit>` that names the step an exit leads to."""
    return Key(f"on_{way.name}", STEP, f"{way.about} Without it: {way.default}.", "thanks")


NAMED_EXIT = r"^on_[a-z0-9][a-z0-9_]*$"
"""The keys of exits that an author names."""


def named_exit_key(name: str, verb: Verb) -> Key:
    """The key of an exit that its author has named."""
    return Key(name, STEP, f"Where `{name.removeprefix('on_')}` leads: {verb.named_exits}.", "thanks")


_NAME = r"^[a-z][a-z0-9_]*$"

TEXT = Atom("text", "a text")
WORD = Atom("word", "a text, in which nothing is worked out")
PHRASE = Atom("phrase", "a text, which may hold {{ expressions }}")
WORDS = Atom("words", "a text that is translated, which may hold {{ expressions }}")
TITLE = Atom("title", "a title, which is translated")
CONDITION = Atom("condition", "an expression without braces, like answers.budget >= 5000")
VALUE = Atom("value", "a text, a number, true or false", json="scalar")
FIXED = Atom("fixed", "a text, a number, true or false, in which nothing is worked out", json="scalar")
LIVE_VALUE = Atom("live_value", "a value, or a text that may hold {{ expressions }}", json="scalar")
_SPAN_OF_TIME = r"([0-9]{1,9}(\.[0-9]{1,6})? ?[smhdw])+$"
DURATION = Atom("duration", "a duration, like 30s, 15m, 2h, 3d or 1w", pattern=rf"^\+?{_SPAN_OF_TIME}|^\+?P")
OFFSET = Atom("offset", "a duration, after it (2h) or before it (-2h)", pattern=rf"^[-+]?{_SPAN_OF_TIME}|^[-+]?P")
UNTIL = Atom("until", "a date, like 2026-12-01 or 2026-12-01 10:00, or an expression that gives one")
NUMBER = Atom("number", "a number", json="number")
WHOLE = Atom("whole", "a whole number", json="integer", pattern=r"^-?[0-9]+$")
RETRIES = Atom("whole", "a whole number from 0 to 20", json="integer", least=0, most=20)
TRUE_FALSE = Atom("true_false", "true or false", json="boolean")
NAME = Atom("name", "a name: small letters, digits and _, beginning with a letter", pattern=_NAME)
STEP = Atom("step", "the name of a step of this flow, or end", pattern=_NAME, refers="step")
FLOW = Atom("flow", "the name of a flow", pattern=_NAME, refers="flow")
FLOW_GLOB = Atom("flow_glob", "the name of a flow, or a pattern like shop_*")
PERSONA = Atom("persona", "the name of a persona of bot.yaml", refers="persona")
TEAM = Atom("team", "the name of a team of bot.yaml", refers="team")
PARAMETER = Atom(
    "parameter",
    "the name of a place of the template, like name, or its number",
    pattern=r"^([a-z][a-z0-9_]*|[1-9][0-9]?)$",
)
TEMPLATE = Atom("template", "the name of a WhatsApp message template", refers="template")
CHANNEL = Atom("channel", "the name of a channel of bot.yaml, or a platform", refers="channel")
PLACE = Atom("place", "a channel, a platform, current or preferred", refers="place")
EVENT = Atom("event", "the name of an event, like order.paid", refers="event")
FIELD = Atom("field", "the name of a contact field of bot.yaml", refers="field")
PATH = Atom(
    "path",
    "where to save: vars.x, fields.y, answers.z, contact.language, contact.timezone or contact.preferred_channel",
)
TAG = Atom("tag", "a tag")
ADDRESS = Atom("address", "an https:// address, or a file of the bot's media/ folder; may hold {{ expressions }}")
REGEX = Atom("regex", "a regular expression")
LOCALE = Atom("locale", "a language code, like en, it or pt-BR", pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")
ZONE = Atom("zone", "a time zone, like Europe/Rome")
HER_ZONE = Atom("her_zone", "a time zone like Europe/Rome, or contact for hers")
REGION = Atom("region", "a country code of two letters, like IT", pattern="^[A-Z]{2}$")
CURRENCY = Atom("currency", "a currency code of three letters, like EUR", pattern="^[A-Z]{3}$")
BOUND = Atom("bound", "a number, a date, a time or a duration, or {{ an expression }} that gives one", json="scalar")
SPAN = Atom(
    "span",
    'two times of the day, like "09:00-20:00"',
    pattern=r"^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?\s*[-\u2013\u2014]\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$",
)
LATE = Atom("late", "send, or skip after a duration, like skip after 3h", pattern="^send$|^skip after .+$")
AGAIN = Atom("again", "never, always, or after a duration, like after 30d", pattern="^never$|^always$|^after .+$")
DAY = OneOf(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
_OPEN_ON = Atom(
    "opening_day", "a day of the week like mon, or weekdays, weekend or daily",
    pattern=r"^(mon|tue|wed|thu|fri|sat|sun|weekdays|weekend|daily)$",
)  # fmt: skip
OPENING_HOURS = Either(
    "hours of every day, or hours by day", scalar=SPAN, mapping=MapOf(ListOf(SPAN), keys=_OPEN_ON, least=1)
)
CRON = Atom(
    "cron", 'five parts of a time table: minute, hour, day of the month, month, day of the week, like "0 10 * * 1"'
)
CLOCK = Atom("clock", "a time of the day, like 10:00", pattern=r"^[0-9]{1,2}:[0-9]{2}$")
PER = Atom("per", "contact, post, or an expression like trigger.order_id")
NOTHING = Atom("nothing", "nothing", json="scalar")
