"""The names of a bot's sequences: what `enroll` may name. The rest of their files is read by who runs them."""

from trinario.authoring.issue import Issue
from trinario.authoring.nodes import Mapping, Scalar
from trinario.authoring.source import read_source


def sequence_of(data: bytes, file: str) -> tuple[str, list[Issue]]:
    """The sequence that a file declares, "" for another campaign, and every fault of its YAML."""
    document = read_source(data, file)
    if isinstance(document, list):
        return "", document
    root = document.root
    pairs = root.pairs if isinstance(root, Mapping) else ()
    name = next((value for key, value in pairs if key.text == "sequence"), None)
    return (name.text if isinstance(name, Scalar) else ""), list(document.warnings)
