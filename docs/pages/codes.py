"""The page of issue codes."""

from collections.abc import Iterator

from docs.pages.lines import fenced, table_of
from trinario.authoring.codes import CODES, Code


def issue_codes() -> Iterator[str]:
    """Every code of an issue."""
    yield "# Issue codes"
    yield "What `trinario check` can say; `trinario explain T012` prints the same in the terminal. `S` is about the file as YAML and"
    yield from ("about single values, `T` about what a flow, a bot, a translation or a talk says.", "")
    yield from table_of(
        ("code", ""), [(f"[{code}](#{code.lower()})", one.title) for code, one in sorted(CODES.items())]
    )
    for _, one in sorted(CODES.items()):
        yield from _code(one)


def _code(one: Code) -> Iterator[str]:
    yield from (f"## {one.code}", "", f"**{one.title}.** {one.explanation}", "", "Not so:")
    yield from fenced(one.bad)
    yield "but so:"
    yield from fenced(one.good)
