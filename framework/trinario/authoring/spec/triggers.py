"""The table of what begins a flow, and of what ends its running sessions."""

from trinario.authoring.spec.arrivals import ARRIVALS, BARE
from trinario.authoring.spec.beyond import PURPOSE, WITHDRAWN
from trinario.authoring.spec.happenings import ENTRY_KEYS, HAPPENINGS
from trinario.authoring.spec.kinds import (
    CHANNEL,
    CONDITION,
    EVENT,
    FIELD,
    TAG,
    TEXT,
    WHOLE,
    Key,
    ListOf,
    OneOf,
    Verb,
    VerbTable,
)
from trinario.authoring.spec.messages import FURTHER_WORDS

TRIGGER_KEYS = (
    Key("channels", ListOf(CHANNEL), "Only when she writes there.", "[instagram]"),
    Key("priority", WHOLE, "Which one goes first of several that fit; the larger number.", "10", default="0"),
    Key("if_busy", OneOf(("defer", "interrupt", "skip")), "What happens while a question is pending.", "interrupt"),
    *ENTRY_KEYS,
)
_MATCH = Key("match", CONDITION, "Only when this is true.", "event.cart_id == trigger.cart_id")

_TRIGGERS = (
    Verb("keyword", "She writes one of these words.", FURTHER_WORDS, "keyword: [info, price]", (
        Key("match", OneOf(("exact", "first_word", "contains", "regex")), "How a text has to match.", "contains",
            default="first_word"),)),
    Verb("referral", "She comes by a link or an ad that carries this ref.", TEXT, "referral: spring",
         (_MATCH,)),
    Verb("message", "She writes anything that nothing else takes.", None, "message", ()),
    Verb("new_contact", "She writes for the first time.", None, "new_contact", ()),
    Verb("get_started", "She taps the button that opens the chat.", None, "get_started", ()),
    Verb("event", "Something happens outside.", EVENT, "event: order.paid", (_MATCH,)),
    *HAPPENINGS,
    *ARRIVALS,
    Verb("opt_in", "She gives permission, by a flow or by the word for coming back.", PURPOSE, "opt_in: marketing"),
    Verb("opt_out", "She takes permission back; after a stop word the flow's messages are not sent.", WITHDRAWN,
         "opt_out: marketing"),
)  # fmt: skip

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
    bare=frozenset({"referral", "message", "new_contact", "get_started", "event", "handoff_closed", "identity_linked"})
    | BARE,
)
ENDINGS = VerbTable("ending", "an ending", _ENDINGS)
