"""Which rows of a batch bring a link token: told with one question for the whole batch, guesses counted and limited."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trinario import jsons
from trinario.jobs.events import heard_of
from trinario.jobs.token import candidates, hash_of, is_ref
from trinario.jobs.world import World
from trinario.model.heard import Heard
from trinario.ports import Case, InboxEntry, Token, Unit

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Arrivals:
    """`links`: inbox id -> the live token it brings. `guesses`: (contact, at) of codes that meant nothing. `heard`:
    inbox id -> what the row holds, read once."""

    links: dict[int, Token] = field(default_factory=dict)
    guesses: list[tuple[int, datetime]] = field(default_factory=list)
    events: list[tuple[int | None, str, datetime, str]] = field(default_factory=list)
    heard: dict[int, Heard] = field(default_factory=dict)


def sort_out(unit: Unit, world: World, cases: Sequence[Case], now: datetime) -> Arrivals:
    """Find the rows that bring a token of ours."""
    arrivals = Arrivals()
    brought = [(entry, found) for case in cases for entry in case.entries if (found := _brings(entry, arrivals))]
    if not brought:
        return arrivals
    hashed = {secret: hash_of(world.random, secret) for _, found in brought for secret in found}
    tokens = unit.find_tokens(sorted(set(hashed.values())))
    for entry, found in brought:
        codes = [secret for secret in found if not is_ref(secret)]
        ours = [tokens[hashed[secret]] for secret in found if hashed[secret] in tokens]
        token = next((one for one in ours if not refused(one, entry)), ours[0] if ours else None)
        if len(codes) == len(found) and _throttled(unit, world, entry, now, arrivals):
            continue  # a ref is too long to be guessed: who comes by one is let in whoever guesses meanwhile
        if token is None:
            arrivals.guesses.extend((entry.contact, now) for _ in codes)
        elif reason := refused(token, entry):
            data = {"offer": token.offer, "reason": reason, "channel": entry.channel}
            arrivals.events.append((entry.contact, "link_refused", now, jsons.dumps(data)))
        else:
            arrivals.links[entry.id] = token
    return arrivals


def _brings(entry: InboxEntry, arrivals: Arrivals) -> list[str]:
    """The secrets a row may hold. A row that cannot be read brings none: its own turn will tell."""
    if entry.kind != "heard":
        return []
    try:
        heard = arrivals.heard[entry.id] = heard_of(entry)
    except (ValueError, KeyError, TypeError):
        return []
    return [] if heard.standby else candidates(heard)


def _throttled(unit: Unit, world: World, entry: InboxEntry, now: datetime, arrivals: Arrivals) -> bool:
    """Whether this sender, or everybody together, has guessed too much within the hour, this batch included."""
    mine, all_of_them = unit.count_guesses(entry.contact, now - HOUR)
    mine += sum(contact == entry.contact for contact, _ in arrivals.guesses)
    all_of_them += len(arrivals.guesses)
    return mine >= world.tuning.guesses or (mine > 0 and all_of_them >= world.tuning.all_guesses)


def refused(token: Token, entry: InboxEntry) -> str:
    """Why a token that is ours does not count here; "" if it does."""
    if token.used_at is not None:
        return "used"
    if token.expires_at <= entry.received_at:
        return "expired"
    return "" if token.target == entry.channel else "other_channel"
