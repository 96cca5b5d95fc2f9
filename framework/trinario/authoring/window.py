"""The window proof: on every way through the flows, may what is said then be said, or is the window shut by that time?

What it reckons with: every trigger, wait, time-out, exit, called and started flow; a question that gives way to one that
is pending (`if_busy: defer`) may come at any time. What it does not: queues and outages of our own, and what other
flows and people of the team do to a question that was put already. Policy asks again before every message anyway.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from trinario.authoring.graph import reached
from trinario.authoring.window_ages import FRESH, SECOND, Lattice, State, elapsed, longest
from trinario.authoring.window_deeds import DEFERRED, Says
from trinario.authoring.window_guard import Guard
from trinario.authoring.window_trail import Node, Trail
from trinario.authoring.window_walk import Around, Walk
from trinario.model.channel import Window
from trinario.model.flow import Ask, Call, Flow, Message, Send, Start, Trigger
from trinario.policy.send import CURRENT, PREFERRED

HEARD = frozenset({
    "keyword", "message", "new_contact", "get_started", "referral", "ad", "story_reply", "story_mention", "ice_breaker",
    "menu", "form", "opt_in", "order", "product", "reaction",
})  # fmt: skip
"""Triggers that are a message of hers; all others say nothing of when she wrote, a comment included."""

LATER = frozenset({"inactivity", "identity_linked"})
"""Triggers that follow a message of hers: after a silence, or when she has come over to a channel."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that may be said with the window shut. `what`: messages, reminder or link of the step; `private`: a
    private reply where there is no comment that may be answered.

    `channels` are those on which it may be, in the bot's order; `path` is a shortest way to it, from what begins it to
    the step itself; `deferred`: on this way the question gave way to another one before it was put.
    """

    flow: str
    step: str
    what: str
    channels: tuple[str, ...]
    path: tuple[str, ...]
    deferred: bool = False


def prove(
    flow: Flow, flows: Mapping[str, Flow], windows: Mapping[str, Window], around: Around | None = None
) -> tuple[Breach, ...]:
    """The breaches at the steps of one flow, also those that begin in another; none: the proof holds.

    `flows` are all of the bot, `windows` are by channel; see `prove_all`.
    """
    found = prove_all({**flows, flow.name: flow}, windows, around)
    return tuple(breach for breach in found if breach.flow == flow.name)


def prove_all(
    flows: Mapping[str, Flow], windows: Mapping[str, Window], around: Around | None = None
) -> tuple[Breach, ...]:
    """Every breach in the flows of a bot, in the order of flows and steps. `windows` (seconds) are by channel."""
    around = around or Around()
    asks = any(isinstance(step, Ask) and step.feedback for flow in flows.values() for step in flow.steps.values())
    cards = {name: window.card * SECOND for name, window in windows.items() if window.card and asks}
    lattice = Lattice({name: window.free * SECOND for name, window in windows.items()}, cards)
    walk, judge = Walk(flows, lattice, around), _Judge(flows, lattice, around)
    for flow, state, shown in _entries(flows, lattice, around):
        walk.begin(flow, state, shown)
    for node, says, trail in walk.said():
        judge.hear(node, says, trail)
    if judge.several:
        for node, says in walk.joined():
            judge.hear(node, says, None)
    return judge.breaches()


# ---- what is said, and whether it may be


class _Judge:
    """Collects breaches: one a step and kind of message, with the first path that led to it."""

    def __init__(self, flows: Mapping[str, Flow], lattice: Lattice, around: Around) -> None:
        self._flows, self._lattice, self._around = flows, lattice, around
        self._found: dict[tuple[str, str, str], Breach] = {}
        self._judged: dict[tuple[str, str, str, State], frozenset[str]] = {}
        self._trails: dict[tuple[str, str, str], Trail] = {}
        self.several = False

    def hear(self, node: Node, says: Says, trail: Trail | None) -> None:
        """Judges what is said at a step; without a trail the last one that came by is shown."""
        what = (node.flow, node.step, says.what)
        key = (*what, says.state)
        if trail is not None:
            self._trails.setdefault(what, trail)
        if key in self._judged:
            return
        shut = self._judged[key] = self._shut(node, says)
        if not shut:
            return
        known, trail = self._found.get(what), trail or self._trails[what]
        if known is None:
            path = trail.path()
            known = Breach(*what, (), path, deferred=says.shown == DEFERRED)
        names = tuple(name for name in self._lattice.channels if name in shut or name in known.channels)
        self._found[what] = replace(known, channels=names)

    def breaches(self) -> tuple[Breach, ...]:
        """What was found, in the order of flows and steps."""
        order = {(flow.name, name): number for number, (flow, name) in enumerate(
            (flow, name) for flow in self._flows.values() for name in flow.steps)}  # fmt: skip
        return tuple(sorted(self._found.values(), key=lambda breach: order[breach.flow, breach.step]))

    def _shut(self, node: Node, says: Says) -> frozenset[str]:
        """The channels on which this may be refused; empty when it may be said, or has a template for that."""
        step, flow = self._flows[node.flow].steps[node.step], self._flows[node.flow]
        if says.what == "private":
            answerable = all(place.comment == FRESH for place, _ in says.state)
            return frozenset() if answerable else frozenset(self._lattice.channels)
        if says.what == "reminder":
            # it is said as the bot's own words are: no template, no order but the bot's
            order = self._around.delivery.order or (CURRENT,)
            return self._refused(says.state, (*order, *self._lattice.channels), ())
        own = step.delivery if isinstance(step, Send | Ask) and says.what == "messages" else None
        places = (own, flow.delivery, self._around.delivery)
        if any(place and place.template for place in places):
            return frozenset()
        messages = step.messages if isinstance(step, Send | Ask) and says.what == "messages" else ()
        named = next((place.order for place in places if place and place.order), None)
        card = (
            isinstance(step, Ask) and step.feedback is not None and len(messages) == 1 and messages[0].text is not None
        )
        return self._refused(says.state, named or (CURRENT, *self._lattice.channels), messages, card)

    def _refused(
        self, state: State, order: tuple[str, ...], messages: tuple[Message, ...], card: bool = False
    ) -> frozenset[str]:
        """The channels that policy names in the cases in which none of the order is open."""
        here = CURRENT in order or PREFERRED in order
        found: set[str] = set()
        for place, ages in state:
            names = (place.channel if name in (CURRENT, PREFERRED) else name for name in order)
            tried = tuple(name for name in dict.fromkeys(names) if name in self._lattice.windows)
            self.several = self.several or (len(tried) > 1 and not here)
            if any(self._lattice.fresh(ages, name, card) for name in tried):
                continue
            if not messages or not all(_template(message, tried, self._around.platforms) for message in messages):
                found.update((place.channel,) if here and place.channel else tried)
        return frozenset(found)


def _template(message: Message, channels: tuple[str, ...], platforms: Mapping[str, str]) -> bool:
    """Whether the message is a template itself, on some channel that is tried."""
    if message.one_of:
        return all(_template(one, channels, platforms) for one in message.one_of)
    if message.template is not None and not message.per_channel:
        return True
    shown = [message.per_channel.get(name) or message.per_channel.get(platforms.get(name, "")) or message
             for name in channels]  # fmt: skip
    return any(one.template is not None for one in shown)


# ---- what begins flows


def _entries(flows: Mapping[str, Flow], lattice: Lattice, around: Around) -> Iterator[tuple[str, State, str]]:
    """(flow, state, how it is shown) for all that begins a flow: her messages, events, the bot, the outside."""
    hers = lattice.message(lattice.channels, defers=False)
    begun: set[str] = set()
    for flow in flows.values():
        for trigger in flow.triggers:
            begun.add(flow.name)
            yield flow.name, _triggered(trigger, lattice, around), _trigger_shown(trigger)
    if around.default_flow in flows and around.default_flow is not None:
        begun.add(around.default_flow)
        yield around.default_flow, hers, "default_flow"
    for word, name in around.patterns.items():
        if name in flows:
            begun.add(name)
            yield name, hers, f"pattern {word}"
    for name in _wanted(flows, begun, around):
        yield name, lattice.silence(defers=True), "begun from outside"


def _triggered(trigger: Trigger, lattice: Lattice, around: Around) -> State:
    """What is known at the first step: its `segment` holds of her; with a `delay` the flow begins so much later, and
    gives way as any other."""
    deferring = replace(trigger, if_busy=trigger.if_busy or "defer") if trigger.delay else trigger
    state = Guard(lattice, around.platforms).narrowed(_told(deferring, lattice, around), trigger.segment, True)
    return lattice.waited(state, longest(trigger.delay)) if trigger.delay else state


def _told(trigger: Trigger, lattice: Lattice, around: Around) -> State:
    """What the trigger itself says of when she wrote. The silence of `inactivity` is at least as long as it says."""
    if trigger.kind == "comment":
        return lattice.silence(trigger.if_busy == "defer", FRESH)
    defers = trigger.if_busy in (None, "defer") if trigger.kind in LATER else trigger.if_busy == "defer"
    if trigger.kind not in HEARD | LATER:
        return lattice.silence(defers=trigger.if_busy in (None, "defer"))
    bound = trigger.channels
    names = [name for name in lattice.channels
             if not bound or name in bound or around.platforms.get(name) in bound]  # fmt: skip
    return lattice.waited(lattice.message(names, defers), elapsed(trigger.span) if trigger.span else 0)


def _trigger_shown(trigger: Trigger) -> str:
    value = trigger.value
    if trigger.kind in ("keyword", "comment"):
        value = next((word for words in trigger.words.values() for word in words), "")
    return f"{trigger.kind} {value}".rstrip() + (f", {trigger.delay} later" if trigger.delay else "")


def _wanted(flows: Mapping[str, Flow], begun: set[str], around: Around) -> Iterator[str]:
    """Flows that campaigns name, and those that nothing else begins: only somebody outside can want them."""
    yield from (name for name in flows if name in around.wanted)
    leads = {name: set(_led_to(flow)) for name, flow in flows.items()}
    known = reached({*begun, *around.wanted, *around.handlers.values()}, leads)
    inner = {name for name, targets in leads.items() for name in targets - {name}}
    for name in (*(name for name in flows if name not in inner), *flows):
        if name not in known:
            known |= reached({name}, leads)
            yield name


def _led_to(flow: Flow) -> Iterator[str]:
    yield from (step.flow for step in flow.steps.values() if isinstance(step, Call | Start))
