"""What a text means by the kind of its field, and what is said of one that means nothing."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trinario.authoring.codes import CODES
from trinario.authoring.issue import Issue
from trinario.authoring.scalars import ABOUT, EXAMPLES, READERS, read_scalar
from trinario.authoring.source import Document, Mapping, read_source
from trinario.authoring.unreadable import Unreadable
from trinario.model.duration import Duration

VALUES = [
    ("text", "no", "no"),
    ("text", "0123", "0123"),
    ("text", "", ""),
    ("integer", "12", 12),
    ("integer", "-3", -3),
    ("integer", "007", 7),
    ("number", "1.10", Decimal("1.10")),
    ("number", "-.5", Decimal("-0.5")),
    ("number", "1e3", Decimal(1000)),
    ("boolean", "true", True),
    ("boolean", "false", False),
    ("duration", "1d", Duration(1, 0)),
    ("duration", "24h", Duration(0, 86_400)),
    ("duration", "-1d", Duration(-1, 0)),
    ("time", "9:05", time(9, 5)),
    ("time", "22:30", time(22, 30)),
    ("time_range", "09:00-20:00", (time(9), time(20))),
    ("time_range", "21:00 \u2013 9:00", (time(21), time(9))),
    ("date", "2026-12-01", date(2026, 12, 1)),
    ("datetime", "2026-12-01 10:00", datetime(2026, 12, 1, 10)),
    ("datetime", "2026-03-28T10:00+01:00", datetime(2026, 3, 28, 10, tzinfo=timezone(timedelta(hours=1)))),
    ("datetime", "2026-03-28T10:00:30Z", datetime(2026, 3, 28, 10, 0, 30, tzinfo=UTC)),
    ("date_or_datetime", "2026-12-01", date(2026, 12, 1)),
    ("date_or_datetime", "2026-12-01 7:00", datetime(2026, 12, 1, 7)),
    ("percentage", "10%", Decimal(10)),
    ("percentage", "12.5 %", Decimal("12.5")),
    ("percentage", "100", Decimal(100)),
    ("name", "lead_capture2", "lead_capture2"),
    ("url", "https://luckygarden.example/a?b=c%20d#e", "https://luckygarden.example/a?b=c%20d#e"),
    ("url", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ("locale", "it", "it"),
    ("locale", "pt_BR", "pt-BR"),
    ("locale", "zh-Hant", "zh-Hant"),
    ("zone", "Europe/Rome", "Europe/Rome"),
    ("zone", "UTC", "UTC"),
]


@pytest.mark.parametrize(("kind", "text", "value"), VALUES)
def test_values(kind: str, text: str, value: object) -> None:
    read = READERS[kind](text)
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "hint"),
    [
        ("integer", "1,000", "1000"),
        ("integer", "two", "write 2"),
        ("integer", "3.0", "write 3"),
        ("integer", "٣", "digits"),
        ("number", "1,5", "1.5"),
        ("number", "1,000.50", "1000.50"),
        ("number", "1.000,50", "1000.50"),
        ("number", "5 EUR", "write the number alone: 5"),
        ("number", "€5", "5"),
        ("number", "nan", "digits"),
        ("boolean", "yes", "write true"),
        ("boolean", "off", "write false"),
        ("boolean", "True", "write true"),
        ("boolean", "maybe", "true or false"),
        ("duration", "2 days", "write 2d"),
        ("duration", "30", "30s, 30m"),
        ("duration", "1 month", "30d"),
        ("duration", "P1M", "P30D"),
        ("duration", "1.5d", "36h"),
        ("duration", "", "30s"),
        ("duration", "1h 30", "30s"),
        ("time", "9 pm", "write 21:00"),
        ("time", "9.30", "write 09:30"),
        ("time", "24:00", "00:00"),
        ("time", "9", "write 09:00"),
        ("time", "25:00", "00 to 23"),
        ("time_range", "9 to 20", "09:00-20:00"),
        ("time_range", "9-20", "write 09:00"),
        ("time_range", "09:00-09:00", "whole day"),
        ("date", "2026/4/3", "write 2026-04-03"),
        ("date", "3/4/2026", "year-month-day"),
        ("date", "2026-02-30", "check"),
        ("datetime", "2026-12-01", "2026-12-01 10:00"),
        ("datetime", "2026-12-01 25:00", "00 to 23"),
        ("datetime", "2026-12-01 10:00+99:00", "+01:00"),
        ("percentage", "0,5", "write 0.5"),
        ("percentage", "101", "0 to 100"),
        ("name", "Lead-Capture", "write lead_capture"),
        ("name", "2nd step", "write step_2nd_step"),
        ("name", "vars.part", "write part"),
        ("name", "", "lead_capture"),
        ("url", "luckygarden.example", "write https://luckygarden.example"),
        ("url", "https://a b.example", "%20"),
        ("url", "https://u:p@x.example", "like"),
        ("url", "javascript:alert(1)", "like"),
        ("url", "https://[x", "like"),
        ("locale", "italian", "write it"),
        ("locale", "xx", "code"),
        ("zone", "CET", "region and city"),
        ("zone", "Rome", "Europe/Rome"),
        ("zone", "Europe/Rom", "Europe/Rome"),
        ("zone", "America/New York", "America/New_York"),
    ],
)
def test_hints(kind: str, text: str, hint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        READERS[kind](text)
    assert hint in caught.value.hint
    assert caught.value.code in CODES


def test_every_kind_is_whole() -> None:
    assert READERS.keys() == ABOUT.keys() == EXAMPLES.keys()
    for kind, example in EXAMPLES.items():
        READERS[kind](example)


def test_in_a_file() -> None:
    document = read_source(b"a: 3\nb: three\nc: [1]\nd:\ne:\n", "f.yaml")
    assert isinstance(document, Document) and isinstance(document.root, Mapping)
    values = [
        read_scalar("text" if key.text == "e" else "integer", value, document) for key, value in document.root.pairs
    ]
    assert (values[0], values[4]) == (3, "")
    told = [(v.code, v.line, v.column, v.hint) for v in values if isinstance(v, Issue)]
    assert told == [
        ("S031", 2, 4, "write 3"),
        ("S030", 3, 4, "write one text, not a list"),
        ("S030", 4, 3, "like 3"),
    ]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(READERS)), st.text(max_size=30) | st.text("0123456789:.,TPZhmdsw+ -", max_size=20))
def test_any_text_is_a_value_or_a_fault(kind: str, text: str) -> None:
    try:
        READERS[kind](text)
    except Unreadable as fault:
        assert fault.code in CODES and fault.message and fault.hint
