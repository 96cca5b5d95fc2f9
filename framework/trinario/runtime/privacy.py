"""Forgetting people, and handing out what is known of them, from the command line; the bot may be running meanwhile."""

import asyncio
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from trinario import jsons
from trinario.authoring.assemble import assemble
from trinario.authoring.media_settings import media_of
from trinario.authoring.parse_bot import ParsedBot
from trinario.errors import ConfigError
from trinario.jobs import erase as jobs
from trinario.jobs.happenings import recorded
from trinario.jobs.world import World
from trinario.model.consent import RecordConsent
from trinario.model.contact import Contact
from trinario.ports import MediaStore, Unit
from trinario.runtime import build
from trinario.runtime.chance import SecretChance, new_id
from trinario.runtime.settings import Settings
from trinario.runtime.versions import Database, read_disk
from trinario.store.sqlite import scrub

CHUNK = 100
"""Copies of files that are removed at a time."""

STUCK = timedelta(minutes=1)

LARGE = 4 * 2**30
"""Bytes of a SQLite file above which it is not written anew without being asked."""

README = """Everything that is known of one person, as it stood on {at}.

data.json   the rows of the database by table; times are milliseconds since 1970-01-01 UTC
files/      copies of the files that she sent, by the id that data.json calls them by
"""


PHONE = 7
"""Digits of a number that may be one of a telephone."""


class UnknownContact(ConfigError):
    """What was said names nothing, or nothing with which that could be done."""


class Nobody(UnknownContact):
    """No contact is known by what was said."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An erasure: its code, the rows that went by table, copies of files removed and those that could not be, and
    whether the database's file was written anew (None: it is PostgreSQL, or too large)."""

    code: str
    contacts: int
    rows: Mapping[str, int]
    removed: int
    stuck: int
    scrubbed: bool | None


async def find(store: Database, who: str) -> Contact:
    """The contact by its number, or by `channel:value`. Raises ConfigError."""
    channel, named, value = who.partition(":")
    where: dict[str, Any] = {"identity": (channel, value)} if named else {"id": int(who) if who.isdigit() else 0}

    def work(unit: Unit) -> list[Contact]:
        return list(unit.contacts(unit.contact_ids(where), datetime.now(UTC)))

    found = await store.read(work)
    if len(found) != 1:
        raise Nobody(f"no contact is known as {who}: {_other_names(who)}")
    return found[0]


def _other_names(who: str) -> str:
    """How somebody may be named, for who has named nobody."""
    digits = re.sub(r"[\s()./-]", "", who).removeprefix("+").removeprefix("00")
    if digits.isdigit() and len(digits) >= PHONE:
        return f"if this is her telephone number, say whatsapp:{digits}"
    return "say its number, or channel:id as in messenger:24839573245810593"


async def ledger(store: Database, who: str, limit: int) -> tuple[Contact, list[dict[str, Any]]]:
    """What a contact allows, and how it came to that, newest first."""
    contact = await find(store, who)
    return contact, await store.read(lambda unit: unit.ledger(contact.id, limit))


async def record(store: Database, who: str, entry: RecordConsent) -> Contact:
    """Put an entry for the ledger into the contact's inbox; the process that runs the bot works it off."""
    contact, now = await find(store, who), datetime.now(UTC)
    await store.run(lambda unit: unit.take_in([recorded(contact.id, entry, new_id())], now))
    return contact


async def forget(settings: Settings, store: Database, bot: Path, who: str) -> Forgotten:
    """Erase a contact from the database and from the store of files. Raises ConfigError."""
    parsed = read_disk(bot).parsed
    contact, now, code = await find(store, who), datetime.now(UTC), new_id()
    world = _world(settings, parsed)
    done = await store.run(lambda unit: jobs.erase(unit, world, contact.id, "team", code, now))
    if done is None:
        raise UnknownContact(f"somebody else has erased {who} just now")
    removed, stuck = await _remove(store, build.files(media_of(parsed), settings.media_folder))
    return Forgotten(code, done.contacts, done.rows, removed, stuck, await _scrubbed(settings))


def _world(settings: Settings, parsed: ParsedBot) -> World:
    """What an erasure asks of a bot: its channels and fields, and the key of its hashes."""
    bot = assemble(parsed, {}, build.LIMITS, build.WINDOWS)
    return World(lambda: bot, {}, SecretChance(lambda: settings.secret_key))


async def _remove(store: Database, files: MediaStore) -> tuple[int, int]:
    """Remove the copies that are doomed. What cannot be removed now is tried again by the process that runs the bot."""
    gone, stuck = 0, 0
    try:
        while ids := await store.run(lambda unit: unit.media.doomed(CHUNK, datetime.now(UTC))):
            done, left = await _unlink(files, ids)
            await store.run(partial(_settle, done, left))
            gone, stuck = gone + len(done), stuck + len(left)
    finally:
        await files.close()
    return gone, stuck


def _settle(gone: Sequence[str], stuck: Sequence[str], unit: Unit) -> None:
    unit.media.removed(gone, stuck, datetime.now(UTC) + STUCK)


async def _unlink(files: MediaStore, ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """(gone, stuck)."""
    gone, stuck = [], []
    for id in ids:
        try:
            await files.remove(id)
            gone.append(id)
        except OSError:
            stuck.append(id)
    return gone, stuck


async def _scrubbed(settings: Settings) -> bool | None:
    path = settings.sqlite_path
    if path is None or not path.exists() or path.stat().st_size > LARGE:
        return None
    return await asyncio.to_thread(scrub, str(path))


async def take_out(settings: Settings, store: Database, bot: Path, who: str, to: Path) -> tuple[Contact, int, int]:
    """Write everything that is known of a contact to a ZIP file; gives her, and how many rows and files it holds."""
    contact, parsed = await find(store, who), read_disk(bot).parsed
    tables = await store.read(lambda unit: unit.privacy.takeout(unit.privacy.family(contact.id)))
    kept = build.files(media_of(parsed), settings.media_folder)
    count = 0
    try:
        with zipfile.ZipFile(to, "x", zipfile.ZIP_DEFLATED) as file:
            file.writestr("README.txt", README.format(at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")))
            file.writestr("data.json", jsons.dumps(tables))
            for row in tables.get("media", ()):
                count += await _copy(kept, str(row["id"]), str(row["filename"]), file)
    except FileExistsError as error:
        raise ConfigError(f"{to} is there already: name another file with --to") from error
    finally:
        await kept.close()
    return contact, sum(map(len, tables.values())), count


async def _copy(kept: MediaStore, id: str, name: str, file: zipfile.ZipFile) -> int:
    """Put a copy into the archive; 0 when there is none."""
    opened = await kept.open(id)
    if opened is None:
        return 0
    suffix = Path(name).suffix[:10]
    if opened.path is not None:
        await asyncio.to_thread(file.write, opened.path, f"files/{id}{suffix}")
        return 1
    with file.open(f"files/{id}{suffix}", "w") as place:
        if opened.chunks is not None:
            async for chunk in opened.chunks:
                place.write(chunk)
    return 1
