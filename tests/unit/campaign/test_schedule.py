"""Time tables: what a line means, and every change of the clocks of 2026 in ten zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from trinario.campaign.schedule import Slot, between, following, parse_cron

ZONES = {
    "Europe/Paris": ((2026, 3, 29), (2026, 10, 25)),
    "Europe/London": ((2026, 3, 29), (2026, 10, 25)),
    "Europe/Athens": ((2026, 3, 29), (2026, 10, 25)),
    "Europe/Chisinau": ((2026, 3, 29), (2026, 10, 25)),
    "America/New_York": ((2026, 3, 8), (2026, 11, 1)),
    "America/St_Johns": ((2026, 3, 8), (2026, 11, 1)),
    "America/Santiago": ((2026, 9, 6), (2026, 4, 5)),
    "Australia/Sydney": ((2026, 10, 4), (2026, 4, 5)),
    "Australia/Lord_Howe": ((2026, 10, 4), (2026, 4, 5)),
    "Asia/Kolkata": ((2026, 3, 29), (2026, 10, 25)),
}
"""The days on which clocks go forward and back (in Kolkata they never do)."""


def moments(line: str, zone: str, begin: tuple[int, int, int], end: tuple[int, int, int]) -> list[Slot]:
    where = ZoneInfo(zone)
    return between(parse_cron(line), datetime(*begin, tzinfo=where), datetime(*end, tzinfo=where), where)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("line", ["0 0 * * *", "30 0 * * *", "0 2 * * *", "30 2 * * *", "0 3 * * *", "15 1 * * *"])
def test_every_day_of_the_year_has_its_slot_once(zone: str, line: str) -> None:
    slots = moments(line, zone, (2026, 1, 1), (2027, 1, 1))
    days = [slot.local.date() for slot in slots]
    expected = {date(2026, 1, 1) + timedelta(days=number) for number in range(365)}
    assert set(days) - {date(2027, 1, 1)} == expected - ({date(2026, 1, 1)} if line == "0 0 * * *" else set())
    assert len(days) == len(set(days))
    assert [slot.comes for slot in slots] == sorted({slot.comes for slot in slots}), "no two at once, all in order"


@pytest.mark.parametrize("zone", ZONES)
def test_both_changes_of_the_clocks(zone: str) -> None:
    """A time that is skipped comes later by the gap, one that is there twice is the first; all others are themselves."""
    where = ZoneInfo(zone)
    for day in ZONES[zone]:
        for slot in moments("*/15 * * * *", zone, day, (day[0], day[1], day[2] + 1)):
            shown = slot.comes.astimezone(where)
            if shown.replace(tzinfo=None) != slot.local:
                raise AssertionError(f"{slot} is another slot already")
            assert shown.fold == 0, "of two, the first"
    forward, back = ZONES[zone]
    lengths = {day: len(moments("*/15 * * * *", zone, day, (day[0], day[1], day[2] + 1))) for day in (forward, back)}
    gap = {"Australia/Lord_Howe": 2, "Asia/Kolkata": 0}.get(zone, 4)
    assert lengths == {forward: 96 - gap, back: 96}, "the skipped quarters fall together with those that follow"


def test_a_slot_that_is_skipped() -> None:
    (slot,) = moments("30 2 * * *", "Europe/Paris", (2026, 3, 29), (2026, 3, 30))
    assert slot == Slot(datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    (slot,) = moments("30 2 * * *", "Europe/Paris", (2026, 10, 25), (2026, 10, 26))
    assert slot.comes == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_beginning_is_left_out_and_the_end_taken_in() -> None:
    ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert between(parse_cron("0 10 * * *"), ten, ten + timedelta(hours=1), UTC) == []
    assert len(between(parse_cron("0 10 * * *"), ten - timedelta(seconds=1), ten, UTC)) == 1
    assert between(parse_cron("0 10 * * *"), ten, ten - timedelta(days=3), UTC) == []


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("0 0 1 * *", [date(2026, month, 1) for month in range(2, 6)]),
        ("0 0 * * mon-wed", [date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7), date(2026, 1, 12)]),
        ("0 0 13 * 5", [date(2026, 1, 2), date(2026, 1, 9), date(2026, 1, 13), date(2026, 1, 16)]),
        ("0 0 */10 feb *", [date(2026, 2, 1), date(2026, 2, 11), date(2026, 2, 21), date(2027, 2, 1)]),
        ("0 0 29 2 *", [date(2028, 2, 29), date(2032, 2, 29)]),
        ("0 0 * * 0,7", [date(2026, 1, 4), date(2026, 1, 11)]),
        ("0 0 31 jan,MAR *", [date(2026, 1, 31), date(2026, 3, 31)]),
        ("0 0 1-7/2 6 *", [date(2026, 6, 1), date(2026, 6, 3), date(2026, 6, 5), date(2026, 6, 7)]),
    ],
)
def test_what_a_line_means(line: str, days: list[date]) -> None:
    at, found = datetime(2026, 1, 1, tzinfo=UTC), []
    for _ in days:
        comes = following(parse_cron(line), at, UTC)
        assert comes is not None
        at = comes
        found.append(at.date())
    assert found == days


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0 10 * *", "has 4 parts"),
        ("", "has 0 parts"),
        ("60 * * * *", "is no minute"),
        ("* 24 * * *", "is no hour"),
        ("* * 0 * *", "is no day of the month"),
        ("* * * 13 *", "is no month"),
        ("* * * * 8", "is no day of the week"),
        ("* * * * xyz", "is no day of the week"),
        ("*/0 * * * *", "has a step of 0"),
        ("30-10 * * * *", "runs backwards"),
        ("@daily", "has 1 part,"),
        ("1,,2 * * * *", "is no minute"),
        ("0 0 30 2 *", "never comes"),
        ("0 0 31 4,6,9,11 *", "never comes"),
    ],
)
def test_what_is_no_line_says_why_and_how_to_mend_it(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        parse_cron(line)
    assert ": " in str(caught.value)
