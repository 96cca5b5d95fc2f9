"""Chats in the terminal: orders, bubbles, phones, the clock, faults in words."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from trinario.authoring.load import LoadedBot
from trinario.testing.chat.bubbles import Screen
from trinario.testing.chat.orders import HELP, NAMES, Asks, read_order
from trinario.testing.chat.room import Chat, Heard, Person, Remark
from trinario.testing.chat.state import print_state
from trinario.testing.phone import Shown
from trinario.testing.run import load
from trinario.testing.scene import Broken

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def chat(project: Path) -> Iterator[Callable[..., Chat]]:
    made: list[Chat] = []

    def make(channel: str = "wa", name: str = "", language: str | None = None) -> Chat:
        made.append(Chat(load(project / "bots/mini"), Person(channel, name, language), AT))
        return made[-1]

    yield make
    for one in made:
        one.close()


def told(chat: Chat, *lines: str) -> list[Heard]:
    return [one for line in lines for one in asyncio.run(chat.hear(line))]


def words(heard: list[Heard]) -> list[str]:
    return [one.text for one in heard if isinstance(one, Shown | Remark)]


def test_every_order_is_helped() -> None:
    mentioned = " ".join([*HELP, *HELP.values()])
    assert [name for name in NAMES if f"/{name}" not in mentioned and name != "help"] == []


@pytest.mark.parametrize("line", [
    "/tap", "/on", "/after", "/after soon", "/after -2h", "/event", "/event a b", '/event a b="c', "/ref", "/status eaten",
    "/nonsense", "/start", "/team",
])  # fmt: skip
def test_what_makes_no_sense_is_told_in_words(line: str) -> None:
    with pytest.raises(Broken) as broken:
        read_order(line)
    assert broken.value.reason


def test_a_tap_by_number_and_by_title(chat: Callable[..., Chat]) -> None:
    room = chat()
    question = told(room, "colour")[-1]
    assert isinstance(question, Shown)
    assert question.kind == "buttons"
    assert words(told(room, "/tap 2")) == ["Thanks for Blue!"]
    assert words(told(room, "colour", "/tap red"))[-1] == "Thanks for Red!"
    assert "no option 7" in words(told(room, "/tap 7"))[0]


def test_the_same_question_on_another_phone(chat: Callable[..., Chat]) -> None:
    room = chat("messenger")
    assert words(told(room, "/on instagram")) == ["on instagram now"]
    question = told(room, "colour")[-1]
    assert isinstance(question, Shown)
    assert (question.channel, question.kind) == ("instagram", "quick")
    assert 'no channel "telegram"' in words(told(room, "/on telegram"))[0]


def test_time_passes_and_a_shut_window_is_told(chat: Callable[..., Chat]) -> None:
    room = chat()
    assert words(told(room, "nudge")) == ["One"]
    assert words(told(room, "/after 2h"))[1:] == ["Two"]
    last = told(room, "/after 31h", "/start late")
    assert [one.kind for one in last if isinstance(one, Remark)] == ["note", "refused"]
    assert "was not sent: the window of wa is shut" in words(last)[-1]
    assert "wa shut since" in print_state(room)


def test_events_bring_data(chat: Callable[..., Chat]) -> None:
    room = chat()
    told(room, "colour", "/tap 1")
    heard = told(room, "/event order.paid order=A17")
    assert words(heard)[0] == "Order A17 is paid."
    shown = [one for one in heard if isinstance(one, Shown)]
    assert shown[1].media == ("image", "https://shop.example/box.jpg")
    assert shown[2].links == (("Track", "https://shop.example/track"),)
    assert 'no flow knows the event "order.payed": did you mean "order.paid"?' in words(
        told(room, "/event order.payed")
    )


def test_faults_of_a_flow_are_told(chat: Callable[..., Chat]) -> None:
    heard = told(chat(), "broken")
    assert any(one.kind == "fault" and one.text.startswith("broken.bad:") for one in heard if isinstance(one, Remark))


def test_a_flow_is_begun_for_her(chat: Callable[..., Chat]) -> None:
    room = chat(name="Ana Rossi", language="it")
    assert words(asyncio.run(room.begin("ask"))) == ["Which colour?"]
    state = print_state(room)
    assert "Ana Rossi · it · wa" in state
    assert "ask waiting at colour" in state
    assert words(told(room, "/start order order=B2"))


def test_nothing_is_told_as_well(chat: Callable[..., Chat]) -> None:
    assert words(told(chat(), "colour", "/tap 1", "/status read"))[-1] == "the bot says nothing"
    assert told(chat(), "", "   ") == []


def test_the_state_of_somebody_new(chat: Callable[..., Chat]) -> None:
    assert "nobody yet" in print_state(chat())


def shown(text: str, **further: object) -> Shown:
    return Shown("contact", "wa", "m1", AT, text, **further)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["short", "wort " * 60, "漢字" * 90, "a" * 300, "Ciao 👩‍🌾!\n\nTwo", "", "tab\there"])
@pytest.mark.parametrize("width", [10, 40, 80, 300])
def test_bubbles_are_straight(text: str, width: int) -> None:
    rows = Screen(width, False, {}).bubble(shown(text)).splitlines()
    assert len({cell_len(row) for row in rows}) == 1
    assert cell_len(rows[0]) <= max(width, 30)


def test_a_bubble_cannot_move_the_cursor() -> None:
    printed = Screen(80, False, {}).bubble(shown("a\x1b[2Jb\x07", options=(("p", "x\x1b[31m"),), kind="buttons"))
    assert "\x1b" not in printed
    assert "\x07" not in printed


@pytest.mark.parametrize("kind, look", [("buttons", "[1 A]"), ("quick", "(1 A)"), ("list", "a list opens")])
def test_options_look_like_the_channel_s(kind: str, look: str) -> None:
    assert look in Screen(80, False, {}).bubble(shown("Q", options=(("p", "A"),), kind=kind))


def test_colours_only_when_wanted() -> None:
    assert "\x1b[" in Screen(80, True, {"wa": "whatsapp"}).bubble(shown("Hi"))
    assert "\x1b[" not in Screen(80, False, {"wa": "whatsapp"}).bubble(shown("Hi"))


ODD = st.one_of(
    st.text(max_size=40),
    st.builds(lambda name, rest: f"/{name} {rest}", st.sampled_from(NAMES), st.text(max_size=20)),
    st.sampled_from(["/tap 1", "/tap 2", "/on instagram", "/on wa", "/after 3d", "/image", "/team Hi", "/status read",
                     "/status failed", "/follow", "/start ask", "/event order.paid order=1", "colour", "stop", "/ref a"]),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ODD, max_size=8))
def test_whatever_is_typed_is_answered(project: Path, lines: list[str]) -> None:
    room = Chat(LOADED.setdefault(project, load(project / "bots/mini")), Person("messenger"), AT)
    screen = Screen(80, True, {"messenger": "messenger"})
    for line in lines:
        for one in asyncio.run(room.hear(line)):
            assert isinstance(one, Asks) or (screen.remark(one) if isinstance(one, Remark) else screen.bubble(one))
            assert not isinstance(one, Remark) or "trinario itself" not in one.text
    assert print_state(room)
    room.close()


LOADED: dict[Path, LoadedBot] = {}
