"""Counts of a campaign: intervals, the check of the split, totals."""

from collections import Counter

import pytest

from trinario.campaign.report import Line, Report, interval, split_chance


@pytest.mark.parametrize(("good", "of", "low", "high"), [
    (0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (300, 1000, 0.2724, 0.3291),
])  # fmt: skip
def test_the_interval_of_wilson(good: int, of: int, low: float, high: float) -> None:
    assert interval(good, of) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(("drawn", "weights", "chance"), [
    ((50, 50), (1, 1), 1.0), ((60, 40), (1, 1), 0.0455), ((700, 300), (70, 30), 1.0), ((5200, 4800), (1, 1), 6.33e-5),
    ((30, 30, 40), (1, 1, 1), 0.3679), ((0, 0), (1, 1), 1.0), ((90_000, 10_000), (1, 1), 0.0),
])  # fmt: skip
def test_how_likely_a_split_is(drawn: tuple[int, ...], weights: tuple[int, ...], chance: float) -> None:
    names = "abc"[: len(drawn)]
    found = split_chance(Counter(dict(zip(names, drawn, strict=True))), list(zip(names, weights, strict=True)))
    assert found == pytest.approx(chance, rel=1e-2, abs=1e-9)


def test_totals_and_sides() -> None:
    told = Report(
        recipients=3,
        lines=[Line("a", "messenger", "it", {"sent": 2, "read": 1}), Line("b", "whatsapp", "en", {"sent": 1})],
    )
    told.drawn, told.converted = Counter(a=2, b=1), Counter(a=1)
    assert told.total("sent") == 3 and told.total("sent", "a") == 2 and told.total("clicked") == 0
    plain = told.plain([("a", 1), ("b", 1)])
    assert plain["sent"] == 3 and plain["split"]["sound"]
    assert plain["variants"][0] == {
        "variant": "a",
        "people": 2,
        "converted": 1,
        "share": 0.5,
        "low": 0.0945,
        "high": 0.9055,
    }
