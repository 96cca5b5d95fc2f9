"""What we send, judged by the emulator's own buckets by one clock that is moved by hand: nothing is refused, all of it goes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from tests.contract.records import NOW, heard, outgoing
from tests.unit.jobs.test_receive import House
from trinario import jsons
from trinario.channels.graph.failures import page_failure, whatsapp_failure
from trinario.channels.graph.usage import usage_of
from trinario.emulator.allowance import Allowances
from trinario.emulator.config import Rates
from trinario.emulator.rates import Gates
from trinario.emulator.refusal import Refused
from trinario.jobs.account import Scales, Told
from trinario.jobs.deliver import claim, outcome, settle
from trinario.jobs.hold import People
from trinario.jobs.world import Tuning
from trinario.model.channel import Identity
from trinario.model.message import Media
from trinario.model.outbox import NotSent, SendResult, Sent
from trinario.model.wire_content import content_to_json
from trinario.ports import Claimed, Writes
from trinario.store.tables import METADATA

STEP = 0.05
"""Seconds between two claims, as the sender's."""

VIDEO = jsons.dumps(content_to_json(Media("video", "https://a.example/v.mp4")))


@cache
def _house() -> House:
    """One for all tests: to make its tables takes longer than most of them."""
    return House()


def _emptied() -> House:
    """Nothing is in it, and no pace is set."""
    house = _house()
    for adapter in house.world.adapters.values():
        adapter.__dict__["pace"] = 80.0

    def work(u: Any) -> None:
        for table in (*METADATA.tables, "sqlite_sequence"):
            u.conn.exec_driver_sql(f"DELETE FROM {table}")

    house.store.run_now(work)
    return house


@dataclass
class Line:
    """A house with people on one or two channels; `judge` answers for the platform, `sent` is (second, key)."""

    judge: Callable[[Claimed, float], SendResult]
    house: House = field(default_factory=_emptied)
    people: People = field(default_factory=People)
    scales: Scales = field(default_factory=Scales)
    told: Told = field(default_factory=Told)
    sent: list[tuple[float, str]] = field(default_factory=list)
    refused: list[tuple[float, str]] = field(default_factory=list)

    def meet(self, channel: str, count: int) -> None:
        kind = {"whatsapp": "phone", "instagram": "igsid"}[channel]
        who = [Identity(channel, kind, f"{channel}-{n}") for n in range(count)]
        self.house.store.run_now(lambda u: u.take_in([heard(one, f"h-{one.value}") for one in who], NOW))
        cases = self.house.store.run_now(lambda u: u.claim_cases(count, NOW))
        done = [(case.entries[0].contact or 0, case.entries[0].id, None) for case in cases]
        self.house.store.run_now(lambda u: u.write(Writes(finished=done), NOW))
        wrote = f'{{"{channel}": {int(NOW.timestamp() * 1000)}}}'  # their windows are open
        sql = "UPDATE contacts SET last_heard = ? WHERE last_heard = '{}'"
        self.house.store.run_now(lambda u: u.conn.exec_driver_sql(sql, (wrote,)) and None)

    def put(self, channel: str, count: int, prefix: str, each: int = 1, **changes: Any) -> None:
        """`each` messages to each of the first `count` people of a channel."""
        known = self.house.rows(
            f"SELECT contact_id, kind, value FROM identities WHERE channel = '{channel}' ORDER BY value LIMIT {count}"
        )
        rows = [outgoing(f"{prefix}{n}-{value}", contact, Identity(channel, kind, value), **changes)
                for n in range(each) for contact, kind, value in known]  # fmt: skip
        self.house.store.run_now(lambda u: u.write(Writes(outgoing=rows), NOW))

    def step(self, at: float, places: dict[str, int] | None = None) -> int:
        """One round of the sender."""
        when = NOW + timedelta(seconds=at)
        room = places or dict.fromkeys(self.house.world.adapters, 512)
        rows = self.house.store.run_now(lambda u: claim(u, self.house.world, room, 1, when, self.people))
        results = [(row, result := self.judge(row, when.timestamp()), outcome(row, result, when, Tuning(), lambda: 0.5))
                   for row in rows]  # fmt: skip
        for row, result, _ in results:
            (self.sent if isinstance(result, Sent) else self.refused).append((at, row.entry.key))

        def work(u: Any) -> None:
            settle(u, results, when, 1)
            for row, result, _ in results:
                self.scales.weigh(u, row, result, when, self.told)

        if results:
            self.house.store.run_now(work)
        return len(rows)

    def run(self, begin: float, end: float, step: float = STEP) -> None:
        for n in range(round((end - begin) / step)):
            self.step(begin + n * step)


def whatsapp(gates: Gates) -> Callable[[Claimed, float], SendResult]:
    """The number's bucket and those of pairs."""

    def judge(row: Claimed, now: float) -> SendResult:
        try:
            gates.whatsapp("n", row.entry.identity.value, now)
        except Refused as refused:
            return NotSent(whatsapp_failure(refused.code, str(refused), row.entry.attempts))
        return Sent(f"wamid.{row.entry.key}")

    return judge


@pytest.mark.parametrize(("pace", "people"), [(20, 100), (80, 250), (1000, 1500)])
def test_a_number_is_used_up_to_its_pace_and_never_beyond(pace: int, people: int) -> None:
    line = Line(whatsapp(Gates(Rates(whatsapp_number=pace))))
    line.house.world.adapters["whatsapp"].pace = float(pace)  # type: ignore[misc]
    line.meet("whatsapp", people)
    line.put("whatsapp", people, "k")
    line.run(0.0, people / pace + 1.0)
    assert line.refused == []
    assert len(line.sent) == people
    assert line.sent[-1][0] >= people / pace - 0.6, "it was not as if there were no pace"


def test_one_person_who_gets_much_is_never_refused_and_gets_all() -> None:
    line = Line(whatsapp(Gates(Rates())))
    line.meet("whatsapp", 1)
    line.put("whatsapp", 1, "k", each=60)
    line.run(0.0, 120.0, 0.5)
    assert line.refused == [] and len(line.sent) == 60
    assert [key.partition("-")[0] for _, key in line.sent] == [f"k{n}" for n in range(60)], "in order"


def test_who_is_refused_waits_four_times_as_long_each_time_and_nobody_else_waits() -> None:
    line = Line(lambda row, now: NotSent(whatsapp_failure(131056, "pair", row.entry.attempts))
                if row.entry.identity.value == "whatsapp-0" else Sent(row.entry.key))  # fmt: skip
    line.meet("whatsapp", 3)
    line.put("whatsapp", 3, "k", each=5)
    line.run(0.0, 2.0)
    assert {key.partition("-")[2] for _, key in line.sent} == {"whatsapp-1", "whatsapp-2"} and len(line.sent) == 10
    line.run(2.0, 30.0, 0.5)
    gaps = [after - before for (before, _), (after, _) in zip(line.refused, line.refused[1:], strict=False)]
    assert gaps[:3] == [pytest.approx(wait, abs=0.6) for wait in (1.0, 4.0, 16.0)]
    assert {key for _, key in line.refused} == {"k0-whatsapp-0"}, "hers behind it wait as well"


def test_replies_overtake_a_campaign_that_uses_the_whole_pace() -> None:
    line = Line(whatsapp(Gates(Rates(whatsapp_number=20))))
    line.house.world.adapters["whatsapp"].pace = 20.0  # type: ignore[misc]
    line.meet("whatsapp", 300)
    line.put("whatsapp", 300, "bulk", priority=1)
    line.run(0.0, 2.0)
    assert 20 <= len(line.sent) < 60
    line.put("whatsapp", 5, "reply")
    line.run(2.0, 2.5)
    late = [key for at, key in line.sent if at >= 2.0]
    assert sorted(late[:5]) == sorted(f"reply0-whatsapp-{n}" for n in (0, 1, 10, 100, 101)), late[:6]
    assert line.refused == []


def test_a_channel_with_much_to_say_does_not_starve_another() -> None:
    line = Line(lambda row, now: Sent(row.entry.key))
    for name in ("whatsapp", "instagram"):
        line.house.world.adapters[name].pace = 10_000.0  # type: ignore[misc]
        line.meet(name, 100)
    line.put("whatsapp", 100, "hot", each=10)
    line.put("instagram", 5, "calm")
    line.step(0.0, {"whatsapp": 20, "instagram": 20})
    assert sum(key.startswith("calm") for _, key in line.sent) == 5, "in the first round, whatever waits elsewhere"
    assert sum(key.startswith("hot") for _, key in line.sent) == 20


def test_audio_and_video_keep_their_own_pace_and_words_go_on() -> None:
    gates = Gates(Rates())

    def judge(row: Claimed, now: float) -> SendResult:
        try:
            gates.page("instagram", "i", isinstance(row.entry.content, Media), now)
        except Refused as refused:
            return NotSent(page_failure(refused.code, refused.subcode or 0, "too many"))
        return Sent(row.entry.key)

    line = Line(judge)
    line.meet("instagram", 200)
    line.put("instagram", 60, "video", content=VIDEO)
    line.run(0.0, 1.0)
    line.put("instagram", 200, "words", priority=0)
    line.run(1.0, 8.0)
    assert line.refused == []
    videos = [at for at, key in line.sent if key.startswith("video")]
    assert len(videos) == 60
    assert all(sum(begin <= at < begin + 1.0 for at in videos) <= 15 for begin in videos)
    assert sum(key.startswith("words") for _, key in line.sent) == 200


def test_the_allowance_is_told_obeyed_and_never_overdrawn() -> None:
    """From 80 percent on the channel is slower, at 100 it rests until there is some again; no call is refused."""
    platform = Allowances(Rates(calls_per_person=1, people_at_least=200, usage_told_from=10))
    told: list[tuple[float, float]] = []

    def judge(row: Claimed, now: float) -> SendResult:
        try:
            platform.spend("instagram", now)
        except Refused as refused:
            return NotSent(page_failure(refused.code, 0, str(refused)))
        headers = platform.headers("instagram", "i", now)
        used = usage_of(headers.get("X-App-Usage", ""), headers.get("X-Business-Use-Case-Usage", ""))
        told.append((now - NOW.timestamp(), used.percent if used else 0.0))
        return Sent(row.entry.key, usage=used)

    line = Line(judge)
    line.house.world.adapters["instagram"].pace = 20.0  # type: ignore[misc]
    line.meet("instagram", 250)
    line.put("instagram", 250, "k")
    line.run(0.0, 120.0)
    assert line.refused == [], "it stops before it is refused"
    assert len(line.sent) == 200 and told[-1][1] == 100.0
    before = [at for at, percent in told if percent < 80]
    after = [at for at, percent in told if percent >= 80]
    fast = len(before) / (before[-1] - before[0])
    slow = len(after) / (after[-1] - after[0])
    assert slow < 0.55 * fast, "slower from 80 percent on"
    (trouble,) = line.house.store.run_now(lambda u: u.accounts.troubles(NOW + timedelta(seconds=120)))
    until = trouble.rests_until
    assert until is not None and until > NOW + timedelta(hours=22), "as long as the platform says"
    line.run(until.timestamp() - NOW.timestamp() - 2.0, until.timestamp() - NOW.timestamp() - 0.5, 0.5)
    assert len(line.sent) == 200
    begin = until.timestamp() - NOW.timestamp() + 1.0
    for n in range(40):
        line.run(begin + n * 120.0, begin + n * 120.0 + 1.0, 0.25)
    assert line.refused == [] and len(line.sent) == 250
