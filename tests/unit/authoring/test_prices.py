"""prices.yaml: dated lists, places of what is wrong, and what a message costs."""

from datetime import date
from decimal import Decimal
from textwrap import dedent

import pytest

from trinario.authoring.parse_prices import parse_prices
from trinario.model.country import country_of_start
from trinario.model.prices import Money, Prices, Told, told_of

GOOD = """
    currency: EUR
    prices:
      - from: 2026-10-01
        countries:
          IT: {marketing: 0.0572, utility: 0.0248, service: 0}
          DE: {marketing: 0.1131}
        elsewhere: {marketing: 0.0604, authentication: 0.03}
      - from: 2026-01-01
        elsewhere: {marketing: 0.05}
"""


def prices() -> Prices:
    parsed = parse_prices(dedent(GOOD).encode(), "prices.yaml")
    assert parsed.prices is not None, parsed.issues
    return parsed.prices


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("country", "category", "day", "cost"),
    [
        ("IT", "marketing", date(2026, 10, 1), eur("0.0572")),
        ("IT", "MARKETING", date(2027, 1, 1), eur("0.0572")),
        ("IT", "marketing_lite", date(2027, 1, 1), eur("0.0572")),  # it has no price of its own
        ("IT", "service", date(2027, 1, 1), eur("0")),
        ("IT", "authentication-international", date(2027, 1, 1), eur("0.03")),  # of elsewhere
        ("DE", "utility", date(2027, 1, 1), None),
        ("FR", "marketing", date(2027, 1, 1), eur("0.0604")),
        (None, "marketing", date(2027, 1, 1), eur("0.0604")),
        ("IT", "marketing", date(2026, 9, 30), eur("0.05")),  # the list before
        ("IT", "marketing", date(2025, 12, 31), None),
    ],
)
def test_what_a_message_costs(country: str | None, category: str, day: date, cost: Money | None) -> None:
    assert prices().price(country, category, day) == cost


@pytest.mark.parametrize(
    ("yaml", "code", "line"),
    [
        ("prices: [{from: 2026-10-01, elsewhere: {marketing: 1}}]", "T014", 1),
        ("currency: EUR\nprices:\n  - {from: 2026-10-01, elsewhere: {marketing: -1}}", "T021", 3),
        ("currency: EUR\nprices:\n  - {from: 2026-10-01, elsewhere: {marketin: 1}}", "", 3),
        ("currency: EUR\nprices:\n  - {from: 1 October, elsewhere: {marketing: 1}}", "", 3),
        ("currency: euro\nprices:\n  - {from: 2026-10-01, elsewhere: {marketing: 1}}", "T021", 1),
        ("currency: EUR\nprices:\n  - {from: 2026-10-01}", "T180", 3),
        ("currency: EUR\nprices:\n  - {from: 2026-10-01, countries: {UK: {marketing: 1}}}", "T181", 3),
        (
            "currency: EUR\nprices:\n  - {from: 2026-10-01, elsewhere: {marketing: 1}}\n"
            "  - {from: 2026-10-01, elsewhere: {utility: 1}}", "T180", 4,
        ),
        ("currency: [EUR", "", 1),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it(yaml: str, code: str, line: int) -> None:
    parsed = parse_prices(yaml.encode(), "prices.yaml")
    assert parsed.prices is None
    assert [one.line for one in parsed.issues] == [line], parsed.issues
    assert not code or parsed.issues[0].code == code


@pytest.mark.parametrize(
    ("kind", "start", "country"),
    [
        ("phone", "3933", "IT"), ("phone", "1212", "US"), ("phone", "1416", "CA"), ("phone", "7701", "KZ"), ("phone", "5215", "MX"),
        ("phone", "4477", "GB"), ("bsuid", "IN.1", "IN"), ("bsuid", "ZZ.1", None), ("psid", "3933", None), ("phone", "0", None),
    ],
)  # fmt: skip
def test_a_country_by_the_start_of_an_identity(kind: str, start: str, country: str | None) -> None:
    assert country_of_start(kind, start) == country


def test_what_a_platform_told() -> None:
    assert told_of("authentication-international/regular/PMP/billable") == Told(
        "authentication_international", "regular", True
    )
    assert told_of("service/free_customer_service/PMP/free").free_because == "free_customer_service"
    assert told_of("marketing") == Told("marketing", "", False)
