"""The bot of this process: loaded, its revisions kept, older ones recalled for sessions that stand in them."""

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from trinario import jsons
from trinario.authoring.load import LoadedBot, load_bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.printing import print_issues
from trinario.authoring.scalars import Unreadable, locale
from trinario.authoring.translate import translate, translated
from trinario.channels.graph.place import GET_STARTED
from trinario.model.bot import Bot
from trinario.model.flow import Flow
from trinario.ports import Store
from trinario.runtime import build
from trinario.runtime.settings import Settings

log = logging.getLogger("trinario.process")

ICE_BREAKERS = {
    "en": "Hello!", "it": "Ciao!", "es": "¡Hola!", "de": "Hallo!", "fr": "Bonjour !", "pt": "Olá!",
}  # fmt: skip
"""What a new thread offers to tap; a link's ref comes with that tap."""


class BotKeeper:
    """Loads a bot. Raises ConfigError with the issues printed."""

    def __init__(self, path: Path, settings: Settings, environ: Mapping[str, str] | None = None) -> None:
        self._path = path
        self._environ = os.environ if environ is None else environ
        self._loaded: LoadedBot = load_bot(path, build.LIMITS, self._environ, build.WINDOWS)
        self.bot: Bot = self._loaded.bot
        self.settings = self._loaded.settings
        if self._loaded.issues:
            log.warning("%s", print_issues(self._loaded.issues, color=False))

    @property
    def read_marks(self) -> frozenset[str]:
        """Channels on which she is shown that she was read; `read_marks: false` in bot.yaml turns it off."""
        return frozenset(c.id for c in self.settings if c.values.get("read_marks", "true") not in ("false", False))

    @property
    def secrets(self) -> list[str]:
        """What no log may show."""
        named = ("access_token", "app_secret", "verify_token")
        values = [c.values[name] for c in self.settings for name in named if name in c.values]
        return [str(v) for value in values for v in (value if isinstance(value, tuple | list) else (value,))]

    def set_up_of(self, channel: str) -> Mapping[str, str]:
        """The ice breakers of a channel: what they say, and what a tap on them brings."""
        language = self.bot.locale.partition("_")[0]
        return {ICE_BREAKERS.get(language, ICE_BREAKERS["en"]): GET_STARTED}

    async def recall(self, store: Store, now: datetime) -> None:
        """Keep what this bot's flows are now, and load what live sessions began on and the files no longer hold."""
        rows = [(*key, *sources) for key, sources in self._sources().items()]
        await store.run(lambda unit: unit.keep_revisions(rows, now))
        older: dict[tuple[str, str], Flow] = {}
        for name, revision, source, words in await store.run(lambda unit: unit.revisions()):
            if self.bot.flow(name, revision) is None:
                flow = revived(name, revision, source, jsons.loads(words))
                if flow is None:
                    log.error("revision %s of flow %s cannot be read by this version; its sessions end", revision, name)
                else:
                    older[name, revision] = flow
        if older:
            self.bot = replace(self.bot, revisions={**self.bot.revisions, **older})

    def _sources(self) -> dict[tuple[str, str], tuple[str, str]]:
        """What the flows were read from: the YAML, and the translations by language."""
        found = {}
        for flow in self.bot.flows.values():
            file = Path(flow.file)
            words = {_locale(po, file): _text(po) for po in sorted(file.parent.glob(f"{file.stem}.*.po"))}
            found[flow.name, flow.revision] = (_text(file), jsons.dumps(words))
        return found


def _locale(po: Path, flow: Path) -> str:
    code = po.name.removeprefix(f"{flow.stem}.").removesuffix(".po")
    try:
        return locale(code)
    except Unreadable:
        return code


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def revived(name: str, revision: str, source: str, words: Mapping[str, str]) -> Flow | None:
    """A flow out of what was kept of it; None when this version cannot read it."""
    parsed = parse_flow(source.encode(), f"{name}@{revision[:8]}")
    if parsed.flow is None or parsed.notes is None:
        return None
    found = {
        language: translate(content.encode(), f"{name}.{language}.po", language, parsed.notes, parsed.file)
        for language, content in words.items()
    }
    return translated(parsed.flow, found, revision)
