"""The environment: what is read, what is refused and in which words."""

import os
from pathlib import Path

import pytest

from trinario.errors import ConfigError
from trinario.runtime.database import parse_database
from trinario.runtime.loopback import is_loopback
from trinario.runtime.settings import load_settings, strange_variables, variables


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TRINARIO_")]:
        monkeypatch.delenv(name)


def refused(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """The words with which an environment is refused."""
    for name, value in variables.items():
        monkeypatch.setenv("TRINARIO_" + name, value)
    with pytest.raises(ConfigError) as raised:
        load_settings()
    return str(raised.value)


def test_defaults() -> None:
    settings = load_settings()
    assert settings.sqlite_path == Path("trinario.db")
    assert settings.graph_url == "https://graph.facebook.com"
    assert settings.instagram_url == "https://graph.instagram.com"
    assert settings.graph_version == "v25.0"
    assert (settings.log, settings.log_level, settings.sqlite_synchronous) == ("json", "INFO", "FULL")
    assert (settings.api_token, settings.public_url, settings.clock_url) == (None, None, None)
    assert settings.tuning.reconcile_after == 30.0


def test_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql://bot:pass@db/bot", "GRAPH_URL": "http://127.0.0.1:9090/", "API_TOKEN": "t" * 40,
        "LOG": "TEXT", "LOG_LEVEL": "debug", "SECRET_KEY": "k" * 40, "CLOCK_URL": "http://localhost:9090",
        "RECONCILE_AFTER": "5", "PUBLIC_URL": "",
    }.items():  # fmt: skip
        monkeypatch.setenv("TRINARIO_" + name, value)
    settings = load_settings()
    assert settings.sqlite_path is None
    assert settings.database_url == "postgresql://bot:pass@db/bot"
    assert settings.graph_url == "http://127.0.0.1:9090"
    assert (settings.api_token, settings.secret_key) == ("t" * 40, b"k" * 40)
    assert (settings.log, settings.log_level) == ("text", "DEBUG")
    assert settings.tuning.reconcile_after == 5.0
    assert settings.public_url is None
    shown = repr(settings)
    for secret in ("pass@", "t" * 40, "k" * 40):
        assert secret not in shown


def test_every_wrong_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    words = refused(
        monkeypatch,
        GRAPH_VERSION="25",
        LOG="xml",
        LOG_LEVEL="loud",
        RECONCILE_AFTER="61",
        GRAPH_URL="graph",
        DATABASE_URL="x",
    )
    lines = words.splitlines()
    assert len(lines) == 6
    assert "TRINARIO_GRAPH_VERSION is no version of the Graph: write it as v25.0" in lines
    assert "TRINARIO_RECONCILE_AFTER must be a number of seconds above 0 and at most 60" in lines
    assert any(line.startswith("TRINARIO_DATABASE_URL must be sqlite:///FILE") for line in lines)


@pytest.mark.parametrize("graph", ["https://graph.facebook.com", "https://127.0.0.1.evil.example"])
def test_a_movable_clock_is_for_the_emulator_only(monkeypatch: pytest.MonkeyPatch, graph: str) -> None:
    words = refused(monkeypatch, CLOCK_URL="http://127.0.0.1:9090", GRAPH_URL=graph)
    assert "TRINARIO_CLOCK_URL" in words
    assert "TRINARIO_GRAPH_URL" in words


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://127.8.8.8", "http://[::1]:9", "http://localhost", "http://LOCALHOST:5"]
)
def test_this_machine(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1", "http://localhost.example", "https://[::2]", "http://", "http://0x7f000001"]
)
def test_other_machines(url: str) -> None:
    assert not is_loopback(url)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///trinario.db", "trinario.db"),
        ("sqlite:////var/lib/bot.db", "/var/lib/bot.db"),
        ("sqlite:///data/my%20bot.db", "data/my bot.db"),
    ],
)
def test_sqlite_files(url: str, path: str) -> None:
    assert parse_database(url).path == Path(path)


@pytest.mark.parametrize(
    "url", ["postgresql://u@h/db", "postgres://h:5432/db", "postgresql+asyncpg://u:p@h/db?ssl=require"]
)
def test_servers(url: str) -> None:
    found = parse_database(url)
    assert (found.kind, found.path, found.url) == ("postgresql", None, url)


def test_a_password_is_not_shown() -> None:
    assert parse_database("postgresql://bot:secret@db:5433/x").shown == "postgresql://bot@db:5433/x"


@pytest.mark.parametrize(
    "url",
    ["", "trinario.db", "sqlite:", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://x.db", "sqlite:///a/",
     "sqlite:///a.db?mode=ro", "mysql://h/db", "postgresql://h", "postgresql://h:x/db"],
)  # fmt: skip
def test_databases_that_are_none(url: str) -> None:
    with pytest.raises(ValueError):
        parse_database(url)


def test_a_key_is_made_once_beside_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRINARIO_DATABASE_URL", f"sqlite:///{tmp_path}/bot.db")
    key = load_settings().secret_key
    file = tmp_path / "bot.db.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(key) >= 32
    assert load_settings().secret_key == key
    assert [path.name for path in tmp_path.iterdir()] == ["bot.db.key"]


def test_an_empty_key_file_is_not_overwritten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRINARIO_DATABASE_URL", f"sqlite:///{tmp_path}/bot.db")
    (tmp_path / "bot.db.key").touch()
    with pytest.raises(ConfigError, match=r"bot\.db\.key holds no key"):
        _ = load_settings().secret_key


def test_postgresql_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRINARIO_DATABASE_URL", "postgresql://h/db")
    with pytest.raises(ConfigError, match="TRINARIO_SECRET_KEY is not set"):
        _ = load_settings().secret_key


def test_misspelt_variables_are_noticed() -> None:
    assert strange_variables({"TRINARIO_API_TOKN": "x", "PATH": "y", "TRINARIO_LOG": "json"}) == [
        "TRINARIO_API_TOKN is no setting of ours; did you mean TRINARIO_API_TOKEN?"
    ]
    assert all(name.startswith("TRINARIO_") for name in variables())


def test_the_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().smtp is None
    monkeypatch.setenv("TRINARIO_SMTP_URL", "smtp://u:hidden@mail.example?from=bot@shop.example")
    smtp = load_settings().smtp
    assert smtp is not None and (smtp.host, smtp.sender) == ("mail.example", "bot@shop.example")
    assert "hidden" not in repr(load_settings())
    words = refused(monkeypatch, SMTP_URL="mail.example")
    assert words.startswith("TRINARIO_SMTP_URL is no address of a mail server: write it as smtp://")
