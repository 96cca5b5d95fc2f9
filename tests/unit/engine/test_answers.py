"""Every answer type: what it takes, what it gives, what it refuses."""

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.engine.worlds import START, ask
from trinario.engine.answer import TYPES, Bad, Good, Heeded, is_closed, read
from trinario.errors import EvaluationError
from trinario.model.channel import Identity
from trinario.model.heard import Heard, MediaHeard
from trinario.model.session import Offered

ME = Identity("messenger", "psid", "7")


def heed(type: str, text: str, *, locale: str = "en", kind: str = "text", media: tuple[str, ...] = (),
         options: tuple[Offered, ...] = (), payload: str = "", **more: Any) -> Good | Bad:  # fmt: skip
    files = tuple(MediaHeard(one, "9", "https://x/9") for one in media)
    heard = Heard(ME, "m", START, kind, text, payload, files)
    return read(Heeded(ask("q", "?", type=type, **more), heard, text, options, locale, "IT"))


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("12", "en", "12"), ("12.5", "en", "12.5"), ("1,000", "en", "1000"), ("1,000.50", "en", "1000.5"),
        ("1.000,50", "en", "1000.5"), ("1.000", "it", "1000"), ("1,5", "it", "1.5"), ("1.5", "it", "1.5"),
        ("1.500", "en", "1.5"), ("1,500", "it", "1.5"), ("1.234.567", "en", "1234567"), ("1,234,567.8", "de", "1234567.8"),
        ("€ 5.000", "it", "5000"), ("5000€", "it", "5000"), ("5000 eur", "en", "5000"), ("EUR 20", "en", "20"),
        ("$1,200.00", "en", "1200"), ("5 000", "fr", "5000"), ("5\u202f000,5", "fr", "5000.5"), ("5'000", "de", "5000"),
        ("٥٠٠", "ar", "500"), ("９", "ja", "9"), ("१२", "hi", "12"), ("-3", "en", "-3"), ("−3", "en", "-3"),
        ("0.50", "it", "0.5"), ("0,500", "en", "0.5"), (".5", "en", "0.5"), ("12.", "en", "12"), ("5.00", "en", "5"),
        ("ten", "en", "10"), ("5k", "en", None), ("1 2", "en", None), ("12 or 13", "en", None), ("", "en", None),
        ("1,2,3", "en", None), ("1.2.3", "it", None), ("10%", "en", None), ("1e5", "en", None), ("²", "en", "2"),
        ("9/10", "en", None), ("NaN", "en", None), ("1" * 50, "en", None), ("1,000.5", "es-MX", "1000.5"),
    ],
)  # fmt: skip
def test_numbers(text: str, locale: str, value: str | None) -> None:
    reading = heed("number", text, locale=locale)
    assert reading == (Bad("number") if value is None else Good(Decimal(value), text))


def test_a_number_that_reads_two_ways_is_the_one_within_bounds() -> None:
    assert heed("number", "5.000", min=Decimal(100)) == Good(Decimal(5000), "5.000")
    assert heed("number", "1,500", locale="it", max=Decimal(2)) == Good(Decimal("1.5"), "1,500")


def test_bounds_of_numbers() -> None:
    low, high = Decimal(100), Decimal(1000)
    assert heed("number", "5", min=low, max=high) == Bad("number_range", {"min": low, "max": high})
    assert heed("number", "5", min=low) == Bad("number_min", {"min": low})
    assert heed("number", "5000", max=high) == Bad("number_max", {"max": high})
    assert isinstance(heed("number", "100", min=low, max=high), Good)
    assert isinstance(heed("number", "1000", min=low, max=high), Good)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ana@example.org", "ana@example.org"), ("It's Ana.B+x@Example.ORG!", "Ana.B+x@example.org"),
        ("<ana@example.org>", "ana@example.org"), ("mailto:ana@example.org", "ana@example.org"),
        ("ana@sub.example.co.uk", "ana@sub.example.co.uk"), ("josé@exämple.de", "josé@exämple.de"),
        ("ana@example", None), ("ana at example.org", None), ("a@b.it c@d.it", None), ("@example.org", None),
        ("ana@@example.org", None), (".ana@example.org", None), ("a..b@example.org", None), ("ana@example.1", None),
        ("a" * 65 + "@example.org", None), ("ana@-example.org", None), ("", None),
    ],
)  # fmt: skip
def test_emails(text: str, value: str | None) -> None:
    reading = heed("email", text)
    assert reading == (Bad("email") if value is None else Good(value, value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("333 1234567", "+393331234567"), ("+39 333 1234567", "+393331234567"), ("0039 333 123 4567", "+393331234567"),
        ("+33 6 12 34 56 78", "+33612345678"), ("+1 (415) 555-2671", "+14155552671"), ("٣٣٣ ١٢٣ ٤٥٦٧", "+393331234567"),
        ("12", None), ("call me", None), ("", None), ("+999 123", None), ("3331234567 or maybe later", None),
    ],
)  # fmt: skip
def test_phones(text: str, value: str | None) -> None:
    reading = heed("phone", text)
    assert reading == (Bad("phone") if value is None else Good(value, value))


def offer(*titles: str) -> tuple[Offered, ...]:
    return tuple(Offered(f"s.1/1/{n}", title, title.lower(), title) for n, title in enumerate(titles, 1))


PLANTS = (
    Offered("s.1/1/1", "Piante", "Plants", "Plants", ("green",)),
    Offered("s.1/1/2", "Attrezzi", "Tools", "Tools"),
    Offered("s.1/1/3", "Caffè", "cafe", "Café", ("coffee", "bar")),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Piante", "Plants"), ("PLANTS", "Plants"), ("plants!", "Plants"), ("2", "Tools"), ("2.", "Tools"),
        ("#2", "Tools"), ("２", "Tools"), ("٢", "Tools"), ("2️⃣", "Tools"), ("(3)", "cafe"), ("cafe", "cafe"),
        ("CAFÉ ☕", "cafe"), ("caffe", "cafe"), ("Coffee", "cafe"), ("coffe", "cafe"), ("plnats", "Plants"), ("atrezzi", "Tools"),
        ("bra", None), ("4", None), ("0", None), ("plants and tools", None), ("", None), ("green", "Plants"), ("x", None),
        ("1st", None), ("22", None),
    ],
)  # fmt: skip
def test_choices(text: str, value: str | None) -> None:
    reading = heed("choice", text, options=PLANTS)
    assert reading == Bad("choice") if value is None else (isinstance(reading, Good) and reading.value == value)


def test_a_slip_that_fits_two_titles_fits_none() -> None:
    assert heed("choice", "marxa", options=offer("Maria", "Marta")) == Bad("choice")
    assert heed("choice", "marta", options=offer("Maria", "Marta")) == Good("marta", "Marta")


def test_titles_that_are_numbers_come_before_places() -> None:
    reading = heed("choice", "2", options=offer("3", "1", "2"))
    assert isinstance(reading, Good)
    assert reading.value == "2"


def test_signs_and_emoji_alone_are_told_apart() -> None:
    options = offer("👍", "👎", "10", "10%")
    assert heed("choice", "👎", options=options) == Good("👎", "👎")
    assert heed("choice", "10%", options=options) == Good("10%", "10%")
    assert heed("choice", "10", options=options) == Good("10", "10")


def test_payload_before_title() -> None:
    assert heed("choice", "Tools", kind="tap", payload="s.1/1/1", options=PLANTS) == Good("Plants", "Piante")


YES_NO = (
    Offered("s/1/1", "Sì", True, "yes", ("yes", "yeah", "sì", "ja")),
    Offered("s/1/2", "No", False, "no", ("no",)),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [("Yes", True), ("si", True), ("JA!", True), ("nO", False), ("1", True), ("2", False), ("maybe", None)],
)
def test_yes_and_no(text: str, value: bool | None) -> None:
    reading = heed("yes_no", text, options=YES_NO)
    assert reading == Bad("yes_no") if value is None else (isinstance(reading, Good) and reading.value is value)


@pytest.mark.parametrize(
    ("type", "media", "fits"),
    [
        ("image", "image", True), ("image", "video", False), ("image", "sticker", False), ("video", "video", True),
        ("audio", "audio", True), ("document", "document", True), ("media", "audio", True), ("media", "sticker", False),
        ("text", "image", False), ("name", "audio", False), ("number", "image", False), ("any", "audio", True),
        ("choice", "image", False), ("email", "document", False),
    ],
)  # fmt: skip
def test_files(type: str, media: str, fits: bool) -> None:
    reading = heed(type, "", kind="media", media=(media,), options=PLANTS)
    assert isinstance(reading, Good) is fits
    if fits:
        assert isinstance(reading, Good)
        assert reading.value["kind"] == media


def test_text_and_name() -> None:
    assert heed("text", " hello \n") == Good("hello", "hello")
    assert heed("text", "   ") == Bad("text")
    assert heed("text", "ab", min=Decimal(3)) == Bad("text")
    assert heed("text", "abc1", pattern="[a-z]+") == Bad("text")
    assert heed("text", "abc", pattern="[a-z]+") == Good("abc", "abc")
    assert heed("name", " Ana  Maria ") == Good("Ana Maria", "Ana Maria")
    assert heed("name", "12345") == Bad("name")


def test_any_takes_everything() -> None:
    assert heed("any", "hi") == Good("hi", "hi")
    assert heed("any", "", kind="location") == Good("location", "location")


def test_a_part_of_a_burst_is_enough_for_a_closed_question() -> None:
    assert heed("number", "well\n12") == Good(Decimal(12), "12")
    assert heed("text", "one\ntwo") == Good("one\ntwo", "one\ntwo")


def test_an_authors_pattern_cannot_blow_up() -> None:
    assert heed("text", "a" * 5000 + "b", pattern="(a+)+$") == Bad("text")
    with pytest.raises(EvaluationError, match="pattern"):
        heed("text", "a", pattern="(")


def test_types_nobody_reads() -> None:
    with pytest.raises(EvaluationError):
        is_closed(ask("q", "?", type="riddle"))


def test_open_and_closed() -> None:
    assert {name for name, kind in TYPES.items() if not kind.closed} == {"text", "name", "address", "any"}


TWELVE = offer(*(f"Item {letter}" for letter in "abcdefghijkl"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2), ("2.", 2), ("2)", 2), ("(2)", 2), ("[2]", 2), ("#2", 2), ("# 2", 2), ("２", 2), ("٢", 2), ("2️⃣", 2),
        ("②", 2), ("12", 12), ("1️⃣2️⃣", 12), ("2!", 2), ("2 👍", 2), ("\u200e2\u200f", 2), ("02", 2), ("1, 2", None),
        ("1/2", None), ("1.2", None), ("0.5", None), ("-1", None), ("+2", None), ("10 €", None), ("12:00", None),
        ("½", None), ("1 2", None), ("0", None), ("13", None), ("1-2", None), ("2%", None), ("#", None),
    ],
)  # fmt: skip
def test_a_number_picks_a_choice_only_if_it_is_one(text: str, number: int | None) -> None:
    reading = heed("choice", text, options=TWELVE)
    assert reading == (Bad("choice") if number is None else Good(TWELVE[number - 1].value, TWELVE[number - 1].title))


def test_several_numbers_with_dashes_before_them() -> None:
    reading = heed("multi_choice", "- 1\n- 3", options=TWELVE)
    assert isinstance(reading, Good)
    assert reading.value == [TWELVE[0].value, TWELVE[2].value]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("email", "\u200bana@example.org", "ana@example.org"), ("email", "ana\u00ad@example.org\u2060", "ana@example.org"),
        ("email", "\ufeffana@exam\u200bple.org", "ana@example.org"), ("phone", "\u202a+39 333 123 4567\u202c", "+393331234567"),
        ("phone", "\u2068333 123 4567\u2069", "+393331234567"), ("url", "\u200eexample.org/\u200ba", "https://example.org/a"),
        ("number", "\u200e500\u200f", Decimal(500)), ("nps", "\u200b9", Decimal(9)),
    ],
)  # fmt: skip
def test_marks_that_nobody_sees_are_dropped(kind: str, text: str, value: object) -> None:
    reading = heed(kind, text)
    assert isinstance(reading, Good)
    assert reading.value == value


def test_marks_that_nobody_sees_in_a_typed_contact() -> None:
    reading = heed("contact", "Ana Rossi \u202a+39 333 123 4567\u202c")
    assert isinstance(reading, Good)
    assert reading.value == {
        "name": "Ana Rossi", "first_name": "Ana", "last_name": "Rossi", "phone": "+393331234567", "email": "",
    }  # fmt: skip
