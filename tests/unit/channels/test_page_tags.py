"""Tags of Messenger and Instagram: those that are alive and nothing else, whatever is said, by whomever."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import trinario
from tests.unit.channels.judging import FITTING, PEOPLE
from tests.unit.channels.test_encode_golden import GOLDEN, entry_of
from trinario.channels.graph.page_body import FEEDBACK_TAG, HUMAN_TAG
from trinario.channels.instagram import encode as instagram
from trinario.channels.messenger import encode as messenger
from trinario.emulator.checks.page import DEAD_TAGS, LIVE_TAGS
from trinario.model.message import Choices, Feedback, Option
from trinario.model.outbox import OutboxEntry

ENCODE = {"messenger": messenger.encode, "instagram": instagram.encode}
ROOM = Path(trinario.__file__).parent
OLD = ("NON_PROMOTIONAL_SUBSCRIPTION", "SHIPPING_UPDATE", "RESERVATION_UPDATE", "ISSUE_RESOLUTION", "GAME_EVENT")


@pytest.mark.parametrize("platform", ENCODE)
def test_whatever_is_said_has_a_tag_that_is_alive_or_none(platform: str) -> None:
    cases = json.loads((GOLDEN / f"{platform}_said.json").read_text("utf-8"))
    entries = [replace(entry_of(case["entry"]), human=human) for case in cases for human in (False, True)]
    bodies = [ENCODE[platform](entry) for entry in entries]
    tags = {body["tag"] for body in bodies if "tag" in body}

    assert tags == set(LIVE_TAGS[platform])
    assert all((body.get("messaging_type") == "MESSAGE_TAG") == ("tag" in body) for body in bodies)


def test_dead_tags_are_offered_nowhere() -> None:
    files = [file for file in ROOM.rglob("*") if file.suffix in (".py", ".json", ".yaml", ".js", ".md")]
    dead = re.compile("|".join((*DEAD_TAGS, *OLD)))
    found = {str(file.relative_to(ROOM)) for file in files if dead.search(file.read_text("utf-8"))}

    assert found == {"emulator/checks/page.py"}, "the emulator refuses them, nobody else knows them"


def test_the_feedback_tag_is_for_the_card_alone() -> None:
    options = tuple(Option(f"s-1/2/{at}", str(at)) for at in range(1, 6))
    card = Choices("How was it?", options, feedback=Feedback("Your visit", "A second", "Rate", "https://a.example/p"))
    for content, tag in ((card, FEEDBACK_TAG), (replace(card, text="?"), ""), (replace(card, feedback=None), "")):
        (part,) = FITTING["messenger"].fit(content)
        entry = OutboxEntry(1, "k", 1, PEOPLE["messenger"], part)
        assert messenger.encode(entry).get("tag", "") == tag
        if not tag:
            assert messenger.encode(replace(entry, human=True))["tag"] == HUMAN_TAG
