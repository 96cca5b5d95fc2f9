"""The table of triggers that no message of hers is: time, changes, what became of things; and the keys of all triggers."""

from trinario.authoring.spec.kinds import (
    CLOCK,
    CONDITION,
    CRON,
    DURATION,
    FIELD,
    FLOW,
    HER_ZONE,
    LATE,
    NAME,
    PER,
    SPAN,
    TAG,
    TRUE_FALSE,
    UNTIL,
    Key,
    ListOf,
    OneOf,
    Ref,
    Shape,
    Verb,
)

ENTRY_KEYS = (
    Key("segment", CONDITION, "Only while this is true of her: fields, tags, consent, contact, channel.",
        "\"'customer' in tags\""),
    Key("hours", SPAN, "Only within these hours of her day, over midnight too; outside of them nothing begins.",
        '"09:00-20:00"'),
    Key("delay", DURATION, "The flow begins at once, so that `exit_when` ends it, and its first step comes so much later.",
        "1h"),
    Key("once", Ref("once"), "At most once for each contact, post or value, or once in a while.", "{every: 90d}"),
)  # fmt: skip

ONCE = Shape(
    "once",
    "How often a trigger may begin its flow for one contact. It is remembered by flow, kind and value of the trigger.",
    (
        Key("per", PER, "For what it is once: `contact`, `post` (of comments), or each value of an expression.",
            "trigger.order_id", default="contact"),
        Key("every", DURATION, "After so long it may again (a day has 24 hours); without it never.", "90d"),
    ),
)  # fmt: skip

_LATE = Key("late", LATE, "What happens when it can only be later, after a stop of the bot.", "skip after 3h",
            default="send")  # fmt: skip

HAPPENINGS = (
    Verb("schedule", "The clock on the wall: minute, hour, day of the month, month, day of the week. Needs `segment`:"
         " whom it is for. A time that the clocks skip comes an hour later, one that they show twice comes once.",
         CRON, 'schedule: "0 10 * * 1"', (
        Key("zone", HER_ZONE, "Whose clock it is: `contact` for hers, or a zone; the bot's when left out.", "contact"),
        _LATE)),
    Verb("date", "A moment of hers has come: an expression that gives a date, or a date with a time. When what it reads"
         " changes it is reckoned anew; a moment that has passed by then is left out.",
         UNTIL, "date: fields.appointment_at", (
        Key("before", ListOf(DURATION), "So long before it, each a flow of its own: 1d is a day of the calendar, 24h are"
            " hours.", "[1d, 2h]"),
        Key("after", ListOf(DURATION), "So long after it.", "[7d]"),
        Key("at", CLOCK, "At this time of that day, by her clock.", "10:00"),
        Key("recurring", TRUE_FALSE, "Whether sessions that it began end when the moment moves.", "true",
            default="false"),
        _LATE)),
    Verb("segment", "She comes to be one of those for whom this is true, or is so no more. It is looked at whenever"
         " something of her changes; one with `ago`, `now`, `today` or a window also every five minutes.",
         CONDITION, "segment: \"fields.city == 'Milano'\"", (
        Key("when", OneOf(("enter", "leave")), "Which of the two.", "leave", default="enter"),)),
    Verb("tag", "She gets this tag, or loses it: by another flow, or from outside.", TAG, "tag: customer", (
        Key("when", OneOf(("added", "removed")), "Which of the two.", "removed", default="added"),)),
    Verb("field", "This contact field changes: by another flow, or from outside.", FIELD, "field: city", ()),
    Verb("inactivity", "She has written nothing for so long (a day has 24 hours).", DURATION, "inactivity: 3d", (_LATE,)),
    Verb("message_status", "A message of another flow came so far. `refused`: our own rules did not let it go.",
         OneOf(("sent", "delivered", "read", "failed", "refused")), "message_status: failed", (
        Key("flow", FLOW, "Only messages of this flow; without it, of every flow that no `message_status` begins.", "offer"),
        Key("step", NAME, "Only messages of this step of it.", "voucher"))),
    Verb("handoff_closed", "The people of the team are done with her: the bot has her again.", None, "handoff_closed"),
    Verb("identity_linked", "She came over to another channel, and is known there now.", None, "identity_linked"),
)  # fmt: skip

SHAPES = (ONCE,)
