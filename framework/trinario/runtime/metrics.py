"""Numbers for Prometheus: what came in, what was done, what went out, what waits, how long it took."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from trinario.jobs.received import TurnLine
from trinario.model.failure import Failure
from trinario.model.heard import Arrival, Echo, Heard, Receipt, Unsupported
from trinario.model.news import Handover, News, Rekeyed
from trinario.model.outbox import NotSent, SendResult, Sent, Unknown
from trinario.ports import NotReturned, Returned, Trouble
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
        count = partial(Counter, registry=registry)
        time = partial(Histogram, buckets=FAST, registry=registry)
        gauge = partial(Gauge, registry=registry)
        self._webhooks = count("trinario_webhooks", "Webhooks by how they were answered", ["outcome"])
        self._accept = time("trinario_accept_seconds", "From the first byte of a webhook to its answer")
        self._arrivals = count("trinario_arrivals", "What webhooks held, kept, by kind", ["kind"])
        self._unsupported = count("trinario_unsupported", "Kept, but not understood, by what it was", ["what"])
        self._turns = count("trinario_turns", "Turns of the machine")
        self._turn = time("trinario_turn_seconds", "A turn's share of its batch")
        self._dead = count("trinario_dead_rows", "Inbox rows that were given up")
        self._sends = count("trinario_sends", "POSTs by what came of them", ["channel", "result"])
        self._send = time("trinario_send_seconds", "From POST to answer", ["channel"])
        self._calls = count("trinario_calls", "Calls to the outside by what came of them", ["kind", "result"])
        self._call = time("trinario_call_seconds", "From call to answer", ["kind"])
        fetched = "Files that people sent, by what came of fetching them (stored, failed, again)"
        self._media = count("trinario_media", fetched, ["channel", "result"])
        self._media_bytes = count("trinario_media_bytes", "Bytes of people's files that were stored", ["channel"])
        took = "How long a file takes from the first question to the store"
        self._media_seconds = time("trinario_media_seconds", took, ["channel"])
        self._waiting = gauge("trinario_waiting", "Rows that wait, by where", ["what"])
        failed = "Messages that the platform refused or did not deliver, each once"
        self._failures = count("trinario_failures", failed, ["channel", "code", "action"])
        trouble = "1 while the platform refuses the channel's token or account"
        self._trouble = gauge("trinario_channel_trouble", trouble, ["channel"])
        share = "Percent of its pace that a channel sends at; 0 while it rests"
        self._share = gauge("trinario_channel_share", share, ["channel"])
        used = "Percent of an allowance that is used up, as the Graph's answers tell"
        self._usage = gauge("trinario_graph_usage", used, ["channel", "of"])
        self._deployment = gauge("trinario_deployment", "The deployment that is served")
        self._refused = gauge("trinario_flows_refused", "Issues that keep the newest flows from being served")
        self._kinds: set[str] = set()
        self._codes: set[str] = set()
        # to look a child up costs more than to count
        self._webhook = {outcome: self._webhooks.labels(outcome) for outcome in OUTCOMES}
        self._arrival = {kind: self._arrivals.labels(kind.__name__.lower()) for kind in ARRIVALS}
        self._sent: dict[tuple[str, type], tuple[Counter, Histogram]] = {}

    def webhook(self, outcome: str, seconds: float) -> None:
        """A webhook was answered: kept, forged, unreadable, too_large or failed."""
        self._webhook[outcome].inc()
        self._accept.observe(seconds)

    def arrived(self, arrivals: Sequence[Arrival]) -> None:
        """These are kept: heard, receipt, echo, news, handover, rekeyed, unsupported."""
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
        known = self._sent.get((channel, type(result)))
        if known is None:
            known = self._sends.labels(channel, _RESULTS[type(result)]), self._send.labels(channel)
            self._sent[channel, type(result)] = known
        known[0].inc()
        if seconds is not None:
            known[1].observe(seconds)
        if result.usage is not None:
            self._usage.labels(channel, result.usage.of).set(result.usage.percent)
        if isinstance(result, NotSent) and result.failure.action != "refused":
            self.failed(channel, result.failure)

    def failed(self, channel: str, failure: Failure) -> None:
        """A message was refused, or taken and not delivered."""
        code = f"{failure.code}/{failure.subcode}" if failure.subcode else str(failure.code)
        code = code if code in self._codes or len(self._codes) < MOST_KINDS else "other"
        self._codes.add(code)
        self._failures.labels(channel, code, str(failure.action)).inc()

    def channels(self, names: Iterable[str], troubles: Sequence[Trouble]) -> None:
        """What is the matter with which channel; nothing with those that are not named in `troubles`."""
        known = {one.channel: one for one in troubles}
        for name in names:
            one = known.get(name)
            self._trouble.labels(name).set(1 if one and one.code else 0)
            self._share.labels(name).set(100 if one is None else 0 if one.rests_until else one.share)

    def called(self, kind: str, result: Returned | NotReturned, seconds: float) -> None:
        """What came of one call to the outside, and how long it took."""
        self._calls.labels(kind, "returned" if isinstance(result, Returned) else "not_returned").inc()
        self._call.labels(kind).observe(seconds)

    def fetched(self, channel: str, result: str, size: int, seconds: float) -> None:
        """What came of fetching a file: stored, failed or again; its bytes, and how long it took."""
        self._media.labels(channel, result).inc()
        self._media_seconds.labels(channel).observe(seconds)
        if result == "stored":
            self._media_bytes.labels(channel).inc(size)

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


ARRIVALS: tuple[type, ...] = (Heard, Receipt, Echo, News, Handover, Rekeyed, Unsupported)
OUTCOMES = ("kept", "forged", "unreadable", "too_large", "failed")

_RESULTS: Mapping[type, str] = {Sent: "sent", NotSent: "not_sent", Unknown: "unknown"}
