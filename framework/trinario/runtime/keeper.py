"""The bot of this process: read from its files or from what was deployed, swapped whole, older revisions recalled.

Nothing was ever deployed: the files of this machine are served, and read again when they change. Somebody deployed: every
process serves that, whatever its files say. bot.yaml is always this machine's own, and its channels are read at the start.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from trinario import jsons
from trinario.authoring.assemble import assemble
from trinario.authoring.housekeeping_settings import housekeeping_of
from trinario.authoring.load import LoadedBot, load_bot, prove, read_bot
from trinario.authoring.load_flows import Library
from trinario.authoring.media_settings import MediaSettings, media_of
from trinario.authoring.outside_settings import OutsideSettings, outside_of
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ChannelSettings, ParsedBot
from trinario.authoring.printing import print_issues
from trinario.authoring.retention_settings import retention_of
from trinario.authoring.spec.bot import SECRETS
from trinario.authoring.stored import FlowSource, project_of, restored
from trinario.authoring.webhook_settings import endpoints_of
from trinario.engine.index import index_of
from trinario.errors import ConfigError
from trinario.model.bot import Bot
from trinario.model.deployment import Deployment, Place
from trinario.model.duration import Duration
from trinario.model.flow import Flow
from trinario.model.hook import Endpoint
from trinario.model.housekeeping import Housekeeping
from trinario.model.retention import Retention
from trinario.ports import Store, Stored, Tongues, Unit
from trinario.runtime import build
from trinario.runtime.current import newest_of, tell
from trinario.runtime.settings import Settings
from trinario.runtime.titles import ice_breakers, titled, tongues

log = logging.getLogger("trinario.process")

RENEW_AFTER = timedelta(days=7)
"""The age at which a token is renewed where bot.yaml says nothing."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the newest flows are not served. `text` is for people: the issues, printed, or one line."""

    text: str
    issues: int = 0


class BotKeeper:
    """Loads a bot. Raises ConfigError with the issues printed; `pinned`: its flows come from what was deployed."""

    def __init__(
        self, path: Path, settings: Settings, environ: Mapping[str, str] | None = None, pinned: bool = False
    ) -> None:  # fmt: skip
        self._path, self._environ = path, os.environ if environ is None else environ
        self._lock = threading.Lock()
        self._library: Library = {}
        self._restored: dict[tuple[str, str, str], ParsedFlow] = {}
        self._unknown: set[tuple[str, str]] = set()
        self._loaded: LoadedBot | None = None if pinned else self._load()
        parsed = read_bot(path, self._environ) if self._loaded is None else self._loaded.parsed
        assert parsed is not None
        self._parsed: ParsedBot = parsed
        self.settings: tuple[ChannelSettings, ...] = parsed.settings
        self.bot: Bot = self._loaded.bot if self._loaded else assemble(parsed, {}, build.LIMITS, build.WINDOWS)
        self.serving: Deployment | None = None
        self.trouble: Trouble | None = None

    def _load(self) -> LoadedBot:
        loaded = load_bot(self._path, build.LIMITS, self._environ, build.WINDOWS, self._library)
        if loaded.issues:
            log.warning("%s", print_issues(loaded.issues, color=False))
        return loaded

    @property
    def folder(self) -> Path:
        """The bot's own folder."""
        return self._path.parent if self._path.name == "bot.yaml" else self._path

    @property
    def read_marks(self) -> frozenset[str]:
        """Channels on which she is shown that she was read; `read_marks: false` in bot.yaml turns it off."""
        return frozenset(c.id for c in self.settings if c.values.get("read_marks", "true") not in ("false", False))

    @property
    def renew_after(self) -> Mapping[str, timedelta]:
        """The age at which the token of a channel is renewed, by channel."""
        given = {c.id: c.values.get("renew_after") for c in self.settings}
        return {name: one.elapsed if isinstance(one, Duration) else RENEW_AFTER for name, one in given.items()}

    @property
    def profiled(self) -> frozenset[str]:
        """Channels whose platform is asked who somebody is; `profiles: false` in bot.yaml turns it off."""
        return frozenset(
            c.id for c in self.settings
            if c.platform in build.PROFILED and c.values.get("profiles", "true") not in ("false", False)
        )  # fmt: skip

    @property
    def secrets(self) -> list[str]:
        """What no log may show."""
        values = [c.values[name] for c in self.settings for name in SECRETS if name in c.values]
        ours = [str(v) for value in values for v in (value if isinstance(value, tuple | list) else (value,))]
        bucket = self.media.bucket
        kept = [bucket.secret_key] if bucket and bucket.secret_key else []
        signing = [secret for one in self.webhooks.values() for secret in one.secrets]
        return ours + self.outside.hidden + kept + signing

    @property
    def outside(self) -> OutsideSettings:
        """What the flows may ask of the outside, as this machine's bot.yaml says it; its functions.py stands beside it."""
        file = self.folder / "functions.py"
        return replace(outside_of(self._parsed), functions=str(file.resolve()) if file.exists() else "")

    @property
    def retention(self) -> Retention:
        """How long what happened is kept, as this machine's bot.yaml says it."""
        return retention_of(self._parsed)

    @property
    def housekeeping(self) -> tuple[Housekeeping, str]:
        """When the bot tidies up, as this machine's bot.yaml says it, and the bot's zone."""
        return housekeeping_of(self._parsed.record if self._parsed else None), self.bot.timezone

    @property
    def webhooks(self) -> Mapping[str, Endpoint]:
        """Which other systems are told what happens, as this machine's bot.yaml says it."""
        return endpoints_of(self._parsed.record if self._parsed else None)

    @property
    def media(self) -> MediaSettings:
        """What of people's files is fetched, and where copies are kept, as this machine's bot.yaml says it."""
        return media_of(self._parsed)

    def set_up_of(self, channel: str) -> Mapping[str, str]:
        """The ice breakers of a channel: what they say, and what a tap on them brings; a greeting if flows name none."""
        return ice_breakers(self.bot, channel)

    def menu_of(self, channel: str) -> Mapping[str, str]:
        """The menu of a channel: what its items say, and what a tap on them brings."""
        return titled(self.bot, "menu", channel, self.bot.locale)

    def commands_of(self, channel: str) -> Mapping[str, str]:
        """The commands of a channel with what they do, as bot.yaml declares them."""
        declared = next((one.values.get("commands") for one in self.settings if one.id == channel), None)
        return declared if isinstance(declared, Mapping) else {}

    def tongues_of(self, channel: str) -> Tongues:
        """Both in the other languages that any of them is in; what nobody has translated stands there as everywhere."""
        return tongues(self.bot, channel)

    # what is served

    async def open(self, store: Store, now: datetime) -> None:
        """Take what is current: the deployment, else the files. Raises ConfigError when neither can be served."""
        newest = await newest_of(store)
        if newest is not None and newest.pinned:
            await self.take(store, await self.read_deployed(store, newest), now, newest)
            log.info("serving deployment %s of %s", newest.id, f"{newest.at:%Y-%m-%d %H:%M}")
        else:
            self._loaded = self._loaded or self._load()
            await self.take(store, self._loaded, now)

    def read_files(self) -> LoadedBot:
        """What the files say now; slow, and safe in a thread. Raises ConfigError."""
        return load_bot(self._path, build.LIMITS, self._environ, build.WINDOWS, self._library)

    async def read_deployed(self, store: Store, made: Deployment) -> LoadedBot:
        """The bot of a deployment. Raises ConfigError when this process cannot serve it."""
        keys = [(name, place.revision) for name, place in made.manifest.items()]
        found = {one.name: one for one in await store.read(lambda unit: unit.versions.stored(keys))}
        lost = sorted(set(made.manifest) - set(found))
        if lost:
            raise ConfigError(f"deployment {made.id} names flows of which nothing is kept: {', '.join(lost)}")
        sources = [
            FlowSource(n, one.revision, made.manifest[n].file, one.source, one.words) for n, one in found.items()
        ]
        return await asyncio.to_thread(self._proved, sources)

    def _proved(self, sources: Collection[FlowSource]) -> LoadedBot:
        """Read and checked, in a thread: turns go on meanwhile. What was read for the deployment before is not read again."""
        before = self._restored
        self._restored = {
            (one.name, one.revision, one.file): before.get((one.name, one.revision, one.file)) or restored(one)
            for one in sources
        }
        project = project_of(self._parsed, {name: parsed for (name, _, _), parsed in self._restored.items()})
        return prove(project, project.bots[self._parsed.name], build.LIMITS, build.WINDOWS)

    async def take(self, store: Store, loaded: LoadedBot, now: datetime, made: Deployment | None = None) -> bool:
        """Serve this bot from now on. What it is made of is kept first; `made` is the deployment that it comes from.

        Without one the files are served, and what they have becomes current; gives whether the flows are others now.
        """
        rows = [(one.name, one.revision, one.yaml, jsons.dumps(dict(one.words))) for one in loaded.sources]
        await store.run(lambda unit: unit.versions.keep(rows, now))
        if made is None:
            manifest = {one.name: Place(one.revision, one.file) for one in loaded.sources}
            while (told := await store.run(lambda unit: tell(unit, manifest, loaded.bot, now))) is None:
                pass  # another process was first: look again
            made = told
        kept = await store.read(lambda unit: unit.versions.revisions())
        before = self.serving
        older = [Stored(name, revision, source, jsons.loads(words)) for name, revision, source, words in kept]
        await asyncio.to_thread(self._swap, loaded, older)
        self.serving, self.trouble = made, None
        return before is None or before.revisions != made.revisions

    def _swap(self, loaded: LoadedBot, needed: Collection[Stored]) -> None:
        """One assignment: a batch has the old bot or the new one. Flows of the old one are kept for sessions under way."""
        old, bot = self.bot, loaded.bot
        bot = replace(bot, channels=old.channels) if self.serving is not None else bot
        served = {(flow.name, flow.revision): flow for flow in old.flows.values()}
        known = {**old.revisions, **served}
        wanted = {(one.name, one.revision): one for one in needed}
        older = {key: flow for key, flow in served.items() if bot.flow(*key) is None}
        for key, one in wanted.items():
            flow = known.get(key) or (self._revive(one) if bot.flow(*key) is None else None)
            if flow is not None and bot.flow(*key) is None:
                older[key] = flow
        bot = replace(bot, revisions=older)
        index_of(bot)
        with self._lock:  # what was recalled meanwhile comes along
            met = {key: flow for key, flow in self.bot.revisions.items() if key not in known and bot.flow(*key) is None}
            self.bot = replace(bot, revisions={**older, **met}) if met else bot
            self._loaded, self._parsed = loaded, loaded.parsed or self._parsed

    def _revive(self, one: Stored) -> Flow | None:
        flow = restored(
            FlowSource(one.name, one.revision, f"{one.name}@{one.revision[:8]}", one.source, one.words)
        ).flow
        if flow is None:
            text = "revision %s of flow %s cannot be read by this version; its sessions end"
            log.error(text, one.revision, one.name)
        return flow and replace(flow, locale=self.bot.locale)

    def recall(self, unit: Unit, wanted: Collection[tuple[str, str]]) -> None:
        """Load revisions that another process began sessions on; called within a batch, in whatever thread that runs."""
        missing = [key for key in wanted if key not in self._unknown and self.bot.flow(*key) is None]
        found = (
            {(one.name, one.revision): self._revive(one) for one in unit.versions.stored(missing)} if missing else {}
        )
        self._unknown.update(key for key in missing if found.get(key) is None)
        older = {key: flow for key, flow in found.items() if flow is not None}
        if older:
            with self._lock:
                self.bot = replace(self.bot, revisions={**self.bot.revisions, **older})

    def channels_changed(self, loaded: LoadedBot) -> bool:
        """Whether bot.yaml has other channels now than this process works with."""
        return loaded.settings != self.settings
