"""Templates of a bot at Meta: one desk for every WhatsApp Business account and every Page, over the bot's own tokens."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from trinario.authoring.load import read_bot
from trinario.authoring.parse_bot import ChannelSettings
from trinario.channels.graph.client import GraphClient
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.whatsapp.templates import TemplateDesk
from trinario.errors import ConfigError
from trinario.model.template import TemplateSpec
from trinario.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Desks:
    """The declared templates, and by the channel's name an account's desk and the platform that it is of."""

    specs: Mapping[str, TemplateSpec]
    desks: Mapping[str, TemplateDesk]
    platforms: Mapping[str, str]


@asynccontextmanager
async def open_desks(bot: Path, settings: Settings, environ: Mapping[str, str]) -> AsyncIterator[Desks]:
    """The desks of a bot's WhatsApp accounts, each account once, and of its Pages where a template is declared for them.

    Raises ConfigError for a bot that has none.
    """
    parsed = read_bot(bot, environ)  # its flows may lack the very templates that are pulled
    specs = parsed.templates.templates
    keys = {"whatsapp": "waba_id"}
    if any("messenger" in spec.platforms for spec in specs.values()):
        keys["messenger"] = "page_id"
    accounts = {
        (one.platform, str(one.values.get(keys[one.platform], ""))): one
        for one in reversed(parsed.settings) if one.platform in keys
    }  # fmt: skip
    accounts = {key: one for key, one in accounts.items() if key[1]}
    if not accounts:
        raise ConfigError(f"{bot} has no WhatsApp channel with a waba_id, and templates are of such an account")
    async with aiohttp.ClientSession() as session:
        yield Desks(
            specs,
            {one.id: _desk(one, account, settings, session) for (_, account), one in accounts.items()},
            {one.id: one.platform for one in accounts.values()},
        )


def _desk(channel: ChannelSettings, account: str, settings: Settings, session: aiohttp.ClientSession) -> TemplateDesk:
    token, secrets = str(channel.values.get("access_token", "")), channel.values.get("app_secret", ())
    secret = secrets[0] if isinstance(secrets, tuple) and secrets else ""
    client = GraphClient(AiohttpTransport(session), settings.graph_url, settings.graph_version, token, secret)
    return TemplateDesk(client, account, token)
