"""The emulator's configuration: three accounts and the knobs of the stand-in, from a mapping, a YAML or a JSON file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

from trinario.errors import ConfigError

Json = dict[str, Any]
T = TypeVar("T")

ALLOWED_ECHO = ("never", "always", "random")
ALLOWED_LOGIN = ("facebook", "instagram")
ALLOWED_APPROVAL = ("instant", "pending")


@dataclass(frozen=True, slots=True)
class WhatsAppAccount:
    """One business phone number; `phone` is the display number, digits only.

    `messaging_limit`: people who may be written to first within 24 hours; `marketing_cap`: marketing that one person gets
    outside her window within 24 hours; both 0: no limit. `no_marketing_to`: countries' prefixes.
    """

    phone_number_id: str = "106540352242922"
    phone: str = "15550783881"
    waba_id: str = "102290129340398"
    dataset_id: str = "552143977390019"
    name: str = "Lucky Garden"
    access_token: str = "demo-whatsapp-token"
    app_secret: str = "demo-app-secret"
    verify_token: str = "demo-verify-token"
    webhook_url: str = ""
    allowed_recipients: tuple[str, ...] = ()
    templates: tuple[Json, ...] = ()
    template_approval: str = "instant"
    payment_method: bool = True
    messaging_limit: int = 0
    marketing_cap: int = 0
    no_marketing_to: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.phone_number_id


@dataclass(frozen=True, slots=True)
class MessengerAccount:
    """One Page; `app_id` is the app that sends with our token and stands in the echoes.

    `primary`: it is the default app of threads, and may take them; `receivers` are further apps they can be passed to.
    """

    page_id: str = "1895382890692545"
    page_name: str = "luckygarden"
    app_id: str = "1517776481860111"
    access_token: str = "demo-page-token"
    app_secret: str = "demo-app-secret"
    verify_token: str = "demo-verify-token"
    webhook_url: str = ""
    human_agent: bool = True
    template_approval: str = "instant"
    primary: bool = True
    receivers: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.page_id


@dataclass(frozen=True, slots=True)
class InstagramAccount:
    """One professional account; with `login: facebook` it is written to with the Page's token on the Page's path."""

    account_id: str = "17841400008460056"
    page_id: str = "1895382890692545"
    username: str = "luckygarden"
    login: str = "facebook"
    app_id: str = "1517776481860111"
    access_token: str = "demo-page-token"
    app_secret: str = "demo-app-secret"
    verify_token: str = "demo-verify-token"
    webhook_url: str = ""
    human_agent: bool = True

    @property
    def id(self) -> str:
        return self.account_id


@dataclass(frozen=True, slots=True)
class TelegramAccount:
    """One bot on Telegram; without a token there is none, and people have no phone for it.

    `secret_token` is that of `webhook_url`; `setWebhook` replaces both.
    """

    username: str = "luckygarden_bot"
    name: str = "Lucky Garden"
    token: str = ""
    secret_token: str = ""
    webhook_url: str = ""

    @property
    def id(self) -> str:
        number = self.token.partition(":")[0]
        return number if number.isascii() and number.isdigit() else "7770001112"


Account = WhatsAppAccount | MessengerAccount | InstagramAccount
"""An account at Meta."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Token buckets, in calls or messages a second unless the name says otherwise."""

    enabled: bool = True
    whatsapp_number: float = 80.0
    pair_interval: float = 6.0
    pair_burst: int = 45
    page: float = 300.0
    conversations: float = 2.0
    private_replies_per_hour: int = 750
    live_replies: float = 100.0
    registrations_per_72_hours: int = 10
    instagram: float = 300.0
    telegram: float = 30.0
    telegram_chat: float = 1.0
    telegram_burst: int = 20
    audio_video: float = 10.0
    profile_calls_per_10_minutes: int = 10
    calls_per_person: int = 200
    people_at_least: int = 100
    management_per_hour: int = 5000
    usage_told_from: int = 10


@dataclass(frozen=True, slots=True)
class StatusDelays:
    """Seconds after acceptance; a negative one means that this status never comes."""

    sent: float = 0.2
    delivered: float = 0.5
    read: float = 1.0


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set; the defaults are the accounts of `bots/demo`."""

    whatsapp: WhatsAppAccount = field(default_factory=WhatsAppAccount)
    messenger: MessengerAccount = field(default_factory=MessengerAccount)
    instagram: InstagramAccount = field(default_factory=InstagramAccount)
    telegram: TelegramAccount = field(default_factory=TelegramAccount)
    rates: Rates = field(default_factory=Rates)
    status_delays: StatusDelays = field(default_factory=StatusDelays)
    reads: bool = True
    sync_window_errors: bool = False
    sync_codes: tuple[int, ...] = ()
    both_codes: tuple[int, ...] = ()
    echo_before_response: str = "never"
    echo_delay: float = 0.05
    retry_scale: float = 1.0
    ordered_retries: bool = False
    retry_cap: float = 3600.0
    retry_horizon: float = 7 * 86400.0
    webhook_timeout: float = 5.0
    webhook_concurrency: int = 32
    webhook_batch: int = 1
    disable_after: float = 3600.0
    oldest_version: str = "v19.0"
    newest_version: str = "v26.0"
    log_file: str = ""
    verify_on_start: bool = False
    require_appsecret_proof: bool = False
    log_keep: int = 200_000
    seed: str = "trinario"

    def account(self, platform: str) -> Account:
        """The account of `whatsapp`, `messenger` or `instagram`."""
        accounts: dict[str, Account] = {
            "whatsapp": self.whatsapp,
            "messenger": self.messenger,
            "instagram": self.instagram,
        }
        return accounts[platform]


def load_config(source: Mapping[str, Any] | str | Path | Config | None = None) -> Config:
    """A Config from a mapping, or from a YAML or JSON file; None gives the defaults. Raises ConfigError."""
    if isinstance(source, Config):
        return source
    if source is None:
        return Config()
    if isinstance(source, Mapping):
        return _checked(_build(Config, source, "the emulator's configuration"))
    path = Path(source)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read as the emulator's configuration: {error}") from error
    if not isinstance(content, Mapping):
        raise ConfigError(f"{path}: must hold a mapping of settings")
    return _checked(_build(Config, content, str(path)))


def _checked(config: Config) -> Config:
    _one_of("echo_before_response", config.echo_before_response, ALLOWED_ECHO)
    _one_of("instagram.login", config.instagram.login, ALLOWED_LOGIN)
    _one_of("whatsapp.template_approval", config.whatsapp.template_approval, ALLOWED_APPROVAL)
    _one_of("messenger.template_approval", config.messenger.template_approval, ALLOWED_APPROVAL)
    if config.webhook_concurrency < 1:
        raise ConfigError("webhook_concurrency must be at least 1")
    if not 1 <= config.webhook_batch <= 1000:
        raise ConfigError("webhook_batch must be 1 to 1000")
    if config.retry_scale < 0 or config.retry_cap <= 0:
        raise ConfigError("retry_scale must not be negative and retry_cap must be above 0")
    same_token = config.instagram.access_token == config.messenger.access_token
    if config.instagram.login == "instagram" and same_token:
        raise ConfigError(
            "instagram.login is instagram: instagram.access_token must differ from messenger.access_token"
        )
    return config


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ConfigError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}")


def _build(kind: type[T], content: Mapping[str, Any], where: str) -> T:
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(map(str, content)) - set(known))
    if unknown:
        raise ConfigError(f"{where}: unknown setting {unknown[0]!r}; known are {', '.join(known)}")
    default = kind()
    values = {name: _value(getattr(default, name), given, f"{where}: {name}") for name, given in content.items()}
    return kind(**values)


def _value(default: Any, given: Any, where: str) -> Any:
    """`given` as the kind of thing the default is; `rates: false` switches a whole section off."""
    if isinstance(default, Rates) and isinstance(given, bool):
        return Rates(enabled=given)
    if hasattr(default, "__dataclass_fields__"):
        if not isinstance(given, Mapping):
            raise ConfigError(f"{where} must be a mapping")
        return _build(type(default), given, where)
    if isinstance(default, tuple):
        if not isinstance(given, list | tuple):
            raise ConfigError(f"{where} must be a list")
        return tuple(given)
    if isinstance(default, bool):
        return _typed(given, bool, where)
    if isinstance(default, float):
        return float(_typed(given, (int, float), where))
    if isinstance(default, int):
        return _typed(given, int, where)
    return "" if given is None else str(given)


def _typed(given: Any, kind: type | tuple[type, ...], where: str) -> Any:
    if not isinstance(given, kind) or (isinstance(given, bool) and kind is not bool):
        raise ConfigError(f"{where} is {given!r}, which is of the wrong kind")
    return given
