"""The machine. Its rules, all of them:

1. A turn is one event for one session. It runs to completion: steps run until one stays, or the flow is over.
2. A step answers with a Move. `Go` takes an exit: to the step that the move, the step or the flow names; else to the
   flow that the bot's handlers name (this session is then done); else where the table DEFAULTS says; else to the
   step's `next`, else to the step that follows in the file.
3. When a called flow is over, the one that called goes on behind its `call`. When the last is over, the session is done.
4. A step whose `if` is false is passed over. A wait that came too late passes over the step behind it as well.
   Coming to a `foreach` from within is its next round, and asks no `if`; coming to it from outside begins it anew.
   Whoever leads out of a `foreach` has left it.
5. A fault (a value that cannot be used, a step, flow or revision that is gone, a cap) takes the `failed` exit of the
   step at which it happened, else that of the calls around it, from the inside out, else the bot's handler. If nobody
   has one, the session ends as failed and the bot's `error` words are said. The operator is always told.
6. The machine stops after limits.STEPS_A_TURN steps; that fault has no exit.
7. Nothing here reads a clock, throws a die or raises.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from trinario.engine.answer import Good
from trinario.engine.chance import seed_of, short_id
from trinario.engine.draft import Draft
from trinario.engine.index import index_of
from trinario.engine.limits import SESSION_ID_BYTES, STEPS_A_TURN
from trinario.engine.move import Go, Leave, Move, Stay
from trinario.engine.steps import again as put_again
from trinario.engine.steps import enter, wake
from trinario.engine.steps.ask import answered
from trinario.engine.steps.call import come_back
from trinario.engine.steps.foreach import ROUND
from trinario.engine.time import after, zone_of
from trinario.engine.values import kept_all
from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.duration import Duration
from trinario.model.effect import CountGoal
from trinario.model.event import ClockRang, Event
from trinario.model.flow import END, Ask, Flow, Step
from trinario.model.session import FOREGROUND, Offered, Prompt, Session, Wait
from trinario.model.turn import Follow, Turn
from trinario.model.value import Values

DEFAULTS = dict.fromkeys(
    ("timeout", "invalid", "declined", "expired", "unavailable", "too_late", "already_sent", "refused"), END
)  # fmt: skip
"""Where an exit leads that nobody names; what is not here leads on. `failed` of a question and `empty` are faults."""

FAULTS = {"empty": "there was nothing to choose from"}


def begin(
    bot: Bot, flow: Flow, contact: Contact, event: Event, *, session: int = 1, number: int = 1,
    trigger: Values | None = None, inputs: Values | None = None, if_busy: str = "", busy: bool = False,
    held: bool = False, delay: Duration | None = None, hushed: bool = False, hops: int = 0, campaign: int = 0,
) -> Turn:  # fmt: skip
    """A new session of `flow`, run until it waits or is over.

    `session` counts the sessions that the event began, `number` its turns. `busy`: another question is pending.
    `if_busy` is what the session does whenever it comes to a question then; "" is the same as `defer`.
    `held`: nothing runs yet, the session stands before its first step, aside, until the bot has the contact again.
    `delay`: it stands before its first step for so long. `hushed`: what it says is not sent until she writes again.
    `hops`: the flows and events that led to it. `campaign`: the slot that brings it.
    """
    fresh = _session(bot, flow, contact, event, session, trigger, inputs,
                     if_busy=if_busy, hushed=hushed, hops=hops, campaign=campaign)  # fmt: skip
    draft = Draft(bot, fresh, flow, contact, event, number, busy)
    first = flow.first if flow.steps else END
    draft.step = first
    if delay and first != END:
        until = after(event.at, delay, zone_of(bot, contact))
        return _stood(draft, Stay(Wait(first, "delay", event.at, until=until)))
    if held and first != END:
        return _stood(draft, Stay(Wait(first, "sleep", event.at), aside=True))
    return _run(draft, lambda: Go("began", first))


def _session(
    bot: Bot, flow: Flow, contact: Contact, event: Event, count: int, trigger: Values | None, inputs: Values | None,
    **more: Any,
) -> Session:  # fmt: skip
    """The `count`th that the event begins, before its first turn."""
    name = short_id(f"{event.origin}.{count}", SESSION_ID_BYTES)
    return Session(
        name, contact.id, flow.name, flow.revision, event.at, vars=kept_all(index_of(bot).facts(flow).vars),
        inputs=kept_all(flow.inputs_scope(inputs or {})), trigger=kept_all(trigger or {}), seed=seed_of(contact.id, name),
        **more,
    )  # fmt: skip


def advance(
    bot: Bot, session: Session, contact: Contact, event: Event, *, number: int = 1, busy: bool = False,
    reading: Good | None = None,
) -> Turn:  # fmt: skip
    """What the event does to a session that waits, or stands aside. One that has ended is given back as it is.

    `reading` spares a second reading of the answer to the question at which the session stands.
    """

    def moved(draft: Draft, step: Step) -> Move:
        if draft.wait and draft.wait.kind == "delay":
            return _delayed(draft, step, draft.wait)
        draft.reading = reading
        return wake(step, draft)

    return _moved(bot, session, contact, event, number, busy, moved)


def again(
    bot: Bot, session: Session, contact: Contact, event: Event, *, number: int = 1, busy: bool = False, lead: str = ""
) -> Turn:
    """Puts the session's question once more; one that was set aside before its question came puts it now.

    `lead` names a pattern whose words come before the question.
    """
    return _moved(bot, session, contact, event, number, busy, lambda draft, step: _again(draft, step, lead))


def change(
    bot: Bot, session: Session, contact: Contact, event: Event, prompt: Prompt, option: Offered, *, number: int = 1
) -> Turn:
    """An earlier answer is taken back for another: it is saved anew, and the flow goes on from there."""

    def moved(draft: Draft, step: Step) -> Move:
        earlier = draft.flow.steps.get(prompt.step)
        if not isinstance(earlier, Ask):
            raise EvaluationError(f"question {prompt.step} is gone from flow {draft.flow.name}")
        draft.step = prompt.step
        return answered(earlier, draft, Good(option.value, option.title, option.next), prompt.number)

    return _moved(bot, session, contact, event, number, False, moved)


def jump(bot: Bot, session: Session, contact: Contact, event: Event, to: str, *, number: int = 1) -> Turn:
    """The session goes on at another step of the flow in which it stands."""
    return _moved(bot, session, contact, event, number, False, lambda draft, step: Go("back", to))


def _moved(
    bot: Bot, session: Session, contact: Contact, event: Event, number: int, busy: bool,
    move: Callable[[Draft, Step], Move],
) -> Turn:  # fmt: skip
    flow = bot.flow(session.flow, session.revision)
    if not session.live or session.wait is None:
        return Turn(session, (), ())
    draft = Draft(bot, session, flow or _gone(session.flow, session.revision), contact, event, number, busy)

    def first() -> Move:
        if flow is None:
            raise EvaluationError(f"this revision of flow {session.flow} is not known any more")
        step = flow.steps.get(draft.step)
        if step is None:
            raise EvaluationError(f"step {draft.step} is gone from flow {session.flow}")
        return move(draft, step)

    return _run(draft, first)


@lru_cache(maxsize=64)
def _gone(name: str, revision: str) -> Flow:
    """What stands in for a flow of which nothing is left but its name."""
    return Flow(name, revision, {})


def _again(draft: Draft, step: Step, lead: str) -> Move:
    if draft.wait and draft.wait.kind == "delay":
        return Stay(draft.wait)
    deferred = draft.status == "aside" and draft.wait is not None and draft.wait.kind not in FOREGROUND
    draft.status = "waiting"
    if deferred:
        draft.steps = 1
        return _entered(draft, step)
    if lead:
        draft.say_words(draft.pattern(lead))
    return put_again(step, draft)


def _delayed(draft: Draft, step: Step, wait: Wait) -> Move:
    """The session stands before its first step until the trigger's `delay` is over."""
    if not isinstance(draft.event, ClockRang) or wait.until is None or draft.event.at < wait.until:
        return Stay(wait)
    draft.steps = 1
    return _entered(draft, step)


# ---- rule 1: run to completion


def _run(draft: Draft, first: Callable[[], Move]) -> Turn:
    """Makes the first move and all that follow from it."""
    made: Callable[[], Move] = first
    while True:
        try:
            move = made()
            if not isinstance(move, Go):
                return _stood(draft, move)
            made = _following(draft, move)
        except EvaluationError as fault:
            move = _failed(draft, fault)
            if not isinstance(move, Go):
                return _stood(draft, move)
            made = _constant(move)


def _constant(move: Move) -> Callable[[], Move]:
    return lambda: move


def _stood(draft: Draft, move: Stay | Leave) -> Turn:
    """Writes down where the session stands now, or how it ended."""
    match move:
        case Stay(wait=wait, aside=aside):
            draft.went(wait.step, "waits")
            # a question that was set aside stays so while it only stands
            draft.status = "aside" if aside or (draft.status == "aside" and not draft.steps) else "waiting"
            draft.wait = wait
        case Leave(status=status, reason=reason, follow=follow):
            draft.went(draft.step, status)
            draft.follow = follow
            draft.close(status, reason)
    return draft.turn()


# ---- rules 2 to 4: where a move leads


def _following(draft: Draft, move: Go) -> Callable[[], Move]:
    """Leaves the present step by the exit; gives what is to be done next."""
    step = draft.flow.steps.get(draft.step)
    if move.exit in ("began", "called", "back") or step is None:
        return _goes_to(draft, move.to or END)
    draft.went(step.name, move.exit)
    if step.counts and move.exit not in ("skipped", "failed", "refused", ROUND):
        draft.effects.append(CountGoal(step.counts, draft.session.id, draft.flow.name, step.name))
    target = move.to or draft.leads(step, move.exit)
    if target is None and (flow := draft.bot.handlers.get(move.exit)) in draft.bot.flows and flow is not None:
        return _constant(Leave("done", f"{move.exit} at {step.name}", Follow(flow)))
    return _goes_to(draft, target or _default(draft, step, move.exit))


def _default(draft: Draft, step: Step, exit: str) -> str:
    if exit in FAULTS:
        raise EvaluationError(FAULTS[exit])
    if exit == "invalid":
        draft.say_words(draft.pattern("cannot_handle"))
    following = step.next or draft.facts.after[step.name]
    if exit == "late" and following not in (END, *draft.flow.around(step.name)):
        # what was to be said at that time is not said at another
        missed = draft.flow.steps.get(following)
        draft.went(following, "skipped")
        return (missed.next if missed else None) or draft.facts.after.get(following, END)
    return DEFAULTS.get(exit, following)


def _goes_to(draft: Draft, name: str) -> Callable[[], Move]:
    draft.moves_to(name)
    if name != END:
        return lambda: _entered_by_name(draft, name)
    if not draft.stack:
        return _constant(Leave("done"))
    return lambda: come_back(draft)


def _entered_by_name(draft: Draft, name: str) -> Move:
    draft.steps += 1
    step = draft.flow.steps.get(name)
    if step is None:
        raise EvaluationError(f"there is no step {name} in flow {draft.flow.name}")
    return _entered(draft, step)


def _entered(draft: Draft, step: Step) -> Move:
    draft.step = step.name
    if draft.steps > STEPS_A_TURN:
        raise EvaluationError(f"more than {STEPS_A_TURN} steps without a wait")
    if step.condition is not None and not draft.going_round and not step.condition.test(draft.scope):
        return Go("skipped", step.next or draft.facts.after[step.name])
    return enter(step, draft)


# ---- rules 5 and 6: faults


def _failed(draft: Draft, fault: EvaluationError) -> Move:
    """The `failed` exit of the step or of a call around it; else the end of the session."""
    reason, step = str(fault), draft.step
    draft.report(reason)
    while draft.steps <= STEPS_A_TURN:
        failed = draft.flow.steps.get(draft.step)
        target = draft.leads(failed, "failed") if failed else None
        if target:
            return Go("failed", target)
        if not draft.stack:
            break
        try:
            draft.come_back()
        except EvaluationError:
            break
    flow = draft.bot.handlers.get("failed")
    if flow in draft.bot.flows and draft.steps <= STEPS_A_TURN and flow is not None:
        return Leave("failed", f"{step}: {reason}", Follow(flow))
    _say_error(draft)
    return Leave("failed", f"{step}: {reason}")


def _say_error(draft: Draft) -> None:
    """The bot's `error` words, if they can be said at all; the cap on messages does not silence them."""
    draft.silent = min(draft.silent, 0)
    try:
        draft.say_words(draft.pattern("error"))
    except EvaluationError as fault:
        draft.report(str(fault))
