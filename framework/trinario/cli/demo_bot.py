"""Which bot the demo plays, what its bot.yaml lacks made up, and its accounts as the emulator has to know them."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trinario.cli.demo_calendar import HOST as CALENDAR
from trinario.errors import ConfigError

if TYPE_CHECKING:
    from trinario.authoring.environment import Missing
    from trinario.authoring.parse_bot import ChannelSettings, ParsedBot

DEMO = Path("bots/demo")

SUPPLIED = {
    "WHATSAPP_TOKEN": "demo-whatsapp-token",
    "PAGE_TOKEN": "demo-page-token",
    "META_APP_SECRET": "demo-app-secret",
    "META_VERIFY_TOKEN": "demo-verify-token",
}
"""Made up for the names that most bots give; other names get something of the kind."""

PLATFORMS = ("whatsapp", "messenger", "instagram", "telegram")

_KEPT = {
    "whatsapp": ("phone_number_id", "waba_id", "access_token", "verify_token"),
    "messenger": ("page_id", "page_name", "app_id", "access_token", "verify_token"),
    "instagram": ("account_id", "page_id", "username", "login", "app_id", "access_token", "verify_token"),
    "telegram": ("token", "secret_token"),
}
"""Keys that a channel of bot.yaml and an account of the emulator have under the same name."""


@dataclass(frozen=True, slots=True)
class DemoBot:
    """A bot that is played on the phones: `channels` has the one of each platform that the emulator stands in for."""

    folder: Path
    title: str
    channels: "Mapping[str, ChannelSettings]"
    left_out: tuple[str, ...]
    calls_calendar: bool

    @property
    def platforms(self) -> tuple[str, ...]:
        """Whose phones are shown."""
        return tuple(name for name in PLATFORMS if name in self.channels)

    def accounts(self, port: int) -> dict[str, Any]:
        """The emulator's side: the same ids and secrets, and where the bot's webhooks are."""
        return {platform: self._account(platform, port) for platform in self.platforms}

    def _account(self, platform: str, port: int) -> dict[str, Any]:
        values = self.channels[platform].values
        account = {key: str(values[key]) for key in _KEPT[platform] if key in values}
        if platform == "telegram":
            path = f"telegram/{self.channels[platform].id}"
            named = {"username": str(values.get("bot_username", "")), "name": self.title}
            return {**account, **named, "webhook_url": f"http://127.0.0.1:{port}/webhooks/{path}"}
        account["app_secret"] = str(_first(values.get("app_secret", "")))
        account["webhook_url"] = f"http://127.0.0.1:{port}/webhooks/{platform}"
        if platform == "whatsapp":
            account["phone"] = "".join(sign for sign in str(values.get("phone", "")) if sign.isdigit())
            account["name"] = self.title
        elif "app_id" not in account and (app := self._app()):
            account["app_id"] = app
        return account

    def _app(self) -> str:
        """Page and Instagram account are mostly written to by one app, which stands in the echoes."""
        given = [channel.values.get("app_id") for channel in self.channels.values()]
        return str(next((app for app in given if app), ""))


def chosen_bot(root: Path, given: Path | None) -> Path:
    """The bot's folder: as given, the demo's own, or the only one. Raises ConfigError."""
    from trinario.cli.run import only_bot

    if given is None:
        folder = root / DEMO if (root / DEMO / "bot.yaml").is_file() else only_bot(root)
    else:
        folder = given.parent if given.name == "bot.yaml" else given
    if not (folder / "bot.yaml").is_file():
        raise ConfigError(f"there is no {folder}/bot.yaml: name a bot of this project, like --bot bots/NAME")
    return folder


def prepared(folder: Path) -> DemoBot:
    """The bot as its file says. What `${}` lacks is made up and put into the environment of this process."""
    missing = _read(folder).missing
    os.environ.update(made_up(missing))
    return bot_of(folder, _read(folder))


def made_up(missing: "Iterable[Missing]") -> dict[str, str]:
    """A value for every variable that is not set; one that stands where Meta's ids do is digits, and so on."""
    values: dict[str, str] = {}
    for one in missing:
        formed = _formed(one.name, one.path.split("."))
        if formed or one.name not in values:
            plain = SUPPLIED.get(one.name) or "demo-" + one.name.lower().replace("_", "-")
            values[one.name] = formed or plain
    return values


def _formed(name: str, path: list[str]) -> str:
    """The value where only one of a form will do; "" where any will."""
    digits = str(int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) % 10**14).zfill(14)
    keys = [key for key in path if not key.isdigit()]
    match keys[-1] if keys else "":
        case "phone_number_id" | "waba_id" | "page_id" | "app_id" | "account_id":
            return f"1{digits}"
        case "phone":
            return f"+1555{digits[:7]}"
        case "url":
            return "https://made-up.example"
        case "notify":
            return "mailto:team@made-up.example"
        case "pace":
            return "20"
        case _:
            return ""


def bot_of(folder: Path, parsed: "ParsedBot") -> DemoBot:
    """What the demo needs of a bot; faults of its file are told by whoever serves it."""
    channels: dict[str, ChannelSettings] = {}
    for channel in parsed.settings:
        channels.setdefault(channel.platform, channel)
    played = [channels[name] for name in PLATFORMS if name in channels]
    left_out = [channel.id for channel in parsed.settings if channel not in played]
    http = parsed.get("http")
    allowed = http.get("allow") or () if http else ()
    title = str(parsed.get("title") or parsed.name or folder.name)
    return DemoBot(folder, title, channels, tuple(left_out), CALENDAR in map(str, allowed))


def _read(folder: Path) -> "ParsedBot":
    from trinario.authoring.parse_bot import parse_bot

    file = folder / "bot.yaml"
    return parse_bot(file.read_bytes(), str(file), os.environ)


def _first(value: Any) -> Any:
    """The first secret is the one that signs."""
    return (value[0] if value else "") if isinstance(value, tuple | list) else value
