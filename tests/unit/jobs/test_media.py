"""Which files of a message are fetched, how one is fetched, and what becomes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from trinario.jobs.media import TRIES, Fetched, MediaRules, NotFetched, fetched, files_of, outcome
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.failure import Action, Failure
from trinario.model.heard import Heard, MediaHeard
from trinario.model.media import media_name
from trinario.ports import Downloaded, Located, MediaEntry, NotDownloaded

AT = datetime(2026, 3, 1, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0 a picture"
ONE = MediaEntry("a" * 32, 1, "whatsapp", "39", "wamid.1", 0, "image", "100", "", "image/jpeg", created_at=AT)
OK = Downloaded(len(JPEG), sha256(JPEG).hexdigest(), JPEG)


class Source:
    """An adapter that gives these answers, one after another."""

    media_hosts = ("cdn.example",)
    largest = 1000

    def __init__(self, *answers: Located | Failure) -> None:
        self.answers, self.asked = list(answers), list[tuple[str, str]]()

    async def locate(self, source: str, url: str) -> Located | Failure:
        self.asked.append((source, url))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Line:
    """A download that gives these answers, one after another."""

    def __init__(self, *answers: Downloaded | NotDownloaded) -> None:
        self.answers, self.asked = list(answers), list[tuple[str, tuple[str, ...], int]]()

    async def fetch(
        self, located: Located, hosts: tuple[str, ...], into: Path, most: int, timeout: float
    ) -> Downloaded | NotDownloaded:
        self.asked.append((located.url, hosts, most))
        return self.answers.pop(0)


HERE = Located("https://cdn.example/1", {"Authorization": "Bearer t"}, "image/jpeg")


async def fate(
    source: object, line: Line, rules: MediaRules | None = None, one: MediaEntry = ONE
) -> Fetched | NotFetched:
    return await fetched(source, line, one, rules or MediaRules(), Path("unused"))


async def test_a_file_that_is_what_it_says() -> None:
    digest = sha256(JPEG).hexdigest()
    source, line = Source(replace(HERE, digest=digest, size=len(JPEG))), Line(OK)
    assert await fate(source, line, MediaRules(most=500, hosts=("more.example",))) == Fetched(
        len(JPEG), digest, "image/jpeg"
    )
    assert source.asked == [("100", "")] and line.asked == [(HERE.url, ("cdn.example", "more.example"), 500)]


async def test_an_address_that_has_expired_is_asked_for_once_more() -> None:
    gone = NotDownloaded("its host answers 404", True, 404)
    source, line = Source(HERE), Line(gone, OK)
    assert isinstance(await fate(source, line), Fetched) and len(source.asked) == 2
    assert await fate(Source(HERE), Line(gone, gone)) == NotFetched("its host answers 404", True)
    direct = replace(ONE, source="", url="https://cdn.example/2")  # nobody to ask for another
    assert await fate(Source(HERE), Line(gone), one=direct) == NotFetched("its host answers 404", True)


@pytest.mark.parametrize(
    ("located", "got", "why", "again"),
    [
        (HERE, NotDownloaded("it did not come in time", True), "it did not come in time", True),
        (HERE, NotDownloaded("the host x is not allowed"), "the host x is not allowed", False),
        (replace(HERE, digest="0" * 64), OK, "its bytes are not those that the platform told of", True),
        (replace(HERE, size=5), OK, "it has 14 bytes, and 5 were announced", True),
        (HERE, Downloaded(0, "", b""), "it is empty", True),
        (HERE, Downloaded(6, "", b"<html>"), "it came as image, said to be image/jpeg, and is text/html", False),
        (replace(HERE, size=1001), OK, "it has 1,001 bytes, and at most 1,000 are fetched", False),
        (Failure(Action.RETRY, reason="no answer"), OK, "no answer", True),
        (Failure(Action.FIX, 100, reason="Object does not exist"), OK, "Object does not exist", False),
        (Failure(Action.FIX, 100), OK, "the platform answers 100", False),
    ],
)  # fmt: skip
async def test_what_goes_wrong(
    located: Located | Failure, got: Downloaded | NotDownloaded, why: str, again: bool
) -> None:
    result = await fate(Source(located), Line(got))
    assert isinstance(result, NotFetched) and (result.reason, result.again) == (why, again)


async def test_a_refused_token_is_the_accounts_trouble() -> None:
    result = await fate(Source(HERE), Line(NotDownloaded("its host answers 401", True, 401)))
    assert isinstance(result, NotFetched) and result.failure is not None
    assert (result.failure.action, result.failure.holds) == (Action.TOKEN, "channel")
    open_to_all = await fate(Source(replace(HERE, headers={})), Line(NotDownloaded("its host answers 403", True, 403)))
    assert open_to_all == NotFetched("its host answers 403", True)


async def test_what_nobody_wants_or_can_give() -> None:
    unwanted = await fate(Source(HERE), Line(), MediaRules(kinds=frozenset({"document"})))
    assert unwanted == NotFetched("bot.yaml says not to fetch any image")
    assert await fate(None, Line()) == NotFetched("there is no channel any more that could be asked for it")


def settled(result: Fetched | NotFetched, attempts: int = 0, now: datetime = AT) -> tuple[str, int, timedelta | None]:
    made = outcome(replace(ONE, attempts=attempts), result, now, lambda: 0.0)
    return made.status, made.attempts, made.not_before - now if made.not_before else None


def test_tries() -> None:
    again = NotFetched("x", again=True)
    waits = [settled(again, attempts)[2] for attempts in range(TRIES - 1)]
    assert waits[:3] == [timedelta(seconds=3.75), timedelta(seconds=15), timedelta(seconds=60)]
    assert waits[-1] == timedelta(seconds=5 * 4**6 * 0.75)
    assert settled(again, TRIES - 1) == ("failed", TRIES, None)
    assert settled(NotFetched("x")) == ("failed", 1, None)
    slow = NotFetched("x", again=True, failure=Failure(Action.SLOW, after=90.0))
    assert settled(slow) == ("waiting", 1, timedelta(seconds=90))


def test_trouble_of_the_account_costs_no_try_and_ends_with_the_id() -> None:
    dead = NotFetched("token", failure=Failure(Action.TOKEN, 190))
    assert settled(dead, 3) == ("waiting", 3, timedelta(minutes=10))
    assert settled(dead, 3, AT + timedelta(days=8)) == ("failed", 3, None)


def test_only_files_of_hers_are_fetched() -> None:
    who = Identity("instagram", "igsid", "7")
    kinds = ("image", "story_mention", "ephemeral", "share", "ig_reel", "audio")
    media = (*(MediaHeard(kind, "", f"https://x/{kind}") for kind in kinds), MediaHeard("sticker"))
    found = list(files_of(Contact(id=5, created_at=AT), Heard(who, "m", AT, "media", media=media)))
    assert [(one.kind, one.place, one.id) for one in found] == [
        ("image", 0, media_name("instagram", "m", 0)), ("audio", 5, media_name("instagram", "m", 5)),
    ]  # fmt: skip
    assert all((one.contact, one.value, one.message) == (5, "7", "m") for one in found)
