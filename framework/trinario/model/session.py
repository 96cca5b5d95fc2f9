"""A contact's standing in a flow: plain data that survives JSON and back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from trinario.model.value import Value, Values

Status = Literal["waiting", "aside", "done", "failed", "expired", "stopped"]
"""Between turns. `waiting`: stands at a wait; `aside`: its question was set aside; the others are ends."""

LIVE = frozenset({"waiting", "aside"})
FOREGROUND = frozenset({"ask", "switch"})


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice as it was offered: kept so that "2" and a tap still mean it tomorrow and on another channel.

    `title` is what she read, `source` the author's title, `also` every further word that means it.
    """

    payload: str
    title: str
    value: Value
    source: str = ""
    also: tuple[str, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """What a session stands still for. Times are aware; None: never.

    `kind`: ask, switch, sleep, delay (the trigger's), sent (a fate is awaited), event, call (an answer of the outside).
    `number` counts the session's prompts. `until` is the time-out of the author (or the end of a sleep), `expires_at` the silence after which the session ends, `remind_at` the nudge,
    `burst_until` the end of a burst whose parts are in `heard`. `keys` are the messages whose fate is awaited; `fates`
    what became of them (key, outcome) while people had her, to be heeded when the bot has her again; `came` the data of
    the event that is waited for and came meanwhile, or the tap that answers the question. Of a permission that
    is asked for: `round` counts the yeses there were, `wording` is what she was shown. `page` are the choices on the pages
    before the one that she has turned to. `repeated_at` is when a link was put once more.
    """

    step: str
    kind: str
    since: datetime
    number: int = 0
    until: datetime | None = None
    expires_at: datetime | None = None
    remind_at: datetime | None = None
    burst_until: datetime | None = None
    options: tuple[Offered, ...] = ()
    tries: int = 0
    heard: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    offer: str = ""
    fates: tuple[tuple[str, str], ...] = ()
    round: int = 0
    wording: str = ""
    page: int = 0
    came: Values | None = None
    repeated_at: datetime | None = None

    @property
    def wake_at(self) -> datetime | None:
        """When the clock alone must move the session; None: only an event does."""
        times = [moment for moment in (self.until, self.expires_at, self.remind_at, self.burst_until) if moment]
        return min(times) if times else None


@dataclass(frozen=True, slots=True)
class Loop:
    """A `foreach` that goes round: `number` counts its rounds from 1, `left` are the items still to come.

    Questions up to prompt number `since` were put before this round began.
    """

    step: str
    number: int
    since: int
    left: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """A flow that waits for the flow it called: where it comes back to and what it knew."""

    flow: str
    revision: str
    step: str
    vars: Values
    answers: Values
    inputs: Values
    loops: tuple[Loop, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that was asked earlier, for taps that come late."""

    number: int
    step: str
    flow: str
    options: tuple[Offered, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One contact in one flow. `id` is derived from the event that began it; `seed` is the session's chance.

    `turns` counts turns; `asked` prompts; `silent` messages said since she last wrote; `if_busy` is what it does when
    another question is pending; `written` the paths of the contact that it wrote itself; `loops` the rounds in
    which it stands, the outermost first; `hushed` that a stop word began it: what it says is not sent until she writes
    again; `hops` how many flows and events led to it, each because of the one before, since she last wrote; `campaign` the slot
    of the campaign that brought it, 0 for none. A session whose status is `aside` owes her a question: one put already (`ask`, `switch`), or, as a `sleep`
    without end, one still to be put.
    """

    id: str
    contact: int
    flow: str
    revision: str
    started_at: datetime
    status: str = "waiting"
    wait: Wait | None = None
    vars: Values = field(default_factory=dict)
    answers: Values = field(default_factory=dict)
    inputs: Values = field(default_factory=dict)
    trigger: Values = field(default_factory=dict)
    stack: tuple[Frame, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    seed: int = 0
    turns: int = 0
    asked: int = 0
    silent: int = 0
    reason: str = ""
    if_busy: str = ""
    written: tuple[str, ...] = ()
    loops: tuple[Loop, ...] = ()
    hushed: bool = False
    hops: int = 0
    campaign: int = 0

    @property
    def live(self) -> bool:
        """Whether anything can still move it."""
        return self.status in LIVE

    @property
    def places(self) -> list[tuple[str, str]]:
        """The flows in which it stands, the innermost first, with their revisions."""
        return [(self.flow, self.revision), *((frame.flow, frame.revision) for frame in self.stack)]

    @property
    def foreground(self) -> bool:
        """Whether its question is the one that is pending."""
        return self.status == "waiting" and self.wait is not None and self.wait.kind in FOREGROUND

    @property
    def calling(self) -> bool:
        """Whether it waits for an answer of the outside."""
        return self.live and self.wait is not None and self.wait.kind == "call"

    @property
    def asking(self) -> bool:
        """Whether a question of it was put and is not answered yet: it is pending, or set aside."""
        return self.live and self.wait is not None and self.wait.kind in FOREGROUND

    @property
    def wake_at(self) -> datetime | None:
        """When the clock must move it; None for what ended or waits for an event only."""
        return self.wait.wake_at if self.wait and self.live else None


def holds_until(sessions: Iterable[Session]) -> datetime | None:
    """Until when what she writes has to wait: a call to the outside is out, and no question is pending. None: it need not."""
    until: datetime | None = None
    for session in sessions:
        wait = session.wait
        if wait is None or not session.live:
            continue
        if session.foreground:
            return None
        if wait.kind == "call" and wait.until is not None and (until is None or wait.until > until):
            until = wait.until
    return until
