"""`chat` with piped input: what is typed is shown, and so is what came of it."""

import io

import pytest

from tests.unit.cli.conftest import Trinario

AT = ("--at", "2026-03-02T10:00:00")


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_the_story_of_the_demo(trinario: Trinario, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "/tap 2", "ana@example.com", "8000", "/follow", "/tap yes", "/image", "/state", "/quit", "never")
    outcome = trinario("chat", "lead_capture", "--on", "messenger", "--as", "Ana", *AT)
    assert outcome.returncode == 0
    for part in ("Hi Ana!", "(1 Plants)  (2 Tools)  (3 Café)", "messenger> /tap 2", "<Open WhatsApp>", "[1 Yes]  [2 No]",
                 "a person of the team has you", "interest: tools"):  # fmt: skip
        assert part in outcome.stdout
    assert "never" not in outcome.stdout.splitlines()[-1]
    assert "\x1b" not in outcome.stdout


def test_in_italian_by_the_flow_s_file(trinario: Trinario, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch)
    outcome = trinario("chat", "flows/lead_capture.yaml", "--on", "instagram", "--as", "Ana", "--language", "it", *AT)
    assert "Ciao Ana! Tre domande veloci." in outcome.stdout
    assert "(1 Piante)" in outcome.stdout


@pytest.mark.parametrize("arguments, words", [
    (("chat", "leed_capture"), 'did you mean "lead_capture"?'),
    (("chat", "--on", "telegram"), 'no channel "telegram"'),
    (("chat", "--language", "klingonish!"), "language"),
])  # fmt: skip
def test_wrong_calls_are_told_in_words(trinario: Trinario, arguments: tuple[str, ...], words: str) -> None:
    outcome = trinario(*arguments)
    assert outcome.returncode == 2
    assert words in outcome.stderr


def test_no_such_bot(trinario: Trinario) -> None:
    outcome = trinario("chat", "--bot", "bots/nobody")
    assert outcome.returncode == 78
    assert "bots/nobody/bot.yaml" in outcome.stderr


def test_bytes_that_are_no_text(trinario: Trinario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9\n/state\n"), encoding="utf-8"))
    outcome = trinario("chat", *AT)
    assert outcome.returncode == 0
    assert "whatsapp> caf\ufffd" in outcome.stdout
