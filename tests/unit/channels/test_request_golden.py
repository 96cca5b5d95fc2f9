"""Every content on file goes to the address, with the headers and the body that are on file, and the emulator takes it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.channels.judging import PLATFORMS, adapters, judged
from tests.unit.channels.test_encode_golden import GOLDEN, entry_of
from trinario.channels.http.transport import Answer, Outcome
from trinario.model.message import PublicReply
from trinario.model.outbox import Sent

CASES = [
    pytest.param(platform, case, id=f"{platform}: {case['case']}")
    for platform in PLATFORMS
    for case in json.loads((GOLDEN / f"{platform}_said.json").read_text("utf-8"))
]
META = {
    "whatsapp": "https://graph.facebook.com/v25.0/106540352242922/messages",
    "messenger": "https://graph.facebook.com/v25.0/1895382890692545/messages",
    "instagram": "https://graph.facebook.com/v25.0/me/messages",
}
EDGES = {"messenger": "comments", "instagram": "replies"}
GOOD = {
    "whatsapp": {"messages": [{"id": "wamid.1"}]}, "messenger": {"message_id": "m_1", "recipient_id": "5", "id": "c_2"},
    "instagram": {"message_id": "m_1", "recipient_id": "5", "id": "c_2"},
    "telegram": {"ok": True, "result": {"message_id": 1, "chat": {"id": 5511987654}}},
}  # fmt: skip


class Wire:
    """A transport that remembers what was posted, and answers well."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = json.dumps(answer).encode()
        self.asked: list[tuple[str, Any, Mapping[str, str]]] = []

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        self.asked.append((url, json.loads(body), headers))
        return Answer(200, self.answer)

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome:
        raise AssertionError("a message is a POST")


def address(platform: str, case: dict[str, Any]) -> str:
    """Where a case goes: answers below comments to the comment, calls of the Bot API to their method."""
    if platform == "telegram":
        return f"https://api.telegram.org/bot77700:AAsecret/{case['method']}"
    content = case["entry"]["content"]
    if content["is"] == "PublicReply":
        return f"https://graph.facebook.com/v25.0/{content['comment']}/{EDGES[platform]}"
    return META[platform]


@pytest.mark.parametrize(("platform", "case"), CASES)
async def test_is_posted_as_it_is_on_file(platform: str, case: dict[str, Any]) -> None:
    wire = Wire(GOOD[platform])

    result = await adapters(wire)[platform].send(entry_of(case["entry"]))

    assert isinstance(result, Sent), result
    ((url, body, headers),) = wire.asked
    assert (url, body) == (address(platform, case), case["body"])
    bearer = {} if platform == "telegram" else {"Authorization": "Bearer token"}
    assert headers == {"Content-Type": "application/json", **bearer}


@pytest.mark.parametrize(("platform", "case"), CASES)
def test_is_taken_by_the_emulator(platform: str, case: dict[str, Any]) -> None:
    entry = entry_of(case["entry"])
    assert judged(platform, entry) == case["body"]
    assert isinstance(entry.content, PublicReply) == (case["entry"]["content"]["is"] == "PublicReply")
