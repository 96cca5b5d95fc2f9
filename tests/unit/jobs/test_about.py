"""Signs, edits and deletions on their way through the inbox: what flows are told of them, and what is forgotten."""

from dataclasses import replace
from typing import Any

from tests.unit.jobs.test_receive import ANA, House, a_bot
from trinario import jsons
from trinario.authoring.parse import parse_flow
from trinario.jobs.world import World
from trinario.model.heard import Arrival, Heard

SIGNED = "flow: signed\ntriggers: [reaction]\nsteps: {s: {send: '{{ trigger.emoji }} on {{ trigger.message }}'}}"
GONE = "flow: gone\ntriggers: [deleted, edited]\nsteps: {s: {send: '{{ trigger.kind }} {{ trigger.text }}'}}"
MARKED = "flow: marked\ntriggers: [reaction]\nsteps: {s: {react: 🙏}}"


def house(*flows: str) -> House:
    made = House()
    found = [parse_flow(text.encode(), "flow.yaml").flow for text in flows]
    bot = a_bot()
    bot = replace(bot, flows={**bot.flows, **{one.name: one for one in found if one}})
    made.world = World(lambda: bot, made.world.adapters, made.world.random)
    return made


def does(made: House, kind: str, of: str, id: str, text: str = "", **data: Any) -> None:
    item = Heard(ANA, id, made.now, kind, text=text, context=of, data=data)
    made.keep(Arrival(item, b"{}"))


def test_a_sign_with_what_it_is_on_is_kept_with_its_row() -> None:
    made = house(SIGNED)
    made.hear("hello", id="m1")
    made.work()
    does(made, "reaction", "m1", "r1", "👍", action="react", emoji="👍")
    made.work()
    assert made.texts() == ["You said hello", "👍 on hello"]
    ((body,),) = made.rows("SELECT body FROM inbox WHERE external_id = 'r1'")
    assert jsons.loads(body)["data"]["about"] == {"text": "hello"}


def test_what_nobody_listens_to_is_not_asked_for(monkeypatch: Any) -> None:
    made = house()
    made.hear("hello", id="m1")
    made.work()
    asked: list[str] = []
    unit = made.store.run_now(type)
    monkeypatch.setattr(unit, "message_named", lambda *given: asked.append("it") or {})
    does(made, "reaction", "m1", "r1", "👍", action="react")
    does(made, "edit", "m1", "e1", "hallo")
    made.work()
    assert asked == [] and made.texts() == ["You said hello"]


def test_an_answer_sign_goes_on_her_message_and_not_on_her_sign() -> None:
    made = house(MARKED)
    made.hear("hello", id="m1")
    made.work()
    does(made, "reaction", "m0", "r1", "👍", action="react")
    made.work()
    (sign,) = [jsons.loads(row[0]) for row in made.rows("SELECT content FROM outbox WHERE cause = 'marked.s'")]
    assert sign["message"] == "m1"


def test_a_deletion_begins_its_flow_without_the_words() -> None:
    made = house(GONE)
    made.hear("my secret", id="m1")
    made.work()
    does(made, "edit", "m1", "e1", "my other secret")
    made.work()
    does(made, "deleted", "m1", "d1")
    made.work()
    assert made.texts() == ["You said my secret", "edited my other secret", "deleted"]
    heard = made.rows("SELECT kind, text FROM messages WHERE direction = 'in' ORDER BY id")
    assert heard == [("text", "[deleted]"), ("edit", "[deleted]"), ("deleted", "[deleted]")]
    kept = " ".join(row[0] for row in made.rows("SELECT body FROM inbox"))
    assert "secret" not in kept


def test_what_is_deleted_before_its_turn_has_none() -> None:
    made = house()
    made.hear("hello", id="m1")
    made.store.run_now(lambda u: u.conn.exec_driver_sql("UPDATE inbox SET not_before = 9999999999999"))
    does(made, "deleted", "m1", "d1")
    made.work()
    assert made.rows("SELECT external_id, status, error FROM inbox ORDER BY id") == [
        ("m1", 3, "deleted"), ("d1", 3, "unspoken"),
    ]  # fmt: skip
    assert made.texts() == []
