"""What is wrong between two moments of a conversation: silence, faults, shut windows, stop words ignored, odd words."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from trinario.model.bot import Bot
from trinario.model.session import Session
from trinario.testing.explore.room import Look
from trinario.testing.matching import said
from trinario.testing.phone import Shown
from trinario.testing.script import Act, Follows, Opens, Passes, Sends, Taps, Writes

Wrong = Literal[
    "fault", "endless", "silence", "window", "undelivered", "empty", "leftover", "stop", "unanswerable", "trap", "loop",
]  # fmt: skip

LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|\bundefined\b|\bUndefined\b|\bNaN\b|\bnull\b|\bDecimal\(|\[object ")
"""What no author means to say: the remains of a text that was not worked out. A word among them may be meant."""

SOON = timedelta(minutes=10)
"""A flow that says nothing yet, and wakes by itself no later than this, is no silence."""

HERS = (Writes, Taps, Sends, Opens, Follows)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong. `flow` and `step` are where; `seen` is the text that shows it."""

    kind: Wrong
    flow: str
    step: str
    message: str
    seen: str = ""

    @property
    def about(self) -> tuple[str, str, str]:
        """Findings of one kind at one step are one finding."""
        return self.kind, self.flow, self.step


@dataclass(frozen=True, slots=True)
class Case:
    """One move: the moments before and after, and what was done. `stopped` says that she has said stop."""

    before: Look
    acts: Sequence[Act]
    after: Look
    stopped: bool
    known: "Known"

    @property
    def fresh(self) -> tuple[Shown, ...]:
        """What was said meanwhile."""
        return self.after.said[len(self.before.said) :]

    @property
    def where(self) -> tuple[str, str]:
        """The flow and the step that it is about: where she stood, else where she stands."""
        for session in (self.before.pending, *self.before.live, self.after.pending, *self.moved):
            if session is not None:
                return session.flow, session.wait.step if session.wait else ""
        return "", ""

    @property
    def moved(self) -> list[Session]:
        """Sessions that are not as they were."""
        earlier = {session.id: session for session in self.before.sessions}
        return [session for session in self.after.sessions if earlier.get(session.id) != session]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the bot: who said a message, what its authors wrote, and which steps have a template."""

    bot: Bot
    cause: Callable[[Shown], tuple[str, str]]
    authored: str

    def has_template(self, flow: str, step: str) -> bool:
        """Whether the message has a template for a shut window: where a channel has none, the author knows."""
        found = self.bot.flows.get(flow)
        own = getattr(found.steps.get(step), "delivery", None) if found else None
        wider = [found.delivery if found else None, self.bot.delivery]
        return any(one is not None and one.template for one in (own, *wider))


def judge(case: Case) -> list[Finding]:
    """Everything wrong with one move."""
    return [*_faults(case), *_refusals(case), *_words(case), *_stop(case), *_silence(case)]


def _faults(case: Case) -> Iterator[Finding]:
    for fault in case.after.faults[len(case.before.faults) :]:
        if fault.endswith("the talk has no answer for it"):
            continue  # nobody knows what that service says
        where, _, reason = fault.partition(": ")
        flow, _, step = where.partition(".")
        yield Finding("fault", flow, step, f"the session fails: {reason or fault}", fault)
    if case.after.endless:
        yield Finding("endless", *case.where, case.after.endless)


def _refusals(case: Case) -> Iterator[Finding]:
    held = case.before.with_people or any(session.status == "aside" for session in case.before.live)
    for reason, cause, _ in case.after.refused[len(case.before.refused) :]:
        flow, _, step = cause.partition(".")
        if reason == "window_closed" and not held and not case.known.has_template(flow, step):
            yield Finding("window", flow, step, "a message is lost because the window is shut")
        elif reason in ("no_identity", "unreachable"):
            yield Finding("undelivered", flow, step, "a message is lost: she has no identity where it should go")
        elif reason == "empty":
            yield Finding("empty", flow, step, "a message is empty")


def _words(case: Case) -> Iterator[Finding]:
    typed = " ".join(str(getattr(act, "text", "")) for act in case.acts)
    for shown in case.fresh:
        meant = case.known.authored + typed
        remains = [one[0] for one in LEFTOVER.finditer(said(shown))]
        found = next((one for one in remains if not one[0].isalpha() or one not in meant), None)
        if found:
            yield Finding("leftover", *case.known.cause(shown), f"the text shows `{found}`", found)


def _stop(case: Case) -> Iterator[Finding]:
    """After the stop word: one confirmation, nothing pending, no marketing any more."""
    if not case.stopped:
        return
    if any(isinstance(act, Passes) for act in case.acts):
        for shown in case.fresh:
            flow, step = case.known.cause(shown)
            if any(one.flow == flow and one.status == "stopped" for one in case.before.sessions) or not flow:
                yield Finding("stop", flow, step, "the bot writes after the stop word was confirmed", said(shown))
        return
    if not case.fresh and not case.before.with_people:
        yield Finding("stop", *case.where, "the stop word is met with silence")
    for shown in case.fresh[1:]:
        yield Finding("stop", *case.known.cause(shown), "the bot goes on after the stop word", said(shown))
    if case.after.pending is not None:
        yield Finding("stop", *case.where, "a question is still open after the stop word")


def _silence(case: Case) -> Iterator[Finding]:
    """She did something and nothing came of it, at a question or at the beginning of a flow."""
    hers = [act for act in case.acts if isinstance(act, HERS)]
    if not hers or case.stopped or case.fresh or case.before.with_people or case.after.with_people:
        return
    if len(case.after.refused) > len(case.before.refused) or len(case.after.faults) > len(case.before.faults):
        return
    if case.after.endless or any(_goes_on(one, case.after.at) for one in case.moved):
        return
    asked, began = (
        case.before.pending,
        [one for one in case.moved if one.id not in {s.id for s in case.before.sessions}],
    )
    if asked is not None or began:
        yield Finding("silence", *_quiet(case, began), _why(case, hers[-1]))


def _goes_on(session: Session, at: datetime) -> bool:
    """Whether it will say something soon, or waits for something that is no person."""
    if not session.live or session.asking or session.wait is None:
        return False
    return session.wait.kind != "sleep" or (session.wake_at is not None and session.wake_at - at <= SOON)


def _quiet(case: Case, began: list[Session]) -> tuple[str, str]:
    return (began[0].flow, "") if case.before.pending is None and began else case.where


def _why(case: Case, act: Act) -> str:
    what = "what she sends" if isinstance(act, Sends) else "what she writes"
    if case.after.pending is not None:
        return f"{what} is met with silence, and the question stays open"
    return f"{what} is met with silence, and no question is open"
