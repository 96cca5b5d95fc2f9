"""Questions on a scale as Messenger's feedback card: at every limit, beyond it, and elsewhere."""

from dataclasses import replace

import pytest

from tests.unit.channels.judging import FITTING, PLATFORMS, said
from trinario.channels.scale import id_of, payload_of
from trinario.model.message import Choices, Feedback, Option
from trinario.model.wire_content import content_from_json, content_to_json

CARD = Feedback("Your visit", "It takes a second", "Rate us", "https://luckygarden.example/privacy")
PROMPT = "0e984725-c51c-4bf4-9960-e1c80e27aba0/12"


def question(text: str = "How was it?", card: Feedback = CARD, marks: range = range(1, 6)) -> Choices:
    """A question on a scale, as the engine puts it."""
    options = tuple(Option(f"{PROMPT}/{at}", str(mark)) for at, mark in enumerate(marks, 1))
    return Choices(text, options, "Choose", feedback=card)


def is_card(content: Choices) -> bool:
    """Whether Messenger gets the card, which the emulator then takes."""
    said("messenger", content)
    (*_, last) = FITTING["messenger"].fit(content)
    return isinstance(last, Choices) and last.feedback is not None


@pytest.mark.parametrize("sign", ["a", "é", "ة", "餐", "😀", "e\u0301"])
def test_at_every_limit_and_beyond_it(sign: str) -> None:
    def of(size: int) -> str:
        return (sign * size)[:size].ljust(size, "x")

    for name, most in (("title", 65), ("subtitle", 80), ("button", 20)):
        assert is_card(question(card=replace(CARD, **{name: of(most)})))
        assert not is_card(question(card=replace(CARD, **{name: of(most + 1)})))
        assert not is_card(question(card=replace(CARD, **{name: "  "})))
    assert is_card(question(of(85))) and is_card(question(of(5)))
    assert not is_card(question(of(86))) and not is_card(question(of(4)))


def test_only_the_scales_that_there_are() -> None:
    assert is_card(question(marks=range(11)))
    assert not is_card(question(marks=range(1, 8)))
    assert not is_card(question(card=replace(CARD, privacy="http://luckygarden.example")))


@pytest.mark.parametrize("platform", [name for name in PLATFORMS if name != "messenger"])
def test_elsewhere_it_is_a_question_with_things_to_tap(platform: str) -> None:
    assert said(platform, question()) == said(platform, replace(question(), feedback=None))


def test_its_answer_names_the_option() -> None:
    content = question()
    assert len(id_of(content)) <= 80
    assert payload_of("csat", id_of(content), "5") == f"{PROMPT}/5"
    assert payload_of("nps", id_of(content), "0") == f"{PROMPT}/1"
    for strange in (("csat", "hauydmns8", "5"), ("csat", id_of(content), "6"), ("free_form", id_of(content), "5")):
        assert payload_of(*strange) == ""


def test_it_is_kept_with_its_card() -> None:
    assert content_from_json(content_to_json(question())) == question()
