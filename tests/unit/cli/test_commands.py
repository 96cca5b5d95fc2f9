"""Commands that end by themselves: what they print, and their exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.unit.cli.conftest import ROOT, Trinario, bare_environment, command
from trinario.cli.app import app
from trinario.cli.demo_bot import SUPPLIED
from trinario.emulator.server import Emulator
from trinario.runtime.doctor import examine

COMMANDS = (
    "demo",
    "init",
    "check",
    "test",
    "chat",
    "i18n extract",
    "i18n merge",
    "i18n status",
    "graph",
    "run",
    "plan",
    "deploy",
    "rollback",
    "deployments",
    "diff",
    "replay",
    "emulator",
    "schema",
    "explain",
    "doctor",
    "db upgrade",
    "db current",
    "templates status",
    "templates push",
    "templates pull",
    "costs",
    "draw",
    "strays",
    *(f"campaign {name}" for name in ("list", "plan", "start", "pause", "resume", "cancel", "report")),
    *(f"report {name}" for name in ("flow", "sequence")),
    *(f"channels {name}" for name in ("list", "resume")),
    *(f"webhooks {name}" for name in ("list", "enable", "replay", "test")),
    *(f"tickets {name}" for name in ("list", "close", "assign")),
    *(
        f"contacts {name}"
        for name in (
            "show",
            "merge",
            "unmerge",
            "unlink",
            "merges",
            "suggestions",
            "consent",
            "takeout",
            "erase",
            "set",
            "count",
            "sample",
        )
    ),
)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_s_help_has_an_example(name: str) -> None:
    outcome = CliRunner().invoke(app, [*name.split(), "--help"])
    assert outcome.exit_code == 0
    assert "Example" in outcome.output
    assert f"trinario {name}" in outcome.output


def test_no_command_is_missing_above() -> None:
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    groups = {group.typer_instance.info.name for group in app.registered_groups if group.typer_instance}
    assert names | groups == {name.split()[0] for name in COMMANDS}


def test_help_comes_at_once() -> None:
    """Half a second of CPU: the clock on the wall tells of the machine's other work as well."""
    before = os.times()
    subprocess.run(command("--help"), env=bare_environment(), stdout=subprocess.DEVNULL, timeout=30, check=True)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    assert spent < 0.5


def test_help_loads_nothing_heavy() -> None:
    heavy = ("aiohttp", "sqlalchemy", "pydantic", "yaml", "jinja2", "rich.console", "trinario.runtime")
    code = f"import sys, trinario.cli.app; print([name for name in {heavy!r} if name in sys.modules])"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert outcome.stdout == "[]\n"


def test_version(trinario: Trinario) -> None:
    assert trinario("--version").stdout == "trinario 0.1.0\n"


def test_a_mistyped_command_is_a_usage_error(trinario: Trinario) -> None:
    outcome = trinario("chek")
    assert outcome.returncode == 2
    assert "check" in outcome.stderr


def test_the_project_is_clean(trinario: Trinario) -> None:
    outcome = trinario("check")
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "no issues\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one flow that is wrong and one that is right."""
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "wrong.yaml").write_text("flow: wrong\nsteps:\n  a: {send: Hi, next: b}\n")
    (flows / "right.yaml").write_text("flow: right\nsteps:\n  a: {send: Hi}\n")
    return tmp_path


def test_a_wrong_flow_is_shown_where_it_is_wrong(trinario: Trinario, project: Path) -> None:
    outcome = trinario("check", cwd=project)
    assert outcome.returncode == 1
    assert outcome.stdout.startswith("flows/wrong.yaml:3:")
    assert "T012" in outcome.stdout
    assert outcome.stderr == "1 error\n"
    assert "\033[" not in outcome.stdout


def test_paths_choose_what_is_checked(trinario: Trinario, project: Path) -> None:
    assert trinario("check", "flows/right.yaml", cwd=project).returncode == 0
    assert trinario("check", "flows", cwd=project).returncode == 1
    assert trinario("check", str(project)).returncode == 1
    assert trinario("check", str(project / "flows" / "wrong.yaml")).returncode == 1


def test_a_bot_is_checked_with_the_flows_that_it_is_made_of(trinario: Trinario, project: Path) -> None:
    for name, flow in (("good", "right"), ("bad", "wrong")):
        folder = project / "bots" / name
        folder.mkdir(parents=True)
        page = "{platform: messenger, page_id: '1', page_name: shop, app_id: '2', access_token: t, app_secret: s, verify_token: v}"
        bot = f"bot: {name}\nlocale: en\nchannels: {{messenger: {page}}}\nflows: [{flow}]\ndefault_flow: {flow}\n"
        (folder / "bot.yaml").write_text(bot)
    for path in ("bots/bad", "bots/bad/bot.yaml", str(project / "bots" / "bad")):
        outcome = trinario("check", path, cwd=project)
        assert outcome.returncode == 1 and "flows/wrong.yaml:3:" in outcome.stdout, outcome
    for path in ("bots/good", "bots/good/bot.yaml"):
        outcome = trinario("check", path, cwd=project)
        assert outcome.returncode == 0 and "wrong.yaml" not in outcome.stdout, outcome


def test_talks_are_for_another_command(trinario: Trinario) -> None:
    outcome = trinario("check", "tests/talks")
    assert (outcome.returncode, "trinario test tests/talks" in outcome.stderr) == (2, True)


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_issues_for_machines(trinario: Trinario, project: Path, form: str) -> None:
    outcome = trinario("check", "--format", form, cwd=project)
    assert outcome.returncode == 1
    if form == "github":
        assert outcome.stdout.startswith("::error file=flows/wrong.yaml,line=3")
    elif form == "json":
        assert json.loads(outcome.stdout)["issues"][0]["code"] == "T012"
    else:
        assert json.loads(outcome.stdout)["runs"][0]["results"][0]["ruleId"] == "T012"


@pytest.mark.parametrize("paths", [["nowhere.yaml"], ["."], ["flows/nowhere.yaml"]])
def test_what_cannot_be_checked_is_a_usage_error(trinario: Trinario, tmp_path: Path, paths: list[str]) -> None:
    outcome = trinario("check", *paths, cwd=tmp_path)
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("trinario: there is no ")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"\0", b"[" * 5000, b"a: &a [*a]", b"- " * 2000, b"%YAML 9\n---\n"])
def test_a_file_outside_of_projects_is_checked_alone_whatever_it_holds(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "flow.yaml"
    file.write_bytes(data)
    outcome = CliRunner().invoke(app, ["check", str(file)])
    assert outcome.exit_code == 1
    assert outcome.exception is None or isinstance(outcome.exception, SystemExit)


def test_explain_and_schema(trinario: Trinario) -> None:
    assert trinario("explain", "t012").stdout.startswith("T012 ")
    unknown = trinario("explain", "T01")
    assert (unknown.returncode, "did you mean" in unknown.stderr) == (2, True)
    step = trinario("explain", "opt_in").stdout
    assert "opt_in, a step:" in step and "opt_in, a trigger:" in step and "wording (needed):" in step
    assert "on_<name>" in step and "refused: She said no" in step
    assert "gives" in trinario("explain", "date").stdout and "a type of answer" in trinario("explain", "nps").stdout
    assert "did you mean http?" in trinario("explain", "htp").stderr
    assert json.loads(trinario("schema", "flow").stdout)["type"] == "object"
    assert trinario("schema", "nonsense").returncode == 2


def test_the_database_is_made_and_known(trinario: Trinario, tmp_path: Path) -> None:
    before = json.loads(trinario("db", "current", "--format", "json", cwd=tmp_path).stdout)
    assert (before["revision"], before["current"]) == (None, False)
    assert not list(tmp_path.iterdir())
    made = json.loads(trinario("db", "upgrade", "--format", "json", cwd=tmp_path).stdout)
    assert made["changed"] is True
    again = trinario("db", "upgrade", cwd=tmp_path)
    assert again.stdout == f"the database is at {made['revision']} already\n"
    assert json.loads(trinario("db", "current", "--format", "json", cwd=tmp_path).stdout)["current"] is True


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////nowhere/at/all/bot.db", "there is no folder /nowhere/at/all"),
        ("postgresql://bot:secret@127.0.0.1:1/bot", "postgresql://bot@127.0.0.1:1/bot"),
        ("mysql://db", "TRINARIO_DATABASE_URL must be"),
    ],
)
def test_a_database_that_is_away(trinario: Trinario, url: str, words: str) -> None:
    outcome = trinario("db", "upgrade", TRINARIO_DATABASE_URL=url)
    assert outcome.returncode == 78
    assert words in outcome.stderr
    assert "secret" not in outcome.stderr


def test_a_file_that_is_no_database(trinario: Trinario, tmp_path: Path) -> None:
    (tmp_path / "trinario.db").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    outcome = trinario("db", "current", cwd=tmp_path)
    assert outcome.returncode == 78
    assert "not a database" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        (["--bot", "bots/nobody"], {}, "bots/nobody"),
        ([], {"TRINARIO_LOG": "xml"}, "TRINARIO_LOG must be json or text"),
        ([], {}, "WHATSAPP_TOKEN"),
        (["--role", "worker"], {}, "--role worker needs PostgreSQL"),
    ],
)
def test_run_does_not_start_on_a_wrong_configuration(
    trinario: Trinario, tmp_path: Path, arguments: list[str], variables: dict[str, str], words: str
) -> None:
    database = f"sqlite:///{tmp_path}/bot.db"
    outcome = trinario("run", *arguments, **{"TRINARIO_DATABASE_URL": database, **variables})
    assert outcome.returncode == 78
    assert words in outcome.stderr


def test_run_wants_to_know_which_bot(trinario: Trinario, tmp_path: Path) -> None:
    assert trinario("run", cwd=tmp_path).returncode == 78
    for name in ("one", "two"):
        (tmp_path / "bots" / name).mkdir(parents=True)
        (tmp_path / "bots" / name / "bot.yaml").touch()
    outcome = trinario("run", cwd=tmp_path)
    assert "--bot bots/one or --bot bots/two" in outcome.stderr


def test_doctor_says_everything_at_once_and_what_to_do(trinario: Trinario, tmp_path: Path) -> None:
    outcome = trinario(
        "doctor", "--format", "json", TRINARIO_GRAPH_URL="http://127.0.0.1:1", TRINARIO_API_TOKN="x",
        TRINARIO_DATABASE_URL=f"sqlite:///{tmp_path}/bot.db",
    )  # fmt: skip
    assert outcome.returncode == 1
    findings = json.loads(outcome.stdout)["findings"]
    states = {(finding["about"], finding["state"]) for finding in findings}
    assert {("environment", "doubtful"), ("bot", "wrong"), ("Graph", "wrong"), ("database", "fine")} <= states
    assert all(finding["mend"] for finding in findings if finding["state"] == "wrong")
    assert not list(tmp_path.iterdir()), "looking leaves no traces"


def test_the_demo_needs_its_bot(trinario: Trinario, tmp_path: Path) -> None:
    outcome = trinario("demo", "--no-browser", cwd=tmp_path)
    assert outcome.returncode == 78
    assert "bots/NAME/bot.yaml" in outcome.stderr
    assert not list(tmp_path.iterdir())


def test_output_into_a_closed_pipe_is_no_fault() -> None:
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    reader.wait()
    outcome = subprocess.run(
        command("schema", "flow"), cwd=ROOT, env=bare_environment(), stdout=reader.stdin, stderr=subprocess.PIPE, timeout=30,
        check=False,
    )  # fmt: skip
    assert b"Traceback" not in outcome.stderr


async def test_doctor_asks_the_graph_for_every_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(os.environ) - set(bare_environment()):
        monkeypatch.delenv(name)
    emulator = Emulator()
    port = await emulator.start()
    variables = {
        "TRINARIO_GRAPH_URL": f"http://127.0.0.1:{port}", "TRINARIO_DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
        **SUPPLIED, "PAGE_TOKEN": "a-wrong-token",
    }  # fmt: skip
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = {finding.about: finding for finding in await examine(ROOT / "bots" / "demo", os.environ)}
    assert found["mail"].state == "doubtful" and "smtp://" in found["mail"].mend
    await emulator.stop()
    assert (found["channel whatsapp"].state, found["channel messenger"].state) == ("fine", "wrong")
    assert "access_token" in found["channel messenger"].mend
    assert "a-wrong-token" not in str(found)
    assert (found["bot"].state, found["clock"].state, found["secret key"].state) == ("fine", "fine", "fine")


async def test_doctor_asks_telegram_who_the_bot_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(os.environ) - set(bare_environment()):
        monkeypatch.delenv(name)
    emulator = Emulator({"telegram": {"token": "7770001112:a"}})
    here = f"http://127.0.0.1:{await emulator.start()}"
    variables = {"TRINARIO_GRAPH_URL": here, "TRINARIO_TELEGRAM_URL": here,
                 "TRINARIO_DATABASE_URL": f"sqlite:///{tmp_path}/bot.db"}  # fmt: skip
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    roaming = ROOT / "tests" / "projects" / "roaming" / "bots" / "roaming"
    found = {finding.about: finding for finding in await examine(roaming, os.environ)}
    assert found["channel telegram"].state == "doubtful" and "TRINARIO_PUBLIC_URL" in found["channel telegram"].mend
    monkeypatch.setenv("TRINARIO_PUBLIC_URL", "https://bot.example")
    found = {finding.about: finding for finding in await examine(roaming, os.environ)}
    assert (found["channel telegram"].state, found["channel telegram"].what) == ("fine", "known as @roaming_bot")
    await emulator.stop()
    found = {finding.about: finding for finding in await examine(roaming, os.environ)}
    assert found["channel telegram"].state == "wrong"


def test_the_seed_of_a_draw_is_fixed_without_saying_how_many_win(trinario: Trinario, tmp_path: Path) -> None:
    """The default of an option is held against its bounds too."""
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    assert trinario("db", "upgrade", TRINARIO_DATABASE_URL=url).returncode == 0
    fixed = trinario("draw", "cakes", "--commit", TRINARIO_DATABASE_URL=url)
    assert fixed.returncode == 0, fixed.stderr
    unsaid = trinario("draw", "cakes", TRINARIO_DATABASE_URL=url)
    assert unsaid.returncode == 2 and "say how many win" in unsaid.stderr
