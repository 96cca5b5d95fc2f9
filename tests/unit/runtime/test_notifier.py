"""Notices to the team: a mail server and a webhook on this machine, tries, signatures, what is given up."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email import message_from_string
from typing import Any

import pytest
from aiohttp import ClientSession, web

from tests.unit.engine.worlds import bot
from trinario.jobs.notices import webhook_secret
from trinario.jobs.world import World
from trinario.ports import Notice, Writes
from trinario.runtime import notifier as notifying
from trinario.runtime.chance import SecretChance
from trinario.runtime.mail import Smtp, parse_smtp
from trinario.runtime.notifier import Notifier
from trinario.store.bulk import fetch
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Clock:
    """It stands until it is moved."""

    at = START

    def now(self) -> datetime:
        return self.at


class MailServer:
    """Just enough SMTP: keeps what it is given, or answers a recipient with a code."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.refusal = ""
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                writer.write(b"354 go on\r\n")
                lines = []
                while (text := (await reader.readline()).decode()) != ".\r\n":
                    lines.append(text)
                self.mails.append("".join(lines))
                writer.write(b"250 kept\r\n")
            elif word == "RCPT" and self.refusal:
                writer.write(f"{self.refusal} no\r\n".encode())
            elif word == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 fine\r\n")
        await writer.drain()
        writer.close()


class Desk:
    """A notifier on an empty database, with its mail server."""

    def __init__(self, session: ClientSession, mail: MailServer) -> None:
        self.clock, self.mail, self.store = Clock(), mail, MemoryStore()
        self.chance = SecretChance(b"a secret of the installation that nobody knows")
        world = World(bot=lambda: bot(title="Lucky Garden"), adapters={}, random=self.chance)
        self.smtp: Smtp | None = parse_smtp(f"smtp://127.0.0.1:{mail.port}?from=bot@shop.example")
        self.notifier = Notifier(self.store, lambda: world, self.clock, session, self.smtp)

    async def tell(self, address: str, key: str = "i1/1/e0/0", text: str = "Ana waits.\nShe is cross.") -> None:
        notice = Notice(key, 7, "care", address, text, json.dumps({"text": text, "contact": 7}))
        await self.store.run(lambda unit: unit.write(Writes(notices=[notice]), self.clock.now()))

    async def rows(self, columns: str = "status, attempts, detail") -> list[tuple[Any, ...]]:
        sql = f"SELECT {columns} FROM notices ORDER BY id"
        return await self.store.run(lambda unit: [tuple(row) for row in fetch(unit.conn, sql)])


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    mail = MailServer()
    server = await asyncio.start_server(mail.serve, "127.0.0.1", 0)
    mail.port = server.sockets[0].getsockname()[1]
    async with ClientSession() as session:
        made = Desk(session, mail)
        await made.store.run(lambda unit: upgrade(unit.conn))
        yield made
        await made.store.close()
    server.close()


Hook = Callable[[Callable[[web.Request], Awaitable[web.Response]]], Awaitable[str]]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """Serves a handler; gives its address."""
    runners: list[web.AppRunner] = []

    async def serve(handler: Callable[[web.Request], Awaitable[web.Response]]) -> str:
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/hook"

    yield serve
    for runner in runners:
        await runner.cleanup()


async def test_a_mail_goes_out_once(desk: Desk) -> None:
    await desk.tell("mailto:care@shop.example?subject=x")
    await desk.notifier.round()
    await desk.notifier.round()
    (text,) = desk.mail.mails
    mail = message_from_string(text)
    assert (mail["To"], mail["From"]) == ("care@shop.example", "bot@shop.example")
    assert mail["Subject"] == "Lucky Garden: Ana waits."
    assert mail["Message-ID"] == "<notice-1@shop.example>"
    assert mail.get_payload().split() == ["Ana", "waits.", "She", "is", "cross."]  # type: ignore[union-attr]
    assert await desk.rows() == [(3, 1, None)]


async def test_without_a_server_a_mail_is_kept_as_failed_and_seen(desk: Desk) -> None:
    desk.notifier._smtp = None
    await desk.tell("mailto:care@shop.example")
    await desk.notifier.round()
    assert await desk.rows() == [(7, 1, "TRINARIO_SMTP_URL is not set, so no mail can be sent")]
    (event,) = await desk.store.run(lambda unit: unit.events(7, 10))
    assert event["data"] == {
        "to": "care",
        "text": "Ana waits.\nShe is cross.",
        "failed": "TRINARIO_SMTP_URL is not set, so no mail can be sent",
    }


async def test_a_mailbox_that_does_not_exist_is_not_tried_again_and_one_that_is_full_is(desk: Desk) -> None:
    desk.mail.refusal = "450"
    await desk.tell("mailto:care@shop.example")
    await desk.notifier.round()
    assert [row[:2] for row in await desk.rows()] == [(0, 1)]
    desk.mail.refusal = "550"
    desk.clock.at += timedelta(seconds=21)
    await desk.notifier.round()
    assert await desk.rows() == [(7, 2, "the mail server answers 550")]


async def test_a_webhook_is_signed_as_the_standard_says(desk: Desk, hook: Hook) -> None:
    told: list[tuple[Any, bytes]] = []

    async def handler(request: web.Request) -> web.Response:
        told.append((request.headers, await request.read()))
        return web.Response(status=204)

    await desk.tell(await hook(handler))
    await desk.notifier.round()
    ((headers, body),) = told
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(webhook_secret(desk.chance), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert headers["webhook-timestamp"] == str(int(START.timestamp()))
    assert json.loads(body) == {
        "type": "notice",
        "timestamp": "2026-03-02T10:00:00+00:00",
        "data": {"text": "Ana waits.\nShe is cross.", "contact": 7},
    }
    assert await desk.rows() == [(3, 1, None)]


async def test_trouble_is_tried_again_later_and_later_with_the_same_id_for_a_day(desk: Desk, hook: Hook) -> None:
    ids: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        ids.append(request.headers["webhook-id"])
        return web.Response(status=503)

    await desk.tell(await hook(handler))
    for _ in range(60):
        await desk.notifier.round()
        (row,) = await desk.rows("status, not_before")
        if row[0]:
            break
        desk.clock.at = datetime.fromtimestamp(row[1] / 1000, UTC)
    assert (await desk.rows())[0][0] == 7
    assert (await desk.rows())[0][2] == "the webhook answers 503"
    assert set(ids) == {"notice_1"}
    assert 25 < len(ids) < 40
    assert timedelta(days=1) <= desk.clock.at - START < timedelta(days=1, hours=2)


async def test_a_webhook_that_is_gone_is_not_asked_again_nor_are_its_redirects_followed(desk: Desk, hook: Hook) -> None:
    asked: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.path)
        if request.path == "/hook":
            return web.Response(status=307, headers={"Location": "/elsewhere"})
        return web.Response(status=410)

    address = await hook(handler)
    await desk.tell(address)
    await desk.tell(address.replace("/hook", "/gone"), "i1/1/e0/1")
    await desk.notifier.round()
    assert sorted(asked) == ["/gone", "/hook"]
    assert await desk.rows() == [(0, 1, "the webhook answers 307"), (7, 1, "the webhook answers 410")]


async def test_whoever_dies_with_a_notice_leaves_it_to_be_tried_again(desk: Desk) -> None:
    await desk.tell("mailto:care@shop.example")
    until = desk.clock.now() + timedelta(minutes=2)
    taken = await desk.store.run(lambda unit: unit.claim_notices(5, until, desk.clock.now()))
    assert [notice.attempts for notice in taken] == [1]
    await desk.notifier.round()
    assert desk.mail.mails == []
    desk.clock.at += timedelta(minutes=2)
    await desk.notifier.round()
    assert len(desk.mail.mails) == 1


async def test_it_runs_until_the_bell_is_closed(desk: Desk) -> None:
    await desk.tell("mailto:care@shop.example")
    running = asyncio.get_running_loop().create_task(desk.notifier.run())
    desk.notifier.bell.ring()
    while not desk.mail.mails:
        await asyncio.sleep(0.01)
    desk.notifier.bell.close()
    await asyncio.wait_for(running, 5)


@pytest.mark.parametrize(
    "url", ["mail.shop.example", "http://mail.shop.example", "smtp://mail.shop.example", "smtp://"]
)
def test_addresses_that_are_no_mail_server(url: str) -> None:
    with pytest.raises(ValueError, match="write it as smtp://"):
        parse_smtp(url)


def test_a_mail_server_taken_apart() -> None:
    smtp = parse_smtp("smtps://me%40shop.example:p%2Fw@mail.shop.example")
    assert smtp == Smtp("mail.shop.example", 465, True, "me@shop.example", "p/w", "me@shop.example")
    assert parse_smtp("smtp://u:p@m.example?from=bot@shop.example").port == 587
    assert smtp.shown == "smtps://mail.shop.example:465"


async def test_a_notice_that_nobody_can_make_a_mail_of_does_not_hold_up_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = notifying.send_mail

    def broken(smtp: Smtp, address: str, text: str, title: str, key: str) -> None:
        if "odd" in address:
            raise ValueError("no header can say this")
        made(smtp, address, text, title, key)

    monkeypatch.setattr(notifying, "send_mail", broken)
    await desk.tell("mailto:odd@shop.example", "a/0")
    await desk.tell("mailto:care@shop.example", "b/0")
    await desk.notifier.round()
    assert len(desk.mail.mails) == 1
    assert await desk.rows() == [(0, 1, "ValueError: no header can say this"), (3, 1, None)]
