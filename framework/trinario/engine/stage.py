"""A contact and her sessions while one event is answered: who has the foreground, who stands aside, what was said."""

from dataclasses import replace

from trinario.engine import advance as machine
from trinario.engine.answer import Good
from trinario.engine.disclose import disclosing, is_due, took_over
from trinario.engine.draft import purpose_of
from trinario.engine.index import index_of
from trinario.engine.leave import left_by_opt_out
from trinario.engine.limits import EVENT_HOPS, FOLLOWING_FLOWS
from trinario.engine.marked import marked
from trinario.engine.scope import Scope
from trinario.engine.since import hops_of
from trinario.engine.words import pattern_text
from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.consent import ALL, MARKETING, Consents, RecordConsent, consented
from trinario.model.contact import Contact
from trinario.model.duration import Duration
from trinario.model.effect import ChangeContact, Effect, LetIn, OpenTicket, Report, Say, Withdraw, changed
from trinario.model.event import Event
from trinario.model.flow import Flow
from trinario.model.message import Text
from trinario.model.session import Offered, Prompt, Session, Wait, holds_until
from trinario.model.turn import Follow, Reaction, Standing, Turn
from trinario.model.value import Values

FOLLOWING = frozenset({"start", "tag", "field", "segment"})
"""What begins a flow because of what another one just did."""

ENDLESS = f"more than {EVENT_HOPS} flows and events followed each other while she wrote nothing: it does not begin"


class Stage:
    """What a Reaction is made of. `open` False: the last word is said, nobody who stands aside comes back now.

    `seen` is the contact as the triggers of changes have seen her, `followed` those that began (flow, number); `authors` are (flows, before, after) of every turn
    that changed her. `consents` are what was written into the ledger, each with the state before it. `hushed`: the
    confirmation of a stop word was the last word; whatever is still said is written down, and not sent.
    """

    def __init__(self, bot: Bot, standing: Standing, event: Event) -> None:
        self.bot, self.index, self.event, self.contact = bot, index_of(bot), event, standing.contact
        self.sessions = {session.id: session for session in standing.sessions}
        self.over = {session.id: session for session in standing.over}
        self.changed: dict[str, Session] = {}
        self.effects: list[Effect] = []
        self.turns: list[Turn] = []
        self.fields: set[str] = set()
        self.seen = standing.contact
        self.followed: set[tuple[str, int]] = set()
        self.authors: list[tuple[frozenset[str], Contact, Contact]] = []
        self.number = self.begun = self.follows = 0
        self.consents: list[tuple[Consents, RecordConsent]] = []
        self.handled, self.open, self.hushed = True, True, False
        self._holding = self._holds()

    def _holds(self) -> bool:
        """Whether what she writes has to wait for an answer of the outside."""
        return self.contact.owner == "bot" and holds_until(self.sessions.values()) is not None

    # who stands where

    @property
    def foreground(self) -> Session | None:
        """The session whose question is pending."""
        return next((session for session in self.sessions.values() if session.foreground), None)

    @property
    def live(self) -> list[Session]:
        """The sessions that anything can still move."""
        return [session for session in self.sessions.values() if session.live]

    def scope(self) -> Scope:
        """The names outside any session."""
        return Scope(self.bot, self.contact, self.event)

    def keep(self, session: Session) -> None:
        """The session is so from now on."""
        self.sessions[session.id] = self.changed[session.id] = session

    # turns

    def _next(self) -> int:
        self.number += 1
        return self.number

    def begin(
        self, flow: Flow, kind: str, trigger: Values, inputs: Values | None = None, if_busy: str = "", own: str = "",
        held: bool = False, delay: Duration | None = None, hushed: bool = False, campaign: int = 0,
    ) -> None:  # fmt: skip
        """A flow begins; one begun by what she did comes before the question that is pending.

        `if_busy` is how it begins now, `own` what its author wrote: what it does whenever it comes to a question later.
        With a `delay` nothing runs yet, and nothing is interrupted.
        """
        hushed = hushed or self.hushed
        if hushed:
            if_busy, own, held = "defer", "" if own == "interrupt" else own, False
        hops = self._hops(kind)
        if hops > EVENT_HOPS:
            self.do(Report("", flow.name, f"trigger {kind}", ENDLESS))
            return
        if if_busy == "interrupt" and delay is None:
            self._interrupt(flow)
        self.begun += 1
        busy = self.hushed or self.foreground is not None or self._calling()
        self.take(machine.begin(
            self.bot, flow, self.contact, self.event, session=self.begun, number=self._next(),
            trigger={**trigger, "kind": kind}, inputs=inputs, if_busy=own, busy=busy, held=held, delay=delay,
            hushed=hushed, hops=hops, campaign=campaign,
        ))  # fmt: skip

    def _hops(self, kind: str) -> int:
        """How many flows and events led to a flow that begins now: what follows from a session comes after it."""
        if kind not in FOLLOWING:
            return hops_of(self.event)
        further = 0 if kind == "start" else 1
        return max([hops_of(self.event), *(turn.session.hops + further for turn in self.turns)])

    def _interrupt(self, flow: Flow) -> None:
        """The pending question goes aside; what the very flow that begins anew had asked, then or earlier, is over."""
        for session in self.live:
            root = session.stack[0].flow if session.stack else session.flow
            if session.asking and root == flow.name:
                self.end(session, "stopped", "begun anew")
            elif session.foreground:
                self.keep(replace(session, status="aside"))

    def advance(
        self, session: Session, event: Event | None = None, *, first: bool = False, reading: Good | None = None
    ) -> None:
        """The event moves the session. `first`: it comes before whatever question is pending."""
        event, busy = event or self.event, not first and self._busy_for(session)
        number = self._next()
        turn = machine.advance(self.bot, session, self.contact, event, number=number, busy=busy, reading=reading)
        self.take(turn)

    def again(self, session: Session, lead: str = "") -> None:
        """The session's question is put once more."""
        busy, number = self._busy_for(session), self._next()
        self.take(machine.again(self.bot, session, self.contact, self.event, number=number, busy=busy, lead=lead))

    def change(self, session: Session, prompt: Prompt, option: Offered) -> None:
        """An earlier answer is changed."""
        self.take(machine.change(self.bot, session, self.contact, self.event, prompt, option, number=self._next()))

    def jump(self, session: Session, step: str) -> None:
        """The session goes on at another step."""
        self.take(machine.jump(self.bot, session, self.contact, self.event, step, number=self._next()))

    def _busy_for(self, session: Session) -> bool:
        if len(self.sessions) == 1:
            return False
        pending = self.foreground
        return (pending is not None and pending.id != session.id) or self._calling(session.id)

    def _calling(self, but: str = "") -> bool:
        """Whether a flow in which she stands is out for an answer: its question may come next."""
        return any(one.calling and one.id != but for one in self.sessions.values())

    def take(self, turn: Turn) -> None:
        """Writes a turn into the reaction; what it changes of the contact holds for the next turn."""
        session, consent = turn.session, self.contact.consent
        self.keep(session)
        self.turns.append(turn)
        self.effects.extend(marked(turn.effects, session.campaign, self.hushed or session.hushed))
        if turn.contact is not None:
            if self.index.watch:
                flows = frozenset((session.flow, *(frame.flow for frame in session.stack)))
                self.authors.append((flows, self.contact, turn.contact))
            self.contact = turn.contact
            self.fields.update(*(effect.fields for effect in turn.effects if isinstance(effect, ChangeContact)))
        if session.foreground:
            for other in self.live:
                if other.foreground and other.id != session.id:
                    self.keep(replace(other, status="aside"))
        if self.contact.consent is not consent:
            self._opted(consent, turn.effects)
        if turn.follow:
            self._follow(turn.follow, session)

    def _opted(self, consent: Consents, effects: tuple[Effect, ...]) -> None:
        """A turn wrote into the ledger; a purpose that she gives up ends sessions as a stop word does, questions apart."""
        for entry in effects:
            if not isinstance(entry, RecordConsent):
                continue
            self.consents.append((consent, entry))
            consent, purpose = consented(consent, entry), entry.purpose
            if entry.state == "withdrawn" and not entry.channels:
                over = [one for one in self.live if (purpose in (MARKETING, ALL) and self.marketing(one))
                        or left_by_opt_out(self.bot, one, purpose)]  # fmt: skip
                self.withdraw(over, f"left: opt_out {purpose}")

    def _follow(self, follow: Follow, session: Session) -> None:
        self.follows += 1
        flow = self.bot.flows.get(follow.flow)
        if flow is None or self.follows > FOLLOWING_FLOWS:
            reason = f"more than {FOLLOWING_FLOWS} flows began one after another" if flow else "there is no such flow"
            self.effects.append(Report(session.id, follow.flow, "", reason))
            self.say("error")
            return
        busy = session.if_busy
        self.begin(
            flow, "start", session.trigger, follow.inputs, busy, busy, hushed=session.hushed, campaign=session.campaign
        )

    # without a turn

    def do(self, effect: Effect) -> None:
        """Something to be done that no session asked for."""
        self.effects.append(effect)
        match effect:
            case ChangeContact():
                self.contact = changed(self.contact, effect)
            case OpenTicket(until=until):
                self.contact = replace(self.contact, owner="person", owner_until=until)
            case RecordConsent():
                self.consents.append((self.contact.consent, effect))
                self.contact = replace(self.contact, consent=consented(self.contact.consent, effect))
            case _:
                pass

    def say(self, pattern: str, purpose: str = "service", **names: object) -> None:
        """Words of the bot outside any session."""
        if text := self._words(pattern, **names):
            key = f"{self.event.origin}/{self._next()}/1"
            self.effects.append(Say(key, Text(text), purpose=purpose, hushed=self.hushed))

    def _words(self, pattern: str, **names: object) -> str:
        """What a pattern says to her; "" for nothing."""
        phrase = pattern_text(self.bot, self.contact, pattern)
        try:
            text = phrase.render(self.scope().beside(**names)) if phrase else ""
        except EvaluationError as fault:
            self.effects.append(Report("", "", f"pattern {pattern}", str(fault)))
            return ""
        return text if text.strip() else ""

    def end(self, session: Session, status: str, reason: str) -> None:
        """A session is over without a turn of its own."""
        self.keep(replace(session, status=status, reason=reason, wait=None))

    def change_wait(self, session: Session, wait: Wait) -> Session:
        """What a session waits for is known better now."""
        changed = replace(session, wait=wait)
        self.keep(changed)
        return changed

    def marketing(self, session: Session) -> bool:
        """Whether marketing is among the flows in which the session stands."""
        flow = self.bot.flow(session.flow, session.revision) or self.bot.flows.get(session.flow)
        return flow is not None and purpose_of(self.bot, flow, session.stack) == "marketing"

    def give_back(self) -> None:
        """The bot has the contact again."""
        self.contact = took_over(self.bot, replace(self.contact, owner="bot", owner_until=None), self.event.at)

    # the end of the reaction

    def withdraw(self, sessions: list[Session], reason: str) -> None:
        """Ends sessions from outside; what they said before this event and is not out yet stays in."""
        told = {turn.session.id for turn in self.turns}
        for session in sessions:
            self.end(session, "stopped", reason)
        if quiet := tuple(session.id for session in sessions if session.id not in told):
            self.effects.append(Withdraw(quiet))

    def reaction(self) -> Reaction:
        """What the event led to."""
        if self._holding and not self._holds():
            self.effects.append(LetIn())
        if self.bot.disclosure is not None and not self.hushed and is_due(self.bot, self.contact, self.event.at):
            self._disclose()
        sessions, turns = tuple(self.changed.values()), tuple(self.turns)
        return Reaction(self.contact, sessions, tuple(self.effects), turns, self.handled)

    def _disclose(self) -> None:
        """Has the bot say that it is one before whatever else it says."""
        if words := self._words("disclosure"):
            self.contact = disclosing(self.bot, self.contact, self.effects, words, self.event.at)
