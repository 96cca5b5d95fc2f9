"""From nothing to a project that is checked, tested and talked with, as a person does it: one command after another."""

import os
import subprocess
import sys
from pathlib import Path


def trinario(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRINARIO_", "META_"))}
    return subprocess.run(
        [sys.executable, "-m", "trinario", *arguments], cwd=folder, input=typed, env=kept, capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip


def test_init_check_test_chat_and_translate(tmp_path: Path) -> None:
    made = trinario(tmp_path, "init", "lucky-garden")
    assert made.returncode == 0, made.stderr
    assert "cd lucky-garden && trinario chat welcome" in made.stderr
    project = tmp_path / "lucky-garden"
    checked = trinario(project, "check")
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stdout
    played = trinario(project, "test")
    assert played.returncode == 0, played.stdout
    assert "3 talks as written" in played.stdout
    talked = trinario(project, "chat", "welcome", "--on", "messenger", "--as", "Ana", typed="/tap 1\n")
    assert "Hello Ana! This is Lucky Garden." in talked.stdout
    assert "from nine to five" in talked.stdout
    assert trinario(project, "graph", "welcome", "--format", "svg").stdout.startswith("<svg")
    assert trinario(project, "i18n", "extract", "--language", "it").returncode == 0
    assert trinario(project, "i18n", "status", "--strict").returncode == 1
    again = trinario(tmp_path, "init", "lucky-garden")
    assert again.returncode == 2
    assert "not empty" in again.stderr


def test_a_mistake_is_found_by_the_talks(tmp_path: Path) -> None:
    trinario(tmp_path, "init", ".")
    flow = tmp_path / "flows/welcome.yaml"
    flow.write_text(flow.read_text().replace("nine to five", "ten to four"))
    played = trinario(tmp_path, "test")
    assert played.returncode == 1
    assert "from ten to four." in played.stdout
