"""What is said and heard survives the database, and reads as words in the thread."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from trinario import jsons
from trinario.model.channel import Identity
from trinario.model.heard import Heard, MediaHeard, Referral
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
    Option,
    PublicReply,
    Sign,
    Template,
    TemplateButton,
    TemplateHeader,
    Text,
)
from trinario.model.value import pack, unpack
from trinario.model.wire import heard_from_json, heard_to_json
from trinario.model.wire_content import content_from_json, content_to_json, kind_of, words_of

LINKS = (Link("Shop", "https://x.example/?a=1"),)
CONTENTS: list[tuple[Content, str, str]] = [
    (Text("Hi"), "text", "Hi"),
    (Text("Hi", LINKS), "text", "Hi\nShop: https://x.example/?a=1"),
    (Media("image", "https://x.example/a.png"), "image", "https://x.example/a.png"),
    (Media("document", "https://x.example/a.pdf", "Our list", "list.pdf", LINKS), "document",
     "Our list\nShop: https://x.example/?a=1"),
    (Choices("Which?", (Option("p/1", "Red", "warm"), Option("p/2", "Blue")), "Choose"), "choices",
     "Which?\n[Red]\n[Blue]"),
    (Choices("Which?", (Option("p/1", "Red"),), "Choose", "p/more/1", 9), "choices", "Which?\n[Red]"),
    (Cards((Card("Fern", "12 €", "https://x.example/f.png", LINKS), Card("Ivy")), "Look:"), "cards",
     "Look:\nFern\n12 €\nShop: https://x.example/?a=1\nIvy"),
    (Location(Decimal("45.46"), Decimal("9.19"), "Shop", "Via Roma 1"), "location", "Shop\nVia Roma 1\n45.46, 9.19"),
    (ContactCard("Ana", "+39055", "a@x.it", "Garden", "https://x.example"), "contact",
     "Ana\nGarden\n+39055\na@x.it\nhttps://x.example"),
    (Template("spring", "it", {"name": "Ana", "day": "today"}), "template", "spring Ana today"),
    (Template("spring", "it", {}), "template", "spring"),
    (Template("spring", "it", {"1": "a"}, TemplateHeader("image", "https://x.example/a.png"),
              (TemplateButton(0, "url", "a%20b"),), "It is spring, a.", LINKS, ("Stop",)), "template",
     "It is spring, a.\nShop: https://x.example/?a=1\n[Stop]"),
    (PublicReply("Thanks!", "c1"), "comment", "Thanks!"),
    (Sign("👍", "m1"), "reaction", "👍"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "kind", "words"), CONTENTS, ids=lambda one: getattr(type(one), "__name__", None))
def test_what_is_said(content: Content, kind: str, words: str) -> None:
    assert content_from_json(jsons.loads(jsons.dumps(content_to_json(content)))) == content
    assert kind_of(content) == kind
    assert words_of(content) == words


def test_a_message_of_a_later_version_is_not_taken_for_another() -> None:
    with pytest.raises(ValueError, match="'hologram' is not known"):
        content_from_json({"k": "hologram"})


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"text": "hi", "context": "m0", "name": "Ana"},
        {"payload": "t:1/1/1", "text": "Red"},
        {"media": (MediaHeard("image", "9", "https://x.example/9", "image/jpeg", "a.jpg"),)},
        {"referral": Referral("spring", "ad", "77", {"title": "Spring"})},
        {"also": (Identity("whatsapp", "bsuid", "IT.1"),), "data": {"comment": "c1"}},
    ],
)
def test_what_is_heard(more: dict[str, Any]) -> None:
    heard = Heard(Identity("whatsapp", "phone", "39055"), "m1", datetime(2026, 3, 2, 10, tzinfo=UTC), "text", **more)
    data = heard_to_json(heard)
    assert heard_from_json(jsons.loads(jsons.dumps(data))) == heard
    assert set(data) == {"i", "id", "at", "kind", *more}, "what is empty takes no room"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1E+40", "0.10", "-7", "12345678901234567890"])
def test_a_number_keeps_its_value(number: str) -> None:
    again = unpack(jsons.loads(jsons.dumps(pack(Decimal(number)))))
    assert isinstance(again, Decimal | int)
    assert Decimal(again).compare_total(Decimal(number).normalize()) == 0 or Decimal(again) == Decimal(number)


@pytest.mark.parametrize(
    ("name", "ending"), [("a.PNG", "png"), ("my.list.pdf", "pdf"), ("readme", ""), ("folder.d/x.jpg", "jpg")]
)
def test_the_ending_of_a_file(name: str, ending: str) -> None:
    assert MediaFile(name, f"/bot/media/{name}", 1, "ab12").ending == ending
