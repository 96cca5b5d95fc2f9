"""Requests, forms and products: fitted and encoded at each limit and past it, and taken by a strict Meta; nothing is lost."""

import itertools
from typing import Any

import pytest

from tests.unit.channels.judging import PEOPLE, PLATFORMS, bare, judged, read, said
from trinario.channels.whatsapp import encode as whatsapp
from trinario.model.channel import Identity
from trinario.model.interactive import Form, Products, Shelf, Wanted
from trinario.model.message import Content
from trinario.model.outbox import OutboxEntry
from trinario.model.wire_content import content_from_json, content_to_json, kind_of, words_of
from trinario.testing.strictness import whatsapp_refusal

SIGNS = {"latin": "x", "emoji": "🌱", "family": "👨‍👩‍👧‍👦", "arabic": "ع", "cjk": "花", "combining": "e\u0301"}
EVERYWHERE = pytest.mark.parametrize("platform", PLATFORMS)
EVERY_SIGN = pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
URL = "https://luckygarden.example/visit"


def text_of(sign: str, count: int) -> str:
    return sign * (count // len(sign))


def shelves(*counts: int, title: str = "Shade") -> tuple[Shelf, ...]:
    number = itertools.count()
    return tuple(Shelf(title, tuple(f"p{next(number)}" for _ in range(count))) for count in counts)


@EVERYWHERE
@EVERY_SIGN
@pytest.mark.parametrize("what", ["location", "phone"])
@pytest.mark.parametrize("count", [1024, 1025, 4096, 4097])
def test_a_request_of_any_length_is_taken_whole(platform: str, sign: str, what: str, count: int) -> None:
    words = text_of(sign, count)

    assert bare(words) in read(said(platform, Wanted(words, what)))


@EVERYWHERE
@EVERY_SIGN
@pytest.mark.parametrize("count", [1024, 1025, 4097])
@pytest.mark.parametrize("line", [0, 60, 61])
def test_a_form_of_any_length_is_taken_whole(platform: str, sign: str, count: int, line: int) -> None:
    words, above = text_of(sign, count), text_of(sign, line)
    form = Form(words, "Book", "1234567890", "s/1/form", header=above, footer=above, url=URL)

    shown = read(said(platform, form))

    assert bare(words) in shown and bare(above) in shown
    assert platform == "whatsapp" or bare(URL) in shown


@EVERY_SIGN
@pytest.mark.parametrize("count", [20, 21, 300])
def test_the_button_of_a_form_is_never_too_long(sign: str, count: int) -> None:
    (body,) = said("whatsapp", Form("When?", text_of(sign, count), "1234567890", "s/1/form"))

    assert 0 < len(body["interactive"]["action"]["parameters"]["flow_cta"]) <= 20


@EVERYWHERE
@pytest.mark.parametrize("counts", [(1,), (30,), (31,), (29, 2), (1,) * 10, (1,) * 11, (70,), ()])
def test_products_go_in_as_many_messages_as_they_need(platform: str, counts: tuple[int, ...]) -> None:
    given = Products("Choose", "77", shelves(*counts, title="花" * 25), header="x" * 61, button="Shop", url=URL)

    bodies = said(platform, given)

    found = [row for body in bodies for row in products_in(body)]
    assert found == (list(given.ids) if platform == "whatsapp" else [])
    assert platform == "whatsapp" or bare(URL) in read(bodies)


def products_in(body: dict[str, Any]) -> list[str]:
    action = body.get("interactive", {}).get("action", {})
    if "product_retailer_id" in action:
        return [action["product_retailer_id"]]
    return [row["product_retailer_id"] for part in action.get("sections", ()) for row in part["product_items"]]


def test_what_is_no_form_and_no_catalogue_is_said_in_words() -> None:
    assert said("whatsapp", Form("When?", "Book", "", url=URL))[0]["interactive"]["type"] == "cta_url"
    assert said("whatsapp", Products("Choose", "", shelves(2)))[0]["type"] == "text"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (Wanted("x" * 1025, "location"), "Body text"),
        (Form("x" * 1025, "Book", "1"), "Body text"),
        (Form("x", "B" * 31, "1"), "Flow cta"),
        (Form("x", "B", "1", header="h" * 61), "Header text"),
        (Form("x", "B", "1", footer="f" * 61), "Footer text"),
        (Form("x", "B", "1", screen="s" * 201), "screen"),
        (Products("x", "77", shelves(16, 15), header="h"), "Max allowed products"),
        (Products("x", "77", shelves(*[1] * 11), header="h"), "sections"),
        (Products("x", "77", shelves(1, 1, title="t" * 25), header="h"), "Section title"),
    ],
)
def test_past_the_limit_meta_refuses(content: Content, rule: str) -> None:
    body = whatsapp.encode(OutboxEntry(1, "k", 1, PEOPLE["whatsapp"], content))

    assert rule in str(whatsapp_refusal(body, {}))


def test_whose_number_is_hidden_is_asked_by_a_button() -> None:
    hidden = judged("whatsapp", OutboxEntry(1, "k", 1, Identity("wa", "bsuid", "IT.999"), Wanted("Number?", "phone")))

    assert hidden["interactive"]["type"] == "request_contact_info"


@pytest.mark.parametrize(
    "content",
    [
        Wanted("Where?", "location"),
        Form("When?", "Book", "1", "t", True, "A", {"days": ["mon"]}, True, True, "h", "f", URL),
        Form("When?", "Book", "1"),
        Products("Choose", "77", shelves(2, 1), "h", "f", "Shop", URL),
        Products("All", "77"),
    ],
)
def test_what_is_kept_comes_back(content: Content) -> None:
    data = content_to_json(content)

    assert content_from_json({**data, "as": "anna"}) == content
    assert kind_of(content) == data["k"] and words_of(content)
