"""The names and faces that the bot speaks with where a platform has such: made there once, remembered by what they show."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from trinario.jobs.world import World
from trinario.model.bot import Bot, Persona
from trinario.model.outbox import Sent
from trinario.ports import Claimed, Clock, Masked, Store, Uploaded

log = logging.getLogger("trinario.sender")

KIND = "persona"
KEPT = timedelta(days=3650)
"""The platform keeps them until somebody deletes them."""

RESTS = 600.0
"""Seconds after which one that could not be made is tried again; what is said meanwhile goes without."""


class Personas:
    """`ready` gives rows that name the platform's id of whoever speaks. A face that cannot be had costs no message."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._under_way: dict[tuple[str, str], asyncio.Task[str]] = {}
        self._known: dict[tuple[str, str], str] = {}
        self._failed: dict[tuple[str, str], float] = {}

    async def ready(self, world: World, row: Claimed) -> Claimed:
        """The row with the platform's id of the persona, or with none."""
        adapter = world.adapters[row.entry.identity.channel]
        persona = persona_of(world.bot(), row.entry.persona, row.entry.human)
        if persona is None or not isinstance(adapter, Masked):
            return replace(row, entry=replace(row.entry, persona="")) if row.entry.persona else row
        key = (adapter.account, digest_of(persona))
        id = self._known.get(key) or await self._shared(key, adapter, persona)
        return replace(row, entry=replace(row.entry, persona=id))

    async def _shared(self, key: tuple[str, str], adapter: Masked, persona: Persona) -> str:
        """One task for all who want the same one at the same time."""
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.get_running_loop().create_task(self._id_of(key, adapter, persona))
            task.add_done_callback(lambda done: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    async def _id_of(self, key: tuple[str, str], adapter: Masked, persona: Persona) -> str:
        """The id that is known, or that of one made now; "" when there is none."""
        now, (account, digest) = self._clock.now(), key
        known = await self._store.read(lambda unit: unit.accounts.upload(account, digest, KIND, now))
        if known is not None:
            self._known[key] = known.external_id
            return known.external_id
        if self._failed.get(key, 0.0) > now.timestamp():
            return ""
        result = await adapter.put_on(persona.name, persona.picture)
        if not isinstance(result, Sent):
            self._failed[key] = now.timestamp() + RESTS
            log.warning("persona %s of %s cannot be made: %s", persona.name, account, result)
            return ""
        kept = Uploaded(account, digest, KIND, result.external_id, now + KEPT)
        await self._store.run(lambda unit: unit.accounts.keep_upload(kept, now))
        self._known[key] = result.external_id
        return result.external_id


def persona_of(bot: Bot, named: str, human: bool) -> Persona | None:
    """Who speaks: people as their team's or all people's; else whom the step or the flow names, else the bot's own."""
    name = named or (bot.people_persona if human else bot.delivery.persona)
    return bot.personas.get(name) if name else None


def digest_of(persona: Persona) -> str:
    """What a persona is known by: another name or picture is another one."""
    return sha256(f"{persona.name}\n{persona.picture}".encode()).hexdigest()
