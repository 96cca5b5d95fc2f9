"""UNLINK: whoever was joined by a link that was not meant for her is somebody else again, whichever side says it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from tests.unit.jobs.linking import DEMO, GREETING, SIZE, TOLD, Links
from trinario.jobs.reply import reply
from trinario.testing import webhooks
from trinario.testing.people import Person

DISCLOSED = "I am an automatic assistant. A person can take over at any time: write “human”."
DONE = "Done: these are two separate conversations again."


def play(scene: Callable[[Links], Awaitable[None]]) -> None:
    """Plays a scene in which Eve has followed Ana's link to WhatsApp."""

    async def whole() -> None:
        links = await Links().offered()
        assert await links.says(links.eve, "whatsapp", links.code) == [SIZE]
        assert links.said(links.ana, "instagram")[-1].endswith(TOLD)
        await scene(links)

    asyncio.run(whole())


def apart(links: Links) -> bool:
    return links.contact(links.eve, "whatsapp") != links.contact(links.ana, "instagram")


@pytest.mark.parametrize("word", ["UNLINK", "unlink!", "  Unlink ", "Scollega", "desvincular", "Das war ich nicht",
                                  "Ce n’était pas moi.", "não fui eu", "That wasn't me"])  # fmt: skip
def test_the_issuer_undoes_it_where_the_link_was_sent_and_goes_on_there(word: str) -> None:
    async def scene(links: Links) -> None:
        assert await links.says(links.ana, "instagram", word) == [DONE, SIZE]
        assert apart(links)
        assert links.said(links.eve, "whatsapp") == [SIZE, DONE]
        assert await links.says(links.ana, "instagram", "Large") == [
            "Thank you, Ana! Your bouquet: Red, Large. See you soon at Lucky Garden!"
        ]
        assert links.machine.faults() == []

    play(scene)


def test_who_came_by_it_unlinks_herself_and_learns_nothing() -> None:
    async def scene(links: Links) -> None:
        assert await links.says(links.eve, "whatsapp", "UNLINK") == [DONE]
        assert apart(links)
        assert links.said(links.ana, "instagram")[-2:] == [DONE, SIZE]
        assert not any("Ana" in text for text in links.said(links.eve, "whatsapp"))
        (said,) = await links.says(links.eve, "whatsapp", "hello")
        assert said.startswith("Hello, this is Lucky Garden!")

    play(scene)


def test_the_team_and_the_log_are_told() -> None:
    async def scene(links: Links) -> None:
        await links.says(links.ana, "instagram", "UNLINK")
        ((note,),) = links.machine.rows("SELECT note FROM tickets")
        assert "was undone by the person whose link it was, on instagram" in note
        assert {one["by"] for one in links.events("link_undone")} == {"issuer"}
        assert len(links.events("link_undone")) == 2
        ((by, reason),) = links.machine.rows("SELECT undone_by, undone_reason FROM merges")
        assert (by, reason) == ("contact", "unlink on instagram")

    play(scene)


def test_the_link_opens_nothing_afterwards() -> None:
    async def scene(links: Links) -> None:
        await links.says(links.ana, "instagram", "UNLINK")
        await links.says(links.eve, "whatsapp", links.code)
        assert apart(links)
        assert links.events("link_refused")[-1]["reason"] == "used"

    play(scene)


def test_what_she_answered_meanwhile_stays_hers() -> None:
    async def scene(links: Links) -> None:
        await links.says(links.eve, "whatsapp", "Small")
        await links.says(links.ana, "instagram", "UNLINK")
        assert apart(links)
        hers = links.contact(links.eve, "whatsapp")
        rows = links.machine.rows(
            "SELECT text FROM messages WHERE contact_id = ? AND direction = 'in' ORDER BY id", hers
        )
        assert [text for (text,) in rows] == [links.code, "Small"]

    play(scene)


def test_after_a_week_the_word_is_ordinary() -> None:
    async def scene(links: Links) -> None:
        links.clock.move(links.clock.now() + timedelta(days=7, seconds=1))
        assert DONE not in await links.says(links.ana, "instagram", "UNLINK")
        assert not apart(links)

    play(scene)


def test_said_twice_it_undoes_once() -> None:
    async def scene(links: Links) -> None:
        await links.says(links.ana, "instagram", "UNLINK")
        assert DONE not in await links.says(links.ana, "instagram", "UNLINK")
        assert DONE not in await links.says(links.eve, "whatsapp", "UNLINK")
        assert links.count("merges WHERE undone_at IS NOT NULL") == 1

    play(scene)


def test_without_a_link_the_word_is_ordinary() -> None:
    async def whole() -> None:
        links = Links()
        assert DONE not in await links.says(links.eve, "whatsapp", "UNLINK")
        assert links.machine.faults() == []

    asyncio.run(whole())


def test_a_newcomer_unlinks_herself_and_not_another_one() -> None:
    """Two links of late: each word takes apart whom it comes from."""

    async def whole() -> None:
        links = Links()
        for text in ("hello", "Ana"):
            await links.says(links.ana, "messenger", text)
        target = links.cast.newest_link("instagram")
        assert target is not None
        await links.opens(links.eve, "instagram", target.ref)
        await links.says(links.eve, "instagram", "Red")
        code, bea = links.newest_code(), links.cast.person("Bea", "whatsapp")
        assert await links.says(bea, "whatsapp", code) == [SIZE]
        await links.says(links.eve, "instagram", "UNLINK")
        hers = links.contact(links.ana, "messenger")
        assert links.contact(links.eve, "instagram") != hers
        assert links.contact(bea, "whatsapp") == hers
        await links.says(links.ana, "messenger", "UNLINK")
        assert links.contact(bea, "whatsapp") != hers
        assert links.machine.faults() == []

    asyncio.run(whole())


def test_links_that_the_newcomer_may_have_seen_are_void_and_a_new_one_is_offered() -> None:
    async def whole() -> None:
        links = Links()
        for text in ("hello", "Ana"):
            await links.says(links.ana, "messenger", text)
        target = links.cast.newest_link("instagram")
        assert target is not None
        await links.opens(links.eve, "instagram", target.ref)
        await links.says(links.eve, "instagram", "Red")
        seen = links.newest_code()
        await links.says(links.ana, "messenger", "UNLINK")
        fresh = links.newest_code()
        assert fresh != seen
        await links.says(links.eve, "whatsapp", seen)
        assert links.contact(links.eve, "whatsapp") != links.contact(links.ana, "messenger")
        assert await links.says(links.ana, "whatsapp", fresh) == [SIZE]
        assert links.contact(links.ana, "whatsapp") == links.contact(links.ana, "messenger")

    asyncio.run(whole())


@pytest.mark.parametrize("by", ["app", "api"])
def test_whom_the_team_wrote_to_is_theirs_and_the_other_has_the_bot_at_once(by: str) -> None:
    async def scene(links: Links) -> None:
        await _team_writes(links, links.ana, "instagram", by)
        assert await links.says(links.eve, "whatsapp", "anybody there?") == []
        assert await links.says(links.eve, "whatsapp", "UNLINK") == [DONE]
        assert links.said(links.ana, "instagram")[-1] == DONE
        *_, said = await links.says(links.eve, "whatsapp", "hello")
        assert said.startswith(GREETING)
        assert await links.says(links.ana, "instagram", "Large") == []
        assert links.machine.faults() == []

    play(scene)


@pytest.mark.parametrize("by", ["app", "api"])
def test_she_whose_link_it_was_goes_on_with_the_bot_when_the_team_wrote_to_the_other(by: str) -> None:
    async def scene(links: Links) -> None:
        await _team_writes(links, links.eve, "whatsapp", by)
        assert sorted(await links.says(links.ana, "instagram", "UNLINK")) == [SIZE, DONE, DISCLOSED]
        assert await links.says(links.eve, "whatsapp", "hello") == []
        assert [
            text for text in await links.says(links.ana, "instagram", "Large") if text.startswith("Thank you, Ana!")
        ]
        links.clock.move(links.clock.now() + timedelta(minutes=31))
        await links.machine.work()
        *_, said = await links.says(links.eve, "whatsapp", "hello")
        assert said.startswith(GREETING)
        assert links.machine.faults() == []

    play(scene)


def test_what_people_said_before_the_bot_was_back_keeps_nobody() -> None:
    async def scene(links: Links) -> None:
        await _team_writes(links, links.ana, "instagram", "app")
        links.clock.move(links.clock.now() + timedelta(minutes=31))
        await links.machine.work()
        await _team_writes(links, links.eve, "whatsapp", "api")
        assert sorted(await links.says(links.ana, "instagram", "UNLINK")) == [SIZE, DONE, DISCLOSED]
        assert await links.says(links.eve, "whatsapp", "hello") == []

    play(scene)


@pytest.mark.parametrize("way", ["word", "flow"])
@pytest.mark.parametrize("who", ["ana", "eve"])
def test_on_whose_word_people_were_called_stays_with_them_and_the_other_has_the_bot(
    tmp_path: Path, who: str, way: str
) -> None:
    async def whole() -> None:
        links = await Links(_handing_over(tmp_path)).offered()
        assert await links.says(links.eve, "whatsapp", links.code) == [SIZE]
        (hers, place), (other, there) = _both(links) if who == "ana" else reversed(_both(links))
        await links.says(hers, place, "human" if way == "word" else "Large")
        links.clock.move(links.clock.now() + timedelta(seconds=2))
        assert await links.says(other, there, "anybody there?") == []
        said = await links.says(other, there, "UNLINK")
        assert DONE in said
        links.clock.move(links.clock.now() + timedelta(seconds=2))
        assert await links.says(other, there, "hello") != []
        assert await links.says(hers, place, "hello?") == []
        rows = links.machine.rows("SELECT contact_id FROM tickets WHERE note NOT LIKE 'a link%'")
        assert rows == [(links.contact(hers, place),)]
        assert links.machine.faults() == []

    asyncio.run(whole())


def _both(links: Links) -> list[tuple[Person, str]]:
    return [(links.ana, "instagram"), (links.eve, "whatsapp")]


def _handing_over(folder: Path) -> Path:
    """The demo, whose conversation ends with people."""
    for part in ("bots", "flows"):
        copytree(DEMO.parents[1] / part, folder / part)
    flow = folder / "flows/welcome.yaml"
    flow.write_text(flow.read_text("utf-8") + "    next: people\n  people:\n    handoff: sales\n", "utf-8")
    return folder / "bots/demo"


async def _team_writes(links: Links, who: Person, channel: str, by: str) -> None:
    """Somebody of the team writes to her, in the platform's app or by the API."""
    now = links.clock.now()
    if by == "app":
        await links.does(who, channel, webhooks.team(links.cast.line(who, channel), "team-1", now, "Rita here"))
    else:
        contact = links.contact(who, channel)
        world = links.machine.world
        links.machine.store.run_now(lambda unit: reply(unit, world, contact, "Rita here", channel, "r1", now, "Rita"))
        await links.machine.work()
    links.clock.move(links.clock.now() + timedelta(seconds=2))
    assert links.machine.rows("SELECT owner FROM contacts WHERE id = ?", links.contact(who, channel)) == [("person",)]
