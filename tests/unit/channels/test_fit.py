"""Fitting: every part inside every limit, no character torn, no word lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trinario.channels.fit import fit
from trinario.channels.fit_choices import LIST_BUTTON
from trinario.channels.graphemes import is_boundary, shortened
from trinario.channels.instagram.limits import LIMITS as INSTAGRAM
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.split import length, split
from trinario.channels.whatsapp.limits import LIMITS as WHATSAPP
from trinario.model.channel import Limits
from trinario.model.message import Choices, Content, Link, Media, Option, Template, Text

EVERYWHERE = [
    pytest.param(limits, id=name)
    for name, limits in (("whatsapp", WHATSAPP), ("messenger", MESSENGER), ("instagram", INSTAGRAM))
]
CLUSTERS = [
    "a", "Z", "é", "e\u0301", "ß", "中", "日", "ก็", "กำ", "नि", "क्ष", "한", "\u1112\u1161\u11ab", "😀", "👍🏽", "👨‍👩‍👧‍👦",
    "🇮🇹", "🇫🇷", "❤️", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", ".", "!", "?", "。", "👩🏾‍🚀", "\u0627\u0651", "-", "…",
]  # fmt: skip
words = st.lists(st.sampled_from(CLUSTERS), min_size=1, max_size=40).map("".join)
texts = st.lists(words, max_size=60).flatmap(
    lambda parts: st.lists(
        st.sampled_from([" ", "\n", "\n\n", ". ", "  "]), min_size=len(parts), max_size=len(parts)
    ).map(lambda gaps: "".join(part + gap for part, gap in zip(parts, gaps, strict=True)))
)
titles = st.one_of(words, texts, st.just(""), st.sampled_from(["Yes", "No", "1. Yes…", "2."]))
options = st.lists(st.tuples(titles, st.one_of(st.just(""), texts)), max_size=16).map(
    lambda pairs: tuple(Option(f"s1:q:{number}", *pair) for number, pair in enumerate(pairs))
)
links = st.lists(st.builds(Link, titles, st.sampled_from(["https://a.example/b", "tel:+39"])), max_size=5).map(tuple)


def within(part: Content, limits: Limits) -> None:
    """Assert that one POST can carry the part."""
    if isinstance(part, Text):
        most = limits.link_text if part.links else limits.text
        unit = "chars" if part.links else limits.text_unit
        assert 0 < length(part.text, unit) <= most
        assert len(part.links) <= limits.links
        assert all(0 < len(link.title.strip()) <= limits.link_title for link in part.links)
    elif isinstance(part, Choices):
        assert 0 < length(part.text, limits.text_unit) <= limits.choice_text
        count, shown = len(part.options), [option.title for option in part.options]
        assert 0 < count <= limits.most_choices
        assert all(0 < len(title) <= limits.title_limit(count) for title in shown)
        assert len(set(shown)) == count
        is_list = limits.buttons < count <= limits.list_rows
        assert 0 < len(part.button) <= limits.list_button if is_list else not part.button
        assert all(len(option.description) <= (limits.list_description if is_list else 0) for option in part.options)
    elif isinstance(part, Media):
        assert part.kind in limits.media
        assert len(part.caption) <= (limits.caption if part.kind in limits.captioned else 0)


def said(parts: tuple[Content, ...]) -> str:
    """Everything that can be read in the parts, without white space."""
    found = []
    for part in parts:
        if isinstance(part, Text):
            found += [part.text, *(f"{link.title} {link.url}" for link in part.links)]
        elif isinstance(part, Choices):
            found += [part.text, *(f"{option.title} {option.description}" for option in part.options)]
        elif isinstance(part, Media):
            found += [part.caption, part.url]
    return bare(" ".join(found))


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def whole(part: str) -> bool:
    """Whether the part begins and ends between the clusters it was made of."""
    return (
        re.fullmatch("(?:" + "|".join(map(re.escape, sorted(CLUSTERS, key=len, reverse=True))) + r"|\s|\.)*", part)
        is not None
    )


@settings(max_examples=150, deadline=None)
@given(texts, st.integers(60, 400), st.sampled_from(["chars", "bytes"]))
def test_split_keeps_all_and_tears_nothing(text: str, limit: int, unit: str) -> None:
    parts = split(text, limit, unit)  # type: ignore[arg-type]

    assert bare("".join(parts)) == bare(text)
    assert all(0 < length(part, unit) <= limit for part in parts)  # type: ignore[arg-type]
    assert all(whole(part) for part in parts)


@pytest.mark.parametrize("limits", EVERYWHERE)
@settings(max_examples=60, deadline=None)
@given(text=texts, shown=links)
def test_texts(limits: Limits, text: str, shown: tuple[Link, ...]) -> None:
    parts = fit(Text(text * 3, shown), limits)

    for part in parts:
        within(part, limits)
    assert all(bare(link.url) in said(parts) and bare(link.title) in said(parts) for link in shown)
    assert bare(text) in said(parts)


@pytest.mark.parametrize("limits", EVERYWHERE)
@settings(max_examples=100, deadline=None)
@given(text=texts, shown=options, times=st.sampled_from([1, 4]), button=titles)
def test_choices(limits: Limits, text: str, shown: tuple[Option, ...], times: int, button: str) -> None:
    parts = fit(Choices(text * times, shown, button), limits)

    for part in parts:
        within(part, limits)
    assert bare(text) in said(parts)
    assert all(bare(one.title) in said(parts) and bare(one.description) in said(parts) for one in shown)
    assert all(isinstance(part, Text) for part in parts[:-1])
    if 0 < len(shown) <= limits.most_choices:
        last = parts[-1]
        assert isinstance(last, Choices)
        assert [option.payload for option in last.options] == [option.payload for option in shown]


@pytest.mark.parametrize("limits", EVERYWHERE)
@settings(max_examples=60, deadline=None)
@given(caption=texts, kind=st.sampled_from(["image", "video", "audio", "document", "sticker", "hologram"]))
def test_media(limits: Limits, caption: str, kind: str) -> None:
    parts = fit(Media(kind, "https://a.example/file", caption * 3, "file"), limits)

    for part in parts:
        within(part, limits)
    assert "https://a.example/file" in said(parts)
    assert bare(caption) in said(parts)


def test_a_text_that_fits_stays_itself() -> None:
    assert fit(Text("Ciao!"), WHATSAPP) == (Text("Ciao!"),)
    assert fit(Text("a" * 4096), WHATSAPP) == (Text("a" * 4096),)
    assert len(fit(Text("a" * 4097), WHATSAPP)) == 2
    assert len(fit(Text("a" * 2000), MESSENGER)) == 2
    assert len(fit(Text("é" * 501), INSTAGRAM)) == 2


def test_nothing_to_say_is_no_part() -> None:
    assert fit(Text(" \n "), WHATSAPP) == ()
    assert fit(Choices("", ()), WHATSAPP) == ()


def test_a_template_is_not_touched() -> None:
    template = Template("reminder", "it", {"1": "x" * 5000})
    assert fit(template, WHATSAPP) == (template,)


def test_splits_at_lines_then_sentences_then_words_then_characters() -> None:
    assert split("one two\nthree four", 12) == ["one two", "three four"]
    assert split("One two. Three four", 12) == ["One two.", "Three four"]
    assert split("one two three", 10) == ["one two", "three"]
    assert split("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert split("日本語。中文です", 5) == ["日本語。", "中文です"]
    assert split("10\u00a0000 euro oggi", 11) == ["10\u00a0000 euro", "oggi"]


def test_a_sentence_of_crumbs_is_no_place_to_cut() -> None:
    assert split("No. " + "word " * 10, 30)[0] == "No. word word word word word"


def test_an_address_is_not_cut_where_words_can_be() -> None:
    url = "https://luckygarden.example/2026/spring?plant=cactus"
    assert url in split("Look at this " + url, 55)


def test_up_to_three_are_buttons_up_to_ten_a_list() -> None:
    three, four = (tuple(Option(f"p{n}", f"T{n}") for n in range(count)) for count in (3, 4))

    assert fit(Choices("Q?", three, "Open"), WHATSAPP) == (Choices("Q?", three, ""),)
    assert fit(Choices("Q?", four, "Open"), WHATSAPP) == (Choices("Q?", four, "Open"),)
    assert fit(Choices("Q?", four), WHATSAPP) == (Choices("Q?", four, LIST_BUTTON),)
    assert fit(Choices("Q?", four, "Open"), INSTAGRAM) == (Choices("Q?", four, ""),)


def test_more_are_numbered() -> None:
    many = tuple(Option(f"p{n}", f"T{n}") for n in range(1, 15))

    for limits in (WHATSAPP, MESSENGER, INSTAGRAM):
        (part,) = fit(Choices("Q?", many), limits)
        assert isinstance(part, Text)
        assert part.text.startswith("Q?\n\n1. T1\n2. T2\n")
        assert part.text.endswith("\n14. T14")


def test_a_long_title_is_short_numbered_and_whole_in_the_text() -> None:
    shown = (
        Option("a", "Annual maintenance of balconies"),
        Option("b", "Annual maintenance of gardens"),
        Option("c", "No"),
    )
    (part,) = fit(Choices("Q?", shown), MESSENGER)

    assert isinstance(part, Choices)
    assert [option.title for option in part.options] == ["1. Annual maintenan…", "2. Annual maintenan…", "No"]
    assert part.text == "Q?\n\n1. Annual maintenance of balconies\n2. Annual maintenance of gardens\n3. No"


def test_two_options_of_one_name_are_told_apart() -> None:
    (part,) = fit(Choices("Q?", (Option("a", "Ana"), Option("b", "Ana"))), WHATSAPP)

    assert isinstance(part, Choices)
    assert [option.title for option in part.options] == ["1. Ana", "2. Ana"]


def test_descriptions_go_where_they_are_seen() -> None:
    two = (Option("a", "S", "20 cm"), Option("b", "L", "40 cm"))
    four = (*two, Option("c", "XL", "d" * 80), Option("d", "XXL"))
    (buttons,) = fit(Choices("Q?", two), WHATSAPP)
    (rows,) = fit(Choices("Q?", four), WHATSAPP)

    assert isinstance(buttons, Choices)
    assert buttons.text == "Q?\n\nS – 20 cm\nL – 40 cm"
    assert isinstance(rows, Choices)
    assert [option.description for option in rows.options] == ["20 cm", "40 cm", "", ""]
    assert rows.text == "Q?\n\nXL – " + "d" * 80


def test_a_long_question_has_its_choices_on_the_last_part() -> None:
    parts = fit(Choices("word " * 1000 + "end?", (Option("a", "Yes"), Option("b", "No"))), WHATSAPP)

    assert [type(part) for part in parts] == [Text, Choices]
    assert isinstance(parts[-1], Choices)
    assert parts[-1].text.endswith("end?")


def test_links_are_buttons_or_words() -> None:
    one, two = Link("Shop", "https://shop.example"), Link("Map", "https://map.example")

    assert fit(Text("Hi", (one,)), WHATSAPP) == (Text("Hi", (one,)),)
    assert fit(Text("Hi", (one, two)), WHATSAPP) == (
        Text("Hi\n\nShop: https://shop.example\nMap: https://map.example"),
    )
    assert fit(Text("Hi", (one, two)), MESSENGER) == (Text("Hi", (one, two)),)
    assert fit(Text("", (one,)), MESSENGER) == (Text("Shop: https://shop.example"),)
    assert fit(Text("x" * 641, (one,)), INSTAGRAM) == (Text("x" * 641 + "\n\nShop: https://shop.example"),)


def test_captions() -> None:
    image = Media("image", "https://a.example/a.jpg", "nice")

    assert fit(image, WHATSAPP) == (image,)
    assert fit(image, MESSENGER) == (Media("image", image.url), Text("nice"))
    assert fit(Media("image", image.url, "x" * 1025), WHATSAPP) == (Media("image", image.url), Text("x" * 1025))
    sound = "https://a.example/a.ogg"
    assert fit(Media("audio", sound, "nice"), WHATSAPP) == (Media("audio", sound), Text("nice"))
    assert fit(Media("sticker", image.url), MESSENGER) == (Media("image", image.url),)


@pytest.mark.parametrize("cluster", [cluster for cluster in CLUSTERS if len(cluster) > 1])
def test_no_boundary_inside_a_character(cluster: str) -> None:
    text = f"a{cluster}b"

    assert [place for place in range(1, len(text)) if is_boundary(text, place)] == [1, 1 + len(cluster)]


def test_flags_stand_in_pairs() -> None:
    flags = "🇮🇹🇫🇷🇩🇪"
    assert [place for place in range(len(flags) + 1) if is_boundary(flags, place)] == [0, 2, 4, 6]


def test_a_monster_longer_than_the_limit_is_cut_all_the_same() -> None:
    assert "".join(split("e" + "\u0301" * 50, 20)) == "e" + "\u0301" * 50


def test_shortened() -> None:
    assert shortened("Plants", 6) == "Plants"
    assert shortened("Plants", 5) == "Plan…"
    assert shortened("go 👨‍👩‍👧‍👦 now", 8) == "go…"


def test_numbers_in_order_are_not_numbered_again() -> None:
    scale = Choices("From 0 to 10?", tuple(Option(f"s/1/{n}", str(n)) for n in range(11)))
    assert fit(scale, WHATSAPP) == (Text("From 0 to 10?\n\n0 · 1 · 2 · 3 · 4 · 5 · 6 · 7 · 8 · 9 · 10"),)
    (shown,) = fit(scale, MESSENGER)
    assert isinstance(shown, Choices) and [option.title for option in shown.options] == [str(n) for n in range(11)]
    odd = Choices("Which?", tuple(Option(f"s/1/{n}", str(n)) for n in (7, *range(10))))
    (numbered,) = fit(odd, WHATSAPP)
    assert isinstance(numbered, Text) and numbered.text.startswith("Which?\n\n1. 7\n2. 0")


@pytest.mark.parametrize("limits", EVERYWHERE)
@pytest.mark.parametrize(
    "url",
    ["https://", "https:///a", "https://x.example/Ana Maria", "https://x.example/\nb", "https://[1", "https://x:y",
     "tel:+39", "", "https://../", "https://x.example/" + "a" * 2000],
)  # fmt: skip
def test_an_address_that_no_platform_takes_stands_in_the_text(limits: Limits, url: str) -> None:
    parts = fit(Text("See", (Link("Shop", url),)), limits)
    assert all(isinstance(part, Text) and not part.links for part in parts)
    said = "".join(part.text for part in parts if isinstance(part, Text))
    assert "".join(url.split()) in "".join(said.split()) and "Shop" in said


@pytest.mark.parametrize("limits", EVERYWHERE)
def test_the_title_of_a_link_is_one_line(limits: Limits) -> None:
    assert fit(Text("See", (Link("The\n shop", "https://x.example/é"),)), limits) == (
        Text("See", (Link("The shop", "https://x.example/é"),)),
    )


@pytest.mark.parametrize("limits", EVERYWHERE)
@pytest.mark.parametrize("url", ["http://x.example/a.png", "a.png", "https://x.example/a b.png", "https://"])
def test_a_file_that_nobody_can_fetch_is_said(limits: Limits, url: str) -> None:
    assert fit(Media("image", url, "A rose"), limits) == (Text(f"A rose\n{url}"),)
    assert fit(Media("image", " "), limits) == ()


def test_the_name_of_a_file_is_bounded() -> None:
    (part,) = fit(Media("document", "https://x.example/a", "", "a\n" + "b" * 300 + ".pdf"), WHATSAPP)
    assert isinstance(part, Media) and len(part.filename) == 240
    assert part.filename.startswith("a b") and part.filename.endswith("b.pdf")
