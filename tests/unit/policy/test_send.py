"""May it go, and where: the delivery order, windows, reachability, consent, templates."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity, Window
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.flow import Delivery
from trinario.model.message import Choices, Feedback, Option, Template, Text
from trinario.policy.facts import Facts
from trinario.policy.send import may_send
from trinario.policy.verdict import Allow, Refuse
from trinario.policy.window import closes_at, is_open
from trinario.runtime.build import LIMITS, WINDOWS

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
CHANNELS = {name: Channel(name, name, LIMITS[name], WINDOWS[name]) for name in ("whatsapp", "messenger", "instagram")}
KIND = {"whatsapp": "phone", "messenger": "psid", "instagram": "igsid"}


def bot(order: tuple[str, ...] | None = None) -> Bot:
    return Bot("demo", "en", "UTC", CHANNELS, {}, delivery=Delivery(order))


def contact(heard: Mapping[str, float], current: str | None = None, **more: object) -> Contact:
    """She was heard so many hours ago on these channels."""
    return Contact(
        1, NOW, tuple(Identity(name, KIND[name], "1") for name in heard), channel=current,
        last_heard={name: NOW - timedelta(hours=hours) for name, hours in heard.items()}, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def say(**more: object) -> Say:
    return Say("k/1/1", Text("hello"), **more)  # type: ignore[arg-type]


CASES = [
    ("where she last wrote", {"messenger": 1, "whatsapp": 2}, "messenger", {}, "messenger"),
    ("the current one is shut, another is open", {"messenger": 25, "whatsapp": 2}, "messenger", {}, "whatsapp"),
    ("just inside", {"messenger": 23.99}, "messenger", {}, "messenger"),
    ("to the second", {"messenger": 24}, "messenger", {}, "window_closed"),
    ("shut everywhere", {"messenger": 30, "instagram": 48}, "messenger", {}, "window_closed"),
    ("a forced channel is not left", {"messenger": 1, "whatsapp": 30}, "messenger", {"channel": "whatsapp"}, "window_closed"),
    ("a forced channel she does not have", {"messenger": 1}, "messenger", {"channel": "whatsapp"}, "no_identity"),
    ("an order of the author", {"messenger": 1, "whatsapp": 2}, "messenger", {"order": ("whatsapp",)}, "whatsapp"),
    ("an order without her channels", {"messenger": 1}, "messenger", {"order": ("whatsapp",)}, "no_identity"),
    ("a template for the shut window", {"whatsapp": 90}, "whatsapp", {"template": Template("t", "en")}, "whatsapp"),
    ("no templates on Messenger", {"messenger": 90}, "messenger", {"template": Template("t", "en")}, "window_closed"),
    ("nowhere", {}, None, {}, "no_identity"),
]  # fmt: skip


@pytest.mark.parametrize(("heard", "current", "given", "outcome"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_where_a_message_goes(
    heard: dict[str, float], current: str | None, given: dict[str, object], outcome: str
) -> None:
    verdict = may_send(bot(), contact(heard, current), say(**given), NOW)
    if isinstance(verdict, Allow):
        assert verdict.identity.channel == outcome
    else:
        assert verdict.refusal.code == outcome
        assert verdict.refusal.detail


def test_a_shut_window_with_a_template_says_the_template() -> None:
    template = Template("reminder", "it", {"1": "Ana"})
    verdict = may_send(bot(), contact({"whatsapp": 90}, "whatsapp"), say(template=template), NOW)
    assert isinstance(verdict, Allow) and verdict.content == template


def test_a_message_that_is_a_template_itself_may_go_while_the_window_is_shut() -> None:
    tip = Template("tip", "en")
    verdict = may_send(bot(), contact({"whatsapp": 90}, "whatsapp"), replace(say(), content=tip), NOW)
    assert isinstance(verdict, Allow) and verdict.content == tip
    shut = may_send(bot(), contact({"messenger": 90}, "messenger"), replace(say(), content=tip), NOW)
    assert isinstance(shut, Refuse) and shut.refusal.code == "window_closed"


def test_free_words_before_the_template_while_the_window_is_open() -> None:
    verdict = may_send(bot(), contact({"whatsapp": 1}, "whatsapp"), say(template=Template("t", "en")), NOW)
    assert isinstance(verdict, Allow) and verdict.content == Text("hello")


def test_what_one_channel_says_differently() -> None:
    person = contact({"instagram": 1}, "instagram")
    verdict = may_send(bot(), person, say(per_channel={"instagram": Text("ciao")}), NOW)
    assert isinstance(verdict, Allow) and verdict.content == Text("ciao")


def test_a_channel_on_which_she_cannot_be_reached_is_passed_over_and_named() -> None:
    person = contact({"messenger": 1, "whatsapp": 2}, "messenger")
    assert isinstance(may_send(bot(), person, say(), NOW, Facts({"messenger": "551"})), Allow)
    verdict = may_send(bot(), contact({"messenger": 1}, "messenger"), say(), NOW, Facts({"messenger": "551"}))
    assert isinstance(verdict, Refuse) and verdict.refusal.code == "unreachable" and "551" in verdict.refusal.detail


def test_marketing_needs_her_not_to_have_said_stop_and_service_does_not() -> None:
    person = contact({"messenger": 1}, "messenger", consent={"marketing": False})
    verdict = may_send(bot(), person, say(purpose="marketing"), NOW)
    assert isinstance(verdict, Refuse) and verdict.refusal.code == "opted_out"
    assert isinstance(may_send(bot(), person, say(), NOW), Allow)


def test_what_she_gave_up_on_one_channel_goes_on_another() -> None:
    consent = {"marketing": True, "marketing@messenger": False}
    person = contact({"messenger": 1, "whatsapp": 2}, "messenger", consent=consent)
    verdict = may_send(bot(), person, say(purpose="marketing"), NOW)
    assert isinstance(verdict, Allow) and verdict.identity.channel == "whatsapp"
    alone = contact({"messenger": 1}, "messenger", consent=consent)
    assert isinstance(may_send(bot(), alone, say(purpose="marketing"), NOW), Refuse)


def test_nothing_goes_after_the_confirmation_of_a_stop_word() -> None:
    verdict = may_send(bot(), contact({"messenger": 1}, "messenger"), say(hushed=True), NOW)
    assert isinstance(verdict, Refuse) and (verdict.refusal.code, verdict.channel) == ("last_word", "messenger")


@pytest.mark.parametrize(("platform", "days"), [("whatsapp", 1), ("messenger", 7), ("instagram", 7)])
def test_people_of_the_team_have_the_longer_window_where_there_is_one(platform: str, days: int) -> None:
    channel, heard = CHANNELS[platform], NOW
    assert closes_at(channel, heard) == NOW + timedelta(days=1)
    assert closes_at(channel, heard, human=True) == NOW + timedelta(days=days)
    assert not is_open(channel, contact({platform: 25}), NOW)
    assert is_open(channel, contact({platform: 25}), NOW, human=True) is (days > 1)


def test_a_window_that_never_opened_is_shut() -> None:
    assert closes_at(CHANNELS["whatsapp"], None) is None
    assert not is_open(Channel("x", "x", LIMITS["whatsapp"], Window()), contact({}), NOW)


@pytest.mark.parametrize(("days", "goes"), [(0.5, True), (1.5, True), (6.9, True), (7, False)])
def test_a_card_that_asks_for_a_mark_has_seven_days_on_messenger(days: float, goes: bool) -> None:
    options = tuple(Option(f"s/1/{mark}", str(mark)) for mark in range(1, 6))
    card = Choices("How was it?", options, feedback=Feedback("Your visit", "A second", "Rate", "https://a.example"))
    hours = {"messenger": days * 24}
    asked = replace(say(order=("messenger",)), content=card)
    verdict = may_send(bot(), contact(hours, "messenger"), asked, NOW)
    assert isinstance(verdict, Allow) == goes
    plain = replace(asked, content=replace(card, feedback=None))
    assert isinstance(may_send(bot(), contact(hours, "messenger"), plain, NOW), Allow) == (days < 1)
    elsewhere = replace(asked, order=("instagram",))
    her = contact({"instagram": days * 24}, "instagram")
    assert isinstance(may_send(bot(), her, elsewhere, NOW), Allow) == (days < 1)
