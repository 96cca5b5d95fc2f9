"""How people wrote lately: too many messages in a time, or the same words again and again. Nothing is kept of it."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from trinario.model.guard import Guard
from trinario.model.heard import Heard

MOST = 20_000
"""People whose messages one process counts before it forgets those who have rested."""

SHORT = 10
"""Words shorter than this are said again and again by people too."""

AGAIN = timedelta(minutes=10)
"""Within this time the same words count as said again."""


@dataclass(slots=True)
class _Her:
    """The moments of her last messages, oldest first; the words she said last, since when, and how often in a row."""

    times: deque[datetime] = field(default_factory=deque)
    words: str = ""
    since: datetime | None = None
    count: int = 0


class Counter:
    """How people wrote lately, in the memory of one process; after a restart it begins anew."""

    def __init__(self) -> None:
        self._known: dict[int, _Her] = {}

    def trips(self, rules: Guard, contact: int, heard: Heard) -> str:
        """Count a message by the platform's own time; gives why the bot should be silent from now on, "" if it need not."""
        if len(self._known) >= MOST and contact not in self._known:
            self._forget(rules, heard.at)
        her = self._known.setdefault(contact, _Her())
        why = self._flooded(rules, her, heard.at) or self._repeated(rules, her, heard)
        if why:
            del self._known[contact]
        return why

    def _flooded(self, rules: Guard, her: _Her, at: datetime) -> str:
        her.times.append(at)
        longest = max((one.messages for one in rules.floods), default=0)
        while len(her.times) > longest + 1:
            her.times.popleft()
        for one in rules.floods:
            if len(her.times) > one.messages and at - her.times[-one.messages - 1] <= one.within:
                return f"{one.messages + 1} messages within {_span(one.within)}"
        return ""

    def _repeated(self, rules: Guard, her: _Her, heard: Heard) -> str:
        words = " ".join(heard.text.split()).casefold() if not heard.payload else ""
        if len(words) < SHORT or her.words != words or her.since is None or heard.at - her.since > AGAIN:
            her.words, her.since, her.count = words, heard.at, 0
        her.count += 1
        if rules.same and len(words) >= SHORT and her.count >= rules.same:
            return f"the same words {her.count} times in a row"
        return ""

    def _forget(self, rules: Guard, at: datetime) -> None:
        """Who has not written for as long as anything counts is no longer known."""
        longest = max((AGAIN, *(one.within for one in rules.floods)))
        self._known = {id: her for id, her in self._known.items() if her.times and at - her.times[-1] <= longest}
        if (
            len(self._known) >= MOST
        ):  # so many write at once: a quarter goes, so that not each new one costs a look at all
            self._known = dict(islice(self._known.items(), MOST // 4, None))


def _span(span: timedelta) -> str:
    minutes = span.total_seconds() / 60
    return f"{minutes:g} minute{'s' * (minutes != 1)}" if minutes >= 1 else f"{span.total_seconds():g} seconds"
