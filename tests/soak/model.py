"""The specification, as plainly as it can be put: who is whom, who may be written news, whose words are whose."""

from dataclasses import dataclass, field
from typing import Literal

from tests.soak.moments import Identity

State = Literal["granted", "stopped"]


@dataclass
class One:
    """A contact whom nobody was joined to: one identity, and what she said of marketing."""

    id: int
    identity: Identity
    log: list[tuple[Identity, State]] = field(default_factory=list)


@dataclass
class Two:
    """Two contacts who are one: `kept` has everything. `log` is what was said since."""

    merge: int
    kept: "Node"
    taken: "Node"
    log: list[tuple[Identity, State]] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The contact that has everything."""
        return self.kept.id


Node = One | Two


def identities(node: Node) -> set[Identity]:
    """Everybody who is in it."""
    return {node.identity} if isinstance(node, One) else identities(node.kept) | identities(node.taken)


def consent(node: Node) -> State | None:
    """What holds: the stricter of the two, and since then the last word."""
    state: State | None = None
    if isinstance(node, Two):
        both = {consent(node.kept), consent(node.taken)}
        state = "stopped" if "stopped" in both else "granted" if "granted" in both else None
    return node.log[-1][1] if node.log else state


@dataclass
class People:
    """All contacts, by their ids."""

    roots: dict[int, Node] = field(default_factory=dict)
    words: dict[str, Identity] = field(default_factory=dict)
    """every personal word, and where it was said"""

    def of(self, identity: Identity) -> Node | None:
        """The contact that an identity belongs to."""
        return next((node for node in self.roots.values() if identity in identities(node)), None)

    def meet(self, identity: Identity, id: int) -> None:
        """Somebody of whom nothing was ever heard."""
        self.roots[id] = One(id, identity)

    def join(self, merge: int, kept: int, taken: int) -> None:
        """Two become one."""
        self.roots[kept] = Two(merge, self.roots[kept], self.roots.pop(taken))

    def part(self, merge: int) -> None:
        """They are two again. What was granted meanwhile is granted by whom it was; what was taken back, by both."""
        root = next(node for node in self.roots.values() if find(node, merge) is not None)
        found = find(root, merge)
        assert found is not None
        theirs, taken = identities(found.taken), found.taken
        for log in _logs(root, merge):
            taken.log += [entry for entry in log if entry[1] == "stopped" or entry[0] in theirs]
        left = _without(root, merge, theirs)
        del self.roots[root.id]
        self.roots |= {left.id: left, taken.id: taken}

    def say(self, identity: Identity, state: State) -> None:
        """She stops it, or grants it."""
        node = self.of(identity)
        if node is not None:
            node.log.append((identity, state))


def find(node: Node, merge: int) -> Two | None:
    """That merge, if it is anywhere in a contact."""
    if isinstance(node, One):
        return None
    return node if node.merge == merge else find(node.kept, merge) or find(node.taken, merge)


def _logs(node: Node, merge: int) -> list[list[tuple[Identity, State]]]:
    """What was said since that merge: by those who were joined by it, then by those whom they were joined to."""
    if isinstance(node, One) or find(node, merge) is None:
        return []
    within = [] if node.merge == merge else _logs(node.kept, merge) + _logs(node.taken, merge)
    return [*within, node.log]


def _without(node: Node, merge: int, gone: set[Identity]) -> Node:
    if isinstance(node, One) or find(node, merge) is None:
        return node
    log = [entry for entry in node.log if entry[1] == "stopped" or entry[0] not in gone]
    if node.merge == merge:
        node.kept.log += log
        return node.kept
    return Two(node.merge, _without(node.kept, merge, gone), _without(node.taken, merge, gone), log)
