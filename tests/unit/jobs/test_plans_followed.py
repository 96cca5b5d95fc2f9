"""Delivery plans on the real machine: a receipt wakes them, and a reply that quotes a copy is an answer to that copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.rig import Rig
from trinario.testing.phone import Shown
from trinario.testing.run import load

BOT = """
bot: bell
title: Bell
locale: en
timezone: Europe/Rome
channels:
  whatsapp: {platform: whatsapp, phone_number_id: "106540352242922", phone: "+15550783881", waba_id: "102290129340398", access_token: a, app_secret: b, verify_token: c}
  messenger: {platform: messenger, page_id: "1895382890692545", page_name: bell, access_token: a, app_secret: b, verify_token: c}
  instagram: {platform: instagram, account_id: "17841400008460056", page_id: "1895382890692545", username: bell, access_token: a, app_secret: b, verify_token: c}
flows: ["*"]
"""
RING = """
flow: ring
triggers:
  - keyword: [ring]
steps:
  rings:
    ask: Will you come?
    choices: [I come, I stay]
    delivery: {order: [messenger, whatsapp], escalate: {if_not: read, after: 5m}, template: {name: again}}
  noted: {ask: "Noted: {{ answers.rings }}. And your sister?", choices: [She comes, She stays]}
  done: {send: "Her: {{ answers.noted }}."}
"""
TEMPLATES = "templates: {again: {category: utility, languages: {en: {body: Here I am again.}}}}"


@pytest.fixture(scope="module")
def bell(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    root = tmp_path_factory.mktemp("bell")
    (root / "bots/bell").mkdir(parents=True)
    (root / "flows").mkdir()
    (root / "bots/bell/bot.yaml").write_text(BOT)
    (root / "bots/bell/templates.yaml").write_text(TEMPLATES)
    (root / "flows/ring.yaml").write_text(RING)
    return Rig(load(Path(root / "bots/bell")))


@pytest.fixture
def rig(bell: Rig) -> Iterator[Rig]:
    """Ana is on Messenger and on WhatsApp, and has been asked on Messenger whether she comes."""
    bell.reset()
    _write(bell, "whatsapp", "hello")
    _write(bell, "messenger", "hello")
    bell.merge(1, 2)
    _write(bell, "messenger", "ring")
    yield bell


def _write(rig: Rig, channel: str, text: str, quotes: str = "") -> None:
    rig.deliver([(channel, rig.writes("ana", channel, text, quotes))])


def _told(rig: Rig, shown: Shown, status: str) -> None:
    body = rig.fate(shown, status)
    assert body is not None
    rig.deliver([(shown.channel, body)])


def _over(rig: Rig) -> int:
    return len(rig.machine.rows("SELECT 1 FROM events WHERE name = 'plan_over'"))


def _due(rig: Rig) -> list[int]:
    return [row[0] for row in rig.machine.rows("SELECT due_at FROM timers WHERE kind = 'plan'")]


def test_read_ends_the_plan_at_once(rig: Rig) -> None:
    assert (len(_due(rig)), _over(rig)) == (1, 0)
    _told(rig, rig.shown[-1], "read")
    assert (_due(rig), _over(rig)) == ([], 1), "nobody waits for the clock"
    rig.wait(10)
    assert [one.channel for one in rig.shown] == ["messenger"]


def test_delivered_is_not_read_and_the_plan_keeps_its_time(rig: Rig) -> None:
    due = _due(rig)
    _told(rig, rig.shown[-1], "delivered")
    assert (_due(rig), _over(rig)) == (due, 0)
    _told(rig, rig.shown[-1], "delivered")
    assert (_due(rig), _over(rig)) == (due, 0)
    rig.wait(5)
    assert [one.channel for one in rig.shown] == ["messenger", "whatsapp"]


def test_read_that_comes_after_the_next_channel_was_tried_ends_it_too(rig: Rig) -> None:
    first = rig.shown[-1]
    rig.wait(5)
    _told(rig, first, "read")
    assert (_due(rig), _over(rig)) == ([], 1)


def test_a_reply_that_quotes_another_copy_of_an_answered_question_changes_nothing(rig: Rig) -> None:
    rig.wait(5)
    messenger, whatsapp = rig.shown
    _write(rig, "messenger", "I come", quotes=messenger.id)
    assert rig.shown[-1].text == "Noted: I come. And your sister?"
    _write(rig, "whatsapp", "I stay", quotes=whatsapp.id)
    late, again = rig.shown[-2:]
    assert "I come" in late.text and late.channel == again.channel == "whatsapp"
    assert again.text == "Noted: I come. And your sister?", "what is pending is asked where she is"
    _write(rig, "whatsapp", "2", quotes=again.id)
    assert rig.shown[-1].text == "Her: She stays."


def test_a_reply_that_quotes_a_copy_of_the_pending_question_answers_it(rig: Rig) -> None:
    rig.wait(5)
    _write(rig, "whatsapp", "i stay", quotes=rig.shown[-1].id)
    assert rig.shown[-1].text == "Noted: I stay. And your sister?"
