"""What goes into the reading of an answer, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from trinario.model.flow import Ask
from trinario.model.heard import Heard
from trinario.model.session import Offered
from trinario.model.value import Value


@dataclass(frozen=True, slots=True)
class Heeded:
    """A message as the answer to `step`. `text` are its words (of a burst: all of them), `locale` the contact's.

    `options` are the choices as they were offered; `region` is the country of phone numbers without a prefix and of
    dates, `currency` the bot's (ISO 4217, "" unknown). `at` is now (None: when it was heard), `zone` her time zone.
    """

    step: Ask
    heard: Heard
    text: str
    options: tuple[Offered, ...] = ()
    locale: str = "en"
    region: str | None = None
    currency: str = ""
    at: datetime | None = None
    zone: tzinfo = UTC

    @property
    def now(self) -> datetime:
        """The moment of the event, by the clock on her wall."""
        return (self.at or self.heard.at).astimezone(self.zone)

    @property
    def language(self) -> str:
        """`it` of `it-IT`."""
        return self.locale.replace("_", "-").split("-")[0].lower()


@dataclass(frozen=True, slots=True)
class Good:
    """An answer. `title` is how she would name it; `next` is where a choice leads."""

    value: Value
    title: str = ""
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """No answer of this type. `error` names the pattern `error.<error>`; `names` go into its text."""

    error: str
    names: Mapping[str, Any] = field(default_factory=dict)


Reading = Good | Bad


def bounded(candidates: list[Any], least: Value, most: Value, error: str) -> Reading:
    """The first reading within the bounds; `error` when there is none at all, else what says the bounds."""
    if not candidates:
        return Bad(error)
    for value in candidates:
        if (least is None or value >= least) and (most is None or value <= most):
            return Good(value)
    names = {name: bound for name, bound in (("min", least), ("max", most)) if bound is not None}
    which = "range" if len(names) == 2 else next(iter(names))
    return Bad(f"{error}_{which}", names)
