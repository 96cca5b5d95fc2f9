"""Cards, pins, people's cards, files with links, templates and pages: fitted, encoded, and taken by a strict Meta."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.channels.test_fit import texts
from trinario.channels.fit import fit
from trinario.channels.fit_cards import MAP
from trinario.channels.instagram import encode as instagram
from trinario.channels.instagram.limits import LIMITS as INSTAGRAM
from trinario.channels.messenger import encode as messenger
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.whatsapp import encode as whatsapp
from trinario.channels.whatsapp.limits import LIMITS as WHATSAPP
from trinario.channels.whatsapp.template_form import creations
from trinario.emulator.checks.page import check_send
from trinario.emulator.checks.whatsapp import check_content
from trinario.emulator.checks.whatsapp_template import Filled, check_template
from trinario.emulator.checks.whatsapp_template_form import check_template_form
from trinario.engine.say_template import hydrated
from trinario.model.channel import Identity, Limits
from trinario.model.message import (
    Card,
    Cards,
    Choices,
    ContactCard,
    Content,
    Link,
    Location,
    Media,
    Option,
    Template,
    Text,
)
from trinario.model.outbox import OutboxEntry
from trinario.model.template import DeclaredButton, DeclaredHeader, TemplateSpec, TemplateWords
from trinario.model.wire_content import content_from_json, content_to_json, words_of

PICTURE = "https://a.example/fern.jpg"
ORDER = Link("Order", "https://a.example/fern")
PLATFORMS: dict[str, tuple[Limits, Callable[[OutboxEntry], dict[str, Any]], Identity]] = {
    "whatsapp": (WHATSAPP, whatsapp.encode, Identity("wa", "phone", "393331234567")),
    "messenger": (MESSENGER, messenger.encode, Identity("ms", "psid", "5")),
    "instagram": (INSTAGRAM, instagram.encode, Identity("ig", "igsid", "5")),
}
EVERYWHERE = pytest.mark.parametrize("platform", list(PLATFORMS))
PAGES = pytest.mark.parametrize("platform", ["messenger", "instagram"])

links = st.lists(
    st.builds(Link, st.one_of(texts, st.sampled_from(["Order", "x" * 20, "x" * 21])),
              st.sampled_from(["https://a.example/b", "tel:+39", "https://b.example/" + "c" * 2000])), max_size=4
).map(tuple)  # fmt: skip
cards = st.lists(
    st.builds(Card, texts, st.one_of(texts, st.just("")), st.sampled_from(["", PICTURE, "http://a.example/x.jpg", "x"]),
              links), min_size=1, max_size=12
).map(tuple)  # fmt: skip


def taken(platform: str, part: Content) -> dict[str, Any]:
    """The request of one part, after a strict Meta has taken it."""
    _, encode, identity = PLATFORMS[platform]
    assert content_from_json(content_to_json(part)) == part
    body = encode(OutboxEntry(1, "k", 1, identity, part))
    if platform == "whatsapp":
        check_content(body, lambda known: False)
    else:
        check_send(platform, body)
    return body


def sent(platform: str, content: Content) -> list[Content]:
    parts = list(fit(content, PLATFORMS[platform][0]))
    for part in parts:
        taken(platform, part)
    return parts


def bare(text: str) -> str:
    return "".join(text.split())


def said(parts: list[Content]) -> str:
    return bare("".join(words_of(part) for part in parts))


@EVERYWHERE
@settings(max_examples=60, deadline=None)
@given(shown=cards, text=texts)
def test_cards_lose_no_word(platform: str, shown: tuple[Card, ...], text: str) -> None:
    whole = said(sent(platform, Cards(shown, text)))

    assert bare(text) in whole
    for card in shown:
        assert bare(card.title) in whole
        assert bare(card.subtitle) in whole
        assert all(bare(link.url) in whole for link in card.links)


@EVERYWHERE
@pytest.mark.parametrize(("count", "sizes"), [(2, [2]), (10, [10]), (11, [9, 2]), (12, [10, 2]), (21, [10, 9, 2])])
def test_cards_stand_side_by_side(platform: str, count: int, sizes: list[int]) -> None:
    plants = tuple(Card(f"Plant {number}", "12 EUR", PICTURE, (ORDER,)) for number in range(count))

    parts = sent(platform, Cards(plants))

    pages = [len(part.cards) for part in parts if isinstance(part, Cards)]
    if platform == "whatsapp":
        assert pages == sizes
    else:
        assert pages == [min(10, count - start) for start in range(0, count, 10)]
    assert [card for part in parts if isinstance(part, Cards) for card in part.cards] == list(plants)


@pytest.mark.parametrize("sign", ["a", "é", "ش", "😀", "e\u0301"])
@PAGES
def test_titles_at_their_limit(platform: str, sign: str) -> None:
    fits = Card((sign * 80)[:80], "12 EUR")
    over = Card((sign * 81)[:81], "12 EUR")

    assert sent(platform, Cards((fits,))) == [Cards((fits,))]
    shown, rest = sent(platform, Cards((over,)))
    assert isinstance(shown, Cards)
    assert len(shown.cards[0].title) <= 80
    assert rest == Text(over.title + "\n12 EUR")


@pytest.mark.parametrize("sign", ["a", "ش", "😀"])
def test_the_text_of_a_slide_at_its_limit(sign: str) -> None:
    two = tuple(Card("Fern", sign * 155, PICTURE, (ORDER,)) for _ in range(2))
    over = (*two[:1], Card("Fern", sign * 156, PICTURE, (ORDER,)))

    assert [type(part) for part in sent("whatsapp", Cards(two))] == [Cards]
    assert [type(part) for part in sent("whatsapp", Cards(over))] == [Media, Media]


def test_a_single_card_of_whatsapp_is_a_picture_above_its_link() -> None:
    card = Card("Fern", "12 EUR", PICTURE, (ORDER,))

    assert sent("whatsapp", Cards((card,))) == [Media("image", PICTURE, "Fern\n12 EUR", "", (ORDER,))]
    assert sent("whatsapp", Cards((Card("Fern"),))) == [Text("Fern")]


@EVERYWHERE
def test_pins(platform: str) -> None:
    place = Location(Decimal("41.8902"), Decimal("-12.4922"), "Lucky Garden", "Via Roma 1")

    (part,) = sent(platform, place)

    words = Text(f"Lucky Garden\nVia Roma 1\n{MAP}41.8902,-12.4922")
    assert part == (place if platform == "whatsapp" else words)


@EVERYWHERE
def test_cards_of_people(platform: str) -> None:
    ana = ContactCard("Ana Maria Rossi", "+39 06 5123", "ana@a.example", "Lucky Garden", "https://a.example")

    (part,) = sent(platform, ana)

    words = Text("Ana Maria Rossi\nLucky Garden\n+39 06 5123\nana@a.example\nhttps://a.example")
    assert part == (ana if platform == "whatsapp" else words)


@EVERYWHERE
@settings(max_examples=50, deadline=None)
@given(caption=texts, shown=links, kind=st.sampled_from(["image", "video", "document"]))
def test_files_with_links(platform: str, caption: str, shown: tuple[Link, ...], kind: str) -> None:
    parts = sent(platform, Media(kind, PICTURE, caption, "", shown))

    assert bare(caption) in said(parts)
    assert any(PICTURE in words_of(part) or (isinstance(part, Media) and part.url == PICTURE) for part in parts)
    assert all(bare(link.url) in said(parts) for link in shown)


# ---- pages


def options(count: int, title: str = "Slot {}") -> tuple[Option, ...]:
    return tuple(Option(f"s1/1/{number}", title.format(number)) for number in range(1, count + 1))


@EVERYWHERE
@pytest.mark.parametrize("count", [9, 10, 11, 13, 14, 23, 100])
def test_pages_hold_all_choices_once(platform: str, count: int) -> None:
    start, seen = 0, []
    for _ in range(20):
        (part,) = sent(platform, Choices("When?", options(count), "Choose", "More", start))
        assert isinstance(part, Choices)
        turn = [one for one in part.options if "/more/" in one.payload]
        seen += [one for one in part.options if one not in turn]
        if not turn:
            break
        assert len(part.options) == 10
        assert turn == [Option(f"s1/1/more/{start + 9}", "More")]
        start += 9
    assert seen == list(options(count))


@EVERYWHERE
def test_titles_on_a_page_are_shortened_with_their_number_in_the_whole_list(platform: str) -> None:
    long = options(30, "The slot with the number {} in the morning")

    (part,) = sent(platform, Choices("When?", long, "Choose", "More", 9))

    assert isinstance(part, Choices)
    assert part.options[0].title.startswith("10. The slot")
    assert "10. The slot with the number 10 in the morning" in part.text
    assert len({one.title for one in part.options}) == 10


@EVERYWHERE
def test_an_option_called_as_the_word_that_turns_the_page_is_told_apart(platform: str) -> None:
    (part,) = sent(platform, Choices("Which?", (Option("s1/1/1", "More"), *options(20)[1:]), "Choose", "More"))

    assert isinstance(part, Choices)
    assert [part.options[0].title, part.options[-1].title] == ["1. More", "More"]


# ---- templates

SPRING = TemplateSpec(
    "spring_2026",
    "marketing",
    ("name", "day", "code", "coupon"),
    {
        "pt-BR": TemplateWords(
            "Oi {{name}}, a primavera chegou.",
            DeclaredHeader("text", "Até {{day}}"),
            "Lucky Garden",
            (
                DeclaredButton("url", "Ver", "https://a.example/{{code}}"),
                DeclaredButton("code", "", "{{coupon}}"),
                DeclaredButton("reply", "Parar"),
            ),
        )
    },
)
CODE = TemplateSpec(
    "sign_in",
    "authentication",
    ("code",),
    {"en": TemplateWords("{{code}} is your code.", buttons=(DeclaredButton("code", "", "{{code}}"),))},
)
PLAIN = TemplateSpec("hello", "utility", (), {"en": TemplateWords("Hello again.", DeclaredHeader("image", PICTURE))})


def received(spec: TemplateSpec, template: Template) -> Filled:
    """What she reads, after a strict Meta has approved the template and taken the message."""
    known = {}
    for body in creations(spec):
        name, language, _ = check_template_form(body)
        known[name, language] = {**body, "status": "APPROVED"}
    return check_template(taken("whatsapp", template)["template"], known, lambda media: media.ignore("link"))


def test_every_part_of_a_template_is_given_its_value() -> None:
    values = {"name": "Ana", "day": "domingo", "code": "x7", "coupon": "25OFF"}

    template = hydrated(SPRING, "pt-BR", values)
    filled = received(SPRING, template)

    assert (filled.header, filled.text, filled.footer) == ("Até domingo", "Oi Ana, a primavera chegou.", "Lucky Garden")
    assert [one.url for one in filled.options if one.kind == "url"] == ["https://a.example/x7"]
    assert [one.payload for one in filled.options] == ["", "25OFF", "Parar"]
    assert template.text == f"{filled.header}\n\n{filled.text}\n\n{filled.footer}"


def test_a_code_by_which_she_signs_in() -> None:
    assert received(CODE, hydrated(CODE, "en", {"code": "J4X9"})).text == "J4X9 is your verification code."


def test_a_picture_above_a_template() -> None:
    assert received(PLAIN, hydrated(PLAIN, "en", {})).text == "Hello again."


@PAGES
def test_where_there_are_no_templates_the_words_are_said(platform: str) -> None:
    values = {"name": "Ana", "day": "domingo", "code": "x7", "coupon": "25OFF"}

    (part,) = sent(platform, hydrated(SPRING, "pt-BR", values))
    picture, hello = sent(platform, hydrated(PLAIN, "en", {}))

    assert isinstance(part, Choices)
    assert part.text.startswith("Até domingo\n\nOi Ana, a primavera chegou.\n\nLucky Garden")
    assert "Ver: https://a.example/x7" in part.text
    assert part.options == (Option("Parar", "Parar"),)
    assert (picture, hello) == (Media("image", PICTURE), Text("Hello again."))
