"""What begins a flow, and what ends its running sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trinario.expressions import Condition
from trinario.model.duration import Duration


@dataclass(frozen=True, slots=True)
class Once:
    """A trigger begins its flow once for one contact: ever, for one post, or for one value of an expression.

    `per`: `contact`, `post` or the expression. After `every` (days of 24 hours) it may again; None: never again.
    """

    per: str | Condition = "contact"
    every: Duration | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """What begins a flow. `kind`: keyword, referral, message, schedule, date, tag ...; see the table of triggers.

    `words` (keyword; of menu and ice_breaker its titles) are by locale ("" is any); `value` is the main value as it stands: the ref, the event's name, the
    tag, the field, the status, the cron line, the source of an expression ("" any); `mode` is how keywords match (exact,
    first_word, contains, regex) or which change is meant (added, removed, enter, leave); `match` an expression over the
    event. `watched` is the expression of `date` (a moment) or `segment` (a condition).

    `segment`: only while this holds of her. `hours`: minutes of her local day in which it begins, over midnight if the
    second is the smaller. `delay`: how long the session stands before its first step. `offsets` (date) are counted from
    the moment on, those before it negative; `at` minutes of her day; `recurring`: sessions end when the moment moves.
    `span` is the silence (inactivity); `zone` (schedule) is `contact` or a zone, "" the bot's; `late`: how late it may
    be (None: any time); `flow` and `step` (message_status, reaction) say whose message.

    `posts` are the posts under which a comment counts (ids; none: any), `media` where it stands (feed, reel, live, ad
    ...; none: anywhere), `exclude_replies`: not when it answers another comment.
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
    segment: Condition | None = None
    hours: tuple[int, int] | None = None
    delay: Duration | None = None
    once: Once | None = None
    watched: Condition | None = None
    offsets: tuple[Duration, ...] = ()
    at: int | None = None
    recurring: bool = False
    span: Duration | None = None
    zone: str = ""
    late: Duration | None = None
    flow: str = ""
    step: str = ""
    posts: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    exclude_replies: bool = False

    @property
    def titles(self) -> tuple[str, ...]:
        """Of something that it has put up: what that is called, in every language."""
        return tuple(dict.fromkeys((self.value, *(title for titles in self.words.values() for title in titles))))

    def title(self, locale: str) -> str:
        """The same in one language; as the others have it where nobody has said how."""
        (found,) = self.words.get(locale) or self.words.get(locale.replace("-", "_").partition("_")[0]) or (self.value,)
        return found

    @property
    def payload(self) -> str:
        """What a tap brings on something that this trigger has put up: an item of the menu, an ice breaker."""
        return f"trigger/{self.kind}/{self.value}"

    @property
    def key(self) -> str:
        """What it is called in the database: it outlives reordering and everything that does not change its meaning."""
        at = f"@{self.at // 60:02}:{self.at % 60:02}" if self.at is not None else ""
        way = f"/{self.mode}" if self.mode in ("removed", "leave") else ""
        return f"{self.kind}:{self.value}{way}{at}"

    @property
    def beside(self) -> list[str]:
        """What else it depends on, as an author would say it: for reports and charts."""
        found = [self.mode] if self.mode in ("removed", "leave") else []
        if self.kind == "date":
            found += [f"{offset}" for offset in self.offsets if offset]
            found += [f"at {self.at // 60:02}:{self.at % 60:02}"] if self.at is not None else []
            found += ["recurring"] if self.recurring else []
        found += [f"zone {self.zone}"] if self.zone else []
        found += [f"of {self.flow}{'.' if self.step else ''}{self.step}"] if self.flow else []
        found += [f"segment {self.segment.source}"] if self.segment else []
        if self.hours:
            found.append("-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in self.hours))
        found += [f"{self.delay} later"] if self.delay else []
        if self.once:
            per = self.once.per.source if isinstance(self.once.per, Condition) else self.once.per
            found.append(f"once per {per}" + (f" every {self.once.every}" if self.once.every else ""))
        return found


BROUGHT: Mapping[str, tuple[str, ...]] = {
    "schedule": ("at",), "inactivity": ("at",), "date": ("at", "offset"), "tag": ("tag",),
    "field": ("field", "value", "was"), "message_status": ("status", "flow", "step", "reason"),
    "identity_linked": ("channel",), "reaction": ("emoji", "message", "flow", "step"), "edited": ("was",),
    "order": ("items", "total", "currency", "catalog"), "product": ("product", "catalog"),
}  # fmt: skip
"""What `trigger` has besides what every trigger has; empty where another trigger of the flow began it."""

OF_A_MESSAGE: Mapping[str, str] = {"reaction": "reaction", "edit": "edited", "deleted": "deleted"}
"""Kinds of Heard that are about another message, with the trigger that listens to each."""


@dataclass(frozen=True, slots=True)
class ExitWhen:
    """What ends the running sessions of a flow. `kind`: event, tag, field, opt_out, when."""

    kind: str
    value: str = ""
    match: Condition | None = None
