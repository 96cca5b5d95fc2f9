"""What policy answers for one message: Allow, or Refuse with a reason that is shown."""

from dataclasses import dataclass

from trinario.model.channel import Identity
from trinario.model.message import Content
from trinario.model.outbox import Refusal


@dataclass(frozen=True, slots=True)
class Allow:
    """It may go to this identity, in this form."""

    identity: Identity
    content: Content


@dataclass(frozen=True, slots=True)
class Refuse:
    """It may not go; `channel` is where it would have gone first, "" if nowhere."""

    refusal: Refusal
    channel: str = ""


Verdict = Allow | Refuse
