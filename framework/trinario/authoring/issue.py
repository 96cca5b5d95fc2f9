"""A fault in a file: where it is, what it is, how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps the bot from starting, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of a file. Lines and columns count from 1, in characters; `end_column` is the one after the last."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault. Sorts by place. `line` 0 stands for the file (or the project) as a whole.

    `column` to `end_column` (exclusive) is underlined in `excerpt`, the line of the file. `message` says what is
    wrong, further lines of it are printed below; `hint` says how to mend it, and may be empty.
    """

    code: str
    file: str
    line: int
    column: int
    end_column: int
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    excerpt: str = ""

    @classmethod
    def at(
        cls,
        place: Place,
        code: str,
        message: str,
        *,
        hint: str = "",
        severity: Severity = Severity.ERROR,
        excerpt: str = "",
    ) -> "Issue":
        """The issue at a place; of one that spans lines the first is shown."""
        end = place.end_column if place.end_line == place.line else len(excerpt) + 1
        end = max(end, place.column + 1)
        return cls(code, place.file, place.line, place.column, end, message, hint, severity, excerpt)

    def __lt__(self, other: "Issue") -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[str, int, int, str, str]:
        return (self.file, self.line, self.column, self.code, self.message)
