"""The `opt_in` step: permission asked for once or twice; only the last yes is written to the ledger."""

from collections.abc import Callable
from dataclasses import replace

from trinario.engine.draft import Draft, sleep
from trinario.engine.move import Go, Move, Stay
from trinario.engine.steps import ask
from trinario.engine.time import elapsed
from trinario.engine.trigger import platform_of
from trinario.engine.words import pattern_text
from trinario.errors import EvaluationError
from trinario.model.consent import RecordConsent, State, has_granted
from trinario.model.effect import Say
from trinario.model.event import MessageHeard, Switched
from trinario.model.flow import Message, OptIn, Words
from trinario.model.message import Choices
from trinario.model.session import Wait
from trinario.model.wire_content import words_of

ANSWERS = frozenset({"answered", "yes", "no"})


def enter(step: OptIn, draft: Draft) -> Move:
    """Asks for it; goes through `granted` at once when she has given it already."""
    return _excused(draft, lambda: _known(step, draft) or _asked(step, draft, 0, ""))


def wake(step: OptIn, draft: Draft) -> Move:
    """A yes, a no, something else, silence; whatever a pending question may meet."""
    wait = draft.wait or sleep(step.name, draft)
    return _excused(draft, lambda: _judged(step, draft, wait, ask.wake(_now(step, draft, wait.round), draft)))


def again(step: OptIn, draft: Draft) -> Move:
    """Puts the question at which she stands once more, unless she has agreed elsewhere meanwhile."""
    wait = draft.wait or sleep(step.name, draft)
    return _excused(draft, lambda: _known(step, draft) or ask.again(_now(step, draft, wait.round), draft))


def _excused(draft: Draft, made: Callable[[], Move]) -> Move:
    """Who has said stop and comes back by herself is asked: in answer to her the question itself is no marketing."""
    before, hers = draft.excused, isinstance(draft.event, MessageHeard | Switched)
    draft.excused = before or hers
    move = made()
    draft.excused = before or (hers and isinstance(move, Go) and move.exit == "refused")
    return move


def _judged(step: OptIn, draft: Draft, wait: Wait, move: Move) -> Move:
    """What an answer to the question means for the permission."""
    match move:
        case Go(exit="invalid"):
            draft.answer(step.name, False)
            return _refused(step, draft)
        case Go(exit=exit) if exit in ANSWERS and not draft.answers[step.name]:
            _write(step, draft, wait, "refused")
            return _refused(step, draft)
        case Go(exit=exit) if exit in ANSWERS and step.double and wait.round == 0:
            return _asked(step, draft, 1, wait.wording)
        case Go(exit=exit) if exit in ANSWERS:
            _write(step, draft, wait, "granted")
            return Go("granted")
        case _:
            return move


def _refused(step: OptIn, draft: Draft) -> Move:
    """Words of the bot, where no step of the author has any."""
    if not draft.led(step, "refused"):
        draft.say_words(draft.pattern("opt_in.refused"))
    return Go("refused")


def _known(step: OptIn, draft: Draft) -> Move | None:
    if not has_granted(draft.contact.consent, step.purpose, channels_of(step.channels, draft)):
        return None
    draft.answer(step.name, True)
    return Go("granted")


def _asked(step: OptIn, draft: Draft, round: int, before: str) -> Move:
    """Puts the first or the second question, and keeps what she is shown by it."""
    move = ask.enter(_now(step, draft, round), draft)
    if not isinstance(move, Stay) or move.wait.kind != "ask":
        return move
    wording = "\n\n".join(part for part in (before, _shown(step, draft)) if part)
    return Stay(replace(move.wait, round=round, wording=wording), move.aside)


def _shown(step: OptIn, draft: Draft) -> str:
    """The words of the question that was just said."""
    last = next(e for e in reversed(draft.effects) if isinstance(e, Say) and e.step == step.name)
    return last.content.text if isinstance(last.content, Choices) else words_of(last.content)


def _now(step: OptIn, draft: Draft, round: int) -> OptIn:
    """The step as a question with the words of this round."""
    if round == 0:
        return step
    if step.confirm is not None:
        return replace(step, messages=(step.confirm,))
    phrase = pattern_text(draft.bot, draft.contact, "opt_in.confirm")
    if phrase is None:
        raise EvaluationError("the bot has no words for the second question of a double opt-in")
    return replace(step, messages=(Message(text=Words("", phrase)),))


def _write(step: OptIn, draft: Draft, wait: Wait, state: State) -> None:
    said = draft.event.heard.text if isinstance(draft.event, MessageHeard) else ""
    draft.consent(
        RecordConsent(
            step.purpose, state, "message", channels_of(step.channels, draft), wait.wording,
            f"{draft.flow.name}@{draft.flow.revision}/{step.name}", said, draft.session.id, draft.event.origin,
            elapsed(draft.event.at, step.holds) if step.holds and state == "granted" else None,
        )
    )  # fmt: skip


def channels_of(names: tuple[str, ...], draft: Draft) -> tuple[str, ...]:
    """The channels that names of channels and of platforms mean."""
    bot = draft.bot
    return tuple(channel for channel in bot.channels if channel in names or platform_of(bot, channel) in names)
