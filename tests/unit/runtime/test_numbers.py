"""Chance and metrics."""

from trinario.jobs.received import TurnLine
from trinario.model.heard import Arrival, Unsupported
from trinario.model.outbox import Sent, Unknown
from trinario.runtime.chance import SecretChance, new_id
from trinario.runtime.metrics import MOST_KINDS, Metrics


def test_a_token_is_derived_and_not_to_be_guessed() -> None:
    chance = SecretChance(b"key")
    assert chance.token("s1/switch/0") == chance.token("s1/switch/0")
    assert len(chance.token("\ud800")) == 32
    assert len({chance.token("a"), chance.token("b"), SecretChance(b"kez").token("a")}) == 3


def test_ids_do_not_repeat() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000


def test_what_is_counted() -> None:
    metrics = Metrics()
    metrics.webhook("kept", 0.002)
    metrics.turned([TurnLine(1, "i1", (), "f", "s")] * 4, 0.02)
    metrics.turned([], 0.0)
    metrics.sent("wa", Sent("wamid.1"), 0.1)
    metrics.sent("wa", Unknown("lost"))
    metrics.waiting({"inbox_pending": 3})
    metrics.died()
    text = metrics.text().decode()
    for line in (
        'trinario_webhooks_total{outcome="kept"} 1.0',
        "trinario_turns_total 4.0",
        "trinario_turn_seconds_sum 0.005",
        'trinario_sends_total{channel="wa",result="sent"} 1.0',
        'trinario_sends_total{channel="wa",result="unknown"} 1.0',
        'trinario_send_seconds_count{channel="wa"} 1.0',
        'trinario_waiting{what="inbox_pending"} 3.0',
        "trinario_dead_rows_total 1.0",
    ):
        assert line in text


def test_kinds_are_bounded() -> None:
    metrics = Metrics()
    for number in range(3):
        metrics.arrived([Arrival(Unsupported("wa", str(number), None, f"account {number} is not ours"), b"")])
    for number in range(2 * MOST_KINDS):
        metrics.arrived([Arrival(Unsupported("wa", str(number), None, "x" * number), b"")])
    text = metrics.text().decode()
    assert 'trinario_unsupported_total{what="account # is not ours"} 3.0' in text
    assert text.count("trinario_unsupported_total{") <= MOST_KINDS + 1
    assert f'trinario_unsupported_total{{what="other"}} {MOST_KINDS + 1}.0' in text
