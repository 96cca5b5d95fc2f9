"""What can happen next: she answers, rightly or not, taps, falls silent, stops, writes elsewhere; or the clock rings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from trinario.model.bot import Bot
from trinario.model.duration import Duration
from trinario.model.flow import Ask
from trinario.model.session import Session
from trinario.testing.explore.answers import FILES, FOREIGN, SMILE, Answers, answers
from trinario.testing.explore.awaited import awaited
from trinario.testing.explore.literals import Literals
from trinario.testing.explore.room import Look
from trinario.testing.script import Act, Again, Follows, Passes, Sends, Taps, TeamWrites, Turns, Writes

Kind = Literal["right", "wrong", "silence", "stop", "probe", "file"]
"""`file` is a right answer that is no text: who can only type has it not."""

VOICE = Sends(0, "audio", "https://cdn.example/voice.ogg", "")
BETWEEN = ("help", "back", "human", "restart")


@dataclass(frozen=True, slots=True)
class Move:
    """Some things done in a row. `certain` is false where a right answer may be missing among the moves."""

    kind: Kind
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """What leads on, and what has to be borne at every place. `answerable` is false when no right answer was found."""

    ways: tuple[Move, ...]
    probes: tuple[Move, ...]
    answerable: bool = True


def moves_at(look: Look, bot: Bot, found: Literals) -> Moves:
    """Everything that is tried at this moment."""
    silence = [Move("silence", (passes(look.at, look.due),))] if look.due else []
    silence += [Move("right", (event,)) for event in awaited(look, bot)]
    session = look.pending
    if look.with_people:
        return Moves((*silence,), (Move("probe", (TeamWrites(0, "Carla here.", "desk"),)),))
    if session is None or session.wait is None or look.contact is None:
        return Moves(
            (*silence,),
            (Move("probe", (Writes(0, FOREIGN),)), *_stops(bot, look)) if look.live else (),
        )
    step = _step(bot, session)
    if session.wait.kind == "ask" and isinstance(step, Ask):
        return _at_question(look, bot, session, step, found, silence)
    if session.wait.kind == "switch":
        ways = (*_links(look, bot, session), *silence)
        return Moves(ways, (Move("probe", (Writes(0, FOREIGN),)), Move("probe", (VOICE,)), *_stops(bot, look)))
    said: list[Act] = [*(Taps(0, title) for title in tappable(look)), Writes(0, "yes"), Writes(0, "no")]
    ways = (*(Move("right", (act,)) for act in said), *silence)
    return Moves(ways, (Move("probe", (Writes(0, FOREIGN),)), Move("probe", (VOICE,)), *_stops(bot, look)))


def _step(bot: Bot, session: Session) -> object:
    flow = bot.flow(session.flow, session.revision)
    return flow.steps.get(session.wait.step) if flow and session.wait else None


def _at_question(look: Look, bot: Bot, session: Session, step: Ask, found: Literals, silence: list[Move]) -> Moves:
    assert look.contact is not None, "somebody was asked"
    made = answers(bot, session, look.contact, step, tappable(look), found, look.at)
    files = step.type in FILES
    right = [Move("file" if isinstance(act, Sends) and files else "right", (act,)) for act in made.right]
    wrong = [Move("wrong", (act,)) for act in _few(made)]
    probes = [*_probes(look, bot, made), *_stops(bot, look)]
    return Moves((*right, *wrong[:1], *silence), (*wrong[1:], *probes), bool(made.right) or not made.certain)


def _few(made: Answers) -> list[Act]:
    """Wrong answers that differ in kind: words first, then one of each file."""
    texts = [act for act in made.wrong if isinstance(act, Writes)]
    return [*texts[-1:], *[act for act in made.wrong if isinstance(act, Sends)][:2], *texts[:-1][:3]]


def _probes(look: Look, bot: Bot, made: Answers) -> Iterator[Move]:
    """What people do besides answering."""
    yield Move("probe", (VOICE,))
    for text in (FOREIGN, SMILE):
        yield Move("probe", (Writes(0, text),))
    for act in made.further[:2]:
        yield Move("probe", (act,))
    if made.right:
        yield Move("probe", (made.right[0], Again(0)))
        yield Move("probe", (made.right[0], made.right[-1] if isinstance(made.right[-1], Writes) else Writes(0, "ok")))
        other = next((name for name in bot.channels if _reachable(look, name)), None)
        if other and isinstance(made.right[-1], Writes):
            yield Move("probe", (Turns(0, other), made.right[-1]))
    late = _late_tap(look)
    if late is not None:
        yield Move("probe", (late,))
    for name in BETWEEN:
        if words := _words(bot, name, look):
            yield Move("probe", (Writes(0, words[0]),))


def _reachable(look: Look, channel: str) -> bool:
    """Whether it is another channel on which the bot knows that it is she."""
    linked = look.contact.identities if look.contact else ()
    return channel != look.channel and any(identity.channel == channel for identity in linked)


def _late_tap(look: Look) -> Taps | None:
    """A choice of an earlier question that is not among those of the last."""
    now = set(tappable(look))
    older = [title for shown in look.said if shown.channel == look.channel for _, title in shown.options]
    title = next((one for one in reversed(older) if one not in now), None)
    return Taps(0, title) if title else None


def tappable(look: Look) -> list[str]:
    """Titles under the newest message on the phone in her hand that has any."""
    for shown in reversed(look.said):
        if shown.channel == look.channel and shown.options:
            return [title for _, title in shown.options]
    return []


def _stops(bot: Bot, look: Look) -> list[Move]:
    pattern = bot.patterns.get("stop")
    words = [each[0] for each in pattern.words.values() if each] if pattern else []
    return [Move("stop", (Writes(0, word),)) for word in dict.fromkeys(words)]


def _words(bot: Bot, name: str, look: Look) -> tuple[str, ...]:
    pattern = bot.patterns.get(name)
    language = (look.contact.language if look.contact else None) or bot.locale
    return tuple(pattern.words.get(language, ()) or pattern.words.get(bot.locale, ())) if pattern else ()


def _links(look: Look, bot: Bot, session: Session) -> Iterator[Move]:
    """The link is followed; what she says then, or without it, is yes or no."""
    step = _step(bot, session)
    for name in getattr(step, "channels", ()):
        target = next((one.id for one in bot.channels.values() if name in (one.id, one.platform)), None)
        if target is not None and target != look.channel:
            yield Move("right", (Follows(0, target),))
    for word in ("yes", "no"):
        yield Move("right", (Writes(0, word),))


def passes(now: datetime, until: datetime | None) -> Passes:
    """Time passes until that moment, in whole seconds."""
    span = (until or now) - now
    seconds = int(span / timedelta(seconds=1)) + (1 if span % timedelta(seconds=1) else 0)
    days, rest = divmod(seconds, 86_400)
    return Passes(0, span=Duration(days, rest))
