"""Every code of the platforms and what follows from it: who is told, what is tried when, what is marked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from tests.contract.records import NOW, heard, outgoing
from tests.unit.channels import test_failures
from tests.unit.jobs.test_receive import House
from trinario import jsons
from trinario.channels.graph.failures import PAGE_CODES, PAGE_SUBCODES, WHATSAPP, page_failure, whatsapp_failure
from trinario.jobs.account import Scales, Told
from trinario.jobs.deliver import claim, outcome, settle
from trinario.jobs.failed import fallen
from trinario.jobs.hold import People
from trinario.jobs.thread import is_elsewhere
from trinario.jobs.world import Tuning
from trinario.model.channel import Identity
from trinario.model.failure import Action, Failure
from trinario.model.heard import Receipt
from trinario.model.message import Template
from trinario.model.outbox import NotSent, SendResult, Sent, Usage
from trinario.model.wire_content import content_to_json
from trinario.ports import Claimed, TemplateState, Writes
from trinario.store.tables import METADATA

ANA, BEN = Identity("whatsapp", "phone", "39333"), Identity("whatsapp", "phone", "39444")
OFFER = jsons.dumps(content_to_json(Template("offer", "en", {"name": "Ana"})))
TUNING = Tuning()


@dataclass
class Desk:
    """A house whose outbox is sent by hand."""

    house: House
    told: Told
    scales: Scales
    people: People

    @classmethod
    def open(cls) -> "Desk":
        house = _emptied(_house())
        house.store.run_now(lambda u: u.take_in([heard(ANA, "a"), heard(BEN, "b")], NOW))
        cases = house.store.run_now(lambda u: u.claim_cases(10, NOW))
        house.store.run_now(lambda u: u.write(_done(cases), NOW))
        return cls(house, Told(), Scales(), People())

    def put(self, key: str, contact: int, who: Identity, **changes: Any) -> None:
        rows = [outgoing(key, contact, who, content=OFFER, **changes)]
        self.house.store.run_now(lambda u: u.write(_out(rows), NOW))

    def claim(self, at: float = 0.0) -> list[Claimed]:
        when = NOW + timedelta(seconds=at)
        return self.house.store.run_now(lambda u: claim(u, self.house.world, {"whatsapp": 10}, 1, when, self.people))

    def answer(self, rows: list[Claimed], result: SendResult, at: float = 0.0) -> None:
        """The platform's answer to each, recorded and weighed as the sender does it."""
        when = NOW + timedelta(seconds=at)
        results = [(row, result, outcome(row, result, when, TUNING, lambda: 0.5)) for row in rows]

        def work(u: Any) -> None:
            settle(u, results, when, 1)
            for row, one, _ in results:
                self.scales.weigh(u, row, one, when, self.told)

        self.house.store.run_now(work)

    def row(self, key: str = "k1") -> Any:
        sql = "SELECT status, refusal, not_before, attempts, external_id FROM outbox WHERE key = "
        return self.house.rows(f"{sql}'{key}'")[0]

    def wait(self, key: str = "k1") -> float:
        """Seconds until it is tried again."""
        return (float(self.row(key)[2]) - NOW.timestamp() * 1000) / 1000

    def troubles(self, at: float = 0.0) -> Mapping[str, Any]:
        when = NOW + timedelta(seconds=at)
        return {one.channel: one for one in self.house.store.run_now(lambda u: u.accounts.troubles(when))}

    def events(self) -> list[str]:
        return [row[0] for row in self.house.rows("SELECT name FROM events WHERE contact_id IS NULL ORDER BY id")]


@cache
def _house() -> House:
    """One for all tests: to make its tables takes longer than any of them."""
    return House()


def _emptied(house: House) -> House:
    """Nothing is in it, and ids begin at 1 again."""

    def work(u: Any) -> None:
        for table in (*METADATA.tables, "sqlite_sequence"):
            u.conn.exec_driver_sql(f"DELETE FROM {table}")

    house.store.run_now(work)
    house.now = NOW
    return house


def _done(cases: Any) -> Any:
    return Writes(finished=[(1, case.entries[0].id, None) for case in cases])


def _out(rows: Any) -> Any:
    return Writes(outgoing=rows)


DOCUMENTED = {code for codes in test_failures.WHATSAPP.values() for code in codes}
CODES = [
    *((f"whatsapp {code}", whatsapp_failure(code, "words")) for code in WHATSAPP if code in DOCUMENTED),
    *((f"page {code}", page_failure(code, 0, "words")) for code in PAGE_CODES),
    *((f"page {code}/{sub}", page_failure(code, sub, "words")) for code, sub in PAGE_SUBCODES),
]


@pytest.mark.parametrize("failure", [pytest.param(failure, id=name) for name, failure in CODES])
def test_every_code_has_its_consequence(failure: Failure) -> None:
    desk = Desk.open()
    for key, contact, who in (("k1", 1, ANA), ("k2", 2, BEN)):
        desk.put(key, contact, who, purpose="marketing", priority=1)
    rows = desk.claim()
    assert len(rows) == 2
    desk.answer(rows, NotSent(failure))
    status, refusal, _, attempts, _ = desk.row()
    CONSEQUENCES[failure.action](desk, failure)
    if is_elsewhere(failure):
        assert (status, refusal) == (8, "not_owner")
        desk.house.now = NOW
        desk.house.work()
        assert desk.house.rows("SELECT owner FROM contacts ORDER BY id") == [("person",), ("person",)]
        return
    if failure.action in (Action.DROP, Action.FIX, Action.TEMPLATE, Action.OPTOUT, Action.UNREACHABLE):
        assert (status, attempts) == (7, 1)
    else:
        assert status == 0
    expected = "template_paused" if failure.holds == "template" and failure.action == Action.RETRY else None
    assert refusal == (
        expected or (f"{failure.code}/{failure.subcode}" if failure.subcode else str(failure.code or failure.action))
    )


def _nothing_else(desk: Desk, failure: Failure) -> None:
    assert desk.troubles() == {}
    assert not desk.told.troubled


def _retry(desk: Desk, failure: Failure) -> None:
    if failure.holds == "template":
        assert desk.wait() == failure.after and desk.row()[3] == 0
        assert desk.events() == ["template_held"] * 2
        (state,) = desk.house.store.run_now(lambda u: u.templates.states("whatsapp", {"offer"}))
        assert (state.status, state.until) == ("PAUSED", NOW + timedelta(seconds=failure.after or 0))
        return
    assert desk.wait() == pytest.approx(failure.after if failure.after is not None else TUNING.back_off)
    assert desk.row()[3] == 1
    assert ("whatsapp" in desk.troubles()) == (failure.holds == "channel")


def _slow(desk: Desk, failure: Failure) -> None:
    assert failure.after is not None and desk.wait() == pytest.approx(failure.after)
    if failure.holds == "channel":
        until = desk.troubles()["whatsapp"].rests_until
        assert until == NOW + timedelta(seconds=failure.after)
    assert not desk.told.troubled, "to be too fast is no trouble of the account"


def _stop(desk: Desk, failure: Failure) -> None:
    if failure.holds == "bulk":
        assert desk.troubles()["whatsapp"].bulk_until == NOW + timedelta(hours=1)
        assert desk.wait() == 3600 and desk.row()[3] == 0
        return
    trouble = desk.troubles()["whatsapp"]
    assert trouble.code and trouble.reason == "words" and trouble.rests_until == NOW + timedelta(seconds=30)
    assert [channel for channel, _ in desk.told.troubled] == ["whatsapp"], "operators are told once"
    assert desk.events() == ["channel_trouble"]
    assert desk.claim(29) == []
    (probe,) = desk.claim(31)
    assert probe.probe
    desk.answer([probe], Sent("wamid.1"), 31)
    assert desk.troubles(31) == {} and desk.told.well == ["whatsapp"]
    assert desk.events() == ["channel_trouble", "channel_well"]


def _fix(desk: Desk, failure: Failure) -> None:
    assert not desk.told.troubled
    if failure.holds == "template":
        (state,) = desk.house.store.run_now(lambda u: u.templates.states("whatsapp", {"offer"}))
        assert (state.status, state.until) == ("DISABLED", None)


def _unreachable(desk: Desk, failure: Failure) -> None:
    known = dict(desk.house.rows("SELECT value, unreachable FROM identities"))
    assert known["39333"] == desk.row()[1]


def _optout(desk: Desk, failure: Failure) -> None:
    desk.house.now = NOW
    desk.house.work()
    ledger = desk.house.rows("SELECT contact_id, purpose, channel, state, evidence FROM consents ORDER BY id")
    assert ledger[0] == (1, "marketing", "whatsapp", "withdrawn", "platform")
    assert jsons.loads(desk.house.rows("SELECT consent FROM contacts WHERE id = 1")[0][0]) == {
        "marketing@whatsapp": False
    }


CONSEQUENCES: Mapping[str, Any] = {
    Action.RETRY: _retry, Action.SLOW: _slow, Action.TOKEN: _stop, Action.ACCOUNT: _stop, Action.FIX: _fix,
    Action.DROP: _nothing_else, Action.TEMPLATE: _nothing_else, Action.UNREACHABLE: _unreachable, Action.OPTOUT: _optout,
}  # fmt: skip


def test_one_person_alone_does_not_stop_the_account() -> None:
    desk = Desk.open()
    desk.put("k1", 1, ANA)
    desk.answer(desk.claim(), NotSent(whatsapp_failure(131005, "no")))
    assert desk.troubles() == {} and desk.row()[:2] == (0, "131005")


def test_a_trouble_that_lasts_is_tried_less_and_less() -> None:
    desk = Desk.open()
    for n in range(4):
        desk.put(f"k{n}", 1 + n % 2, (ANA, BEN)[n % 2])
    desk.answer(desk.claim(), NotSent(whatsapp_failure(190, "expired")))
    at, rests = 0.0, []
    for _ in range(7):
        at += 1 + (desk.troubles(at)["whatsapp"].rests_until - NOW - timedelta(seconds=at)).total_seconds()
        (probe,) = desk.claim(at)
        assert probe.probe
        desk.answer([probe], NotSent(whatsapp_failure(190, "expired")), at)
        rests.append(round((desk.troubles(at)["whatsapp"].rests_until - NOW - timedelta(seconds=at)).total_seconds()))
    assert rests == [31, 63, 127, 255, 511, 900, 900]
    assert len(desk.told.troubled) == 1
    assert desk.row("k0")[3] == 0, "no try is counted while the token is dead"


def _land(desk: Desk, key: str = "k1", **changes: Any) -> None:
    desk.put(key, 1, ANA, **changes)
    (row,) = desk.claim()
    desk.answer([row], Sent(f"wamid.{key}"))


def _fail(desk: Desk, code: int, key: str = "k1", wamid: str = "", at: float = 1.0) -> Any:
    receipt = Receipt("whatsapp", "failed", NOW, message_id=wamid or f"wamid.{key}", key=key,
                      failure=whatsapp_failure(code, "words"))  # fmt: skip
    when = NOW + timedelta(seconds=at)

    def work(u: Any) -> Any:
        found = fallen(u, [receipt], when)
        u.apply_receipts(found.left, when)
        if found.inward:
            u.take_in(found.inward, when)
        return found

    return desk.house.store.run_now(work)


@pytest.mark.parametrize(
    ("code", "purpose", "status", "wait"),
    [
        (131026, "service", 7, 0), (131049, "marketing", 7, 0), (131047, "service", 7, 0), (131050, "marketing", 7, 0),
        (131000, "service", 0, 5), (131042, "service", 0, 61), (131048, "marketing", 0, 3601), (131048, "service", 7, 0),
        (132015, "marketing", 0, 3 * 3600 + 1), (131053, "service", 0, 1), (130472, "marketing", 7, 0),
    ],
)  # fmt: skip
def test_failures_that_are_told_later(code: int, purpose: str, status: int, wait: float) -> None:
    desk = Desk.open()
    _land(desk, purpose=purpose)
    found = _fail(desk, code)
    assert [failure.code for _, failure in found.news] == [code]
    assert desk.row()[0] == status
    if status == 0:
        assert desk.wait() == wait
    assert ("whatsapp" in desk.troubles(1)) == (code in (131042, 131048))


def test_what_passes_is_sent_four_times_at_most() -> None:
    desk, at = Desk.open(), 0.0
    desk.put("k1", 1, ANA)
    for n in range(4):
        (row,) = desk.claim(at)
        desk.answer([row], Sent(f"wamid.{n}"), at)
        _fail(desk, 131000, wamid=f"wamid.{n}", at=at + 1)
        at += 2 + 4.0 * 4**n
    assert desk.row()[:2] == (7, "131000")


BOTH = [130472, 131000, 131026, 131042, 131047, 131048, 131049, 131050, 131051, 131053, 131056, 131064, 132015, 132016]


@pytest.mark.parametrize("code", BOTH)
@pytest.mark.parametrize("later_first", [False, True])
def test_one_failure_in_the_answer_and_in_a_status_counts_once(code: int, later_first: bool) -> None:
    """Meta may tell it either way or both (7.1): the second telling finds nothing left to do, whichever comes first."""
    desk = Desk.open()
    desk.put("k1", 1, ANA, purpose="marketing", priority=1)
    (row,) = desk.claim()
    failure = whatsapp_failure(code, "words")
    found = _fail(desk, code, wamid="wamid.1") if later_first else None
    if found is not None:
        assert len(found.news) == 1
        before = desk.row()
    desk.answer([row], NotSent(failure))
    if found is None:
        before = desk.row()
        assert not _fail(desk, code, wamid="wamid.1").news, "the answer has said it"
    assert not _fail(desk, code, wamid="wamid.1", at=2.0).news, "a webhook comes twice"
    assert desk.row() == before
    events = desk.events()
    assert len(events) <= 1 or later_first, events
    desk.house.now = NOW
    desk.house.work()
    assert len(desk.house.rows("SELECT id FROM consents")) == (code == 131050), "the ledger has one line"
    assert len(desk.told.troubled) <= 1


def test_a_failure_told_twice_counts_once() -> None:
    desk = Desk.open()
    _land(desk)
    assert _fail(desk, 131026).news
    assert not _fail(desk, 131026).news
    desk = Desk.open()
    desk.put("k1", 1, ANA)
    (row,) = desk.claim()
    desk.answer([row], NotSent(whatsapp_failure(131000, "words")))
    assert not _fail(desk, 131000).news, "the answer has said it"
    assert desk.row()[0] == 0


def test_she_stopped_marketing_and_that_is_told_later() -> None:
    desk = Desk.open()
    _land(desk, purpose="marketing")
    _fail(desk, 131050)
    desk.house.now = NOW
    desk.house.work()
    assert desk.house.rows("SELECT purpose, channel, state FROM consents") == [("marketing", "whatsapp", "withdrawn")]


@pytest.mark.parametrize(
    ("status", "until", "row"),
    [
        ("PAUSED", 600.0, (0, "template_paused")), ("PAUSED", None, (0, "template_paused")),
        ("DISABLED", None, (8, "template_disabled")), ("REJECTED", None, (8, "template_disabled")),
        ("PAUSED", -5.0, None), ("APPROVED", None, None),
    ],
)  # fmt: skip
def test_messages_wait_for_their_template(status: str, until: float | None, row: Any) -> None:
    desk = Desk.open()
    desk.put("k1", 1, ANA)
    end = None if until is None else NOW + timedelta(seconds=until)
    state = TemplateState("whatsapp", "offer", "en", status, "quality", end)
    desk.house.store.run_now(lambda u: u.templates.note(state, NOW))
    assert len(desk.claim()) == (0 if row else 1)
    if row:
        assert desk.row()[:2] == row
    if row and row[0] == 0:
        assert desk.wait() == (until or 3600)


def test_one_person_is_written_to_at_the_pace_of_the_pair() -> None:
    desk, at, sent = Desk.open(), 0.0, [0.0][:0]
    for n in range(60):
        desk.put(f"k{n}", 1, ANA)
    while len(sent) < 60:
        rows = desk.claim(at)
        desk.answer(rows, Sent(f"wamid.{len(sent)}"), at)
        sent += [at] * len(rows)
        at += 0.5
    assert sum(when < 45 for when in sent) <= 45 + 8
    for begin in sent:
        assert sum(begin <= when < begin + 60 for when in sent) <= 45 + 10
    gaps = [after - before for before, after in zip(sent[-8:], sent[-7:], strict=False)]
    assert all(gap == pytest.approx(6, abs=0.6) for gap in gaps)


def test_what_other_processes_sent_to_her_counts() -> None:
    desk = Desk.open()
    for n in range(44):
        desk.put(f"k{n}", 1, ANA)
    for n in range(44):
        (row,) = desk.claim(n * 0.1)
        desk.answer([row], Sent(f"wamid.{n}"), n * 0.1)
    elsewhere = People()
    pace = desk.house.world.adapters["whatsapp"].limits.pace

    def ask(at: float) -> float:
        when = NOW + timedelta(seconds=at)
        return desk.house.store.run_now(lambda u: elsewhere.wait(u, "whatsapp", ANA.value, pace, when))

    waits = [ask(5.0) for _ in range(14)]
    assert waits[:12] == [0.0] * 12, "a process that has sent little does not ask"
    assert waits[-1] > 0


@pytest.mark.parametrize(
    ("usage", "rests", "share"),
    [
        (Usage("messenger", 79), 0, 100), (Usage("messenger", 80), 0, 50), (Usage("app", 96), 0, 10),
        (Usage("app", 99.9), 0, 5), (Usage("whatsapp", 100), 60, 100), (Usage("whatsapp", 130, 1800.0), 1800, 100),
    ],
)  # fmt: skip
def test_the_allowance_is_kept_to(usage: Usage, rests: float, share: int) -> None:
    desk = Desk.open()
    desk.put("k1", 1, ANA)
    desk.answer(desk.claim(), replace(Sent("wamid.1"), usage=usage))
    known = desk.troubles().get("whatsapp")
    assert (known.share if known else 100) == share
    until: datetime | None = known.rests_until if known else None
    assert (until - NOW).total_seconds() == rests if until else rests == 0
