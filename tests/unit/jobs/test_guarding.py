"""Who writes like no person does is heard, and not answered for a while; who writes quickly is answered."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.jobs.test_receive import ANA, NOW, House
from trinario import jsons
from trinario.authoring.guard_settings import guard_of
from trinario.authoring.parse_bot import parse_bot
from trinario.jobs.flood import Counter
from trinario.jobs.wake import ring_timers
from trinario.model.bot import Pattern, Team
from trinario.model.guard import Flood, Guard
from trinario.model.heard import Heard


def a_house(**rules: object) -> House:
    """A house whose bot has a team with an address."""
    house = House()
    bot = replace(
        house.world.bot(),
        guard=replace(Guard(), **rules),  # type: ignore[arg-type]
        teams={"care": Team("care", ("mailto:care@shop.example",))},
        patterns={"stop": Pattern(words={"en": ("stop",)})},
    )
    house.world = replace(house.world, bot=lambda: bot)
    return house


def says(house: House, count: int, apart: float, text: str = "message {}", first: int = 0) -> None:
    """So many messages, each so many seconds after the one before, each worked off at once."""
    for number in range(first, first + count):
        house.now += timedelta(seconds=apart)
        house.hear(text.format(number), id=f"m{number}")
        house.work()


def test_a_flood_is_kept_and_answered_no_more() -> None:
    house = a_house()
    says(house, 40, 0.5)
    assert len(house.texts()) == 30 and house.owner() == "person"
    assert house.rows("SELECT COUNT(*) FROM messages WHERE direction = 'in'") == [(40,)]
    assert (
        house.rows("SELECT name, data FROM events WHERE name = 'guard'")[0][1].count("31 messages within 1 minute") == 1
    )
    (told,) = house.rows("SELECT address, text FROM notices")
    assert told[0] == "mailto:care@shop.example" and "Answers are paused until 2026-05-01 12:15 UTC" in told[1]


def test_after_the_pause_the_bot_answers_again() -> None:
    house = a_house()
    says(house, 40, 0.5)
    house.now += timedelta(minutes=16)
    house.store.run_now(lambda u: ring_timers(u, house.now))
    while house.work().rows:
        pass
    assert house.owner() == "bot"
    says(house, 1, 1.0, "here I am", 90)
    assert house.texts()[-1] == "You said here I am"


def test_answers_that_wait_for_a_machine_do_not_go() -> None:
    house = a_house(floods=(Flood(3, timedelta(minutes=1)),))
    says(house, 4, 0.1)
    assert {row[0] for row in house.rows("SELECT refusal FROM outbox")} == {"owner"}


def test_a_backlog_of_an_hour_is_no_flood() -> None:
    """The time of a message is the platform's: what a bot that was down works off at once was written slowly."""
    house = a_house()
    for number in range(40):
        house.now = NOW + timedelta(minutes=number)
        house.hear(f"message {number}", id=f"m{number}")
    while house.work().rows:
        pass
    assert len(house.texts()) == 40 and house.owner() == "bot"


def test_a_stop_word_counts_also_in_a_pause() -> None:
    house = a_house()
    says(house, 40, 0.5)
    says(house, 1, 1.0, "STOP", 90)
    assert jsons.loads(house.rows("SELECT consent FROM contacts")[0][0]) == {"marketing": False}


def test_two_bots_that_say_the_same_again_and_again() -> None:
    house = a_house()
    says(house, 12, 20.0, "Thank you for your message. We answer soon.")
    assert len(house.texts()) == 9 and house.owner() == "person"
    assert "the same words 10 times in a row" in house.rows("SELECT data FROM events WHERE name = 'guard'")[0][0]


def heard(at: datetime, text: str, payload: str = "") -> Heard:
    return Heard(ANA, "m", at, "text", text, payload)


@pytest.mark.parametrize(
    ("said", "trips"),
    [
        (["yes"] * 20, False),  # people say short words again and again
        (["We answer soon."] * 9, False),
        (["We answer soon."] * 10, True),
        (["We answer soon.", "something else"] * 10, False),
        (["We  answer soon.", "we answer SOON."] * 5, True),
    ],
)
def test_the_same_words(said: list[str], trips: bool) -> None:
    counter = Counter()
    whys = [counter.trips(Guard(), 1, heard(NOW + timedelta(seconds=10 * n), text)) for n, text in enumerate(said)]
    assert any(whys) == trips


def test_taps_on_one_button_are_no_words() -> None:
    counter = Counter()
    assert not any(
        counter.trips(Guard(), 1, heard(NOW + timedelta(seconds=10 * n), "Show me more", "menu/1")) for n in range(20)
    )


def test_each_is_counted_alone_and_few_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trinario.jobs.flood.MOST", 10)
    counter = Counter()
    for number in range(1000):
        assert not counter.trips(Guard(), number, heard(NOW + timedelta(seconds=number / 100), "hi"))
    assert len(counter._known) <= 10


@settings(max_examples=60)
@given(st.lists(st.floats(2.1, 600.0), max_size=400))
def test_nobody_who_takes_two_seconds_and_rests_trips_the_minute(gaps: list[float]) -> None:
    counter, at = Counter(), NOW
    rules = replace(Guard(), floods=(Flood(30, timedelta(minutes=1)),))
    for gap in gaps:
        at += timedelta(seconds=gap)
        assert not counter.trips(rules, 1, heard(at, "hi"))


# ---- bot.yaml

HEAD = "bot: shop\nlocale: en\nflows: [a]\nchannels: {}\n"


def read(text: str) -> Iterator[tuple[str, int]]:
    return (
        (one.code, one.column) for one in parse_bot(f"{HEAD}{text}\n".encode(), "bot.yaml", {}).issues if one.line == 5
    )


def test_bot_yaml_says_what_is_too_much() -> None:
    parsed = parse_bot(f"{HEAD}guard: {{floods: [{{messages: 5, within: 10s}}], same: 0, pause: 1h}}".encode(), "b", {})
    assert guard_of(parsed.get("guard")) == Guard((Flood(5, timedelta(seconds=10)),), 0, timedelta(hours=1))
    nothing = parse_bot(f"{HEAD}guard: {{floods: []}}".encode(), "b", {})
    assert guard_of(nothing.get("guard")) == replace(Guard(), floods=())
    assert guard_of(parse_bot(HEAD.encode(), "b", {}).get("guard")) == Guard()


@pytest.mark.parametrize(
    "text",
    [
        "guard: {floods: [{messages: 0, within: 1m}]}", "guard: {floods: [{messages: 5, within: 2d}]}",
        "guard: {same: 1}", "guard: {pause: 0s}", "guard: {pause: 99d}",
    ],
)  # fmt: skip
def test_mistakes_are_placed(text: str) -> None:
    assert [code for code, column in read(text) if column > 7] == ["T021"]
