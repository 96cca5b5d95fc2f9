"""CSV files of any usual spelling, read as a stream, and the file of what was rejected beside."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TextIO

from trinario.jobs.cells import Unreadable, defused, restored
from trinario.jobs.columns import REJECTED
from trinario.jobs.rows import Line

DELIMITERS = ",;\t|"


class Sheet:
    """A CSV file as lines: UTF-8, UTF-16 or Windows' Latin; commas, semicolons, tabs or bars. Raises Unreadable, OSError."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        self._encoding = encoding_of(path)
        self._bytes = path.open("rb")
        self._file = TextIOWrapper(self._bytes, self._encoding, newline="")
        try:
            first = self._file.readline()
            self._file.seek(0)
            self._rows = csv.reader(self._file, delimiter=delimiter_of(first), strict=True)
            self.headers = [header.strip() for header in next(self._rows, [])]
            if not any(self.headers):
                raise Unreadable("the file is empty", "its first line names the columns")
        except csv.Error as error:
            self.close()
            raise Unreadable(f"line 1: {error}") from error
        except Unreadable:
            self.close()
            raise

    def __iter__(self) -> Iterator[Line]:
        while True:
            number = self._rows.line_num + 1
            try:
                cells = next(self._rows, None)
            except csv.Error as error:
                mend = "mend its quotes and run the import again; the rows before it are in"
                raise Unreadable(f"line {number}: {error}", mend) from error
            if cells is None:
                return
            if any(cells):
                yield Line(number, cells)

    @property
    def reached(self) -> int:
        """Bytes read so far."""
        return min(self.size, self._bytes.tell())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def encoding_of(path: Path) -> str:
    """By its mark, else UTF-8 if all of it is, else Windows' Latin."""
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        file.seek(0)
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def delimiter_of(line: str) -> str:
    """What parts the columns: whatever stands oftenest outside of quotes in the first line."""
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


class Rejects:
    """The rows that were not taken, as they were but for formulas, which are defused as in an export, with a column that says
    why; made when there is the first."""

    def __init__(self, source: Path, headers: Sequence[str], dry_run: bool) -> None:
        self.path = source.with_name(f"{source.stem}.rejected.csv")
        self.file: TextIO | None = None
        self._keep = [n for n, header in enumerate(headers) if header != REJECTED]
        self._headers, self._dry_run = headers, dry_run

    def add(self, line: Line, why: str) -> None:
        """Write one down."""
        if self._dry_run:
            return
        if self.file is None:
            self.file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self.file).writerow([*(self._headers[n] for n in self._keep), REJECTED])
        cells = [defused(restored(line.cells[n])) if n < len(line.cells) else "" for n in self._keep]
        csv.writer(self.file).writerow([*cells, f"line {line.number}: {why}"])

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.file is not None:
            self.file.close()
