"""A figure as Mermaid and as DOT."""

from trinario.authoring.chart.figure import Arrow, Box, Figure

_SHAPES = {
    "trigger": ('(["', '"])'),
    "end": ('(("', '"))'),
    "branch": ('{"', '"}'),
    "call": ('[["', '"]]'),
    "start": ('[["', '"]]'),
    "ask": ('[/"', '"/]'),
    "handoff": ('{{"', '"}}'),
}
"""Mermaid's brackets; a plain box for all others."""

_DOT_SHAPES = {"trigger": "oval", "end": "doublecircle", "branch": "diamond", "call": "box3d", "start": "box3d",
               "ask": "parallelogram", "handoff": "hexagon"}  # fmt: skip


def mermaid(figure: Figure) -> str:
    """A flowchart that GitHub and most editors draw."""
    ids = ids_of(figure)
    lines = [f"%% {figure.title.splitlines()[0] if figure.title else figure.name}", "flowchart TD"]
    for box in figure.boxes:
        opened, closed = _SHAPES.get(box.kind, ('["', '"]'))
        text = "<br/>".join(_mermaid(part) for part in (box.title, box.verb, box.words) if part)
        lines.append(f"    {ids[box.id]}{opened}{text}{closed}{':::waits' if box.waits else ''}")
    lines += [f"    {_mermaid_arrow(arrow, ids)}" for arrow in figure.arrows]
    if any(box.waits for box in figure.boxes):
        lines.append("    classDef waits stroke-width:3px")
    return "\n".join(lines) + "\n"


def dot(figure: Figure) -> str:
    """A digraph for Graphviz."""
    ids = ids_of(figure)
    lines = [f"digraph {_quoted(figure.name)} {{", f"  label={_quoted(figure.title)};", "  labelloc=t;",
             '  node [shape=box, fontname="Helvetica"];', '  edge [fontname="Helvetica", fontsize=10];']  # fmt: skip
    lines += [f"  {ids[box.id]} [{_dot_box(box)}];" for box in figure.boxes]
    for arrow in figure.arrows:
        parts = [f"label={_quoted(arrow.label)}"] if arrow.label else []
        parts += ["style=dashed"] if arrow.line == "handler" else []
        look = f" [{', '.join(parts)}]" if parts else ""
        lines.append(f"  {ids[arrow.source]} -> {ids[arrow.target]}{look};")
    return "\n".join([*lines, "}"]) + "\n"


def ids_of(figure: Figure) -> dict[str, str]:
    """Names that neither language takes for a word of its own."""
    return {box.id: f"n{number}_{''.join(char for char in box.id if char.isascii() and (char.isalnum() or char == '_'))}"
            for number, box in enumerate(figure.boxes)}  # fmt: skip


def _mermaid(text: str) -> str:
    """Characters that mean something to Mermaid, as entities."""
    return "".join(char if char.isalnum() or char in " _-.,:?!'/+=€…·" else f"#{ord(char)};" for char in text)


def _mermaid_arrow(arrow: Arrow, ids: dict[str, str]) -> str:
    line = "-.->" if arrow.line == "handler" else "-->"
    label = f'|"{_mermaid(arrow.label)}"|' if arrow.label else ""
    return f"{ids[arrow.source]} {line}{label} {ids[arrow.target]}"


def _dot_box(box: Box) -> str:
    text = "\n".join(part for part in (box.title, box.verb, box.words) if part)
    parts = [f"label={_quoted(text)}"]
    parts += [f"shape={_DOT_SHAPES[box.kind]}"] if box.kind in _DOT_SHAPES else []
    return ", ".join([*parts, "penwidth=2"] if box.waits else parts)


def _quoted(text: str) -> str:
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{safe}"'
