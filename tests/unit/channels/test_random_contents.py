"""Whatever authors write, no platform refuses what becomes of it, and nothing of it is lost."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.channels.judging import PLATFORMS, bare, read, said
from trinario.model.media import SCHEME
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
    PublicReply,
    Sign,
    Template,
    Text,
)

HOSTILE = [
    "a", "Zürich", "e\u0301", "中文字", "日本語。", "กำลัง", "क्षत्रिय", "हिन्दी", "ﷺ", "مُحَمَّد", "שָׁלוֹם", "한글", "\u1112\u1161\u11ab", "😀", "👍🏽",
    "👨‍👩‍👧‍👦", "🇮🇹🇫🇷", "❤️", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\u200b", "\u200c", "\u200d", "\ufeff", "\u200f", "\u202e", "\u2067", "\u2069", "\u00ad", "\n", "\n\n", "\t",
    "\r\n", "\u00a0", "\u3000", "\u2028", " ", ". ", "<b>", "*x*", "{{1}}", "%s", "\\", '"', "&amp;", "\ue000", "\ufffd",
    "0", "12,50 €", "x" * 30, "word " * 60, "ש" * 100, "👨‍👩‍👧‍👦" * 12, "क्ष" * 90,
]  # fmt: skip
words = st.lists(st.sampled_from(HOSTILE), max_size=12).map("".join)
short = st.lists(st.sampled_from(HOSTILE[:56]), max_size=4).map("".join)
texts = st.builds(lambda piece, times: piece * times, words, st.sampled_from([1, 1, 1, 3, 20]))
titles = st.one_of(short, words, st.sampled_from(["Yes", "No", "x" * 20, "x" * 21, "é" * 24, "1. Yes…", "2.", "2"]))
addresses = st.sampled_from(
    ["https://a.example/b", "http://a.example", "https://ä.example/?q=é", "tel:+39", "https://", "https://x.example/a b",
     "https://a.example/" + "c" * 1990, "javascript:1", "", "https://[1", "https://a.example/\u202e"]
)  # fmt: skip
files = st.sampled_from(["https://a.example/f.jpg", "http://a.example/f.jpg", f"{SCHEME}menu.pdf", "", "f.jpg"])
links = st.lists(st.builds(Link, titles, addresses), max_size=4).map(tuple)


@st.composite
def choices(draw: st.DrawFn) -> Choices:
    count = draw(st.one_of(st.integers(0, 14), st.sampled_from([20, 60])))
    several = draw(st.lists(st.tuples(titles, st.one_of(st.just(""), texts)), min_size=1, max_size=8))
    options = tuple(Option(f"s1/1/{n}", *several[n % len(several)]) for n in range(count))
    return Choices(draw(texts), options, draw(titles), draw(st.sampled_from(["", "More", "x" * 40, " \n"])))


cards = st.lists(st.builds(Card, titles, st.one_of(st.just(""), texts), files, links), min_size=1, max_size=12).map(
    tuple
)
degrees = st.decimals(-90, 90, places=6)
contents: st.SearchStrategy[Content] = st.one_of(
    st.builds(Text, texts, links),
    st.builds(Media, st.sampled_from(["image", "video", "audio", "document", "sticker"]), files, texts, titles, links),
    st.builds(
        Media, st.just("image"), files, texts, titles, links, others=st.lists(files, min_size=1, max_size=12).map(tuple)
    ),
    choices(),
    st.builds(Cards, cards, texts),
    st.builds(Location, degrees, degrees, texts, texts),
    st.builds(ContactCard, titles, st.sampled_from(["", "+39 06 5123", "x", " "]), titles, titles, addresses),
    st.builds(PublicReply, texts, st.just("c_1")),
)


def wanted(content: Content) -> list[str]:
    """Every word, title, number and address of a content."""
    match content:
        case Text(text=text, links=shown):
            return [text, *of_links(shown)]
        case Media(url=url, caption=caption, links=shown, others=others):
            return [caption, *("" if one.startswith(SCHEME) else one for one in (url, *others)), *of_links(shown)]
        case Choices(text=text, options=options):
            return [text, *(one.title for one in options), *(one.description for one in options)]
        case Cards(cards=shown_cards, text=text):
            return [text, *(word for card in shown_cards for word in of_card(card))]
        case Location(latitude=latitude, longitude=longitude, name=name, address=address):
            return [name, address, number(latitude), number(longitude)]
        case ContactCard():
            return [content.name, content.phone, content.email, content.organisation, content.url]
        case PublicReply(text=text):
            return [text]
    return []


def of_links(shown: tuple[Link, ...]) -> list[str]:
    return [part for link in shown for part in (link.title, link.url)]


def of_card(card: Card) -> list[str]:
    return [card.title, card.subtitle, "" if card.image.startswith(SCHEME) else card.image, *of_links(card.links)]


def number(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".")


def _above_links(content: Content) -> str | None:
    """The file that stands above links on Messenger, by the id of its upload: the last that can be shown."""
    if not isinstance(content, Media) or not content.links:
        return None
    return next((one for one in reversed((content.url, *content.others)) if one.startswith("https://")), None)


@example(Media("image", "", "Nothing to see.", others=("", " ")))
@example(
    Media(
        "image",
        "http://a.example/f.jpg",
        links=(Link("a", "https://a.example/b"),),
        others=("https://a.example/f.jpg",),
    )
)
@pytest.mark.parametrize("platform", PLATFORMS)
@settings(max_examples=60, deadline=None, print_blob=False, suppress_health_check=list(HealthCheck))
@given(content=contents)
def test_nothing_is_refused_and_nothing_is_lost(platform: str, content: Content) -> None:
    if isinstance(content, PublicReply) and platform in ("whatsapp", "telegram"):
        return  # there are no comments
    whole = read(said(platform, content))
    above = _above_links(content) if platform == "messenger" else None
    assert [part for part in wanted(content) if bare(part) not in whole and part != above] == []


@pytest.mark.parametrize("emoji", ["", "❤️", "👍🏽", "😀"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_signs(platform: str, emoji: str) -> None:
    name = "5511987654:7" if platform == "telegram" else "m_1"
    if platform != "telegram" or emoji in ("", "❤️"):
        assert len(said(platform, Sign(emoji, name))) == 1


@pytest.mark.parametrize("platform", ["messenger", "instagram", "telegram"])
@settings(max_examples=25, deadline=None)
@given(text=texts, shown=links, replies=st.lists(titles, max_size=3).map(tuple))
def test_the_words_of_templates(platform: str, text: str, shown: tuple[Link, ...], replies: tuple[str, ...]) -> None:
    template = Template("hello", "en", {}, None, (), text or "Hello", shown, replies)
    whole = read(said(platform, template))

    assert all(bare(part) in whole for part in (template.text, *of_links(shown), *replies))
