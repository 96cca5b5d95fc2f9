"""The table of verbs that lead: by lot, by an event from outside, round and round over a list."""

from trinario.authoring.spec.kinds import (
    CONDITION,
    DURATION,
    EVENT,
    NAME,
    STEP,
    WORD,
    Atom,
    Either,
    Exit,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Shape,
    Verb,
    Verbs,
)
from trinario.engine.limits import LOOP_ITEMS

WEIGHT = Atom("whole", "a weight: a whole number from 0", json="integer", least=0, most=1_000_000)
ROUNDS = Atom("whole", f"a whole number from 1 to {LOOP_ITEMS}", json="integer", least=1, most=LOOP_ITEMS)
LIST = Atom("condition", "an expression that gives a list, like vars.items")

SPLIT = Verb(
    "split",
    "Draws a lot: every contact gets one of the variants, and always the same one.",
    Either(
        "variants with their weights, like {a: 50, b: 50}",
        sequence=ListOf(Ref("variant"), single=False, least=2),
        mapping=MapOf(WEIGHT, keys=NAME, least=2),
    ),
    "split: {a: 50, b: 50}",
    (
        Key("sticky", OneOf(("contact", "session")), "Who keeps the variant: the contact for good, or this session only.",
            "session", default="contact"),
        Key("key", WORD, "A name that several splits share, so that they draw the same lot; else flow and step.",
            "spring_prices"),
    ),
    named_exits="one of the variants, by its name",
)  # fmt: skip

WAIT_FOR = Verb(
    "wait_for",
    "Waits until something happens outside; what is told of it is the answer of the step.",
    EVENT,
    "wait_for: order.paid",
    (
        Key("match", CONDITION, "Only an event for which this is true counts.", "event.cart_id == trigger.cart_id"),
        Key("timeout", DURATION, "How long it waits at most; without it for ever.", "3d"),
    ),
    (Exit("timeout", "The time is over, and the event did not come.", "the flow ends"),),
)

SHAPES = (
    Shape(
        "variant",
        "One side of a split.",
        (
            Key("name", NAME, "What it is called.", "a", required=True),
            Key("weight", WEIGHT, "How many of all get it, against the weights of the others.", "50", required=True),
            Key("next", STEP, "Where it leads.", "short_offer"),
        ),
    ),
)


def foreach(exits: OneOf) -> Verb:
    """The verb `foreach`, whose handlers know these exits."""
    return Verb(
        "foreach",
        "Does its own steps once for every item of a list.",
        LIST,
        "foreach: vars.items\nsteps: {show: {send: \"{{ vars.item }}\"}}",
        (
            Key("as", NAME, "The variable that holds the item: vars.<as>, with the round in vars.<as>_number.", "item",
                default="item"),
            Key("max", ROUNDS, "How many items at most; what is beyond is left out.", "20", default="20"),
            Key("steps", MapOf(Verbs("step"), keys=NAME, least=1, root="steps"), "What is done with every item.",
                '{show: {send: "{{ vars.item }}"}}', required=True),
            Key("handlers", MapOf(STEP, keys=exits), "Where exits of these steps lead that no step names.",
                "{timeout: thanks}"),
        ),
    )  # fmt: skip


VERBS = (SPLIT, WAIT_FOR)
