"""The composition root: the only room that knows every concrete class."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trinario.authoring.media_settings import MediaSettings
from trinario.authoring.outside_settings import OutsideSettings
from trinario.authoring.parse_bot import ChannelSettings
from trinario.channels.graph.client import GraphClient
from trinario.channels.graph.conversions import GraphConversions
from trinario.channels.graph.signature import open_request
from trinario.channels.http.transport import Transport
from trinario.channels.inlet import MetaInlet
from trinario.channels.instagram import adapter as instagram
from trinario.channels.messenger import adapter as messenger
from trinario.channels.telegram import adapter as telegram
from trinario.channels.telegram.inlet import TelegramInlet
from trinario.channels.whatsapp import adapter as whatsapp
from trinario.errors import ConfigError
from trinario.jobs.media import MediaRules
from trinario.model.channel import Limits, Window
from trinario.model.media import FILE_KINDS
from trinario.outside.ai import ChatModel
from trinario.outside.functions import PythonFunctions
from trinario.outside.media_folder import FolderStore
from trinario.ports import Adapter, Http, Inlet, MediaStore, Outside
from trinario.ports.outside import Conversions
from trinario.runtime import limits

if TYPE_CHECKING:
    from trinario.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Graph:
    """Where the Graph is, and the other platforms; `public_url` is where the outside finds us ("": nowhere)."""

    url: str
    instagram_url: str
    version: str
    telegram_url: str = "https://api.telegram.org"
    public_url: str = ""


def graph_of(settings: "Settings") -> Graph:
    """The platforms as the environment names them."""
    telegram_url, public = settings.telegram_url, settings.public_url or ""
    return Graph(settings.graph_url, settings.instagram_url, settings.graph_version, telegram_url, public)


Channels = tuple[ChannelSettings, ...]


@dataclass(frozen=True, slots=True)
class PlatformKit:
    """One platform: its limits and window, the key of its account in bot.yaml, how its adapter is made, and its doors.

    `path` is where the webhooks of one channel come in, `inlets` the doors of all channels by path: platforms that share
    theirs name the same function. `known` asks the platform whether it knows our account, and in words as whom or why
    not; without one the account is Meta's, of which doctor asks more.
    """

    limits: Limits
    window: Window
    account: str
    make: Callable[[ChannelSettings, Graph, Transport], Adapter]
    path: Callable[[ChannelSettings], str]
    inlets: Callable[[Channels], Mapping[str, Inlet]]
    known: Callable[[ChannelSettings, Graph, Transport], Awaitable[tuple[bool, str]]] | None = None


def _text(settings: ChannelSettings, key: str) -> str:
    value = settings.values.get(key, "")
    return value[0] if isinstance(value, tuple | list) else str(value)


def _common(settings: ChannelSettings, graph: Graph) -> dict[str, Any]:
    """What every account has. The first secret signs our own calls; the others only verify webhooks."""
    given: dict[str, Any] = {
        "channel": settings.id,
        "access_token": _text(settings, "access_token"),
        "app_secret": _text(settings, "app_secret"),
        "graph_url": graph.url,
        "version": graph.version,
    }
    if "pace" in settings.values:
        given["pace"] = float(str(settings.values["pace"]))
    return given


def _whatsapp(settings: ChannelSettings, graph: Graph, transport: Transport) -> Adapter:
    names = ("phone_number_id", "phone", "waba_id")
    given: dict[str, Any] = {name: _text(settings, name) for name in names}
    return whatsapp.WhatsApp(whatsapp.WhatsAppAccount(**_common(settings, graph), **given), transport)


def _messenger(settings: ChannelSettings, graph: Graph, transport: Transport) -> Adapter:
    given: dict[str, Any] = {name: _text(settings, name) for name in ("page_id", "page_name", "app_id")}
    return messenger.Messenger(messenger.PageAccount(**_common(settings, graph), **given), transport)


def _instagram(settings: ChannelSettings, graph: Graph, transport: Transport) -> Adapter:
    given: dict[str, Any] = {name: _text(settings, name) for name in ("account_id", "page_id", "username")}
    given |= {"login": _text(settings, "login") or "facebook", "instagram_url": graph.instagram_url}
    return instagram.Instagram(instagram.InstagramAccount(**_common(settings, graph), **given), transport)


def _telegram(settings: ChannelSettings, graph: Graph, transport: Transport) -> telegram.Telegram:
    given: dict[str, Any] = {name: _text(settings, name) for name in ("bot_username", "token", "secret_token")}
    if "pace" in settings.values:
        given["pace"] = float(str(settings.values["pace"]))
    webhook = graph.public_url + path_of(settings) if graph.public_url else ""
    account = telegram.TelegramAccount(settings.id, url=graph.telegram_url, webhook=webhook, **given)
    return telegram.Telegram(account, transport)


async def _telegram_known(settings: ChannelSettings, graph: Graph, transport: Transport) -> tuple[bool, str]:
    return await _telegram(settings, graph, transport).known()


LIMITS, WINDOWS = limits.LIMITS, limits.WINDOWS


def _path(channel: ChannelSettings) -> str:
    """Meta's webhooks name the account that they are for: one path serves all accounts of a platform."""
    return f"/webhooks/{channel.platform}"


def _meta(settings: Channels) -> Mapping[str, Inlet]:
    """One door on three paths: an account of ours is ours whichever its webhook takes, and any secret may sign."""
    ours = [c for c in settings if PLATFORMS[c.platform].inlets is _meta]
    accounts = {(c.platform, _text(c, PLATFORMS[c.platform].account)): c.id for c in ours}
    numbers = [c for c in ours if c.platform == "whatsapp"]
    accounts |= {("whatsapp", _text(c, "waba_id")): c.id for c in numbers}
    accounts |= {("whatsapp", _text(c, "phone").lstrip("+")): c.id for c in numbers}
    accounts = {account: name for account, name in accounts.items() if account[1]}
    wabas = {_text(c, "waba_id") for c in numbers} - {""}
    told = {waba: [c.id for c in numbers if _text(c, "waba_id") == waba] for waba in wabas}
    secrets = [secret for c in ours for secret in _secrets(c)]
    tokens = [_text(c, "verify_token") for c in ours]
    apps = [_text(c, "app_id") for c in ours if c.values.get("app_id")]
    door = MetaInlet(accounts, list(dict.fromkeys(secrets)), list(dict.fromkeys(tokens)), apps, told)
    return {f"/webhooks/{name}": door for name, kit in PLATFORMS.items() if kit.inlets is _meta}


def _bot_path(channel: ChannelSettings) -> str:
    """Telegram's updates do not name the bot that they are for: each channel has a path of its own."""
    return f"/webhooks/telegram/{channel.id}"


def _bots(settings: Channels) -> Mapping[str, Inlet]:
    """A door for each Telegram channel."""
    ours = [c for c in settings if c.platform == "telegram"]
    return {_bot_path(c): TelegramInlet(c.id, [_text(c, "secret_token")]) for c in ours}


PLATFORMS: Mapping[str, PlatformKit] = {
    "whatsapp": PlatformKit(LIMITS["whatsapp"], WINDOWS["whatsapp"], "phone_number_id", _whatsapp, _path, _meta),
    "messenger": PlatformKit(LIMITS["messenger"], WINDOWS["messenger"], "page_id", _messenger, _path, _meta),
    "instagram": PlatformKit(LIMITS["instagram"], WINDOWS["instagram"], "account_id", _instagram, _path, _meta),
    "telegram": PlatformKit(
        LIMITS["telegram"], WINDOWS["telegram"], "bot_username", _telegram, _bot_path, _bots, _telegram_known
    ),
}
"""Every platform of this house. A new one is its own folder, and a line here and in `limits`."""


PROFILED = frozenset({"messenger", "instagram"})
"""Platforms that tell who somebody is when they are asked; the others say it with her messages."""


def adapters(settings: tuple[ChannelSettings, ...], graph: Graph, transport: Transport) -> dict[str, Adapter]:
    """The adapters of a bot's channels, by channel name."""
    return {channel.id: PLATFORMS[channel.platform].make(channel, graph, transport) for channel in settings}


def conversions(
    settings: OutsideSettings, channels: Channels, graph: Graph, transport: Transport
) -> Conversions | None:
    """Who tells Meta of conversions; None: bot.yaml says nothing of them."""
    if settings.dataset is None:
        return None
    client = GraphClient(transport, graph.url, graph.version, settings.dataset.token)
    accounts = {one.id: str(one.values.get("waba_id") or "") for one in channels if one.platform == "whatsapp"}
    return GraphConversions(client, settings.dataset.id, accounts)


def outside(settings: OutsideSettings, http: Http, told: Conversions | None = None) -> Outside:
    """What the flows of a bot can ask, over a client that keeps to the allowed hosts."""
    functions = PythonFunctions(Path(settings.functions)) if settings.functions else None
    model = settings.model
    ai = ChatModel(http, model.url, model.model, model.key) if model else None
    return Outside(http, functions, ai, settings.secrets, told)


def files(settings: MediaSettings, folder: Path) -> MediaStore:
    """Where copies of people's files are kept. Raises ConfigError when the library that speaks S3 is missing."""
    if settings.bucket is None:
        return FolderStore(folder)
    try:
        from trinario.outside.media_s3 import S3Store
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"bot.yaml keeps media in S3, and {error.name} is not installed: say pip install 'trinario[s3]' "
            "(in a checkout: pip install -e '.[s3]')"
        ) from error
    bucket = settings.bucket
    return S3Store(
        folder / "incoming", bucket.name, endpoint=bucket.endpoint, region=bucket.region, prefix=bucket.prefix,
        access_key=bucket.access_key, secret_key=bucket.secret_key,
    )  # fmt: skip


def media_rules(settings: MediaSettings) -> MediaRules:
    """What is fetched of people's files."""
    kinds = FILE_KINDS if settings.kinds is None else settings.kinds
    return MediaRules(most=settings.most, hosts=settings.hosts, kinds=kinds, keep=settings.keep)


def inlets(settings: Channels) -> dict[str, Inlet]:
    """The doors of all webhooks of a bot, by path."""
    kinds = dict.fromkeys(kit.inlets for kit in PLATFORMS.values())
    return {path: door for kind in kinds for path, door in kind(settings).items()}


def opener(settings: Channels) -> Callable[[str], Mapping[str, Any] | None]:
    """What reads a signed request of Meta: any secret of the bot may have signed it."""
    secrets = [secret for one in settings if PLATFORMS[one.platform].inlets is _meta for secret in _secrets(one)]
    return lambda signed: open_request(secrets, signed)


def path_of(channel: ChannelSettings) -> str:
    """Where the webhooks of a channel come in."""
    return PLATFORMS[channel.platform].path(channel)


def _secrets(settings: ChannelSettings) -> tuple[str, ...]:
    value = settings.values.get("app_secret", ())
    return tuple(value) if isinstance(value, tuple | list) else (str(value),)
