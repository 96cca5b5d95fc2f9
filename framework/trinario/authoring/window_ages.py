"""What the window proof knows at a step: where she may have written last, and how long ago at most, channel by channel."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple

from trinario.model.duration import Duration

SECOND = 1_000_000
"""Ages are whole microseconds, as moments are: "less than 24 hours" is one of them less than 24 hours."""

FOREVER = 10**30
"""The age of a channel on which she may never have written. Whatever is older than every window is as good as this."""

CLOCK_CHANGE = 2 * 3600 * SECOND
"""What the clocks may add to a time of the calendar: an hour nearly everywhere, two in Antarctica."""

DAY = 24 * 3600 * SECOND

FRESH, USED = "fresh", "used"
"""A comment allows one private reply, whenever she wrote last."""


class Place(NamedTuple):
    """One case of several that are possible at a step; what is known of ages is known case by case.

    `channel` is where she last wrote ("" if nowhere yet); `defers`: a question gives way to one that is pending.
    `comment`: no comment began it (""), one that has not been answered in private (FRESH), or one that has (USED).
    """

    channel: str
    defers: bool
    comment: str = ""


Ages = tuple[int, ...]
"""For every channel of the bot, in its order: how long ago she wrote there at most."""

Case = tuple[Place, Ages]


class State:
    """The cases that are possible at a step; false: nobody comes here. A lattice makes every state once only."""

    __slots__ = ("cases", "deferring")

    def __init__(self, cases: tuple[Case, ...]) -> None:
        self.cases = cases
        self.deferring = tuple(place for place, _ in cases if place.defers)

    def __bool__(self) -> bool:
        return bool(self.cases)

    def __iter__(self) -> Iterator[Case]:
        return iter(self.cases)


class Lattice:
    """States over the channels of one bot, and what time and her messages do to them. Remembers what it worked out.

    `windows` are microseconds by channel; `cards` those of cards that ask for a mark, where any flow has such.
    """

    def __init__(self, windows: Mapping[str, int], cards: Mapping[str, int] | None = None) -> None:
        self.windows, self.cards, self.channels = windows, cards or {}, tuple(windows)
        self._at = {name: number for number, name in enumerate(self.channels)}
        self._ceiling = max((*windows.values(), *self.cards.values()), default=0)
        self._states: dict[tuple[Case, ...], State] = {}
        self._known: dict[Hashable, State] = {}
        self._below: dict[tuple[State, State], bool] = {}
        self.nothing = self.state(())

    def state(self, cases: Iterable[Case]) -> State:
        """The state of these cases: one line a place, with the greatest age of each channel."""
        found: dict[Place, Ages] = {}
        for place, ages in cases:
            other = found.get(place)
            found[place] = ages if other is None or other == ages else tuple(map(max, ages, other))
        key = tuple(sorted(found.items()))
        return self._states.setdefault(key, State(key))

    # where a session begins

    def silence(self, defers: bool, comment: str = "") -> State:
        """Nothing is known: she wrote anywhere, at any time, or never. `comment` is what began it, if one did."""
        ages = (FOREVER,) * len(self.channels)
        return self.state((Place(name, defers, comment), ages) for name in ("", *self.channels))

    def message(self, channels: Collection[str], defers: bool) -> State:
        """She writes on one of these channels at this moment."""
        never = (FOREVER,) * len(self.channels)
        return self.state(
            (Place(name, defers), self._set(never, name, 0)) for name in self.channels if name in channels
        )

    # what happens to it

    def waited(self, state: State, span: int) -> State:
        """Time passes, at most `span`; meanwhile she may write anywhere."""
        return self._once(("waited", state, span), lambda: self._waited(state, span))

    def answered(self, state: State, span: int, settle: int = 0) -> State:
        """Within `span` she writes somewhere, and nothing more for `settle`."""
        return self._once(("answered", state, span, settle), lambda: self._answered(state, span, settle))

    def arrived(self, state: State, span: int, channels: Collection[str]) -> State:
        """Within `span` she writes on one of these channels."""
        return self.where(self.answered(state, span), lambda name: name in channels)

    def replied(self, state: State) -> State:
        """The comment has had its private reply."""
        return self.state((place._replace(comment=USED) if place.comment else place, ages) for place, ages in state)

    def commented(self, state: State, holds: bool) -> State:
        """The cases that a comment began, or the others."""
        return self.state(case for case in state if bool(case[0].comment) == holds)

    def opened(self, state: State, is_open: bool) -> State:
        """What is left when `channel.window_open` says so."""
        return self._once(("opened", state, is_open), lambda: self._opened(state, is_open))

    def where(self, state: State, holds: Callable[[str], bool]) -> State:
        """The cases whose channel is such a one ("" is asked as well)."""
        return self.state(case for case in state if holds(case[0].channel))

    # comparing

    def joined(self, one: State, other: State) -> State:
        """Whatever one of the two holds possible."""
        if one is other or not other:
            return one
        return self._once(("joined", one, other), lambda: self.state((*one, *other))) if one else other

    def below(self, state: State, other: State) -> bool:
        """Whether `other` holds possible all that `state` does."""
        if state is other:
            return True
        found = self._below.get((state, other))
        if found is None:
            found = self._below[state, other] = self.joined(state, other) is other
        return found

    def fresh(self, ages: Ages, channel: str, card: bool = False) -> bool:
        """Whether the window of the channel, or that of a card, is open for certain."""
        window = max(self.windows[channel], self.cards.get(channel, 0) if card else 0)
        return ages[self._at[channel]] < window

    # within

    def _once(self, key: Hashable, make: Callable[[], State]) -> State:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _aged(self, age: int, span: int) -> int:
        return age + span if age + span < self._ceiling else FOREVER

    def _set(self, ages: Ages, channel: str, age: int) -> Ages:
        number = self._at[channel]
        return (*ages[:number], age, *ages[number + 1 :])

    def _waited(self, state: State, span: int) -> State:
        if span <= 0:
            return state
        return self.state((*self._stayed(state, span), *self._wrote(state, span, self._aged(0, span))))

    def _answered(self, state: State, span: int, settle: int) -> State:
        return self.state(self._wrote(state, span + settle, self._aged(0, settle)))

    def _stayed(self, state: State, span: int) -> Iterable[Case]:
        for place, ages in state:
            yield place, tuple(self._aged(age, span) for age in ages)

    def _wrote(self, state: State, span: int, age: int) -> Iterable[Case]:
        """On every channel she may have written last, which then is of that age at most; the others grow old."""
        for place, ages in self._stayed(state, span):
            for number, name in enumerate(self.channels):
                yield place._replace(channel=name), self._set(ages, name, min(ages[number], age))

    def _opened(self, state: State, is_open: bool) -> State:
        found: list[Case] = []
        for place, ages in state:
            name = place.channel
            if not is_open and not (name and self.fresh(ages, name)):
                found.append((place, ages))
            elif is_open and name:
                least = min(ages[self._at[name]], self.windows[name] - 1)
                found.append((place, self._set(ages, name, least)))
        return self.state(found)


# ---- spans of time as the proof reckons them


def elapsed(span: Duration) -> int:
    """A duration with days of 24 hours, as in `timeout` and `expires`."""
    return int(span.elapsed.total_seconds()) * SECOND


def longest(span: Duration) -> int:
    """The longest that a duration of the calendar takes."""
    return elapsed(span) + (CLOCK_CHANGE if span.days else 0)


def longest_push(between: tuple[int, int] | None, days: frozenset[int]) -> int:
    """How long at most `between` and `days` hold a moment back: from the end of what is allowed to its next beginning."""
    if between is None and not days:
        return 0
    begin, end = between or (0, 24 * 60)
    length = (end - begin) % (24 * 60) or 24 * 60
    week = 7 * 24 * 60
    opens = sorted(day * 24 * 60 + begin for day in days or range(7))
    following = [*opens[1:], opens[0] + week]
    gap = max(after - (first + length) for first, after in zip(opens, following, strict=True))
    return gap * 60 * SECOND + CLOCK_CHANGE if gap > 0 else 0
