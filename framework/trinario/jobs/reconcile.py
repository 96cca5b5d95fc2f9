"""Rows whose answer was lost: looked for by key for a while, then decided by purpose."""

from datetime import datetime, timedelta

from trinario.jobs.outbound import fate
from trinario.jobs.world import World
from trinario.ports import Inward, Settled, Unit

PENDING, FAILED = 0, 7

ONCE = frozenset({"marketing"})
"""Purposes of which nobody wants two: a lost answer counts as sent."""


def adopt_orphans(unit: Unit, world: World, run: int, now: datetime) -> int:
    """What a dead process was sending is unknown: it may be with her or not."""
    return unit.orphan(run, now + timedelta(seconds=min(world.tuning.reconcile_after, 60.0)))


OLDEST = timedelta(minutes=10)
"""Age beyond which a start does not prolong the search, so that a process that dies again and again holds nothing up."""


def search_anew(unit: Unit, world: World, now: datetime) -> int:
    """At a start: what the platform told meanwhile comes only now, so rows of unknown fate get their time again."""
    until = now + timedelta(seconds=min(world.tuning.reconcile_after, 60.0))
    return unit.search_anew(until, now - OLDEST)


def abandon(unit: Unit, world: World, now: datetime) -> int:
    """At a start: what waits for a channel that bot.yaml no longer has can never go."""
    gone = unit.abandon(sorted(world.adapters))
    told = [fate(contact, key, session, "failed", "channel_gone") for contact, key, session in gone if session]
    if told:
        unit.take_in(told, now)
    return len(gone)


BLIND = 2
"""Tries where no webhook hands our key back: more would only be more copies."""

AGAIN = "sent again: nothing told in time whether it had arrived"


def decide(unit: Unit, world: World, now: datetime, limit: int = 500) -> int:
    """Nothing came back in time: marketing is not sent twice, a service answer is."""
    results, told = [], list[Inward]()
    for id, key, purpose, attempts, session, contact, channel in unit.overdue_unknown(limit, now):
        adapter = world.adapters.get(channel)
        most = world.tuning.attempts if adapter and adapter.correlated else BLIND
        lost = purpose in ONCE or attempts >= most
        status, refusal = (FAILED, "unknown") if lost else (PENDING, None)
        results.append(Settled(id, status, refusal=refusal, detail=AGAIN if not lost else None, attempts=attempts))
        if lost and session is not None:
            told.append(fate(contact, key, session, "failed", "unknown"))
    unit.settle(results, now)
    if told:
        unit.take_in(told, now)
    return len(results)
