"""Cards, forms and payloads of templates: declared, handed in, sent and taken by a strict Meta; what it refuses is told at check time."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.channels.judging import PEOPLE, judged
from trinario.authoring.parse_templates import parse_templates
from trinario.channels.fit import fit
from trinario.channels.graph.template import gap_in
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.whatsapp.template_form import creations
from trinario.channels.whatsapp.templates import parts_of
from trinario.emulator.checks.whatsapp_template_form import check_template_form
from trinario.emulator.refusal import Refused
from trinario.engine.say_template import hydrated
from trinario.model.message import Cards, Template, Text
from trinario.model.outbox import OutboxEntry
from trinario.model.template import TemplateSpec
from trinario.model.wire_content import content_from_json, content_to_json, words_of

CARD = """
          - image: "{{{{photo}}}}"
            body: {body}
            buttons: [{{reply: Take it, value: "take {number}"}}, {{url: "https://shop.example/{{{{end}}}}", title: See it}}]"""
FILE = """
templates:
  ferns:
    category: marketing
    params: [name, photo, end]
    languages:
      en:
        body: "Look, {{{{name}}}}, these are new."
        cards:{cards}
  booking:
    category: utility
    languages:
      en: {{body: When shall we come?, buttons: [{{reply: "No, thanks", value: "no"}}, {{form: "1234567890", title: Book, screen: DATES}}]}}
"""
VALUES = {"name": "Ana", "photo": "https://shop.example/fern.jpg", "end": "fern"}


def file_of(count: int = 2, body: str = "A fern for the shade.") -> bytes:
    return FILE.format(cards="".join(CARD.format(body=body, number=number) for number in range(count))).encode()


def specs(**more: Any) -> dict[str, TemplateSpec]:
    parsed = parse_templates(file_of(**more), "templates.yaml")
    assert not parsed.issues, [str(issue) for issue in parsed.issues]
    return dict(parsed.templates)


def sent(content: Template, known: dict[str, TemplateSpec]) -> dict[str, Any]:
    body: dict[str, Any] = judged("whatsapp", OutboxEntry(1, "k", 1, PEOPLE["whatsapp"], content), known)["template"]
    return body


@pytest.mark.parametrize("count", [2, 10])
def test_cards_are_handed_in_and_sent(count: int) -> None:
    known = specs(count=count)
    for spec in known.values():
        for body in creations(spec):
            check_template_form(body)

    (words, carousel) = sent(hydrated(known["ferns"], "en", VALUES), known)["components"]

    assert words["parameters"] == [{"type": "text", "parameter_name": "name", "text": "Ana"}]
    assert [card["card_index"] for card in carousel["cards"]] == list(range(count))
    assert carousel["cards"][1]["components"] == [
        {"type": "header", "parameters": [{"type": "image", "image": {"link": VALUES["photo"]}}]},
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "take 1"}],
        },
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "fern"}]},
    ]


def test_the_first_screen_of_a_form_is_given_something() -> None:
    text = """templates: {visit: {category: utility, params: [city], languages: {en: {body: Come to us.,
        buttons: [{form: "1234567890", title: Book, screen: DATES, data: {city: "{{city}}", guests: "2"}}]}}}}"""
    parsed = parse_templates(text.encode(), "templates.yaml")
    assert not parsed.issues, [str(issue) for issue in parsed.issues]
    known = dict(parsed.templates)
    whole = hydrated(known["visit"], "en", {"city": "Rome"})

    assert content_from_json(content_to_json(whole)) == whole
    (button,) = sent(whole, known)["components"]
    given = {"flow_token": "1234567890", "flow_action_data": {"city": "Rome", "guests": "2"}}
    assert button["parameters"] == [{"type": "action", "action": given}]


def test_a_button_opens_a_form_and_another_has_a_value() -> None:
    known = specs()
    (body,) = creations(known["booking"])

    assert body["components"][-1]["buttons"][1] == {
        "type": "FLOW", "text": "Book", "flow_id": "1234567890", "flow_action": "navigate", "navigate_screen": "DATES",
    }  # fmt: skip
    assert sent(hydrated(known["booking"], "en", {}), known)["components"] == [
        {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "no"}]},
        {"type": "button", "sub_type": "flow", "index": "1",
         "parameters": [{"type": "action", "action": {"flow_token": "1234567890"}}]},
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 11])
def test_one_card_or_eleven_are_refused_by_meta_and_before(count: int) -> None:
    parsed = parse_templates(file_of(count), "templates.yaml")

    assert [issue.code for issue in parsed.issues] == ["T150"]
    (body,) = creations(specs()["ferns"])
    cards = body["components"][-1]["cards"]
    wrong = {**body, "components": [body["components"][0], {"type": "CAROUSEL", "cards": (cards * 6)[:count]}]}
    with pytest.raises(Refused):
        check_template_form(wrong)


def test_a_card_holds_160_characters() -> None:
    assert specs(body="x" * 160)
    assert [one.code for one in parse_templates(file_of(body="x" * 161), "templates.yaml").issues] == ["T150", "T150"]


@pytest.mark.parametrize("drop", ["card", "payload"])
def test_what_does_not_fit_the_template_is_refused(drop: str) -> None:
    known = specs()
    whole = hydrated(known["ferns"], "en", VALUES)
    first = replace(whole.cards[0], buttons=whole.cards[0].buttons[:1])
    wrong = replace(whole, cards=whole.cards[:1] if drop == "card" else (first, whole.cards[1]))

    with pytest.raises(Refused, match="132000|does not match"):
        sent(wrong, known)


def test_a_card_whose_address_has_no_end_does_not_go() -> None:
    assert "button 2" in gap_in(hydrated(specs()["ferns"], "en", {**VALUES, "end": ""}))


def test_cards_are_kept_said_and_shown_elsewhere() -> None:
    whole = hydrated(specs()["ferns"], "en", VALUES)

    assert content_from_json(content_to_json(whole)) == whole
    assert "A fern for the shade." in words_of(whole)
    words, cards = fit(replace(whole, platforms=("whatsapp",)), MESSENGER)
    assert isinstance(words, Text) and isinstance(cards, Cards) and len(cards.cards) == 2


def test_cards_are_compared_part_by_part() -> None:
    (body,) = creations(specs()["ferns"])

    assert parts_of(body["components"], "MARKETING")["card 2, button 1"] == "Take it"
