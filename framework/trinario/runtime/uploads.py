"""Files that go by the platform's id of them: uploaded before the first message that needs them, and remembered."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from trinario.jobs.world import World
from trinario.model.channel import Limits
from trinario.model.failure import Action, Failure
from trinario.model.media import MediaFile, copy_of, digest_of, key_of
from trinario.model.message import Media, Template, TemplateHeader, Text
from trinario.model.outbox import NotSent, SendResult, Sent
from trinario.ports import Adapter, Carrier, Claimed, Clock, Collector, MediaStore, Store, Uploaded, Uploader

EARLIER = timedelta(hours=1)
"""How much sooner than the platform we forget a file: a message may wait a while before it goes."""

FRESH = timedelta(hours=1)
"""How long the id of a file is remembered that the platform fetched from an address: tomorrow another may be there."""

GONE = "the file is no longer in media/"

Key = tuple[str, str, str]
Load = Callable[[], Awaitable[tuple[str, bytes] | None]]
"""Gives name and bytes of a file; None: it is not there."""


class Uploads:
    """`ready` gives rows whose files the platform has. Many messages with one file wait for one upload."""

    def __init__(self, store: Store, clock: Clock, copies: MediaStore | None = None) -> None:
        self._store, self._clock, self._copies = store, clock, copies
        self._under_way: dict[Key, asyncio.Task[SendResult]] = {}

    async def ready(self, world: World, row: Claimed) -> Claimed | NotSent:
        """The row with the platform's ids of its files; as it is when it needs none; why there is none."""
        content = row.entry.content
        if isinstance(content, Template):
            return await self._headers(world, row, content)
        if not isinstance(content, Media):
            return row
        adapter = world.adapters[row.entry.identity.channel]
        above = bool(content.links) and not adapter.limits.link_words
        wanted = [url for url in (content.url, *content.others) if digest_of(url) or above]
        if not wanted:
            return row
        if isinstance(adapter, Carrier):
            return await self._along(world, row, content, (adapter.account, key_of(content.url), content.kind))
        ids: dict[str, str] = {}
        for url in dict.fromkeys(wanted):
            result = await self._shared(url, content.kind, adapter, self._loader(world, url), row.entry.attempts)
            if above and isinstance(result, NotSent) and (said := _said_instead(content, result, adapter.limits)):
                return replace(row, entry=replace(row.entry, content=said))
            if not isinstance(result, Sent):
                return result if isinstance(result, NotSent) else NotSent(Failure(Action.RETRY, reason=result.reason))
            ids[url] = result.external_id
        others = tuple(ids.get(url, "") for url in content.others)
        sent = replace(content, uploaded=ids.get(content.url, ""), uploads=others)
        return replace(row, entry=replace(row.entry, content=sent))

    async def _headers(self, world: World, row: Claimed, content: Template) -> Claimed | NotSent:
        """The row with the platform's ids of the files above a template and its cards."""
        adapter, ids = world.adapters[row.entry.identity.channel], {}
        for file in content.files:
            if not digest_of(file.value) or file.value in ids:
                continue
            result = await self._shared(file.value, file.kind, adapter, self._loader(world, file.value))
            if not isinstance(result, Sent):
                return result if isinstance(result, NotSent) else NotSent(Failure(Action.RETRY, reason=result.reason))
            ids[file.value] = result.external_id
        if not ids:
            return row

        def uploaded(header: TemplateHeader) -> TemplateHeader:
            return replace(header, uploaded=ids.get(header.value, ""))

        header = uploaded(content.header) if content.header else None
        cards = tuple(replace(card, header=uploaded(card.header)) for card in content.cards)
        return replace(row, entry=replace(row.entry, content=replace(content, header=header, cards=cards)))

    async def _along(self, world: World, row: Claimed, content: Media, key: Key) -> Claimed | NotSent:
        """The row with the id of a file that has gone along before, else with the file."""
        known = await self._store.read(lambda unit: unit.accounts.upload(*key, self._clock.now()))
        if known is not None:
            return replace(row, entry=replace(row.entry, content=replace(content, uploaded=known.external_id)))
        try:
            file = await self._loader(world, content.url)()
        except OSError as error:
            return NotSent(Failure(Action.RETRY, reason=f"the store of files is away: {error}"))
        if file is None:
            return NotSent(Failure(Action.FIX, reason=GONE))
        return replace(row, entry=replace(row.entry, file=file))

    def _loader(self, world: World, url: str) -> Load:
        """How the bytes of an address are read: from media/, or our copy of what the team has put in by the API."""
        if copy := copy_of(url):
            return partial(_bytes_of_copy, self._copies, *copy)
        file = next((one for one in world.bot().media.values() if one.digest == digest_of(url)), None)
        return partial(_bytes_of_file, file)

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
            await self._store.run(lambda unit: unit.accounts.keep_upload(kept, now))

    async def _shared(self, url: str, kind: str, adapter: Adapter, load: Load, attempts: int = 0) -> SendResult:
        """One task for all who want the same file at the same time."""
        way = _way(url, kind, adapter, load, attempts)
        if way is None:
            return NotSent(Failure(Action.FIX, reason=f"{adapter.platform} takes no files of ours"))
        key = (way.account, key_of(url), kind)
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.get_running_loop().create_task(self._id_of(key, way))
            task.add_done_callback(lambda done: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    async def _id_of(self, key: Key, way: "_Way") -> SendResult:
        """The id that is known, or that of an upload."""
        now = self._clock.now()
        known = await self._store.read(lambda unit: unit.accounts.upload(*key, now))
        if known is not None:
            return Sent(known.external_id)
        result = await way.go()
        if isinstance(result, Sent):
            kept = Uploaded(*key, result.external_id, now + way.keep)
            await self._store.run(lambda unit: unit.accounts.keep_upload(kept, now))
        return result


def _said_instead(content: Media, result: NotSent, limits: Limits) -> Text | None:
    """The address above the buttons, where the platform cannot fetch what is there: the buttons are worth more than the picture."""
    lost = result.failure.action in (Action.FIX, Action.DROP) and not digest_of(content.url)
    return Text(content.url, content.links) if lost and len(content.url) <= limits.link_text else None


@dataclass(frozen=True, slots=True)
class _Way:
    """How a platform gets a file: whose it is there, how long its id is remembered, and the call itself."""

    account: str
    keep: timedelta
    go: Callable[[], Awaitable[SendResult]]


def _way(url: str, kind: str, adapter: Adapter, load: Load, attempts: int) -> _Way | None:
    digest = digest_of(url)
    if digest and isinstance(adapter, Uploader):
        return _Way(adapter.account, timedelta(seconds=adapter.kept) - EARLIER, partial(_hand_in, adapter, load, kind))
    if not digest and isinstance(adapter, Collector):
        return _Way(adapter.account, FRESH, partial(adapter.fetch, url, kind, attempts))
    return None


async def _hand_in(adapter: Uploader, load: Load, kind: str) -> SendResult:
    try:
        file = await load()
    except OSError as error:
        return NotSent(Failure(Action.RETRY, reason=f"the store of files is away: {error}"))
    return await adapter.upload(*file, kind) if file else NotSent(Failure(Action.FIX, reason=GONE))


async def _bytes_of_file(file: MediaFile | None) -> tuple[str, bytes] | None:
    data = await asyncio.to_thread(_bytes, file) if file else None
    return (file.name, data) if file and data is not None else None


def _bytes(file: MediaFile) -> bytes | None:
    try:
        return Path(file.path).read_bytes()
    except OSError:
        return None


async def _bytes_of_copy(copies: MediaStore | None, id: str, name: str) -> tuple[str, bytes] | None:
    """Raises OSError when the store is away."""
    opened = await copies.open(id) if copies is not None else None
    if opened is None:
        return None
    if opened.path is not None:
        return name, await asyncio.to_thread(opened.path.read_bytes)
    assert opened.chunks is not None
    return name, b"".join([piece async for piece in opened.chunks])
