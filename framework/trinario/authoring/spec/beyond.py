"""The table of verbs that ask for permission, and of those whose deed lies beyond the conversation."""

from trinario.authoring.spec.kinds import (
    CHANNEL,
    DURATION,
    EVENT,
    NAME,
    PATH,
    PHRASE,
    TRUE_FALSE,
    Atom,
    Exit,
    Key,
    ListOf,
    OneOf,
    Verb,
)
from trinario.authoring.spec.messages import MESSAGE, WITH

PURPOSE = OneOf(("marketing",))
"""What needs permission: service and transactional messages need none."""

WITHDRAWN = OneOf(("marketing", "all"))
SEQUENCE = Atom("sequence", "the name of a sequence of the bot's campaigns/ folder", pattern=r"^[a-z][a-z0-9_]*$",
                refers="sequence")  # fmt: skip
ADDRESSEE = Atom("notified", "a team of bot.yaml, mailto:someone@shop.example or https://...")

OPT_IN = Verb(
    "opt_in",
    "Asks for permission with two buttons, and writes the answer to the ledger.",
    PURPOSE,
    "opt_in: marketing\nwording: Shall we write you once a week, with news and offers?",
    (
        Key("wording", MESSAGE, "What she agrees to, as she reads it; kept in the ledger.",
            "Shall we write you once a week, with news and offers?", required=True),
        Key("double", TRUE_FALSE, "Whether a yes is asked for once more; only the second one counts.", "true",
            default="false"),
        Key("confirm_wording", MESSAGE, "The second question; without it the bot's own words (pattern opt_in.confirm).",
            "One last tap, to be sure?"),
        Key("channels", ListOf(CHANNEL), "What she agrees to holds on these channels only.", "[whatsapp]"),
        Key("holds", DURATION, "How long a yes holds; then nothing is granted any more, and she is asked anew.", "365d"),
        Key("timeout", DURATION, "The silence after which the exit `timeout` is taken.", "1d"),
    ),
    (
        Exit("granted", "She agreed, or had agreed before.", "`next`"),
        Exit("refused", "She said no, or something else three times.",
             "the pattern `opt_in.refused` is said, and the flow ends"),
        Exit("timeout", "She stayed silent.", "the flow ends"),
    ),
)  # fmt: skip

OPT_OUT = Verb(
    "opt_out",
    "Takes a permission back and ends her marketing sessions; says nothing itself.",
    WITHDRAWN,
    "opt_out: marketing",
    (Key("channels", ListOf(CHANNEL), "On these channels only; her sessions go on then.", "[whatsapp]"),),
)

ENROLL = Verb("enroll", "Puts the contact into a sequence; whoever is in it stays where she is.", SEQUENCE,
              "enroll: newsletter")  # fmt: skip
UNENROLL = Verb("unenroll", "Takes the contact out of a sequence.", SEQUENCE, "unenroll: newsletter")

NOTIFY = Verb(
    "notify",
    "Tells a team, a mail address or a webhook; the flow does not wait for it.",
    ListOf(ADDRESSEE),
    'notify: care\ntext: "{{ contact.name }} is not happy: {{ answers.why }}"',
    (Key("text", PHRASE, "The words.", '"{{ contact.name }} is not happy"', required=True),),
)

EMIT = Verb(
    "emit",
    "Raises an event for the same contact, after this turn: flows begin by it, wait for it, or end.",
    EVENT,
    "emit: order_done",
    (Key("data", WITH, "What the event brings.", '{order: "{{ answers.order }}"}'),),
)

TICKET = Verb(
    "ticket",
    "Gives the contact her number in a draw; the second time the same.",
    NAME,
    "ticket: spring_draw",
    (Key("save", PATH, "Where the number is kept besides answers.<step>.", "vars.ticket"),),
)

VERBS = (OPT_IN, OPT_OUT, ENROLL, UNENROLL, NOTIFY, EMIT, TICKET)
