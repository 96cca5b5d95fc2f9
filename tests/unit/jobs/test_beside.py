"""What is no message: news of the account, threads that change hands, ids that change, contacts who are one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.jobs.test_receive import NOW, House
from trinario import jsons
from trinario.jobs.intake import Intake, inward
from trinario.jobs.link import link
from trinario.jobs.received import Received
from trinario.model.channel import Identity
from trinario.model.heard import Arrival, Heard
from trinario.model.news import Handover, News, Rekeyed
from trinario.model.session import Session, Wait
from trinario.ports import Outgoing, Unit, Writes

PHONE, NEWER = Identity("whatsapp", "phone", "391"), Identity("whatsapp", "phone", "392")
SCOPED, RESCOPED = Identity("whatsapp", "bsuid", "IT.1"), Identity("whatsapp", "bsuid", "IT.2")


class Desk(House):
    """The house, with linkings worked off as the worker does it."""

    def work_off(self) -> None:
        for _ in range(10):
            received: Received = self.work()
            links = list(received.links)
            for entry in links:
                self.store.run_now(lambda u, e=entry: link(u, self.world, e, self.now))  # type: ignore[misc]
            if not received.rows and not links:
                return

    def heard(self, who: Identity, text: str, *also: Identity, standby: bool = False, **more: Any) -> None:
        self.keep(Arrival(Heard(who, f"m-{text}", self.now, "text", text, also=also, standby=standby, **more), b"{}"))

    def events(self) -> list[tuple[Any, ...]]:
        found = self.rows("SELECT contact_id, name, data FROM events ORDER BY id")
        return [(contact, name, jsons.loads(data)) for contact, name, data in found]

    def ids(self) -> dict[str, int]:
        return {row[0]: row[1] for row in self.rows("SELECT value, contact_id FROM identities")}


@pytest.fixture
def desk() -> Desk:
    return Desk()


class Fixed:
    def now(self) -> datetime:
        return NOW


class Store:
    """The memory store behind the coroutine that an intake awaits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def run(self, work: Any, *, first: bool = False, hastened: Any = None) -> Any:
        return self._desk.store.run_now(work)


async def keep(desk: Desk, arrivals: Sequence[Arrival]) -> None:
    await Intake(Store(desk), Fixed(), lambda: None).keep(arrivals)  # type: ignore[arg-type]


async def test_news_of_the_account_are_history_once_and_nobody_s(desk: Desk) -> None:
    status = News("whatsapp", "news:1", NOW, "template_status", {"event": "PAUSED", "message_template_name": "offer"})
    error = News("whatsapp", "news:2", datetime(1970, 1, 1, tzinfo=UTC), "account_error", {"code": 130429})
    for _ in range(2):
        await keep(desk, [Arrival(status, b"{}"), Arrival(error, b"{}"), Arrival(status, b"{}")])
    assert desk.events() == [
        (None, "template_status", {"channel": "whatsapp", "event": "PAUSED", "message_template_name": "offer"}),
        (None, "account_error", {"channel": "whatsapp", "code": 130429}),
    ]
    assert desk.rows("SELECT at FROM events") == [(int(NOW.timestamp() * 1000),)] * 2
    assert desk.rows("SELECT kind, status, contact_id FROM inbox") == [("news", 3, None)] * 2


def test_news_of_hers_stand_in_her_history_and_move_nothing(desk: Desk) -> None:
    told = News("whatsapp", "news:3", NOW, "response_feedback", {"feedback": "Good response"}, PHONE)
    desk.keep(Arrival(told, b"{}"))
    desk.work_off()
    assert desk.events() == [(1, "response_feedback", {"channel": "whatsapp", "feedback": "Good response"})]
    assert desk.texts() == []
    assert desk.rows("SELECT status FROM inbox") == [(1,)]


def test_a_thread_that_is_passed_away_has_her_owned_by_people_until_it_comes_back(desk: Desk) -> None:
    desk.heard(PHONE, "a")
    desk.keep(Arrival(Handover(PHONE, "h1", NOW, "thread_passed", False, {"new_owner_app_id": "9"}), b"{}"))
    desk.work_off()
    assert desk.owner() == "person"
    assert desk.rows("SELECT kind, due_at FROM timers") == [
        ("owner", int((NOW + timedelta(hours=24)).timestamp() * 1000))
    ]
    desk.heard(PHONE, "b")
    desk.keep(Arrival(Handover(PHONE, "h2", NOW, "thread_requested", None), b"{}"))
    desk.work_off()
    assert desk.owner() == "person"
    desk.keep(Arrival(Handover(PHONE, "h3", NOW, "thread_passed", True), b"{}"))
    desk.work_off()
    desk.heard(PHONE, "c")
    desk.work_off()
    assert desk.owner() == "bot"
    assert desk.texts() == ["You said a", "You said c"]
    assert [name for _, name, _ in desk.events() if name.startswith("thread_")] == [
        "thread_passed", "thread_requested", "thread_passed",
    ]  # fmt: skip


def test_a_standby_copy_stands_in_her_thread_opens_the_window_and_is_not_answered(desk: Desk) -> None:
    desk.heard(PHONE, "START-7K3F9", standby=True)
    desk.work_off()
    assert desk.texts() == []
    assert desk.rows("SELECT text FROM messages") == [("START-7K3F9",)]
    assert desk.rows("SELECT status, error FROM inbox") == [(3, "standby")]
    assert "whatsapp" in desk.rows("SELECT last_heard FROM contacts")[0][0]


def test_a_changed_number_takes_the_place_of_the_former_and_what_waits_goes_there(desk: Desk) -> None:
    desk.heard(PHONE, "a", SCOPED)
    desk.work_off()
    changed = Rekeyed((NEWER, RESCOPED), (PHONE, SCOPED), "sys1", NOW, "Ana changed from 391 to 392")
    desk.keep(Arrival(changed, b"{}"))
    desk.work_off()
    assert desk.ids() == {"392": 1, "IT.2": 1}
    assert desk.rows("SELECT kind, value, status FROM outbox") == [("phone", "392", 0)]
    assert desk.events()[-1] == (
        1, "identity_changed", {"channel": "whatsapp", "former": ["391", "IT.1"], "ids": ["392", "IT.2"]},
    )  # fmt: skip
    assert desk.rows("SELECT kind, text FROM messages WHERE kind = 'system'") == [
        ("system", "Ana changed from 391 to 392")
    ]
    desk.heard(NEWER, "b")
    desk.work_off()
    assert desk.rows("SELECT COUNT(*) FROM contacts") == [(1,)]
    assert desk.rows("SELECT value FROM outbox ORDER BY id") == [("392",), ("392",)]


def test_who_wrote_from_the_new_number_before_it_was_told_is_the_same(desk: Desk) -> None:
    desk.heard(PHONE, "a")
    desk.heard(NEWER, "b")
    desk.work_off()
    desk.keep(Arrival(Rekeyed((NEWER,), (PHONE,), "sys1", NOW), b"{}"))
    desk.work_off()
    assert desk.ids() == {"392": 1}
    assert desk.rows("SELECT merged_into FROM contacts ORDER BY id") == [(None,), (1,)]
    assert desk.rows("SELECT DISTINCT contact_id FROM messages") == [(1,)]
    assert [name for _, name, _ in desk.events()] == ["contacts_merged", "identity_changed"]


def test_a_new_number_that_was_somebody_else_s_is_taken_from_her_and_nothing_more(desk: Desk) -> None:
    desk.heard(NEWER, "somebody")
    desk.work_off()
    desk.now += timedelta(days=90)
    desk.heard(PHONE, "a")
    desk.keep(Arrival(Rekeyed((NEWER,), (PHONE,), "sys1", desk.now), b"{}"))
    desk.work_off()
    assert desk.ids() == {"392": 2}
    assert desk.rows("SELECT merged_into FROM contacts ORDER BY id") == [(None,), (None,)]
    assert [(contact, name) for contact, name, _ in desk.events()] == [(1, "identity_changed"), (2, "identity_changed")]


def test_a_number_and_a_scoped_id_seen_together_make_two_contacts_one_whose_conversation_goes_on(desk: Desk) -> None:
    desk.heard(PHONE, "a", name="Ana Bo")
    desk.heard(SCOPED, "b")
    desk.work_off()
    assert len(set(desk.ids().values())) == 2
    desk.heard(PHONE, "c", SCOPED)
    desk.work_off()
    assert desk.ids() == {"391": 2, "IT.1": 2}
    assert desk.rows("SELECT first_name, merged_into FROM contacts ORDER BY id") == [("Ana", 2), ("Ana", None)]
    assert desk.texts() == ["You said a", "You said b", "You said c"]
    assert desk.rows("SELECT DISTINCT contact_id FROM outbox") == [(2,)]


def test_a_recycled_number_is_hers_who_writes_by_her_scoped_id(desk: Desk) -> None:
    desk.heard(PHONE, "old owner", SCOPED)
    desk.heard(RESCOPED, "new owner")
    desk.work_off()
    desk.heard(PHONE, "it is me", RESCOPED)
    desk.work_off()
    assert desk.ids() == {"391": 2, "IT.1": 1, "IT.2": 2}
    assert desk.rows("SELECT contact_id FROM messages WHERE text = 'it is me'") == [(2,)]
    assert desk.rows("SELECT merged_into FROM contacts WHERE id = 1") == [(None,)]


@pytest.mark.parametrize(("wish", "state"), [("stop", False), ("resume", None)])
def test_marketing_that_is_stopped_in_whatsapp_is_refused_on_that_channel(desk: Desk, wish: str, state: Any) -> None:
    data = {"category": "marketing_messages", "value": wish, "detail": "User requested it"}
    desk.keep(Arrival(Heard(PHONE, "p1", NOW, "optin", data=data), b"{}"))
    desk.work_off()
    (case,) = desk.store.run_now(lambda u: u.lock_cases([1], [], NOW) or [])
    assert case.contact.consent.get("marketing@whatsapp") is state
    assert desk.rows("SELECT purpose, channel, state FROM consents") == (
        [("marketing", "whatsapp", "withdrawn")] if wish == "stop" else []
    )
    if wish == "stop":
        again = Heard(PHONE, "p2", NOW, "optin", data={**data, "value": "resume"})
        desk.keep(Arrival(again, b"{}"))
        desk.work_off()
        (case,) = desk.store.run_now(lambda u: u.lock_cases([1], [], NOW) or [])
        assert case.contact.consent.get("marketing@whatsapp") is True


def test_notices_of_a_page_that_are_stopped_and_resumed(desk: Desk) -> None:
    her = Identity("messenger", "psid", "7")
    for id, status in (("o1", ""), ("o2", "STOP NOTIFICATIONS"), ("o3", "RESUME NOTIFICATIONS")):
        told = {"notification_messages_status": status} if status else {}
        data = {"type": "notification_messages", "title": "News", "notification_messages_token": "secret", **told}
        desk.keep(Arrival(Heard(her, id, NOW, "optin", data=data), b"{}"))
        desk.work_off()
    assert desk.rows("SELECT channel, state, said FROM consents ORDER BY id") == [
        ("messenger", "withdrawn", "News"), ("messenger", "granted", "News"),
    ]  # fmt: skip
    events = [row[0] for row in desk.rows("SELECT data FROM events WHERE name = 'optin' ORDER BY id")]
    assert len(events) == 3 and "STOP" in events[1] and "secret" not in "".join(events)


def test_every_kind_of_thing_has_its_row(desk: Desk) -> None:
    def work(unit: Unit) -> int:
        things = [News("whatsapp", "n", NOW, "x", {}, PHONE), Handover(PHONE, "h", NOW, "thread_taken", False),
                  Rekeyed((NEWER,), (PHONE,), "r", NOW)]  # fmt: skip
        return unit.take_in([inward(Arrival(item, b"{}"), NOW) for item in things], NOW)

    assert desk.store.run_now(work) == 3
    assert [row[0] for row in desk.rows("SELECT kind FROM inbox ORDER BY id")] == ["news", "handover", "rekeyed"]


def _asleep(id: str, contact: int) -> Session:
    return Session(id, contact, "hello", "r1", NOW, wait=Wait("hello", "sleep", NOW))


@pytest.mark.parametrize("both", [False, True])
def test_of_two_conversations_the_one_she_is_in_goes_on_and_a_single_one_comes_along(desk: Desk, both: bool) -> None:
    desk.heard(PHONE, "a")
    desk.heard(SCOPED, "b")
    desk.work_off()
    sessions = {"old": _asleep("old", 1), **({"new": _asleep("new", 2)} if both else {})}
    waiting = Outgoing("k/1/0/0/0", 1, "whatsapp", PHONE, "{}", "service", session="old")
    desk.store.run_now(lambda u: u.write(Writes(sessions=sessions, outgoing=[waiting]), NOW))
    desk.heard(PHONE, "c", SCOPED)
    desk.work_off()
    found = desk.rows("SELECT id, contact_id, status FROM sessions WHERE id IN ('old', 'new') ORDER BY id")
    if both:
        assert found == [("new", 2, "waiting"), ("old", 2, "stopped")]
        assert desk.rows("SELECT status, contact_id FROM outbox WHERE session = 'old'") == [(9, 2)]
    else:
        assert found == [("old", 2, "waiting")]
        assert desk.rows("SELECT status, contact_id FROM outbox WHERE session = 'old'") == [(0, 2)]


async def test_a_category_that_the_platform_changes_is_kept_and_one_that_is_announced_is_not(desk: Desk) -> None:
    told = {"message_template_name": "offer", "message_template_language": "en_US", "new_category": "UTILITY"}
    when = {"correct_category": "MARKETING", "category_update_timestamp": int(NOW.timestamp()) + 60}
    soon = News("whatsapp", "news:3", NOW, "template_category", {**told, **when})
    await keep(desk, [Arrival(soon, b"{}")])
    at = (int(NOW.timestamp()) + 60) * 1000
    found = desk.rows("SELECT category, becomes, becomes_at FROM template_states")
    assert found == [("", "marketing", at)], "it is announced, and not done"
    done = {**told, "previous_category": "UTILITY", "new_category": "MARKETING"}
    await keep(desk, [Arrival(News("whatsapp", "news:4", NOW, "template_category", done), b"{}")])
    paused = {"message_template_name": "offer", "message_template_language": "en-US", "event": "PAUSED"}
    await keep(desk, [Arrival(News("whatsapp", "news:5", NOW, "template_status", paused), b"{}")])
    score = {"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"}
    await keep(desk, [Arrival(News("whatsapp", "news:6", NOW, "template_quality", {**told, **score}), b"{}")])
    kept = desk.rows("SELECT language, status, category, becomes, becomes_at, quality FROM template_states")
    assert kept == [("en-US", "PAUSED", "marketing", "", 0, "yellow")], "what is said of one does not touch the other"
