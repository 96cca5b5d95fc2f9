"""What a flow says of its earlier revisions fits the steps that it has now."""

from trinario.authoring.finding import Findings
from trinario.authoring.near import mend
from trinario.authoring.nodes import Mapping, Scalar
from trinario.authoring.parse import ParsedFlow
from trinario.model.flow import END

RENAME, DROP = "rename", "drop"


def check_migrations(parsed: ParsedFlow, found: Findings) -> None:
    """T140: a step that is renamed or dropped is gone. T012: those who stood there go on at a step of the flow."""
    if parsed.notes is None:
        return
    last: dict[str, int] = {}
    for path in parsed.notes.nodes:
        if len(path) == 4 and path[0] == "migrations":
            last[path[3]] = int(path[1])
    for key in (RENAME, DROP):
        for path in [path for path in parsed.notes.nodes if path[:1] == ("migrations",) and path[2:] == (key,)]:
            node = parsed.notes.nodes[path]
            for name, target in node.pairs if isinstance(node, Mapping) else ():
                if isinstance(target, Scalar):
                    _check(parsed, key, name, target, last.get(target.text, -1) > int(path[1]), found)


def _check(parsed: ParsedFlow, key: str, name: Scalar, target: Scalar, later: bool, found: Findings) -> None:
    """`later`: a later line moves on who comes to the target."""
    if name.text in parsed.names:
        found.fault("T140", name, f'"{name.text}" is a step of this flow, so nobody has to leave it',
                    f"take the line out, or name the step that is gone under `{key}`")  # fmt: skip
    known = target.text in parsed.names or later or (key == DROP and target.text == END)
    if not known:
        message = f'who stands at "{name.text}" would come to "{target.text}", which is no step of this flow'
        found.fault("T012", target, message, mend(target.text, parsed.names))
