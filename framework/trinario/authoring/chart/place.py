"""Where everything in a picture stands: layers get heights, nodes get places under and over their neighbours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trinario.authoring.chart.layers import Layers

ROUNDS = 80
"""How often all layers are pulled towards their neighbours."""

APART, THREADS = 28.0, 14.0
"""Between two boxes, and between an arrow that passes and its neighbour; in the picture's own points."""

GAP = 17.0
"""Between two layers."""

STRAIGHT = 12.0
"""How much more a bend wants to stand straight than a box wants to stand in the middle."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The centre of a node, and its size; a bend is as high as its layer. Points, from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


def placed(layers: Layers, sizes: Mapping[str, tuple[float, float]]) -> dict[str, Spot]:
    """A spot for every node; `sizes` has (width, height) of boxes and labels, bends are as thin as a line."""
    width = {node: sizes.get(node, (0.0, 0.0))[0] for row in layers.rows for node in row}
    offsets = [_offsets(row, width) for row in layers.rows]
    x = {node: offset for row, found in zip(layers.rows, offsets, strict=True)
         for node, offset in zip(row, found, strict=True)}  # fmt: skip
    for turn in range(ROUNDS):
        last = turn >= ROUNDS // 3
        order = range(len(layers.rows)) if turn % 2 == 0 else range(len(layers.rows) - 1, -1, -1)
        for number in order:
            sides = (layers.above, layers.below) if last else ((layers.above, layers.below)[turn % 2],)
            _pull(layers.rows[number], offsets[number], sides, x)
    left = min((x[node] - width[node] / 2 for node in x), default=0.0)
    middles = _middles(layers.rows, sizes)
    return {
        node: Spot(round(x[node] - left, 1), round(y, 1), width[node], height if _bend(node) else sizes[node][1])
        for row, (y, height) in zip(layers.rows, middles, strict=True)
        for node in row
    }


def _offsets(row: Sequence[str], width: Mapping[str, float]) -> list[float]:
    """Where the centres stand when everything is pushed to the left."""
    found: list[float] = []
    at = 0.0
    for number, node in enumerate(row):
        if number:
            before = row[number - 1]
            thin = not width[node] or not width[before]
            at += width[before] / 2 + width[node] / 2 + (THREADS if thin else APART)
        found.append(at)
    return found


def _pull(
    row: Sequence[str], offsets: Sequence[float], sides: Sequence[Mapping[str, list[str]]], x: dict[str, float]
) -> None:
    """Move a layer's nodes as near to the middle of their neighbours as their order and widths allow."""
    wanted = []
    for node, offset in zip(row, offsets, strict=True):
        near = [(x[other], STRAIGHT if _bend(node) and _bend(other) else 1.0)
                for side in sides for other in side.get(node, ())]  # fmt: skip
        weight = sum(one for _, one in near)
        middle = sum(at * one for at, one in near) / weight if near else x[node]
        wanted.append((middle - offset, weight or 0.1))
    for node, offset, slack in zip(row, offsets, _rising(wanted), strict=True):
        x[node] = offset + slack


def _bend(node: str) -> bool:
    return node.startswith("bend ")


def _rising(wanted: Sequence[tuple[float, float]]) -> list[float]:
    """The nearest numbers, by weighted squares, that never fall: neighbours that would fall share their mean."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in wanted:
        mean, total, count = value, weight, 1
        while pools and pools[-1][0] > mean:
            before, heavy, many = pools.pop()
            mean = (before * heavy + mean * total) / (heavy + total)
            total, count = heavy + total, many + count
        pools.append((mean, total, count))
    return [mean for mean, _, count in pools for _ in range(count)]


def _middles(rows: Sequence[Sequence[str]], sizes: Mapping[str, tuple[float, float]]) -> list[tuple[float, float]]:
    """The middle of each layer, and its height."""
    found, at = [], 0.0
    for row in rows:
        height = max((sizes.get(node, (0.0, 0.0))[1] for node in row), default=0.0)
        found.append((at + height / 2, height))
        at += height + GAP
    return found
