"""The table of `conversions` in bot.yaml: goals that Meta is told of."""

from trinario.authoring.spec.kinds import DURATION, NAME, Atom, Key, MapOf, Ref, Shape

_SECRET = Atom("secret", 'a secret, best read from the environment: "${CAPI_TOKEN}"')
_DATASET = Atom("dataset", "the id of a dataset: digits", pattern=r"^[0-9]{5,25}$")
_EVENT = Atom(
    "conversion_event", "the name of an event, like Purchase or LeadSubmitted", pattern=r"^[A-Za-z][A-Za-z0-9_]{0,49}$"
)

_CONVERSIONS = Shape("conversions", "Goals that are told to Meta (Conversions API) of those who came by an ad that opens WhatsApp, and"
    " have said yes to marketing.", (
    Key("dataset", _DATASET, "The dataset of the WhatsApp account.", '"552143977390019"', required=True),
    Key("access_token", _SECRET, "A token that may write to it.", '"${CAPI_TOKEN}"', required=True),
    Key("goals", MapOf(_EVENT, keys=NAME, least=1), "What Meta calls the goals that steps reach (`goal`).",
        "{order_paid: Purchase, lead: LeadSubmitted}", required=True),
    Key("within", DURATION, "How long after the click a goal counts; seven days at most.", "7d", default="7d"),
))  # fmt: skip

BOT_SHAPES = (_CONVERSIONS,)
BOT_KEYS = (
    Key("conversions", Ref("conversions"), "Goals that Meta is told of, as conversions of ads.",
        '{dataset: "552143977390019", access_token: "${CAPI_TOKEN}", goals: {order_paid: Purchase}}'),
)  # fmt: skip
