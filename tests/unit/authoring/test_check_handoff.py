"""Handoffs to a team that is not always there."""

from pathlib import Path

import pytest

from tests.unit.authoring.test_beyond import BOT, steps
from tests.walks import LIMITS, WINDOWS
from trinario.authoring.check import check_bot
from trinario.authoring.load import load_project
from trinario.authoring.parse_bot import parse_bot

HOURS = '{hours: {weekdays: "09:00-18:00"}, zone: Europe/Rome}'


def codes(folder: Path, text: str, sales: str = "{}", more: str = "") -> list[str]:
    (folder / "bots/club").mkdir(parents=True)
    (folder / "flows").mkdir()
    (folder / "bots/club/bot.yaml").write_text(BOT.replace("sales: {}", f"sales: {sales}") + more)
    (folder / "flows/a.yaml").write_bytes(steps(text))
    return [issue.code for issue in check_bot(load_project(folder, None, {}), LIMITS, WINDOWS)]


@pytest.mark.parametrize(
    ("text", "sales", "found"),
    [
        ("h: {handoff: sales}", "{}", []),
        ("h: {handoff: sales}", HOURS, ["T127"]),
        ("h: {handoff: sales}", "{holidays: [12-25]}", ["T127"]),
        ('h: {handoff: sales, hours: "09:00-12:00"}', "{}", ["T127"]),
        ("h: {handoff: sales, on_unavailable: s}\ns: {send: Closed}", HOURS, []),
    ],
)
def test_other_hours_want_a_way(tmp_path: Path, text: str, sales: str, found: list[str]) -> None:
    assert codes(tmp_path, text, sales) == found


@pytest.mark.parametrize(
    ("sales", "code"),
    [
        ("{hours: {moday: '09:00-18:00'}}", "T021"),
        ("{hours: nine to six}", "S036"),
        ("{holidays: [christmas]}", "T021"),
    ],
)
def test_hours_that_are_none(sales: str, code: str) -> None:
    assert code in codes_of_the_bot(sales)


def codes_of_the_bot(sales: str) -> list[str]:
    """The issues of bot.yaml itself."""
    text = BOT.replace("sales: {}", f"sales: {sales}")
    return [issue.code for issue in parse_bot(text.encode(), "bots/club/bot.yaml", {}).issues]
