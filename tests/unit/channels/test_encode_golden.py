"""Every content on file becomes the request that its golden file says, and the whole of it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from trinario.channels.instagram import encode as instagram
from trinario.channels.messenger import encode as messenger
from trinario.channels.whatsapp import encode as whatsapp
from trinario.model.channel import Identity
from trinario.model.interactive import Form, Products, Shelf, Wanted
from trinario.model.message import (
    Card,
    Cards,
    Choices,
    ContactCard,
    Feedback,
    Link,
    Location,
    Media,
    Option,
    PublicReply,
    Sign,
    Template,
    TemplateButton,
    TemplateCard,
    TemplateHeader,
    Text,
)
from trinario.model.outbox import OutboxEntry

GOLDEN = Path(__file__).parents[2] / "golden" / "channels"
ENCODERS = {"whatsapp": whatsapp.encode, "messenger": messenger.encode, "instagram": instagram.encode}
NOUNS: dict[str, Any] = {
    noun.__name__: noun
    for noun in (
        Text, Media, Choices, Template, Option, Link, Card, Cards, Location, ContactCard, TemplateHeader, TemplateButton,
        TemplateCard, PublicReply, Sign, Wanted, Form, Products, Shelf, Feedback,
    )
}  # fmt: skip
NOUNS["Decimal"] = lambda value: Decimal(value)
CASES = [
    pytest.param(platform, case, id=f"{platform}: {case['case']}")
    for platform in ENCODERS
    for case in json.loads((GOLDEN / f"{platform}_said.json").read_text("utf-8"))
]


def built(value: Any) -> Any:
    """A value of the model out of golden JSON."""
    if isinstance(value, list):
        return tuple(built(item) for item in value)
    if isinstance(value, dict) and "is" in value:
        return NOUNS[value["is"]](**{key: built(part) for key, part in value.items() if key != "is"})
    return value


def entry_of(given: dict[str, Any]) -> OutboxEntry:
    rest = {key: value for key, value in given.items() if key not in ("identity", "content")}
    return OutboxEntry(
        id=1, contact=1, identity=Identity(*given["identity"].split("/")), content=built(given["content"]), **rest
    )


@pytest.mark.parametrize(("platform", "case"), CASES)
def test_becomes_what_is_on_file(platform: str, case: dict[str, Any]) -> None:
    assert ENCODERS[platform](entry_of(case["entry"])) == case["body"]


def test_instagram_has_no_templates() -> None:
    entry = OutboxEntry(1, "k", 1, Identity("ig", "igsid", "5"), Template("hello", "it"))

    with pytest.raises(ValueError, match="no templates"):
        instagram.encode(entry)


def test_attention_on_whatsapp() -> None:
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN1"}

    assert whatsapp.attention("wamid.IN1", typing=False) == read
    assert whatsapp.attention("wamid.IN1", typing=True) == {**read, "typing_indicator": {"type": "text"}}
