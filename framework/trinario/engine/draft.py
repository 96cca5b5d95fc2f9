"""One turn while it is being written: the session's parts as they change, what is to be done, the way it went.

Steps and answers write here; nobody outside the engine ever sees a Draft, only the Turn that it becomes.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from trinario.engine.answer.reading import Good
from trinario.engine.chance import draw
from trinario.engine.index import Facts, index_of
from trinario.engine.limits import NESTED_CALLS, PROMPTS_KEPT, SILENT_MESSAGES
from trinario.engine.naming import channel_of
from trinario.engine.scope import Scope
from trinario.engine.since import heard_since, hops_of, spoke_since
from trinario.engine.time import known_zone
from trinario.engine.values import kept, typed
from trinario.engine.words import pattern_text
from trinario.errors import EvaluationError
from trinario.expressions import Phrase
from trinario.model.bot import Bot
from trinario.model.consent import MARKETING, RecordConsent, consented
from trinario.model.contact import Contact, wishing
from trinario.model.effect import ChangeContact, Effect, OpenTicket, Report, Say, changed
from trinario.model.event import Event, MessageHeard
from trinario.model.flow import Flow, Step
from trinario.model.message import Text
from trinario.model.session import Frame, Prompt, Session, Wait
from trinario.model.turn import Follow, Turn
from trinario.model.value import Value, Values


class Draft:
    """`number` is that of the turn in its reaction; `busy`: another session's question is pending.

    `reading` is what the event means as an answer, if that has been found out already.
    """

    __slots__ = (
        "answers", "asked", "bot", "busy", "contact", "draws", "effects", "event", "excused", "facts", "flow",
        "flows", "follow", "hops", "hushed", "inputs", "left", "loops", "number", "path", "prompts", "reading",
        "reason", "said", "scope", "session", "silent", "stack", "status", "step", "steps", "vars", "wait", "written",
    )  # fmt: skip

    def __init__(
        self, bot: Bot, session: Session, flow: Flow, contact: Contact, event: Event, number: int, busy: bool
    ) -> None:
        self.bot, self.session, self.flow, self.contact, self.event = bot, session, flow, contact, event
        self.number, self.busy = number, busy
        self.facts: Facts = index_of(bot).facts(flow)
        self.status, self.wait, self.reason = session.status, session.wait, session.reason
        self.vars, self.answers, self.inputs = session.vars, session.answers, session.inputs
        self.stack, self.prompts, self.asked = session.stack, session.prompts, session.asked
        self.loops = session.loops
        self.written, self.silent = session.written, 0 if heard_since(session, contact, event) else session.silent
        self.hops = max(0 if heard_since(session, contact, event) else session.hops, hops_of(event))
        self.step = session.wait.step if session.wait else ""
        self.steps = self.said = self.draws = 0
        self.effects: list[Effect] = []
        self.path: list[tuple[str, str]] = []
        self.flows: list[str] = []
        self.follow: Follow | None = None
        self.excused = False
        self.hushed = session.hushed and (not session.turns or not spoke_since(session, contact, event))
        self.busy = busy or self.hushed
        self.left: Contact | None = None
        self.reading: Good | None = None
        self.scope = self._scope()

    def _scope(self) -> Scope:
        scope = Scope(self.bot, self.contact, self.event, self.flow)
        scope.vars, scope.answers, scope.inputs = self.vars, self.answers, self.inputs
        scope.trigger, scope.session, scope.prompts = self.session.trigger, self.session.id, self.prompts
        return scope

    # what is known

    @property
    def purpose(self) -> str:
        """Marketing as soon as one of the flows that stand in each other is; not in answer to a no of hers."""
        purpose = purpose_of(self.bot, self.flow, self.stack)
        return "service" if self.excused and purpose == MARKETING else purpose

    def leads(self, step: Step, exit: str) -> str | None:
        """The step of this flow to which the exit is led by name; None: by nobody here."""
        flow = self.flow
        return step.exits.get(exit) or (flow.handler(step.name, exit) if flow.inside else flow.handlers.get(exit))

    def led(self, step: Step, exit: str) -> bool:
        """Whether somebody, bot included, says where this exit leads."""
        return self.leads(step, exit) is not None or exit in self.bot.handlers

    def draw(self, sides: int) -> int:
        """A number below `sides` from the session's seed; another one at every call."""
        self.draws += 1
        return draw(sides, self.session.seed, self.session.turns, self.draws)

    def value(self, source: Phrase | Value) -> Value:
        """What a phrase gives, or a plain value, as it can be kept."""
        return kept(source.value(self.scope) if isinstance(source, Phrase) else source)

    def pattern(self, name: str, **names: object) -> str:
        """The bot's own words in her language, "" when it has none."""
        phrase = pattern_text(self.bot, self.contact, name)
        if phrase is None:
            return ""
        return phrase.constant if phrase.constant is not None else phrase.render(self.scope.beside(**names))

    # what changes

    def answer(self, step: str, value: Value) -> None:
        """The answer to a question, a call ... of this session."""
        self.answers = self.scope.answers = {**self.answers, step: kept(value)}
        self.scope.forget("answers")

    def write(self, path: str, value: Value) -> None:
        """Sets `vars.x`, `answers.x`, `fields.x`, `contact.language`, `contact.timezone` or
        `contact.preferred_channel`; None empties it."""
        room, _, name = path.partition(".")
        value = kept(value)
        match room:
            case "vars":
                spec = self.flow.vars.get(name)
                self.vars = self.scope.vars = {**self.vars, name: typed(value, spec.type, path) if spec else value}
                self.scope.forget("vars")
            case "answers":
                self.answer(name, value)
            case "fields":
                field = self.bot.fields.get(name)
                self.change(ChangeContact(fields={name: typed(value, field.type, path) if field else value}), path)
            case "contact" if name in ("language", "timezone"):
                clean = known_zone(value) if name == "timezone" and value is not None else _language(value)
                self.change(ChangeContact(attributes={name: clean}), path)
            case "contact" if name == "preferred_channel":
                self._wish(channel_of(self.bot, self.contact, value), path)
            case _:
                raise EvaluationError(f"{path} cannot be written")

    def change(self, change: ChangeContact, path: str = "") -> None:
        """Changes the contact, now for this turn and as an effect for the world."""
        self.effects.append(change)
        self.contact = self.scope.contact = self.left = changed(self.contact, change)
        self.scope.forget("contact", "fields", "tags", "now", "today", "$locale")
        if path and path not in self.written:
            self.written = (*self.written, path)

    def _wish(self, channel: str | None, path: str) -> None:
        self._marked(wishing(self.contact, channel, self.event.at).marks)
        self.scope.forget("contact")
        if path not in self.written:
            self.written = (*self.written, path)

    def mark(self, name: str) -> None:
        """Notes that something was done for her, not to be done again."""
        self._marked({**self.contact.marks, name: self.event.at})

    def unmark(self, name: str) -> None:
        """Takes the note back."""
        self._marked({known: at for known, at in self.contact.marks.items() if known != name})

    def _marked(self, marks: Mapping[str, datetime]) -> None:
        self.contact = self.scope.contact = self.left = replace(self.contact, marks=marks)

    def remember(self, prompt: Prompt) -> None:
        """Keeps a question that was just put."""
        self.asked = prompt.number
        self._prompts((*self.prompts, prompt)[-PROMPTS_KEPT:])

    def chosen(self, number: int, title: str) -> None:
        """Notes what she answered to question `number`."""
        self._prompts(
            tuple(Prompt(p.number, p.step, p.flow, p.options, title) if p.number == number else p for p in self.prompts)
        )

    def _prompts(self, prompts: tuple[Prompt, ...]) -> None:
        self.prompts = self.scope.prompts = prompts
        self.scope.forget("$labels")

    # what is said

    def key(self) -> str:
        """The key of the next message; counts it."""
        self.said += 1
        self.silent += 1
        if self.silent > SILENT_MESSAGES:
            raise EvaluationError(f"more than {SILENT_MESSAGES} messages while she wrote nothing")
        return f"{self.event.origin}/{self.number}/{self.said}"

    def say_words(self, text: str) -> None:
        """Says words of the bot, not of a step's message."""
        if text.strip():
            self.effects.append(
                Say(self.key(), Text(text), self.session.id, self.flow.name, self.step, self.purpose)
            )  # fmt: skip

    def hand_over(self, ticket: OpenTicket) -> None:
        """Gives the contact to people."""
        self.effects.append(ticket)
        self.contact = self.scope.contact = self.left = replace(self.contact, owner="person", owner_until=ticket.until)

    def consent(self, entry: RecordConsent) -> None:
        """Writes an entry of the ledger: it holds from here on. What answers a no of hers in this turn is no marketing."""
        self.effects.append(entry)
        self.excused = self.excused or (entry.state != "granted" and isinstance(self.event, MessageHeard))
        consent = consented(self.contact.consent, entry)
        self.contact = self.scope.contact = self.left = replace(self.contact, consent=consent)
        self.scope.forget("consent")

    def deed(self) -> str:
        """A key for what this turn wants done besides saying something: a repeated turn makes the same."""
        return f"{self.event.origin}/{self.number}/e{len(self.effects)}"

    def report(self, reason: str) -> None:
        """Tells the operator."""
        self.effects.append(Report(self.session.id, self.flow.name, self.step, reason))

    # flows in flows

    def enter(self, flow: Flow, given: Mapping[str, Value]) -> None:
        """Goes into a called flow; this one waits in a frame."""
        if len(self.stack) >= NESTED_CALLS:
            raise EvaluationError(f"more than {NESTED_CALLS} flows call each other")
        frame = Frame(self.flow.name, self.flow.revision, self.step, self.vars, self.answers, self.inputs, self.loops)
        self.stack, self.loops = (*self.stack, frame), ()
        self._stand_in(flow, index_of(self.bot).facts(flow).vars, {}, flow.inputs_scope(given))

    def come_back(self) -> None:
        """Leaves the called flow for the one that waits; raises EvaluationError when that one is gone."""
        frame = self.stack[-1]
        flow = self.bot.flow(frame.flow, frame.revision)
        if flow is None:
            raise EvaluationError(f"flow {frame.flow} is gone in the revision that waits here")
        self.stack = self.stack[:-1]
        self._stand_in(flow, frame.vars, frame.answers, frame.inputs)
        self.step, self.loops = frame.step, frame.loops

    def _stand_in(self, flow: Flow, values: Values, answers: Values, inputs: Values) -> None:
        self.flow, self.facts = flow, index_of(self.bot).facts(flow)
        self.vars, self.answers, self.inputs = values, answers, inputs
        self.scope = self._scope()

    # the way

    def went(self, step: str, exit: str) -> None:
        """It has left a step of the present flow by an exit, stands there, or is over there."""
        self.path.append((step, exit))
        self.flows.append(self.flow.name)

    # rounds

    @property
    def going_round(self) -> bool:
        """Whether the present step is a `foreach` of which a round is just over, and not one that begins."""
        return bool(self.loops) and self.loops[-1].step == self.step

    def moves_to(self, name: str) -> None:
        """The next step is `name`: rounds in which it does not stand are over for good."""
        if self.loops:
            around = {*self.flow.around(name), *(outer for outer in self.flow.around(self.step) if outer == name)}
            self.loops = tuple(loop for loop in self.loops if loop.step in around)

    # the end

    def close(self, status: str, reason: str = "") -> None:
        """The session is over."""
        self.status, self.reason, self.wait, self.loops = status, reason, None, ()

    def turn(self) -> Turn:
        """The turn as it was written."""
        old = self.session
        session = Session(
            old.id, old.contact, self.flow.name, self.flow.revision, old.started_at, self.status, self.wait,
            self.vars, self.answers, self.inputs, old.trigger, self.stack, self.prompts, old.seed, old.turns + 1,
            self.asked, self.silent, self.reason, old.if_busy, self.written, self.loops, self.hushed,
            self.hops, old.campaign,
        )  # fmt: skip
        return Turn(session, tuple(self.effects), tuple(self.path), self.follow, self.left, tuple(self.flows))


def purpose_of(bot: Bot, flow: Flow, stack: tuple[Frame, ...]) -> str:
    """What the messages of a flow are for, with the flows in which it stands."""
    if not stack or flow.purpose == "marketing":
        return flow.purpose
    outer = [found.purpose for frame in stack if (found := bot.flow(frame.flow, frame.revision))]
    return "marketing" if "marketing" in outer else outer[0] if outer else flow.purpose


def _language(value: Value) -> Value:
    if value is None or (isinstance(value, str) and 1 < len(value) < 36 and value.replace("-", "").isalnum()):
        return value
    raise EvaluationError(f"{str(value)[:40]!r} is no language")


def sleep(step: str, draft: Draft) -> Wait:
    """A wait without end of its own."""
    return Wait(step, "sleep", draft.event.at, draft.asked)
