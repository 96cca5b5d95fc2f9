"""Commands of a channel: what a flow or the bot's own words take, and what nothing takes."""

from pathlib import Path

import pytest

from tests.walks import LIMITS, WINDOWS
from trinario.authoring.check import check_bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_bot import parse_bot
from trinario.authoring.project import Project

BOT = """
bot: b
locale: en
timezone: UTC
flows: [f]
channels:
  wa: {platform: whatsapp, phone_number_id: "1", phone: "+15550783881", access_token: t, app_secret: s, verify_token: v,
    commands: COMMANDS}
"""


def told(commands: str, trigger: str = "keyword: [Hours, open now]") -> list[str]:
    flow = parse_flow(f"flow: f\ntriggers: [{{{trigger}}}]\nsteps: {{s: {{send: Hi}}}}".encode(), "flows/f.yaml")
    bot = parse_bot(BOT.replace("COMMANDS", commands).encode(), "bots/b/bot.yaml", {})
    issues = (*bot.issues, *check_bot(Project(Path(), {"f": flow}, {"b": bot}, ()), LIMITS, WINDOWS))
    return [f"{issue.code} {issue.message}" for issue in issues if issue.code in ("T021", "T111", "T119")]


@pytest.mark.parametrize(
    ("commands", "trigger", "wanted"),
    [
        ("{hours: When we are open}", "keyword: [Hours, open now]", []),
        ("{stop: No more of this}", "keyword: [hours]", []),
        ("{prices: What it costs}", "keyword: [hours]", ["T119 /prices begins no flow, and is no word of the bot"]),
        ("{prices: What it costs}", "keyword: [price], match: contains", []),
        ("{" + "x" * 33 + ": y}", "keyword: [hours]", ["T021"]),
        ("{hours: " + "x" * 257 + "}", "keyword: [hours]", ["T021"]),
        ("{a b: y}", "keyword: [hours]", ["T021"]),
        ("{" + ", ".join(f"hours{n}: y" for n in range(31)) + "}", "keyword: [hours], match: contains",
         ["T111 there are more than 30 commands"]),
    ],
)  # fmt: skip
def test_what_takes_a_command(commands: str, trigger: str, wanted: list[str]) -> None:
    found = told(commands, trigger)
    assert len(found) == len(wanted), found
    assert all(line.startswith(start) for line, start in zip(found, wanted, strict=True)), found
