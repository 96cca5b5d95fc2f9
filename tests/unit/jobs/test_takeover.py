"""A person takes over: what the bot had still to say, files that people send, threads that pass, taking by hand."""

from datetime import timedelta

import pytest

from tests.unit.jobs.test_receive import ANA, NOW, House
from trinario import jsons
from trinario.jobs.deliver import post
from trinario.jobs.tickets import give_back
from trinario.model.heard import Arrival, Echo, MediaHeard
from trinario.model.news import Handover, News
from trinario.model.outbox import NotSent
from trinario.ports import Inward, Settled, Writes


@pytest.fixture
def house() -> House:
    return House()


def fates(house: House) -> list[tuple[int, str | None]]:
    return [(row[0], row[1]) for row in house.rows("SELECT status, refusal FROM outbox ORDER BY id")]


def echo(house: House, text: str = "Carla here", id: str = "e1", **more: object) -> None:
    house.keep(Arrival(Echo(ANA, id, house.now, text, **more), b"{}"))  # type: ignore[arg-type]


def test_an_answer_that_waits_does_not_go_when_a_person_writes(house: House) -> None:
    house.hear("a")
    house.work()
    assert fates(house) == [(0, None)]
    echo(house)
    house.work()
    assert fates(house) == [(8, "owner")]
    assert house.owner() == "person"


def test_the_same_where_both_come_in_one_batch(house: House) -> None:
    house.hear("a")
    echo(house)
    house.work()
    assert fates(house) == [(8, "owner")]


async def test_what_was_on_its_way_and_is_to_go_again_is_looked_at_once_more(house: House) -> None:
    """The race: the sender has the row when the person writes, and the platform wants it once more."""
    house.hear("a")
    house.work()
    (row,) = house.store.run_now(lambda u: u.claim_outbox("instagram", 1, 10.0, 1, house.now))
    house.now += timedelta(seconds=61)  # an echo without a key waits until our own are settled
    echo(house)
    house.work()
    house.store.run_now(lambda u: u.settle([Settled(row.entry.id, 0, attempts=1)], house.now, 1))
    house.now += timedelta(seconds=61)
    house.work()
    assert house.owner() == "person"
    claimed = house.store.run_now(lambda u: u.claim_outbox("instagram", 1, 10.0, 1, house.now))
    for one in claimed:  # refused right before it would go; it may have been withdrawn in its turn as well
        assert one.taken
        assert isinstance(result := await post(house.world, one, house.now), NotSent)
        assert result.failure.reason == "owner"
    assert claimed or fates(house) == [(8, "owner")]


def test_a_file_that_a_person_sends_in_the_app_stands_in_the_thread_and_is_fetched(house: House) -> None:
    house.hear("a")
    house.work()
    house.store.run_now(lambda u: u.hold_back(1, "owner"))
    echo(house, "", media=(MediaHeard("image", "77", "https://cdn.example/rose.jpg"),))
    house.work()
    (line, *_) = house.store.run_now(lambda u: u.thread(1, 2**62, 5))
    assert (line["direction"], line["author"], line["kind"], line["text"]) == ("out", "person", "media", "[image]")
    assert [(one.kind, one.status) for one in line["media"]] == [("image", "waiting")]


def test_a_thread_that_passes_away_takes_what_waits_and_leaves_what_was_said_before_a_handoff(house: House) -> None:
    house.hear("a")
    house.work()
    house.keep(Arrival(Handover(ANA, "h1", NOW, "thread_passed", False), b"{}"))
    house.work()
    assert fates(house) == [(8, "owner")]


def test_somebody_takes_her_by_hand_and_gives_her_back(house: House) -> None:
    house.hear("a")
    house.work()
    taken = Inward("", "taken:1", "taken", jsons.dumps({"by": "rita"}), contact=1)
    house.store.run_now(lambda u: u.take_in([taken], house.now))
    house.work()
    assert (house.owner(), fates(house)) == ("person", [(8, "owner")])
    house.hear("b")
    house.work()
    assert house.texts() == ["You said a"]
    house.store.run_now(lambda u: u.take_in([give_back("back:1", 1, "rita")], house.now))
    house.work()
    house.hear("c")
    house.work()
    assert house.owner() == "bot" and house.texts() == ["You said a", "You said c"]


@pytest.mark.parametrize(("by", "left"), [("silence", [2]), ("rita", []), ("thread", [])])
def test_a_mere_silence_leaves_tickets_open_that_nobody_has_answered(house: House, by: str, left: list[int]) -> None:
    house.hear("a")
    house.work()
    given = [(1, "", team, "", "", NOW) for team in ("sales", "care")]
    house.store.run_now(lambda u: u.write(Writes(tickets=given[:1]), NOW))
    echo(house)
    house.work()
    house.store.run_now(lambda u: u.write(Writes(tickets=given[1:]), NOW))
    row = Inward("", "back", "owner", jsons.dumps({} if by == "silence" else {"by": by}), contact=1)
    house.store.run_now(lambda u: u.take_in([row], house.now))
    house.work()
    assert house.owner() == "bot"
    assert [one.id for one in house.store.run_now(lambda u: u.tickets.of(1))] == left


def told(house: House, name: str, mid: str, id: str, **data: object) -> None:
    house.keep(Arrival(News("instagram", id, house.now, name, {"mid": mid, **data}, ANA), b"{}"))


def thread(house: House) -> list[tuple[str, str, str, int]]:
    lines = house.store.run_now(lambda u: u.thread(1, 2**62, 9))[::-1]
    return [(one["author"], one["kind"], one["text"], one["altered"]) for one in lines if one["direction"] == "out"]


def test_what_a_person_changes_and_takes_back_in_the_app_is_marked_in_the_thread(house: House) -> None:
    house.hear("a")
    house.work()
    house.store.run_now(lambda u: u.hold_back(1, "owner"))
    echo(house, "At ten, Gate 5", "e1")
    house.work()
    told(house, "team_edited", "e1", "n1", text="At ten, Gate 7")
    house.work()
    assert thread(house)[1:] == [("person", "text", "At ten, Gate 5", 1), ("person", "edit", "At ten, Gate 7", 0)]
    told(house, "team_deleted", "e1", "n2")
    house.work()
    assert thread(house)[1:] == [("person", "text", "[deleted]", 2), ("person", "edit", "[deleted]", 2)]
    assert thread(house)[0][3] == 0  # what the bot has said stands
    assert not house.rows("SELECT 1 FROM inbox WHERE body LIKE '%Gate%' OR CAST(raw AS TEXT) LIKE '%Gate%'")
    assert not house.rows("SELECT 1 FROM events WHERE data LIKE '%Gate%'")
    assert [name for (name,) in house.rows("SELECT name FROM events WHERE name LIKE 'team_%' ORDER BY id")] == [
        "team_edited", "team_deleted",
    ]  # fmt: skip


def test_an_answer_of_the_bot_that_somebody_takes_back_in_the_app_is_marked(house: House) -> None:
    house.hear("a")
    house.work()
    (row,) = house.store.run_now(lambda u: u.claim_outbox("instagram", 1, 10.0, 1, house.now))
    house.store.run_now(lambda u: u.settle([Settled(row.entry.id, 3, external_id="m9")], house.now, 1))
    told(house, "team_deleted", "m9", "n1")
    house.work()
    assert [line[2:] for line in thread(house)] == [("[deleted]", 2)]


def test_news_of_a_message_that_has_not_come_yet_waits_for_it(house: House) -> None:
    house.hear("a")
    house.work()
    house.store.run_now(lambda u: u.hold_back(1, "owner"))
    told(house, "team_deleted", "e1", "n1")
    house.work()
    echo(house, "Gate 5", "e1")
    house.work()
    assert thread(house)[-1][2:] == ("Gate 5", 0)
    house.now += timedelta(seconds=6)
    house.work()
    assert thread(house)[-1][2:] == ("[deleted]", 2)
    told(house, "team_deleted", "e-unknown", "n2")
    for _ in range(20):
        house.work()
        house.now += timedelta(seconds=6)
    assert not house.rows("SELECT 1 FROM inbox WHERE status = 0")
