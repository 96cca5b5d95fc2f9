"""The three forms of a node, and the words for one that stands where another should."""

from typing import Any, Final

from trinario.authoring.nodes import Mapping, Node, Scalar, Sequence
from trinario.authoring.notes import Notes

BAD: Final[Any] = object()
"""What reading gives for a node that cannot be read; its issue is noted."""


def form_of(node: Node) -> str:
    """A word for the form of a node."""
    if isinstance(node, Scalar):
        return "a single value"
    return "a list" if isinstance(node, Sequence) else "a mapping"


def pairs_of(
    node: Node, notes: Notes, least: int = 0, hint: str = "write `key: value`"
) -> tuple[tuple[Scalar, Node], ...] | None:
    """Key and value nodes of a mapping; None, with an issue, for anything else."""
    if not isinstance(node, Mapping):
        notes.fault("T020", node, f"keys with values are expected here, not {form_of(node)}", hint)
        return None
    if len(node.pairs) < least:
        few = "there is nothing in here" if not node.pairs else f"there is one in here, and {least} are the least"
        notes.fault(
            "T022",
            node,
            few,
            "put more in, or leave the key out" if node.pairs else "put something in, or leave the key out",
        )
        return None
    return node.pairs


def read_text(node: Node, notes: Notes, about: str, *, empty: bool = False) -> Any:
    """The text of a scalar as it stands; a list, a mapping or nothing at all is an issue."""
    if not isinstance(node, Scalar):
        notes.fault("T020", node, f"{about} is expected here, not {form_of(node)}", "write it as a single value")
        return BAD
    if not empty and not node.text.strip():
        notes.fault("T022", node, "there is nothing here", f"behind the colon belongs {about}")
        return BAD
    return node.text
