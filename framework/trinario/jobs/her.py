"""One contact of a batch as she stands between two of her rows, and what the row under way is about to write."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from trinario.jobs import escalate
from trinario.jobs.arrival import Arrivals
from trinario.jobs.plans import Plans, Running
from trinario.jobs.received import DONE, KEPT, Received
from trinario.jobs.world import Scene, World, scene_of
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.session import Session
from trinario.ports import Case, InboxEntry, Unit, Writes


class Before(NamedTuple):
    """How she stood before a row."""

    contact: Contact
    sessions: Mapping[str, Session]
    unreachable: Mapping[str, str]
    plans: Mapping[str, Running | None]


class Her:
    """Her standing, carried from row to row. `batch` is what all rows of the batch write, `writes` what this one does."""

    def __init__(
        self, unit: Unit, world: World, case: Case, now: datetime, batch: Writes, received: Received, arrivals: Arrivals
    ) -> None:
        self.unit, self.world, self.case, self.now = unit, world, case, now
        self.batch, self.received, self.arrivals = batch, received, arrivals
        self.writes = Writes()
        self.contact: Contact = case.contact
        self.sessions: dict[str, Session] = {session.id: session for session in case.sessions}
        self.unreachable = dict(case.unreachable)
        self.plans = Plans(case, received.plans)

    @property
    def bot(self) -> Bot:
        """As it is served now."""
        return self.world.bot()

    def begin(self) -> Before:
        """A row begins: nothing is written of it yet."""
        self.writes = Writes()
        return Before(self.contact, dict(self.sessions), dict(self.unreachable), dict(self.plans.now))

    def go_back(self, before: Before) -> None:
        """The row has failed: she stands as before it."""
        self.contact, self.sessions = before.contact, dict(before.sessions)
        self.unreachable, self.plans.now = dict(before.unreachable), dict(before.plans)

    def scene(self, prior: tuple[str, str] = ("", ""), asked: bool = False) -> Scene:
        """What is said to her is said in this one: `prior` is what she last did (channel, message id), `asked`: she asked."""
        return scene_of(self.unit, self.now, self.unreachable, prior, asked, self.batch.outgoing)

    def pursue(self, running: Running) -> None:
        """Bring a delivery plan of hers forward."""
        case = escalate.Case(self.unit, self.world, self.contact, self.sessions, self.scene(), self.writes)
        self.plans.now[running.key] = escalate.pursue(case, running)

    def done(self, entry: InboxEntry, remark: str | None = None) -> None:
        """The row is worked off."""
        self.writes.finished.append((DONE, entry.id, remark))

    def kept(self, entry: InboxEntry, remark: str | None = None) -> None:
        """The row is kept and nothing follows from it."""
        self.writes.finished.append((KEPT, entry.id, remark))
