"""Files that people send: which of a message are fetched, how one is fetched, and what becomes of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from trinario.jobs.account import Told, weigh, went
from trinario.jobs.sniff import judged
from trinario.model.contact import Contact
from trinario.model.failure import Action, Failure
from trinario.model.heard import Echo, Heard
from trinario.model.media import FILE_KINDS, media_name
from trinario.ports import Download, Downloaded, Located, MediaEntry, MediaSettled, MediaSource, NotDownloaded, Unit

TRIES = 8
"""Times that a file is tried."""

FIRST, LONGEST = timedelta(seconds=5), timedelta(hours=6)
"""Waits before it is tried again: the first one, four times as long each time, the longest."""

STANDS_STILL = timedelta(minutes=10)
"""How long a file waits while its account's token is refused; that is no try."""

HANDED_OUT = timedelta(days=7)
"""After so long the platform knows the ids of its webhooks no more (meta.md 3A.7)."""

GONE = frozenset({404, 410})
"""Statuses of an address that has expired: the platform is asked for another one, once."""

REFUSED = frozenset({401, 403})

LIVES = 4
"""Processes that a file may take with it before it is not tried any more."""


@dataclass(frozen=True, slots=True)
class MediaRules:
    """What of bot.yaml and the environment rules the fetching. `most` bytes of a file, `seconds` that one may take, `hosts`
    beside those of the platforms, `kinds` that are fetched, `keep`: how long copies are kept (None: until they are erased)."""

    most: int = 100_000_000
    seconds: float = 120.0
    hosts: tuple[str, ...] = ()
    kinds: frozenset[str] = FILE_KINDS
    keep: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes lie in the spool, and are what they were said to be."""

    size: int
    digest: str
    mime_type: str


@dataclass(frozen=True, slots=True)
class NotFetched:
    """Why not. `failure` is the platform's."""

    reason: str
    again: bool = False
    failure: Failure | None = None


Result = Fetched | NotFetched


def files_of(contact: Contact, heard: Heard | Echo) -> Iterator[MediaEntry]:
    """The files of a message: not stories, not posts that she shared, nothing that no address leads to."""
    for place, one in enumerate(heard.media):
        if one.kind in FILE_KINDS and (one.id or one.url):
            channel, message = heard.identity.channel, heard.external_id
            yield MediaEntry(
                media_name(channel, message, place), contact.id, channel, heard.identity.value, message, place, one.kind,
                one.id, one.url, one.mime_type, one.filename,
            )  # fmt: skip


async def fetched(source: object, download: Download, entry: MediaEntry, rules: MediaRules, into: Path) -> Result:
    """Fetch one file into the spool. `source` is the adapter of its channel, None when bot.yaml has none any more."""
    if entry.kind not in rules.kinds:
        return NotFetched(f"bot.yaml says not to fetch any {entry.kind}")
    if not isinstance(source, MediaSource):
        return NotFetched("there is no channel any more that could be asked for it")
    asked = 0
    while True:
        located = await source.locate(entry.source, entry.url)
        if isinstance(located, Failure):
            again = located.action in (Action.RETRY, Action.SLOW)
            return NotFetched(located.reason or f"the platform answers {located.code}", again, located)
        asked += 1
        most = min(rules.most, source.largest)
        if located.size > most:
            return NotFetched(f"it has {located.size:,} bytes, and at most {most:,} are fetched")
        got = await download.fetch(located, (*source.media_hosts, *rules.hosts), into, most, rules.seconds)
        if isinstance(got, NotDownloaded) and got.status in GONE and asked == 1 and entry.source:
            continue
        return _looked_at(entry, located, got)


def _looked_at(entry: MediaEntry, located: Located, got: Downloaded | NotDownloaded) -> Result:
    """Whether what came is what was promised."""
    if isinstance(got, NotDownloaded):
        if got.status in REFUSED and located.headers:
            return NotFetched(got.reason, True, Failure(Action.TOKEN, got.status, reason=got.reason, holds="channel"))
        return NotFetched(got.reason, got.again)
    if located.digest and located.digest != got.digest:
        return NotFetched("its bytes are not those that the platform told of", again=True)
    if located.size and located.size != got.size:
        return NotFetched(f"it has {got.size:,} bytes, and {located.size:,} were announced", again=True)
    if not got.size:
        return NotFetched("it is empty", again=True)
    mime, lie = judged(entry.kind, located.mime_type or entry.mime_type or got.declared, got.head)
    return NotFetched(lie) if lie else Fetched(got.size, got.digest, mime)


def outcome(entry: MediaEntry, result: Result, now: datetime, chance: Callable[[], float]) -> MediaSettled:
    """What is recorded of one try. `chance` gives numbers in [0, 1) for the jitter."""
    if isinstance(result, Fetched):
        return MediaSettled(
            entry.id, "stored", entry.attempts + 1, size=result.size, digest=result.digest,
            mime_type=result.mime_type,
        )  # fmt: skip
    if result.failure is not None and result.failure.action in (Action.TOKEN, Action.ACCOUNT):
        return _waits_for_the_account(entry, result, now)
    attempts, reason = entry.attempts + 1, result.reason[:300]
    if not result.again or attempts >= TRIES:
        return MediaSettled(entry.id, "failed", attempts, reason)
    wait = min(FIRST * 4 ** (attempts - 1), LONGEST) * (0.75 + 0.25 * chance())
    after = timedelta(seconds=result.failure.after or 0.0) if result.failure else timedelta()
    return MediaSettled(entry.id, "waiting", attempts, reason, now + max(wait, after))


def _waits_for_the_account(entry: MediaEntry, result: NotFetched, now: datetime) -> MediaSettled:
    """The file is not to blame: it is tried until the platform itself has forgotten it."""
    reason = result.reason[:300]
    if entry.created_at is not None and now - entry.created_at > HANDED_OUT:
        return MediaSettled(entry.id, "failed", entry.attempts, reason)
    return MediaSettled(entry.id, "waiting", entry.attempts, reason, now + STANDS_STILL)


@dataclass(slots=True)
class Accounts:
    """Which channels stand still because of what was answered to a fetch. `stands` makes lasting what `weigh` found."""

    troubled: set[str] = field(default_factory=set)
    _found: dict[str, bool] = field(default_factory=dict)

    def weigh(self, unit: Unit, results: Mapping[str, Result], now: datetime, told: Told) -> None:
        """To be asked in the transaction that records the results, by channel: a dead token stops its channel."""
        self._found = {}
        for channel, result in results.items():
            if isinstance(result, Fetched) and channel in self.troubled:
                self._found[channel] = False
                went(unit, channel, now, told)
            failure = result.failure if isinstance(result, NotFetched) else None
            if failure is not None and failure.action == Action.TOKEN and failure.holds == "channel":
                self._found[channel] = True
                weigh(unit, channel, failure, None, now, told)

    def stands(self) -> None:
        """That transaction stands."""
        self.troubled = {*self.troubled, *self._found} - {one for one, troubled in self._found.items() if not troubled}
