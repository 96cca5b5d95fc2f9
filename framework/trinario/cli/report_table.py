"""Tables of counts for eyes, on wide and on narrow screens."""

from collections.abc import Iterable, Sequence

from trinario.campaign.funnel import ANSWERED, STANDING, Funnel, span
from trinario.cli.columns import cut, folded, padded, shortened, wide_of

BAR, SHORT = 30, 8
"""Characters of the longest bar, where there is room for it and where there is not."""

NAME = 28
"""Letters that a name has at most where there is no room for more."""

REMOVED = " (removed)"
"""Behind what the file of a flow or a sequence has no more."""

HEAD = ("reached", "went on", "answered", "timed out", "dropped", "there now", "median")


def table(heads: Sequence[str], rows: Sequence[tuple[str, Sequence[int | str]]], wide: int = 120) -> list[str]:
    """A line a row, its numbers under their heads; where the screen has no room for that, or two names would look the same if they
    were cut, two lines a row."""
    cells = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for _, row in rows]
    if not rows:
        return []
    sizes = [max(len(head), *(len(row[at]) for row in cells)) for at, head in enumerate(heads)]
    taken = 2 + sum(size + 2 for size in sizes)
    name = min(max(NAME, wide - taken), max((wide_of(name) for name, _ in rows), default=0))
    if taken + name > wide or len({shortened(one, name) for one, _ in rows}) < len({one for one, _ in rows}):
        return _narrow(heads, rows, cells, wide)
    lines = ["  " + " " * name + "".join(f"  {head:>{size}}" for head, size in zip(heads, sizes, strict=True))]
    for (words, _), row in zip(rows, cells, strict=True):
        numbers = "".join(f"  {cell:>{size}}" for cell, size in zip(row, sizes, strict=True))
        lines.append(f"  {padded(words, name)}{numbers}")
    return lines


def bars(rows: Iterable[tuple[str, int]], wide: int = 120) -> list[str]:
    """Rows with a bar each, the longest for the largest; on a narrow screen bars are short, and words go on below."""
    rows = list(rows)
    most = max((count for _, count in rows), default=0)
    longest = max((wide_of(words) for words, _ in rows), default=0)
    size = max(10, len(f"{most:,}"))
    bar = max(SHORT, min(BAR, wide - size - 6 - longest))
    lines = []
    for words, count in rows:
        first, *rest = folded(words, max(16, wide - size - 6 - bar))
        drawn = "█" * max(1, round(bar * count / most)) if count else ""
        lines.append(f"  {count:>{size},}  {drawn:{bar}}  {first}")
        lines += [" " * (size + 6 + bar) + more for more in rest]
    return lines


def _narrow(
    heads: Sequence[str], rows: Sequence[tuple[str, Sequence[int | str]]], cells: Sequence[Sequence[str]], wide: int
) -> list[str]:
    """Each row's name, and below it what is not nothing."""
    lines = []
    for (words, _), row in zip(rows, cells, strict=True):
        lines += [f"  {line}" for line in folded(words, wide - 2)]
        told = [f"{cell} {head}" for head, cell in zip(heads, row, strict=True) if cell not in ("0", "-")] or [
            "nothing"
        ]
        line = "   "
        for part in told:
            if len(line) + len(part) + 3 > wide and line.strip():
                lines, line = [*lines, line], "   "
            line += (" · " if line.strip() else " ") + part
        lines.append(line)
    return lines


def people(count: int) -> str:
    """So many people, in words."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def marked(step: str, gone: bool, most: int = NAME) -> str:
    """A step's name, and if the file has it no more the word for that, which is never cut."""
    return f"{cut(step, most - len(REMOVED))}{REMOVED}" if gone else step


def funnel_lines(funnel: Funnel, wide: int = 120) -> list[str]:
    """How far people came in a flow, for eyes: one part for each group."""
    lines: list[str] = []
    for group in funnel.groups:
        whole = funnel.whole(group)
        parts = [f"{whole.reached:,} entered", f"{whole.ways['done']:,} finished{_share(whole.ways['done'], whole.reached)}",
                 f"{whole.dropped:,} dropped off", f"{whole.of(STANDING):,} in it now"]  # fmt: skip
        if whole.median is not None:
            parts.append(f"half of those who finished within {span(whole.median)}")
        title = f"{funnel.flow}, {funnel.by} {group}" if funnel.by else funnel.flow
        rows = [
            (marked(stop.step, funnel.gone(stop.step)), (stop.reached, stop.left, stop.of(ANSWERED), stop.timed_out, stop.dropped, stop.of(STANDING), span(stop.median)))
            for stop in funnel.in_order(group)
        ]  # fmt: skip
        lines += ([""] if lines else []) + [*folded(f"{title}: {', '.join(parts)}", wide), *table(HEAD, rows, wide)]
    return lines


def _share(count: int, of: int) -> str:
    return f" ({count / of:.0%})" if of else ""
