"""Answer types in the machine: what is shown, which exit is taken, which bounds hold; reading never raises."""

import timeit
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, format_datetime, format_time
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.engine.test_golden_answers import TEMPLATES
from tests.unit.engine.worlds import START, Person, ask, bot, d, flow, p, send
from trinario.authoring.parse import parse_flow
from trinario.authoring.patterns import patterns
from trinario.engine.answer import TYPES, Bad, Good, Heeded, Reading, read
from trinario.expressions import compile_phrase
from trinario.expressions.printing import text_of
from trinario.model.channel import Identity
from trinario.model.flow import Ask, Flow
from trinario.model.heard import Heard, MediaHeard
from trinario.model.interactive import Wanted
from trinario.model.message import Choices, Text
from trinario.model.session import Offered

ME = Identity("whatsapp", "phone", "7")
ROME = ZoneInfo("Europe/Rome")
LOCALES = ("en", "it", "es", "de", "fr", "pt")
OFFERED = tuple(Offered(f"s/1/{n}", title, title, title) for n, title in enumerate(("Red", "Blue"), 1))


def heed(kind: str, text: str, locale: str = "en", at: datetime = START, **more: Any) -> Reading:
    heard = Heard(ME, "m", START, "text", text)
    return read(Heeded(ask("q", "?", type=kind, **more), heard, text, OFFERED, locale, "IT", "EUR", at, ROME))


def value(kind: str, text: str, locale: str = "en", **more: Any) -> Any:
    reading = heed(kind, text, locale, **more)
    assert isinstance(reading, Good), (kind, text, locale, reading)
    return reading.value


def parsed(*steps: str) -> Flow:
    found = parse_flow(("flow: f\nsteps:\n" + "".join(f"  {step}\n" for step in steps)).encode(), "f.yaml")
    assert found.flow is not None, [str(issue) for issue in found.issues]
    return found.flow


def person(*steps: str, language: str = "en", **more: Any) -> Person:
    made = Person(bot(parsed(*steps), patterns=patterns({}, "en"), currency="EUR", **more), language=language)
    made.start("f")
    return made


# ---- never raises


ODD = st.text(max_size=60) | st.text("0123456789./:-, hmpa٣९½²①❷日", max_size=14) | st.lists(
    st.sampled_from([
        "in", "tra", "friday", "venerdì", "next", "3", "31", "half", "mezza", "un", "una", "a", "h", "quarter", "to",
        "past", "hours", "ora", "€", "ago", "may", "maggio", "2026", "99999", "🔟", "/", ".", "-", "and", "e", "halb",
        "viertel", "vor", "pm", "stars", "twenty", "von", "https://", "geo:", "@", "0000",
    ]), max_size=9,
).map(" ".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(ODD, st.sampled_from((*LOCALES, "en-US", "ar", "ja", "xx", "", "pt-BR", "zh_TW")))
@example("in 999999 years", "en")
@example("01/01/0000", "it")
@example("9" * 200, "de")
def test_reading_never_raises(text: str, locale: str) -> None:
    for kind in TYPES:
        reading = heed(kind, text, locale)
        assert isinstance(reading, Good | Bad)
        assert isinstance(
            heed(kind, text, locale, min=None, max=None, at=datetime(9999, 12, 31, tzinfo=UTC)), Good | Bad
        )


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["location", "contacts", "order", "media", "other", "tap"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["latitude", "longitude", "name", "contacts", "phones", "phone", "product_items", "quantity",
                             "item_price", "products", "currency"]), inner, max_size=4), max_leaves=12,
    ),
)  # fmt: skip
def test_whatever_is_sent_never_raises(kind: str, data: object) -> None:
    heard = Heard(ME, "m", START, kind, "x", data=data if isinstance(data, dict) else {"contacts": data})
    for name in TYPES:
        assert isinstance(read(Heeded(ask("q", "?", type=name), heard, "x", OFFERED)), Good | Bad)


@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"audio", "media", "any"}))
def test_a_voice_note_is_an_answer_to_sounds_only(kind: str) -> None:
    heard = Heard(ME, "m", START, "media", "12", media=(MediaHeard("audio", "9"),))
    assert isinstance(read(Heeded(ask("q", "?", type=kind), heard, "12", OFFERED)), Bad)


# ---- what we print is read as what it is


NEAR = st.dates(date(1960, 1, 1), date(2040, 12, 31))


@settings(max_examples=100, deadline=None)
@given(NEAR, st.sampled_from(LOCALES))
def test_days_as_we_print_them_are_read_as_they_are(day: date, locale: str) -> None:
    assert value("date", text_of(day), locale) == day
    for form in ("medium", "long", "full"):
        assert value("date", format_date(day, form, locale=locale), locale) == day


@settings(max_examples=100, deadline=None)
@given(st.times(), st.sampled_from(LOCALES))
def test_times_as_we_print_them_are_read_as_they_are(moment: time, locale: str) -> None:
    whole = moment.replace(second=0, microsecond=0)
    assert value("time", text_of(whole), locale) == whole
    assert value("time", format_time(whole, "short", locale=locale), locale) == whole


@settings(max_examples=100, deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)), st.sampled_from(LOCALES))  # noqa: DTZ001 - drawn without a zone
def test_moments_as_we_print_them_are_read_as_they_are(naive: datetime, locale: str) -> None:
    whole = naive.replace(second=0, microsecond=0, tzinfo=ROME).astimezone(UTC).astimezone(ROME)
    if whole.fold == 0:  # the second of two equal times cannot be told
        assert value("datetime", text_of(whole), locale) == whole
        assert value("datetime", format_datetime(whole, "d MMM y HH:mm", locale=locale), locale) == whole


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400_000), st.sampled_from(LOCALES))
def test_spans_as_we_print_them_are_read_as_they_are(seconds: int, locale: str) -> None:
    assert value("duration", text_of(timedelta(seconds=seconds)), locale) == timedelta(seconds=seconds)


@settings(max_examples=100, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False), st.sampled_from(LOCALES))
def test_numbers_as_we_print_them_are_read_as_they_are(number: Decimal, locale: str) -> None:
    shown = compile_phrase("{{ n | number }}").render({"n": number, "$locale": locale})
    assert value("number", shown, locale) == number
    assert value("money", f"{shown} €", locale) == number


@given(st.integers(0, 10), st.sampled_from(LOCALES))
def test_scores_as_we_print_them_are_read_as_they_are(score: int, locale: str) -> None:
    assert value("nps", f"{score}/10", locale) == value("nps", str(score), locale) == Decimal(score)


# ---- bounds


def test_of_two_readings_the_one_within_the_bounds_is_meant() -> None:
    assert value("time", "at 3", min=time(9), max=time(18)) == time(15)
    assert value("date", "12 May", max=date(2026, 3, 2)) == date(2025, 5, 12)
    assert value("date", "12/05/30", max=date(2026, 3, 2)) == date(1930, 5, 12)
    assert value("date", "12/05/2026", min=date(2026, 6, 1)) == date(2026, 12, 5)
    noon = datetime(2026, 3, 3, 12, tzinfo=ROME)
    assert value("datetime", "tomorrow at 3", min=noon) == datetime(2026, 3, 3, 15, tzinfo=ROME)


@pytest.mark.parametrize(
    ("step", "wrong", "said"),
    [
        ("{ask: D?, type: date, min: 2026-03-05}", "tomorrow", "It cannot be before March 5, 2026."),
        ('{ask: D?, type: date, min: "{{ today }}"}', "yesterday", "It cannot be before March 2, 2026."),
        ('{ask: D?, type: date, max: "{{ ago(\'-90d\') }}"}', "31.12.2026", "It cannot be after May 31, 2026."),
        ("{ask: D?, type: time, min: 09:00, max: 18:00}", "20:00", "It has to be between 9:00 AM and 6:00 PM."),
        ("{ask: D?, type: datetime, max: 2026-03-04}", "5 March 10:00", "It cannot be after 4 March 2026 23:59."),
        ("{ask: D?, type: datetime, min: 2026-03-04 10:00}", "4 March 09:59", "It cannot be before 4 March 2026 10:00."),
        ('{ask: D?, type: datetime, min: "{{ now }}"}', "today 9am", "It cannot be before 2 March 2026 11:00."),
        ("{ask: D?, type: duration, max: 8h}", "9 hours", "It can be 8h at most."),
        ("{ask: D?, type: money, min: 10}", "5", "A number of at least 10, please."),
        ("{ask: D?, type: money}", "$5", "We reckon in EUR here. How much is it in EUR?"),
        ('{ask: D?, type: number, max: "{{ 2 + 3 }}"}', "6", "A number of at most 5, please."),
        ("{ask: D?, type: rating}", "6", "Please answer with a number from 1 to 5."),
        ("{ask: D?, type: rating, max: 10}", "11", "Please answer with a number from 1 to 10."),
        ("{ask: D?, type: multi_choice, choices: [A, B, C], max: 2}", "all", "Please choose at most 2 of these."),
    ],
)  # fmt: skip
def test_the_bounds_are_told(step: str, wrong: str, said: str) -> None:
    one = person(f"q: {step}")
    assert one.write(wrong)[0].replace("\u202f", " ").splitlines()[0].partition(" [")[0] == said


def test_a_bound_that_cannot_be_worked_out_ends_the_session_with_a_report() -> None:
    one = person('q: {ask: "D?", type: date, min: "{{ \'soon\' }}"}')
    one.write("tomorrow")
    assert any("`min` of q takes a date" in reason for reason in one.reports)


def test_dates_are_reckoned_in_her_zone() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # half past midnight in Rome
    assert value("date", "tomorrow", at=late) == date(2026, 3, 4)
    moment = value("datetime", "tomorrow at 9", at=late)
    assert moment == datetime(2026, 3, 4, 9, tzinfo=ROME) and moment.isoformat() == "2026-03-04T09:00:00+01:00"


# ---- what she sees and where it leads


@pytest.mark.parametrize(
    ("score", "said"),
    [("0", "Sorry"), ("6", "Sorry"), ("7", "Thanks"), ("8", "Thanks"), ("9", "Great"), ("10", "Great")],
)
def test_the_exits_of_nps(score: str, said: str) -> None:
    steps = ("q: {ask: Would you?, type: nps, on_promoter: great, on_passive: thanks, on_detractor: sorry}",
             "great: {send: Great, next: end}", "thanks: {send: Thanks, next: end}", "sorry: {send: Sorry}")  # fmt: skip
    assert person(*steps).write(score) == [said]
    one = person(*steps)
    assert one.tap(score) == [said]


def test_an_exit_that_nobody_names_is_next() -> None:
    steps = (
        "q: {ask: Would you?, type: nps, on_detractor: sorry, next: bye}",
        "sorry: {send: Sorry}",
        "bye: {send: Bye}",
    )
    assert person(*steps).write("9/10") == ["Bye"]
    assert person(*steps).write("2") == ["Sorry", "Bye"]


def test_scales_are_tapped() -> None:
    assert person("q: {ask: How?, type: rating}").said == ["How? [1 | 2 | 3 | 4 | 5]"]
    assert person("q: {ask: How?, type: rating, min: 0, max: 3}").said == ["How? [0 | 1 | 2 | 3]"]
    assert person("q: {ask: How?, type: nps}").said == ["How? [0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10]"]
    one = person("q: {ask: How?, type: rating}", "s: {send: '{{ answers.q + 1 }}'}")
    assert one.tap("4") == ["5"]


def test_several_choices_are_listed_and_not_tapped() -> None:
    one = person(
        "q: {ask: Which?, type: multi_choice, choices: [Red, Blue]}", "s: {send: '{{ answers.q | join(\"+\") }}'}"
    )
    assert one.said == ["Which?\n\n1. Red\n2. Blue\n\nYou can name several, like 1, 2."]
    assert isinstance(one.says[0].content, Text)
    assert one.write("green")[0].endswith("1. Red\n2. Blue\n\nYou can name several, like 1, 2.")
    assert one.write("2 and 1") == ["Red+Blue"]


def test_several_choices_from_data() -> None:
    step = "q: {ask: Which?, type: multi_choice, choices: {from: vars.xs, title: item}}"
    made = parse_flow(f"flow: f\nvars: {{xs: [Red, Blue]}}\nsteps:\n  {step}\n".encode(), "f.yaml").flow
    assert made is not None
    one = Person(bot(made, patterns=patterns({}, "en")))
    one.start("f")
    assert one.said[0].startswith("Which?\n\n1. Red\n2. Blue")
    one.write("1, 2")
    assert [session.answers["q"] for session in one.sessions.values()] == [["Red", "Blue"]]


def test_a_default_is_read_as_an_answer() -> None:
    for kind, default, wanted in (("number", "7", Decimal(7)), ("date", "2026-12-31", date(2026, 12, 31)),
                                  ("yes_no", "no", False), ("number", "unknown", "unknown"), ("text", "7", "7")):  # fmt: skip
        one = Person(bot(flow("f", ask("q", "?", type=kind, timeout=d("1h"), default=p(default)), send("s", "Bye"))))
        one.start("f")
        assert one.after("2h") == ["Bye"]
        assert [session.answers["q"] for session in one.sessions.values()] == [wanted]


def test_values_go_on_in_expressions() -> None:
    one = person(
        "q: {ask: How long?, type: duration}", "s: {send: '{{ answers.q }}, {{ (now + answers.q) | date(\"HH:mm\") }}'}"
    )
    assert one.write("an hour and a half") == ["1h30m, 12:30"]
    two = person("q: {ask: When?, type: date}", "s: {send: '{{ answers.q }} {{ answers.q > today }}'}")
    assert two.write("tomorrow") == ["2026-03-03 true"]


def test_every_wrong_answer_is_told_in_every_language() -> None:
    for name in sorted(set(TYPES) - {"any"}):
        choices = ", choices: [Red, Blue]" if name in ("choice", "multi_choice") else ""
        choices += """, phone: "{{ '+39 333 1234567' }}", template: login_code""" if name == "otp" else ""
        said = set()
        for language in LOCALES:
            asked = "{text: Q?, form: {id: 1, button: Go}}" if name == "form" else "Q?"
            one = person(f"q: {{ask: {asked}, type: {name}{choices}}}", language=language, templates=TEMPLATES)
            said.add(one.media("sticker")[0])
            assert isinstance(one.says[0].content, Text | Choices | Wanted)
        assert len(said) == len(LOCALES), name


# ---- how long it takes


@pytest.mark.parametrize(
    ("kind", "text", "locale"),
    [("text", "Hello there", "en"), ("number", "1.234,56", "it"), ("date", "venerdì prossimo", "it"),
     ("date", "31 December 2026", "en"), ("time", "half past three", "en")],
)  # fmt: skip
def test_reading_is_quick(kind: str, text: str, locale: str) -> None:
    step: Ask = ask("q", "?", type=kind)
    heard = Heard(ME, "m", START, "text", text)
    heeded = Heeded(step, heard, text, (), locale, "IT", "EUR", START, ROME)
    read(heeded)
    best = min(timeit.repeat(lambda: read(heeded), number=200, repeat=5)) / 200
    assert best < (20e-6 if kind == "text" else 100e-6)


@pytest.mark.parametrize("text", [
    "a" * 9999, "a." * 4999, "x" + " " * 999 + "y", "1" * 9999, "1," * 4999, "a@" * 4000, "1 " * 499, "and " * 240, "١" * 9999,
    "http://" * 300, ("a" * 61 + ".") * 30, "https://www.google.com/maps/" + "1" * 1900, "red and " * 120, "(1)" * 60, "-a" * 900,
])  # fmt: skip
def test_hostile_texts_cost_little(text: str) -> None:
    for kind in TYPES:
        heed(kind, text)
        best = min(timeit.repeat(lambda kind=kind: heed(kind, text + "!"), number=1, repeat=3))  # type: ignore[misc]
        assert best < 0.01, kind
