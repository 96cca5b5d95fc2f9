"""The outbox, sent: claim, ask policy again, POST, record Sent, NotSent or Unknown."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from trinario.jobs import statuses
from trinario.jobs.account import code_of
from trinario.jobs.code import name_of, ready
from trinario.jobs.happenings import opted_out
from trinario.jobs.hold import PAUSED, People, held_back, waits
from trinario.jobs.outbound import fate, unsaid
from trinario.jobs.takeover import OWNER
from trinario.jobs.thread import NOT_OWNER, elsewhere, is_elsewhere
from trinario.jobs.world import Tuning, World
from trinario.model.channel import Channel
from trinario.model.comment import PRIVATE_REPLY_WITHIN, comment_in
from trinario.model.consent import MARKETING, OPTED_OUT
from trinario.model.failure import Action, Failure
from trinario.model.heard import Receipt
from trinario.model.message import PublicReply, Sign, Template, ThreadControl
from trinario.model.outbox import NotSent, SendResult, Sent, Unknown
from trinario.policy.reach import unreachable_for
from trinario.policy.window import closes_at, is_card
from trinario.ports import Claimed, Inward, Settled, Unit
from trinario.ports.campaigns import CANCELLED

PENDING, UNKNOWN, ACCEPTED, FAILED, REFUSED = 0, 2, 3, 7, 8

AGAIN = frozenset({Action.RETRY, Action.SLOW})
HELD = frozenset({Action.TOKEN, Action.ACCOUNT})
"""Trouble that may be of the whole channel: the message waits with it."""

ANSWERED = frozenset({"100", "100/2534025", "10900"})
"""What the platforms say of a comment that has had its private reply."""

REST = 30.0
"""Seconds that such a message waits."""


def claim(
    unit: Unit, world: World, places: Mapping[str, int], run: int, now: datetime, people: People | None = None
) -> list[Claimed]:
    """Rows to send now; `places` says how many of each channel may begin, `people` how fast each was written to."""
    rows: list[Claimed] = []
    for name, free in places.items():
        if free > 0:
            claimed = unit.claim_outbox(name, free, world.adapters[name].pace, run, now)
            rows.extend(_let_go(unit, world, claimed, people, run, now) if claimed and people else claimed)
    return rows


def _let_go(unit: Unit, world: World, claimed: list[Claimed], people: People, run: int, now: datetime) -> list[Claimed]:
    """What may go of the rows of one channel; the others are recorded at once."""
    rows, held = held_back(unit, world, claimed, people, now)
    if held:
        results = [(row, NotSent(Failure("refused", reason=one.refusal or "")), one) for row, one in held]
        settle(unit, results, now, run, statuses.watched(world.bot()))
    return rows


async def post(world: World, row: Claimed, now: datetime) -> SendResult:
    """Send one row, unless its window shut or she took her consent back while it waited."""
    channel = world.bot().channels.get(row.entry.identity.channel)
    if channel is None:
        return NotSent(Failure(Action.FIX, reason="the channel is no longer in bot.yaml"))
    if reason := _shut(channel, row, now):
        return NotSent(Failure("refused", reason=reason))
    adapter = world.adapters[channel.id]
    if row.entry.typing:
        await adapter.attend(row.entry.identity, row.entry.prior, True)
        await asyncio.sleep(row.entry.typing / 1000)
    return await adapter.send(ready(world.random, row.entry))


def _shut(channel: Channel, row: Claimed, now: datetime) -> str:
    """Why it may not go any more: its time is over, she said stop, or a person took over; "" if it may."""
    if not row.wanted:
        return OPTED_OUT
    if row.taken:
        return OWNER
    if isinstance(row.entry.content, Template | PublicReply | ThreadControl):
        return ""
    if comment := comment_in(row.entry.reply_to):
        return "too_late" if now - comment[1] >= PRIVATE_REPLY_WITHIN else ""
    closes = closes_at(channel, row.last_heard, row.entry.human, is_card(row.entry.content))
    return "window_closed" if closes is None or now >= closes else ""


def outcome(row: Claimed, result: SendResult, now: datetime, tuning: Tuning, chance: Callable[[], float]) -> Settled:
    """What is recorded of one send. `chance` gives numbers in [0, 1) for the jitter."""
    entry = row.entry
    match result:
        case Sent(external_id=external_id):
            return Settled(entry.id, ACCEPTED, external_id=external_id or None, sent_at=now)
        case Unknown(reason=reason) if isinstance(entry.content, PublicReply | Sign):
            # nothing tells whether it stands there, and twice below a comment is worse than not at all
            return Settled(entry.id, FAILED, refusal="unknown", detail=reason, attempts=entry.attempts + 1)
        case Unknown(reason=reason):
            until = now + timedelta(seconds=tuning.reconcile_after)
            return Settled(entry.id, UNKNOWN, detail=reason, not_before=until, attempts=entry.attempts + 1)
        case NotSent(failure=failure):
            return _not_sent(row, failure, now, tuning, chance)
        case _:
            assert_never(result)


def _not_sent(row: Claimed, failure: Failure, now: datetime, tuning: Tuning, chance: Callable[[], float]) -> Settled:
    attempts = row.entry.attempts + 1
    if row.entry.attempts and comment_in(row.entry.reply_to) and code_of(failure) in ANSWERED:
        # only the first answer to a comment is taken: the try of which nothing came back has arrived
        return Settled(row.entry.id, ACCEPTED, sent_at=now)
    again = Settled(row.entry.id, PENDING, refusal=code_of(failure), detail=failure.reason, attempts=attempts)
    if is_elsewhere(failure) and not isinstance(row.entry.content, ThreadControl):
        return replace(again, status=REFUSED, refusal=NOT_OWNER)
    if failure.action == Action.TOKEN or (failure.action == Action.ACCOUNT and row.probe):
        # behind the others: what finds out next time whether all is well is another message
        rest = 2 * REST if row.probe else REST
        return replace(again, attempts=row.entry.attempts, not_before=now + timedelta(seconds=rest))
    if failure.holds == "bulk" and row.entry.purpose == MARKETING:
        until = now + timedelta(seconds=failure.after or REST)
        return replace(again, attempts=row.entry.attempts, not_before=until)
    if failure.holds == "template" and failure.action == Action.RETRY:
        return replace(waits(row, PAUSED, now + timedelta(seconds=failure.after or REST)), detail=failure.reason)
    if failure.action == Action.ACCOUNT and attempts < tuning.attempts:
        return replace(again, not_before=now + timedelta(seconds=REST))
    if failure.action in AGAIN and attempts < tuning.attempts:
        return replace(again, not_before=now + timedelta(seconds=wait_of(failure, attempts, tuning, chance)))
    return replace(again, status=REFUSED if failure.action == "refused" else FAILED)


def wait_of(failure: Failure, attempts: int, tuning: Tuning, chance: Callable[[], float]) -> float:
    """Seconds before the next try: what the platform says, else doubling, with jitter of a quarter either way."""
    base = failure.after if failure.after is not None else tuning.back_off * 2 ** (attempts - 1)
    if failure.after is None:
        base = min(base, tuning.longest_back_off)
    return base * (0.75 + 0.5 * chance())


def settle(
    unit: Unit, results: Sequence[tuple[Claimed, SendResult, Settled]], now: datetime, run: int | None = None,
    watched: frozenset[str] = frozenset(),
) -> None:  # fmt: skip
    """Record a batch of sends: rows, identities that cannot be reached, permissions taken back, sessions that wait for a fate.

    `watched` are the statuses that begin a flow.
    """
    told = _statuses(unit, results, now, watched) if watched else []
    unit.settle([settled for _, _, settled in results], now, run)
    for row, result, settled in results:
        identity = row.entry.identity
        if isinstance(result, Sent) and result.identity is not None and (code := name_of(row.entry.content)):
            unit.codes.reach(code, result.identity)
        if isinstance(result, NotSent) and result.failure.action == Action.UNREACHABLE:
            code = code_of(result.failure)
            rest = unreachable_for(code)
            unit.mark_unreachable(identity.channel, identity.value, code, now + rest if rest else None)
        elif isinstance(result, NotSent) and result.failure.action == Action.OPTOUT:
            told.append(opted_out(row.entry.contact, identity.channel, row.entry.key, result.failure))
        elif isinstance(result, NotSent) and settled.refusal == NOT_OWNER:
            told.append(elsewhere(row, result.failure, now))
        elif row.session and settled.refusal == CANCELLED:
            told.append(unsaid(row.entry.contact, row.entry.key, row.session, "the campaign was cancelled"))
        if row.awaited and settled.status in _FATES:
            told.append(
                fate(row.entry.contact, row.entry.key, row.session, _FATES[settled.status], settled.refusal or "")
            )
    if told:
        unit.take_in(told, now)


def _statuses(
    unit: Unit, results: Sequence[tuple[Claimed, SendResult, Settled]], now: datetime, watched: frozenset[str]
) -> list[Inward]:
    """What the answers to our calls say of messages: taken is `sent`, the rest is what became of it."""
    known = [
        Receipt(row.entry.identity.channel, _STATUSES[settled.status], now, key=row.entry.key,
                failure=result.failure if isinstance(result, NotSent) else None)
        for row, result, settled in results if settled.status in _STATUSES
    ]  # fmt: skip
    return statuses.told(unit, known, watched)


_STATUSES = {ACCEPTED: "sent", FAILED: "failed", REFUSED: "refused"}
_FATES = {ACCEPTED: "accepted", FAILED: "failed", REFUSED: "refused"}
