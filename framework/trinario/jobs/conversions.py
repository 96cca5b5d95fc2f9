"""Goals of those who came by an ad, told to Meta: what is remembered of the click, and what a goal makes of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.consent import MARKETING, wants
from trinario.model.contact import Contact
from trinario.model.conversions import CLICKED, Conversions
from trinario.model.effect import CountGoal
from trinario.model.heard import Heard
from trinario.model.value import pack
from trinario.ports import CallOrder, Writes

KIND = "conversion"
"""The kind of such calls; nobody waits for their answers."""

TIMEOUT, TRIES = 10.0, 20
"""Seconds of one try, and tries beyond the first."""

PATIENCE = timedelta(days=1)
"""After so long it is given up: the row in `calls` says why."""

LONGEST = 1000
"""Letters of a click's id at most: what is longer is none."""


def remember(bot: Bot, contact: Contact, heard: Heard) -> Contact:
    """The contact, of whom the last click on an ad is known, if the bot tells conversions; an older one on that channel is over."""
    click = heard.referral.data.get("ctwa_clid") if bot.conversions and heard.referral else None
    if not isinstance(click, str) or not click.isascii() or not 0 < len(click) <= LONGEST:
        return contact
    place = f"{CLICKED}{heard.identity.channel}:"
    marks = {name: at for name, at in contact.marks.items() if not name.startswith(place)}
    return replace(contact, marks={**marks, f"{place}{click}": heard.at})


def tell(world: World, contact: Contact, goal: CountGoal, now: datetime, writes: Writes) -> None:
    """A call, in the same commit, where the goal is one of those, an ad brought her not long ago, and she has said yes."""
    rules = world.bot().conversions
    if rules is None or goal.name not in rules.goals:
        return
    found = _click(rules, contact, now)
    if found is None or wants(contact.consent, MARKETING, found[0]) is not True:
        return
    channel, click = found
    key = f"{KIND}:{goal.session}/{goal.flow}.{goal.step}/{goal.name}"
    request: dict[str, Any] = {
        "channel": channel, "click": click, "event": rules.goals[goal.name], "at": int(now.timestamp()), "id": key, **_worth(goal),
    }  # fmt: skip
    cause = f"{goal.flow}.{goal.step}"
    writes.calls.append(
        CallOrder(key, contact.id, "", cause, KIND, request, TIMEOUT, TRIES, True, now + PATIENCE)
    )  # fmt: skip


def is_agreed(contact: Contact | None, request: Mapping[str, Any]) -> bool:
    """Whether her yes still stands when the call is about to be made."""
    return contact is not None and wants(contact.consent, MARKETING, request["channel"]) is True


def _click(rules: Conversions, contact: Contact, now: datetime) -> tuple[str, str] | None:
    """(channel, id) of the last click, if that was not too long ago."""
    clicks = [(at, name) for name, at in contact.marks.items() if name.startswith(CLICKED)]
    if not clicks or now - (last := max(clicks))[0] > rules.within:
        return None
    channel, _, click = last[1].removeprefix(CLICKED).partition(":")
    return channel, click


def _worth(goal: CountGoal) -> Mapping[str, Any]:
    """What it was worth, where that is a number and the currency is known."""
    value = pack(goal.value)
    if goal.currency and isinstance(value, int | float) and not isinstance(value, bool):
        return {"value": value, "currency": goal.currency}
    return {}
