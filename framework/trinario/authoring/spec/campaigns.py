"""The table of campaigns: one message, or a flow, to the right people at their hour."""

from trinario.authoring.spec import policy
from trinario.authoring.spec.control import WEIGHT
from trinario.authoring.spec.kinds import (
    CHANNEL,
    CONDITION,
    CRON,
    DURATION,
    EVENT,
    FLOW,
    HER_ZONE,
    LATE,
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
)
from trinario.authoring.spec.messages import MESSAGES

PURPOSES = OneOf(("marketing", "service", "transactional"))
PACE = Atom("pace", "how many in what time, like 50/s, 1000/m or 5000/h", pattern=r"^[0-9]{1,7} ?/ ?[smhd]$")
AMOUNT = Atom("amount", "an amount with its currency, like 200 EUR", pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})? ?[A-Z]{3}$")
WALL = Atom("wall_time", "a date and a time on the wall, like 2026-12-01 10:00")
GOAL = Atom(
    "goal", "the name of a goal that a flow counts, or of an event", pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$"
)
SIDES = MapOf(
    Either("a weight, or a mapping with weight and send", scalar=WEIGHT, mapping=Ref("campaign_variant")),
    keys=NAME, least=2,
)  # fmt: skip

DELIVERY = Key("delivery", Ref("delivery"), "How it finds its person.", "{template: {name: spring_2026}}")
SENT = Key("send", MESSAGES, "The message, or several one after another.", "Spring is here!")
BEGUN = Key("flow", FLOW, "A flow that begins, instead of a message.", "spring_offer")

_POLICY = {key.name: key.kind for shape in policy.SHAPES if shape.name == "policy" for key in shape.keys}

BOUNDS = (
    Key("channels", ListOf(CHANNEL), "The channels that it may use; all of the bot without it.", "[whatsapp]"),
    DELIVERY,
    Key("quiet_hours", _POLICY["quiet_hours"], "Hours of her day without it: more than those of the bot, never fewer.", '"20:00-10:00"'),
    Key("cap", _POLICY["cap"], "How much marketing one person gets at most, besides what the bot says.", "[{max: 1, per: 7d}]"),
    Key("late", LATE, "Who could only get it later: whenever it is possible, or not at all any more.", "skip after 3h",
        default="send"),
    Key("if_busy", OneOf(("defer", "skip", "interrupt")), "What happens while a question is pending.", "skip",
        default="defer"),
    Key("goal", Ref("campaign_goal"), "What it is for: who comes to it in time counts as won.",
        "{name: booking, within: 7d}"),
)  # fmt: skip
"""What a campaign and a sequence both say about how far they go."""

_CAMPAIGN = Shape(
    "campaign",
    "One message, or a flow, to everybody of a segment.",
    (
        Key("campaign", NAME, "The campaign's name, unique in the bot.", "spring", required=True),
        Key("title", TEXT, "What people call it.", "Spring offer"),
        Key("about", TEXT, "A remark for readers of the file.", "Asked by sales in May"),
        Key("purpose", PURPOSES, "What it is for: decides what policy allows.", "service", default="marketing"),
        Key("segment", CONDITION, "Whom it is for: those of whom this is true. Without it, everybody.",
            "\"'customer' in tags\""),
        Key("exclude", ListOf(CONDITION), "Who is left out: those of whom one of these is true.", "[\"'vip' in tags\"]"),
        Key("schedule", Ref("campaign_schedule"), "When it goes. Without it, as soon as it is started.",
            "{at: 2026-12-01 10:00, zone: contact}"),
        SENT,
        BEGUN,
        Key("variants", SIDES, "Who gets what, by lot and by weight; `holdout` gets nothing, to compare with.",
            "{a: 45, b: 45, holdout: 10}"),
        *BOUNDS,
        Key("pace", PACE, "How fast it goes at most; replies to people overtake it anyway.", "50/s"),
        Key("budget", Ref("campaign_budget"), "What it may cost at most.", "{max: 200 EUR}"),
    ),
)  # fmt: skip

_SCHEDULE = Shape(
    "campaign_schedule",
    "When a campaign goes: one of `at`, `cron` and `event`.",
    (
        Key("at", WALL, "Once, at this time on the wall.", "2026-12-01 10:00"),
        Key("cron", CRON, "Again and again: minute, hour, day of the month, month, day of the week.", '"0 10 * * 1"'),
        Key("event", EVENT, "For one person whenever this happens to her.", "order.delivered"),
        Key("match", CONDITION, "Only an event for which this is true.", "event.total > 50"),
        Key("zone", HER_ZONE, "Whose clock it is: `contact` for hers, or a zone; the bot's without it.", "contact"),
    ),
)  # fmt: skip

_VARIANT = Shape(
    "campaign_variant",
    "One variant with a message of its own.",
    (
        Key("weight", WEIGHT, "How many of all get it, against the weights of the others.", "45", required=True),
        Key("send", MESSAGES, "Its message; that of the campaign without it.", "Ten per cent until Sunday!"),
        Key("flow", FLOW, "The flow that begins, instead of a message.", "spring_offer"),
        Key("delivery", Ref("delivery"), "How it finds its person, where that differs.",
            "{template: {name: spring_2026}}"),
    ),
)  # fmt: skip

_GOAL = Shape(
    "campaign_goal",
    "What a campaign is for.",
    (
        Key("name", GOAL, "A goal that a flow counts, or an event.", "order.paid", required=True),
        Key("within", DURATION, "How long after the message it still counts as brought by it.", "3d", default="7d"),
    ),
)  # fmt: skip

_BUDGET = Shape(
    "campaign_budget",
    "What a campaign may cost, by the price file of the operator.",
    (Key("max", AMOUNT, "When so much is spent, it is held and the team is told.", "200 EUR", required=True),),
)

SHAPES = (_CAMPAIGN, _SCHEDULE, _VARIANT, _GOAL, _BUDGET)
