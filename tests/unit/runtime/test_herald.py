"""Webhooks over real HTTP: signed news come, again when nobody was there, and never to where they may not go."""

import asyncio
import base64
import hashlib
import hmac
import json
import random
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from trinario import jsons
from trinario.authoring.parse_bot import parse_bot
from trinario.authoring.webhook_settings import endpoints_of
from trinario.jobs.hooks import AGAIN, headers_of, keys_of
from trinario.jobs.world import World
from trinario.model.bot import Bot, Team
from trinario.model.hook import KINDS, Endpoint
from trinario.outside.http import HttpClient
from trinario.ports import Inward, Said, Writes
from trinario.runtime.chance import SecretChance
from trinario.runtime.herald import Herald, hosts_of, sources_of
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHANCE = SecretChance(b"k" * 32)


class Receiver:
    """Another system: keeps what it is sent, and answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[Mapping[str, str], bytes]] = []
        self.status, self.headers = 200, dict[str, str]()
        self.url = ""
        self.asked, self.answers = asyncio.Event(), asyncio.Event()

    async def hang(self, request: web.Request) -> web.Response:
        self.asked.set()
        await self.answers.wait()
        return await self.take(request)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers=self.headers)

    def news(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


class House:
    """A store, a clock, endpoints and a herald."""

    def __init__(self, store: SqliteStore, receiver: Receiver) -> None:
        self.store, self.receiver, self.at = store, receiver, NOW
        self.endpoints = {"crm": Endpoint("crm", receiver.url)}
        bot = Bot("t", "en", "UTC", {}, {}, teams={"it": Team("it", ("mailto:it@shop.example",))})
        world = World(lambda: bot, {}, CHANCE)
        self.http = HttpClient(lambda: hosts_of(self.endpoints), local=True, redirects=0)
        self.herald = Herald(store, lambda: world, lambda: self.endpoints, self, self.http, random.Random(1))

    def now(self) -> datetime:
        return self.at

    async def happens(self, name: str = "goal", **data: Any) -> None:
        told = Writes(events=[(None, name, self.at, jsons.dumps(data))])
        await self.store.run(lambda u: u.write(told, self.at))

    async def rounds(self, **later: float) -> None:
        self.at += timedelta(**later)
        for one in list(self.endpoints.values()):
            while await self.herald.round(one):
                pass

    async def state(self) -> tuple[str, int, int, int]:
        (one,) = await self.store.read(lambda u: u.hooks.states())
        return one.state, one.waiting, one.told, one.given_up


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hooks", made.take)
    app.router.add_get("/page", made.take)
    app.router.add_post("/hangs", made.hang)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hooks"
    yield made
    await runner.cleanup()


@pytest.fixture
async def house(receiver: Receiver, tmp_path: Path) -> AsyncIterator[House]:
    store = SqliteStore(str(tmp_path / "bot.db"))
    await store.run(lambda unit: upgrade(unit.conn))
    made = House(store, receiver)
    await made.rounds()  # the endpoint is seen for the first time
    yield made
    await made.http.close()
    await store.close()


def is_signed(headers: Mapping[str, str], body: bytes, key: bytes) -> bool:
    """Checked as a receiver does it, without a line of ours."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return wanted in [one.removeprefix("v1,") for one in headers["webhook-signature"].split(" ")]


def test_the_signature_is_that_of_the_standard() -> None:
    """The sample of the specification."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    made = headers_of("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', (key,), at)
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_news_come_signed_and_once(house: House) -> None:
    await house.happens(goal="visit", value=3)
    await house.rounds()
    await house.rounds(days=2)
    ((headers, body),) = house.receiver.got
    assert json.loads(body) == {
        "type": "goal.reached", "timestamp": NOW.isoformat(), "data": {"contact": None, "goal": "visit", "value": 3},
    }  # fmt: skip
    assert headers["webhook-id"] == "history_1" and is_signed(headers, body, keys_of(house.endpoints["crm"], CHANCE)[0])
    assert await house.state() == ("active", 0, 1, 0)


async def test_while_a_secret_is_changed_both_sign(house: House) -> None:
    keys = [bytes([number]) * 32 for number in (1, 2)]
    secrets = tuple("whsec_" + base64.b64encode(key).decode() for key in keys)
    house.endpoints["crm"] = Endpoint("crm", house.receiver.url, secrets=secrets)
    await house.happens()
    await house.rounds()
    ((headers, body),) = house.receiver.got
    assert all(is_signed(headers, body, key) for key in keys) and not is_signed(headers, body, b"x" * 32)


async def test_words_are_told_only_where_they_are_asked_for(house: House) -> None:
    house.endpoints["erp"] = Endpoint("erp", house.receiver.url, ("message.*",), text=True)
    await house.rounds()
    said = [Said(7, "in", "contact", "messenger", NOW, "text", "my secret", "m1")]
    await house.store.run(lambda u: u.write(Writes(said=said), NOW))
    await house.rounds()
    assert sorted(one["data"].get("text", "") for one in house.receiver.news()) == ["", "my secret"]
    assert {one["type"] for one in house.receiver.news()} == {"message.heard"}


async def test_what_was_not_taken_comes_again_under_the_same_id(house: House) -> None:
    house.receiver.status = 503
    await house.happens()
    await house.rounds()
    await house.rounds(seconds=7)
    house.receiver.status = 204
    await house.rounds(minutes=6)
    await house.rounds(days=2)
    assert len(house.receiver.got) == 3
    assert len({(headers["webhook-id"], body) for headers, body in house.receiver.got}) == 1
    assert await house.state() == ("active", 0, 1, 0)


async def test_after_ten_tries_it_is_given_up_and_can_be_replayed(house: House) -> None:
    house.receiver.status = 500
    await house.happens()
    await house.rounds()
    for wait in AGAIN:
        await house.rounds(seconds=wait.total_seconds() * 1.2)
    assert len(house.receiver.got) == 10 and await house.state() == ("active", 0, 0, 1)
    house.receiver.status = 200
    count = await house.store.run(lambda u: u.hooks.again("crm", "history", lambda *_: True, NOW, house.at))
    await house.rounds()
    assert count == 1 and await house.state() == ("active", 0, 1, 0)


async def test_who_asks_for_time_gets_it(house: House) -> None:
    house.receiver.status, house.receiver.headers = 429, {"Retry-After": "3600"}
    await house.happens()
    await house.rounds()
    await house.rounds(minutes=30)
    assert len(house.receiver.got) == 1
    await house.rounds(minutes=31)
    assert len(house.receiver.got) == 2


@pytest.mark.parametrize("asked", ["\u00b2", "\u0663", "soon", "-1", ""])
async def test_who_asks_for_time_in_no_number_is_tried_as_ever(house: House, asked: str) -> None:
    house.receiver.status, house.receiver.headers = 429, {"Retry-After": asked}
    await house.happens()
    await house.rounds()
    assert await house.state() == ("active", 1, 0, 0)
    await house.rounds(seconds=6)
    assert len(house.receiver.got) == 2


async def told_teams(house: House) -> list[str]:
    sql = "SELECT text FROM notices"
    return [row[0] for row in await house.store.run(lambda u: u.conn.exec_driver_sql(sql).fetchall())]


async def test_an_endpoint_that_is_gone_is_disabled_and_the_team_is_told(house: House) -> None:
    house.receiver.status = 410
    await house.happens()
    await house.rounds()
    await house.happens()
    await house.rounds(days=1)
    assert (await house.state())[0] == "disabled"
    (words,) = await told_teams(house)
    assert words.startswith("Webhook crm is disabled: it says that it is gone (410).")


async def test_an_endpoint_that_takes_nothing_for_days_is_disabled(house: House) -> None:
    house.receiver.status = 500
    for _ in range(7):
        await house.happens()
        await house.rounds(days=1)
    assert (await house.state())[0] == "disabled" and "it has taken nothing for 5 days" in (await told_teams(house))[0]


async def test_what_is_erased_does_not_make_an_endpoint_well(house: House) -> None:
    house.receiver.status = 500
    await house.happens()
    await house.rounds()
    (before,) = await house.store.read(lambda u: u.hooks.states())
    await house.store.run(lambda u: u.conn.exec_driver_sql("DELETE FROM events") and None)
    await house.rounds(days=1)
    (after,) = await house.store.read(lambda u: u.hooks.states())
    assert before.failing_since is not None and after.failing_since == before.failing_since
    assert (await house.state())[1:] == (0, 0, 1)


async def test_a_redirect_is_no_answer(house: House) -> None:
    house.receiver.status = 302
    house.receiver.headers = {"Location": house.receiver.url.replace("/hooks", "/page")}
    await house.happens()
    await house.rounds()
    assert len(house.receiver.got) == 1 and (await house.state())[1:] == (1, 0, 0)


async def test_no_address_of_our_own_network_is_called(house: House, receiver: Receiver) -> None:
    house.http = HttpClient(lambda: hosts_of(house.endpoints), local=False, redirects=0)
    house.herald._http = house.http
    house.endpoints["crm"] = Endpoint("crm", "https://10.0.0.7/hooks")
    await house.happens()
    await house.rounds()
    assert receiver.got == [] and (await house.state())[1:] == (1, 0, 0)


async def test_who_is_down_costs_nobody_else(house: House) -> None:
    house.endpoints["dead"] = Endpoint("dead", "http://127.0.0.1:9/hooks")
    await house.rounds()
    await house.happens()
    await house.rounds()
    assert len(house.receiver.got) == 1


async def test_who_hangs_keeps_nobody_else_waiting(house: House, receiver: Receiver) -> None:
    house.endpoints = {
        "a": Endpoint("a", receiver.url.replace("/hooks", "/hangs")),
        "b": Endpoint("b", receiver.url),
    }
    await house.rounds()
    await house.happens(goal="first")
    running = asyncio.create_task(house.herald.run())
    await asyncio.wait_for(receiver.asked.wait(), 30)
    async with asyncio.timeout(30):
        for count, goal in enumerate(("first", "second", "third"), 1):
            while len(receiver.got) < count:
                await asyncio.sleep(0.02)
            assert receiver.news()[-1]["data"]["goal"] == goal and not receiver.answers.is_set()
            await house.happens(goal="second" if count == 1 else "third")
    receiver.answers.set()
    house.herald.bell.close()
    await asyncio.wait_for(running, 30)
    states = {one.name: one for one in await house.store.read(lambda u: u.hooks.states())}
    assert states["a"].told and not states["a"].failing_since


async def test_news_that_cannot_be_told_cost_nobody_else(house: House) -> None:
    """A row that is no object: it is tried again like all others, and says nothing of the endpoint."""
    spoiled = Writes(events=[(None, "goal", NOW, "[1, 2]")])
    await house.store.run(lambda u: u.write(spoiled, NOW))
    await house.happens(goal="visit")
    await house.rounds()
    assert [one["data"]["goal"] for one in house.receiver.news()] == ["visit"]
    assert await house.state() == ("active", 1, 1, 0)
    for _ in AGAIN:
        await house.rounds(days=2)
    assert await house.state() == ("active", 0, 1, 1)


async def test_news_that_cannot_be_read_cost_nobody_else(house: House) -> None:
    """An event whose data is no object is not read at all: what is due beside it goes at once, and it is tried as ever."""
    spoiled = Inward("", "e1", "event", jsons.dumps({"name": "order.paid", "data": 7}))
    await house.store.run(lambda u: u.take_in([spoiled], NOW))
    await house.happens(goal="visit")
    await house.rounds()
    assert [one["data"]["goal"] for one in house.receiver.news()] == ["visit"]
    assert await house.state() == ("active", 1, 1, 0)
    for _ in AGAIN:
        await house.rounds(days=2)
    assert await house.state() == ("active", 0, 1, 1) and len(house.receiver.got) == 1


@pytest.mark.parametrize("text", [False, True])
async def test_news_say_whose_they_are_and_name_no_account_unasked(house: House, text: bool) -> None:
    house.endpoints["crm"] = Endpoint("crm", house.receiver.url, text=text)
    await house.happens("contacts_merged", merge=3, contact=9, identities=["393330000001"])
    await house.rounds()
    ((_, body),) = house.receiver.got
    data = json.loads(body)["data"]
    assert (data["contact"], data["other"], data["merge"]) == (None, 9, 3)
    assert ("393330000001" in body.decode()) is text


@pytest.mark.parametrize(
    ("types", "sources"),
    [
        (("*",), ["history", "messages", "consents", "events", "contacts", "tickets", "ways"]),
        (("goal.reached",), ["history"]), (("flow.*",), ["history", "ways"]), (("contact.created",), ["history", "contacts"]),
        (("message.heard",), ["history", "messages"]), (("event.order.*", "consent.*"), ["history", "consents", "events"]),
        (("m*",), ["history", "messages"]),
    ],
)  # fmt: skip
def test_only_what_may_be_wanted_is_read(types: tuple[str, ...], sources: list[str]) -> None:
    assert sources_of(Endpoint("crm", "", types)) == sources


@pytest.mark.parametrize(
    ("types", "wanted"), [(("*",), False), (("f*",), False), (("flow.*",), True), (("flow.step",), True)]
)
def test_steps_are_told_only_where_they_are_asked_for(types: tuple[str, ...], wanted: bool) -> None:
    assert Endpoint("crm", "", types).wants("flow.step") is wanted
    assert Endpoint("crm", "", types).wants("flow.started") is (types != ("flow.step",))


# ---- bot.yaml

HEAD = "bot: shop\nlocale: en\nflows: [a]\nchannels: {}\nwebhooks:\n"
KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()


def test_bot_yaml_names_who_is_told() -> None:
    text = f"{HEAD}  crm: {{url: 'https://crm.shop.example/in', events: ['message.*', goal.reached], secret: {KEY}, text: true}}"
    found = endpoints_of(parse_bot(text.encode(), "bot.yaml", {}).record)
    assert found == {"crm": Endpoint("crm", "https://crm.shop.example/in", ("message.*", "goal.reached"), (KEY,), True)}
    assert endpoints_of(parse_bot(b"bot: shop\nlocale: en\nflows: []\nchannels: {}\n", "b", {}).record) == {}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("events: [goal.reachd]", 'no news is called "goal.reachd"'), ("events: ['messages.*']", 'called "messages.*"'),
        ("secret: abc", "does not begin with whsec_"), ("secret: whsec_abcd", "has 3 bytes"), ("secret: 'whsec_?'", "no Base64"),
    ],
)  # fmt: skip
def test_mistakes_are_placed(given: str, words: str) -> None:
    text = f"{HEAD}  crm: {{url: 'https://crm.shop.example/in', {given}}}\n"
    found = [one for one in parse_bot(text.encode(), "bot.yaml", {}).issues if one.line == 6]
    assert [one.code for one in found] == ["T021"] and words in found[0].message


def test_an_address_without_tls_is_no_webhook() -> None:
    found = parse_bot(f"{HEAD}  crm: {{url: 'http://crm.shop.example/in'}}\n".encode(), "bot.yaml", {}).issues
    assert [(one.line, one.column) for one in found if one.line == 6] == [(6, 14)]


def test_every_kind_has_a_sample() -> None:
    for name, kind in KINDS.items():
        assert isinstance(json.loads(kind.sample), dict) and kind.about.endswith("."), name
