"""What is current held against what the files say, and the history written on: plan, deploy, rollback, diff."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from trinario import jsons
from trinario.authoring.assemble import assemble
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.load import issues_of, load_project
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.stored import FlowSource, project_of, restored, source_of
from trinario.authoring.versions.plan import Plan, plan_of
from trinario.errors import ConfigError
from trinario.model.bot import Bot
from trinario.model.deployment import Deployment, Place
from trinario.model.flow import Flow
from trinario.ports import Unit
from trinario.runtime import build
from trinario.runtime.current import any_moves, author, newest_of
from trinario.runtime.settings import Settings
from trinario.runtime.upkeep import TROUBLE, AnyStore, open_store, unusable
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

LATEST = 200
"""Deployments that a rollback looks back over."""

LEAST_PREFIX = 4
"""Characters by which a revision is named at least."""

Database = AnyStore | MemoryStore


@dataclass(frozen=True, slots=True)
class Disk:
    """What the files of a bot say now. `issues` are those of the bot and the flows that it lists."""

    parsed: ParsedBot
    flows: Mapping[str, ParsedFlow]
    issues: tuple[Issue, ...]

    @property
    def errors(self) -> tuple[Issue, ...]:
        """What keeps it from being served."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.ERROR)

    @property
    def good(self) -> dict[str, Flow]:
        """The flows that could be read."""
        return {name: parsed.flow for name, parsed in self.flows.items() if parsed.flow is not None}

    @property
    def manifest(self) -> dict[str, Place]:
        """Flows with their revisions and files."""
        return {name: Place(flow.revision, self.flows[name].file) for name, flow in self.good.items()}


@dataclass(frozen=True, slots=True)
class Prospect:
    """A plan, with what it was made from. `newest` None: nothing was ever current."""

    disk: Disk
    newest: Deployment | None
    plan: Plan


def read_disk(path: Path) -> Disk:
    """The files of a bot's folder. Raises ConfigError when there is no such bot."""
    folder = path.parent if path.name == "bot.yaml" else path
    project = load_project(folder.parent.parent, folder.name, os.environ)
    parsed = project.bots[folder.name]
    flows = {flow.name: flow for flow in project.flows.values() if flow.name and parsed.lists(flow.name)}
    return Disk(parsed, flows, issues_of(project, parsed, build.LIMITS, build.WINDOWS))


@asynccontextmanager
async def database(settings: Settings, make: bool) -> AsyncIterator[Database]:
    """The bot's database, brought to this version. Without `make` a SQLite file that is not there is an empty one."""
    if not make and settings.sqlite_path is not None and not settings.sqlite_path.exists():
        store: Database = MemoryStore()
    else:
        store = open_store(settings, pool=2)
    try:
        await store.run(lambda unit: upgrade(unit.conn))
        yield store
    except TROUBLE as error:
        raise unusable(settings, error) from error
    finally:
        await store.close()


async def prospect(store: Database, disk: Disk) -> Prospect:
    """What a deploy of these files would do."""
    newest = await newest_of(store)
    old = await flows_of(store, newest)
    standing = await store.read(lambda unit: unit.versions.standing())
    known = await _revisions(store, {(flow, revision) for flow, revision, _, _ in standing})
    project = project_of(disk.parsed, old)
    before = issues_of(project, next(iter(project.bots.values())), build.LIMITS, build.WINDOWS) if newest else ()
    current = {name: parsed.flow for name, parsed in old.items() if parsed.flow is not None}
    faulty = {name: current[name] for name in disk.flows if name not in disk.good and name in current}
    plan = plan_of(current, {**disk.good, **faulty}, standing, known, (before, disk.issues))
    return Prospect(disk, newest, plan)


async def flows_of(store: Database, made: Deployment | None) -> dict[str, ParsedFlow]:
    """The flows of a deployment; none for None."""
    if made is None:
        return {}
    keys = [(name, place.revision) for name, place in made.manifest.items()]
    found = await store.read(lambda unit: unit.versions.stored(keys))
    return {
        one.name: restored(FlowSource(one.name, one.revision, made.manifest[one.name].file, one.source, one.words))
        for one in found
    }


async def _revisions(store: Database, keys: set[tuple[str, str]]) -> dict[tuple[str, str], Flow]:
    found = await store.read(lambda unit: unit.versions.stored(sorted(keys)))
    flows = [restored(FlowSource(one.name, one.revision, one.name, one.source, one.words)).flow for one in found]
    return {(flow.name, flow.revision): flow for flow in flows if flow is not None}


# ---- changing what is current


async def deploy(store: Database, seen: Prospect) -> Deployment:
    """Make the files current for every process. Raises ConfigError when somebody else was first."""
    sources = [source for parsed in seen.disk.flows.values() if (source := source_of(parsed)) is not None]
    rows = [(one.name, one.revision, one.yaml, jsons.dumps(dict(one.words))) for one in sources]
    now = datetime.now(UTC)
    moving = any_moves(_bot(seen.disk), seen.newest)
    made = Deployment(0, now, "deploy", author(), seen.disk.manifest, moving=moving)

    def write(unit: Unit) -> int | None:
        unit.versions.keep(rows, now)
        return unit.versions.deploy(made, seen.newest.id if seen.newest else 0)

    return _made(made, await store.run(write))


def _bot(disk: Disk) -> Bot:
    return assemble(disk.parsed, disk.good, build.LIMITS, build.WINDOWS)


def _made(made: Deployment, id: int | None) -> Deployment:
    if id is None:
        raise ConfigError("somebody else changed what is current meanwhile: look at trinario plan again")
    return replace(made, id=id)


async def rollback(store: Database, to: str | None) -> tuple[Deployment, Deployment]:
    """Make an earlier deployment current again; gives the new row of the history, and the one it goes back to.

    `to`: an id, `files` for what each process has on its disk; None: the one before. Raises ConfigError.
    """
    history = await store.read(lambda unit: unit.versions.deployments(LATEST))
    if not history:
        raise ConfigError("nothing was ever served from this database: there is nothing to go back to")
    newest = history[0]
    now, target = datetime.now(UTC), newest if to == "files" else _target(history, to)
    kind = "files" if to == "files" else "rollback"
    made = Deployment(0, now, kind, author(), target.manifest, source=target.id)
    return _made(made, await store.run(lambda unit: unit.versions.deploy(made, newest.id))), target


def _target(history: Sequence[Deployment], to: str | None) -> Deployment:
    newest = history[0]
    if to is not None:
        found = next((one for one in history if str(one.id) == to), None)
        if found is None:
            raise ConfigError(f"there is no deployment {to}: trinario deployments lists them")
        return found
    # a rollback of a rollback goes one further back, not forth again
    base = newest.source if newest.kind == "rollback" and newest.source else newest.id
    for one in history:
        if one.id < base and one.kind != "rollback" and one.revisions != newest.revisions:
            return one
    raise ConfigError("nothing else was current before: there is nothing to go back to")


async def until_moved(store: Database, id: int, patience: float) -> Deployment | None:
    """Wait while the runtime moves sessions: until it is done, or nothing happens for `patience` seconds."""
    loop = asyncio.get_running_loop()
    seen, since = -1, loop.time()
    while True:
        newest = await newest_of(store)
        if newest is None or newest.id != id or not newest.moving:
            return newest
        if newest.cursor != seen:
            seen, since = newest.cursor, loop.time()
        if loop.time() - since > patience:
            return newest
        await asyncio.sleep(0.2)


# ---- sides of a diff


async def side(store: Database, name: str, bot: Path) -> dict[str, Flow]:
    """The flows that a name means: `disk`, `live`, the id of a deployment, or the beginning of a revision.

    Raises ConfigError when it means nothing, or several things.
    """
    if name == "disk":
        return read_disk(bot).good
    history = await store.read(lambda unit: unit.versions.deployments(LATEST))
    if name == "live":
        if not history:
            raise ConfigError("nothing is live: no process ever served this database")
        return _good(await flows_of(store, history[0]))
    made = next((one for one in history if str(one.id) == name), None)
    if made is not None:
        return _good(await flows_of(store, made))
    return await _by_revision(store, name)


async def _by_revision(store: Database, name: str) -> dict[str, Flow]:
    """One flow by the beginning of its revision."""
    if len(name) < LEAST_PREFIX:
        raise ConfigError(
            f"{name!r} is neither disk, live, a deployment nor a revision (at least {LEAST_PREFIX} characters)"
        )
    found = await store.read(lambda unit: unit.versions.alike(name))
    if len(found) != 1:
        several = ", ".join(f"{one.name} {one.revision[:12]}" for one in found)
        raise ConfigError(f"{name} begins several revisions: {several}" if found else f"no revision begins with {name}")
    (one,) = found
    flow = restored(FlowSource(one.name, one.revision, one.name, one.source, one.words)).flow
    if flow is None:
        raise ConfigError(f"revision {one.revision[:12]} of flow {one.name} cannot be read by this version")
    return {flow.name: flow}


def _good(flows: Mapping[str, ParsedFlow]) -> dict[str, Flow]:
    return {name: parsed.flow for name, parsed in flows.items() if parsed.flow is not None}
