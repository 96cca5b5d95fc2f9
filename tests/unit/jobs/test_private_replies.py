"""The one message that a comment allows: never too late, never cut in two, and never told to have failed when it arrived."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trinario.jobs.deliver import outcome, post
from trinario.jobs.outbound import say_it
from trinario.jobs.world import Scene, Tuning, World
from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity
from trinario.model.comment import comment_in, private_to
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.failure import Action, Failure
from trinario.model.message import Content, PublicReply, Sign, Text
from trinario.model.outbox import NotSent, OutboxEntry, SendResult, Sent, Unknown
from trinario.ports import Claimed, Writes
from trinario.runtime import build
from trinario.runtime.chance import SecretChance

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PSID = Identity("messenger", "psid", "7")
DAY = timedelta(days=1)
ANA = Contact(1, NOW, (PSID,))


class Page:
    """An adapter that keeps what it is given."""

    def __init__(self, parts: int = 1) -> None:
        self.sent: list[OutboxEntry] = []
        self.parts = parts

    def fit(self, content: Content) -> Sequence[Content]:
        return (content,) * self.parts

    async def send(self, entry: OutboxEntry) -> SendResult:
        self.sent.append(entry)
        return Sent("m_1")


def world(page: Page) -> World:
    channel = Channel("messenger", "messenger", build.LIMITS["messenger"], build.WINDOWS["messenger"])
    bot = Bot("demo", "en", "UTC", {"messenger": channel}, {})
    return World(lambda: bot, {"messenger": page}, SecretChance(b"x" * 32))  # type: ignore[dict-item]


def claimed(content: Content = Text("hi"), **changes: object) -> Claimed:
    entry = OutboxEntry(1, "k", 1, PSID, content, **changes)  # type: ignore[arg-type]
    return Claimed(entry, None, "s", True)


def written(say: Say, page: Page, scene: Scene | None = None) -> Writes:
    writes = Writes()
    say_it(world(page), ANA, say, scene or Scene(NOW), writes)
    return writes


def test_what_the_outbox_says_of_the_comment() -> None:
    assert comment_in(private_to("1_2:3", NOW)) == ("1_2:3", NOW)
    assert comment_in("m_1") is None


@pytest.mark.parametrize(("age", "sent"), [(7 * DAY - timedelta(seconds=1), 1), (7 * DAY, 0)])
def test_a_comment_that_grew_too_old_while_it_waited_gets_no_call(age: timedelta, sent: int) -> None:
    page = Page()
    result = asyncio.run(post(world(page), claimed(reply_to=private_to("c", NOW - age)), NOW))
    assert len(page.sent) == sent
    assert isinstance(result, Sent) == bool(sent)
    if isinstance(result, NotSent):
        assert result.failure.reason == "too_late"


def test_an_answer_below_a_comment_needs_no_window() -> None:
    page = Page()
    assert asyncio.run(post(world(page), claimed(PublicReply("thanks", "c")), NOW)) == Sent("m_1")
    assert isinstance(asyncio.run(post(world(page), claimed(Sign("x", "m")), NOW)), NotSent)


@pytest.mark.parametrize(("code", "subcode"), [(100, 2534025), (100, 0), (10900, 0)])
def test_answered_already_after_a_lost_answer_means_that_it_arrived(code: int, subcode: int) -> None:
    result = NotSent(Failure(Action.DROP, code, subcode))
    row = claimed(reply_to=private_to("c", NOW))
    again = replace(row, entry=replace(row.entry, attempts=1))
    assert outcome(row, result, NOW, Tuning(), lambda: 0.5).status == 7
    assert outcome(again, result, NOW, Tuning(), lambda: 0.5).status == 3
    plain = replace(again, entry=replace(again.entry, reply_to=""))
    assert outcome(plain, result, NOW, Tuning(), lambda: 0.5).status == 7


def test_an_answer_below_a_comment_is_not_said_twice() -> None:
    lost = Unknown("the connection broke")
    assert outcome(claimed(PublicReply("thanks", "c")), lost, NOW, Tuning(), lambda: 0.5).status == 7
    assert outcome(claimed(), lost, NOW, Tuning(), lambda: 0.5).status == 2


def test_it_goes_without_a_window_and_as_one_message_only() -> None:
    say = Say("k/1/1", Text("hi"), "s", "f", "p", channel="messenger", reply_to=private_to("c", NOW), awaited=True)
    (row,) = written(say, Page()).outgoing
    assert (row.refusal, row.reply_to, row.awaited) == ("", say.reply_to, True)
    twice = written(say, Page(2))
    assert [row.refusal for row in twice.outgoing] == ["too_long"]
    assert "refused" in twice.inward[0].body
    (late,) = written(replace(say, reply_to=private_to("c", NOW - 7 * DAY)), Page()).outgoing
    assert late.refusal == "too_late"
    (plain,) = written(replace(say, reply_to=""), Page()).outgoing
    assert plain.refusal == "window_closed"


def test_a_sign_is_put_on_the_message_that_she_wrote_last() -> None:
    say = Say("k/1/1", Sign("❤"), "s", "f", "p", channel="messenger")
    heard = replace(ANA, last_heard={"messenger": NOW})

    def row(scene: Scene) -> tuple[str, str]:
        writes = Writes()
        say_it(world(Page()), heard, say, scene, writes)
        return writes.outgoing[0].refusal, writes.outgoing[0].content

    assert '"m_5"' in row(Scene(NOW, prior=("messenger", "m_5")))[1]
    assert '"m_4"' in row(Scene(NOW, prior=("instagram", "i"), latest=lambda contact, channel: f"m_4{channel[:0]}"))[1]
    assert row(Scene(NOW))[0] == "no_message"
