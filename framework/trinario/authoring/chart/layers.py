"""Boxes in layers from top to bottom: which layer each is in, and its order there so that few arrows cross."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SWEEPS = 16
"""How often the order of all layers is mended, down and up."""


@dataclass(slots=True)
class Chain:
    """An arrow through the layers: the boxes and bends it goes through, from the upper to the lower one.

    `back` says that the arrow itself leads up. `label` is the bend that carries its words, if any.
    """

    arrow: int
    nodes: list[str]
    back: bool
    label: str = ""


@dataclass(slots=True)
class Layers:
    """Every layer's nodes from left to right, and the arrows as chains."""

    rows: list[list[str]]
    chains: list[Chain]
    above: dict[str, list[str]] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=dict)


def layered(nodes: Sequence[str], arrows: Sequence[tuple[str, str]]) -> Layers:
    """Nodes on even layers, bends between them; each arrow has a bend just below its upper end, for its label."""
    back = _backward(nodes, arrows)
    down = [(target, source) if number in back else (source, target) for number, (source, target) in enumerate(arrows)]
    level = _levels(nodes, down)
    rows: list[list[str]] = [[] for _ in range(max(level.values(), default=0) * 2 + 1)]
    for node in _discovered(nodes, down):
        rows[level[node] * 2].append(node)
    chains = []
    for number, (upper, lower) in enumerate(down):
        if upper != lower:
            chains.append(_chain(number, upper, lower, level, rows, number in back))
    found = Layers(rows, chains)
    _link(found)
    _untangle(found)
    return found


def _backward(nodes: Sequence[str], arrows: Sequence[tuple[str, str]]) -> set[int]:
    """The arrows that close a circle, as a walk from the top meets them."""
    out: dict[str, list[tuple[int, str]]] = {node: [] for node in nodes}
    for number, (source, target) in enumerate(arrows):
        out[source].append((number, target))
    back: set[int] = set()
    done: set[str] = set()
    for root in nodes:
        if root in done:
            continue
        path, open_ones = [(root, iter(out[root]))], {root}
        while path:
            node, rest = path[-1]
            number, target = next(rest, (-1, ""))
            if number < 0:
                path.pop()
                open_ones.discard(node)
                done.add(node)
            elif target in open_ones:
                back.add(number)
            elif target not in done:
                path.append((target, iter(out[target])))
                open_ones.add(target)
    return back


def _levels(nodes: Sequence[str], down: Iterable[tuple[str, str]]) -> dict[str, int]:
    """How far below the top each node is at least: one below the lowest that leads to it."""
    inward: dict[str, list[str]] = {node: [] for node in nodes}
    for upper, lower in down:
        if upper != lower:
            inward[lower].append(upper)
    level: dict[str, int] = {}
    stack = list(reversed(nodes))
    while stack:
        node = stack[-1]
        waiting = [other for other in inward[node] if other not in level]
        if node in level or not waiting:
            level.setdefault(node, max((level[other] + 1 for other in inward[node]), default=0))
            stack.pop()
        else:
            stack.extend(waiting)
    return level


def _discovered(nodes: Sequence[str], down: Sequence[tuple[str, str]]) -> list[str]:
    """The nodes as a walk from the top finds them: what belongs together stands together from the beginning."""
    out: dict[str, list[str]] = {node: [] for node in nodes}
    for upper, lower in down:
        out[upper].append(lower)
    seen: dict[str, None] = {}
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if node not in seen:
            seen[node] = None
            stack.extend(reversed(out[node]))
    return list(seen)


def _chain(number: int, upper: str, lower: str, level: dict[str, int], rows: list[list[str]], back: bool) -> Chain:
    bends = [f"bend {number} {row}" for row in range(level[upper] * 2 + 1, level[lower] * 2)]
    for bend, row in zip(bends, range(level[upper] * 2 + 1, level[lower] * 2), strict=True):
        rows[row].append(bend)
    return Chain(number, [upper, *bends, lower], back, bends[-1] if back else bends[0])


def _link(layers: Layers) -> None:
    for chain in layers.chains:
        for upper, lower in zip(chain.nodes, chain.nodes[1:], strict=False):
            layers.below.setdefault(upper, []).append(lower)
            layers.above.setdefault(lower, []).append(upper)


def _untangle(layers: Layers) -> None:
    """Sort each layer by where its neighbours stand, down and up, and keep the best that was seen."""
    best, fewest = [list(row) for row in layers.rows], _crossings(layers)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        down = sweep % 2 == 0
        numbers = range(1, len(layers.rows)) if down else range(len(layers.rows) - 2, -1, -1)
        for number in numbers:
            fixed = layers.rows[number - 1 if down else number + 1]
            _sort(layers.rows[number], fixed, layers.above if down else layers.below)
        _swap(layers)
        count = _crossings(layers)
        if count < fewest:
            best, fewest = [list(row) for row in layers.rows], count
    layers.rows[:] = best


def _sort(row: list[str], fixed: Sequence[str], neighbours: dict[str, list[str]]) -> None:
    """By the mean place of the neighbours; a node without any stays where it is."""
    places = {node: place for place, node in enumerate(fixed)}
    scale = len(fixed) / max(1, len(row))

    def weight(item: tuple[int, str]) -> float:
        found = [places[other] for other in neighbours.get(item[1], ()) if other in places]
        return sum(found) / len(found) if found else item[0] * scale

    row[:] = [node for _, node in sorted(enumerate(row), key=weight)]


def _swap(layers: Layers) -> None:
    """Exchange neighbours in a layer wherever that saves crossings."""
    for number, row in enumerate(layers.rows):
        above = _places(layers.rows[number - 1]) if number else {}
        under = _places(layers.rows[number + 1]) if number + 1 < len(layers.rows) else {}
        for place in range(len(row) - 1):
            one, other = row[place], row[place + 1]
            now = _pair(one, other, layers.above, above) + _pair(one, other, layers.below, under)
            then = _pair(other, one, layers.above, above) + _pair(other, one, layers.below, under)
            if then < now:
                row[place], row[place + 1] = other, one


def _pair(left: str, right: str, neighbours: dict[str, list[str]], places: dict[str, int]) -> int:
    """How many arrows of two neighbours cross when they stand in this order."""
    lefts = [places[other] for other in neighbours.get(left, ()) if other in places]
    rights = [places[other] for other in neighbours.get(right, ()) if other in places]
    return sum(one > other for one in lefts for other in rights)


def _places(row: Sequence[str]) -> dict[str, int]:
    return {node: place for place, node in enumerate(row)}


def _crossings(layers: Layers) -> int:
    total = 0
    for upper, lower in zip(layers.rows, layers.rows[1:], strict=False):
        places = _places(lower)
        for number, one in enumerate(upper):
            total += sum(_pair(one, other, layers.below, places) for other in upper[number + 1 :])
    return total
