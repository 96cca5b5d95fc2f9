"""Durations: calendar days and elapsed time, also over the change of clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trinario.model.duration import Duration, localised, parse_duration

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30s", Duration(0, 30)),
        ("15m", Duration(0, 900)),
        ("2h", Duration(0, 7200)),
        ("3d", Duration(3)),
        ("1w", Duration(7)),
        ("1d12h", Duration(1, 43_200)),
        ("1.5h", Duration(0, 5400)),
        ("-2h", Duration(0, -7200)),
        ("+1d", Duration(1)),
        ("PT15M", Duration(0, 900)),
        ("P1DT2H", Duration(1, 7200)),
        ("P2W", Duration(14)),
        ("-P1D", Duration(-1)),
        ("0s", Duration()),
        (" 24h ", Duration(0, 86_400)),
    ],
)
def test_read(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "1", "d", "1h1h", "1x", "--1d", "1 d 2", "1.5d", "0.5s", "P1M", "99999999w", "\u0661d", "1..5h"],
)
def test_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_duration(text)


@given(st.integers(-9999, 9999), st.integers(0, 10**6))
def test_printed_and_read_again(days: int, seconds: int) -> None:
    duration = Duration(days, seconds if days >= 0 else -seconds)
    assert parse_duration(str(duration)) == duration


def test_a_calendar_day_is_not_24_hours() -> None:
    spring = datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert Duration(1).before(spring, PARIS) == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert Duration(0, 86_400).before(spring, PARIS) == datetime(2026, 3, 28, 7, tzinfo=UTC)
    autumn = datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert Duration(1).before(autumn, PARIS) == datetime(2026, 10, 24, 7, tzinfo=UTC)
    assert Duration(0, 86_400).before(autumn, PARIS) == datetime(2026, 10, 24, 8, tzinfo=UTC)
    assert Duration(1).elapsed == timedelta(hours=24)


def test_local_times_that_are_none_or_two() -> None:
    assert localised(datetime(2026, 3, 29, 2, 30), PARIS) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert localised(datetime(2026, 10, 25, 2, 30), PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert not Duration() and -Duration(1, 2) == Duration(-1, -2)
