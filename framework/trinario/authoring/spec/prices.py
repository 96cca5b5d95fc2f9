"""The table of prices.yaml: what a delivered message costs, by country and category, from a day on."""

from trinario.authoring.spec.kinds import CURRENCY, REGION, Atom, Key, ListOf, MapOf, OneOf, Ref, Shape
from trinario.model.prices import CATEGORIES

DAY = Atom("date", "a date, like 2026-10-01")
AMOUNT = Atom("number", "an amount of zero or more, like 0.0572", json="number", least=0)
_RATES = MapOf(AMOUNT, keys=OneOf(CATEGORIES), least=1)

_LIST = Shape(
    "price_list",
    "The prices from a day on, until those of a later list hold.",
    (
        Key("from", DAY, "The first day of these prices.", "2026-10-01", required=True),
        Key("countries", MapOf(_RATES, keys=REGION, least=1), "What a message costs, by country and category.",
            "{IT: {marketing: 0.0572, utility: 0.0248}}"),
        Key("elsewhere", _RATES, "What it costs in countries that are not named, or have no price of a category.",
            "{marketing: 0.0604}"),
    ),
)  # fmt: skip

_FILE = Shape(
    "prices",
    "What messages cost, as the operator has it in writing from the platform.",
    (
        Key("currency", CURRENCY, "In which all amounts are.", "EUR", required=True),
        Key("prices", ListOf(Ref("price_list"), single=False), "The lists, by the day from which each holds.",
            "[{from: 2026-10-01, elsewhere: {marketing: 0.0604}}]", required=True),
    ),
)  # fmt: skip

SHAPES = (_FILE, _LIST)
