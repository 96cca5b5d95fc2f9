"""Contacts in and out as CSV: a file is brought in some hundreds of rows at a time, and contacts are written out."""

import asyncio
import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from trinario.authoring.assemble import assemble
from trinario.errors import ConfigError, PhraseError
from trinario.expressions import compile_condition
from trinario.jobs import exporting, segments
from trinario.jobs.cells import Manner, Unreadable, language
from trinario.jobs.columns import Column, columns_of, key_of, matched
from trinario.jobs.consenting import Permission
from trinario.jobs.importing import CHUNK, Import, Outcome, apart, bring_in
from trinario.jobs.rows import Line, Row, Unfit, read_row
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.ports import Unit
from trinario.ports.imports import Overtaken
from trinario.runtime import build
from trinario.runtime.campaigns import now_of
from trinario.runtime.chance import SecretChance
from trinario.runtime.current import newest_of
from trinario.runtime.segments import pointed
from trinario.runtime.settings import Settings
from trinario.runtime.sheet_files import Rejects, Sheet
from trinario.runtime.versions import Database, flows_of, read_disk

TRIES = 10
LISTED = 20
"""Rejected rows that are told at once; all of them are in the file."""

Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says. `maps` is header to column, `locale` "" as machines write."""

    maps: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    marketing: bool = False
    evidence: str = ""
    renew: bool = False
    join: bool = False
    locale: str = ""
    dry_run: bool = False


@dataclass(slots=True)
class Brought:
    """What came of a file. `columns` is header to what it was taken for, `examples` to what stands there first; `told` (line,
    why) of the first rejected rows."""

    columns: dict[str, str]
    total: Outcome = field(default_factory=Outcome)
    rejected: int = 0
    told: list[tuple[int, str]] = field(default_factory=list)
    rejects: Path | None = None
    examples: dict[str, str] = field(default_factory=dict)

    def look(self, headers: Sequence[str], lines: Sequence[Line]) -> None:
        """Keep what stands first in each column."""
        for number, header in enumerate(headers):
            cells = (line.cells[number].strip() for line in lines if number < len(line.cells))
            if header not in self.examples and (first := next(filter(None, cells), "")):
                self.examples[header] = first[:40]

    def add(self, outcome: Outcome) -> None:
        """Count what became of some rows."""
        for one in fields(Outcome):
            if one.name != "rejected":
                setattr(self.total, one.name, getattr(self.total, one.name) + getattr(outcome, one.name))
        self.rejected += len(outcome.rejected)


async def served(store: Database, folder: Path) -> Bot:
    """The bot as it is served: the flows that were deployed last, those of the files where none were. Raises ConfigError."""
    disk = read_disk(folder)
    newest = await newest_of(store)
    flows = {name: one.flow for name, one in (await flows_of(store, newest)).items() if one.flow is not None}
    return assemble(disk.parsed, flows if newest else disk.good, build.LIMITS, build.WINDOWS)


# ---- in


async def bring(
    settings: Settings, store: Database, folder: Path, file: Path, wanted: Wanted, progress: Progress
) -> Brought:
    """Import a file. Raises ConfigError for what concerns all of it; what concerns a row rejects the row."""
    bot, now = await served(store, folder), await now_of(settings)
    world = World(lambda: bot, {}, SecretChance(lambda: settings.secret_key))
    try:
        with closing(Sheet(file)) as sheet:
            columns = matched(bot, sheet.headers, wanted.maps)
            key = key_of(bot, wanted.key)
            _complete(columns, key, wanted)
            manner = Manner(bot, now, language(wanted.locale) if wanted.locale else "")
            one = Import(world, file.name, key, _permission(wanted, file), wanted.join)
            brought = Brought({header: _named(c) for header, c in zip(sheet.headers, columns, strict=True)})
            with Rejects(file, sheet.headers, wanted.dry_run) as rejects:
                await _stream(store, one, sheet, columns, manner, now, brought, rejects, progress, wanted.dry_run)
            brought.rejects = rejects.path if rejects.file is not None else None
            return brought
    except Unreadable as fault:
        raise ConfigError(f"{file}: {fault}") from fault
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from error


def _permission(wanted: Wanted, file: Path) -> Permission:
    return Permission(wanted.marketing, wanted.evidence, file.name, wanted.renew)


def _complete(columns: Sequence[Column], key: Column | None, wanted: Wanted) -> None:
    """Whether what was asked for can be done at all with these columns. Raises Unreadable."""
    if key is not None and key not in columns:
        raise Unreadable(f"no column is what --key {wanted.key} says", "name it with --map HEADER=COLUMN")
    if key is None and not any(one.kind == "identity" for one in columns):
        raise Unreadable(
            "no column tells who people are", "name one with --map HEADER=whatsapp, or say --key field:NAME"
        )
    if (wanted.marketing or any(one.kind == "consent" for one in columns)) and not wanted.evidence.strip():
        raise Unreadable(
            "--evidence is missing", "say how we know what they allow: it is what you show when somebody asks"
        )
    if wanted.renew and not any(one.kind == "consent_at" for one in columns):
        raise Unreadable("--renew needs the column marketing_at", "it says when she agreed, which must be after her no")


def _named(column: Column) -> str:
    return " ".join(part for part in (column.kind, column.name, column.detail) if part)


async def _stream(
    store: Database, one: Import, sheet: Sheet, columns: Sequence[Column], manner: Manner, now: datetime,
    brought: Brought, rejects: Rejects, progress: Progress, dry_run: bool,
) -> None:  # fmt: skip
    """Some hundreds of rows after the other, each a transaction; between two, others have their turn."""
    for lines in _chunks(sheet):
        rows, outcome = list[Row](), Outcome()
        if len(brought.examples) < len(sheet.headers):
            brought.look(sheet.headers, lines)
        for line in lines:
            try:
                rows.append(read_row(manner, sheet.headers, columns, one.key, line))
            except Unfit as fault:
                outcome.rows += 1
                outcome.rejected.append((Row(line), fault))
        for some in apart(rows):
            done = await patiently(store, one, some, now, dry_run)
            outcome.rejected += done.rejected
            done.rejected = []
            brought.add(done)
        brought.add(outcome)
        for row, why in sorted(outcome.rejected, key=lambda pair: pair[0].line.number):
            rejects.add(row.line, str(why))
            if len(brought.told) < LISTED:
                brought.told.append((row.line.number, str(why)))
        progress(sheet.reached, sheet.size, brought.total.rows)


def _chunks(sheet: Sheet) -> Iterator[list[Line]]:
    chunk = list[Line]()
    for line in sheet:
        chunk.append(line)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Enough(Exception):
    """A trial is over; what it wrote is undone."""


async def patiently(store: Database, one: Import, rows: Sequence[Row], now: datetime, dry_run: bool) -> Outcome:
    """One stretch of rows, done again when somebody else is faster. Raises ConfigError."""
    done: list[Outcome] = []

    def work(unit: Unit) -> None:
        done.append(bring_in(unit, one, rows, now))
        if dry_run:
            raise _Enough

    for attempt in range(TRIES):
        try:
            await store.run(work)
        except Overtaken:
            await asyncio.sleep(0.02 * 2**attempt)
            continue
        except _Enough:
            pass
        return done[-1]
    raise ConfigError("the contacts of some rows are busy all the time: run the import again, it goes on where it was")


# ---- out


async def write_out(
    settings: Settings, store: Database, folder: Path, where: str, to: TextIO, progress: Progress
) -> int:
    """Export contacts, those of a segment or all; gives how many. Raises ConfigError."""
    bot, now = await served(store, folder), await now_of(settings)
    try:
        one = segments.segment(bot, compile_condition(where)) if where else None
    except PhraseError as error:
        raise ConfigError(pointed(error)) from error
    columns, out = columns_of(bot), csv.writer(to)
    out.writerow(columns)
    cursor, count, done = 0, 0, False
    while not done:
        people, cursor, done = await store.read(partial(exporting.stretch, bot=bot, one=one, after=cursor, now=now))
        out.writerows(exporting.row(contact, columns) for contact in people)
        count += len(people)
        progress(0, 0, count)
    return count
