"""Somebody at the desk during a storm: campaigns are started, paused, resumed and cancelled, whoever is killed meanwhile.

A kill may eat a command, or only its answer: each is said again until the campaign reads as it was told.
"""

import http.client
import random
import threading
import time
from collections.abc import Callable, Sequence

from tests.processes import Bot, eventually

PATIENCE = 90.0
"""Seconds after which a command that has no effect is a failure."""

STAGES = 7
"""Commands that every storm gives; more pauses follow while it lasts."""

MEANT = {"start": "running", "pause": "paused", "resume": "running", "cancel": "cancelled"}


class Orders:
    """`taken` tells how often the emulator took a campaign, `under_way` how many of its messages are being sent, `share`
    how much of the storm is over (0 to 1). The campaign that is cancelled is so when `some` have it."""

    def __init__(
        self, bots: Sequence[Bot], dice: random.Random, taken: Callable[[str], int], under_way: Callable[[str], int],
        share: Callable[[], float], some: int,
    ) -> None:  # fmt: skip
        self._bots, self._dice, self._taken, self._under_way, self._share = bots, dice, taken, under_way, share
        self._some = some
        self.given, self.eaten, self.done_with, self.pauses, self.spoke = 0, 0, 0, 0, 0
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        """From now on."""
        self._thread.start()

    def wait_for(self, stage: int) -> None:
        """Until so many commands have had their effect. Raises what went wrong."""
        eventually(lambda: self.done_with >= stage or self._fault, f"command {stage} has its effect", 2 * PATIENCE)
        if self._fault is not None:
            raise self._fault

    def done(self) -> None:
        """Wait until everything was commanded. Raises what went wrong."""
        self._thread.join(4 * PATIENCE)
        if self._fault is not None:
            raise self._fault
        assert not self._thread.is_alive(), "the desk is not done"

    def state(self, name: str) -> str:
        """How a campaign stands, asked of one process after another until one answers."""
        return eventually(lambda: self._read(name), f"the state of {name} is told", PATIENCE, 0.1)

    def _run(self) -> None:
        try:
            self._script()
        except BaseException as fault:  # told by `done`
            self._fault = fault

    def _script(self) -> None:
        for name in ("slow", "hail"):
            self._command(name, "start")
        self._until_taken("slow", 1)
        self._pause_and_resume()
        self._command("stopped", "start")
        self._until_taken("stopped", self._some)
        self._command("stopped", "cancel")
        self._command("offer", "start")  # it asks, and whoever is asked is busy for the others
        while self._share() < 1 and self.state("slow") != "done":
            time.sleep(self._dice.uniform(0.0, 1.5))
            self._pause_and_resume()

    def _pause_and_resume(self) -> None:
        """It says nothing from the moment at which nothing of it is being sent any more until it goes on."""
        if not self._command("slow", "pause"):
            return
        for _ in range(2):  # what was claimed before it was paused
            eventually(lambda: not self._under_way("slow"), "what was on its way is out", PATIENCE, 0.1)
            time.sleep(0.3)
        before = self._taken("slow")
        self.pauses += 1
        time.sleep(self._dice.uniform(0.3, 1.5))
        self.spoke += self._taken("slow") - before
        self._command("slow", "resume")

    def _until_taken(self, name: str, count: int) -> None:
        eventually(lambda: self._taken(name) >= count, f"{count} of {name} are out", PATIENCE, 0.1)

    def _command(self, name: str, what: str) -> bool:
        """Say it until it reads so; gives False if it is done already (of one that is to be cancelled that is a failure)."""
        until, wanted = time.monotonic() + PATIENCE, MEANT[what]
        while True:
            self.given += 1
            self._say(name, what)
            state = self.state(name)
            if state == wanted or (state == "done" and what != "cancel"):
                self.done_with += 1
                return state == wanted
            self.eaten += 1
            assert time.monotonic() < until, f"{name} is {state} and not {wanted}"
            time.sleep(0.1)

    def _say(self, name: str, what: str) -> None:
        """Once, to whichever process; it may die of it."""
        bot, body = self._dice.choice(self._bots), {"author": "desk"}
        try:
            if what == "start":
                status, plan = bot.api("POST", f"/campaigns/{name}/plan", {})
                body["plan"] = plan["id"] if status == 200 else "none"
            bot.api("POST", f"/campaigns/{name}/{what}", body)
        except (OSError, http.client.HTTPException):
            pass

    def _read(self, name: str) -> str:
        try:
            status, answer = self._dice.choice(self._bots).api("GET", "/campaigns")
        except (OSError, http.client.HTTPException):
            return ""
        if status != 200:
            return ""
        return next(str(one["state"]) for one in answer["campaigns"] if one["name"] == name)
