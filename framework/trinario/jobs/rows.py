"""One row of a sheet of contacts, read: ids, what is to be set, permissions; faults of cells wait for who she is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trinario.jobs import cells
from trinario.jobs.cells import Manner, Unreadable
from trinario.jobs.columns import Column
from trinario.jobs.known import KINDS as KNOWN_BY
from trinario.model.channel import Identity
from trinario.model.value import Value, legible


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it stands in the file. `number` is the line on which it begins, from 1."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Named:
    """An id of hers: as it is written, and as it would be made anew (None: nobody can have it who is not known by it)."""

    exact: Identity
    made: Identity | None
    header: str


@dataclass(frozen=True, slots=True)
class Told:
    """A cell that sets something: its value, or what is wrong with it."""

    column: Column
    header: str
    cell: str
    value: Value = None
    fault: str = ""


@dataclass(slots=True)
class Row:
    """What a row says. `key` is the value that tells her apart, where that is no id of a channel."""

    line: Line
    named: list[Named] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    said: dict[str, bool] = field(default_factory=dict)
    said_at: datetime | None = None
    key: Value = None
    keyed: bool = False

    @property
    def tokens(self) -> Iterator[object]:
        """What two rows about one person have in common."""
        for one in self.named:
            yield one.exact
            yield one.made or one.exact
        if self.key is not None:
            yield ("key", self.key)

    @property
    def known_by(self) -> Iterator[tuple[str, str]]:
        """(kind, value) by which somebody who was erased is known again."""
        for one in self.named:
            yield one.exact.kind, one.exact.value
            if one.made is not None and one.made != one.exact:
                yield one.made.kind, one.made.value
        for cell in self.told:
            if cell.column.detail in KNOWN_BY and isinstance(cell.value, str):
                yield cell.column.detail, cell.value


class Unfit(Exception):
    """The row is of no use: in which column (its header, "" for the row), and why."""

    def __init__(self, header: str, why: str) -> None:
        super().__init__(f"{header}: {why}" if header else why)
        self.header, self.why = header, why


def read_row(
    manner: Manner, headers: Sequence[str], columns: Sequence[Column], key: Column | None, line: Line
) -> Row:  # fmt: skip
    """What the row says. Raises Unfit."""
    if len(line.cells) != len(columns):
        raise Unfit("", f"{len(line.cells)} cells, and there are {len(columns)} columns")
    row = Row(line)
    for header, column, raw in zip(headers, columns, line.cells, strict=True):
        if not raw.strip() or column.kind == "nothing":
            continue
        text = cells.restored(raw)
        try:
            _take(manner, row, header, column, text, key)
        except Unreadable as fault:
            raise Unfit(header, str(fault)) from fault
    if key is not None and not row.keyed:
        raise Unfit(_header(headers, columns, key), "empty, and this is what tells people apart")
    if key is None and not row.named:
        raise Unfit("", "no id of any channel: nobody knows who this is (or say --key)")
    return row


def _header(headers: Sequence[str], columns: Sequence[Column], key: Column) -> str:
    return next((header for header, one in zip(headers, columns, strict=True) if one == key), "")


def _take(manner: Manner, row: Row, header: str, column: Column, text: str, key: Column | None) -> None:
    match column.kind:
        case "identity":
            row.named += [_named(manner, column, header, part) for part in text.split(";") if part.strip()]
            row.keyed |= column == key
        case "contact" if column == key:
            if not (text.strip().isdecimal() and len(text.strip()) < 19):
                raise Unreadable(f"{text[:40]!r} is no number of a contact")
            row.key, row.keyed = int(text), True
        case "attribute" | "field":
            row.told.append(told := _told(manner, column, header, text))
            if column == key:
                if told.fault:
                    raise Unreadable(told.fault)
                row.key, row.keyed = told.value, True
        case "tags":
            row.tags = list(dict.fromkeys(part.strip() for part in legible(text).split(";") if part.strip()))
        case "consent":
            row.said[column.detail] = cells.yes_no(manner, text)
        case "consent_at":
            row.said_at = cells.moment(manner, text)
        case _:
            pass


def _named(manner: Manner, column: Column, header: str, text: str) -> Named:
    if column.detail == "phone":
        digits, dialled = cells.number_readings(manner, text)
        made = Identity(column.name, "phone", dialled) if dialled else None
        return Named(Identity(column.name, "phone", digits), made, header)
    value = text.strip()
    if len(value) > 255 or any(letter.isspace() for letter in value):
        raise Unreadable(f"{value[:40]!r} is no id of {column.name}")
    one = Identity(column.name, column.detail, legible(value))
    return Named(one, one, header)


def _told(manner: Manner, column: Column, header: str, text: str) -> Told:
    try:
        return Told(column, header, text, _value(manner, column, text))
    except Unreadable as fault:
        return Told(column, header, text, fault=str(fault))


def _value(manner: Manner, column: Column, text: str) -> Value:
    if column.kind == "field":
        return cells.read(manner, column.detail, text)
    if column.name == "language":
        return cells.language(text)
    return cells.timezone(text) if column.name == "timezone" else legible(text.strip())
