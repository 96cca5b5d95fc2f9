"""A draw from the command line: what it prints is enough for anybody to check it, in the way that the page shows."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.test_schedules import NOW, contacts
from tests.processes import ROOT
from tests.unit.cli.conftest import Trinario
from trinario.model.effect import TakeTicket
from trinario.ports import Writes
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore

PAGE = (ROOT / "docs/how-to/experiments-and-draws.md").read_text("utf-8")


async def _with_numbers(file: Path) -> None:
    store = SqliteStore(str(file))
    await store.run(lambda unit: upgrade(unit.conn))
    given = [(one.id, TakeTicket("birthday_draw", f"{one.id * 7919:07}"), NOW) for one in await contacts(store, 30)]
    await store.run(lambda unit: unit.write(Writes(draws=given), NOW))
    await store.close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database in which thirty people have a number."""
    asyncio.run(_with_numbers(tmp_path / "bot.db"))
    return f"sqlite:///{tmp_path / 'bot.db'}"


def test_anybody_checks_a_draw_as_the_page_shows(trinario: Trinario, url: str, tmp_path: Path) -> None:
    def said(*words: str) -> str:
        done = trinario("draw", "birthday_draw", *words, cwd=tmp_path, TRINARIO_DATABASE_URL=url)
        assert done.returncode == 0, done.stderr
        return done.stdout

    published = said("--commit").strip()
    assert said("--commit").strip() == published
    drawn = json.loads(said("--winners", "3", "--format", "json"))
    assert drawn["commitment"] == published and drawn["committed_at"] and drawn["numbers"] == 30
    (tmp_path / "numbers.txt").write_text(said("--numbers"))
    block = next(one for one in re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S) if "numbers.txt" in one)
    checked = subprocess.run(
        [sys.executable, "-c", block.replace('"..."', repr(drawn["seed"]))], cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    lines = checked.stdout.splitlines()
    assert lines == [published, drawn["entrants"], str([one["number"] for one in drawn["winners"]])], checked.stderr
    told = json.loads(said("--numbers", "--format", "json"))
    assert told["numbers"] == (tmp_path / "numbers.txt").read_text().split()
    assert told["entrants"] == told["drawn_entrants"] == drawn["entrants"]
    assert "fixed before" in said("--winners", "3")


def test_a_seed_that_was_not_fixed_before_is_told(trinario: Trinario, url: str) -> None:
    drawn = trinario("draw", "birthday_draw", "--winners", "1", TRINARIO_DATABASE_URL=url)
    assert drawn.returncode == 0 and "nobody could publish it before" in drawn.stdout
    both = trinario("draw", "birthday_draw", "--commit", "--numbers", TRINARIO_DATABASE_URL=url)
    assert both.returncode == 2 and "one after the other" in both.stderr
    none = trinario("draw", "summer", "--numbers", TRINARIO_DATABASE_URL=url)
    assert none.returncode == 78 and "draws with numbers: birthday_draw (30)" in none.stderr
