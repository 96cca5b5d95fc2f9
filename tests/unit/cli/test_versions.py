"""`plan`, `deploy`, `rollback`, `deployments`, `diff` and `replay` on a project and a database of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Outcome, Trinario

BOT = """bot: shop
locale: en
timezone: Europe/Rome
channels:
  wa: {platform: whatsapp, phone_number_id: "11", phone: "+15550001", waba_id: "12", access_token: "${T}",
       app_secret: "${T}", verify_token: "${T}"}
flows: [shop]
"""
SHOP = """flow: shop
triggers: [{keyword: shop}]
steps:
  colour: {ask: Which colour?, type: text}
  thanks: {send: Thank you!}
"""

Shop = Callable[..., Outcome]


@pytest.fixture
def shop(trinario: Trinario, tmp_path: Path) -> Shop:
    """Commands in a project, on its own SQLite file; no variable of bot.yaml is set, for none is needed."""
    (tmp_path / "bots/shop").mkdir(parents=True)
    (tmp_path / "flows").mkdir()
    (tmp_path / "bots/shop/bot.yaml").write_text(BOT)
    (tmp_path / "flows/shop.yaml").write_text(SHOP)
    return lambda *arguments: trinario(
        *arguments, cwd=tmp_path, TRINARIO_DATABASE_URL=f"sqlite:///{tmp_path / 'bot.db'}"
    )


def data(outcome: Outcome) -> Any:
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


def test_a_plan_touches_nothing(shop: Shop, tmp_path: Path) -> None:
    outcome = shop("plan")
    assert outcome.returncode == 0 and "+ flow shop is new" in outcome.stdout
    assert "nothing was ever served" in outcome.stdout and not (tmp_path / "bot.db").exists()


def test_from_the_first_deployment_to_a_rollback(shop: Shop, tmp_path: Path) -> None:
    first = data(shop("deploy", "--yes", "--format", "json"))["deployment"]
    again = data(shop("deploy", "--yes", "--format", "json"))
    assert again["deployment"] == first, "what is deployed already is not deployed once more"
    (tmp_path / "flows/shop.yaml").write_text(SHOP.replace("Which", "What").replace("keyword: shop", "keyword: store"))
    plan = shop("plan").stdout
    for line in ('" colour.ask', "- Which colour?", "+ What colour?", "+ begins by keyword store", "nobody waits"):
        assert line in plan
    outcome = shop("deploy", "--yes")
    assert outcome.returncode == 0 and "is current" in outcome.stderr

    page = shop("diff", str(first), "live").stdout
    assert "| ~~Which~~**What** colour? |" in page and "classDef changed" in page
    assert data(shop("diff", "--format", "json")) == []
    revision = data(shop("deployments", "--format", "json"))[1]["flows"]["shop"][0]
    assert "~~What~~**Which**" in shop("diff", "live", revision[:10]).stdout

    back = data(shop("rollback", "--yes", "--format", "json"))
    assert (back["source"], back["kind"]) == (first, "rollback")
    assert shop("rollback", "--yes").returncode == 78, "there is nothing before the first"
    assert data(shop("rollback", "--to", "files", "--yes", "--format", "json"))["kind"] == "files"
    listed = shop("deployments").stdout.splitlines()
    assert [line.split()[3] for line in listed] == ["files", "rollback", "deploy", "deploy"]


def test_files_with_errors_are_planned_and_not_deployed(shop: Shop, tmp_path: Path) -> None:
    shop("deploy", "--yes")
    (tmp_path / "flows/shop.yaml").write_text(SHOP + "  lost: {send: Hi, next: nowhere}\n")
    plan = shop("plan")
    assert plan.returncode == 1 and "! flows/shop.yaml:6: T012" in plan.stdout
    outcome = shop("deploy", "--yes")
    assert outcome.returncode == 1 and "nowhere" in outcome.stderr and "cannot be deployed" in outcome.stderr
    assert len(data(shop("deployments", "--format", "json"))) == 1


def test_nobody_is_there_to_be_asked(shop: Shop) -> None:
    outcome = shop("deploy")
    assert outcome.returncode == 2 and "--yes" in outcome.stderr
    assert data(shop("deployments", "--format", "json")) == []
    assert "nothing was deployed so far" in shop("deployments").stderr


@pytest.mark.parametrize(
    "command,words",
    [
        (("diff", "live", "disk"), "nothing is live"),
        (("diff", "disk", "abc"), "neither disk, live"),
        (("diff", "disk", "abcdef"), "no revision begins with abcdef"),
        (("rollback", "--yes"), "nothing was ever served"),
        (("replay", "--flow", "nobody"), 'there is no flow "nobody"'),
        (("plan", "--bot", "bots/nobody"), "there is no bots/nobody/bot.yaml"),
    ],
)
def test_what_does_not_exist_is_said_in_words(shop: Shop, command: tuple[str, ...], words: str) -> None:
    outcome = shop(*command)
    assert outcome.returncode == 78 and words in outcome.stderr


def test_a_deployment_that_is_not_there(shop: Shop) -> None:
    shop("deploy", "--yes")
    outcome = shop("rollback", "--to", "99", "--yes")
    assert outcome.returncode == 78 and "there is no deployment 99" in outcome.stderr


def test_a_replay_of_nothing(shop: Shop) -> None:
    shop("deploy", "--yes")
    assert shop("replay", "--against", "disk").stdout == "0 sessions against disk\n"
    assert data(shop("replay", "--format", "json"))["counts"]["same"] == 0
