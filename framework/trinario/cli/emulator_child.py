"""The emulator beside the demo: a process of its own that outlives a killed bot, and is found again by the next."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trinario.errors import ConfigError

START_SECONDS = 15.0
END_SECONDS = 5.0


class EmulatorChild:
    """Meta on one port of this machine, with its configuration, journal, log and process id in one folder."""

    def __init__(self, folder: Path, port: int, config: Mapping[str, Any]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.folder, self._port, self._config = folder, port, config
        self._pid_file = folder / f"emulator-{port}.pid"
        self._pid: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> bool:
        """Have it run; gives False if one was running already. Raises ConfigError when it cannot."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._pid = self._left_over()
        file, wanted = self.folder / "emulator.json", json.dumps(self._config, indent=2) + "\n"
        if self._pid is not None:
            if file.is_file() and file.read_text(encoding="utf-8") == wanted:
                return False
            self.stop()  # its accounts are others by now; its journal stays
        if self._answers():
            raise self._taken()
        file.write_text(wanted, encoding="utf-8")
        command = [sys.executable, "-m", "trinario", "emulator", "--port", str(self._port), "--config", str(file)]
        command += ["--journal", str(self.folder / "emulator.journal")]
        with (self.folder / "emulator.log").open("ab") as log:
            # a session of its own: Ctrl-C is for the bot, which drains against a Meta that is still there
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._pid = self._process.pid
        self._pid_file.write_text(f"{self._pid}\n", encoding="ascii")
        self._wait()
        return True

    def forget(self) -> None:
        """End what a killed demo left, and remove all that it knew."""
        self._pid = self._left_over()
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self) -> None:
        """End it, by its id."""
        if self._pid is None:
            return
        _signal(self._pid, signal.SIGTERM)
        if not self._gone(END_SECONDS):
            _signal(self._pid, signal.SIGKILL)
            self._gone(END_SECONDS)
        self._pid_file.unlink(missing_ok=True)
        self._pid = None

    def _left_over(self) -> int | None:
        """The id of the emulator that a killed demo left on this port."""
        try:
            pid = int(self._pid_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return pid if _signal(pid, 0) and self._answers() else None

    def _wait(self) -> None:
        """Until it answers."""
        assert self._process is not None
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise self._taken()
            if self._answers():
                return
            time.sleep(0.02)
        self.stop()
        raise ConfigError(f"the emulator did not start in {START_SECONDS:.0f} seconds; see {self.folder}/emulator.log")

    def _taken(self) -> ConfigError:
        said = _last_line(self.folder / "emulator.log") if self._process else f"port {self._port} is in use"
        return ConfigError(f"the emulator cannot run on port {self._port}: {said}; choose other ports with --port")

    def _answers(self) -> bool:
        """Whether there is an emulator on the port."""
        try:
            with urllib.request.urlopen(f"{self.url}/_emulator/clock", timeout=2.0) as response:
                return "offset" in json.load(response)
        except (OSError, ValueError, urllib.error.URLError):
            return False

    def _gone(self, seconds: float) -> bool:
        """Wait until the process is no more; one that is not our child may stay in the table, but answers no longer."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._process.poll() is not None if self._process else not self._answers():
                return True
            time.sleep(0.02)
        return False


def _signal(pid: int, number: int) -> bool:
    """Send a signal (0 only asks); False: there is no such process of ours."""
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _last_line(file: Path) -> str:
    lines = file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    said = [line.removeprefix("trinario: ") for line in lines if line.startswith("trinario: ")]
    return (said or lines or ["it ended at once"])[-1]
