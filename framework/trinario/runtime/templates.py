"""Templates of a bot at Meta: one desk for every WhatsApp Business account and every Page, over the bot's own tokens."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import aiohttp

from trinario.authoring.load import read_bot
from trinario.authoring.media_files import MOST_MEDIA
from trinario.authoring.parse_bot import ChannelSettings, ParsedBot
from trinario.channels.graph.client import GraphClient
from trinario.channels.http.multipart import MIMES
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.whatsapp.templates import Known, TemplateDesk, tag
from trinario.errors import ConfigError
from trinario.jobs.template_news import seen
from trinario.model.media import MediaFile
from trinario.model.template import TemplateSpec
from trinario.outside.download import Downloader
from trinario.ports import Located, NotDownloaded, Store, TemplateState
from trinario.runtime.settings import Settings

log = logging.getLogger("trinario.housekeeper")

FETCH_SECONDS = 60.0
"""How long a file that a template is judged by may take to come."""


@dataclass(frozen=True, slots=True)
class Desks:
    """The declared templates, and by the channel's name an account's desk and the platform that it is of."""

    specs: Mapping[str, TemplateSpec]
    desks: Mapping[str, TemplateDesk]
    platforms: Mapping[str, str]


def _accounts(parsed: ParsedBot) -> dict[tuple[str, str], ChannelSettings]:
    """By platform and id of the account, the first channel of it."""
    keys = {"whatsapp": "waba_id"}
    if any("messenger" in spec.platforms for spec in parsed.templates.templates.values()):
        keys["messenger"] = "page_id"
    found = {
        (one.platform, str(one.values.get(keys[one.platform], ""))): one
        for one in reversed(parsed.settings) if one.platform in keys
    }  # fmt: skip
    return {key: one for key, one in found.items() if key[1]}


@asynccontextmanager
async def open_desks(
    bot: Path, settings: Settings, environ: Mapping[str, str], *patience: float
) -> AsyncIterator[Desks]:
    """The desks of a bot's WhatsApp accounts, each account once, and of its Pages where a template is declared for them.

    Raises ConfigError for a bot that has none.
    """
    parsed = read_bot(bot, environ)  # its flows may lack the very templates that are pulled
    specs, accounts = parsed.templates.templates, _accounts(parsed)
    if not accounts:
        raise ConfigError(f"{bot} has no WhatsApp channel with a waba_id, and templates are of such an account")
    files = _Files(parsed.media)
    try:
        async with aiohttp.ClientSession() as session:
            made = {}
            for (_, account), one in accounts.items():
                token, secret = str(one.values.get("access_token", "")), _secret(one)
                client = GraphClient(
                    AiohttpTransport(session, *patience), settings.graph_url, settings.graph_version, token, secret
                )
                made[one.id] = TemplateDesk(client, account, token, app_of(one, parsed.settings), files.read)
            yield Desks(specs, made, {one.id: one.platform for one in accounts.values()})
    finally:
        await files.close()


async def take_states(
    folder: Path, settings: Settings, store: Store, now: datetime, *patience: float
) -> list[TemplateState]:
    """Ask Meta how the templates of every WhatsApp number stand, keep what nobody has told us, and give all of it. A bot without
    any is not asked about. `patience`: seconds for a connection and for an answer. Raises ConfigError, and TemplateTrouble
    when Meta does not tell."""
    parsed = read_bot(folder, os.environ)
    numbers = [one for one in parsed.settings if one.platform == "whatsapp" and one.values.get("waba_id")]
    if not numbers:
        return []
    found: list[TemplateState] = []
    async with open_desks(folder, settings, os.environ, *patience) as desks:
        for channel, desk in desks.desks.items():
            account = next((one.values["waba_id"] for one in numbers if one.id == channel), None)
            known = await desk.known() if account else []
            states = [
                _state(one.id, template) for one in numbers if one.values["waba_id"] == account for template in known
            ]
            found += states
            for changed in await store.run(lambda unit, states=states: seen(unit, states, now)):  # type: ignore[misc]
                one = (changed.name, changed.language, changed.channel, changed.status)
                log.warning("template %s (%s) of channel %s is %s", *one)
    return found


def _state(channel: str, one: Known) -> TemplateState:
    return TemplateState(channel, one.name, tag(one.language), one.status, one.reason, category=one.category.lower(),
                         quality=one.quality)  # fmt: skip


def app_of(channel: ChannelSettings, all_: Sequence[ChannelSettings]) -> str:
    """The id of the app of a channel: its own, or that of another one with its secret; "" for none."""
    ids = [one.values.get("app_id") for one in (channel, *all_) if _secret(one) == _secret(channel)]
    return next((str(id) for id in ids if id), "")


def _secret(channel: ChannelSettings) -> str:
    secrets = channel.values.get("app_secret", ())
    return secrets[0] if isinstance(secrets, tuple) and secrets else ""


class _Files:
    """The files that templates are judged by: those of media/, and those of the open web."""

    def __init__(self, media: Mapping[str, MediaFile]) -> None:
        self._media, self._downloader = media, Downloader()

    async def read(self, named: str) -> tuple[str, bytes] | str:
        """Name and bytes; why there are none, in words."""
        if not named.startswith("https://"):
            file = self._media.get(named)
            if file is None:
                return f'there is no file "{named}" in media/'
            return named, await asyncio.to_thread(Path(file.path).read_bytes)
        pieces = urlsplit(named)
        with TemporaryDirectory() as folder:
            into = Path(folder) / "file"
            hosts = (pieces.netloc,)
            got = await self._downloader.fetch(Located(named), hosts, into, MOST_MEDIA, FETCH_SECONDS)
            if isinstance(got, NotDownloaded):
                return f"{named} could not be fetched: {got.reason}"
            return _named(pieces.path, got.declared), into.read_bytes()

    async def close(self) -> None:
        """Give the connections back."""
        await self._downloader.close()


def _named(path: str, declared: str) -> str:
    """The file's name, with the ending of what its host says that it is where the address has none."""
    name = path.rpartition("/")[2] or "file"
    if "." in name:
        return name
    ending = next((one for one, mime in MIMES.items() if mime == declared.partition(";")[0].strip()), "")
    return f"{name}.{ending}" if ending else name
