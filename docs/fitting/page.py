"""The reference page of fitting: tables and pictures, all of them made by really fitting samples."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from docs.fitting.forms import PLATFORMS, form, ranges
from docs.fitting.pictures import OPENED, PICTURES, file_of
from docs.fitting.samples import BY_NAME, ORDER, PHOTO, SAMPLES, Sample, cards, plants
from trinario.model.message import Cards, Choices, Content, Link, Media, Option, PublicReply, Text

COUNTED = ("choices", "links", "cards")
COUNTED_MANY = {"reply": "replies", "button": "buttons", "card": "cards"}
MOST_CHOICES, MOST_LETTERS = 60, 9000
SIZES: tuple[tuple[str, str, int, Callable[[int], Content]], ...] = (
    ("Choices, by their number", "choices", MOST_CHOICES, lambda n: Choices("Which?", plants(n), "Plants", "More")),
    ("Choices that are not paged, by their number", "choices", MOST_CHOICES, lambda n: Choices("Which?", plants(n), "Plants")),
    ("Two choices, by the length of a title", "characters", 100,
     lambda n: Choices("Which?", (Option("a", "x" * n), Option("b", "No")))),
    ("Eight choices, by the length of a description", "characters", 100,
     lambda n: Choices("Which?", tuple(replace(one, description="x" * n) for one in plants(8)), "Plants")),
    ("The question above three choices, by its length", "characters", MOST_LETTERS, lambda n: Choices("x" * n, plants(3))),
    ("Words, by the number of Latin letters", "letters", MOST_LETTERS, lambda n: Text("x" * n)),
    ("Words, by the number of Arabic letters", "letters", 5000, lambda n: Text("ش" * n)),
    ("Words, by the number of emoji", "emoji", 5000, lambda n: Text("😀" * n)),
    ("Words above a link, by their length", "characters", 3000, lambda n: Text("x" * n, (ORDER,))),
    ("Words with links, by the number of links", "links", 5,
     lambda n: Text("Here:", tuple(Link(f"Link {k}", f"https://a.example/{k}") for k in range(n)))),
    ("The caption of an image, by its length", "characters", 6000, lambda n: Media("image", PHOTO, "x" * n)),
    ("The caption of an image with a link, by its length", "characters", 3000, lambda n: Media("image", PHOTO, "x" * n, "", (ORDER,))),
    ("Cards with a picture and a link, by their number", "cards", 25, lambda n: Cards(cards(n))),
    ("Cards with a picture and two links, by their number", "cards", 12, lambda n: Cards(cards(n, links=2))),
    ("Cards without pictures, by their number", "cards", 12, lambda n: Cards(cards(n, pictures=False))),
    ("An answer below a comment, by its length", "characters", MOST_LETTERS, lambda n: PublicReply("x" * n, "c")),
)  # fmt: skip
"""What is measured: title, what is counted, up to how many, and the content of that size."""


def fitting() -> Iterator[str]:
    """The whole page."""
    yield "# How contents are fitted"
    yield "What an author writes goes to every channel in the best form which that channel has. Nothing is lost: what"
    yield "cannot be tapped is said, what is too long for one message goes in several, cut between lines, sentences, words,"
    yield "never inside of what a person sees as one character. Buttons stand below the last part."
    yield ""
    yield "All of this page is made by fitting and encoding samples; the pictures are the phones of `trinario demo`, made by"
    yield "`make pictures`."
    yield from ("", "## Samples", "")
    yield "| content | " + " | ".join(PLATFORMS.values()) + " |"
    yield "|---|" + "---|" * len(PLATFORMS)
    for sample in SAMPLES:
        forms = (form(platform, sample.content) for platform in PLATFORMS)
        yield f"| [{sample.title}](#{_anchor(sample.title)}) | " + " | ".join(forms) + " |"
    yield from ("", "## By size", "")
    yield "Where a form changes with a number or a length; *n* is that number."
    for title, counted, most, made in SIZES:
        yield from ("", f"### {title}", "")
        yield from _sizes(counted, most, made)
    yield from ("", "## Pictures")
    for sample in SAMPLES:
        yield from _pictures(sample)


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _sizes(counted: str, most: int, made: Callable[[int], Content]) -> Iterator[str]:
    yield f"| {counted} on | " + "form |\n|---|---|"
    for platform, name in PLATFORMS.items():
        steps = []
        for first, last, told in ranges(lambda n, p=platform: _general(form(p, made(n)), counted, n), most):  # type: ignore[misc]
            steps.append(f"{_span(first, last, most)}: {told}")
        yield f"| {name} | {'; '.join(_abridged(steps))} |"


def _general(told: str, counted: str, size: int) -> str:
    """A number of things is left out of a form, so that three and four buttons are one form."""
    if counted not in COUNTED:
        return told
    told = re.sub(rf"\b{size}\b", "n", told)
    told = re.sub(
        r"n (\w+ )??(reply(?! button)|button|card)\b", lambda found: f"n {found[1] or ''}{COUNTED_MANY[found[2]]}", told
    )
    return told.replace("cards side by side", "cards")


def _span(first: int, last: int, most: int) -> str:
    end = "" if last == most else f"{last:,}"
    return f"{first:,}" if first == last else f"{first:,}–{end}" if end else f"from {first:,}"


def _abridged(steps: list[str]) -> list[str]:
    """Long rows of the same kind of step tell the first four."""
    return steps if len(steps) <= 5 else [*steps[:4], "and so on"]


def _pictures(sample: Sample) -> Iterator[str]:
    yield from ("", f"### {sample.title[0].upper()}{sample.title[1:]}", "")
    shown = [platform for platform in PLATFORMS if file_of(sample.name, platform).is_file()]
    if not shown:
        yield "There is no picture of it."
        return
    yield "| " + " | ".join(PLATFORMS[platform] for platform in shown) + " |"
    yield "|" + "---|" * len(shown)
    yield "| " + " | ".join(_image(sample, platform) for platform in shown) + " |"
    opened = file_of(sample.name + OPENED, "whatsapp")
    if opened.is_file():
        yield from ("", "The list, opened:", "", _image(replace(sample, name=sample.name + OPENED), "whatsapp"))


def _image(sample: Sample, platform: str) -> str:
    file = file_of(sample.name, platform)
    told = form(platform, BY_NAME[sample.name.removesuffix(OPENED)].content)
    return f"![{sample.title} on {PLATFORMS[platform]}: {told}]({PICTURES.name}/{file.name})"
