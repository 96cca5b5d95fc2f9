"""A small project on disk, and one talk after another played with its bot."""

import asyncio
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from trinario.testing.checking import check_talk
from trinario.testing.reading import parse_talk
from trinario.testing.run import load
from trinario.testing.talk import Played, play

BOT = """
bot: mini
locale: en
timezone: Europe/Rome
channels:
  wa: {platform: whatsapp, phone_number_id: "11", phone: "+15550001", waba_id: "12", access_token: "${T}",
       app_secret: "${S}", verify_token: "${V}"}
  messenger: {platform: messenger, page_id: "21", page_name: mini, access_token: "${T}", app_secret: "${S}",
              verify_token: "${V}"}
  instagram: {platform: instagram, account_id: "31", page_id: "21", username: mini, access_token: "${T}",
              app_secret: "${S}", verify_token: "${V}"}
flows: [ask, order, nudge, late, broken, soon]
default_flow: ask
fields: {colour: {type: text}, size: {type: number}, visit: {type: datetime}}
events: {order.paid: {order: text}}
teams: {shop: {}}
"""

FLOWS = {
    "soon": """
flow: soon
triggers: [{date: fields.visit, before: 1d}]
steps:
  soon: {send: See you tomorrow!, if: channel.window_open}
""",
    "ask": """
flow: ask
triggers: [{keyword: colour}]
steps:
  colour:
    ask: Which colour?
    choices: [Red, Blue]
    save: fields.colour
    timeout: 1h
  tagged: {tag: chooser}
  thanks: {send: "Thanks for {{ answers.colour or 'nothing' }}!"}
""",
    "order": """
flow: order
triggers: [{event: order.paid}]
delivery: {template: {name: order_paid}}
steps:
  paid: {send: "Order {{ trigger.order }} is paid."}
  picture: {send: {image: "https://shop.example/box.jpg", caption: Your box}}
  links: {send: {text: Where is it?, links: [{title: Track, url: "https://shop.example/track"}]}}
""",
    "nudge": """
flow: nudge
triggers: [{keyword: nudge}]
vars: {times: 2}
steps:
  first: {send: One}
  pause: {wait: 2h}
  second: {send: Two}
""",
    "late": """
flow: late
triggers: [{keyword: late}]
steps:
  only: {send: Late}
""",
    "broken": """
flow: broken
triggers: [{keyword: broken}]
steps:
  bad: {send: "{{ 1 / 0 }}"}
""",
}

TEMPLATES = """
templates:
  order_paid: {category: utility, languages: {en: {body: Your order is paid.}}}
"""

Play = Callable[[str], Played]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mini")
    (root / "bots/mini").mkdir(parents=True)
    (root / "bots/mini/bot.yaml").write_text(BOT)
    (root / "bots/mini/templates.yaml").write_text(TEMPLATES)
    (root / "flows").mkdir()
    for name, text in FLOWS.items():
        (root / f"flows/{name}.yaml").write_text(text)
    return root


@pytest.fixture(scope="session")
def talked(project: Path) -> Play:
    """Plays the steps of a talk, which begins on WhatsApp unless it says otherwise."""
    loaded = load(project / "bots/mini")

    def run(text: str) -> Played:
        text = textwrap.dedent(text)
        head = "" if "channel:" in text.split("steps:")[0] else "channel: wa\n"
        parsed = parse_talk(f"talk: it\n{head}{text}".encode(), "it.yaml")
        assert parsed.talk is not None and parsed.notes is not None, parsed.issues
        issues = check_talk(parsed.notes, loaded.bot)
        assert not issues, issues
        return asyncio.run(play(parsed.talk, loaded))

    return run
