"""Why a platform did not take or deliver a message, and what we do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What we do about a failure. Only `retry` and `slow` send the same message to the same identity again."""

    RETRY = "retry"  # back off, then the same again
    SLOW = "slow"  # the account is too fast: lower its pace, then the same again
    TEMPLATE = "template"  # the window is shut: a template, or another channel
    DROP = "drop"  # this message is given up
    UNREACHABLE = "unreachable"  # she cannot be reached on this channel
    OPTOUT = "optout"  # she wants no marketing here
    TOKEN = "token"  # our token is dead: the channel stops
    ACCOUNT = "account"  # our account is limited or misconfigured: the channel stops, an operator is told
    FIX = "fix"  # our message or template is wrong: a developer is told


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the platform did not take or deliver a message: their code, their words, and what we do about it.

    `action` is an `Action`; `after` are the seconds to wait at least before a retry, None leaves it to policy. `holds` is
    what stands still with it: the `channel`, its `bulk` (marketing), a `template`, an uploaded `file`; "": the message alone.
    """

    action: str
    code: int = 0
    subcode: int = 0
    reason: str = ""
    after: float | None = None
    holds: str = ""
