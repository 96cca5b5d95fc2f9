"""The table of sequences: messages that come one after another, from the day on that somebody is enrolled."""

from trinario.authoring.spec.campaigns import BEGUN, BOUNDS, PURPOSES, SENT, SIDES
from trinario.authoring.spec.kinds import (
    AGAIN,
    CLOCK,
    CONDITION,
    DAY,
    HER_ZONE,
    NAME,
    TEXT,
    Atom,
    Either,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Shape,
    Verbs,
)

MOST_DAYS = 3_650
DAYS = Atom("whole", f"a number of days from 0 to {MOST_DAYS}", json="integer", least=0, most=MOST_DAYS)

_SEQUENCE = Shape(
    "sequence",
    "Messages one after another, counted from the day somebody is enrolled.",
    (
        Key("sequence", NAME, "The sequence's name, unique in the bot; `enroll` names it.", "newsletter", required=True),
        Key("title", TEXT, "What people call it.", "Garden tips"),
        Key("about", TEXT, "A remark for readers of the file.", "Five tips in two weeks"),
        Key("purpose", PURPOSES, "What it is for: decides what policy allows.", "service", default="marketing"),
        Key("zone", HER_ZONE, "Whose clock and calendar count: `contact` for hers, or a zone.", "Europe/Rome",
            default="contact"),
        Key("segment", CONDITION, "Who comes to be one of these is enrolled by itself; else only `enroll` does it.",
            "\"'customer' in tags\""),
        Key("again", AGAIN, "Whether who has been in it, to the end or not, comes into it once more when she is enrolled anew.",
            "after 30d", default="never"),
        Key("exit_when", ListOf(Verbs("ending"), single=False), "What ends it for her.", "[{opt_out: marketing}]"),
        *BOUNDS,
        Key("steps", MapOf(Ref("sequence_step"), keys=NAME, least=1), "What comes, in this order, each once.",
            "{welcome: {day: 0, send: Welcome!}}", required=True),
    ),
)  # fmt: skip

_STEP = Shape(
    "sequence_step",
    "One message of a sequence. Who is past it by its name never gets it again.",
    (
        Key("day", DAYS, "So many days of her calendar after that of the enrolment.", "3", required=True),
        Key("at", CLOCK, "At this time of that day; without it the time of day of the enrolment.", "10:00"),
        Key("days", Either("weekdays, or a list of days", scalar=OneOf(("weekdays",)), sequence=ListOf(DAY)),
            "On which days it may come: it waits for the next of them, and so do the later steps.", "weekdays"),
        Key("if", CONDITION, "It is left out when this is false as it comes up.", "fields.city == 'Milano'"),
        SENT,
        BEGUN,
        Key("split", SIDES, "Who gets what, by lot and by weight; `holdout` gets nothing.",
            "{a: {weight: 50, send: A tip}, b: {weight: 50, send: Another tip}}"),
        Key("delivery", Ref("delivery"), "How it finds its person, where that differs.",
            "{template: {name: spring_2026}}"),
        Key("about", TEXT, "A remark for readers of the file.", "The one about roses"),
    ),
)  # fmt: skip

SHAPES = (_SEQUENCE, _STEP)
