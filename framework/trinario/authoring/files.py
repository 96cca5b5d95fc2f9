"""Files as this room finds and reads them, and how it names them."""

import stat
from collections.abc import Iterator
from pathlib import Path

from trinario.authoring.issue import Issue, Severity
from trinario.authoring.source import MOST_BYTES


def strays(folder: Path, kind: str) -> list[Issue]:
    """Files that their authors think are read; `kind` is what stands in the folder: flow or campaign."""
    issues = []
    for file in walk(folder, ".yml"):
        message = f"this file is not read: {kind}s end in .yaml"
        issues.append(Issue("T018", shown(file), 0, 0, 0, message, f"rename it to {file.stem}.yaml", Severity.WARNING))
    for file in walk(folder, ".po"):
        stem = stem_of(file)
        if not (file.parent / f"{stem}.yaml").exists():
            message = f"this translation is not read: no {kind} stands beside it"
            hint = (
                f"put it beside its {kind}, as <file of the {kind}>.<language>.po; there is no {stem or file.stem}.yaml"
            )
            issues.append(Issue("T018", shown(file), 0, 0, 0, message, hint, Severity.WARNING))
    return issues


def walk(folder: Path, suffix: str) -> Iterator[Path]:
    """The files below a folder with this ending, hidden ones left out, in a fixed order."""
    for file in sorted(folder.rglob(f"*{suffix}")):
        if not any(part.startswith(".") for part in file.relative_to(folder).parts) and not file.is_dir():
            yield file


def read_file(file: Path) -> tuple[bytes, Issue | None]:
    """The bytes, one more than are allowed at most; or the issue of a file that cannot be read."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for without end
            return b"", Issue("T019", shown(file), 0, 0, 0, "this is no file", "put a file in its place")
        with file.open("rb") as stream:
            return stream.read(4 * MOST_BYTES + 1), None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return b"", Issue("T019", shown(file), 0, 0, 0, f"the file cannot be read: {reason}", "check its permissions")


def shown(path: Path) -> str:
    """The path as people write it: relative to where they stand, if it is below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError, RuntimeError):  # the last: a link that leads to itself
        return path.as_posix()


def stem_of(po: Path) -> str:
    """The flow's part of the name of a PO file."""
    return po.name.removesuffix(".po").rpartition(".")[0]
