"""Two versions for reviewers: Markdown with the words that changed, and a Mermaid figure in which steps are coloured."""

import difflib
import re
from collections.abc import Iterator

from trinario.authoring.chart.figure import Arrow, Box, Figure, figure_of
from trinario.authoring.chart.text import ids_of, mermaid
from trinario.authoring.versions.compare import FlowChange, TextChange, compare
from trinario.model.flow import Flow

COLOURS = {
    "added": "fill:#d9f2d9,stroke:#2e7d32,color:#111",
    "removed": "fill:#f9d9d9,stroke:#b3261e,color:#111,stroke-dasharray:4 3",
    "changed": "fill:#fff2cc,stroke:#8a6d00,color:#111",
}
_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#])")


def review(old: dict[str, Flow], new: dict[str, Flow], before: str, after: str) -> str:
    """The page for everything that is different. `before` and `after` name the sides."""
    changes = [
        compare(name, old.get(name), new.get(name))
        for name in dict.fromkeys([*old, *new])
        if name not in old or name not in new or old[name].revision != new[name].revision
    ]
    lines = [f"# {before} -> {after}", ""]
    if not changes:
        lines += ["Nothing is different.", ""]
    for change in changes:
        lines += _page(change, old.get(change.name), new.get(change.name))
    return "\n".join(lines)


def _page(change: FlowChange, old: Flow | None, new: Flow | None) -> list[str]:
    if old is None or new is None:
        word = "is new" if old is None else "is gone"
        only = new or old
        assert only is not None, "one side has it"
        return [f"## {change.name} {word}", "", "```mermaid", mermaid(figure_of(only)).rstrip(), "```", ""]
    lines = [f"## {change.name} `{change.before[:8]}` -> `{change.after[:8]}`", ""]
    told = list(_told(change))
    lines += [*(f"- {line}" for line in told), ""] if told else []
    if change.nothing:
        lines += ["Only the file is written differently: it does and says the same.", ""]
    if change.texts:
        lines += ["| text | language | change |", "|---|---|---|", *map(_row, change.texts), ""]
    if not change.nothing:
        lines += ["```mermaid", drawn(change, old, new).rstrip(), "```", ""]
    return lines


def _told(change: FlowChange) -> Iterator[str]:
    for word, names in (("added", change.added), ("removed", change.removed)):
        if names:
            yield f"{word}: {', '.join(f'`{name}`' for name in names)}"
    yield from (f"renamed: `{one}` is `{other}` now" for one, other in change.renamed.items())
    for step in change.changed:
        if not step.texts:
            yield f"changed: `{step.step}` ({', '.join(step.keys)})"
    yield from (f"perhaps renamed: `{one}` -> `{other}` (`migrations` do not say so)" for one, other in change.hints)
    yield from (f"begins by: {_safe(text)}" for text in change.gained)
    yield from (f"no longer begins by: {_safe(text)}" for text in change.lost)
    if change.keys:
        yield f"of the flow: {', '.join(f'`{key}`' for key in change.keys)}"


def _row(text: TextChange) -> str:
    if text.before is None:
        words = f"**{_safe(text.after or '')}**"
    elif text.after is None:
        words = f"~~{_safe(text.before)}~~"
    else:
        words = inline(text.before, text.after)
    return f"| `{text.key}` | {text.locale or 'source'} | {words} |"


def inline(before: str, after: str) -> str:
    """One text with what was struck out and what was put in, by whole words."""
    one, other = _PIECES.findall(before), _PIECES.findall(after)
    found = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        gone, come = "".join(one[a:b]), "".join(other[c:d])
        if what == "equal":
            found.append(_safe(gone))
            continue
        found.append(_marked("~~", gone))
        found.append(_marked("**", come))
    return "".join(found)


def _marked(mark: str, text: str) -> str:
    """Marks hug the words, with the blanks outside; where there are only blanks, they stand bare."""
    words = text.strip()
    if not words:
        return _safe(text) if mark == "**" else ""
    head, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{_safe(head)}{mark}{_safe(words)}{mark}{_safe(tail)}"


def _safe(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\r", "").replace("\n", "<br>")


def drawn(change: FlowChange, old: Flow, new: Flow) -> str:
    """The new figure, with the steps that are gone and the ways that led there and back."""
    after, before = figure_of(new), figure_of(old)
    there = {box.id for box in after.boxes}
    gone = [box for box in before.boxes if box.id not in there and box.id in change.removed]
    known = there | {box.id for box in gone}
    lost = {box.id for box in gone}
    arrows = [
        _gone(arrow, change)
        for arrow in before.arrows
        if (arrow.source in lost or arrow.target in lost) and {arrow.source, arrow.target} <= known
    ]
    boxes = (*after.boxes, *gone)
    figure = Figure(after.name, after.title, boxes, (*after.arrows, *arrows))
    return mermaid(figure) + _coloured(change, boxes, figure)


def _gone(arrow: Arrow, change: FlowChange) -> Arrow:
    return Arrow(change.renamed.get(arrow.source, arrow.source), arrow.target, arrow.label, "handler")


def _coloured(change: FlowChange, boxes: tuple[Box, ...], figure: Figure) -> str:
    ids = ids_of(figure)
    said = {text.key.partition(".")[0] for text in change.texts}
    groups = {
        "added": list(change.added),
        "removed": list(change.removed),
        "changed": sorted({step.step for step in change.changed} | (said - {*change.added, *change.removed})),
    }
    lines = []
    for name, steps in groups.items():
        found = [ids[box.id] for box in boxes if box.id in steps]
        if found:
            lines += [f"    classDef {name} {COLOURS[name]}", f"    class {','.join(found)} {name}"]
    return "\n".join(lines) + "\n" if lines else ""
