"""Issues that the checks find, each at the place of what it is about."""

from dataclasses import dataclass, field

from trinario.authoring.issue import Issue, Severity
from trinario.authoring.nodes import Mapping, Node
from trinario.authoring.notes import Notes, Path


@dataclass(slots=True)
class Findings:
    """Collects the issues of one file; `notes` are those of reading it, `what` is what the file declares."""

    notes: Notes
    issues: list[Issue] = field(default_factory=list)
    what: str = "flow"

    def fault(
        self, code: str, node: Node, message: str, hint: str = "", severity: Severity = Severity.ERROR
    ) -> None:  # fmt: skip
        """An error about a whole node."""
        self.issues.append(self.notes.document.issue(node.place, code, message, hint=hint, severity=severity))

    def warn(self, code: str, node: Node, message: str, hint: str = "") -> None:
        """A warning about a whole node."""
        self.fault(code, node, message, hint, Severity.WARNING)

    def node(self, *path: str) -> Node:
        """The node at a path, or the nearest above that was read."""
        at: Path = path
        while at and at not in self.notes.nodes:
            at = at[:-1]
        return self.notes.nodes.get(at, self.notes.document.root)

    def step_key(self, name: str) -> Node:
        """Where a step is named."""
        key = _key(self.notes.nodes.get(("steps",)), name)
        return key or self.node("steps", name)


def _key(steps: Node | None, name: str) -> Node | None:
    """The key of a step among these, or among those of a `foreach` in them."""
    if not isinstance(steps, Mapping):
        return None
    inner = (item.get("steps") for _, item in steps.pairs if isinstance(item, Mapping) and item.key("foreach"))
    return steps.key(name) or next((key for one in inner if (key := _key(one, name)) is not None), None)
