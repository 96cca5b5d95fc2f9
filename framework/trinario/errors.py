"""Every exception of ours, in one tree.

TrinarioError
├── ConfigError        the operator's fault: the process does not start
│   └── FaultyFiles    the files of a bot have errors, and are told
├── PhraseError        the author's fault: a text or a condition that cannot be compiled (becomes an Issue)
├── PoisonedRow        one inbox row that cannot be worked off: it is counted, and dead after some tries
└── EvaluationError    a text or a condition that met a value it cannot work with, while it ran

What the author of a file got wrong is an `Issue` (a value), what a platform refuses is `NotSent` (a value). An
exception is for a caller that cannot go on.
"""

from typing import Any


class TrinarioError(Exception):
    """The root of the tree: catch it to catch everything that we raise on purpose."""


class ConfigError(TrinarioError):
    """The process cannot start as it is configured; the text says which setting of which file, and the mend."""


class FaultyFiles(ConfigError):
    """Files have errors; the text prints them, `issues` are the same as values."""

    def __init__(self, message: str, issues: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.issues = issues


class PhraseError(TrinarioError):
    """`source` is no phrase or condition of ours.

    `reason` says what is wrong, `hint` how to mend it (may be empty), `offset` and `length` which characters of
    `source` are meant (from 0), `line` and `column` the same place from 1.
    """

    def __init__(self, reason: str, source: str, offset: int = 0, length: int = 1, hint: str = "") -> None:
        super().__init__(reason, source, offset, length, hint)
        self.reason, self.hint, self.source = reason, hint, source
        self.offset, self.length = offset, length

    @property
    def line(self) -> int:
        return self.source.count("\n", 0, self.offset) + 1

    @property
    def column(self) -> int:
        return self.offset - (self.source.rfind("\n", 0, self.offset) + 1) + 1

    def __str__(self) -> str:
        return f"{self.reason} (line {self.line}, column {self.column})" + (f": {self.hint}" if self.hint else "")


class PoisonedRow(TrinarioError):
    """What was decided for one inbox row cannot be written. `entry` is the row, `reason` has no word of hers."""

    def __init__(self, entry: Any, reason: str) -> None:
        super().__init__(reason)
        self.entry, self.reason = entry, reason


class EvaluationError(TrinarioError):
    """A compiled `source` could not be rendered or evaluated; `reason` is fit for an operator's eyes."""

    def __init__(self, reason: str, source: str = "") -> None:
        super().__init__(reason, source)
        self.reason, self.source = reason, source

    def __str__(self) -> str:
        return f"{self.reason} in {self.source!r}" if self.source else self.reason
