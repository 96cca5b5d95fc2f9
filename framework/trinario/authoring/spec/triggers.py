"""The table of what begins a flow, and of what ends its running sessions."""

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
