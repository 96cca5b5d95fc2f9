"""What became of a campaign, in counts of people: sent, delivered, read, answered, opted out, converted; and who got nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from math import exp, lgamma, log, sqrt
from typing import Any

from trinario.campaign.against_event import AgainstEvent
from trinario.campaign.against_plan import AgainstPlan
from trinario.campaign.fates import Fate
from trinario.campaign.funnel import Funnel

STAGES = ("sent", "delivered", "read", "answered", "clicked", "converted", "opted_out")
"""How far somebody came, or what she did."""

Z = 1.959964
"""Standard errors of a confidence of 95 percent."""

CHANCE = 0.001
"""Of a split as uneven as this one by chance, how many would be: below that something draws wrongly."""


@dataclass(frozen=True, slots=True)
class Line:
    """People of one variant, channel and language, with how many came to each stage."""

    variant: str
    channel: str
    language: str
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusals:
    """So many people had a message refused on a channel for a reason; `elsewhere` of them had it all the same on another."""

    channel: str
    reason: str
    people: int
    elsewhere: int = 0


@dataclass(slots=True)
class Report:
    """`recipients` counts places: somebody of two slots has two; all else counts people, each once, also if it went to her on two
    channels. `fates` is what became of everybody, and sums to `people`; `waiting`, `left_out` and `refused` (by reason) are parts
    of it. `lines` by variant, channel and language are those to whom it went, on the channel where it came furthest, of channels
    alike the first. `refusals` are by channel, those too who had it on another. `drawn`: how many fell to each variant, the holdout
    too, and `converted` how many of those did what the campaign is for, whether it reached them or not; `flows`: how far they
    came in the flows that it begins; `plan`: what of the plan came true."""

    recipients: int = 0
    waiting: int = 0
    lines: list[Line] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    drawn: Counter[str] = field(default_factory=Counter)
    converted: Counter[str] = field(default_factory=Counter)
    flows: list[Funnel] = field(default_factory=list)
    fates: Counter[Fate] = field(default_factory=Counter)
    refusals: list[Refusals] = field(default_factory=list)
    plan: AgainstPlan | AgainstEvent | None = None

    @property
    def people(self) -> int:
        """Everybody whom it was for."""
        return self.fates.total()

    @property
    def refused_at_all(self) -> bool:
        """Whether it can be that a message of it was refused: it has said something."""
        return any(fate.channel for fate in self.fates)

    def count(self, fate: Fate, people: int) -> None:
        """So many people more came to this."""
        self.fates[fate] += people
        if fate.what == "waiting":
            self.waiting += people
        elif fate.what == "refused":
            self.refused[fate.reason] += people
        elif fate.what in ("left_out", "withdrawn"):
            self.left_out[fate.reason] += people

    def became(self, what: str) -> int:
        """People of whom this became; see Fate."""
        return sum(count for fate, count in self.fates.items() if fate.what == what)

    def total(self, stage: str, variant: str | None = None) -> int:
        """People who came to a stage, of one variant or of all."""
        return sum(line.counts.get(stage, 0) for line in self.lines if variant in (None, line.variant))

    def plain(self, weights: Iterable[tuple[str, int]] = ()) -> dict[str, Any]:
        """The report as JSON data."""
        weights = list(weights)
        return {
            "recipients": self.recipients, "people": self.people, "waiting": self.waiting,
            **{stage: self.total(stage) for stage in STAGES},
            "lines": [{"variant": one.variant, "channel": one.channel, "language": one.language, **one.counts}
                      for one in self.lines],
            "left_out": dict(self.left_out.most_common()), "refused": dict(self.refused.most_common()),
            "refused_by_channel": [asdict(one) for one in self.refusals],
            "fates": [{**fate._asdict(), "people": count} for fate, count in sorted(self.fates.items())],
            "plan": self.plan.plain() if self.plan else None,
            "variants": [self.side(name) for name, _ in weights], "flows": [one.plain() for one in self.flows],
            "split": {"chance": round(split_chance(self.drawn, weights), 6), "sound": split_chance(self.drawn, weights) >= CHANCE}
            if weights else None,
        }  # fmt: skip

    def side(self, variant: str) -> dict[str, Any]:
        """One variant: how many it fell to, how many converted, and between which shares the true one is."""
        people, good = self.drawn[variant], self.converted[variant]
        low, high = interval(good, people)
        share = good / people if people else 0.0
        return {"variant": variant, "people": people, "converted": good, "share": round(share, 4), "low": round(low, 4),
                "high": round(high, 4)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepReport:
    """What became of what one step said (`cause` is `flow.step`), of people of one channel and language; `refused` by reason."""

    cause: str
    channel: str
    language: str
    counts: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


def interval(good: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies, 95 times in 100 (Wilson's interval); (0, 1) of nobody."""
    if of <= 0:
        return 0.0, 1.0
    share, square = good / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def split_chance(drawn: Counter[str], weights: Iterable[tuple[str, int]]) -> float:
    """How likely a split as uneven as this one is when all is well (chi-square); near 0: what draws is wrong, or who is counted."""
    shares = [(name, weight) for name, weight in weights if weight > 0]
    people, whole = sum(drawn[name] for name, _ in shares), sum(weight for _, weight in shares)
    if len(shares) < 2 or not people:
        return 1.0
    wanted = [(drawn[name], people * weight / whole) for name, weight in shares]
    return _above(sum((got - want) ** 2 / want for got, want in wanted), len(shares) - 1)


def _above(square: float, freedom: int) -> float:
    """The share of a chi-square distribution above this: the regularised incomplete gamma function, by its series."""
    if square <= 0:
        return 1.0
    half, x = freedom / 2, square / 2
    if x > 700:
        return 0.0
    term = total = 1.0 / half
    step = half
    while term > total * 1e-12:
        step += 1
        term *= x / step
        total += term
    return max(0.0, 1.0 - total * exp(-x + half * log(x) - lgamma(half)))
