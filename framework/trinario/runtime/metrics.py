"""Numbers for Prometheus: what came in, what was done, what went out, what waits, how long it took."""

import re
from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from trinario.jobs.receive import TurnLine
from trinario.model.message import Arrival, Echo, Heard, Receipt, Unsupported
from trinario.model.outbox import NotSent, SendResult, Sent, Unknown
from trinario.ports import NotReturned, Returned
from trinario.runtime.keeper import BotKeeper

FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of the histograms, in seconds."""

MOST_KINDS = 100
"""Different values that a label made of Meta's words may take; what comes after them is `other`."""

_DIGITS = re.compile(r"[0-9]+")


class Metrics:
    """One registry of our own: what other libraries register does not show. Implements web.doors.Tally."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._webhooks = Counter(
            "trinario_webhooks", "Webhooks by how they were answered", ["outcome"], registry=registry
        )
        self._accept = Histogram(
            "trinario_accept_seconds", "From the first byte of a webhook to its answer", buckets=FAST, registry=registry
        )
        self._arrivals = Counter("trinario_arrivals", "What webhooks held, kept, by kind", ["kind"], registry=registry)
        self._unsupported = Counter(
            "trinario_unsupported", "Kept, but not understood, by what it was", ["what"], registry=registry
        )
        self._turns = Counter("trinario_turns", "Turns of the machine", registry=registry)
        self._turn = Histogram("trinario_turn_seconds", "A turn's share of its batch", buckets=FAST, registry=registry)
        self._dead = Counter("trinario_dead_rows", "Inbox rows that were given up", registry=registry)
        self._sends = Counter("trinario_sends", "POSTs by what came of them", ["channel", "result"], registry=registry)
        self._send = Histogram(
            "trinario_send_seconds", "From POST to answer", ["channel"], buckets=FAST, registry=registry
        )
        self._calls = Counter("trinario_calls", "Calls to the outside by what came of them", ["kind", "result"], registry=registry)
        self._call = Histogram("trinario_call_seconds", "From call to answer", ["kind"], buckets=FAST, registry=registry)
        self._waiting = Gauge("trinario_waiting", "Rows that wait, by where", ["what"], registry=registry)
        self._deployment = Gauge("trinario_deployment", "The deployment that is served", registry=registry)
        self._refused = Gauge(
            "trinario_flows_refused", "Issues that keep the newest flows from being served", registry=registry
        )
        self._kinds: set[str] = set()
        # to look a child up costs more than to count
        self._webhook = {outcome: self._webhooks.labels(outcome) for outcome in OUTCOMES}
        self._arrival = {kind: self._arrivals.labels(kind.__name__.lower()) for kind in ARRIVALS}

    def webhook(self, outcome: str, seconds: float) -> None:
        """A webhook was answered: kept, forged, unreadable, too_large or failed."""
        self._webhook[outcome].inc()
        self._accept.observe(seconds)

    def arrived(self, arrivals: Sequence[Arrival]) -> None:
        """These are kept: heard, receipt, echo, unsupported."""
        for arrival in arrivals:
            item = arrival.item
            self._arrival[type(item)].inc()
            if isinstance(item, Unsupported):
                self._unsupported.labels(self._kind(item.what)).inc()

    def _kind(self, what: str) -> str:
        """`what` without its numbers, so that a million accounts are one kind."""
        kind = _DIGITS.sub("#", what)
        if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            return "other"
        self._kinds.add(kind)
        return kind

    def turned(self, lines: Sequence[TurnLine], seconds: float) -> None:
        """A batch of turns took so long."""
        if lines:
            self._turns.inc(len(lines))
            self._turn.observe(seconds / len(lines))

    def died(self, rows: int = 1) -> None:
        """So many inbox rows were given up."""
        self._dead.inc(rows)

    def sent(self, channel: str, result: SendResult, seconds: float | None = None) -> None:
        """What came of one POST, and how long it took if that is known."""
        self._sends.labels(channel, _RESULTS[type(result)]).inc()
        if seconds is not None:
            self._send.labels(channel).observe(seconds)

    def called(self, kind: str, result: Returned | NotReturned, seconds: float) -> None:
        """What came of one call to the outside, and how long it took."""
        self._calls.labels(kind, "returned" if isinstance(result, Returned) else "not_returned").inc()
        self._call.labels(kind).observe(seconds)

    def waiting(self, counts: Mapping[str, int]) -> None:
        """What waits, as `Unit.counts` tells it."""
        for what, count in counts.items():
            self._waiting.labels(what).set(count)

    def serving(self, keeper: BotKeeper) -> None:
        """What is served, and whether anything newer could not be."""
        self._deployment.set(keeper.serving.id if keeper.serving else 0)
        self._refused.set(keeper.trouble.issues if keeper.trouble else 0)

    def text(self) -> bytes:
        """Prometheus' text format."""
        return generate_latest(self.registry)


ARRIVALS: tuple[type, ...] = (Heard, Receipt, Echo, Unsupported)
OUTCOMES = ("kept", "forged", "unreadable", "too_large", "failed")

_RESULTS: Mapping[type, str] = {Sent: "sent", NotSent: "not_sent", Unknown: "unknown"}
