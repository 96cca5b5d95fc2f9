"""What adapters encode is what a phone shows; what a phone does is what the inlet reads."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trinario.model.channel import Identity
from trinario.model.heard import Echo, Heard, Receipt
from trinario.model.message import Choices, Content, Link, Media, Option, Text
from trinario.model.outbox import NotSent, OutboxEntry, Sent
from trinario.testing import webhooks
from trinario.testing.controlled import MovableClock
from trinario.testing.people import HER, Cast, Person
from trinario.testing.phone import Shown
from trinario.testing.run import load
from trinario.testing.worlds import Machine

AT = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)
CHANNELS = ("wa", "messenger", "instagram")

World = tuple[Machine, Cast, Person]


@pytest.fixture
def world(project: Path) -> World:
    loaded, clock = load(project / "bots/mini"), MovableClock(AT)
    cast = Cast(loaded.settings, clock)
    return Machine(loaded, clock, cast.phones, cast.echoes), cast, cast.person(HER, "wa", "Ana")


def sent(world: World, channel: str, content: Content) -> list[Shown]:
    machine, cast, her = world
    adapter, identity = machine.adapters[channel], cast.identity(her, channel)
    for number, part in enumerate(adapter.fit(content)):
        result = asyncio.run(adapter.send(OutboxEntry(number, f"k/{number}", 1, identity, part)))
        assert isinstance(result, Sent), result
    return cast.phones.shown


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"s/1/{number}", f"Title {number}") for number in range(1, count + 1))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("count", [2, 3, 4, 10])
def test_choices(world: World, channel: str, count: int) -> None:
    (shown,) = sent(world, channel, Choices("Which?", options(count), "Choose"))
    assert shown.text == "Which?"
    assert shown.options == tuple((option.payload, option.title) for option in options(count))
    kinds = {"wa": "buttons" if count < 4 else "list"}
    assert shown.kind == kinds.get(channel, "quick")


@pytest.mark.parametrize("channel", CHANNELS)
def test_texts_and_links(world: World, channel: str) -> None:
    (shown,) = sent(world, channel, Text("Here:", (Link("Shop", "https://shop.example"),)))
    assert (shown.text, shown.links) == ("Here:", (("Shop", "https://shop.example"),))
    assert (shown.person, shown.channel, shown.at) == (HER, channel, AT)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", ["image", "video", "audio", "document"])
def test_files(world: World, channel: str, kind: str) -> None:
    shown = sent(world, channel, Media(kind, "https://shop.example/file"))[0]
    assert shown.media == (kind, "https://shop.example/file")


def test_nobody_answers_an_unknown_number(world: World) -> None:
    entry = OutboxEntry(1, "k", 1, Identity("wa", "phone", "390000"), Text("Hello"))
    assert isinstance(asyncio.run(world[0].adapters["wa"].send(entry)), NotSent)


def read(world: World, body: bytes) -> object:
    (arrival,) = next(iter(world[0].inlets.values())).decode(body)
    return arrival.item


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_she_does_is_heard(world: World, channel: str) -> None:
    _, cast, her = world
    line = cast.line(her, channel)
    heard = read(world, webhooks.writes(line, "m1", AT, "perché no?", "m0"))
    assert isinstance(heard, Heard)
    assert (heard.identity, heard.kind, heard.text) == (cast.identity(her, channel), "text", "perché no?")
    assert (heard.at, heard.context) == (AT, "m0")
    for count in (2, 5):
        shown = sent(world, channel, Choices("Which?", options(count), "Choose"))[-1]
        tapped = read(world, webhooks.taps(line, f"t{count}", AT, shown, *shown.options[1]))
        assert isinstance(tapped, Heard)
        assert (tapped.kind, tapped.payload, tapped.text) == ("tap", "s/1/2", "Title 2")
    file = read(world, webhooks.sends(line, "f1", AT, "document", "https://cdn.example/a.pdf", "look"))
    assert isinstance(file, Heard)
    assert (file.kind, file.media[0].kind, file.text) == ("media", "document", "look")


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
def test_links_with_a_ref(world: World, channel: str) -> None:
    line = world[1].line(world[2], channel)
    for first, kind in ((True, "get_started"), (False, "referral")):
        heard = read(world, webhooks.opens(line, "m1", AT, "spring", first))
        assert isinstance(heard, Heard) and heard.referral is not None
        assert (heard.kind, heard.referral.ref) == (kind, "spring")


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_team_is_an_echo(world: World, channel: str) -> None:
    echo = read(world, webhooks.team(world[1].line(world[2], channel), "m1", AT, "Carla here"))
    assert isinstance(echo, Echo)
    assert (echo.identity, echo.text) == (world[1].identity(world[2], channel), "Carla here")


def test_our_own_messages_come_back(world: World) -> None:
    for channel, kind in (("messenger", Receipt), ("instagram", Echo)):
        shown = sent(world, channel, Text("Hello"))[-1]
        assert isinstance(read(world, webhooks.echo(world[1].line(world[2], channel), AT, shown)), kind)


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed"])
def test_fates(world: World, status: str) -> None:
    shown = sent(world, "wa", Text("Hello"))[-1]
    body = webhooks.fate(world[1].line(world[2], "wa"), AT, shown, status, 131026)
    assert body is not None
    receipt = read(world, body)
    assert isinstance(receipt, Receipt)
    assert (receipt.status, receipt.message_id) == (status, shown.id)
    assert (receipt.failure is not None) == (status == "failed")
