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
    moved = {path[3]: path for path in parsed.notes.nodes if len(path) == 4 and path[0] == "migrations"}
    for key in (RENAME, DROP):
        for path in [path for path in parsed.notes.nodes if path[:1] == ("migrations",) and path[2:] == (key,)]:
            node = parsed.notes.nodes[path]
            for name, target in node.pairs if isinstance(node, Mapping) else ():
                if isinstance(target, Scalar):
                    _check(
                        parsed,
                        key,
                        name,
                        target,
                        {old for old, at in moved.items() if int(at[1]) > int(path[1])},
                        found,
                    )


def _check(parsed: ParsedFlow, key: str, name: Scalar, target: Scalar, later: set[str], found: Findings) -> None:
    """`later` are names that a later line moves on."""
    if name.text in parsed.names:
        found.fault("T140", name, f'"{name.text}" is a step of this flow, so nobody has to leave it',
                    f"take the line out, or name the step that is gone under `{key}`")  # fmt: skip
    known = {*parsed.names, *later} | ({END} if key == DROP else set())
    if target.text not in known:
        message = f'who stands at "{name.text}" would come to "{target.text}", which is no step of this flow'
        found.fault("T012", target, message, mend(target.text, parsed.names))
