"""A forecast: when the last message is on its way, what it costs, and what is shown of it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from trinario.campaign.forecast import SAMPLES, Cost, CostLine, DayLimit, Forecast, Group
from trinario.model.prices import PriceList, Prices
from trinario.model.standing import UNLIMITED, NumberStanding

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PRICES = Prices(
    "EUR", (PriceList(date(2026, 1, 1), {"IT": {"marketing": Decimal("0.0572")}}, {"utility": Decimal("0.01")}),)
)

SHUT = Group("whatsapp", "shut", "it", "yes", "approved")


def a_forecast() -> Forecast:
    told = Forecast()
    told.going = Counter({SHUT: 600, Group("messenger", "open", "it", "yes"): 120})
    told.priced = Counter({
        ("whatsapp", "marketing", "IT"): 500, ("whatsapp", "marketing", "FR"): 100, ("whatsapp", "utility", "FR"): 10,
        ("whatsapp", "service", "IT"): 40, ("messenger", "marketing", ""): 120,
    })  # fmt: skip
    return told


def test_the_slower_of_all_paces_says_when_it_is_over() -> None:
    told = a_forecast()
    assert told.ends({"whatsapp": 80.0, "messenger": 40.0}, None, NOW) == NOW + timedelta(seconds=7.5)
    assert told.ends({"whatsapp": 80.0, "messenger": 40.0}, 2.0, NOW) == NOW + timedelta(seconds=360)
    told.due(NOW + timedelta(hours=3))
    told.due(NOW + timedelta(hours=9))
    assert told.ends({"whatsapp": 80.0}, None, NOW) == NOW + timedelta(hours=9)
    assert Forecast().ends({}, 1.0, NOW) is None


def test_what_it_costs_by_category_and_country() -> None:
    cost = a_forecast().cost(PRICES, {"whatsapp"}, date(2026, 3, 2))
    lines = (CostLine("marketing", "IT", 500, Decimal("28.6000")), CostLine("utility", "FR", 10, Decimal("0.10")))
    assert cost == Cost(Decimal("28.7000"), "EUR", lines, 100)
    assert cost.plain()["without_a_price"] == 100 and cost.plain()["total"] == "28.7000"
    assert a_forecast().cost(None, {"whatsapp"}, date(2026, 3, 2)) is None
    assert a_forecast().cost(PRICES, {"whatsapp"}, date(2025, 3, 2)) == Cost(Decimal(), "EUR", (), 610)


def test_samples_are_different_and_few() -> None:
    told = Forecast()
    for number in range(100):
        told.show("whatsapp", "it", f"Ciao {number % 30}")
    assert len(told.samples["whatsapp", "it"]) == SAMPLES == len(set(told.samples["whatsapp", "it"]))


def test_the_limit_of_a_day_stretches_it_over_days() -> None:
    told = a_forecast()
    told.going[Group("whatsapp", "open", "it", "yes")] = 70  # who has written counts for no limit
    told.going[Group("second", "shut", "it", "yes", "approved")] = 100
    numbers = [NumberStanding("whatsapp", most=250), NumberStanding("second", most=2000)]
    limit = told.limit(numbers)
    assert limit == DayLimit(250, 700) and limit.days == 3  # one portfolio, the lowest that is known
    assert told.ends({"whatsapp": 80.0}, None, NOW, limit) == NOW + timedelta(days=2)
    assert told.limit([NumberStanding("whatsapp", most=UNLIMITED)]) is None
    assert told.limit([NumberStanding("whatsapp", "red")]) is None and told.limit([]) is None
    assert DayLimit(1000, 1000).days == 1 and DayLimit(1000, 1001).days == 2


def test_a_plan_groups_by_channel_window_consent_language_and_template() -> None:
    assert SHUT.words == "whatsapp, window shut, template (approved), it, consent: yes"
    assert a_forecast().plain()["going"][0] == {
        "channel": "whatsapp", "window": "shut", "language": "it", "consent": "yes", "template": "approved", "count": 600,
    }  # fmt: skip
