"""Tables and blocks of code in Markdown."""

from collections.abc import Iterable, Iterator


def table_of(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table; nothing where it has no rows."""
    found = [tuple(_cell(cell) for cell in row) for row in rows]
    if found:
        yield from ("", "| " + " | ".join(head) + " |", "|" + "---|" * len(head))
        yield from ("| " + " | ".join(row) + " |" for row in found)
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def fenced(text: str, language: str = "") -> Iterator[str]:
    """A block of code."""
    yield from ("", f"```{language}", *text.splitlines(), "```", "")
