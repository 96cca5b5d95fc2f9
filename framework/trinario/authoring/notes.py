"""What reading a file finds besides its values: issues, names that must exist, and every text with where it stands."""

from dataclasses import dataclass, field

from trinario.authoring.issue import Issue, Severity
from trinario.authoring.nodes import Document, Node, Scalar
from trinario.expressions import Condition, Phrase

Path = tuple[str, ...]
"""Keys and list numbers from the top of a file: ("steps", "interest", "choices", "0", "title")."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that refers to something elsewhere. `kind` is what: step, flow, team, template, channel, event, path ..."""

    kind: str
    name: str
    scalar: Scalar
    path: Path


@dataclass(frozen=True, slots=True)
class Written:
    """A phrase or condition with the scalar it stands in. `shift` characters were put before the author's own."""

    text: Phrase | Condition
    scalar: Scalar
    path: Path
    kind: str
    shift: int = 0

    @property
    def translated(self) -> bool:
        """Whether it has a line in the PO files."""
        return self.kind in ("words", "title")

    @property
    def key(self) -> str:
        """Its msgctxt in the PO files."""
        return words_key(self.path)


def words_key(path: Path) -> str:
    """The msgctxt of a text: step and path of keys."""
    return ".".join(path[1:] if path[:1] == ("steps",) else path)


@dataclass(slots=True)
class Notes:
    """Filled while one file is read; `nodes` finds the place of whatever the checks have to say later."""

    document: Document
    issues: list[Issue] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    nodes: dict[Path, Node] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether an error was noted; warnings do not count."""
        return any(issue.severity is Severity.ERROR for issue in self.issues)

    def fault(self, code: str, node: Node, message: str, hint: str = "", severity: Severity = Severity.ERROR) -> None:
        """Notes an issue about a whole node."""
        self.issues.append(self.document.issue(node.place, code, message, hint=hint, severity=severity))

    def fault_within(
        self, code: str, scalar: Scalar, offset: int, length: int, message: str, hint: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:  # fmt: skip
        """Notes an issue about some characters of a scalar's text."""
        place = self.document.within(scalar, offset, length)
        self.issues.append(self.document.issue(place, code, message, hint=hint, severity=severity))

    def warn(self, code: str, node: Node, message: str, hint: str = "") -> None:
        """Notes something that a reader should look at, and that stops nothing."""
        self.fault(code, node, message, hint, Severity.WARNING)
