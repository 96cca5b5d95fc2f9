"""The table of policy, table.yaml: what is given, what is asked, what is answered. Marketers read it, and this runs it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from trinario.authoring.assemble import assemble
from trinario.authoring.parse_bot import parse_bot
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.comment import private_to
from trinario.model.contact import Contact
from trinario.model.duration import parse_duration
from trinario.model.effect import Say
from trinario.model.flow import Flow
from trinario.model.message import Template, Text
from trinario.model.template import TemplateSpec
from trinario.policy.facts import Facts, Push, TemplateFate, template_key
from trinario.policy.send import may_send
from trinario.policy.verdict import Allow, Defer, Verdict
from trinario.runtime.build import LIMITS, WINDOWS

NOON = "2026-05-01 12:00"
BOT = b"""\
bot: shop
channels:
  whatsapp: {platform: whatsapp, phone_number_id: "1", phone: "+15550783881", access_token: a, app_secret: b, verify_token: c}
  messenger: {platform: messenger, page_id: "2", page_name: shop, access_token: a, app_secret: b, verify_token: c}
  instagram: {platform: instagram, account_id: "3", username: shop, login: instagram, access_token: a, app_secret: b, verify_token: c}
  telegram: {platform: telegram, bot_username: shop, token: a, secret_token: b}
flows: ["*"]
"""
KINDS = {"whatsapp": "phone", "messenger": "psid", "instagram": "igsid", "telegram": "telegram"}
CATEGORIES = {"sale": "marketing", "parcel": "utility", "code": "authentication"}
TABLE = Path(__file__).with_name("table.yaml")
CASES = [
    pytest.param(case, id=f"{group['about']}: {case['because']} ({number})")
    for group in yaml.load(TABLE.read_text(), yaml.BaseLoader)
    for number, case in enumerate(group["cases"], 1)
]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def bot_of(given: Mapping[str, Any]) -> Bot:
    """A shop with this policy, whose one flow has that one."""
    files = {}
    for name in ("policy", "flow"):
        source = BOT + b"policy: " + yaml.safe_dump(given.get(name, {}), default_flow_style=True, width=9999).encode()
        parsed = parse_bot(source + f"timezone: {given.get('bot_zone', 'Europe/Rome')}\n".encode(), "bot.yaml", {})
        assert not parsed.issues, parsed.issues
        files[name] = parsed
    policy = assemble(files["flow"], {}, LIMITS, WINDOWS).policy
    flow = Flow("sale", "1", {}, policy=policy)
    bot = assemble(files["policy"], {}, LIMITS, WINDOWS)
    templates = {name: TemplateSpec(name, category) for name, category in CATEGORIES.items()}
    return Bot(bot.name, bot.locale, bot.timezone, bot.channels, {"sale": flow}, templates=templates, policy=bot.policy)


def contact_of(given: Mapping[str, Any], now: datetime) -> Contact:
    heard = {name: now - parse_duration(ago).elapsed for name, ago in given.get("heard", {}).items()}
    names = list(dict.fromkeys([*heard, *given.get("has", [])]))
    number = given.get("number", "+393331234567").lstrip("+")
    owner = given.get("owner")
    until = None if owner in (None, "open") else now + parse_duration(owner).elapsed
    return Contact(
        1, now, tuple(Identity(name, KINDS[name], number if name == "whatsapp" else "1") for name in names),
        timezone=given.get("zone"), consent={name: said == "yes" for name, said in given.get("consent", {}).items()},
        last_heard=heard, channel=given.get("current", names[0] if names else None),
        owner="person" if owner else "bot", owner_until=until,
    )  # fmt: skip


def facts_of(given: Mapping[str, Any], asks: Mapping[str, Any], now: datetime) -> Facts:
    states = {}
    for name, said in given.get("templates", {}).items():
        status, _, rest = said.partition(" ")
        until = now + parse_duration(rest).elapsed if rest else None
        states[template_key("whatsapp", name, "en")] = TemplateFate(status, until)
    pushes = tuple(push_of(number, text, now) for number, text in enumerate(given.get("sent", [])))
    return Facts(
        given.get("unreachable", {}), asks.get("human") == "true", given.get("asked") == "true", pushes, states
    )


def push_of(number: int, text: str, now: datetime) -> Push:
    """`2h on whatsapp as a failed 131049`, or `in 3h`."""
    found = re.fullmatch(r"(in )?(\S+)(?: on (\w+))?(?: as (\w+))?(?: failed (\w+))?", text)
    assert found, text
    span = parse_duration(found[2]).elapsed
    at = now + span if found[1] else now - span
    return Push(found[4] or f"turn{number}", at, found[3] or "messenger", found[5] or "")


def say_of(asks: Mapping[str, Any], now: datetime) -> Say:
    template = asks.get("template")
    comment = asks.get("comment")
    return Say(
        "now/1/1", Text("hello"), flow="sale", purpose=asks.get("purpose", "service"), channel=asks.get("channel"),
        order=tuple(asks["order"]) if "order" in asks else None, template=Template(template, "en") if template else None,
        hushed=asks.get("hushed") == "true",
        reply_to=private_to("c1", now - parse_duration(comment).elapsed) if comment else "",
    )  # fmt: skip


def told(verdict: Verdict) -> str:
    """A verdict in the words of the table."""
    if isinstance(verdict, Allow):
        return verdict.identity.channel + (" by template" if isinstance(verdict.content, Template) else "")
    if isinstance(verdict, Defer):
        return f"wait until {verdict.until.astimezone(UTC):%Y-%m-%d %H:%M} {verdict.refusal.code}"
    return f"refuse {verdict.refusal.code}"


@pytest.mark.parametrize("case", CASES)
def test_a_line_of_the_table(case: Mapping[str, Any]) -> None:
    given, asks = case["given"], case["asks"]
    now = moment(given.get("now", NOON))
    verdict = may_send(bot_of(given), contact_of(given, now), say_of(asks, now), now, facts_of(given, asks, now))
    assert told(verdict) == case["answer"]
    assert isinstance(verdict, Allow) or verdict.refusal.detail, "a reason is shown"


def test_the_table_is_long_enough_and_says_nothing_twice() -> None:
    seen = [str((case.values[0]["given"], case.values[0]["asks"])) for case in CASES]  # type: ignore[index]
    assert len(CASES) >= 150
    assert sorted(seen) == sorted(set(seen))
