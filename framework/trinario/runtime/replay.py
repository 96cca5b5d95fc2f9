"""Recorded sessions of a database, played on other flows: what was current when, and what is to be tried instead."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from trinario.authoring.assemble import assemble
from trinario.authoring.stored import FlowSource, restored
from trinario.errors import ConfigError
from trinario.jobs.replay import MOST_ROWS, Outcome, Recorded, replay, reset
from trinario.model.bot import Bot
from trinario.model.deployment import Deployment
from trinario.model.flow import Flow
from trinario.model.session import Session
from trinario.ports import InboxEntry
from trinario.runtime import build
from trinario.runtime.versions import LATEST, Database, Disk

Known = dict[tuple[str, str], Flow]


@dataclass(frozen=True, slots=True)
class _Times:
    """The bot as it was at any moment: its settings are those of today, its flows those of then."""

    bot: Bot
    known: Known
    history: Sequence[Deployment]

    def bot_of(self, row: InboxEntry, forced: Mapping[str, str]) -> Bot:
        """What was served when a row came; `forced` revisions go before."""
        made = next(
            (one for one in self.history if one.at <= row.received_at), self.history[-1] if self.history else None
        )
        named = {**(made.revisions if made else {}), **forced}
        flows = {name: self.known[name, revision] for name, revision in named.items() if (name, revision) in self.known}
        return replace(self.bot, flows=flows, revisions=self.known)

    def instead(self, session: Session, flows: Mapping[str, Flow], row_flows: Mapping[str, Flow]) -> Bot:
        """The bot with other flows."""
        return replace(self.bot, flows={**row_flows, **flows}, revisions=self.known)


async def replay_all(
    store: Database, disk: Disk, against: Mapping[str, Flow], flow: str | None, last: int
) -> list[Outcome]:  # fmt: skip
    """Judge the last sessions (of one flow, or of all that `against` has) on the flows `against`.

    Raises ConfigError when there is no such flow among them.
    """
    if flow is not None and flow not in against:
        raise ConfigError(f'there is no flow "{flow}" among those to be tried: {", ".join(sorted(against)) or "none"}')
    names = [flow] if flow else sorted(against)
    found = [s for name in names for s in await store.read(lambda unit, name=name: unit.latest_sessions(name, last))]  # type: ignore[misc]
    chosen = sorted(found, key=lambda session: (session.started_at, session.id), reverse=True)[:last]
    times = await _times(store, disk, chosen, against)
    by_contact: dict[int, list[Session]] = defaultdict(list)
    for session in chosen:
        by_contact[session.contact].append(session)
    outcomes: list[Outcome] = []
    for contact, sessions in by_contact.items():
        outcomes += await _of_contact(store, contact, sessions, times, against)
    return outcomes


async def _times(store: Database, disk: Disk, sessions: Sequence[Session], against: Mapping[str, Flow]) -> _Times:
    history = await store.read(lambda unit: unit.versions.deployments(LATEST))
    keys = {place for session in sessions for place in session.places}
    keys |= {(name, place.revision) for made in history for name, place in made.manifest.items()}
    bot = assemble(disk.parsed, {}, build.LIMITS, build.WINDOWS)
    known: Known = {}
    for one in await store.read(lambda unit: unit.versions.stored(sorted(keys))):
        read = restored(FlowSource(one.name, one.revision, one.name, one.source, one.words)).flow
        if read is not None:
            known[one.name, one.revision] = replace(read, locale=bot.locale)
    known |= {(name, flow.revision): replace(flow, locale=bot.locale) for name, flow in against.items()}
    return _Times(bot, known, history)


async def _of_contact(
    store: Database, contact: int, sessions: Sequence[Session], times: _Times, against: Mapping[str, Flow]
) -> list[Outcome]:
    now = datetime.now(UTC)
    rows = await store.read(lambda unit: unit.worked_off(contact, MOST_ROWS + 1))
    own = await store.read(lambda unit: unit.sessions(contact, MOST_ROWS))
    people = await store.read(lambda unit: unit.contacts([contact], now))
    foreign = await store.read(lambda unit: unit.foreign(contact))
    if not people:
        gone = "she is somebody else's identity by now"
        return [Outcome(one.id, one.flow, one.revision, "unplayable", gone) for one in sessions]
    told = await store.read(lambda unit: unit.events(contact, MOST_ROWS))
    moved = frozenset(str(one["data"].get("session")) for one in told if one["name"] == "session_moved")
    record = Recorded(reset(people[0]), tuple(rows), {session.id: session for session in own}, foreign, moved)
    current = {name: times.known[name, flow.revision] for name, flow in against.items()}

    def then(session: Session) -> Bot:
        began = next((row for row in rows if session.id.startswith(f"i{row.id}.")), None)
        flows = times.bot_of(began, {}).flows if began else {}
        return times.instead(session, current, flows)

    return replay(record, [session.id for session in sessions], times.bot_of, then, _until(own, now))


def _until(sessions: Sequence[Session], now: datetime) -> datetime:
    """Up to when the clock has rung: a session that is to be woken then has not been, whatever our own clock says."""
    due = [session.wake_at for session in sessions if session.wake_at is not None]
    return min([now, *(moment - timedelta(milliseconds=1) for moment in due)])
