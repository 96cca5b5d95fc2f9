"""Logs: their form, one line a turn, and what never gets into them."""

import json
import logging
import os
from collections.abc import Iterator

import pytest
from aiohttp.http_exceptions import BadHttpMessage

from trinario.jobs.received import TurnLine
from trinario.runtime.log import configure, redact, turn_lines
from trinario.runtime.settings import load_settings

LINES = [
    TurnLine(7, "i12", (("hello", "sent"), ("budget", "answered")), "lead", "s1"),
    TurnLine(8, "i13", (), "lead", "s2"),
]


@pytest.fixture(autouse=True)
def _root() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in [name for name in os.environ if name.startswith("TRINARIO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRINARIO_API_TOKEN", "the-api-token-itself")
    yield monkeypatch


def test_a_batch_of_turns_is_one_json_line_each(form: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    configure(load_settings())
    turn_lines(LINES, 0.004)
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert first.pop("time").endswith("Z")
    assert first == {
        "level": "info", "logger": "trinario.turn", "message": "turn", "contact": 7, "flow": "lead", "session": "s1",
        "path": "hello:sent>budget:answered", "origin": "i12", "duration": 2.0,
    }  # fmt: skip
    assert second["contact"] == 8


def test_text_is_for_eyes(form: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    form.setenv("TRINARIO_LOG", "text")
    configure(load_settings())
    turn_lines(LINES, 0.004)
    logging.getLogger("trinario.process").warning("the %s is late", "sender")
    lines = capsys.readouterr().err.splitlines()
    assert "turn: contact=7 flow=lead session=s1 path=hello:sent>budget:answered origin=i12 duration=2.0" in lines[0]
    assert lines[2].endswith("WARNING process: the sender is late")


def test_a_quiet_level_is_quiet(form: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    form.setenv("TRINARIO_LOG_LEVEL", "warning")
    configure(load_settings())
    turn_lines(LINES, 0.004)
    assert capsys.readouterr().err == ""


def test_secrets_are_hidden_wherever_they_come_from(
    form: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(load_settings(), ["app-secret-of-ours"])
    log = logging.getLogger("trinario.test")
    try:
        raise ValueError("GET /me?access_token=EAAB123&x=1 with app-secret-of-ours")
    except ValueError:
        log.exception("Authorization: Bearer EAAB456 and the-api-token-itself")
    text = capsys.readouterr().err
    for secret in ("EAAB123", "EAAB456", "app-secret-of-ours", "the-api-token-itself"):
        assert secret not in text
    assert "ValueError" in json.loads(text)["exception"]


def test_what_strangers_do_to_the_server_is_no_error_of_ours(
    form: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(load_settings())
    server = logging.getLogger("aiohttp.server")
    for error in (BadHttpMessage("no HTTP"), ConnectionResetError(), ValueError("a fault of ours")):
        server.error("Error handling request", exc_info=error)
    assert [json.loads(line)["exception"][-15:] for line in capsys.readouterr().err.splitlines()] == ["a fault of ours"]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("?access_token=EAAB1|x&y=2", "?access_token=***&y=2"),
        ('{"access_token": "EAAB1", "a": 1}', '{"access_token": "***", "a": 1}'),
        ("appsecret_proof=abcdef", "appsecret_proof=***"),
        ("Authorization: Bearer EAAB1", "Authorization: Bearer ***"),
        ("{'Authorization': 'Bearer EAAB1'}", "{'Authorization': 'Bearer ***'}"),
        ("('authorization', 'OAuth EAAB1')", "('authorization', 'OAuth ***')"),
        ("(b'Authorization', b'Bearer EAAB1')", "(b'Authorization', b'Bearer ***')"),
        ("sent Bearer EAAB1234567", "sent Bearer ***"),
        ("postgresql://bot:secret@db/x", "postgresql://bot:***@db/x"),
        ("http://127.0.0.1:8080/phones", "http://127.0.0.1:8080/phones"),
        ("a bearer of news", "a bearer of news"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_redaction(text: str, hidden: str) -> None:
    assert redact(text) == hidden
