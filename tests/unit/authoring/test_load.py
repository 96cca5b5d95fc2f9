"""Loading: the demo bot, projects with faults, variables of the environment."""

import os
import shutil
from pathlib import Path

import pytest

from trinario.authoring.check import check_bot
from trinario.authoring.load import load_bot, load_project
from trinario.channels.instagram.limits import LIMITS as INSTAGRAM
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.whatsapp.limits import LIMITS as WHATSAPP
from trinario.errors import ConfigError
from trinario.model.channel import Window

ROOT = Path(__file__).parents[3]
LIMITS = {"whatsapp": WHATSAPP, "messenger": MESSENGER, "instagram": INSTAGRAM}
ENVIRON = {"WHATSAPP_TOKEN": "wt", "PAGE_TOKEN": "pt", "META_APP_SECRET": "s3cret", "META_VERIFY_TOKEN": "vt"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "bots/demo", tmp_path / "bots/demo")
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    return tmp_path


def test_the_demo_bot_has_no_issue() -> None:
    project = load_project(ROOT, None, {})
    assert [issue for issue in check_bot(project, LIMITS) if issue.file.startswith(("flows/", "bots/demo/bot"))] == []


def test_the_demo_bot_is_what_its_files_say(project: Path) -> None:
    loaded = load_bot(project / "bots/demo", LIMITS, ENVIRON, {"messenger": Window(human=7)})
    bot = loaded.bot
    assert loaded.issues == () and bot.name == "demo" and bot.title == "Lucky Garden" and bot.region == "IT"
    assert list(bot.channels) == ["whatsapp", "messenger", "instagram"]
    assert bot.channels["messenger"].window.human == 7 and bot.channels["whatsapp"].limits is WHATSAPP
    assert {"welcome", "lead_capture"} <= set(bot.flows) and bot.default_flow == "welcome"
    assert {"interest", "budget"} <= set(bot.fields) and bot.fields["email"].personal
    italian = bot.flows["welcome"].words["it"]
    assert italian["colour.choices.0.title"].source == "Rosso"
    assert len(italian) == sum(1 for _ in (ROOT / "flows/welcome.it.po").read_text("utf-8").split("msgctxt")) - 1


def test_settings_of_channels(project: Path) -> None:
    whatsapp, messenger, instagram = load_bot(project / "bots/demo/bot.yaml", LIMITS, ENVIRON).settings
    assert (whatsapp.id, whatsapp.platform) == ("whatsapp", "whatsapp")
    assert whatsapp.values["phone_number_id"] == "106540352242922" and whatsapp.values["access_token"] == "wt"
    assert messenger.values["app_secret"] == ("s3cret",) and instagram.values["login"] == "facebook"


def test_all_missing_variables_are_named_at_once(project: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_bot(project / "bots/demo", LIMITS, {"PAGE_TOKEN": "x", "META_APP_SECRET": ""})
    text = str(caught.value)
    assert "bot.yaml:14: channels.whatsapp.access_token needs WHATSAPP_TOKEN" in text
    assert "META_APP_SECRET" in text and "META_VERIFY_TOKEN" in text and "PAGE_TOKEN" not in text


def test_a_fault_stops_the_start_with_its_place(project: Path) -> None:
    file = project / "flows/welcome.yaml"
    file.write_text(file.read_text("utf-8").replace("next: colour", "next: color"), "utf-8")
    with pytest.raises(ConfigError, match=r'(?s)T012 step "to_instagram" goes to "color".*did you mean "colour"'):
        load_bot(project / "bots/demo", LIMITS, ENVIRON)


def test_a_flow_that_the_bot_does_not_list_stops_nothing(project: Path) -> None:
    (project / "flows/draft.yaml").write_text("flow: draft\nsteps: {x: {send: Hi, next: nowhere}}\n", "utf-8")
    loaded = load_bot(project / "bots/demo", LIMITS, ENVIRON)
    assert loaded.issues == () and "draft" not in loaded.bot.flows
    codes = [issue.code for issue in check_bot(load_project(project, None, {}), LIMITS)]
    assert codes == ["T046", "T012"]


def test_the_revision_follows_the_translation(project: Path) -> None:
    before = load_bot(project / "bots/demo", LIMITS, ENVIRON).bot.flows
    file = project / "flows/welcome.it.po"
    file.write_text(file.read_text("utf-8").replace("Rosso", "Rosso vivo"), "utf-8")
    after = load_bot(project / "bots/demo", LIMITS, ENVIRON).bot.flows
    assert before["welcome"].revision != after["welcome"].revision
    assert before["lead_capture"].revision == after["lead_capture"].revision


def test_files_that_are_not_read_are_told(project: Path) -> None:
    (project / "flows/extra.yml").write_text("flow: extra\n", "utf-8")
    (project / "flows/lost.it.po").write_text("", "utf-8")
    (project / "flows/welcome.italian.po").write_text("", "utf-8")
    issues = load_project(project, None, {}).issues
    assert [(issue.code, Path(issue.file).name) for issue in issues] == [
        ("T018", "extra.yml"), ("T018", "lost.it.po"), ("S042", "welcome.italian.po"),
    ]  # fmt: skip


def test_a_flow_declared_twice(project: Path) -> None:
    shutil.copy(project / "flows/welcome.yaml", project / "flows/zz.yaml")
    issues = [issue for issue in load_project(project, None, {}).issues if issue.code == "T017"]
    assert len(issues) == 1 and issues[0].file.endswith("zz.yaml") and "welcome.yaml" in issues[0].message


def test_an_unreadable_file_is_an_issue(project: Path) -> None:
    (project / "flows/gone.yaml").symlink_to(project / "nowhere")
    (issue,) = load_project(project, None, {}).issues
    assert issue.code == "T019" and "no such file" in issue.message


def test_no_bot_and_no_project(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="go to the folder"):
        load_project(tmp_path, None, {})
    with pytest.raises(ConfigError, match="name another bot"):
        load_bot(tmp_path / "bots/nobody", LIMITS, {})


def test_secrets_do_not_stand_in_issues(project: Path) -> None:
    file = project / "bots/demo/bot.yaml"
    file.write_text(file.read_text("utf-8").replace("login: facebook", "login: ${PAGE_TOKEN}x"), "utf-8")
    issues = load_project(project, None, {**ENVIRON, "PAGE_TOKEN": "hush"}).issues
    assert issues and not any("hush" in f"{issue.message}{issue.hint}{issue.excerpt}" for issue in issues)


def test_what_is_no_file_is_an_issue(project: Path) -> None:
    (project / "flows/circle.yaml").symlink_to("circle.yaml")
    os.mkfifo(project / "flows/pipe.yaml")
    os.mkfifo(project / "flows/welcome.pt.po")
    found = [issue for issue in load_project(project, None, {}).issues if issue.code == "T019"]
    assert sorted(Path(issue.file).name for issue in found) == ["circle.yaml", "pipe.yaml", "welcome.pt.po"]


def test_a_flow_that_cannot_be_read_is_blamed_itself_and_not_the_bot_that_lists_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bots", tmp_path / "bots")
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    (tmp_path / "flows" / "welcome.yaml").write_text("flow: welcome\nsteps:\n\thello: {send: Hi}\n")
    with pytest.raises(ConfigError) as refused:
        load_bot(tmp_path / "bots" / "demo", LIMITS, ENVIRON)
    assert "welcome.yaml:3" in str(refused.value) and 'there is no flow "welcome"' not in str(refused.value)


def test_a_broken_flow_that_no_bot_lists_stops_nobody(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bots", tmp_path / "bots")
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    (tmp_path / "flows" / "wip.yaml").write_text("flow: wip\nsteps:\n\thello: {send: Hi}\n")
    assert load_bot(tmp_path / "bots" / "demo", LIMITS, ENVIRON).bot.flows.keys() == {
        file.stem for file in (ROOT / "flows").glob("*.yaml")
    }
