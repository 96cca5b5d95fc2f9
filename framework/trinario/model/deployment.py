"""Which revision of each flow is current, from a moment on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

Kind = Literal["files", "deploy", "rollback"]
"""`files`: a process took what its disk has. `deploy`, `rollback`: somebody said so, and every process serves this."""


class Place(NamedTuple):
    """One flow of a manifest: its revision, and the file that it was read from."""

    revision: str
    file: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """One row of the history; the newest is current. `source` is the deployment that a rollback went back to.

    `moving`: sessions that wait have yet to be brought into it; contacts up to the id `cursor` have been.
    """

    id: int
    at: datetime
    kind: str
    author: str
    manifest: Mapping[str, Place] = field(default_factory=dict)
    source: int | None = None
    moving: bool = False
    cursor: int = 0

    @property
    def pinned(self) -> bool:
        """Whether every process serves this, whatever its files say."""
        return self.kind != "files"

    @property
    def revisions(self) -> dict[str, str]:
        """The revision of each flow."""
        return {name: place.revision for name, place in self.manifest.items()}
