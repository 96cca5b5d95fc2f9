"""The inbox worked off: poisoned rows, echoes of people and of ourselves, what she did not say to us."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trinario import jsons
from trinario.authoring.parse import parse_flow
from trinario.errors import PoisonedRow
from trinario.expressions import compile_phrase
from trinario.jobs import reacting
from trinario.jobs.intake import inward
from trinario.jobs.receive import receive
from trinario.jobs.reconcile import decide
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity
from trinario.model.flow import Flow, Message, Send, Words
from trinario.model.heard import Arrival, Echo, Heard, MediaHeard
from trinario.model.message import Card, Cards, Content, Media
from trinario.model.turn import Reaction, Standing
from trinario.model.wire_content import content_to_json
from trinario.ports import Settled
from trinario.runtime import build
from trinario.runtime.chance import SecretChance
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANA = Identity("instagram", "igsid", "ana")


def a_bot() -> Bot:
    words = Words("hello.send", compile_phrase("You said {{ trigger.text }}"))
    flow = Flow("hello", "r1", {"hello": Send(name="hello", messages=(Message(text=words),))})
    channels = {
        name: Channel(name, name, build.LIMITS[name], build.WINDOWS[name]) for name in ("instagram", "whatsapp")
    }
    return Bot("t", "en", "UTC", channels, {"hello": flow}, default_flow="hello")


class House:
    """A store in memory and a bot with one flow, driven by hand."""

    def __init__(self) -> None:
        settings = build.ChannelSettings(
            "instagram", "instagram", {"account_id": "1", "page_id": "2", "access_token": "t"}
        )
        other = build.ChannelSettings(
            "whatsapp", "whatsapp", {"phone_number_id": "1", "phone": "+1", "access_token": "t"}
        )
        graph = build.Graph("http://127.0.0.1:1", "http://127.0.0.1:1", "v25.0")
        adapters = build.adapters((settings, other), graph, None)  # type: ignore[arg-type]
        bot = a_bot()
        self.world = World(lambda: bot, adapters, SecretChance(b"k" * 32))
        self.store = MemoryStore()
        self.store.run_now(lambda u: upgrade(u.conn))
        self.now = NOW

    def hear(self, text: str, kind: str = "text", who: Identity = ANA, id: str = "") -> None:
        item = Heard(who, id or f"m-{text}", self.now, kind, text=text)
        self.keep(Arrival(item, b"{}"))

    def keep(self, arrival: Arrival) -> None:
        self.store.run_now(lambda u: u.take_in([inward(arrival, self.now)], self.now))

    def work(self) -> Any:
        return self.store.run_now(lambda u: receive(u, self.world, self.now))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.run_now(lambda u: u.conn.exec_driver_sql(sql).fetchall())]

    def texts(self) -> list[str]:
        return [jsons.loads(row[0])["text"] for row in self.rows("SELECT content FROM outbox ORDER BY id")]

    def owner(self) -> str:
        return str(self.rows("SELECT owner FROM contacts")[0][0])


@pytest.fixture
def house() -> House:
    return House()


def test_a_message_is_answered_once(house: House) -> None:
    house.hear("a")
    assert house.work().rows == 1
    assert house.work().rows == 0
    assert house.texts() == ["You said a"]


def test_a_poisoned_row_costs_itself_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(bot: Bot, standing: Standing, event: Any) -> Reaction:
        if event.heard.text == "poison":
            raise RuntimeError("a fault of ours")
        return real(bot, standing, event)

    real: Callable[..., Reaction] = reacting.react
    monkeypatch.setattr(reacting, "react", broken)
    other = replace(ANA, value="ben")
    for text in ("before", "poison", "after"):
        house.hear(text)
    house.hear("ben", who=other)
    for _ in range(4):
        house.work()
    assert sorted(house.texts()) == ["You said after", "You said before", "You said ben"]
    assert house.rows("SELECT status, error FROM inbox WHERE external_id = 'm-poison'") == [
        (2, "RuntimeError: a fault of ours")
    ]


def test_her_rows_wait_behind_a_poisoned_one_until_it_is_dead(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(bot: Bot, standing: Standing, event: Any) -> Reaction:
        if event.heard.text == "poison":
            raise RuntimeError("a fault of ours")
        return real(bot, standing, event)

    real: Callable[..., Reaction] = reacting.react
    monkeypatch.setattr(reacting, "react", broken)
    house.hear("poison")
    house.hear("after")
    house.work()
    assert house.texts() == []
    house.work()
    assert house.texts() == []
    house.work()
    house.work()
    assert house.texts() == ["You said after"]


def test_a_person_of_the_team_writes_and_the_bot_steps_back(house: House) -> None:
    house.hear("a")
    house.work()
    key_id = house.rows("SELECT id FROM outbox")[0][0]
    house.store.run_now(lambda u: u.claim_outbox("instagram", 1, 10.0, 1, house.now))
    house.store.run_now(lambda u: u.settle([Settled(key_id, 3, external_id="x1", sent_at=NOW)], NOW))
    house.keep(Arrival(Echo(ANA, "e1", NOW, "Hello, this is Carla"), b"{}"))
    house.work()
    assert house.owner() == "person"
    house.hear("b")
    house.work()
    assert house.texts() == ["You said a"]
    assert house.rows("SELECT author, text FROM messages WHERE author = 'person'") == [
        ("person", "Hello, this is Carla")
    ]


def test_an_echo_of_our_own_message_is_none_of_a_person(house: House) -> None:
    house.hear("a")
    house.work()
    house.store.run_now(lambda u: u.claim_outbox("instagram", 1, 10.0, 1, house.now))
    house.keep(Arrival(Echo(ANA, "x1", NOW, "You said a"), b"{}"))
    house.work()
    assert house.owner() == "bot", "our own send is still under way: nobody can tell yet"
    key_id = house.rows("SELECT id FROM outbox")[0][0]
    house.store.run_now(lambda u: u.settle([Settled(key_id, 3, external_id="x1", sent_at=NOW)], NOW))
    house.now += timedelta(seconds=2)
    house.work()
    assert house.owner() == "bot"
    assert house.rows("SELECT status FROM inbox WHERE kind = 'echo'") == [(1,)]


def test_an_echo_settles_a_message_whose_answer_was_lost(house: House) -> None:
    house.hear("a")
    house.work()
    house.store.run_now(lambda u: u.claim_outbox("instagram", 1, 10.0, 1, house.now))
    key_id = house.rows("SELECT id FROM outbox")[0][0]
    lost = Settled(key_id, 2, not_before=NOW + timedelta(seconds=30), attempts=1)
    house.store.run_now(lambda u: u.settle([lost], NOW, 1))
    house.keep(Arrival(Echo(ANA, "x1", NOW, "You said a"), b"{}"))
    house.work()
    assert house.rows("SELECT status, external_id FROM outbox") == [(3, "x1")]
    assert house.owner() == "bot"


def test_a_lost_answer_that_nobody_tells_of_is_sent_again_and_marketing_is_not(house: House) -> None:
    house.hear("a")
    house.work()
    house.store.run_now(lambda u: u.claim_outbox("instagram", 1, 10.0, 1, house.now))
    key_id = house.rows("SELECT id FROM outbox")[0][0]
    lost = Settled(key_id, 2, not_before=NOW + timedelta(seconds=30), attempts=1)
    house.store.run_now(lambda u: u.settle([lost], NOW, 1))
    late = NOW + timedelta(seconds=31)
    assert house.store.run_now(lambda u: decide(u, house.world, late)) == 1
    assert house.rows("SELECT status FROM outbox") == [(0,)]
    house.store.run_now(lambda u: u.claim_outbox("instagram", 1, 10.0, 1, late))
    house.store.run_now(lambda u: u.conn.exec_driver_sql("UPDATE outbox SET purpose = 'marketing'"))
    house.store.run_now(lambda u: u.settle([replace(lost, not_before=late)], late, 1))
    house.store.run_now(lambda u: decide(u, house.world, late))
    assert house.rows("SELECT status, refusal FROM outbox") == [(7, "unknown")]


@pytest.mark.parametrize("kind", ["system", "deleted", "edit", "optin", "comment"])
def test_what_she_did_not_say_to_us_moves_nothing_and_is_kept(house: House, kind: str) -> None:
    house.hear("x", kind=kind)
    house.work()
    assert house.texts() == []
    assert house.rows("SELECT status FROM inbox") == [(3,)]
    assert house.rows("SELECT last_heard FROM contacts") == [("{}",)]


def test_a_message_without_a_time_was_heard_when_it_came(house: House) -> None:
    item = Heard(ANA, "m1", datetime(1970, 1, 1, tzinfo=UTC), "text", text="a")
    house.keep(Arrival(item, b"{}"))
    house.work()
    assert house.rows("SELECT status FROM outbox") == [(0,)], "the window is open"


def test_a_late_tap_on_the_linking_question_is_answered_and_begins_nothing(house: House) -> None:
    item = Heard(ANA, "m1", NOW, "tap", text="Yes", payload="link/abcdef/yes")
    house.keep(Arrival(item, b"{}"))
    house.work()
    assert house.rows("SELECT COUNT(*) FROM sessions") == [(0,)]
    assert house.rows("SELECT status, error FROM inbox") == [(1, "link")]


@pytest.mark.parametrize(
    ("content", "echo"),
    [
        (Media("image", "https://luckygarden.example/a.jpg"), Echo(ANA, "x1", NOW, media=(MediaHeard("image"),))),
        (Cards((Card("Fern", "12 EUR"), Card("Ivy", "7 EUR"))), Echo(ANA, "x1", NOW, "Fern\nIvy")),
        (
            Media("post", "https://www.instagram.com/p/a", post="17"),
            Echo(ANA, "x1", NOW, media=(MediaHeard("ig_post"),)),
        ),
        (Media("sticker", "heart"), Echo(ANA, "x1", NOW, media=(MediaHeard("sticker"),))),
        (
            Media("image", "https://a.example/1.jpg", others=("https://a.example/2.jpg",)),
            Echo(ANA, "x1", NOW, media=(MediaHeard("image"), MediaHeard("image"))),
        ),
    ],
)
def test_an_echo_of_our_picture_or_cards_is_none_of_a_person(house: House, content: Content, echo: Echo) -> None:
    house.hear("a")
    house.work()
    packed = jsons.dumps(content_to_json(content))
    house.store.run_now(lambda u: u.conn.exec_driver_sql("UPDATE outbox SET content = ?", (packed,)))
    house.store.run_now(lambda u: u.claim_outbox("instagram", 1, 10.0, 1, house.now))
    key_id = house.rows("SELECT id FROM outbox")[0][0]
    lost = Settled(key_id, 2, not_before=NOW + timedelta(seconds=30), attempts=1)
    house.store.run_now(lambda u: u.settle([lost], NOW, 1))
    house.keep(Arrival(echo, b"{}"))
    house.work()
    assert house.owner() == "bot"
    assert house.rows("SELECT status, external_id FROM outbox") == [(3, "x1")]


def test_a_turn_that_breaks_while_it_is_written_down_leaves_nothing_behind(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(world: World, reaction: Reaction, scene: Any, writes: Any) -> None:
        real(world, reaction, scene, writes)
        if "poison" in str(reaction.effects):
            raise RuntimeError("after half of it")

    real = reacting.carry_out
    monkeypatch.setattr(reacting, "carry_out", broken)
    house.hear("poison")
    house.work()
    assert house.rows("SELECT COUNT(*) FROM sessions") == [(0,)]
    assert house.rows("SELECT COUNT(*) FROM messages") == [(0,)]
    assert house.rows("SELECT tries FROM inbox") == [(1,)]


def test_a_row_that_cannot_be_written_is_named_and_only_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.hear("a")
    house.hear("b")
    house.store.run_now(lambda u: u.conn.exec_driver_sql("CREATE TRIGGER t BEFORE INSERT ON messages WHEN new.text = 'b'"
                        " BEGIN SELECT RAISE(ABORT, 'no'); END"))  # fmt: skip
    assert house.store.run_now(lambda u: receive(u, house.world, house.now, 1)).rows == 1
    with pytest.raises(PoisonedRow) as poisoned:
        house.store.run_now(lambda u: receive(u, house.world, house.now, 1))
    assert poisoned.value.entry.external_id == "m-b"
    assert house.texts() == ["You said a"]


def test_the_time_of_a_call_runs_from_its_turn_however_long_ago_she_wrote(house: House) -> None:
    asks = b"flow: hello\nsteps: {look: {http: 'GET https://cal.example/slots', timeout: 5s, on_failed: end}}"
    flow = parse_flow(asks, "hello.yaml").flow
    assert flow is not None
    bot = replace(house.world.bot(), flows={"hello": flow})
    house.world = World(lambda: bot, house.world.adapters, house.world.random)
    house.hear("a")
    house.now += timedelta(minutes=20)  # it has waited: behind a slow call, or for a process that was down
    house.work()
    ((until, wake),) = house.rows("SELECT c.until, s.wake_at FROM calls c JOIN sessions s ON s.id = c.session")
    assert until == wake and until > house.now.timestamp() * 1000
    assert [call.kind for call in house.store.run_now(lambda u: u.calls.claim(10, 1, house.now))] == ["http"]
