"""One sample of every form that a content can take, as an author would write it."""

from dataclasses import dataclass
from decimal import Decimal

from trinario.engine.say_template import hydrated
from trinario.model.interactive import Form, Products, Shelf, Wanted
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
    Sign,
    Text,
)
from trinario.model.template import DeclaredButton, TemplateSpec, TemplateWords

SITE = "https://luckygarden.example"
PHOTO, TERRACE, BOUQUET = (f"{SITE}/{name}.jpg" for name in ("garden", "terrace", "bouquet"))
ORDER = Link("Order", f"{SITE}/order")
PLANTS = ("Aloe", "Basil", "Cactus", "Dahlia", "Fern", "Gerbera", "Hibiscus", "Iris", "Jasmine", "Kalanchoe", "Lavender",
          "Mint", "Narcissus", "Orchid", "Peony", "Quince", "Rose", "Sage", "Tulip", "Viola")  # fmt: skip
LONG = (
    "Water it once a week, a little more in summer. It likes the light and not the sun at noon; in winter it stands "
    "inside, where it is cool. Every second spring it gets a larger pot and new soil. "
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One content; `name` is that of its pictures, `title` what it is. `hers`: it stands on what she wrote."""

    name: str
    title: str
    content: Content


def plants(count: int, described: bool = False) -> tuple[Option, ...]:
    """So many choices."""
    names = (PLANTS[n % len(PLANTS)] + (f" {n // len(PLANTS) + 1}" if n >= len(PLANTS) else "") for n in range(count))
    return tuple(
        Option(f"s1/1/{number}", name, f"{10 + number} EUR, in a pot" if described else "")
        for number, name in enumerate(names, 1)
    )


def cards(count: int, pictures: bool = True, links: int = 1) -> tuple[Card, ...]:
    """So many cards."""
    shown = (PHOTO, TERRACE, BOUQUET)
    several = (ORDER, Link("Care", f"{SITE}/care"))[:links]
    return tuple(
        Card(PLANTS[number % len(PLANTS)], f"{12 + number} EUR", shown[number % 3] if pictures else "", several)
        for number in range(count)
    )


SPRING = TemplateSpec(
    "spring_2026", "utility", ("name",),
    {"en": TemplateWords("Hello {{name}}, your plants are ready.", None, "Lucky Garden",
                         (DeclaredButton("reply", "I come today"), DeclaredButton("url", "The way", f"{SITE}/way")))},
)  # fmt: skip

SAMPLES = (
    Sample("text", "words", Text("Hello Ana, this is Lucky Garden. What can we do for you?")),
    Sample("text-long", "long words", Text((LONG * 7).strip())),
    Sample("choices-3", "3 choices", Choices("Which plant do you like best?", plants(3), "Plants", "More")),
    Sample("choices-described", "3 choices with descriptions", Choices("Which plant?", plants(3, True), "Plants", "More")),
    Sample("choices-long", "2 choices with long titles", Choices("Where shall it stand?", (
        Option("s1/1/1", "On the balcony of the first floor"), Option("s1/1/2", "In the garden behind the house")), "Places")),
    Sample("choices-8", "8 choices", Choices("Which plant do you like best?", plants(8), "Plants", "More")),
    Sample("choices-8-described", "8 choices with descriptions",
           Choices("Which plant do you like best?", plants(8, True), "Plants", "More")),
    Sample("choices-13", "13 choices", Choices("Which plant do you like best?", plants(13), "Plants", "More")),
    Sample("choices-20", "20 choices in pages", Choices("Which plant do you like best?", plants(20), "Plants", "More")),
    Sample("choices-20-whole", "20 choices without pages", Choices("Which plant do you like best?", plants(20), "Plants")),
    Sample("scale", "a scale from 0 to 10", Choices("How likely is it that you come again?", tuple(
        Option(f"s1/1/{number}", str(number)) for number in range(11)))),
    Sample("link", "words with a link", Text("Our spring list is here.", (Link("See it", f"{SITE}/spring"),))),
    Sample("links", "words with two links", Text("Our spring list is here.", (Link("See it", f"{SITE}/spring"), ORDER))),
    Sample("image", "an image with a caption", Media("image", PHOTO, "The garden this morning")),
    Sample("image-link", "an image with a caption and a link", Media("image", BOUQUET, "Nine stems, 24 EUR", "", (ORDER,))),
    Sample("image-button", "an image with a link", Media("image", BOUQUET, "", "", (ORDER,))),
    Sample("images", "3 images with a caption", Media("image", PHOTO, "The garden this morning", others=(TERRACE, BOUQUET))),
    Sample("document", "a document with a caption", Media("document", f"{SITE}/list.pdf", "What we have", "spring.pdf")),
    Sample("video", "a video", Media("video", f"{SITE}/walk.mp4", "A walk through the garden")),
    Sample("audio", "a voice message", Media("audio", f"{SITE}/hello.ogg")),
    Sample("sticker", "a sticker", Media("sticker", f"{SITE}/sun.webp")),
    Sample("heart", "the sticker of a heart", Media("sticker", "heart")),
    Sample("post", "a post of our own", Media("post", f"{SITE}/p/abc", "Our newest", post="17895695668004550")),
    Sample("cards", "3 cards with pictures and a link", Cards(cards(3), "New this week:")),
    Sample("cards-two-links", "2 cards with two links", Cards(cards(2, links=2), "New this week:")),
    Sample("cards-plain", "2 cards without pictures", Cards(cards(2, pictures=False), "New this week:")),
    Sample("card", "one card", Cards(cards(1))),
    Sample("location", "a place", Location(Decimal("45.4642"), Decimal("9.19"), "Lucky Garden", "Via Roma 1, Milano")),
    Sample("contact", "somebody's card", ContactCard("Ana Rossi", "+390251234567", f"ana@{SITE[8:]}", "Lucky Garden", SITE)),
    Sample("ask-location", "a request for her place", Wanted("Where shall we deliver?", "location")),
    Sample("ask-phone", "a request for her number", Wanted("Under which number can we reach you?", "phone")),
    Sample("ask-email", "a request for her e-mail address", Wanted("Where shall we write to?", "email")),
    Sample("form", "a form", Form("Book a visit to the garden.", "Book", "1234567890", "token", url=f"{SITE}/visit")),
    Sample("products", "two products of a catalogue", Products(
        "Fresh this week", "998877", (Shelf("Plants", ("aloe-1", "basil-2")),), "Lucky Garden", "", "Open the shop", f"{SITE}/shop")),
    Sample("product", "one product of a catalogue", Products(
        "Our aloe", "998877", (Shelf("Plants", ("aloe-1",)),), "", "", "Open the shop", f"{SITE}/shop")),
    Sample("template", "a template", hydrated(SPRING, "en", {"name": "Ana"})),
    Sample("sign", "a sign on her message", Sign("❤️", "hers")),
)  # fmt: skip
"""In the order of the page. What has no look of its own (answers below comments, whose thread it is) is not among them."""

BY_NAME = {sample.name: sample for sample in SAMPLES}
