"""Sessions that are moved into a deployment, and recorded ones that are played once more, on the real jobs."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from trinario import jsons
from trinario.authoring.load import LoadedBot
from trinario.jobs.move import move
from trinario.jobs.receive import receive
from trinario.jobs.replay import Outcome
from trinario.model.deployment import Deployment, Place
from trinario.ports import Inward
from trinario.runtime.replay import replay_all
from trinario.runtime.versions import Disk
from trinario.store.bulk import fetch
from trinario.testing import webhooks
from trinario.testing.controlled import MovableClock
from trinario.testing.people import HER, Cast
from trinario.testing.run import load
from trinario.testing.worlds import Machine

AT = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)

BOT = """
bot: shop
locale: en
timezone: Europe/Rome
channels:
  wa: {platform: whatsapp, phone_number_id: "11", phone: "+15550001", waba_id: "12", access_token: "${T}",
       app_secret: "${S}", verify_token: "${V}"}
flows: [shop]
fields: {colour: {type: text}}
"""
SHOP = """flow: shop
triggers: [{keyword: shop}]
steps:
  colour: {ask: Which colour?, type: text, save: fields.colour, timeout: 2h, on_timeout: bye}
  size: {ask: Which size?, type: number}
  sold: {send: "A {{ answers.colour }} one in {{ answers.size }}.", next: end}
  bye: {send: Another time.}
"""


class Shop:
    """A project on disk, a person, and the machine that answers her; deployments are made by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bots/shop").mkdir(parents=True)
        (folder / "flows").mkdir()
        (folder / "bots/shop/bot.yaml").write_text(BOT)
        self.clock, self.heard, self.deployed = MovableClock(AT), 0, 0
        self.loaded = self.write(SHOP)
        self.cast = Cast(self.loaded.settings, self.clock)
        self.cast.person(HER, "wa")
        self.machine = Machine(self.loaded, self.clock, self.cast.phones, self.cast.echoes)
        self.deploy()

    def write(self, text: str) -> LoadedBot:
        (self.folder / "flows/shop.yaml").write_text(text)
        self.loaded = load(self.folder / "bots/shop")
        return self.loaded

    def deploy(self, moving: bool = False) -> None:
        """What the files say is served from now on."""
        old, rows = self.machine.bot, []
        older = {**old.revisions, **{(flow.name, flow.revision): flow for flow in old.flows.values()}}
        for one in self.loaded.sources:
            rows.append((one.name, one.revision, one.yaml, jsons.dumps(dict(one.words))))
        manifest = {one.name: Place(one.revision, one.file) for one in self.loaded.sources}
        made = Deployment(0, self.clock.now(), "deploy", "ana", manifest, moving=moving)
        self.machine.store.run_now(lambda unit: unit.versions.keep(rows, made.at))
        self.deployed = self.machine.store.run_now(lambda unit: unit.versions.deploy(made, self.deployed)) or 0
        self.machine.bot = replace(self.loaded.bot, revisions=older)

    def move(self, limit: int = 100) -> int:
        world, now = self.machine.world, self.clock.now()
        moved = 0
        while (done := self.machine.store.run_now(lambda unit: move(unit, world, self.deployed, now, limit))).left:
            moved += done.moved
        asyncio.run(self.machine.work())
        return moved

    def say(self, *texts: str, person: str = HER) -> None:
        async def go() -> None:
            for text in texts:
                self.heard += 1
                line = self.cast.line(self.cast.people[person], "wa")
                await self.machine.hear(webhooks.writes(line, f"m{self.heard}", self.clock.now(), text))
                await self.machine.work()

        asyncio.run(go())

    def later(self, hours: float) -> None:
        asyncio.run(self.machine.pass_until(self.clock.now() + timedelta(hours=hours)))

    @property
    def said(self) -> list[str]:
        return [shown.text for shown in self.cast.phones.shown]

    def replay(self, text: str, **more: Any) -> list[Outcome]:
        """The last sessions on a flow that says this."""
        loaded = self.write(text)
        assert loaded.parsed is not None
        disk = Disk(loaded.parsed, {}, ())
        against = dict(loaded.bot.flows)
        return asyncio.run(replay_all(self.machine.store, disk, against, more.get("flow"), more.get("last", 500)))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_who_waits_finishes_where_she_began_unless_the_flow_moves_her(shop: Shop) -> None:
    shop.say("shop", "red")
    shop.write(SHOP.replace("Which size?", "What size?").replace("A {{", "Nice: a {{"))
    shop.deploy(moving=True)
    assert shop.move() == 0
    shop.say("4")
    assert shop.said == ["Which colour?", "Which size?", "A red one in 4."]
    shop.say("shop", "blue")
    shop.write(SHOP.replace("A {{", "Fine: a {{").replace("steps:", "migrations: []\nsteps:"))
    shop.deploy(moving=True)
    assert shop.move() == 1
    shop.say("5")
    assert shop.said[-2:] == ["What size?", "Fine: a blue one in 5."]
    (moved, _) = shop.replay(SHOP)
    assert (moved.verdict, moved.detail) == ("unplayable", "it was moved into another revision while it waited")


def test_a_question_to_be_asked_again_is_put_at_once_and_once(shop: Shop) -> None:
    shop.say("shop", "red")
    text = SHOP.replace("Which size?", "Small or large?").replace("type: number", "type: text")
    shop.write(text.replace("steps:", "migrations: [{reask: [size]}]\nsteps:"))
    shop.deploy(moving=True)
    assert shop.move() == 1
    assert shop.said[-1] == "Small or large?" and shop.move() == 0
    shop.say("M")
    assert shop.said[2:] == ["Small or large?", "A red one in M."]


def test_what_was_dropped_goes_on_elsewhere_or_ends(shop: Shop) -> None:
    shop.cast.person("ben", "wa")
    shop.say("shop", "red")
    shop.say("shop", person="ben")
    text = """flow: shop
triggers: [{keyword: shop}]
migrations: [{drop: {size: sold}}, {drop: {colour: end}}]
steps:
  sold: {send: "Sold: {{ contact.id }}"}
"""
    shop.write(text)
    shop.deploy(moving=True)
    assert shop.move(limit=1) == 2
    assert [text for text in shop.said if text.startswith("Sold")] and shop.said[-1].startswith("Sold")
    assert shop.machine.store.run_now(lambda unit: unit.versions.standing()) == []


def test_moving_goes_on_where_it_was_left(shop: Shop) -> None:
    for name in ("ben", "cleo", "dan"):
        shop.cast.person(name, "wa")
        shop.say("shop", person=name)
    shop.write(SHOP.replace("steps:", "migrations: []\nsteps:"))
    shop.deploy(moving=True)
    world, now = shop.machine.world, shop.clock.now()

    def one() -> Any:
        return shop.machine.store.run_now(lambda unit: move(unit, world, shop.deployed, now, 1))

    assert [one().moved, one().moved] == [1, 1]
    newest = shop.machine.store.run_now(lambda unit: unit.versions.deployments(1)[0])
    assert newest.moving and newest.cursor == 2
    assert shop.move() == 1 and not shop.machine.store.run_now(lambda unit: unit.versions.deployments(1)[0]).moving
    revision = shop.loaded.bot.flows["shop"].revision
    assert shop.machine.store.run_now(lambda unit: unit.versions.standing()) == [("shop", revision, "colour", 3)]


# ---- recorded sessions, played once more


def test_sessions_that_would_come_out_the_same(shop: Shop) -> None:
    shop.say("shop", "red", "large", "4")
    shop.say("shop", "blue")
    shop.later(1)
    (waits, done) = shop.replay("# a remark\n" + SHOP)
    assert (done.verdict, waits.verdict) == ("same", "same"), (done, waits)


def test_other_words_another_way_and_a_fault(shop: Shop) -> None:
    shop.say("shop", "red", "4")
    shop.say("shop")
    shop.later(3)
    answered, silent = "i1.1", "i4.1"
    for text, expected in {
        SHOP.replace("Which size?", "What size?"): {answered: "words", silent: "same"},
        SHOP.replace("next: end", "next: bye"): {answered: "path", silent: "same"},
        SHOP.replace("on_timeout: bye", "on_timeout: end"): {answered: "same", silent: "path"},
        SHOP.replace("type: number", "type: number, max: 3"): {answered: "path", silent: "same"},
        SHOP.replace("{{ answers.size }}", "{{ 1 / (answers.size - 4) }}"): {answered: "fault", silent: "same"},
        SHOP.replace("keyword: shop", "keyword: store"): {answered: "path", silent: "path"},
    }.items():
        found = {outcome.session: outcome.verdict for outcome in shop.replay(text)}
        assert found == expected, text
    (words, *_) = [one for one in shop.replay(SHOP.replace("Which size?", "What size?")) if one.verdict == "words"]
    assert words.detail == "'Which size?' -> 'What size?'"


def test_a_renamed_step_is_the_same_way(shop: Shop) -> None:
    shop.say("shop", "red", "4")
    renamed = SHOP.replace("  size:", "  how_big:").replace("answers.size", "answers.how_big")
    assert [one.verdict for one in shop.replay(renamed)] == ["path"]
    text = renamed.replace("steps:", "migrations: [{rename: {size: how_big}}]\nsteps:")
    assert [one.verdict for one in shop.replay(text)] == ["same"]


def test_sessions_of_several_revisions_are_played_on_their_own_first(shop: Shop) -> None:
    shop.say("shop", "red", "4")
    shop.write(SHOP.replace("Which size?", "What size?"))
    shop.later(1)
    shop.deploy()
    shop.say("shop", "blue", "5")
    newer, older = shop.replay(SHOP)
    assert (older.verdict, newer.verdict) == ("same", "words")
    assert [one.verdict for one in shop.replay(SHOP, last=1)] == ["words"]


def test_what_cannot_be_told_is_said_with_its_reason(shop: Shop) -> None:
    shop.say("shop", "red")
    shop.machine.store.run_now(
        lambda unit: unit.conn.exec_driver_sql("UPDATE inbox SET body = replace(body, 'red', 'green')")
    )
    (one,) = shop.replay(SHOP)
    assert one.verdict == "unplayable" and "answers are others" in one.detail
    shop.machine.store.run_now(lambda unit: unit.conn.exec_driver_sql("UPDATE inbox SET error = 'link'"))
    (one,) = shop.replay(SHOP)
    assert one.verdict == "unplayable" and "link" in one.detail


def test_a_record_that_nobody_can_read_costs_its_own_sessions_only(shop: Shop) -> None:
    shop.cast.person("ben", "wa")
    shop.say("shop", "red")
    shop.say("shop", person="ben")
    broken = Inward("", "odd", "mystery", "{}", contact=1)
    shop.machine.store.run_now(lambda unit: unit.take_in([broken], AT))
    shop.machine.store.run_now(
        lambda unit: unit.conn.exec_driver_sql("UPDATE inbox SET status = 3 WHERE kind = 'mystery'")
    )
    verdicts = sorted(one.verdict for one in shop.replay(SHOP))
    assert verdicts == ["same", "unplayable"]


def test_a_session_that_the_clock_began_is_not_judged(shop: Shop) -> None:
    (shop.folder / "bots/shop/bot.yaml").write_text(BOT.replace("[shop]", "[shop, nudge]"))
    (shop.folder / "flows/nudge.yaml").write_text("flow: nudge\nsteps:\n  still: {ask: Still there?, type: text}\n")
    text = SHOP.replace("on_timeout: bye", "on_timeout: again") + "  again: {start: nudge}\n"
    shop.write(text)
    shop.deploy()
    shop.say("shop")
    shop.later(3)
    outcomes = {one.session: one for one in shop.replay(text)}
    assert outcomes["i1.1"].verdict == "same"
    (by_clock,) = [one for name, one in outcomes.items() if name != "i1.1"]
    assert by_clock.verdict == "unplayable" and "the clock" in by_clock.detail


def test_what_she_wrote_while_a_call_was_out_is_let_in_when_a_deployment_drops_the_call(shop: Shop) -> None:
    called = SHOP.replace("steps:\n", "steps:\n  look: {http: GET https://cal.example/slots}\n")
    (shop.folder / "bots/shop/bot.yaml").write_text(BOT + "http: {allow: [cal.example]}\n")
    shop.write(called)
    shop.deploy()

    def work() -> None:
        shop.machine.store.run_now(lambda unit: receive(unit, shop.machine.world, shop.clock.now()))

    async def hears(text: str) -> None:
        shop.heard += 1
        line = shop.cast.line(shop.cast.people[HER], "wa")
        await shop.machine.hear(webhooks.writes(line, f"m{shop.heard}", shop.clock.now(), text))

    for text in ("shop", "first"):
        asyncio.run(hears(text))
        work()
    shop.write(called.replace("  look: {http: GET https://cal.example/slots}\n", "").replace(
        "steps:", "migrations: [{drop: {look: end}}]\nsteps:"))  # fmt: skip
    shop.deploy(moving=True)
    world, now = shop.machine.world, shop.clock.now()
    assert shop.machine.store.run_now(lambda unit: move(unit, world, shop.deployed, now)).moved == 1
    asyncio.run(hears("second"))
    work()
    sql = "SELECT text FROM messages WHERE direction = 'in' ORDER BY id"
    rows = shop.machine.store.run_now(lambda unit: fetch(unit.conn, sql))
    assert [row[0] for row in rows] == ["shop", "first", "second"]
