"""Cards, pins, people's cards, files with links and templates: from YAML to what is said."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.engine.worlds import Person, bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_templates import parse_templates
from trinario.authoring.patterns import patterns
from trinario.model.flow import InputSpec
from trinario.model.media import MediaFile
from trinario.model.message import (
    Card,
    Cards,
    Choices,
    ContactCard,
    Content,
    Link,
    Location,
    Media,
    Template,
    TemplateButton,
    TemplateHeader,
)

PLANTS = [{"name": "Fern", "price": Decimal(12), "id": "f 1"}, {"name": "Ivy", "price": Decimal(7), "id": "i2"}]
ROSE = "https://bot.example/media/rose.jpg"
TEMPLATES = """
templates:
  order_update:
    category: utility
    params: [name, order]
    languages:
      en:
        header: "Order {{order}}"
        body: "Hi {{name}}, your order {{order}} is on its way."
        footer: Lucky Garden
        buttons: [{url: "https://shop.example/o/{{order}}", title: Follow it}, {reply: Thanks}]
      pt-BR: {body: "Oi {{name}}, o pedido {{order}} saiu."}
"""


def person(steps: str, **contact: Any) -> Person:
    parsed = parse_flow(f"flow: f\nvars: {{plants: []}}\nsteps:\n{steps}".encode(), "flows/f.yaml")
    assert parsed.flow is not None, [str(issue) for issue in parsed.issues]
    templates = parse_templates(TEMPLATES.encode(), "templates.yaml")
    assert not templates.issues
    flow = replace(parsed.flow, revision="r1")
    fields = {name: InputSpec("any") for name in ("plants", "where", "north", "phone")}
    media = {"fern.jpg": MediaFile("fern.jpg", "", 9, "0a1b"), "rose.jpg": MediaFile("rose.jpg", "", 9, "2c3d", ROSE)}
    world = bot(flow, patterns=patterns({}, "en"), templates=templates.templates, fields=fields, media=media)
    return Person(world, **contact)


def says(message: str, **contact: Any) -> list[Content]:
    ana = person(f"  x: {{send: {message}}}", **contact)
    ana.start("f")
    return [say.content for say in ana.says]


def test_declared_cards() -> None:
    given = """{caption: Our plants, cards: [{title: "For {{ contact.first_name }}", subtitle: 12 EUR,
        image: "https://shop.example/f1.jpg", links: [{title: Order, url: "https://shop.example/f"}]}, {title: Ivy}]}"""

    assert says(given, first_name="Ana") == [
        Cards(
            (Card("For Ana", "12 EUR", "https://shop.example/f1.jpg", (Link("Order", "https://shop.example/f"),)), Card("Ivy")),
            "Our plants",
        )
    ]  # fmt: skip


def test_pictures_of_cards_may_be_files_of_the_bot() -> None:
    given = "{cards: [{title: Fern, image: fern.jpg}, {title: Rose, image: rose.jpg}]}"
    assert says(given) == [Cards((Card("Fern", "", "media://0a1b/fern.jpg"), Card("Rose", "", ROSE)))]


def test_cards_from_data() -> None:
    given = """{cards: {from: fields.plants, title: "{{ item.name }}", subtitle: "{{ item.price }} EUR",
        links: [{title: Order, url: "https://shop.example/{{ item.id }}"}]}}"""

    (cards,) = says(given, fields={"plants": PLANTS})

    assert cards == Cards((
        Card("Fern", "12 EUR", "", (Link("Order", "https://shop.example/f%201"),)),
        Card("Ivy", "7 EUR", "", (Link("Order", "https://shop.example/i2"),)),
    ))  # fmt: skip
    assert says(given, fields={"plants": []}) == []
    assert says(given) == []
    assert len(says(given, fields={"plants": PLANTS * 40})[0].cards) == 50  # type: ignore[union-attr]


def test_pins() -> None:
    rome = Location(Decimal("41.8902"), Decimal("-12.4922"), "Lucky Garden", "Via Roma 1")

    assert says("{location: {latitude: 41.8902, longitude: -12.4922, name: Lucky Garden, address: Via Roma 1}}") == [
        rome
    ]
    given = {"latitude": Decimal("41.8902"), "longitude": "-12.4922", "name": "Lucky Garden", "address": "Via Roma 1"}
    assert says('{location: "{{ fields.where }}"}', fields={"where": given}) == [rome]
    assert says('{location: "{{ fields.where }}"}') == []
    by_degrees = '{location: {latitude: "{{ fields.north }}", longitude: 0}}'
    assert says(by_degrees, fields={"north": Decimal(90)}) == [Location(Decimal(90), Decimal(0))]


@pytest.mark.parametrize("north", [Decimal(91), "up", None])
def test_a_point_that_is_not_on_the_earth_is_a_fault_of_the_flow(north: Any) -> None:
    ana = person('  x: {send: {location: {latitude: "{{ fields.north }}", longitude: 0}}}', fields={"north": north})
    ana.start("f")
    assert ana.statuses == {"f": "failed"}


def test_cards_of_people() -> None:
    given = '{contact: {name: Ana Rossi, phone: "{{ fields.phone }}", organisation: Lucky Garden}}'
    assert says(given, fields={"phone": "+3906"}) == [ContactCard("Ana Rossi", "+3906", "", "Lucky Garden")]


def test_a_file_with_links() -> None:
    given = (
        '{image: "https://shop.example/f.jpg", caption: Fern, links: [{title: Order, url: "https://shop.example/f"}]}'
    )
    link = Link("Order", "https://shop.example/f")
    assert says(given) == [Media("image", "https://shop.example/f.jpg", "Fern", "", (link,))]


def test_a_question_under_cards_has_its_choices_after_them() -> None:
    ana = person("  x: {ask: {cards: [{title: Fern}, {title: Ivy}]}, choices: [Fern, Ivy]}")
    ana.start("f")
    cards, choices = (say.content for say in ana.says)
    assert isinstance(cards, Cards)
    assert isinstance(choices, Choices)
    assert choices.text == "Choose"
    assert ana.write("ivy") == []


# ---- templates

CALL = '{template: {name: order_update, params: {name: "{{ contact.first_name }}", order: "47\\n 11"}}}'


def test_a_template_in_her_language_with_all_its_values() -> None:
    (english,) = says(CALL, first_name="Ana", language="de")

    assert english == Template(
        "order_update",
        "en",
        {"name": "Ana", "order": "47 11"},
        TemplateHeader("text", "47 11", "order"),
        (TemplateButton(0, "url", "47%2011"),),
        "Order 47 11\n\nHi Ana, your order 47 11 is on its way.\n\nLucky Garden",
        (Link("Follow it", "https://shop.example/o/47%2011"),),
        ("Thanks",),
    )
    (brazilian,) = says(CALL, first_name="Ana", language="pt_BR")
    assert isinstance(brazilian, Template)
    assert (brazilian.language, brazilian.text) == ("pt-BR", "Oi Ana, o pedido 47 11 saiu.")


def test_a_template_that_is_not_declared_goes_as_it_is_called() -> None:
    assert says("{template: {name: other, language: it, params: {1: x}}}") == [Template("other", "it", {"1": "x"})]
