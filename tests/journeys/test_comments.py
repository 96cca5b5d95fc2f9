"""From a comment below a post to a conversation; and what else begins one beside words."""

from typing import Any

import pytest

from tests.journeys.house import House
from tests.processes import eventually

DAY = 86_400


def below(house: House, post: str = "lemons") -> list[dict[str, Any]]:
    """What stands below the post, of everybody."""
    return list(house.meta.ask("GET", f"/comments?post={post}"))


def answers(house: House, comment: str) -> list[str]:
    """What the business answered below a comment."""
    return [str(one["text"]) for one in below(house) if one["parent"] == comment]


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
def test_a_comment_leads_to_a_private_message_and_on(house: House, platform: str) -> None:
    ana = house.person("Ana Rossi")

    comment = ana.act("comment", platform, text="I want to WIN!!", post="lemons")["id"]
    assert ana.sees(platform, 1) == ["A lemon tree is waiting. Shall we begin?"]
    said = eventually(lambda: answers(house, comment), "the answer stands below the comment")
    assert said in (["Look into your messages!"], ["Good luck! We wrote to you."])

    again = ana.act("comment", platform, text="win win", post="lemons")["id"]
    ana.tap(platform, "I am in")
    assert ana.sees(platform, 2)[-1] == "How old are you?"
    tapped = next(shown for shown in ana.thread(platform) if shown["direction"] == "in")
    eventually(lambda: _signs(ana, platform, tapped["id"]), "her tap gets a sign")
    ana.say(platform, "20")
    assert ana.sees(platform, 3)[-1] == "You are in, with 20 years."

    third = ana.act("comment", platform, text="Win!", post="lemons")["id"]
    eventually(lambda: answers(house, third), "a later comment is answered in public")
    assert answers(house, again) == []
    assert len(ana.texts(platform)) == 3
    assert len(house.accepted(ana)) == 3


def _signs(ana: Any, platform: str, message: str) -> dict[str, str]:
    return next(dict(shown["reactions"]) for shown in ana.thread(platform) if shown["id"] == message)


def test_a_comment_of_another_post_or_of_nobody_begins_nothing(house: House) -> None:
    ana = house.person("Ana Rossi")
    ana.act("comment", "instagram", text="win", post="roses")
    ana.act("comment", "instagram", text="a window", post="lemons")
    last = ana.act("comment", "instagram", text="win", post="lemons")["id"]

    assert len(ana.sees("instagram", 1)) == 1
    assert [one["text"] for one in below(house, "roses")] == ["win"]
    eventually(lambda: answers(house, last), "the right one is answered")


def test_what_else_begins_a_conversation(house: House) -> None:
    bea = house.person("Bea Neri")

    bea.act("story_reply", "instagram", text="Wow")
    assert bea.sees("instagram", 1)[-1] == "From nine to six (story_reply)."
    bea.act("menu", "instagram", title="Opening hours")
    assert bea.sees("instagram", 2)[-1] == "From nine to six (menu)."
    bea.act("ad", "messenger", ad="120226", text="Still there?")
    assert bea.sees("messenger", 1)[-1] == "From nine to six (ad)."
    bea.act("get_started", "whatsapp")
    assert bea.sees("whatsapp", 1)[-1] == "From nine to six (ice_breaker)."
    bea.act("form", "whatsapp", data={"size": "M"})
    assert bea.sees("whatsapp", 2)[-1] == "From nine to six (form)."
