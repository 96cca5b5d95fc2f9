"""Time: calendar days, both nights of daylight saving, allowed hours, what comes too late."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.engine.worlds import Person, ask, bot, c, d, flow, send
from trinario.engine.time import after, allowed, before, elapsed, moment_of, zone_of
from trinario.errors import EvaluationError
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.flow import Wait

PARIS = ZoneInfo("Europe/Paris")


def z(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "span", "earlier"),
    [
        ("2026-03-29T07:00", "1d", "2026-03-28T08:00"), ("2026-03-29T07:00", "24h", "2026-03-28T07:00"),
        ("2026-10-25T08:00", "1d", "2026-10-24T07:00"), ("2026-10-25T08:00", "24h", "2026-10-24T08:00"),
        ("2026-03-29T07:00", "2h", "2026-03-29T05:00"), ("2026-03-31T10:00", "1w", "2026-03-24T11:00"),
    ],
)  # fmt: skip
def test_days_are_of_the_calendar_and_hours_have_elapsed(moment: str, span: str, earlier: str) -> None:
    assert before(z(moment), d(span), PARIS) == z(earlier)
    assert after(z(earlier), d(span), PARIS) == z(moment)


def test_local_times_that_are_not_there_or_twice() -> None:
    assert moment_of(datetime(2026, 3, 29, 2, 30), PARIS) == z("2026-03-29T01:30")
    assert moment_of(datetime(2026, 10, 25, 2, 30), PARIS) == z("2026-10-25T00:30")
    assert moment_of("2026-03-29T02:30", PARIS) == z("2026-03-29T01:30")
    assert moment_of(date(2026, 7, 1), PARIS) == z("2026-06-30T22:00")
    assert moment_of("2026-07-01", PARIS) == z("2026-06-30T22:00")


@pytest.mark.parametrize("value", ["soon", 7, None, True, "2026-13-01"])
def test_no_moment(value: object) -> None:
    with pytest.raises(EvaluationError):
        moment_of(value, PARIS)


def test_the_ends_of_the_calendar() -> None:
    with pytest.raises(EvaluationError):
        after(z("9999-12-31T00:00"), d("30d"), PARIS)
    with pytest.raises(EvaluationError):
        elapsed(z("9999-12-31T00:00"), d("30d"))


NINE_TO_EIGHT = (540, 1200)
NIGHT = (22 * 60, 6 * 60)
WEEKDAYS = frozenset(range(5))


@pytest.mark.parametrize(
    ("moment", "between", "days", "first"),
    [
        ("2026-03-02T10:00", NINE_TO_EIGHT, frozenset(), "2026-03-02T10:00"),
        ("2026-03-02T23:30", NINE_TO_EIGHT, frozenset(), "2026-03-03T08:00"),
        ("2026-03-02T05:00", NINE_TO_EIGHT, frozenset(), "2026-03-02T08:00"),
        ("2026-03-02T19:00", NINE_TO_EIGHT, frozenset(), "2026-03-03T08:00"),
        ("2026-03-06T19:00", NINE_TO_EIGHT, WEEKDAYS, "2026-03-09T08:00"),
        ("2026-03-07T12:00", None, WEEKDAYS, "2026-03-08T23:00"),
        ("2026-03-28T20:00", NINE_TO_EIGHT, frozenset(), "2026-03-29T07:00"),
        ("2026-10-24T20:00", NINE_TO_EIGHT, frozenset(), "2026-10-25T08:00"),
        ("2026-03-02T03:00", NIGHT, frozenset(), "2026-03-02T03:00"),
        ("2026-03-02T12:00", NIGHT, frozenset(), "2026-03-02T21:00"),
        ("2026-03-07T02:00", NIGHT, frozenset({4}), "2026-03-07T02:00"),
        ("2026-03-07T12:00", NIGHT, frozenset({4}), "2026-03-13T21:00"),
        ("2026-03-02T12:00", (0, 1440), frozenset(), "2026-03-02T12:00"),
    ],
)
def test_allowed_hours_and_days(moment: str, between: tuple[int, int] | None, days: frozenset[int], first: str) -> None:
    assert allowed(z(moment), between, days, PARIS) == z(first)


@pytest.mark.parametrize(
    ("timezone", "phone", "zone"),
    [
        ("Asia/Tokyo", "393331234567", "Asia/Tokyo"), (None, "33612345678", "Europe/Paris"),
        (None, "14155552671", "Europe/Berlin"), (None, "5511987654321", "Europe/Berlin"), ("Nowhere", "", "Europe/Berlin"),
        (None, "12", "Europe/Berlin"), (None, "819012345678", "Asia/Tokyo"), (None, "3545551234", "Atlantic/Reykjavik"),
    ],
)  # fmt: skip
def test_zones(timezone: str | None, phone: str, zone: str) -> None:
    contact = Contact(1, z("2026-01-01"), (Identity("whatsapp", "phone", phone),), timezone=timezone)
    berlin = replace(bot(), timezone="Europe/Berlin")
    found = zone_of(berlin, contact)
    moment = z("2026-06-01")
    assert moment.astimezone(found).utcoffset() == moment.astimezone(ZoneInfo(zone)).utcoffset()


def sleeping(**wait: Any) -> Person:
    ana = Person(bot(flow("f", Wait(name="w", **wait), send("s", "S"), send("t", "T"))), timezone="Europe/Paris")
    ana.start("f")
    return ana


def test_a_wait() -> None:
    ana = sleeping(duration=d("26h"))
    assert ana.said == []
    assert ana.after("25h") == []
    assert ana.after("1h") == ["S", "T"]
    assert sleeping(duration=d("0s")).said == ["S", "T"]


def test_a_wait_for_an_hour_of_the_day() -> None:
    ana = sleeping(duration=d("10h"), between=NINE_TO_EIGHT)
    assert ana.waiting.wake_at == z("2026-03-03T08:00")
    assert sleeping(duration=d("10h"), between=NINE_TO_EIGHT, zone="Asia/Tokyo").waiting.wake_at == z(
        "2026-03-03T00:00"
    )


def test_a_wait_until() -> None:
    ana = sleeping(until=c("'2026-03-29T09:00'"), offset=d("1d"), offset_back=True)
    assert ana.waiting.wake_at == z("2026-03-28T08:00")
    ana = sleeping(until=c("'2026-03-28T09:00+01:00'"), offset=d("1d"))
    assert ana.waiting.wake_at == z("2026-03-29T07:00")
    assert sleeping(until=c("now")).said == ["S", "T"]


def test_a_moment_that_has_passed_is_skipped_with_what_follows() -> None:
    assert sleeping(until=c("'2026-03-01'")).said == ["T"]
    assert sleeping(until=c("'2026-03-01'"), exits={"late": "s"}).said == ["S", "T"]
    assert sleeping(until=c("'2026-03-01'"), next="t").said == []


def test_too_late_is_skipped() -> None:
    for late, said in (("3h", ["T"]), ("5h", ["S", "T"])):
        ana = sleeping(duration=d("1h"), late=d(late))
        ana.wait_a(5 * 3600)
        assert ana.ring(ana.waiting) == said
    ana = sleeping(duration=d("1h"))
    ana.wait_a(5 * 86400)
    assert ana.ring(ana.waiting) == ["S", "T"]


def test_a_process_that_was_down_keeps_to_the_hours() -> None:
    ana = sleeping(duration=d("1h"), between=NINE_TO_EIGHT)
    ana.wait_a(13 * 3600)
    assert ana.ring(ana.waiting) == []
    assert ana.waiting.wake_at == z("2026-03-03T08:00")
    assert ana.after("9h") == ["S", "T"]


def test_messages_do_not_end_a_wait() -> None:
    ana = sleeping(duration=d("1h"))
    assert ana.write("hello") == []
    assert ana.after("1h") == ["S", "T"]


@pytest.mark.parametrize(
    "wait", [{"until": c("fields.city")}, {"until": c("'x'")}, {"zone": "Mars/Base", "duration": d("1h")}]
)
def test_waits_that_cannot_be_reckoned(wait: dict[str, Any]) -> None:
    ana = sleeping(**wait)
    assert ana.said == ["Something went wrong."]
    assert ana.statuses == {"f": "failed"}


def test_now_is_hers() -> None:
    f = flow("f", send("s", "{{ now.hour }} {{ today }} {{ ago('1d') }} {{ ago('24h').hour }}"), ask("q", "?"))
    ana = Person(bot(f), timezone="Asia/Tokyo")
    assert ana.start("f")[0] == "19 2026-03-02 2026-03-01 10:00 10"
