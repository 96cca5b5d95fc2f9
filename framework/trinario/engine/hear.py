"""What becomes of a message: the order of flow-language, "Which one wins", from top to bottom."""

from functools import partial

from trinario.engine import command, elsewhere, entry, foreground, meanwhile, signs, trigger
from trinario.engine.answer import Bad, heed, is_closed, read
from trinario.engine.filled import fill
from trinario.engine.fold import fold
from trinario.engine.index import Rule
from trinario.engine.leave import holding
from trinario.engine.stage import Stage
from trinario.engine.tap import tap
from trinario.errors import EvaluationError
from trinario.model.event import MessageHeard
from trinario.model.flow import Ask, PrivateReply, Step
from trinario.model.heard import Heard
from trinario.model.session import Session

SIGNS = frozenset({"reaction", "edit", "deleted", "system", "optin", "comment"})
"""Kinds that are no utterance in the conversation: they answer no question and begin no default flow."""


def hear(stage: Stage, event: MessageHeard) -> None:
    """Leads what was heard to the one that takes it; what nobody takes stays unhandled."""
    heard = event.heard
    word = stage.index.commands.get(fold(heard.text), "") if heard.text and heard.kind not in SIGNS else ""
    if word == "stop":
        command.stop(stage)
    elif word == "stop_here":
        command.stop_here(stage)
    elif heard.kind == "comment":
        _commented(stage, heard)
    elif stage.contact.owner == "person":
        if not ((word == "start" and command.start_beside(stage)) or _wishes(stage, heard)):
            meanwhile.keep(stage, heard)  # people have her: nothing moves
    elif heard.kind in SIGNS:
        signs.heed(stage, event)
    elif not ((heard.payload and tap(stage, heard)) or (heard.kind == "form" and fill(stage, heard))):
        _utterance(stage, event, heard, word)


def _utterance(stage: Stage, event: MessageHeard, heard: Heard, word: str) -> None:
    foreground.resume(stage)
    pending = stage.foreground
    step = _step_of(stage, pending) if pending else None
    if pending and step is None:
        stage.advance(pending)  # its flow is gone: the machine says so
        return
    free = not (isinstance(step, Ask) and not step.interrupt)
    asked = isinstance(step, Ask) and heard.kind == step.type and heard.kind in ("order", "form")  # begins nothing else
    if (
        free
        and not asked
        and (_begin(stage, elsewhere.came_by(stage.index, heard, _fits(stage))) or _restarted(stage, heard))
    ):
        return
    closed = isinstance(step, Ask) and _closed(step)
    if pending and closed and isinstance(step, Ask) and _answered(stage, pending, step, heard):
        return
    closed = closed and not isinstance(step, PrivateReply)  # which takes whatever she says
    if not (_patterns(stage, heard, word, free) or _rest(stage, heard, closed, free)):
        _unclaimed(stage, event, heard)


def _wishes(stage: Stage, heard: Heard) -> bool:
    """She says where she wants to be written to: that is noted whoever has her."""
    place = stage.index.prefers.get(fold(heard.text)) if heard.text and heard.kind not in SIGNS else None
    return place is not None and command.prefer(stage, place)


def _commented(stage: Stage, heard: Heard) -> None:
    """A comment under a post is nothing said in the chat: it only begins flows, beside whatever is pending there."""
    rule = elsewhere.comment(stage.index, heard, _fits(stage))
    if rule is None:
        stage.handled = False
    elif not elsewhere.runs_already(stage, rule, heard):
        stage.handled = entry.begin(stage, rule, "defer")


def _fits(stage: Stage) -> trigger.Fits:
    return partial(entry.fits, stage)


def _patterns(stage: Stage, heard: Heard, word: str, free: bool) -> bool:
    """Help, human ..., where she wants to be written to, and the keywords that are the whole text."""
    if word and command.obey(stage, word):
        return True
    if _wishes(stage, heard):
        return True
    return free and _begin(stage, trigger.exact_keyword(stage.index, stage.contact, heard, partial(entry.fits, stage)))


def _rest(stage: Stage, heard: Heard, closed: bool, free: bool) -> bool:
    """An open question takes it before the other keywords, a closed one has it as a wrong answer after them.

    What she tapped and is not ours (a menu, an ice breaker) is no answer in words: an open question comes after it too.
    """
    pending, tapped = stage.foreground, heard.kind == "tap" and bool(heard.payload)
    if pending and not closed and not tapped:
        _take(stage, pending, heard)
    elif free and _begin(stage, trigger.other_keyword(stage.index, stage.contact, heard, partial(entry.fits, stage))):
        return True
    elif pending and tapped and not closed:
        stage.again(pending)
    elif pending:
        _take(stage, pending, heard)
    return pending is not None


def _restarted(stage: Stage, heard: Heard) -> bool:
    """Whether she pressed what begins a thread anew, and a flow listens to that."""
    return heard.kind == "get_started" and _begin(stage, _rule(stage, "get_started", heard))


def _step_of(stage: Stage, session: Session) -> Step | None:
    flow = stage.bot.flow(session.flow, session.revision)
    return flow.steps.get(session.wait.step) if flow and session.wait else None


def _closed(step: Ask) -> bool:
    try:
        return is_closed(step)
    except EvaluationError:
        return False


def _answered(stage: Stage, session: Session, step: Ask, heard: Heard) -> bool:
    """Gives a right answer to the pending closed question, which then has it before anybody else."""
    assert session.wait is not None, "a pending question is waited for"
    text = "\n".join((*session.wait.heard, heard.text)) if step.burst else heard.text
    scope = holding(stage.bot, session, stage.contact, stage.event)
    try:
        reading = read(heed(step, heard, text, session.wait.options, scope))
    except EvaluationError:
        stage.advance(session)  # the question itself is broken: the machine ends it and says so
        return True
    if isinstance(reading, Bad):
        return False
    stage.advance(session, reading=None if step.burst else reading)
    return True


def _take(stage: Stage, session: Session, heard: Heard) -> None:
    """The pending question takes it: right, wrong, or as a sign that she is there."""
    if heard.kind in ("get_started", "referral"):
        stage.again(session)
    else:
        stage.advance(session)


def _begin(stage: Stage, rule: Rule | None) -> bool:
    """Begins the rule's flow, unless it gives way to the question that is pending."""
    return rule is not None and entry.begin(stage, rule, "interrupt")


def _rule(stage: Stage, kind: str, heard: Heard) -> Rule | None:
    """The rule of a kind without words that fits."""
    fits = partial(entry.fits, stage)
    if kind == "referral":
        return trigger.referral(stage.index, heard, fits)
    return trigger.plain(stage.index, kind, heard, fits)


def _unclaimed(stage: Stage, event: MessageHeard, heard: Heard) -> None:
    """Nothing is pending and no word was known: the flows that take anything, the bot's default last."""
    for kind in ("new_contact", "message") if event.new else ("message",):
        if _begin(stage, _rule(stage, kind, heard)):
            return
    flow = stage.bot.flows.get(stage.bot.default_flow or "")
    if flow is None:
        stage.handled = False
        return
    stage.begin(flow, "default", trigger.values_of("default", event), if_busy="interrupt")
