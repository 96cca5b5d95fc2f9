"""The table of flows: their keys, what begins them and what ends them."""

from trinario.authoring.spec.answers import VALUE_TYPES
from trinario.authoring.spec.kinds import (
    CHANNEL,
    CONDITION,
    DURATION,
    EVENT,
    FIELD,
    NAME,
    STEP,
    TAG,
    TEXT,
    TRUE_FALSE,
    VALUE,
    WHOLE,
    Atom,
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
from trinario.authoring.spec.messages import FURTHER_WORDS, INPUT_VALUE
from trinario.authoring.spec.steps import EXITS

RESULT = Atom("result", "an expression, like fields.appointment_at")
EXIT_NAME = OneOf(EXITS)

TRIGGER_KEYS = (
    Key("channels", ListOf(CHANNEL), "Only when she writes there.", "[instagram]"),
    Key("priority", WHOLE, "Which one goes first of several that fit; the larger number.", "10", default="0"),
    Key("if_busy", OneOf(("defer", "interrupt", "skip")), "What happens while a question is pending.", "interrupt"),
)
_LATER_KEYS = frozenset({"segment", "hours", "delay", "once"})
_MATCH = Key("match", CONDITION, "Only when this is true.", "event.cart_id == trigger.cart_id")

_TRIGGERS = (
    Verb("keyword", "She writes one of these words.", FURTHER_WORDS, "keyword: [info, price]", (
        Key("match", OneOf(("exact", "first_word", "contains", "regex")), "How a text has to match.", "contains",
            default="first_word"),), later=_LATER_KEYS),
    Verb("referral", "She comes by a link or an ad that carries this ref.", TEXT, "referral: spring",
         (_MATCH,), later=_LATER_KEYS),
    Verb("message", "She writes anything that nothing else takes.", None, "message", (), later=_LATER_KEYS),
    Verb("new_contact", "She writes for the first time.", None, "new_contact", (), later=_LATER_KEYS),
    Verb("get_started", "She taps the button that opens the chat.", None, "get_started", (), later=_LATER_KEYS),
    Verb("event", "Something happens outside.", EVENT, "event: order.paid", (_MATCH,), later=_LATER_KEYS),
)  # fmt: skip
_LATER_TRIGGERS = frozenset({
    "ad", "comment", "story_reply", "story_mention", "ice_breaker", "menu", "schedule", "date", "segment", "tag",
    "field", "form", "inactivity", "message_status", "handoff_closed", "opt_in", "opt_out", "identity_linked",
})  # fmt: skip

_ENDINGS = (
    Verb("event", "Something happens outside.", EVENT, "event: order.paid", (_MATCH,)),
    Verb("tag", "The contact gets this tag.", TAG, "tag: customer", (_MATCH,)),
    Verb("field", "This contact field changes.", FIELD, "field: appointment_at", (_MATCH,)),
    Verb("opt_out", "She withdraws her consent to this purpose.",
         OneOf(("all", "marketing", "service", "transactional")), "opt_out: marketing"),
    Verb("when", "This becomes true.", CONDITION, "when: fields.budget > 9000"),
)  # fmt: skip

TRIGGERS = VerbTable(
    "trigger",
    "a trigger",
    _TRIGGERS,
    TRIGGER_KEYS,
    _LATER_TRIGGERS,
    bare=frozenset({"referral", "message", "new_contact", "get_started", "event"}),
)
ENDINGS = VerbTable("ending", "an ending", _ENDINGS)

_FLOW = Shape(
    "flow",
    "One declared conversation.",
    (
        Key("flow", NAME, "The flow's name, unique in the project.", "lead_capture", required=True),
        Key("title", TEXT, "What people call it.", "Lead capture"),
        Key("about", TEXT, "A remark for readers of the file.", "For the spring fair"),
        Key("purpose", OneOf(("service", "transactional", "marketing")), "What it is for: decides what policy allows.",
            "marketing", default="service"),
        Key("triggers", ListOf(Verbs("trigger"), single=False), "What begins it.", "[{keyword: [info, price]}]"),
        Key("vars", MapOf(INPUT_VALUE, keys=NAME), "Values of a session, with what they are at first.", "{tries: 0}"),
        Key("inputs", MapOf(Ref("variable"), keys=NAME), "What a flow is given that is called or started.",
            "{service: {type: text}}"),
        Key("returns", MapOf(RESULT, keys=NAME), "What a called flow gives back.", "{when: fields.appointment_at}"),
        Key("exit_when", ListOf(Verbs("ending"), single=False), "What ends its running sessions.", "[{tag: customer}]"),
        Key("expires", DURATION, "The silence after which an unanswered question ends the session.", "1d",
            default="3d"),
        Key("handlers", MapOf(STEP, keys=EXIT_NAME), "Where exits lead that a step does not name.",
            "{invalid: people}"),
        Key("delivery", Ref("delivery"), "How its messages find their person.", "{order: [current]}"),
        Key("steps", MapOf(Verbs("step"), keys=NAME, least=1), "What it does, one after another.",
            "{hello: {send: Hello!}}", required=True),
    ),
    later=frozenset({"migrations"}),
)  # fmt: skip

_VARIABLE = Shape(
    "variable",
    "A declared value.",
    (
        Key("type", OneOf(VALUE_TYPES), "What it holds.", "number", required=True),
        Key("default", VALUE, "What it is when nothing was given.", "0"),
        Key("personal", TRUE_FALSE, "It says something personal: joining accounts asks first.", "true",
            default="false"),
        Key("index", TRUE_FALSE, "It is looked for often.", "true", default="false"),
        Key("about", TEXT, "A remark for readers of the file.", "In EUR, without tax"),
    ),
)  # fmt: skip

SHAPES = (_FLOW, _VARIABLE)
