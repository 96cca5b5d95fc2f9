"""The table of verbs that talk, decide and wait; the other kinds stand beside this file."""

from trinario.authoring.spec.answers import ANSWER_TYPES
from trinario.authoring.spec.kinds import (
    BOUND,
    CHANNEL,
    CONDITION,
    DAY,
    DURATION,
    FLOW,
    HER_ZONE,
    LATE,
    LIVE_VALUE,
    NAME,
    OFFSET,
    OPENING_HOURS,
    PATH,
    PHRASE,
    REGEX,
    RETRIES,
    SPAN,
    STEP,
    TAG,
    TEAM,
    TEMPLATE,
    TEXT,
    TRUE_FALSE,
    UNTIL,
    WORDS,
    Either,
    Exit,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Shape,
    Verb,
)
from trinario.authoring.spec.messages import CHOICES, MESSAGES, WITH

_DELIVERY = Key("delivery", Ref("delivery"), "How these messages find their person.", "{order: [current]}")
_REPLY = Key("reply", TRUE_FALSE, "It quotes her last message, where the channel shows such.", "true", default="false")
_FAILED = Exit("failed", "The messages could not be sent.", "it is logged, and the flow goes on")

SEND = Verb(
    "send",
    "Says something and goes on.",
    MESSAGES,
    "send: Hello!",
    (
        Key("typing", DURATION, "How long the signs of typing are shown before.", "2s"),
        _REPLY,
        _DELIVERY,
    ),
    (_FAILED,),
)

_ASK_KEYS = (
    Key("type", OneOf(tuple(kind.name for kind in ANSWER_TYPES)), "What kind of answer is wanted.", "number",
        default="text"),
    Key("choices", CHOICES, "What she can choose from; makes the type `choice`.", "[Plants, Tools]"),
    Key("save", PATH, "Where the answer is kept besides answers.<step>.", "fields.interest"),
    Key("min", BOUND, "The least that is taken: a number, a date, characters, choices ...", "100"),
    Key("max", BOUND, "The most that is taken: a number, a date, characters, choices ...", "100000"),
    Key("pattern", REGEX, "A regular expression that the whole answer has to match.", '"[0-9]{5}"'),
    Key("error", WORDS, "What is said to a wrong answer.", "A number, please."),
    Key("retries", RETRIES, "How often a wrong answer is asked again.", "1", default="2"),
    Key("timeout", DURATION, "The silence after which the exit `timeout` is taken.", "2h"),
    Key("default", PHRASE, "The answer that is saved when she stays silent.", "unknown"),
    Key("skip_if_known", TRUE_FALSE, "Not asked when `save` has a value from before.", "true", default="false"),
    Key("remind", Ref("remind"), "A nudge while the question is open.", "{after: 1h, text: Still there?}"),
    Key("burst", DURATION, "Messages within this time are one answer.", "3s", default="0s"),
    Key("change", TRUE_FALSE, "A late tap changes the answer, and the flow goes on from here.", "true",
        default="false"),
    Key("interrupt", OneOf(("allow", "forbid")), "Whether keywords of other flows may set the question aside.",
        "forbid", default="allow"),
    Key("phone", PHRASE, "Of the type otp: the number that the code goes to.", '"{{ answers.number }}"'),
    Key("template", TEMPLATE, "Of the type otp: the authentication template that brings the code.", "login_code"),
    Key("expires", DURATION, "Of the type otp: how long the code means anything, 10m if nothing is said.", "5m"),
    Key("button", WORDS, "The word that opens the list of choices, where there is a list.", "Choose"),
    Key("feedback", Ref("feedback"), "Of the types rating (1 to 5) and nps: the card that the question is on Messenger.",
        '{title: Your visit, subtitle: It takes a second, button: Rate us, privacy: "https://luckygarden.example/privacy"}'),
    _REPLY,
    _DELIVERY,
)  # fmt: skip

ASK = Verb(
    "ask",
    "Puts a question and waits for the answer.",
    MESSAGES,
    "ask: What are you after?",
    _ASK_KEYS,
    (
        Exit("answered", "A good answer came.", "`next`"),
        Exit("invalid", "The retries are used up.", "the pattern `cannot_handle` is said, and the flow ends"),
        Exit("timeout", "She stayed silent.", "the flow ends"),
        Exit(
            "failed",
            "The question could not be put to her; of the type otp: the code could not be sent.",
            "it is logged, and the flow ends",
        ),
        Exit("yes", "The answer to a yes_no question is yes.", "`next`"),
        Exit("no", "The answer to a yes_no question is no.", "`next`"),
        Exit("promoter", "The answer to an nps question is 9 or 10.", "`next`"),
        Exit("passive", "The answer to an nps question is 7 or 8.", "`next`"),
        Exit("detractor", "The answer to an nps question is 6 or less.", "`next`"),
        Exit("empty", "Choices from data: there are none.", "the flow fails"),
    ),
)

BRANCH = Verb(
    "branch",
    "Goes where the first true condition leads.",
    ListOf(Ref("case"), single=False),
    "branch: [{if: answers.budget >= 5000, next: hot}, {else: thanks}]",
)

SET = Verb("set", "Changes values.", MapOf(LIVE_VALUE, keys=PATH, least=1), 'set: {vars.tries: "{{ vars.tries + 1 }}"}')
UNSET = Verb("unset", "Empties values.", ListOf(PATH), "unset: fields.budget")
TAGGING = Verb("tag", "Puts tags on the contact.", ListOf(TAG), "tag: customer")
UNTAGGING = Verb("untag", "Takes tags off the contact.", ListOf(TAG), "untag: [prospect]")

WAIT = Verb(
    "wait",
    "Sleeps for a time, or until a moment.",
    Either("a duration like 2h, or {until: ...}", scalar=DURATION, mapping=Ref("moment")),
    "wait: 1d",
    (
        Key("between", SPAN, "The hours of her day in which it may wake.", '"09:00-20:00"'),
        Key("days", Either("weekdays, or a list of days", scalar=OneOf(("weekdays",)), sequence=ListOf(DAY)),
            "The days on which it may wake.", "weekdays"),
        Key("zone", HER_ZONE, "The time zone to reckon in.", "Europe/Rome", default="contact"),
        Key("late", LATE, "What happens when it wakes too late.", "skip after 3h", default="send"),
    ),
)  # fmt: skip

CALL = Verb(
    "call",
    "Runs another flow and comes back.",
    FLOW,
    "call: address",
    (
        Key("with", WITH, "The inputs of that flow.", '{service: "{{ answers.service }}"}'),
        Key("save", PATH, "Where its results are kept.", "vars.address"),
    ),
    (Exit("failed", "The flow failed.", "this flow fails as well"),),
)

START = Verb(
    "start",
    "Goes over to another flow for good.",
    FLOW,
    "start: booking",
    (Key("with", WITH, "The inputs of that flow.", "{service: Haircut}"),),
)

GOAL = Verb(
    "goal",
    "Counts a goal.",
    NAME,
    "goal: lead",
    (
        Key("value", PHRASE, "What it is worth.", '"{{ answers.budget }}"'),
        Key("currency", TEXT, "The currency of the value.", "EUR"),
    ),
)

HANDOFF = Verb(
    "handoff",
    "Gives the contact to people; the bot steps back.",
    TEAM,
    "handoff: sales",
    (
        Key("note", PHRASE, "What the team should know.", '"{{ fields.interest }}"'),
        Key("priority", OneOf(("low", "normal", "high", "urgent")), "How urgent it is.", "high", default="normal"),
        Key("resume", OneOf(("next", "ask_again", "restart", "end")),
            "What the bot does when it comes back: goes on, asks again, begins the flow anew, or nothing.",
            "next", default="end"),
        Key("after", DURATION, "The silence of the team after which the bot comes back.", "30m"),
        Key("hours", OPENING_HOURS, "When somebody is there for this, in place of the hours of the team.",
            '{weekdays: "09:00-18:00"}'),
    ),
    (Exit("unavailable", "Nobody of the team is there: it is outside its hours, or one of its holidays.", "the flow ends"),),
)  # fmt: skip

SWITCH = Verb(
    "switch_channel",
    "Sends a link to another channel, where the flow goes on.",
    ListOf(CHANNEL),
    "switch_channel: whatsapp",
    (
        Key("text", WORDS, "What is said with the link.", "Let us go on where you can send photos."),
        Key("button", WORDS, "What the link is titled.", "Open WhatsApp"),
        Key("expires", DURATION, "How long the link works.", "2h", default="1d"),
        Key("confirm", OneOf(("auto", "true", "false")), "Whether she is asked before the accounts are joined.",
            "true", default="auto"),
    ),
    (
        Exit("switched", "She followed the link, or is there already.", "`next`"),
        Exit("declined", "She does not want to join the accounts.", "the flow ends"),
        Exit("expired", "She did not follow the link in time.", "the flow ends"),
        Exit("unavailable", "There is no way from here to there.", "the flow ends"),
    ),
)  # fmt: skip

VERBS = (SEND, ASK, BRANCH, SET, UNSET, TAGGING, UNTAGGING, WAIT, CALL, START, GOAL, HANDOFF, SWITCH)

_CASE = Shape(
    "case",
    "One line of a branch.",
    (
        Key("if", CONDITION, "When this line is taken.", "answers.budget >= 5000"),
        Key("next", STEP, "The step it leads to; without it the one below.", "hot"),
        Key("else", STEP, "The last line: where everything else goes.", "thanks"),
        Key("category", TEXT, "What this line is called in reports.", "hot"),
    ),
)

_MOMENT = Shape(
    "moment",
    "A moment to wait for.",
    (
        Key("until", UNTIL, "A date, or an expression that gives one.", "fields.appointment_at", required=True),
        Key("offset", OFFSET, "How much before (-) or after it.", "-1d"),
    ),
)

SHAPES = (_CASE, _MOMENT)
