"""A figure as SVG: boxes in layers, arrows around them, every label on a place of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from trinario.authoring.chart.figure import ENDS, Arrow, Box, Figure
from trinario.authoring.chart.layers import Chain, layered
from trinario.authoring.chart.place import Spot, placed

MARGIN = 24.0
_FILLS = {"trigger": "#fff7e0", "end": "#ffffff", "ask": "#e3effd", "send": "#e7f6ec", "branch": "#fdf0e1",
          "wait": "#f0eafb", "wait_for": "#f0eafb", "handoff": "#fde8ea", "switch_channel": "#e0f5f5"}  # fmt: skip
_STROKES = {"trigger": "#b8891b", "end": "#5c6570", "ask": "#2f6fb5", "send": "#2d8a53", "branch": "#c06f1c",
            "wait": "#7650bd", "wait_for": "#7650bd", "handoff": "#c1414f", "switch_channel": "#1c8a8a"}  # fmt: skip
_PLAIN_FILL, _PLAIN_STROKE = "#f3f4f6", "#6b7480"
_THIN, _BROAD = "iIljtfr.,:;'|!()[] ·", "mwMW@%—…"
_STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1d2329}"
    ".t{font-size:13px;font-weight:600}.v{font-size:11px;fill:#4b5563}.w{font-size:11px;fill:#374151;font-style:italic}"
    ".l{font-size:11px;fill:#374151}.h{font-size:17px;font-weight:600}.a{fill:none;stroke:#6b7480;stroke-width:1.3}"
    ".d{stroke-dasharray:5 4}.b{stroke:#9aa3ad}"
)


def svg(figure: Figure) -> str:
    """The picture, with nothing from outside; the same figure gives the same bytes."""
    figure = _with_own_ends(figure)
    boxes = {box.id: box for box in figure.boxes}
    layers = layered(list(boxes), [(arrow.source, arrow.target) for arrow in figure.arrows])
    labels = {chain.label: figure.arrows[chain.arrow].label for chain in layers.chains}
    sizes = {id: _size(box) for id, box in boxes.items()}
    sizes |= {bend: (_width(text, 11) + 8, 17.0) for bend, text in labels.items() if text}
    spots = {
        name: replace(spot, x=spot.x + MARGIN, y=spot.y + MARGIN + 34) for name, spot in placed(layers, sizes).items()
    }
    loops = [arrow for arrow in figure.arrows if arrow.source == arrow.target]
    parts = [*_arrows(figure, layers.chains, spots), *(_loop(spots[arrow.source], arrow) for arrow in loops)]
    parts += [_label(spots[bend], text) for bend, text in labels.items() if text]
    parts += [line for id, box in boxes.items() for line in _box(box, spots[id])]
    return _document(figure, spots, parts, bool(loops))


def _with_own_ends(figure: Figure) -> Figure:
    """Each step that ends the flow gets an end of its own: arrows stay short."""
    boxes = [box for box in figure.boxes if box.id != ENDS]
    ends = {arrow.source: f"{ENDS} {arrow.source}" for arrow in figure.arrows if arrow.target == ENDS}
    arrows = [replace(arrow, target=ends[arrow.source]) if arrow.target == ENDS else arrow for arrow in figure.arrows]
    return replace(figure, boxes=(*boxes, *(Box(id, "end", "end") for id in ends.values())), arrows=tuple(arrows))


def _document(figure: Figure, spots: Mapping[str, Spot], parts: list[str], loops: bool) -> str:
    width = max([spot.x + spot.width / 2 for spot in spots.values()] + [_width(figure.title, 17)]) + MARGIN
    width += 60 if loops else 0
    height = max((spot.y + spot.height / 2 for spot in spots.values()), default=0.0) + MARGIN
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label={quoteattr(f"The flow {_clean(figure.title)}")}>',
        f"<title>{_text(figure.title)}</title>",
        f"<style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0,0.6 L7.4,4 L0,7.4 z" fill="#6b7480"/></marker></defs>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        f'<text class="h" x="{MARGIN:.0f}" y="30">{_text(figure.title)}</text>',
    ]
    return "\n".join([*head, *parts, "</svg>"]) + "\n"


# ---- boxes


def _size(box: Box) -> tuple[float, float]:
    if box.kind == "end":
        return 20.0, 20.0
    lines = [_width(box.title, 13), _width(box.verb, 11), *(_width(line, 11) for line in _lines(box))]
    return max(72.0, max(lines) + (36 if box.kind == "trigger" else 26)), 20.0 + 15 * (
        bool(box.title) + bool(box.verb) + len(_lines(box))
    )


def _lines(box: Box) -> list[str]:
    return wrap(box.words, 32)[:2]


def _box(box: Box, spot: Spot) -> Iterator[str]:
    fill, stroke = _FILLS.get(box.kind, _PLAIN_FILL), _STROKES.get(box.kind, _PLAIN_STROKE)
    if box.kind == "end":
        yield f'<circle cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="8" fill="#ffffff" stroke="{stroke}" stroke-width="1.5"/>'
        yield f'<circle cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="4.5" fill="{stroke}"/>'
        return
    left, top = spot.x - spot.width / 2, spot.y - spot.height / 2
    round_ = spot.height / 2 if box.kind == "trigger" else 7
    yield (f'<rect x="{left:.1f}" y="{top:.1f}" width="{spot.width:.1f}" height="{spot.height:.1f}" rx="{round_:.0f}" '
           f'fill="{fill}" stroke="{stroke}" stroke-width="{2.6 if box.waits else 1.3}"/>')  # fmt: skip
    rows = [("t", box.title), ("v", box.verb), *(("w", line) for line in _lines(box))]
    y = top + 22
    for style, text in rows:
        if text:
            yield f'<text class="{style}" x="{spot.x:.1f}" y="{y:.1f}" text-anchor="middle">{_text(text)}</text>'
            y += 15


def _label(spot: Spot, text: str) -> str:
    left, top = spot.x - spot.width / 2, spot.y - spot.height / 2
    return (f'<rect x="{left:.1f}" y="{top:.1f}" width="{spot.width:.1f}" height="{spot.height:.1f}" fill="#ffffff"/>'
            f'<text class="l" x="{spot.x:.1f}" y="{spot.y + 4:.1f}" text-anchor="middle">{_text(text)}</text>')  # fmt: skip


# ---- arrows


def _arrows(figure: Figure, chains: list[Chain], spots: Mapping[str, Spot]) -> Iterator[str]:
    outs, ins = _ports(chains, spots, 0), _ports(chains, spots, -1)
    for number, chain in enumerate(chains):
        arrow = figure.arrows[chain.arrow]
        style = "a" + (" d" if arrow.line == "handler" else "") + (" b" if chain.back else "")
        path = _path(chain, spots, outs[number], ins[number])
        yield f'<path class="{style}" d="{path}" marker-end="url(#tip)"/>'


def _ports(chains: list[Chain], spots: Mapping[str, Spot], end: int) -> dict[int, float]:
    """Where each chain leaves (0) or enters (-1) its box: side by side, in the order of where they go."""
    groups: dict[str, list[int]] = {}
    for number, chain in enumerate(chains):
        groups.setdefault(chain.nodes[end], []).append(number)
    found = {}
    for node, numbers in groups.items():
        numbers.sort(key=lambda number: spots[chains[number].nodes[1 if end == 0 else -2]].x)
        step = min(22.0, spots[node].width * 0.7 / len(numbers))
        for place, number in enumerate(numbers):
            found[number] = spots[node].x + (place - (len(numbers) - 1) / 2) * step
    return found


def _path(chain: Chain, spots: Mapping[str, Spot], leaves: float, enters: float) -> str:
    """From the lower edge of the upper box through all bends to the upper edge of the lower one."""
    upper, lower = spots[chain.nodes[0]], spots[chain.nodes[-1]]
    points = [(leaves, upper.y + upper.height / 2)]
    for bend in (spots[node] for node in chain.nodes[1:-1]):  # straight past whatever stands in that layer
        points += [(bend.x, bend.y - bend.height / 2), (bend.x, bend.y + bend.height / 2)]
    points.append((enters, lower.y - lower.height / 2))
    if chain.back:
        points.reverse()
    path = f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for (x, y), (to_x, to_y) in pairwise(points):
        middle = (y + to_y) / 2
        if x == to_x:
            path += f" L{to_x:.1f},{to_y:.1f}"
            continue
        path += f" C{x:.1f},{middle:.1f} {to_x:.1f},{middle:.1f} {to_x:.1f},{to_y:.1f}"
    return path


def _loop(spot: Spot, arrow: Arrow) -> str:
    """An arrow from a box to itself, on its right."""
    x, y = spot.x + spot.width / 2, spot.y
    line = f'<path class="a" d="M{x:.1f},{y - 8:.1f} C{x + 34:.1f},{y - 22:.1f} {x + 34:.1f},{y + 22:.1f} {x:.1f},{y + 8:.1f}" marker-end="url(#tip)"/>'
    return line + f'<text class="l" x="{x + 28:.1f}" y="{y + 4:.1f}">{_text(arrow.label)}</text>'


# ---- words


def _width(text: str, size: int) -> float:
    """About how wide a text is, in points."""
    em = sum(0.33 if char in _THIN else 0.92 if char in _BROAD or ord(char) > 0x2E80 else 0.58 for char in text)
    return round(em * size, 1)


def _clean(text: str) -> str:
    """Without the characters that no XML may hold."""
    return "".join(char for char in text if char.isprintable() or char == " ")


def _text(text: str) -> str:
    return escape(_clean(text))
