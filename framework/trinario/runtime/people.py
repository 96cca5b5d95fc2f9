"""One person from the command line: shown, joined, parted, unlinked; the bot may be running meanwhile."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from trinario.authoring.assemble import assemble
from trinario.errors import EvaluationError
from trinario.jobs import joining, parting, wishes
from trinario.jobs.identities import Standing, standings
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.ports import Merge, Suggestion, Unit
from trinario.runtime import build
from trinario.runtime.privacy import UnknownContact, find
from trinario.runtime.versions import Database, read_disk

TRIES = 8
"""How often somebody whose turn is running is waited for."""

T = TypeVar("T")


class CannotBe(UnknownContact):
    """What was asked for cannot be, with these contacts."""


def bot_of(folder: Path) -> Bot:
    """The bot as its files say. Raises ConfigError."""
    return assemble(read_disk(folder).parsed, {}, build.LIMITS, build.WINDOWS)


async def show(store: Database, bot: Bot, who: str) -> tuple[Contact, list[Standing]]:
    """A contact, and what her identities are good for."""
    contact, now = await find(store, who), datetime.now(UTC)
    return contact, await store.read(lambda unit: standings(unit, bot, contact, now))


async def wish(store: Database, bot: Bot, who: str, channel: str | None, author: str) -> Contact:
    """Where she wants to be written to; None: nowhere before elsewhere. Raises CannotBe."""
    contact = await find(store, who)
    try:
        return await _patient(
            store, lambda unit: wishes.wish(unit, bot, contact.id, channel, author, datetime.now(UTC))
        )
    except EvaluationError as fault:
        raise CannotBe(f"{fault}: its channels are {', '.join(bot.channels)}") from fault


async def foresee(store: Database, bot: Bot, keep: str, take: str) -> joining.Foreseen:
    """What joining two would do."""
    one, two = await find(store, keep), await find(store, take)
    return _may(await store.read(lambda unit: joining.foresee(unit, bot, one.id, two.id, datetime.now(UTC))))


async def merge(store: Database, bot: Bot, keep: str, take: str, author: str, reason: str) -> joining.Joined:
    """Join two contacts. Raises CannotBe."""
    one, two = await find(store, keep), await find(store, take)
    return await _patient(
        store, lambda unit: joining.by_team(unit, bot, one.id, two.id, author, reason, datetime.now(UTC))
    )


async def unmerge(store: Database, number: int, author: str, reason: str) -> parting.Parted:
    """Undo a merge. Raises CannotBe."""
    return await _patient(store, lambda unit: parting.undo(unit, number, author, reason, datetime.now(UTC)))


async def unlink(store: Database, who: str, author: str, reason: str) -> parting.Parted:
    """An identity (`channel:value`) goes its own way. Raises CannotBe."""
    contact = await find(store, who)
    channel, _, value = who.partition(":")
    named = next((one for one in contact.identities if (one.channel, one.value) == (channel, value)), None)
    identity = named or Identity(channel, "", value)
    return await _patient(
        store, lambda unit: parting.unlink(unit, contact.id, identity, author, reason, datetime.now(UTC))
    )


async def merges(store: Database, who: str) -> list[Merge]:
    """The merges of a contact, undone ones too, newest first."""
    contact = await find(store, who)

    def work(unit: Unit) -> list[Merge]:
        found = {one.id: one for member in unit.privacy.family(contact.id) for one in unit.merges.of(member)}
        return [found[id] for id in sorted(found, reverse=True)]

    return await store.read(work)


async def suggestions(store: Database, limit: int) -> Sequence[Suggestion]:
    """Pairs who may be one."""
    return await store.read(lambda unit: unit.merges.suggestions(None, "open", limit))


async def dismiss(store: Database, one: str, two: str, author: str) -> None:
    """A pair is not one person, and is never suggested again."""
    pair = (await find(store, one)).id, (await find(store, two)).id
    if pair[0] == pair[1]:
        raise CannotBe(f"{one} and {two} are one contact")
    await store.run(lambda unit: unit.merges.settle_suggestion(pair, "dismissed", author, datetime.now(UTC)))


async def _patient(store: Database, work: Callable[[Unit], T | joining.CannotJoin | parting.CannotPart | None]) -> T:
    for attempt in range(TRIES):
        done = await store.run(work)
        if done is not None:
            return _may(done)
        await asyncio.sleep(0.02 * 2**attempt)
    raise CannotBe("her turn is running: try again")


def _may(done: T | joining.CannotJoin | parting.CannotPart) -> T:
    if isinstance(done, joining.CannotJoin | parting.CannotPart):
        raise CannotBe(done.why)
    return done
