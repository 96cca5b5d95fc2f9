"""What each kind of step does to the ages of the window proof: what it says, when, and by which exits it is left."""

from collections.abc import Iterator
from typing import assert_never

from trinario.authoring.window_ages import FOREVER, SECOND, Lattice, State, elapsed, longest, longest_push
from trinario.authoring.window_deeds import DEFERRED, Deed, Faults, Leaves, Led, Says
from trinario.engine.calling import longest as longest_wait
from trinario.engine.limits import EXPIRES, SWITCH_EXPIRES
from trinario.model.duration import Duration
from trinario.model.flow import (
    Ai,
    Ask,
    Branch,
    Call,
    ChoicesFrom,
    CommentReply,
    Emit,
    Enroll,
    Flow,
    Foreach,
    Function,
    Goal,
    Handoff,
    Http,
    Notify,
    OptIn,
    OptOut,
    PrivateReply,
    React,
    Send,
    Set,
    Split,
    Start,
    Step,
    SwitchChannel,
    Tag,
    Ticket,
    Unenroll,
    Untag,
    Wait,
    WaitFor,
)


class Ways:
    """The deeds of steps over one lattice; `channels` are those of the bot.

    `tired` steps have been come to so often, each time later, that their time is reckoned endless.
    """

    def __init__(self, lattice: Lattice, channels: frozenset[str]) -> None:
        self._lattice, self._channels = lattice, channels

    def deeds(self, step: Step, flow: Flow, state: State, put: State, led: Led, tired: bool) -> Iterator[Deed]:
        """What the step does when its `if` holds; `put` is the state in which its question comes, also after giving way.

        `branch`, `call` and `start` only fault here: where they lead is no matter of time.
        """
        yield Faults(state)
        match step:
            case Send():
                yield Says("messages", state)
                yield Leaves("next", state)
                if "failed" in step.exits:
                    yield Leaves("failed", state, shown="failed")
            case OptIn():
                yield from self._opt_in(step, flow, state, put, led, tired)
            case PrivateReply():
                yield from self._private(step, flow, state, led, tired)
            case CommentReply():
                yield Leaves("next", state)
                if led("failed"):
                    yield Leaves("failed", state, shown="failed")
            case React():
                yield Leaves("next", state)
            case Ask():
                yield from self._ask(step, flow, state, put, led, tired)
            case Wait():
                yield from self._wait(step, state, tired)
            case Handoff():
                yield from self._handoff(step, flow, state, led)
            case SwitchChannel():
                yield from self._switch(step, state, put, tired)
            case OptOut() | Enroll() | Unenroll() | Notify() | Emit() | Ticket():
                yield Leaves("next", state)
            case Set() | Tag() | Untag() | Goal():
                yield Leaves("next", state)
            case Split():
                for variant in step.variants:
                    to = variant.next or step.exits.get(variant.name) or step.next or flow.after(step.name)
                    yield Leaves(variant.name, state, to, variant.name)
            case WaitFor():
                yield from self._wait_for(step, state, tired)
            case Foreach():
                yield Leaves("round", state, step.steps[0])
                yield Leaves("next", state, shown="after the last")
            case Http() | Function() | Ai():
                yield from self._call_out(step, state, led, tired)
            case Branch() | Call() | Start():
                pass
            case _:
                assert_never(step)

    def _call_out(self, step: Http | Function | Ai, state: State, led: Led, tired: bool) -> Iterator[Deed]:
        """An answer of the outside comes, at the latest when nobody waits for it any more."""
        retries = 0 if isinstance(step, Function) else step.retries
        longest_call = longest_wait(step.timeout.elapsed.total_seconds(), retries)
        span = FOREVER if tired else int(longest_call.total_seconds()) * SECOND
        over = self._lattice.waited(state, span)
        if not isinstance(step, Ai) or not step.labels or any(label not in step.exits for label in step.labels):
            yield Leaves("next", over)
        exits = dict.fromkeys((*step.exits, *(name for name in ("client_error", "server_error") if led(name))))
        for name in exits:
            yield Leaves(name, over, shown=name)
        yield Faults(over)

    # questions

    def _ask(self, step: Ask, flow: Flow, state: State, put: State, led: Led, tired: bool) -> Iterator[Deed]:
        yield Faults(put)
        if isinstance(step.choices, ChoicesFrom):
            yield Leaves("empty", put, shown="nothing to choose from")
        yield from self._says(put, state, "messages")
        if led("failed"):
            yield Leaves("failed", put, shown="failed")
        patience = FOREVER if tired else _patience(step, flow)
        burst = elapsed(step.burst) if step.burst else 0
        heard = self._lattice.answered(put, patience, burst)
        yield from self._answers(step, heard, "", led)
        yield Leaves("invalid", heard, shown="invalid")
        yield Faults(heard)
        yield from self._silence(step, put, led, tired)
        if step.skip_if_known:
            yield from self._answers(step, state, "known", led)

    def _opt_in(self, step: OptIn, flow: Flow, state: State, put: State, led: Led, tired: bool) -> Iterator[Deed]:
        """Asked once or twice; who has agreed before, or elsewhere meanwhile, is not asked."""
        yield Faults(put)
        yield from self._says(put, state, "messages")
        if led("failed"):
            yield Leaves("failed", put, shown="failed")
        patience = FOREVER if tired else _patience(step, flow)
        heard = self._lattice.answered(put, patience, 0)
        yield Leaves("refused", heard, shown="refused")
        yield from self._silence(step, put, led, tired)
        if step.double:
            yield Says("messages", heard, "agreed once")
            yield from self._silence(step, heard, led, tired)
            heard = self._lattice.joined(heard, self._lattice.answered(heard, patience, 0))
            yield Leaves("refused", heard, shown="refused")
        yield Leaves("granted", heard)
        yield Faults(heard)
        yield Leaves("granted", self._lattice.joined(state, put), shown="agreed before")

    def _private(self, step: PrivateReply, flow: Flow, state: State, led: Led, tired: bool) -> Iterator[Deed]:
        """The one message that needs no window; before she has answered it, nothing else may be said to her."""
        if isinstance(step.choices, ChoicesFrom):
            yield Leaves("empty", state, shown="nothing to choose from")
        yield Says("private", state)
        spent = self._lattice.replied(state)
        yield Leaves("too_late", spent, shown="too late")
        yield Leaves("already_sent", spent, shown="already sent")
        if led("failed"):
            yield Leaves("failed", spent, shown="failed")
        patience = FOREVER if tired else _patience(step, flow)
        heard = self._lattice.answered(spent, patience, elapsed(step.burst) if step.burst else 0)
        yield from self._answers(step, heard, "", led)
        yield Leaves("answered", heard)
        yield Faults(heard)
        yield from self._silence(step, spent, led, tired)
        if step.skip_if_known:
            yield from self._answers(step, state, "known", led)

    def _says(self, put: State, state: State, what: str) -> Iterator[Deed]:
        """A question is put at once, or when the one that was pending is over."""
        yield Says(what, state)
        if put != state:
            yield Says(what, put, DEFERRED)

    def _answers(self, step: Ask, state: State, shown: str, led: Led) -> Iterator[Deed]:
        """Where an answer leads: as its choice says, as yes or no say, else on."""
        choices = step.choices if isinstance(step.choices, tuple) else ()
        for target in dict.fromkeys(choice.next for choice in choices):
            yield Leaves("answered", state, target, shown)
        exits = ("yes", "no") if step.type == "yes_no" and not choices else () if choices else ("answered",)
        for exit in dict.fromkeys(name if led(name) else "answered" for name in exits):
            yield Leaves(exit, state, shown=shown)

    def _silence(self, step: Ask, put: State, led: Led, tired: bool) -> Iterator[Deed]:
        """The nudge, and what happens when her time is over."""
        remind = step.remind
        if remind and (step.timeout is None or elapsed(remind.after) < elapsed(step.timeout)):
            reminded = self._lattice.waited(put, elapsed(remind.after))
            yield Says("reminder", reminded, f"reminds after {remind.after}")
            yield Faults(reminded)
        if step.timeout is None:
            return
        late = self._lattice.waited(put, FOREVER if tired else elapsed(step.timeout))
        shown = f"no answer for {step.timeout}"
        if step.default is None or led("timeout"):
            yield Leaves("timeout", late, shown=shown)
        else:
            yield from self._answers(step, late, shown, led)
        if step.default is not None:
            yield Faults(late)

    # time

    def _wait(self, step: Wait, state: State, tired: bool) -> Iterator[Deed]:
        span = FOREVER if tired else _span(step)
        over = self._lattice.waited(state, span)
        yield Leaves("next", over)
        if step.until is not None:
            yield Leaves("late", state, shown="the moment has passed")
        if step.late is not None:
            yield Leaves("late", over, shown="too late")

    def _wait_for(self, step: WaitFor, state: State, tired: bool) -> Iterator[Deed]:
        """The event may come at any time, and says nothing of her."""
        within = FOREVER if tired or step.timeout is None else elapsed(step.timeout)
        over = self._lattice.waited(state, within)
        yield Leaves("next", over, shown=f"within {step.timeout}" if step.timeout else "whenever it comes")
        if step.timeout is not None:
            yield Leaves("timeout", over, shown=f"no {step.event} for {step.timeout}")

    def _handoff(self, step: Handoff, flow: Flow, state: State, led: Led) -> Iterator[Deed]:
        if led("unavailable"):
            yield Leaves("unavailable", state, shown="unavailable")
        if step.resume == "end":
            return
        back = self._lattice.waited(state, FOREVER)
        if step.resume == "restart":
            yield Leaves("returned", back, next(iter(flow.steps)))
            return
        yield Leaves("returned", back)
        if step.resume == "ask_again":
            for name, other in flow.steps.items():
                if isinstance(other, Ask):
                    yield Leaves("returned", back, name)

    def _switch(self, step: SwitchChannel, state: State, put: State, tired: bool) -> Iterator[Deed]:
        here = self._lattice.where(state, lambda name: name in step.channels)
        away = self._lattice.where(state, lambda name: name not in step.channels)
        put = self._lattice.where(put, lambda name: name not in step.channels)
        targets = self._channels & frozenset(step.channels)
        if not targets:
            yield Leaves("unavailable", away, shown="unavailable")
            yield Leaves("switched", here, shown="she is there")
            return
        yield from self._says(put, away, "link")
        expires = step.expires or Duration(days=SWITCH_EXPIRES.days)
        span = FOREVER if tired else elapsed(expires)
        # whatever happens to the link happens before its time is over, not at that moment
        within = span - 1
        yield Leaves("switched", self._lattice.arrived(put, within, targets), shown="switched")
        yield Faults(self._lattice.answered(put, within))
        over = self._lattice.waited(put, within)
        yield Leaves("declined", over, shown="declined")
        yield Leaves("unavailable", over, shown="unavailable")
        yield Leaves("expired", self._lattice.waited(put, span), shown=f"expired after {expires}")
        yield Leaves("switched", here, shown="she is there")


def _patience(step: Ask, flow: Flow) -> int:
    """How long a question is open at most; without a time-out every wrong answer renews her patience."""
    if step.timeout is not None:
        return elapsed(step.timeout)
    silence = elapsed(flow.expires) if flow.expires else int(EXPIRES.total_seconds()) * 1_000_000
    return silence * (step.retries + 1)


def _span(step: Wait) -> int:
    """How long a `wait` takes at most."""
    push = longest_push(step.between, step.days)
    if step.until is None:
        return (longest(step.duration) if step.duration else 0) + push
    if step.until.names == {("now",)} and step.until.source.strip() == "now":
        ahead = step.offset if step.offset and not step.offset_back else None
        return (longest(ahead) if ahead else 0) + push
    return FOREVER
