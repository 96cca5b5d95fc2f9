"""What a campaign is going to do, counted: who gets it, where and how, who does not and why, when it is over, what it costs."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from trinario.model.prices import Prices
from trinario.model.standing import NumberStanding

DAY = timedelta(days=1)

SAMPLES = 20
"""Messages that are shown for each channel and language."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """So many templates of a category to numbers of a country, and what they cost together."""

    category: str
    country: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Cost:
    """What a campaign would cost; `unknown` messages have no price in the operator's file."""

    total: Decimal
    currency: str
    lines: tuple[CostLine, ...] = ()
    unknown: int = 0

    def plain(self) -> dict[str, Any]:
        """The same as JSON data, amounts as text."""
        lines = [
            {"category": one.category, "country": one.country, "count": one.count, "amount": str(one.amount)}
            for one in self.lines
        ]
        return {"total": str(self.total), "currency": self.currency, "lines": lines, "without_a_price": self.unknown}


class Group(NamedTuple):
    """People who get it alike. `window`: open or shut; `consent` to marketing: yes, no, not asked; `template`: how the one
    that goes stands at the platform ("" where free words go)."""

    channel: str
    window: str
    language: str
    consent: str = "not asked"
    template: str = ""

    @property
    def words(self) -> str:
        """The group for eyes."""
        how = f"template ({self.template})" if self.template else "free words"
        return f"{self.channel}, window {self.window}, {how}, {self.language}, consent: {self.consent}"


@dataclass(frozen=True, slots=True)
class DayLimit:
    """So many people may be written to first within 24 hours; these are more than that, or not."""

    most: int
    people: int

    @property
    def days(self) -> int:
        """How many days they take."""
        return max(1, -(-self.people // self.most))

    def plain(self) -> dict[str, int]:
        """The same as JSON data."""
        return {"per_24_hours": self.most, "people": self.people, "days": self.days}


@dataclass(slots=True)
class Forecast:
    """Counts of people. `going` by group; `deferred` and `left_out` by reason;
    `priced` by (channel, category, country); `busy` are those who are in a conversation just now, `first_due` and
    `last_due` when the first and the last have their time; `samples` are texts by (channel, language)."""

    segment: int = 0
    going: Counter[Group] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    deferred: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    priced: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    messages: int = 0
    busy: int = 0
    silent: int = 0
    first_due: datetime | None = None
    last_due: datetime | None = None
    samples: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def recipients(self) -> int:
        """Those who get something, later too."""
        return sum(self.going.values())

    @property
    def anybody(self) -> bool:
        """Whether anything would begin for anybody."""
        return self.recipients > 0 or self.silent > 0

    def due(self, at: datetime) -> None:
        """Somebody has her time then."""
        self.first_due = min(self.first_due or at, at)
        self.last_due = max(self.last_due or at, at)

    def has_room(self, channel: str, language: str) -> bool:
        """Whether another sample is wanted."""
        return len(self.samples.get((channel, language), ())) < SAMPLES

    def show(self, channel: str, language: str, text: str) -> None:
        """Keep a message as a sample, if there is room and it is another one."""
        shown = self.samples.setdefault((channel, language), [])
        if len(shown) < SAMPLES and text not in shown:
            shown.append(text)

    def limit(self, standings: Iterable[NumberStanding]) -> DayLimit | None:
        """The bound of a day on those whose window is shut, on channels that have one; None: there is none, or nobody knows.
        It is one for all numbers of a portfolio: the lowest that is known counts."""
        known = {one.channel: one.most for one in standings}
        people = sum(count for group, count in self.going.items() if group.channel in known and group.window == "shut")
        most = [known[group.channel] for group in self.going if known.get(group.channel, 0) > 0]
        return DayLimit(min(most), people) if most and people else None

    def ends(
        self, paces: Mapping[str, float], own: float | None, now: datetime, limit: DayLimit | None = None
    ) -> datetime | None:
        """When the last message is on its way: by the campaign's pace, by those of its channels and by the limit of a day, the
        slowest counts."""
        if not self.recipients:
            return None
        begin = max(self.first_due or now, now)
        by_channel = Counter[str]()
        for group, count in self.going.items():
            by_channel[group.channel] += count
        seconds = [count / paces[channel] for channel, count in by_channel.items() if paces.get(channel)]
        if own:
            seconds.append(self.recipients / own)
        if limit is not None:
            seconds.append((limit.days - 1) * DAY.total_seconds())
        return max(begin + timedelta(seconds=max(seconds, default=0.0)), self.last_due or begin)

    def cost(self, prices: Prices | None, charged: Collection[str], day: date) -> Cost | None:
        """What the templates cost on the channels that charge for them; None: nobody has said what they do."""
        if prices is None:
            return None
        lines, unknown = [], 0
        for (channel, category, country), count in self.priced.most_common():
            if channel not in charged or category == "service":
                continue
            price = prices.price(country, category, day)
            if price is None:
                unknown += count
            else:
                lines.append(CostLine(category, country, count, price.amount * count))
        return Cost(sum((one.amount for one in lines), Decimal()), prices.currency, tuple(lines), unknown)

    def plain(self) -> dict[str, Any]:
        """The forecast as JSON data."""
        return {
            "segment": self.segment, "recipients": self.recipients, "messages": self.messages, "busy": self.busy,
            "without_a_message": self.silent,
            "going": [{**group._asdict(), "count": n} for group, n in self.going.most_common()],
            "variants": dict(self.variants), "deferred": dict(self.deferred.most_common()),
            "left_out": dict(self.left_out.most_common()),
            "priced": [{"channel": c, "category": k, "country": z, "count": n} for (c, k, z), n in self.priced.most_common()],
            "first_due": self.first_due.isoformat() if self.first_due else None,
            "last_due": self.last_due.isoformat() if self.last_due else None,
            "samples": [{"channel": c, "language": lang, "texts": texts} for (c, lang), texts in sorted(self.samples.items())],
        }  # fmt: skip
