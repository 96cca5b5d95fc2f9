"""Steps that ask for permission, and that take it back."""

from dataclasses import dataclass

from trinario.model.duration import Duration
from trinario.model.flow.said import Message
from trinario.model.flow.steps import Ask, StepBase


@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn(Ask):
    """A question with two buttons: `messages` is the wording, and the answer is an entry of the ledger.

    `double` asks once more, with `confirm` (None: the bot's own words). `channels` limits what she agrees to, `holds` for
    how long.
    """

    purpose: str
    double: bool = False
    confirm: Message | None = None
    channels: tuple[str, ...] = ()
    holds: Duration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut(StepBase):
    """`purpose` is one purpose or `all`; with `channels` only those are given up."""

    purpose: str
    channels: tuple[str, ...] = ()
