"""The command line, in a process of its own or in this one, with a bare environment."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.processes import free_port
from trinario.__main__ import main

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Trinario = Callable[..., Outcome]


def bare_environment() -> dict[str, str]:
    """This process's environment without what would configure trinario."""
    unwanted = ("TRINARIO_", "WHATSAPP_TOKEN", "PAGE_TOKEN", "META_", "NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


def command(*arguments: str) -> list[str]:
    """A command line of ours."""
    return [sys.executable, "-m", "trinario", *arguments]


@pytest.fixture
def trinario(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Trinario]:
    """Run a command to its end, in this process: `trinario("check", cwd=..., TRINARIO_LOG="text")`.

    What is not caught by the command line fails the test: a traceback is never an answer.
    """
    for name in set(os.environ) - set(bare_environment()):
        monkeypatch.delenv(name)

    def call(*arguments: str, cwd: Path = ROOT, **variables: str) -> Outcome:
        capsys.readouterr()
        before = dict(os.environ)
        with monkeypatch.context() as patch:
            patch.chdir(cwd)
            patch.setattr(sys, "argv", ["trinario", *arguments])
            for name, value in variables.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        os.environ.clear()  # what a command sets for its own process ends with it
        os.environ.update(before)
        told = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), told.out, told.err)

    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield call
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def two_ports() -> int:
    """A free port whose next one is free as well."""
    return free_port(2)
