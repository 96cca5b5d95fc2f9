"""Ways that never lead out: questions to which every answer leads back, drawn from all moments that were seen."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from trinario.testing.explore.moves import Kind
from trinario.testing.explore.state import Key

Edge = tuple[Kind, Key, bool]
"""How, where to, and whether the session was left by patience alone (an expiry)."""


@dataclass(slots=True)
class Seen:
    """The moments of one flow. `out` are those where nothing is asked, and those where not every way could be tried."""

    edges: dict[Key, list[Edge]] = field(default_factory=dict)
    out: set[Key] = field(default_factory=set)
    parents: dict[Key, Key] = field(default_factory=dict)

    def add(self, source: Key, edge: Edge) -> None:
        """One way from a moment to another."""
        self.edges.setdefault(source, []).append(edge)

    def leads_out(self, allowed: Callable[[Edge], bool]) -> set[Key]:
        """Moments from which an allowed way leads out, or to where nobody has looked."""
        good = {key for key in self._all() if key in self.out or key not in self.edges}
        back: dict[Key, list[Key]] = {}
        for source, edges in self.edges.items():
            for edge in edges:
                if allowed(edge):
                    back.setdefault(edge[1], []).append(source)
        stack = list(good)
        while stack:
            for source in back.get(stack.pop(), ()):
                if source not in good:
                    good.add(source)
                    stack.append(source)
        return good

    def _all(self) -> Iterable[Key]:
        return {*self.edges, *(edge[1] for edges in self.edges.values() for edge in edges)}


def trapped(seen: Seen, typed_only: bool = False) -> Iterator[Key]:
    """Moments from which no answer and no time-out of the author leads out."""

    def allowed(edge: Edge) -> bool:
        kind, _, by_patience = edge
        return (
            kind in ("right", "wrong") or (kind == "file" and not typed_only) or (kind == "silence" and not by_patience)
        )

    good = seen.leads_out(allowed)
    yield from (key for key in seen.edges if key not in good)


def circling(seen: Seen) -> Iterator[Key]:
    """Moments to which wrong answers alone lead back, with no time-out of the author among them."""
    for key in seen.edges:
        if _comes_back(seen, key):
            yield key


def _comes_back(seen: Seen, key: Key) -> bool:
    at, visited = key, set()
    while at not in visited:
        visited.add(at)
        edges = seen.edges.get(at, [])
        wrong = [target for kind, target, _ in edges if kind == "wrong"]
        if not wrong or any(kind == "silence" and not patience for kind, _, patience in edges):
            return False
        at = wrong[0]
    return at == key
