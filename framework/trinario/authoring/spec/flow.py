"""The table of flows: their keys, and how values are declared."""

from trinario.authoring.spec import policy
from trinario.authoring.spec.answers import VALUE_TYPES
from trinario.authoring.spec.kinds import (
    DURATION,
    NAME,
    STEP,
    TEXT,
    TRUE_FALSE,
    VALUE,
    Atom,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Shape,
    Verbs,
)
from trinario.authoring.spec.messages import INPUT_VALUE
from trinario.authoring.spec.steps import EXITS

RESULT = Atom("result", "an expression, like fields.appointment_at")
EXIT_NAME = OneOf(EXITS)

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
        Key("inputs", MapOf(Ref("variable"), keys=NAME), "What a flow is given that is called or started: `call.service` in its texts.",
            "{service: {type: text}}"),
        Key("returns", MapOf(RESULT, keys=NAME), "What a called flow gives back.", "{when: fields.appointment_at}"),
        Key("exit_when", ListOf(Verbs("ending"), single=False), "What ends its running sessions.", "[{tag: customer}]"),
        Key("expires", DURATION, "The silence after which an unanswered question ends the session.", "1d",
            default="3d"),
        Key("handlers", MapOf(STEP, keys=EXIT_NAME), "Where exits lead that a step does not name.",
            "{invalid: people}"),
        Key("delivery", Ref("delivery"), "How its messages find their person.", "{order: [current]}"),
        *policy.FLOW_KEYS,
        Key("migrations", ListOf(Ref("migration"), single=False, least=0),
            "How who waits in an older revision moves into this one; without it she ends where she began.",
            "[{rename: {budget: budget_eur}}]"),
        Key("steps", MapOf(Verbs("step"), keys=NAME, least=1), "What it does, one after another.",
            "{hello: {send: Hello!}}", required=True),
    ),
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

_MIGRATION = Shape(
    "migration",
    "One change of the flow's steps, told so that sessions that wait can follow it.",
    (
        Key("rename", MapOf(NAME, keys=NAME, least=1), "Steps that have another name now: the old one, and the new one.",
            "{budget: budget_eur}"),
        Key("drop", MapOf(NAME, keys=NAME, least=1),
            "Steps that are gone, and the step at which who stands there goes on, or end.", "{extra: thanks}"),
        Key("reask", ListOf(STEP), "Questions that are put once more, in the new words, to who stands there.",
            "[interest]"),
    ),
)  # fmt: skip

SHAPES = (_FLOW, _MIGRATION, _VARIABLE)
