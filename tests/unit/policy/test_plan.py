"""Delivery plans, purely: what is tried when, what ends it, and what never happens however things come."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trinario.model.delivery import Plan
from trinario.policy.plan import (
    ESCALATED,
    HORIZON,
    Escalate,
    Next,
    Over,
    Row,
    TakeBack,
    Tried,
    Wait,
    counts_as,
    next_step,
)

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
MINUTES = timedelta(minutes=5)
WHATSAPP = frozenset({"sent", "delivered", "read", "failed"})
INSTAGRAM = frozenset({"sent", "read"})
TELEGRAM = frozenset[str]()
PLAN = Plan("delivered", MINUTES, "delivered")


def ask(
    *tried: Tried, plan: Plan = PLAN, purpose: str = "service", settled: str = "", after: timedelta = timedelta()
) -> Next:
    return next_step(plan, purpose, tried, settled, NOW + after)


def one(*rows: Row, tells: frozenset[str] = WHATSAPP, channel: str = "whatsapp", replied: bool = False) -> Tried:
    return Tried(channel, NOW, rows, tells, replied)


def test_it_waits_for_its_time_and_then_tries_the_next() -> None:
    taken = one(Row("accepted"))
    assert ask(taken) == Wait(NOW + MINUTES)
    assert ask(taken, after=MINUTES) == Escalate("not delivered on whatsapp within 5m")


def test_what_was_delivered_is_over() -> None:
    assert ask(one(Row("delivered"))) == Over("whatsapp says delivered", True)
    assert ask(one(Row("read"))) == Over("whatsapp says read", True)


def test_what_was_taken_may_still_fail_where_failures_are_told() -> None:
    sent = Plan("sent", MINUTES, "sent")
    assert ask(one(Row("accepted")), plan=sent, after=MINUTES) == Wait(NOW + MINUTES + HORIZON)
    assert isinstance(ask(one(Row("failed", "131026")), plan=sent, after=MINUTES), Escalate)
    assert isinstance(ask(one(Row("accepted")), plan=sent, after=MINUTES + HORIZON), Over)


@pytest.mark.parametrize("tells", [INSTAGRAM, TELEGRAM])
def test_where_delivered_is_not_told_sent_counts(tells: frozenset[str]) -> None:
    found = ask(one(Row("accepted"), tells=tells, channel="there"))
    assert found == Over("there says sent, and there tells no more", True)


def test_read_is_told_on_instagram() -> None:
    assert counts_as("read", INSTAGRAM) == 2 and counts_as("read", TELEGRAM) == 0


@pytest.mark.parametrize("purpose", ["service", "transactional", "marketing"])
@pytest.mark.parametrize("status", ["unknown", "sending"])
def test_a_lost_answer_holds_it_until_it_is_decided(purpose: str, status: str) -> None:
    until = NOW + timedelta(minutes=20)
    held = ask(one(Row(status, until=until)), purpose=purpose, after=timedelta(minutes=19))
    assert held == Wait(until)
    assert isinstance(ask(one(Row(status)), purpose=purpose, after=timedelta(minutes=19)), Wait)


def test_a_failure_does_not_wait() -> None:
    assert ask(one(Row("failed", "131026"))) == Escalate("whatsapp: 131026")
    assert ask(one(Row("failed", "131049")), purpose="marketing") == Escalate("whatsapp: 131049")


def test_a_fate_that_nobody_knows_is_decided_by_the_purpose() -> None:
    lost = one(Row("failed", "unknown"))
    assert isinstance(ask(lost), Escalate)
    assert ask(lost, purpose="marketing") == Over(
        "nobody knows whether whatsapp brought it, and marketing is never sent twice", True
    )


def test_what_has_not_gone_is_taken_back_before_the_next_is_tried() -> None:
    assert ask(one(Row("pending")), after=MINUTES) == TakeBack()
    assert ask(one(Row("withdrawn", ESCALATED))) == Escalate("it had not gone on whatsapp in time")
    assert ask(one(Row("withdrawn"))) == Over("what said it is over", False)


def test_marketing_that_is_put_off_anew_is_asked_again_at_its_time_and_goes_nowhere_else_before() -> None:
    morning = NOW + timedelta(hours=9)
    put_off = one(Row("pending", until=morning))
    assert ask(put_off, purpose="marketing", after=MINUTES) == Wait(morning + MINUTES)
    assert ask(put_off, purpose="service", after=MINUTES) == TakeBack(), "what she waits for goes another way"
    assert ask(put_off, purpose="marketing", after=timedelta(hours=9, minutes=5)) == TakeBack()


def test_marketing_that_was_taken_waits_for_a_failure_only() -> None:
    taken = one(Row("accepted"))
    assert ask(taken, purpose="marketing", after=MINUTES) == Wait(NOW + MINUTES + HORIZON)
    assert isinstance(ask(taken, purpose="marketing", after=MINUTES + HORIZON), Over)


def test_an_answer_ends_it() -> None:
    assert ask(one(Row("accepted"), replied=True)) == Over("she answered on whatsapp", True)
    assert ask(one(Row("pending")), settled="the question was answered") == Over("the question was answered", True)


def test_a_plan_to_be_told_only_never_tries_another() -> None:
    plan = Plan("delivered", timedelta(days=1), "delivered", True, escalates=False)
    assert ask(one(Row("accepted")), plan=plan) == Wait(NOW + timedelta(days=1))
    assert ask(one(Row("accepted")), plan=plan, after=timedelta(days=1)) == Over("whatsapp took it", True)
    assert ask(one(Row("failed", "131026")), plan=plan) == Escalate("whatsapp: 131026")


# ---- however things come


@dataclass
class Play:
    """A small world: channels take, lose, drop or fail what is sent; `got` are the copies that she really has."""

    purpose: str
    plan: Plan
    channels: list[tuple[str, frozenset[str]]]
    at: datetime = NOW
    rows: list[Row] = field(default_factory=list)
    since: list[datetime] = field(default_factory=list)
    got: set[int] = field(default_factory=set)
    over: Over | None = None
    exhausted: bool = False
    answered: bool = False

    def tried(self) -> list[Tried]:
        return [
            Tried(self.channels[n][0], self.since[n], (row,), self.channels[n][1]) for n, row in enumerate(self.rows)
        ]

    def begin(self) -> None:
        self.rows.append(Row("pending"))
        self.since.append(self.at)

    def turn(self) -> None:
        while self.over is None and not self.exhausted:
            match next_step(self.plan, self.purpose, self.tried(), "answered" if self.answered else "", self.at):
                case Wait(until=until):
                    assert until > self.at
                    return
                case TakeBack():
                    self.rows[-1] = Row("withdrawn", ESCALATED)
                case Escalate():
                    if len(self.rows) == len(self.channels):
                        self.exhausted = True
                    else:
                        self.begin()
                case Over() as over:
                    self.over = over

    def happen(self, what: str, which: int) -> None:
        number = min(which, len(self.rows) - 1)
        status = self.rows[number].status
        match what:
            case "take" if status == "pending":
                self.rows[number], _ = Row("accepted"), self.got.add(number)
            case "swallow" if status == "pending":
                self.rows[number] = Row("accepted")
            case "lose" if status == "pending":
                self.rows[number] = Row("unknown", until=self.at + timedelta(seconds=30))
                self.got.add(number)
            case "cut" if status == "pending":
                self.rows[number] = Row("unknown", until=self.at + timedelta(seconds=30))
            case "fail" if number not in self.got and (
                status == "pending" or (status == "accepted" and "failed" in self.channels[number][1])
            ):
                self.rows[number] = Row("failed", "131026")
            case "deliver" if status == "accepted" and number in self.got and "delivered" in self.channels[number][1]:
                self.rows[number] = Row("delivered")
            case "decide" if status == "unknown":
                again = self.purpose != "marketing" and number not in self.got
                self.rows[number] = Row("pending") if again else Row("failed", "unknown")
            case "answer" if self.got:
                self.answered = True
            case "clock":
                self.at += timedelta(minutes=2)
            case _:
                pass


WHAT = ("take", "swallow", "lose", "cut", "fail", "deliver", "decide", "answer", "clock", "clock")
CHANNELS = st.permutations([("whatsapp", WHATSAPP), ("instagram", INSTAGRAM), ("telegram", TELEGRAM)])


@given(
    purpose=st.sampled_from(["service", "transactional", "marketing"]),
    level=st.sampled_from(["sent", "delivered", "read", "replied"]),
    channels=CHANNELS,
    acts=st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 2)), max_size=25),
)
def test_never_two_and_never_none(
    purpose: str, level: str, channels: list[tuple[str, frozenset[str]]], acts: list[tuple[str, int]]
) -> None:
    plan = Plan(level, MINUTES, level)  # type: ignore[arg-type]
    play = Play(purpose, plan, list(channels))
    play.begin()
    for what, which in acts:
        copies, was_over, was_answered = len(play.rows), play.over, play.answered
        play.happen(what, which)
        play.turn()
        if was_over or was_answered:
            assert len(play.rows) == copies, "what is over stays over"
        if purpose == "marketing":
            assert len(play.got) <= 1, "marketing is never sent twice"
    if play.over and not play.over.reached:
        raise AssertionError("nobody withdrew it")
    if purpose != "marketing" and play.exhausted:
        assert len(play.rows) == len(channels), "every channel was tried"
    if purpose != "marketing" and play.over and not play.answered:
        assert any(row.status in ("accepted", "delivered") for row in play.rows), "service is not left at nothing"
