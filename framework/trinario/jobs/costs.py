"""What messages cost: what the platforms told, day by day, with the operator's prices put to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from trinario.model.bot import Bot
from trinario.model.country import country_of_start
from trinario.model.duration import localised
from trinario.model.prices import told_of
from trinario.model.zone import zone
from trinario.ports import Unit

By = Literal["day", "month", "channel", "category", "country"]
BY: tuple[By, ...] = ("day", "month", "channel", "category", "country")
MOST_DAYS = 400
"""Days that one question may be about."""


@dataclass(slots=True)
class Sum:
    """Messages that have the same `key` (one part for each word of `by`; "": not known). `charged` of them were delivered
    and are charged, `free` cost nothing, `undelivered` would cost something once they arrive. `amount` is what the charged ones
    cost by the price file; `unpriced` of them have no price there."""

    key: tuple[str, ...]
    messages: int = 0
    charged: int = 0
    free: int = 0
    undelivered: int = 0
    unpriced: int = 0
    amount: Decimal = Decimal(0)

    def add(self, other: "Sum") -> None:
        """Count the others as well."""
        self.messages += other.messages
        self.charged += other.charged
        self.free += other.free
        self.undelivered += other.undelivered
        self.unpriced += other.unpriced
        self.amount += other.amount


@dataclass(frozen=True, slots=True)
class Costs:
    """Of the days from `since` to `until`, both included. `currency` is "" without a price file: then no amount counts."""

    since: date
    until: date
    by: tuple[By, ...]
    currency: str
    sums: tuple[Sum, ...]
    total: Sum


def this_month(bot: Bot, now: datetime) -> tuple[date, date]:
    """The days that are meant when nobody says which: from the first of this month until today."""
    today = now.astimezone(zone(bot.timezone) or UTC).date()
    return today.replace(day=1), today


def by_of(words: str) -> tuple[By, ...]:
    """`channel,category` as a tuple. Raises ValueError, with the words that there are."""
    asked = [word.strip() for word in words.split(",") if word.strip()]
    wrong = [word for word in asked if word not in BY]
    if wrong or not asked:
        raise ValueError(
            f"it can be by {', '.join(BY)}, several with commas between them, not by {', '.join(wrong) or 'nothing'}"
        )
    return tuple(word for word in BY if word in asked)


def days_of(since: date, until: date) -> int:
    """How many days that are. Raises ValueError for none, and for too many."""
    days = (until - since).days + 1
    if days < 1:
        raise ValueError(f"{until} is before {since}")
    if days > MOST_DAYS:
        raise ValueError(f"{since} to {until} are {days:,} days, and {MOST_DAYS} at most can be asked for")
    return days


def costs(unit: Unit, bot: Bot, since: date, until: date, by: Sequence[By]) -> Costs:
    """Count the days of the bot's zone from `since` to `until`, both included. Raises ValueError as `days_of`."""
    sums: dict[tuple[str, ...], Sum] = {}
    for number in range(days_of(since, until)):
        for one in _of_day(unit, bot, since + timedelta(days=number), by):
            sums.setdefault(one.key, Sum(one.key)).add(one)
    total = Sum(())
    for one in sums.values():
        total.add(one)
    currency = bot.prices.currency if bot.prices else ""
    return Costs(since, until, tuple(by), currency, tuple(sums[key] for key in sorted(sums)), total)


def _of_day(unit: Unit, bot: Bot, day: date, by: Sequence[By]) -> Iterator[Sum]:
    clock = zone(bot.timezone) or UTC
    begins, ends = (localised(datetime.combine(one, time()), clock) for one in (day, day + timedelta(days=1)))
    for charge in unit.costs.charges(begins, ends):
        told, country = told_of(charge.price), country_of_start(charge.kind, charge.start) or ""
        parts = {"day": day.isoformat(), "month": f"{day:%Y-%m}", "channel": charge.channel, "category": told.category,
                 "country": country}  # fmt: skip
        one = Sum(tuple(parts[word] for word in by), charge.count)
        if not told.charged:
            one.free = charge.count
        elif not charge.arrived:
            one.undelivered = charge.count
        else:
            one.charged = charge.count
            price = bot.prices.price(country, told.category, day) if bot.prices else None
            one.unpriced = charge.count if price is None else 0
            one.amount = price.amount * charge.count if price else Decimal(0)
        yield one
