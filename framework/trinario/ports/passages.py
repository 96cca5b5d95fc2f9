"""How people come through flows: the steps that a session comes to, and by which exit it leaves them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from trinario.campaign.funnel import Funnel
from trinario.campaign.report import StepReport

ALONE = ("campaign/", "sequence/")
"""What flows begin with that are one message: what became of it stands in the outbox."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A session has come to a step of a flow; with `left` it has gone on by the exit `how`, which is `waits` or `called` while it
    stands there. Step "" is the flow itself. `slot` is the campaign's, 0 for none; `variant` what it drew, `channel` and
    `language` are those of the person at that time.
    """

    session: str
    flow: str
    step: str
    at: datetime
    how: str
    left: bool
    revision: str = ""
    slot: int = 0
    variant: str = ""
    channel: str = ""
    language: str = ""


class PassageUnit(Protocol):
    """What a transaction asks of the ways that people took."""

    def funnel(self, flow: str, since: datetime | None, slots: Collection[int] = (), by: str = "") -> Funnel:
        """How far sessions came that went into a flow since then; of these slots only, if any are named. `by` is one of
        campaign.funnel.BY: the same for each value of it."""

    def told(
        self, causes: Collection[str], since: datetime | None, goal: str = "", within: timedelta = timedelta()
    ) -> list[StepReport]:
        """What became of what these steps (`flow.step`) said since then, by step, channel and language. `goal` is the goal or
        event that counts, within that time of the message ("" none)."""

    def causes(self, sequence: str) -> list[str]:
        """The steps (`flow.step`) by which a sequence ever said something, those too that its file has no more."""

    def enrolled(self, sequence: str, since: datetime | None) -> list[tuple[str, str, str, int]]:
        """People who were enrolled in a sequence since then: (`live`, `done` or `left`; the step that comes next; why she left;
        how many)."""
