"""Files of media/ that no platform can fetch: uploaded before the first message that needs them, remembered by digest."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from trinario.jobs.world import World
from trinario.model.media import MediaFile, digest_of
from trinario.model.message import Action, Failure, Media
from trinario.model.outbox import NotSent, SendResult, Sent
from trinario.ports import Carrier, Claimed, Clock, Store, Uploaded, Uploader

EARLIER = timedelta(hours=1)
"""How much sooner than the platform we forget a file: a message may wait a while before it goes."""

Key = tuple[str, str, str]


class Uploads:
    """`ready` gives rows whose files the platform has. Many messages with one file wait for one upload."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._under_way: dict[Key, asyncio.Task[SendResult]] = {}

    async def ready(self, world: World, row: Claimed) -> Claimed | NotSent:
        """The row with the platform's id of its file; as it is when it needs none; why there is none."""
        content = row.entry.content
        digest = digest_of(content.url) if isinstance(content, Media) else ""
        if not digest or not isinstance(content, Media):
            return row
        adapter = world.adapters[row.entry.identity.channel]
        if isinstance(adapter, Carrier):
            return await self._along(world, row, content, (adapter.account, digest, content.kind))
        if not isinstance(adapter, Uploader):
            return NotSent(Failure(Action.FIX, reason=f"{adapter.platform} takes no files of ours"))
        result = await self._shared((adapter.account, digest, content.kind), adapter, world.bot().media)
        if not isinstance(result, Sent):
            return result if isinstance(result, NotSent) else NotSent(Failure(Action.RETRY, reason=result.reason))
        return replace(row, entry=replace(row.entry, content=replace(content, uploaded=result.external_id)))

    async def _along(self, world: World, row: Claimed, content: Media, key: Key) -> Claimed | NotSent:
        """The row with the id of a file that has gone along before, else with the file."""
        known = await self._store.read(lambda unit: unit.upload(*key, self._clock.now()))
        if known is not None:
            return replace(row, entry=replace(row.entry, content=replace(content, uploaded=known.external_id)))
        file = next((one for one in world.bot().media.values() if one.digest == key[1]), None)
        data = await asyncio.to_thread(_bytes, file) if file else None
        if file is None or data is None:
            return NotSent(Failure(Action.FIX, reason="the file is no longer in media/"))
        return replace(row, entry=replace(row.entry, file=(file.name, data)))

    async def went(self, world: World, row: Claimed, result: SendResult) -> None:
        """Remember the id of a file that went along with a message."""
        content, adapter = row.entry.content, world.adapters[row.entry.identity.channel]
        if not (
            isinstance(result, Sent) and result.uploaded and isinstance(content, Media) and isinstance(adapter, Carrier)
        ):
            return
        if digest := digest_of(content.url):
            now = self._clock.now()
            until = now + timedelta(seconds=adapter.kept) - EARLIER
            kept = Uploaded(adapter.account, digest, content.kind, result.uploaded, until)
            await self._store.run(lambda unit: unit.keep_upload(kept, now))

    async def _shared(self, key: Key, adapter: Uploader, files: Mapping[str, MediaFile]) -> SendResult:
        """One task for all who want the same file at the same time."""
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.get_running_loop().create_task(self._id_of(key, adapter, files))
            task.add_done_callback(lambda done: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    async def _id_of(self, key: Key, adapter: Uploader, files: Mapping[str, MediaFile]) -> SendResult:
        """The id that is known, or that of an upload."""
        now = self._clock.now()
        known = await self._store.read(lambda unit: unit.upload(*key, now))
        if known is not None:
            return Sent(known.external_id)
        _, digest, kind = key
        file = next((one for one in files.values() if one.digest == digest), None)
        data = await asyncio.to_thread(_bytes, file) if file else None
        if file is None or data is None:
            return NotSent(Failure(Action.FIX, reason="the file is no longer in media/"))
        result = await adapter.upload(file.name, data, kind)
        if isinstance(result, Sent):
            until = now + timedelta(seconds=adapter.kept) - EARLIER
            kept = Uploaded(*key, result.external_id, until)
            await self._store.run(lambda unit: unit.keep_upload(kept, now))
        return result


def _bytes(file: MediaFile) -> bytes | None:
    try:
        return Path(file.path).read_bytes()
    except OSError:
        return None
