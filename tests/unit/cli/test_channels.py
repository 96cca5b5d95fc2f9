"""`channels`: what is the matter with them, and going on, on a database of its own."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.unit.cli.conftest import Outcome, Trinario
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore
from trinario.store.unit import SqlUnit


def _ill(unit: SqlUnit) -> None:
    now = datetime.now(UTC)
    upgrade(unit.conn)
    unit.accounts.trouble("whatsapp", "131042", "payment", now)
    unit.accounts.rest("whatsapp", now, now + timedelta(minutes=15))


async def _make(file: Path) -> None:
    store = SqliteStore(str(file))
    await store.run(_ill)
    await store.close()


def test_a_channel_is_shown_and_has_to_try_again(trinario: Trinario, tmp_path: Path) -> None:
    asyncio.run(_make(tmp_path / "bot.db"))

    def channels(*arguments: str) -> Outcome:
        url = f"sqlite:///{tmp_path / 'bot.db'}"
        return trinario("channels", *arguments, cwd=tmp_path, TRINARIO_DATABASE_URL=url)

    shown = channels("list")
    assert shown.returncode == 1 and shown.stdout.startswith("whatsapp: refused with 131042 payment, since ")
    assert "rests until" in shown.stdout
    (told,) = json.loads(channels("list", "--format", "json").stdout)["channels"]
    assert told["code"] == "131042" and told["rests_until"] and told["percent_of_pace"] == 100
    done = channels("resume", "whatsapp")
    assert done.returncode == 0 and "tries again; 0 messages" in done.stderr
    assert "rests until" not in channels("list").stdout
    assert json.loads(channels("resume", "whatsapp", "--format", "json").stdout) == {"channel": "whatsapp", "due": 0}
    wrong = channels("resume", "fax")
    assert wrong.returncode == 78 and "in no trouble" in wrong.stderr
