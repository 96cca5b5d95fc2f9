"""Attacks on one-time codes, on the real jobs: guesses, copies, other people's codes, floods, a killed process."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from trinario import jsons
from trinario.jobs.code import digits_of, hash_of, ready
from trinario.jobs.deliver import claim, settle
from trinario.jobs.receive import receive
from trinario.jobs.replay import Recorded, replay, reset
from trinario.model.channel import Identity
from trinario.model.effect import Say
from trinario.model.message import DOTS, Template, Text
from trinario.model.outbox import Sent
from trinario.policy.send import may_send_code
from trinario.policy.verdict import Allow, Refuse
from trinario.ports import Inward, Settled
from trinario.runtime.chance import SecretChance
from trinario.testing import webhooks
from trinario.testing.run import load
from trinario.testing.script import Again, Known, Stranger, Talk, Types, Writes
from trinario.testing.talk import Player
from trinario.testing.worlds import RUN

SHOP = Path(__file__).parents[2] / "projects/proof/bots/shop"
HERS = "393330001000"
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


class Talked:
    """A talk that goes on step by step, and what it left in the database."""

    def __init__(self) -> None:
        loaded = load(SHOP)
        start = Talk("", "", "shop", Known(first_name="Ana"), AT, "messenger", ())
        self.player = Player(start, loaded)
        self.player.introduce()
        self.machine = self.player.machine

    def do(self, *acts: Any) -> None:
        for act in acts:
            asyncio.run(self.player.do(act))

    def write(self, *texts: str) -> None:
        self.do(*(Writes(0, text) for text in texts))

    def stranger(self, *texts: str, name: str = "Bea") -> None:
        for text in texts:
            self.do(Stranger(0, name, "messenger"), Writes(0, text))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.machine.rows(sql)

    @property
    def codes(self) -> list[str]:
        """The digits that phones showed, oldest first."""
        return [shown.code for shown in self.player.scene.cast.phones.shown if shown.code]

    def said(self, person: str = "contact") -> str:
        return [one.text for one in self.player.scene.cast.phones.shown if one.person == person and not one.code][-1]

    def reasons(self) -> list[str]:
        return [
            jsons.loads(row[0])["reason"] for row in self.rows("SELECT data FROM events WHERE name = 'code_refused'")
        ]

    def refusals(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT refusal FROM outbox WHERE status = 8 ORDER BY id")]

    def identities(self) -> list[tuple[int, str]]:
        return [
            (row[0], row[1]) for row in self.rows("SELECT contact_id, value FROM identities WHERE channel = 'whatsapp'")
        ]


@pytest.fixture
def talked() -> Iterator[Talked]:
    one = Talked()
    yield one
    one.machine.close()


def everything(talked: Talked) -> str:
    tables = [row[0] for row in talked.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return "\n".join(repr(talked.rows(f"SELECT * FROM {table}")) for table in tables)


def test_the_code_is_nowhere_when_all_is_done(talked: Talked) -> None:
    talked.write("account", "333 000 1000")
    [code] = talked.codes
    assert code not in everything(talked)
    talked.do(Types(0, False), Types(0))
    assert "Which colour" in talked.said()
    kept = everything(talked)
    assert code not in kept and f"{code[:-1]}{(int(code[-1]) + 1) % 10}" not in kept and DOTS in kept


def test_a_code_counts_for_five_tries_whatever_the_author_allows(talked: Talked) -> None:
    flow = talked.machine.bot.flows["account"]
    steps = {**flow.steps, "proof": replace(flow.steps["proof"], retries=20)}
    talked.machine.bot = replace(
        talked.machine.bot, flows={**talked.machine.bot.flows, "account": replace(flow, steps=steps)}
    )
    talked.write("account", "333 000 1000")
    talked.do(*(Types(0, False) for _ in range(5)), Types(0))
    assert talked.reasons() == ["wrong"] * 5 + ["too_many_tries"] and not talked.identities()


def test_guessing_gets_no_further_than_the_limits(talked: Talked) -> None:
    for _ in range(20):
        talked.write("account", "333 000 1000", "000000", "111111", "222222", "333333")
    assert len(talked.codes) == 3 and len(talked.reasons()) == 9 and not talked.identities()
    assert set(talked.refusals()) == {"too_many_codes"}


def test_a_number_gets_three_codes_an_hour_and_ten_a_day_whoever_asks(talked: Talked) -> None:
    for number in range(5):
        talked.stranger("account", "333 000 1000", name=f"Bea{number}")
    assert len(talked.codes) == 3
    for hour in range(1, 6):
        asyncio.run(talked.machine.pass_until(AT + timedelta(hours=hour, minutes=1)))
        for number in range(5):
            talked.stranger("account", "333 000 1000", name=f"Bea{number}")
    assert len(talked.codes) == 10
    assert {one.kind for one in talked.player.scene.cast.phones.shown if one.person == "contact"} == {"template"}


def test_a_contact_has_five_codes_an_hour_sent(talked: Talked) -> None:
    for number in range(8):
        talked.write("account", f"333 000 200{number}")
    refused = talked.refusals()
    assert len(talked.rows("SELECT 1 FROM phone_codes")) == 5 and refused.count("too_many_codes") == 3


def test_a_code_is_used_once_and_a_webhook_that_comes_twice_is_one(talked: Talked) -> None:
    talked.write("account", "333 000 1000")
    talked.do(Types(0), Again(0))
    assert len(talked.rows("SELECT 1 FROM events WHERE name = 'identity_linked'")) == 1
    [(tries, used)] = talked.rows("SELECT tries, used_at FROM phone_codes")
    assert tries == 1 and used is not None
    code = talked.codes[0]
    talked.write("Green", "account", "333 000 1000", code)
    assert talked.reasons() == ["wrong"]


def test_the_code_of_another_contact_proves_nothing(talked: Talked) -> None:
    talked.write("account", "333 000 1000")
    talked.stranger("account", "333 000 1000")
    first, second = talked.codes
    talked.stranger(first)
    assert talked.reasons() == ["wrong"] and "not the code" in talked.said("Bea")
    talked.write(second)
    assert talked.reasons() == ["wrong", "wrong"] and not talked.identities()


def test_the_code_of_an_earlier_question_is_void(talked: Talked) -> None:
    talked.write("account", "333 000 1000", "account", "333 000 1000")
    old, new = talked.codes
    talked.write(old)
    assert talked.reasons() == ["wrong"]
    talked.write(new)
    assert talked.identities() == [(1, HERS)]


def test_two_prove_one_number_and_it_stays_with_the_first(talked: Talked) -> None:
    talked.write("account", "333 000 1000")
    talked.stranger("account", "333 000 1000")
    first, second = talked.codes
    talked.write(first)
    talked.stranger(second)
    assert talked.identities() == [(1, HERS)] and "Which colour" in talked.said("Bea")
    [(data,)] = talked.rows("SELECT data FROM events WHERE name = 'link_unavailable'")
    assert jsons.loads(data)["contact"] == 1


def test_a_contact_of_whom_nothing_is_known_becomes_one_with_her(talked: Talked) -> None:
    who = Identity("whatsapp", "phone", HERS)
    talked.machine.store.run_now(
        lambda unit: unit.take_in([Inward("whatsapp", "known", "unsupported", "{}", identities=(who,))], AT)
    )
    [(other, _)] = talked.identities()
    talked.write("account", "333 000 1000")
    talked.do(Types(0))
    assert talked.identities() == [(1, HERS)]
    assert talked.rows(f"SELECT merged_into FROM contacts WHERE id = {other}") == [(1,)]


def test_the_owner_of_the_phone_says_not_me(talked: Talked) -> None:
    talked.write("account", "333 000 1000")
    talked.do(Types(0))
    assert talked.identities() == [(1, HERS)]
    cast, machine = talked.player.scene.cast, talked.machine
    owner = next(person for person in cast.people.values() if person.ids["whatsapp"] == HERS)
    body = webhooks.writes(cast.line(owner, "whatsapp"), "wamid.not_me", cast.clock.now(), "Not me!")
    asyncio.run(machine.hear(body, "whatsapp"))
    asyncio.run(machine.work())
    [(other, value)] = talked.identities()
    assert (other != 1, value) == (True, HERS)
    assert [shown.text for shown in cast.phones.shown if shown.channel == "whatsapp" and not shown.code] == [
        "Done: these are two separate conversations again."
    ]
    assert talked.rows("SELECT undone_by FROM merges") == [("contact",)]


def test_the_identity_is_the_one_that_the_platform_names(talked: Talked) -> None:
    talked.write("account", "333 000 1000")
    machine, named = talked.machine, Identity("whatsapp", "phone", "5213330001000")
    [(id, key)] = machine.rows("SELECT id, key FROM outbox WHERE content LIKE '%login_code%'")
    machine.store.run_now(lambda unit: unit.settle([Settled(id, 0)], AT))
    machine.rows(f"UPDATE outbox SET status = 0 WHERE id = {id} RETURNING id")
    [row] = machine.store.run_now(lambda unit: claim(unit, machine.world, {"whatsapp": 5}, RUN, AT))
    assert row.entry.key == key
    result = (row, Sent("wamid.x", named), Settled(id, 3, external_id="wamid.x"))
    machine.store.run_now(lambda unit: settle(unit, [result], AT, RUN))
    talked.do(Types(0))
    assert talked.identities() == [(1, named.value)]


def test_a_process_that_dies_before_the_sending_makes_the_same_code_again(talked: Talked) -> None:
    machine = talked.machine
    talked.write("account")
    body = talked.player.scene.cast.line(talked.player.scene.her, "messenger")
    asyncio.run(machine.hear(webhooks.writes(body, "m_x", AT, "333 000 1000"), "messenger"))
    machine.store.run_now(lambda unit: receive(unit, machine.world, AT))
    rows = machine.store.run_now(lambda unit: claim(unit, machine.world, {"whatsapp": 5}, RUN, AT))
    [entry] = [row.entry for row in rows]
    assert isinstance(entry.content, Template) and entry.content.buttons[0].value == DOTS
    again = SecretChance(b"a talk's own secret, known to all")
    one, other = (ready(chance, entry).content for chance in (machine.world.random, again))
    assert one == other and isinstance(one, Template) and one.buttons[0].value.isdecimal() and not one.code
    assert dict(one.params) == {"1": one.buttons[0].value} and one.buttons[0].value in one.text
    [(hash,)] = machine.rows("SELECT hash FROM phone_codes")
    assert hash == hash_of(again, entry.key.rsplit("/", 2)[0], one.buttons[0].value)
    assert ready(SecretChance(b"another key"), entry).content != one


def test_codes_are_spread_over_the_whole_space() -> None:
    chance, who = SecretChance(b"k"), Identity("whatsapp", "phone", HERS)
    found = {digits_of(chance, f"i{n}/1/1@{n}", who) for n in range(2000)}
    assert all(len(one) == 6 and one.isdecimal() for one in found) and len(found) > 1990
    firsts = [one[0] for one in found]
    assert all(firsts.count(digit) > 130 for digit in "0123456789")
    assert digits_of(chance, "i1/1/1@1", who) != digits_of(chance, "i1/1/1@1", replace(who, value="393330001001"))


def test_nothing_but_an_authentication_template_goes_to_a_number_that_is_not_hers(talked: Talked) -> None:
    bot, who = talked.machine.bot, Identity("whatsapp", "phone", HERS)
    good = Say("k", Template("login_code", "en", {"1": DOTS}))
    assert may_send_code(bot, good, who) == Allow(who, good.content)
    for say in (Say("k", Text("Buy!")), Say("k", Template("spring", "en")), replace(good, hushed=True)):
        assert isinstance(may_send_code(bot, say, who), Refuse)
    assert isinstance(may_send_code(bot, good, replace(who, channel="messenger")), Refuse)


def test_a_recorded_session_is_played_again_as_it_was_without_any_code(talked: Talked) -> None:
    talked.write("account", "333 000 1000")
    talked.do(Types(0, False), Types(0))
    talked.write("Green")
    unit_rows = talked.machine.store.run_now(lambda unit: unit.worked_off(1, 100))
    rows = tuple(row for row in unit_rows if row.kind != "unsupported")
    assert not any(code in row.body for row in rows for code in talked.codes)
    contact = talked.machine.store.run_now(lambda unit: unit.contacts([1], AT))[0]
    sessions = {one.id: one for one in talked.machine.store.run_now(lambda unit: unit.sessions(1, 10))}
    bot, record = talked.machine.bot, Recorded(reset(contact), rows, sessions)
    [outcome] = replay(record, list(sessions), lambda row, forced: bot, lambda session: bot, AT)
    assert (outcome.verdict, outcome.detail) == ("same", "")
