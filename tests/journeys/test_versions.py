"""Flows that change while people stand in them: hot reload, deploy, rollback, on real processes."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import ROOMS
from tests.journeys.house import KNOBS
from tests.postgres import Server
from tests.processes import SECRETS, Bot, Meta, call, eventually, free_port

LUNCH = """flow: lunch
triggers: [{keyword: [lunch]}]
%s
steps:
  first: {ask: What first?, type: text}
  %s: {ask: %s, type: text}
  done: {send: "Enjoy."}
"""
BEFORE = LUNCH % ("", "then", "And then?")
AFTER = LUNCH % ("", "then", "What comes next?")
MOVING = LUNCH % ("migrations: [{rename: {then: next_dish}}]", "next_dish", "What is next?")


class Project:
    """A folder with one bot and one flow, and commands on it."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.bot = folder / "bots" / "rooms"
        shutil.copytree(ROOMS, self.bot)
        (folder / "flows").mkdir()
        text = (self.bot / "bot.yaml").read_text()
        begin, end = text.index("flows: ["), text.index("fields:")
        (self.bot / "bot.yaml").write_text(f"{text[:begin]}flows: [lunch]\n{text[end:]}")
        self.write(BEFORE)

    def write(self, text: str) -> None:
        """The flow says something else now; in place at once, as editors do it."""
        new = self.folder / "flows" / ".lunch.new"
        new.write_text(text)
        new.replace(self.folder / "flows" / "lunch.yaml")

    def says(self, *command: str, code: int = 0) -> str:
        """What a command prints; it must end so."""
        environ = {**os.environ, **SECRETS, "TRINARIO_DATABASE_URL": self.database}
        done = subprocess.run(
            [sys.executable, "-m", "trinario", *command], cwd=self.folder, env=environ, capture_output=True, timeout=40
        )
        assert done.returncode == code, (done.stdout + done.stderr).decode()
        return done.stdout.decode()

    def data(self, *command: str, code: int = 0) -> Any:
        """The same as data."""
        return json.loads(self.says(*command, "--format", "json", code=code))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Meta, Bot, Project]]:
    """The emulator, and a bot on SQLite that serves the files of a project."""
    yield from _running(tmp_path, f"sqlite:///{tmp_path / 'bot.db'}")


def _running(folder: Path, database: str) -> Iterator[tuple[Meta, Bot, Project]]:
    port, project = free_port(), Project(folder / "project", database)
    meta = Meta(folder, f"http://127.0.0.1:{port}", KNOBS)
    bot = Bot("bot", folder, meta.url, database, project.bot, port)
    try:
        meta.start()
        bot.start()
        yield meta, bot, project
    finally:
        bot.close()
        meta.close()


def _metric(bot: Bot, name: str) -> float:
    text = urllib.request.urlopen(f"{bot.url}/metrics", timeout=10).read().decode()
    return float(next(line.split()[1] for line in text.splitlines() if line.startswith(f"{name} ")))


def test_flows_change_while_people_stand_in_them(running: tuple[Meta, Bot, Project]) -> None:
    _read_again(*running)
    _deployed(*running)


def _read_again(meta: Meta, bot: Bot, project: Project) -> None:
    """The files are served, and read again when they change."""
    ana, ben, cleo = (meta.person(name) for name in ("Ana Rossi", "Ben Gray", "Cleo Marsh"))
    ana.say("messenger", "lunch")
    ana.sees("messenger", 1)

    project.write(AFTER)
    eventually(lambda: "serving what they say now" in bot.said(), "the new text is served")
    ben.say("messenger", "lunch")
    ben.sees("messenger", 1)
    ben.say("messenger", "Soup")
    assert ben.sees("messenger", 2)[-1] == "What comes next?"
    ana.say("messenger", "Soup")
    assert ana.sees("messenger", 2)[-1] == "And then?", "she finishes on the revision she began on"

    project.write(AFTER.replace("done:", "done"))
    eventually(lambda: _metric(bot, "trinario_flows_refused"), "the fault is counted")
    assert call("GET", f"{bot.url}/healthz") == (200, {"status": "ok", "flows": "refused"})
    assert "lunch.yaml:" in bot.said() and "what was served stays" in bot.said()
    cleo.say("messenger", "lunch")
    assert cleo.sees("messenger", 1) == ["What first?"]

    project.write(MOVING)
    eventually(lambda: not _metric(bot, "trinario_flows_refused"), "the mended files are served")
    eventually(lambda: "sessions moved" in bot.said(), "who waits is moved")
    ana.say("messenger", "Cake")
    assert ana.sees("messenger", 3)[-1] == "Enjoy."
    cleo.say("messenger", "Soup")
    assert cleo.sees("messenger", 2)[-1] == "What is next?"
    cleo.say("messenger", "Cake")
    assert cleo.sees("messenger", 3)[-1] == "Enjoy."


def _deployed(meta: Meta, bot: Bot, project: Project) -> None:
    """Once something is deployed the files do not count."""
    project.write(BEFORE)
    eventually(lambda: bot.said().count("serving what they say now") == 3, "the first text again")
    deployed = project.data("deploy", "--yes")["deployment"]
    eventually(lambda: f"serving deployment {deployed}" in bot.said(), "the deployment is served")
    project.write(AFTER)
    eventually(lambda: "not served, because something else is deployed" in bot.said(), "the file is named")
    ana = meta.person()
    ana.say("messenger", "lunch")
    ana.sees("messenger", 1)
    ana.say("messenger", "Soup")
    assert ana.sees("messenger", 2)[-1] == "And then?"

    project.write("flow: lunch\nsteps: {}\n")
    assert "cannot be deployed" not in project.says("plan", code=1)
    bot.terminate()
    bot.start()
    assert "have errors and are not served" in bot.said()
    ana.say("messenger", "Cake")
    assert ana.sees("messenger", 3)[-1] == "Enjoy."


def test_all_processes_of_a_cell_take_a_deployment_and_go_back(tmp_path: Path, postgres_server: Server) -> None:
    database = postgres_server.database(f"versions_{free_port()}")
    port, project = free_port(), Project(tmp_path / "project", database)
    meta = Meta(tmp_path, f"http://127.0.0.1:{port}", KNOBS)
    bots = [Bot(f"bot{n}", tmp_path, meta.url, database, project.bot, port if n == 0 else 0) for n in range(2)]
    try:
        meta.start()
        for bot in bots:
            bot.start()
        ana, ben = meta.person("Ana Rossi"), meta.person("Ben Gray")
        first = project.data("deploy", "--yes")["deployment"]
        for person in (ana, ben):
            person.say("messenger", "lunch")
            person.sees("messenger", 1)
        ana.say("messenger", "Soup")
        assert ana.sees("messenger", 2)[-1] == "And then?"

        project.write(MOVING)
        done = project.data("deploy", "--yes")
        plan = done["plan"]
        assert {(one["step"], one["sessions"], one["fate"], one["to"]) for one in plan["waiting"]} == {
            ("then", 1, "moves", "next_dish"), ("first", 1, "moves", "first"),
        }  # fmt: skip
        assert plan["flows"][0]["renamed"] == {"then": "next_dish"}
        assert not done["moving"] and done["deployment"] > first
        for bot in bots:
            eventually(lambda bot=bot: f"serving deployment {done['deployment']}" in bot.said(), "both take it over")
        ben.say("messenger", "Soup")
        assert ben.sees("messenger", 2)[-1] == "What is next?"

        back = project.data("rollback", "--yes")
        assert back["source"] == first
        for bot in bots:
            eventually(lambda bot=bot: f"serving deployment {back['deployment']}" in bot.said(), "both go back")
        cleo = meta.person("Cleo Marsh")
        cleo.say("messenger", "lunch")
        cleo.sees("messenger", 1)
        cleo.say("messenger", "Soup")
        assert cleo.sees("messenger", 2)[-1] == "And then?"
        bots[1].kill()
        ben.say("messenger", "Cake")
        assert ben.sees("messenger", 3)[-1] == "Enjoy.", "who was moved finishes where she is"
        played = project.data("replay", "--against", str(first))
        assert (played["counts"]["same"], played["counts"]["unplayable"]) == (1, 2), played
        assert not meta.violations()
    finally:
        for child in (*bots, meta):
            child.close()
