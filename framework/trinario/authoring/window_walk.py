"""Goes every way through the flows of a bot, called and started ones included, and collects what breaks the window."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trinario.authoring.window_ages import Lattice, State
from trinario.authoring.window_deeds import DEFERRED, Deed, Faults, Leaves, Led, Says
from trinario.authoring.window_guard import Guard
from trinario.authoring.window_rounds import depth, next_round, rounds_at, sooner
from trinario.authoring.window_trail import Frames, Node, Trail, step_shown
from trinario.authoring.window_ways import Ways
from trinario.engine.advance import DEFAULTS
from trinario.engine.steps.foreach import ROUND
from trinario.model.flow import (
    END,
    Ask,
    Branch,
    Call,
    Delivery,
    Flow,
    Foreach,
    PrivateReply,
    Start,
    Step,
    SwitchChannel,
)

FRAMES_KNOWN = 3
"""Calls around a flow that are told apart; those further out are taken together, which also ends recursion."""

VISITS = 200
"""Times that a step of time may be come to, each time later, before its time counts as endless."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a bot adds to its flows. `platforms` are by channel; `patterns` are flows by the word that begins them.

    `wanted` are flows that campaigns, the team or the API begin; one that nothing else begins is wanted anyway.
    """

    platforms: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery = field(default_factory=Delivery)
    handlers: Mapping[str, str] = field(default_factory=dict)
    default_flow: str | None = None
    patterns: Mapping[str, str] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Call:
    """A called flow in its frames: who called it, and how it was left so far, for good or by a fault."""

    callers: list[Node] = field(default_factory=list)
    left: dict[tuple[str, State], Trail] = field(default_factory=dict)


ARRIVED, RETURNED, FAILED = "arrived", "returned", "failed"
"""What is to be followed: a state comes to a step; the flow that the step called is over; it failed."""


class Walk:
    """One walk over all flows of a bot, breadth first, so that the first path to a step is a shortest."""

    def __init__(self, flows: Mapping[str, Flow], lattice: Lattice, around: Around) -> None:
        self._flows, self._lattice, self._around = flows, lattice, around
        self._ways = Ways(lattice, frozenset(lattice.channels))
        self._guard = Guard(lattice, around.platforms)
        self._after = {name: flow.following for name, flow in flows.items()}
        self._seen: dict[Node, State] = {}
        self._visits: dict[Node, int] = {}
        self._calls: dict[tuple[Frames, str], _Call] = {}
        self._queue: deque[tuple[str, Node, State, Trail]] = deque()
        self._said: list[tuple[Node, Says, Trail]] = []
        self._caught = any(map(_catches, flows.values())) or "failed" in around.handlers

    def begin(self, flow: str, state: State, shown: str) -> None:
        """A way into a flow."""
        self._enter(Node((), flow, _first(self._flows[flow])), state, Trail(None, shown))

    def said(self) -> Iterator[tuple[Node, Says, Trail]]:
        """Everything that is said on any way from what began, each with the state in which it is."""
        while self._queue:
            what, node, state, trail = self._queue.popleft()
            if what == ARRIVED:
                self._pass(node, state, trail)
            elif what == RETURNED:
                self._leave(node, "next", None, state, trail)
            else:
                self._fault(node, state, trail)
            yield from self._said
            self._said.clear()

    def joined(self) -> Iterator[tuple[Node, Says]]:
        """The same once more, with all that is possible at each step taken together."""
        for node, state in self._seen.items():
            step, flow = self._flows[node.flow].steps[node.step], self._flows[node.flow]
            held = self._guard.narrowed(state, step.condition, True)
            put = self._put(step, held)
            led = self._led(step, flow)
            deeds = self._ways.deeds(step, flow, held, put, led, self._visits.get(node, 0) > VISITS)
            yield from ((node, deed) for deed in deeds if isinstance(deed, Says) and deed.state)

    # one step

    def _enter(self, node: Node, state: State, trail: Trail) -> None:
        """A state comes to a step; what is known there already is not followed again."""
        if not state or node.step not in self._flows[node.flow].steps:
            return
        known = self._seen.get(node)
        if known is not None and self._lattice.below(state, known):
            return
        if any(self._lattice.below(state, self._seen[one]) for one in sooner(node) if one in self._seen):
            return  # the same came in an earlier round, from which more rounds follow
        self._seen[node] = state if known is None else self._lattice.joined(known, state)
        self._queue.append((ARRIVED, node, state, trail))

    def _pass(self, node: Node, state: State, trail: Trail) -> None:
        flow = self._flows[node.flow]
        step = flow.steps[node.step]
        if step.condition is not None:
            self._fault(node, state, trail)
            beyond = step.next or self._after[node.flow][node.step]
            self._go(node, beyond, self._guard.narrowed(state, step.condition, False), trail)
            state = self._guard.narrowed(state, step.condition, True)
            skipped = self._guard.narrowed(self._later(step, state), step.condition, False)
            self._go(node, beyond, skipped, Trail(trail, DEFERRED))
        if not state:
            return
        visits = self._visits[node] = self._visits.get(node, 0) + 1
        deeds = self._ways.deeds(step, flow, state, self._put(step, state), self._led(step, flow), visits > VISITS)
        for deed in deeds:
            self._do(node, step, deed, trail)
        match step:
            case Branch():
                self._branch(node, step, state, trail)
            case Call():
                self._call(node, step, state, trail)
            case Start():
                self._follow(step.flow, state, Trail(trail, f"start {step.flow}", node))
            case _:
                pass

    def _put(self, step: Step, state: State) -> State:
        """The state in which a question comes; after giving way, its `if` must hold once more."""
        later = self._later(step, state)
        return self._lattice.joined(state, self._guard.narrowed(later, step.condition, True))

    def _later(self, step: Step, state: State) -> State:
        """The state in which a question that gave way to another comes to its turn: at any time."""
        if not state.deferring or not isinstance(step, Ask | SwitchChannel) or isinstance(step, PrivateReply):
            return self._lattice.nothing  # a private reply gives way only where it may come at any time anyway
        never = any(not place.channel for place in state.deferring)
        return self._lattice.where(self._lattice.silence(True), lambda name: never or name != "")

    def _do(self, node: Node, step: Step, deed: Deed, trail: Trail) -> None:
        if not deed.state:
            return
        match deed:
            case Says(shown=shown):
                before = Trail(trail, shown) if shown == DEFERRED else trail
                last = f"{node.step} ({shown})" if shown and shown != DEFERRED else node.step
                self._said.append((node, deed, Trail(before, last, node)))
            case Leaves(exit=exit, to=to, shown=shown, state=state):
                self._leave(node, exit, to, state, Trail(trail, step_shown(step, shown), node))
            case Faults(state=state):
                self._fault(node, state, trail)

    # where exits lead

    def _led(self, step: Step, flow: Flow) -> Led:
        handled = self._around.handlers
        return lambda exit: exit in step.exits or flow.handler(step.name, exit) is not None or exit in handled

    def _leave(self, node: Node, exit: str, to: str | None, state: State, trail: Trail) -> None:
        """As the machine does it: the choice, the step, the flow, the bot, the default of the table, the step below."""
        flow = self._flows[node.flow]
        step = flow.steps[node.step]
        if isinstance(step, Foreach) and exit == ROUND:
            self._round(node, step, state, trail)
            return
        target = to or step.exits.get(exit) or flow.handler(step.name, exit)
        handler = self._around.handlers.get(exit)
        if target is None and handler in self._flows and handler is not None:
            self._follow(handler, state, Trail(trail, f"handler {exit}"))
        elif target is None and exit == "empty":
            self._fault(node, state, trail)
        else:
            self._go(node, target or self._default(node, step, exit), state, trail)

    def _default(self, node: Node, step: Step, exit: str) -> str:
        flow, after = self._flows[node.flow], self._after[node.flow]
        following = step.next or after[step.name]
        if exit == "late" and following in after and following not in flow.around(step.name):
            return self._flows[node.flow].steps[following].next or after[following]
        return DEFAULTS.get(exit, following)

    def _go(self, node: Node, target: str, state: State, trail: Trail) -> None:
        loop = self._flows[node.flow].steps.get(target)
        if isinstance(loop, Foreach) and target in self._flows[node.flow].around(node.step):
            # the next round asks no `if`: what leads on from the loop is gone at once
            over = node._replace(step=target, rounds=node.rounds[: depth(self._flows[node.flow], target) + 1])
            self._round(over, loop, state, trail)
            self._leave(over, "next", None, state, trail)
        elif target != END:
            self._enter(
                Node(node.frames, node.flow, target, rounds_at(self._flows[node.flow], node, target)), state, trail
            )
        elif state and node.frames:
            if self._flows[node.flow].returns:
                self._fault(node, state, trail)
            self._back(RETURNED, node, state, trail)

    # loops

    def _round(self, node: Node, loop: Foreach, state: State, trail: Trail) -> None:
        if (inner := next_round(self._flows[node.flow], node, loop)) is not None:
            self._enter(inner, state, trail)

    def _branch(self, node: Node, step: Branch, state: State, trail: Trail) -> None:
        trail = Trail(trail, step.name, node)
        for number, case in enumerate(step.cases, 1):
            category = case.category or ("else" if case.condition is None else f"case {number}")
            self._leave(node, category, case.next, self._guard.narrowed(state, case.condition, True), trail)
            state = self._guard.narrowed(state, case.condition, False)
        if state:
            self._leave(node, "next", None, state, trail)

    def _follow(self, flow: str, state: State, trail: Trail) -> None:
        """A flow begins for good."""
        if flow in self._flows:
            self._enter(Node((), flow, _first(self._flows[flow])), state, trail)

    # flows in flows

    def _call_of(self, node: Node) -> _Call:
        return self._calls.setdefault((node.frames, node.flow), _Call())

    def _back(self, how: str, node: Node, state: State, trail: Trail) -> None:
        """The flow of the node is left for those that called it; each way of leaving is told once."""
        call = self._call_of(node)
        if (how, state) not in call.left:
            call.left[how, state] = trail
            self._queue.extend((how, caller, state, trail) for caller in call.callers)

    def _call(self, node: Node, step: Call, state: State, trail: Trail) -> None:
        trail = Trail(trail, f"call {step.flow}", node)
        called = self._flows.get(step.flow)
        if called is None or not called.steps:
            self._leave(node, "next", None, state, trail)
            return
        frames = (*node.frames, (node.flow, node.step))[-FRAMES_KNOWN:]
        inner = Node(frames, step.flow, _first(called))
        call = self._call_of(inner)
        if node not in call.callers:
            call.callers.append(node)
            self._queue.extend((how, node, left, way) for (how, left), way in call.left.items())
        self._enter(inner, state, trail)

    def _fault(self, node: Node, state: State, trail: Trail) -> None:
        """To the `failed` exit of the step, else of the calls around it, else to the bot's handler."""
        if not state or not self._caught:
            return
        flow = self._flows[node.flow]
        target = flow.steps[node.step].exits.get("failed") or flow.handler(node.step, "failed")
        if target:
            self._go(node, target, state, Trail(trail, f"{node.step} (failed)", node))
        elif node.frames:
            self._back(FAILED, node, state, trail)
        elif (handler := self._around.handlers.get("failed")) is not None:
            self._follow(handler, state, Trail(trail, "handler failed"))


def _catches(flow: Flow) -> bool:
    """Whether a fault leads anywhere in this flow."""
    return "failed" in flow.handlers or any(
        "failed" in step.exits or (isinstance(step, Foreach) and "failed" in step.handlers)
        for step in flow.steps.values()
    )


def _first(flow: Flow) -> str:
    return flow.first if flow.steps else END
