"""What the environment sets (TRINARIO_*), checked as a whole before anything starts."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from trinario.errors import ConfigError
from trinario.jobs.world import Tuning
from trinario.runtime.database import Database, parse_database
from trinario.runtime.loopback import is_loopback
from trinario.runtime.mail import Smtp, parse_smtp
from trinario.runtime.secret import secret_key
from trinario.runtime.stand_ins import parse_stand_ins

PREFIX = "TRINARIO_"
TELEGRAM = "https://api.telegram.org"


class Settings(BaseSettings):
    """The environment of one process. Addresses come without a slash at the end; an empty variable counts as unset."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    database_url: str = Field(default="sqlite:///trinario.db", repr=False)
    sqlite_synchronous: Literal["FULL", "NORMAL"] = "FULL"
    """NORMAL may lose the last messages when the power fails; it is for measuring what FULL costs."""
    graph_url: str = "https://graph.facebook.com"
    instagram_url: str = "https://graph.instagram.com"
    telegram_url: str = TELEGRAM
    graph_version: str = Field(default="v25.0", pattern=r"^v[0-9]+\.[0-9]+$")
    public_url: str | None = None
    log: Literal["json", "text"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    clock_url: str | None = None
    http_local: bool = False
    """Whether `http` steps may call this very machine where bot.yaml lists it; for development and tests."""
    http_stand_ins: str = ""
    """Hosts whose calls are answered on this machine, like `calendar.example=http://127.0.0.1:9000`; for development."""
    media: Path | None = None
    """The folder for copies of the files that people send, or for those on their way to S3."""
    reconcile_after: float = Field(default=30.0, gt=0, le=60)
    """Seconds for which a lost answer is looked for before the message's purpose decides."""
    given_smtp_url: SecretStr | None = Field(default=None, validation_alias="TRINARIO_SMTP_URL")
    given_api_token: SecretStr | None = Field(default=None, validation_alias="TRINARIO_API_TOKEN")
    given_secret_key: SecretStr | None = Field(default=None, validation_alias="TRINARIO_SECRET_KEY")

    @property
    def database(self) -> Database:
        """The database, taken apart."""
        return parse_database(self.database_url)

    @property
    def sqlite_path(self) -> Path | None:
        """SQLite's file; None: it is PostgreSQL."""
        return self.database.path

    @property
    def media_folder(self) -> Path:
        """Where people's files lie: beside the SQLite file unless it is said otherwise, else in the working directory."""
        if self.media is not None:
            return self.media.absolute()
        file = self.sqlite_path
        return (file.with_name(f"{file.name}.media") if file else Path("trinario-media")).absolute()

    @property
    def api_token(self) -> str | None:
        """The API's bearer token; None: the API is off."""
        return self.given_api_token.get_secret_value() if self.given_api_token else None

    @property
    def stand_ins(self) -> dict[str, str]:
        """Host -> the address on this machine that answers for it."""
        return parse_stand_ins(self.http_stand_ins)

    @property
    def smtp(self) -> Smtp | None:
        """The server for mail to the team; None: no mail is sent."""
        return parse_smtp(self.given_smtp_url.get_secret_value()) if self.given_smtp_url else None

    @property
    def secret_key(self) -> bytes:
        """The installation's key; made and kept if need be. Raises ConfigError when there is nowhere to keep it."""
        given = self.given_secret_key.get_secret_value() if self.given_secret_key else None
        return secret_key(given, self.database)

    @property
    def tuning(self) -> Tuning:
        """The numbers that jobs work by."""
        return Tuning(reconcile_after=self.reconcile_after)

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("log", mode="before")
    @classmethod
    def _lower(cls, form: object) -> object:
        return form.lower() if isinstance(form, str) else form

    @field_validator("graph_url", "instagram_url", "telegram_url", "public_url", "clock_url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        return url and _checked_address(url)

    @field_validator("given_smtp_url")
    @classmethod
    def _smtp(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            parse_smtp(url.get_secret_value())
        return url

    @field_validator("http_stand_ins")
    @classmethod
    def _stand_ins(cls, text: str) -> str:
        parse_stand_ins(text)
        return text

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        parse_database(url)
        return url

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.clock_url and not is_loopback(self.graph_url):
            raise ValueError(
                "TRINARIO_CLOCK_URL is set, but TRINARIO_GRAPH_URL is not on loopback: a movable clock is for the "
                "emulator only. Unset TRINARIO_CLOCK_URL, or point TRINARIO_GRAPH_URL to the emulator"
            )
        if self.clock_url and self.telegram_url != TELEGRAM and not is_loopback(self.telegram_url):
            raise ValueError(
                "TRINARIO_CLOCK_URL is set, but TRINARIO_TELEGRAM_URL is not on loopback: a movable clock is for the "
                "emulator only. Unset TRINARIO_CLOCK_URL, or point TRINARIO_TELEGRAM_URL to the emulator"
            )
        if self.http_stand_ins and not is_loopback(self.graph_url):
            raise ValueError(
                "TRINARIO_HTTP_STAND_INS is set, but TRINARIO_GRAPH_URL is not on loopback: services that stand in for "
                "others are for development only. Unset TRINARIO_HTTP_STAND_INS"
            )
        return self


def _checked_address(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        whole = False
    if not whole:
        raise ValueError("is no address: write it as https://HOST or http://HOST:PORT")
    return url.strip().rstrip("/")


def load_settings() -> Settings:
    """The settings of this process's environment. Raises ConfigError with every variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [_words(item["loc"], item["type"], item["msg"]) for item in error.errors()]
        raise ConfigError("\n".join(wrong)) from None


def _words(location: tuple[int | str, ...], kind: str, message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not location:
        return message
    name = str(location[0])
    name = name if name.startswith(PREFIX) else PREFIX + name.upper()
    what = _MENDS.get(name) if kind != "value_error" else message
    return f"{name} {what or message}"


_MENDS = {
    "TRINARIO_GRAPH_VERSION": "is no version of the Graph: write it as v25.0",
    "TRINARIO_SQLITE_SYNCHRONOUS": "must be FULL or NORMAL",
    "TRINARIO_LOG": "must be json or text",
    "TRINARIO_HTTP_LOCAL": "must be true or false",
    "TRINARIO_LOG_LEVEL": "must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL",
    "TRINARIO_RECONCILE_AFTER": "must be a number of seconds above 0 and at most 60",
}


def variables() -> list[str]:
    """The names of all variables that mean something to us."""
    fields = Settings.model_fields.items()
    return [str(field.validation_alias or PREFIX + name.upper()) for name, field in fields]


def strange_variables(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that begin with TRINARIO_ and mean nothing to us, in words, each with what may have been meant."""
    known = variables()
    strange = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    return [_strange(name, get_close_matches(name, known, 1)) for name in strange]


def _strange(name: str, near: list[str]) -> str:
    return f"{name} is no setting of ours" + (f"; did you mean {near[0]}?" if near else "")
