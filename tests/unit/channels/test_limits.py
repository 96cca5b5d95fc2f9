"""Every numeric limit of every platform: at it, one beyond it, in its own unit, in any script; and how long words are split."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.unit.channels.judging import FITTING, PLATFORMS, bare, pages, read, request_of, said
from trinario.channels.graphemes import is_boundary
from trinario.channels.split import length
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
    Text,
)

URL, PICTURE = "https://a.example/b", "https://a.example/p.jpg"
SIGNS = {
    "latin": "a", "accent": "e\u0301", "arabic": "مُ", "hebrew": "שָׁ", "hindi": "क्ष", "thai": "กำ", "cjk": "字", "hangul": "\u1112\u1161\u11ab",
    "emoji": "😀", "skin": "👍🏽", "family": "👨‍👩‍👧‍👦", "flag": "🇮🇹", "england": "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "keycap": "1️⃣", "marks": "\u200fא\u200e",
    "zero width": "a\u200b", "tab": "a\t", "line": "a\n", "quote": '"',
}  # fmt: skip
MEASURED = ("latin", "arabic", "hindi", "cjk", "emoji", "family", "flag", "marks", "line")
BLANKS = [
    "",
    " ",
    "\n",
    "\n\n \t",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\u200b",
    "\u200f\u200e",
    "\ufeff",
    "\u2067 \u2069",
    "\u2800",
    "\u3164",
]


def filled(sign: str, size: int, unit: str) -> str:
    """As many whole signs as fit into a size, and plain letters up to it exactly."""
    text = sign * (size // length(sign, unit))  # type: ignore[arg-type]
    return text + "x" * (size - length(text, unit))  # type: ignore[arg-type]


def options(count: int, title: str = "", description: str = "") -> tuple[Option, ...]:
    shown = [Option(f"s1/1/{number}", f"T{number}", description) for number in range(count)]
    return (Option("s1/1/0", title or "T0", description), *shown[1:])


def card(title: str = "Fern", subtitle: str = "12 EUR") -> Card:
    return Card(title, subtitle, PICTURE, (Link("Order", URL),))


Made = Callable[[str], Content]
EVERYWHERE: dict[str, Made] = {
    "text": Text,
    "question of buttons": lambda words: Choices(words, options(3)),
    "question of a list": lambda words: Choices(words, options(8)),
    "title of two": lambda words: Choices("Which?", options(2, words)),
    "title of eight": lambda words: Choices("Which?", options(8, words)),
    "description": lambda words: Choices("Which?", options(8, "", words)),
    "word of the list": lambda words: Choices("Which?", options(8), words),
    "words above a link": lambda words: Text(words, (Link("Open", URL),)),
    "title of a link": lambda words: Text("Here", (Link(words, URL),)),
    "caption": lambda words: Media("image", PICTURE, words),
    "caption above a link": lambda words: Media("image", PICTURE, words, "", (Link("Open", URL),)),
    "name of a file": lambda words: Media("document", PICTURE, "", words),
    "title of cards": lambda words: Cards((card(words), card())),
    "second line of cards": lambda words: Cards((card("Fern", words), card())),
    "words above cards": lambda words: Cards((card(), card()), words),
    "name of a place": lambda words: Location(Decimal("1.5"), Decimal("2.5"), words, "Street"),
    "name on a card": lambda words: ContactCard(words, "+39065123"),
    "organisation on a card": lambda words: ContactCard("Ana", "+39065123", "", words),
}
"""Where words can stand."""

LIMITS = {
    "whatsapp": (20, 24, 60, 72, 160, 200, 240, 256, 1000, 1024, 4096), "messenger": (20, 80, 240, 640, 1000, 1999),
    "instagram": (20, 80, 240, 640, 1000), "telegram": (64, 240, 1000, 1024, 2048, 4096),
}  # fmt: skip
"""Every length of 4.1 to 4.3 and of the Bot API: each is tried in each place."""

UNWRITTEN = {"word of the list", "name of a file"}
"""What is shortened, since it says nothing itself."""


@pytest.mark.parametrize("place", EVERYWHERE)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_words_at_every_limit_and_beyond(platform: str, place: str) -> None:
    unit = FITTING[platform].limits.text_unit
    for sign in (SIGNS[name] for name in MEASURED):
        for size in (size + over for size in LIMITS[platform] for over in (0, 1)):
            for measured in {unit, "chars"}:
                words = filled(sign, size, measured)
                whole = read(said(platform, EVERYWHERE[place](words)))
                assert place in UNWRITTEN or bare(words) in whole, (platform, place, sign, size)


@pytest.mark.parametrize("place", EVERYWHERE)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_blank_words(platform: str, place: str) -> None:
    for blank in BLANKS:
        said(platform, EVERYWHERE[place](blank))


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("count", [*range(16), 20, 21, 59, 60, 99, 100, 101])
def test_choices_at_every_number(platform: str, count: int) -> None:
    for more in ("", "More"):
        whole = read(said(platform, Choices("Which?", options(count), "Open", more)))
        assert all(one.title in whole for one in options(count))
    shown = [parts[-1] for parts in pages(platform, Choices("Which?", options(count), "Open", "More"))]
    tapped = [one for part in shown if isinstance(part, Choices) for one in part.options if "/more/" not in one.payload]
    assert [one.payload for one in tapped] == [one.payload for one in options(count)] or not count


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("count", [1, 2, 3, 4, 9, 10, 11, 12, 21, 101])
def test_links_and_cards_at_every_number(platform: str, count: int) -> None:
    links = tuple(Link(f"Open {number}", f"{URL}/{number}/") for number in range(count))
    several = tuple(Card(f"Plant {number}.", "12 EUR", PICTURE, links[number : number + 1]) for number in range(count))
    for content in (Text("Here", links), Cards(several), Cards((Card("Fern", "12 EUR", PICTURE, links),))):
        whole = read(said(platform, content))
        assert all(link.url in whole and bare(link.title) in whole for link in links)
    assert all(f"Plant{number}." in read(said(platform, Cards(several))) for number in range(count))


@pytest.mark.parametrize(("platform", "most"), [("messenger", 8000), ("instagram", 300)])
@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_answers_below_comments(platform: str, most: int, sign: str) -> None:
    assert len(said(platform, PublicReply(filled(sign, most - 1, "chars") + "x", "c_1"))) == 1
    over = filled(sign, most + 1, "chars")
    requests = said(platform, PublicReply(over, "c_1"))
    assert len(requests) in (1, 2) and bare(over) in read(requests)  # a mark alone is no second answer


# ---- parts of long words


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_parts_keep_their_order_and_tear_nothing(platform: str, sign: str) -> None:
    limits = FITTING[platform].limits
    text = "".join(f"{number}.{sign * 7}" + (" " if number % 9 == 0 else "") for number in range(1200))

    parts = [part.text for part in FITTING[platform].fit(Text(text)) if isinstance(part, Text)]

    assert len(parts) > 1 and all(0 < length(part, limits.text_unit) <= limits.text for part in parts)
    numbers = [int(found) for part in parts for found in re.findall(r"(\d+)\.", part)]
    start = 0
    for part in parts:
        place = text.index(part, start)
        assert is_boundary(text, place) and is_boundary(text, place + len(part))
        assert not text[start:place].strip()
        start = place + len(part)
    assert numbers == sorted(numbers) and not text[start:].strip()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_tapped_follows_with_the_last_part(platform: str) -> None:
    long = "A sentence of some length. " * 400
    for content in (Choices(long + "Yes?", options(2)), Choices(long + "Yes?", options(8), "Open", "More"),
                    Choices(long + "Yes?", options(30), "Open", "More")):  # fmt: skip
        *before, last = FITTING[platform].fit(content)
        assert before and all(isinstance(part, Text) and not part.links for part in before)
        assert isinstance(last, Choices) and last.text.endswith("Yes?")
        assert "".join(part.text for part in before if isinstance(part, Text)).startswith("A sentence")
        for part in (*before, last):
            request_of(platform, part)
