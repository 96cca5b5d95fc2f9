"""What a talk's phones take is what the platforms take, and nothing else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from trinario import jsons
from trinario.channels.graph.client import Answer
from trinario.testing.phone import Commented, Number, Phones

AT = datetime(2026, 3, 6, 10, tzinfo=UTC)
GRAPH, BOT = "https://graph.example/v25.0/1/messages", "https://api.telegram.org/bot1:a"


def phones() -> Phones:
    made = Phones(lambda: AT, lambda platform: "7")
    for name, platform in (("39333", "whatsapp"), ("5", "messenger"), ("6", "instagram"), ("8", "telegram")):
        made.numbers[name] = Number("Ana", platform, platform)
    made.comments["c_1"] = Commented(made.numbers["6"], AT)
    return made


def whatsapp(**content: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": "+39333", **content}


def page(person: str, **message: Any) -> dict[str, Any]:
    return {"recipient": {"id": person}, "messaging_type": "RESPONSE", "message": message}


REFUSED = [
    (GRAPH, whatsapp(type="text", text={"body": "x" * 4097})),
    (GRAPH, whatsapp(type="image", image={"link": "http://a.example/b.png"})),
    (GRAPH, page("5", text="x" * 2000)),
    (GRAPH, page("6", text="ש" * 501)),
    (GRAPH, page("6", text="Hello", surprise=1)),
    ("https://graph.example/v25.0/c_1/replies", {"message": "x" * 301}),
    (f"{BOT}/sendMessage", {"chat_id": 8, "text": " "}),
]
TAKEN = [
    (GRAPH, whatsapp(type="text", text={"body": "x" * 4096})),
    (GRAPH, whatsapp(type="image", image={"link": "media://abc/menu.png"})),
    (GRAPH, page("5", text="x" * 1999)),
    (GRAPH, page("6", text="ש" * 500)),
    ("https://graph.example/v25.0/c_1/replies", {"message": "x" * 300}),
    (f"{BOT}/sendMessage", {"chat_id": 8, "text": "x" * 4096}),
    (f"{BOT}/sendPhoto", {"chat_id": 8, "photo": "AgADfile"}),
]


@pytest.mark.parametrize(("url", "request_"), REFUSED)
async def test_is_refused(url: str, request_: Mapping[str, Any]) -> None:
    made = phones()
    answer = await made.post(url, jsons.dump_bytes(request_), {})
    assert isinstance(answer, Answer) and answer.status == 400
    assert len(made.refused) == 1 and not made.shown


@pytest.mark.parametrize(("url", "request_"), TAKEN)
async def test_is_taken(url: str, request_: Mapping[str, Any]) -> None:
    made = phones()
    answer = await made.post(url, jsons.dump_bytes(request_), {})
    assert isinstance(answer, Answer) and answer.status == 200
    assert not made.refused and len(made.shown) == 1
