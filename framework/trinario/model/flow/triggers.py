"""What begins a flow, and what ends its running sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trinario.expressions import Condition


@dataclass(frozen=True, slots=True)
class Trigger:
    """What begins a flow. `kind`: keyword, referral, message, new_contact, get_started, event.

    `words` (keyword) are by locale ("" is any); `value` is the ref or the event's name ("" any); `mode` is how keywords
    match (exact, first_word, contains, regex); `match` an expression over the event.
    """

    kind: str
    value: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mode: str = "first_word"
    match: Condition | None = None
    channels: frozenset[str] = frozenset()
    priority: int = 0
    if_busy: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class ExitWhen:
    """What ends the running sessions of a flow. `kind`: event, tag, field, opt_out, when."""

    kind: str
    value: str = ""
    match: Condition | None = None
