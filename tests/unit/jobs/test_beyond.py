"""What turns want done beyond the conversation, as writes: once for each turn, to the right addresses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.engine.worlds import bot
from trinario import jsons
from trinario.jobs.beyond import carry_beyond, handed_over
from trinario.jobs.notices import FIRST, LONGEST, PATIENCE, again_at
from trinario.jobs.world import World
from trinario.model.bot import Team
from trinario.model.consent import RecordConsent
from trinario.model.contact import Contact
from trinario.model.effect import ChangeEnrolment, OpenTicket, RaiseEvent, SendNotice, TakeTicket
from trinario.ports import Notice, Writes
from trinario.runtime.chance import SecretChance
from trinario.store.bulk import fetch
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANA = Contact(1, NOW, first_name="Ana", last_name="Rossi")
TEAMS = {
    "care": Team("care", ("mailto:care@shop.example", "https://shop.example/hook")),
    "sales": Team("sales"),
}


def carried(*effects: Any) -> Writes:
    made = bot(teams=TEAMS)
    world, writes = World(lambda: made, {}, SecretChance(b"k" * 32)), Writes()
    for effect in effects:
        if isinstance(effect, OpenTicket):
            handed_over(world, ANA, effect, effect.key, NOW, writes)
        else:
            carry_beyond(world, ANA, effect, NOW, writes)
    return writes


def told(writes: Writes) -> list[tuple[str, Any]]:
    return [(name, jsons.loads(data)) for _, name, _, data in writes.events]


def test_a_team_stands_for_its_addresses_each_once() -> None:
    writes = carried(
        SendNotice("i1/1/e0", ("care", "mailto:care@shop.example", "https://x.example/y"), "Hello", "s", "f", "t")
    )
    assert [(row.key, row.whom, row.address) for row in writes.notices] == [
        ("i1/1/e0/0", "care", "mailto:care@shop.example"),
        ("i1/1/e0/1", "care", "https://shop.example/hook"),
        ("i1/1/e0/2", "https://x.example/y", "https://x.example/y"),
    ]
    assert jsons.loads(writes.notices[0].data) == {
        "contact": 1, "name": "Ana Rossi", "text": "Hello", "to": "care", "flow": "f", "step": "t", "session": "s",
    }  # fmt: skip


@pytest.mark.parametrize("team", ["sales", "gone"])
def test_a_team_without_addresses_is_told_of_in_the_history(team: str) -> None:
    writes = carried(SendNotice("k", (team,), "Hello"))
    (row,) = writes.notices
    assert row.failed == f"team {team} has no `notify` in bot.yaml"
    assert told(writes) == [("notice", {"to": team, "text": "Hello", "failed": row.failed})]


def test_who_is_handed_over_is_told_to_a_team_that_has_addresses() -> None:
    writes = carried(OpenTicket("s1", "care", "cold soup", "high", key="i1/1/e0"), OpenTicket("s2", "sales", key="k"))
    assert {row.text for row in writes.notices} == {"Ana Rossi waits for care (high): cold soup"}
    assert len(writes.notices) == 2


def test_everything_is_in_the_history() -> None:
    writes = carried(
        RecordConsent("marketing", "granted", "message", ("whatsapp",), session="s"),
        ChangeEnrolment("news", True), ChangeEnrolment("news", False), TakeTicket("spring", "0000007"),
        RaiseEvent("i1/1/e4", "order_done", {"n": 1}, session="s", flow="f", step="t"),
    )  # fmt: skip
    assert [name for name, _ in told(writes)] == ["consent", "enrolled", "unenrolled", "draw_ticket", "emitted"]
    assert told(writes)[0][1] == {
        "purpose": "marketing", "state": "granted", "evidence": "message", "session": "s", "channels": ["whatsapp"],
    }  # fmt: skip


def test_a_turn_that_is_repeated_raises_its_event_once() -> None:
    store = MemoryStore()
    store.run_now(lambda unit: upgrade(unit.conn))
    event = RaiseEvent("i1/1/e0", "order_done", {"n": 1}, hops=3)
    for _ in range(2):
        store.run_now(lambda unit: unit.write(carried(event), NOW))
    rows = store.run_now(lambda unit: fetch(unit.conn, "SELECT kind, external_id, body FROM inbox"))
    ((kind, external, body),) = rows
    assert (kind, external) == ("event", "emit:i1/1/e0")
    assert jsons.loads(body) == {"name": "order_done", "data": {"n": 1}, "hops": 3}


def test_how_long_a_notice_is_tried() -> None:
    def made(attempts: int, age: timedelta = timedelta()) -> Notice:
        return Notice("k", 1, "care", "https://x.example", "Hello", attempts=attempts, created_at=NOW - age)

    assert again_at(made(1), NOW) == NOW + FIRST
    assert again_at(made(2), NOW) == NOW + 2 * FIRST
    assert again_at(made(1000), NOW) == NOW + LONGEST
    assert again_at(made(3, PATIENCE), NOW) is None
