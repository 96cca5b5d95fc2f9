"""All parts of the stand-in for Meta in one place: configuration, clock, world, faults, gates, timetable, webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trinario.emulator.allowance import Allowances
from trinario.emulator.clock import Timetable
from trinario.emulator.config import Config, Json
from trinario.emulator.faults import Faults
from trinario.emulator.ids import Ids
from trinario.emulator.journal import Journal
from trinario.emulator.people import Phone
from trinario.emulator.rates import Gates
from trinario.emulator.webhooks import Dispatcher
from trinario.emulator.world import World


class Meta:
    """Made before the event loop runs, started inside it."""

    def __init__(self, config: Config, journal: Journal | None, do: Callable[[Meta, Json], None]) -> None:
        """`do` is what happens when a job of the timetable falls due."""
        self.config = config
        self.base = ""
        self.usage: dict[str, Json] = {}
        self.journal = journal
        self._do = do
        self.world = World(config)
        self._lines = Journal(config.log_file) if config.log_file else None
        if journal is not None:
            for change in journal.read():
                self.world.replay(change)
            self.world.write = journal.append
        if self._lines is not None:
            self.world.log.sink = self._lines.append
        self.clock = self.world.clock
        # A restart must not draw the ids of the first run again.
        self.ids = Ids(f"{config.seed}:{self.world.changes}" if self.world.changes else config.seed)
        self.faults = Faults(Ids(config.seed + ":faults").random)
        self.gates = Gates(config.rates)
        self.allowances = Allowances(config.rates)
        self.timetable = Timetable(self.clock, self._run)
        self.dispatcher = Dispatcher(config, self.world, self.faults, self.ids)
        self._approve_configured()
        self._remember_engaged()

    async def start(self) -> None:
        await self.dispatcher.start()
        for number, change in sorted(self.world.due.items()):
            self.timetable.add(number, change["due"], change["job"])

    async def stop(self) -> None:
        self.timetable.stop()
        await self.dispatcher.stop()
        if self._lines is not None:
            self.world.log.sink = None
            self._lines.close()
        if self.journal is not None:
            self.world.write = None
            self.journal.close()

    def log(self, kind: str, **content: Any) -> Json:
        """An entry of the log."""
        return self.world.note(kind, **content)

    def violation(self, rule: str, platform: str, **content: Any) -> None:
        """Something Meta refuses, or that no careful bot would do."""
        self.world.violation(rule, platform, **content)

    def later(self, seconds: float, job: Json) -> None:
        """Do `job` (see `statuses.run`) this many seconds from now, across restarts."""
        number, due = self.world.number(), self.clock.now() + seconds
        self.world.commit({"op": "due", "number": number, "due": due, "job": job})
        self.timetable.add(number, due, job)

    def move_clock(self, offset: float) -> None:
        self.world.commit({"op": "clock", "offset": offset})
        self.timetable.poke()

    def hook(self, phone: Phone, field: str, payload: Json) -> None:
        """A webhook about this person."""
        self.dispatcher.queue(phone.platform, field, phone.person, payload)

    def _run(self, number: int, job: Json) -> None:
        if number in self.world.due:
            self._do(self, job)
            self.world.commit({"op": "ran", "number": number})

    def _remember_engaged(self) -> None:
        phones = [one for person in self.world.people.values() for one in person.phones.values() if one.messages]
        for phone in sorted(phones, key=lambda one: one.messages[-1].at):
            self.allowances.engage(phone.platform, phone.identity, phone.messages[-1].at)

    def _approve_configured(self) -> None:
        for template in self.config.whatsapp.templates:
            known = {
                "id": self.ids.number(15),
                "status": "APPROVED",
                "category": "MARKETING",
                "components": [],
                **template,
            }
            if (known["name"], known["language"]) not in self.world.templates:
                self.world.commit({"op": "template", "template": known})
