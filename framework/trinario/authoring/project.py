"""The files of a project, read and not yet proved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trinario.authoring.issue import Issue
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot


@dataclass(frozen=True, slots=True)
class Project:
    """Every file of a project, read. `issues` are those of reading; the checks find more.

    `flows` are by flow name (or file, where no name could be read), `bots` by folder name.
    `whole` says that all bots were read, not only the one that was asked for.
    """

    root: Path
    flows: Mapping[str, ParsedFlow] = field(default_factory=dict)
    bots: Mapping[str, ParsedBot] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    whole: bool = True
