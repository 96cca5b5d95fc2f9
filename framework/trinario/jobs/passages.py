"""The way of a turn, as it is counted: the steps that a session came to, and by which exit it left them."""

from collections.abc import Callable, Iterator
from datetime import datetime

from trinario.campaign.funnel import DROPPED
from trinario.model.contact import Contact
from trinario.model.turn import Turn
from trinario.ports.passages import ALONE, Passage

STANDS = frozenset({"waits", "called"})
QUIET = frozenset({"timeout", "expired", "invalid", "unavailable", "too_late", "failed", "refused", "already_sent"})
"""Exits without an answer of hers: who comes to the end by one has dropped off."""


def passages(turn: Turn, contact: Contact, language: str, now: datetime) -> Iterator[Passage]:
    """What is to be counted of a turn. `language` is the bot's, for who has none of her own."""
    session = turn.session
    if not turn.flows or turn.flows[0].startswith(ALONE):
        return
    slot, variant = session.campaign, str(session.trigger.get("variant") or "")
    about = (session.revision, slot, variant, contact.channel or "", contact.language or language)

    def one(flow: str, step: str, how: str, left: bool) -> Passage:
        return Passage(session.id, flow, step, now, how, left, *about)

    if session.turns == 1:
        yield one(turn.flows[0], "", "waits", False)
    way, behind = "", turn.flows[0]
    for (step, exit), flow in zip(turn.path if session.live else turn.path[:-1], turn.flows, strict=False):
        if way == "called":
            yield one(flow, "", "waits", False)
        elif flow != behind:  # a called flow is over, its caller goes on
            yield one(behind, "", "done", True)
        if exit != "skipped":
            yield one(flow, step, exit, exit not in STANDS)
        way, behind = exit, flow
    if not session.live:
        yield from _over(one, turn, way)


def _over(one: Callable[[str, str, str, bool], Passage], turn: Turn, way: str) -> Iterator[Passage]:
    """How it ended: by itself, or at a step that got no answer. The last pair of the path says only the status."""
    (step, status), flow = turn.path[-1], turn.flows[-1]
    quiet = way in QUIET or status != "done"
    how = f"{way if way in QUIET else status}{DROPPED}" if quiet else "done"
    if quiet and step:
        yield one(flow, step, how, True)
    yield one(flow, "", how, True)
