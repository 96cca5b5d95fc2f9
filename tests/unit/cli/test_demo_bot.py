"""Which bot the demo plays, what is made up for it, and the accounts that the emulator gets."""

from pathlib import Path

import pytest

from tests.unit.cli.conftest import ROOT, Trinario
from trinario.authoring.environment import Missing
from trinario.authoring.parse_bot import parse_bot
from trinario.cli.demo_bot import SUPPLIED, DemoBot, bot_of, chosen_bot, made_up
from trinario.emulator.config import load_config
from trinario.errors import ConfigError

OWN_NAMES = """
bot: bakery
title: The Bakery
locale: en
timezone: Europe/Rome
channels:
  wa:
    platform: whatsapp
    phone_number_id: "${BAKERY_NUMBER}"
    phone: "${BAKERY_PHONE}"
    waba_id: "123456789012345"
    access_token: "${BAKERY_TOKEN}"
    app_secret: ["${BAKERY_SECRET}", "${BAKERY_OLD_SECRET}"]
    verify_token: "${BAKERY_VERIFY}"
    pace: "${BAKERY_PACE}"
  second:
    platform: whatsapp
    phone_number_id: "123456789012340"
    phone: "+15550100009"
    access_token: "${BAKERY_TOKEN}"
    app_secret: "${BAKERY_SECRET}"
    verify_token: "${BAKERY_VERIFY}"
  page:
    platform: messenger
    page_id: "100000000000003"
    page_name: "${BAKERY_PAGE}"
    app_id: "100000000000004"
    access_token: "${PAGE_TOKEN}"
    app_secret: "${BAKERY_SECRET}"
    verify_token: "${BAKERY_VERIFY}"
flows: [welcome]
teams:
  office: {notify: ["${BAKERY_MAIL}"]}
"""


def played(text: str) -> DemoBot:
    """The bot of a file, with what is missing made up."""
    values = made_up(parse_bot(text.encode(), "bot.yaml", {}).missing)
    parsed = parse_bot(text.encode(), "bot.yaml", values)
    assert parsed.missing == () and [str(issue) for issue in parsed.issues] == []
    return bot_of(Path("bots/bakery"), parsed)


def bots(root: Path, *names: str) -> None:
    for name in names:
        (root / "bots" / name).mkdir(parents=True)
        (root / "bots" / name / "bot.yaml").write_text("bot: it\n")


def test_the_demo_s_own_bot_comes_first_then_the_only_one(tmp_path: Path) -> None:
    bots(tmp_path, "bakery")
    assert chosen_bot(tmp_path, None) == tmp_path / "bots/bakery"
    bots(tmp_path, "cinema")
    with pytest.raises(ConfigError, match="choose with --bot .*bakery or --bot .*cinema"):
        chosen_bot(tmp_path, None)
    bots(tmp_path, "demo")
    assert chosen_bot(tmp_path, None) == tmp_path / "bots/demo"
    assert chosen_bot(tmp_path, tmp_path / "bots/cinema/bot.yaml") == tmp_path / "bots/cinema"
    with pytest.raises(ConfigError, match="there is no bots/none/bot.yaml"):
        chosen_bot(tmp_path, Path("bots/none"))


def test_variables_of_any_name_get_values_that_fit_where_they_stand() -> None:
    bot = played(OWN_NAMES)
    number = bot.channels["whatsapp"].values
    assert str(number["phone_number_id"]).isdigit() and str(number["phone"]).startswith("+1555")
    assert str(bot.channels["messenger"].values["page_name"]) == "demo-bakery-page"
    assert bot.channels["messenger"].values["access_token"] == SUPPLIED["PAGE_TOKEN"]


def test_a_variable_in_two_places_fits_the_stricter_one() -> None:
    missing = [Missing("IT", 3, "channels.page.access_token"), Missing("IT", 9, "channels.page.page_id")]
    assert made_up(missing)["IT"].isdigit()
    assert made_up(missing[::-1]) == made_up(missing)


def test_the_emulator_gets_the_accounts_of_the_bot() -> None:
    bot = played(OWN_NAMES)
    assert bot.platforms == ("whatsapp", "messenger")
    assert bot.left_out == ("second",)
    config = load_config(bot.accounts(8080))
    values = bot.channels["whatsapp"].values
    assert config.whatsapp.phone_number_id == values["phone_number_id"]
    assert f"+{config.whatsapp.phone}" == values["phone"]
    assert config.whatsapp.app_secret == "demo-bakery-secret", "the first one signs"
    assert config.whatsapp.name == "The Bakery"
    assert config.messenger.page_id == "100000000000003"
    assert config.messenger.webhook_url == "http://127.0.0.1:8080/webhooks/messenger"
    assert config.instagram.webhook_url == "", "there is no such channel"


def test_one_app_writes_for_page_and_instagram() -> None:
    text = (ROOT / "framework/trinario/cli/starter/bot.yaml").read_text()
    accounts = played(text.replace("@NAME@", "it").replace("@TITLE@", "It").replace("@PAGE@", "it")).accounts(1)
    assert accounts["instagram"]["app_id"] == accounts["messenger"]["app_id"] == "100000000000004"


def test_the_calendar_of_lucky_garden_is_for_who_may_call_it() -> None:
    assert not played(OWN_NAMES).calls_calendar
    demo = (ROOT / "bots/demo/bot.yaml").read_text()
    assert played(demo).calls_calendar
    assert load_config(played(demo).accounts(1)).messenger.page_name == "luckygarden"


def test_a_bot_that_is_not_there_is_told(trinario: Trinario, tmp_path: Path) -> None:
    bots(tmp_path, "bakery", "cinema")
    for options, said in (((), "choose with --bot"), (("--bot", "bots/none"), "there is no bots/none/bot.yaml")):
        outcome = trinario("demo", "--no-browser", *options, cwd=tmp_path)
        assert outcome.returncode == 78
        assert said in outcome.stderr
