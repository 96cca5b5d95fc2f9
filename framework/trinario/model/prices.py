"""What messages cost: the operator's price list, by country and category, from a day on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

CATEGORIES = (
    "marketing",
    "utility",
    "authentication",
    "authentication_international",
    "service",
    "marketing_lite",
    "general_purpose_ai",
)
"""What a platform charges for, in its own words, with _ for every other sign."""

INSTEAD = {"marketing_lite": "marketing", "authentication_international": "authentication"}
"""The category whose price holds where a list has none of its own."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount; `currency` is a code of ISO 4217."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices of one delivered message, from the day `since` on. `countries` (ISO 3166) by category; `elsewhere` is the price
    in countries that are not named."""

    since: date
    countries: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    elsewhere: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prices:
    """All price lists, the oldest first, in one currency."""

    currency: str
    lists: tuple[PriceList, ...] = ()

    def price(self, country: str | None, category: str, at: date) -> Money | None:
        """What a message of a category (the platform's word) costs in a country on a day; None: no list says it."""
        current = next((one for one in reversed(self.lists) if one.since <= at), None)
        if current is None:
            return None
        named = category_of(category)
        for rates in (current.countries.get(country or "", {}), current.elsewhere):
            for name in (named, INSTEAD.get(named, "")):
                if (amount := rates.get(name)) is not None:
                    return Money(amount, self.currency)
        return None


def category_of(told: str) -> str:
    """A category as price lists write it: Meta says AUTHENTICATION in one place, authentication-international in another."""
    return told.lower().replace("-", "_")


@dataclass(frozen=True, slots=True)
class Told:
    """What a platform told of one message's cost."""

    category: str
    kind: str
    charged: bool

    @property
    def free_because(self) -> str:
        """In the platform's word; "" for what is charged."""
        return "" if self.charged else self.kind


def told_of(price: str) -> Told:
    """Of what is kept with a message: `category/type/model/billable`."""
    category, kind, _, charged = (price.split("/") + [""] * 4)[:4]
    return Told(category_of(category), kind, charged == "billable")
