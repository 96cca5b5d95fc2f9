"""What doctor says of a token that the bot renews by itself: fine, near its end, ended, none."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trinario.authoring.parse_bot import ChannelSettings
from trinario.ports import AccountToken
from trinario.runtime.doctor_token import kept_tokens, of_kept
from trinario.runtime.renewal import digest_of
from trinario.runtime.settings import load_settings
from trinario.runtime.upkeep import on_database, upgrade_database
from trinario.store import account_tokens

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def kept(age: float, left: float, origin: str = "IGAA") -> AccountToken:
    return AccountToken("ig", "sealed", digest_of(origin), NOW - timedelta(days=age), NOW + timedelta(days=left))


@pytest.mark.parametrize(
    ("token", "state", "words"),
    [
        (kept(3, 57), "fine", "3 days old, good until 2027-01-19"),
        (kept(54, 6), "doubtful", "54 days old, good until 2026-11-29"),
        (kept(61, -1), "wrong", "it ended on 2026-11-22, 61 days after"),
        (kept(3, 57, "IGOLD"), "fine", "bot.yaml has a new token"),
        (None, "doubtful", "none yet"),
    ],
)
def test_what_is_said(token: AccountToken | None, state: str, words: str) -> None:
    found = of_kept("ig", "IGAA", token, NOW)
    assert (found.state, found.about) == (state, "kept token of ig")
    assert words in found.what
    assert state == "fine" or found.mend


async def test_only_of_instagrams_own_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRINARIO_DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    settings = load_settings()
    own = ChannelSettings("ig", "instagram", {"login": "instagram", "access_token": "IGAA"})
    other = ChannelSettings("page", "instagram", {"login": "facebook", "access_token": "EAA"})
    assert await kept_tokens(settings, [own, other], NOW) == []
    await upgrade_database(settings)
    assert [one.what[:8] for one in await kept_tokens(settings, [own, other], NOW)] == ["none yet"]
    await on_database(settings, lambda conn: account_tokens.keep(conn, kept(3, 57)))
    assert [one.state for one in await kept_tokens(settings, [own, other], NOW)] == ["fine"]
    assert sqlite3.connect(tmp_path / "bot.db").execute("SELECT sealed FROM account_tokens").fetchall() == [("sealed",)]
