"""A small bot and a person to talk to it: what the engine's tests are built from."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from trinario.engine.react import react
from trinario.engine.values import kept
from trinario.expressions import Condition, Phrase, compile_condition, compile_phrase
from trinario.model.bot import Bot, Pattern, Team
from trinario.model.channel import Channel, Identity, Limits, Window
from trinario.model.contact import Contact
from trinario.model.duration import parse_duration
from trinario.model.effect import OfferSwitch, Report, Say
from trinario.model.event import (
    CallReturned,
    ClockRang,
    Event,
    EventArrived,
    FateKnown,
    FlowWanted,
    MessageHeard,
    OwnerReturned,
    Switched,
    SwitchEnded,
)
from trinario.model.flow import Ask, Choice, Flow, InputSpec, Message, Send, Step, Trigger, Words
from trinario.model.heard import Heard, MediaHeard, Referral
from trinario.model.message import Choices, Content, Media, PublicReply, Sign, Template, Text
from trinario.model.session import Session
from trinario.model.session_json import session_from_json, session_to_json
from trinario.model.turn import Reaction, Standing
from trinario.model.wire_content import words_of

PURPOSES = ("service", "transactional", "marketing")
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

LIMITS = Limits(4096, "chars", 1024, 1024, 3, 20, 10, 24, 72, 20, 13, 20, 3, 20, 640, 256, frozenset({"image"}),
                frozenset({"image"}), frozenset({"sent"}))  # fmt: skip

CHANNELS = {name: Channel(name, name, LIMITS, Window()) for name in ("messenger", "instagram", "whatsapp")}


def p(text: str) -> Phrase:
    return compile_phrase(text)


def c(text: str) -> Condition:
    return compile_condition(text)


def d(text: str) -> Any:
    return parse_duration(text)


def words(text: str, key: str = "k") -> Words:
    return Words(key, p(text))


def msg(text: str, key: str = "k", **more: Any) -> Message:
    return Message(text=words(text, key), **more)


def send(name: str, *texts: str, **more: Any) -> Send:
    return Send(name=name, messages=tuple(msg(text, f"{name}.send") for text in texts), **more)


def ask(name: str, text: str, *choices: Any, **more: Any) -> Ask:
    if choices:
        made = [
            one if isinstance(one, Choice) else Choice(words(one, f"{name}.choices.{n}"), one)
            for n, one in enumerate(choices)
        ]
        more = {"choices": tuple(made), "type": "choice", **more}
    return Ask(name=name, messages=(msg(text, f"{name}.ask"),), **more)


def choice(title: str, value: Any = None, **more: Any) -> Choice:
    return Choice(words(title, f"choice.{title}"), title if value is None else value, **more)


def flow(name: str, *steps: Step, triggers: tuple[Trigger, ...] = (), **more: Any) -> Flow:
    return Flow(name, more.pop("revision", "r1"), {step.name: step for step in steps}, triggers=triggers, **more)


def keyword(*found: str, **more: Any) -> Trigger:
    return Trigger("keyword", words={"": found}, **more)


def pattern(text: str = "", *found: str, it: str = "", **more: Any) -> Pattern:
    texts = {"en": p(text)} if text else {}
    return Pattern({"en": found} if found else {}, {**texts, **({"it": p(it)} if it else {})}, **more)


PATTERNS: Mapping[str, Pattern] = {
    "stop": pattern("Stopped. Say START to come back.", "stop", "unsubscribe"),
    "start": pattern("Welcome back.", "start"),
    "help": pattern("How can I help?", "help"),
    "human": pattern("Somebody will write to you.", "human", "agent"),
    "restart": pattern("From the beginning.", "restart"),
    "back": pattern("One back.", "back"),
    "yes": Pattern({"en": ("yes", "yeah"), "it": ("sì",)}, {"en": p("Yes"), "it": p("Sì")}),
    "no": Pattern({"en": ("no", "nope"), "it": ("no",)}, {"en": p("No"), "it": p("No")}),
    "late": pattern("You chose {{ chosen }}.", it="Hai scelto {{ chosen }}."),
    "cannot_handle": pattern("I cannot go on with that."),
    "continue": pattern("Where were we?"),
    "error": pattern("Something went wrong."),
    "error.text": pattern("Words, please."),
    "error.name": pattern("Your name, please."),
    "error.number": pattern("A number, please.", it="Un numero, per favore."),
    "error.number_range": pattern("Between {{ min }} and {{ max }}."),
    "error.number_min": pattern("At least {{ min }}."),
    "error.number_max": pattern("At most {{ max }}."),
    "error.email": pattern("An e-mail address, please."),
    "error.phone": pattern("A phone number, please."),
    "error.yes_no": pattern("Yes or no?"),
    "error.choice": pattern("One of these, please."),
    "error.image": pattern("A picture, please."),
    "error.media": pattern("A file, please."),
    "choices.button": pattern("Choose"),
    "switch.text": pattern("Let us go on on {{ channel }}."),
    "switch.done": pattern("Here we are."),
}


def bot(*flows: Flow, **more: Any) -> Bot:
    fields = {name: InputSpec("text") for name in ("interest", "email", "name", "city")} | {
        "budget": InputSpec("number")
    }
    patterns = {**PATTERNS, **more.pop("patterns", {})}
    return Bot(
        "demo", "en", "Europe/Rome", CHANNELS, {one.name: one for one in flows}, region="IT",
        **{"fields": fields, "patterns": patterns, "teams": {"sales": Team("sales")}, "globals": {"site": "garden"},
           **more},
    )  # fmt: skip


def shown(content: Content) -> str:
    match content:
        case Text(text=text, links=links):
            return text + "".join(f" <{link.title}: {link.url}>" for link in links)
        case Choices(text=text, options=options):
            return f"{text} [{' | '.join(option.title for option in options)}]"
        case Media(kind=kind, url=url, caption=caption):
            return f"{kind}:{url} {caption}".strip()
        case PublicReply(text=text, comment=comment):
            return f"below {comment}: {text}"
        case Sign(emoji=emoji):
            return f"reaction {emoji or 'taken back'}"
        case Template(name=name):
            return f"template:{name}"
        case _:
            return words_of(content)


class Person:
    """One person on several channels. Every session goes through JSON between two events."""

    def __init__(self, bot: Bot, **contact: Any) -> None:
        self.bot, self.at, self.number = bot, START, 0
        identities = tuple(Identity(name, "psid", "7") for name in ("messenger",))
        self.contact = Contact(1, START, identities, **contact)
        self.sessions: dict[str, Session] = {}
        self.reaction: Reaction | None = None
        self.payloads: dict[str, str] = {}
        self.channel = "messenger"

    def react(self, event: Event) -> list[str]:
        """What the bot says to it."""
        self.last = event
        standing = Standing(self.contact, tuple(self.sessions.values()))
        before = json.dumps([session_to_json(s) for s in standing.sessions])
        self.reaction = react(self.bot, standing, event)
        assert react(self.bot, standing, event) == self.reaction, "the same event gives the same reaction"
        assert json.dumps([session_to_json(s) for s in standing.sessions]) == before, "a reaction changes nothing old"
        self.contact = self.reaction.contact
        for session in self.reaction.sessions:
            kept = session_from_json(json.loads(json.dumps(session_to_json(session))))
            assert kept == session, "a session survives JSON"
            self.sessions[session.id] = kept
        assert sum(session.foreground for session in self.sessions.values()) <= 1, "one question at a time"
        self._check_references()
        keys = [effect.key for effect in self.says]
        assert len(set(keys)) == len(keys), "every message has a key of its own"
        for effect in self.says:
            if isinstance(effect.content, Choices):
                for option in effect.content.options:
                    assert len(option.payload.encode()) <= 64
                    self.payloads[option.title] = option.payload
        return self.said

    def _check_references(self) -> None:
        """What an effect names is there, and an operator is told what it is about, and why."""
        assert self.reaction
        for effect in self.reaction.effects:
            told = effect if isinstance(effect, Report) else None
            assert getattr(effect, "session", "") in ("", *self.sessions, told and told.session)
            assert getattr(effect, "flow", "") in ("", *self.bot.flows, *self.bot.messages, told and told.flow, "gone")
            if told:
                assert told.reason.strip() and told.reason != "None"
                assert told.step or told.flow or told.session, "a report says where"
            if isinstance(effect, Say | OfferSwitch):
                assert (effect.say if isinstance(effect, OfferSwitch) else effect).purpose in PURPOSES
        for session in self.reaction.sessions:
            assert session.status in ("waiting", "aside", "done", "stopped", "failed", "expired")
            assert session.live == (session.wait is not None), "who lives stands somewhere"
            assert session.live or session.reason or session.status == "done", (
                "an end that is none of the flow's says why"
            )

    @property
    def says(self) -> list[Say]:
        assert self.reaction
        return [e.say if isinstance(e, OfferSwitch) else e for e in self.reaction.effects
                if isinstance(e, Say | OfferSwitch)]  # fmt: skip

    @property
    def said(self) -> list[str]:
        return [shown(say.content) for say in self.says]

    def effects(self, kind: type) -> list[Any]:
        assert self.reaction
        return [effect for effect in self.reaction.effects if isinstance(effect, kind)]

    @property
    def reports(self) -> list[str]:
        return [effect.reason for effect in self.effects(Report)]

    def origin(self) -> str:
        self.number += 1
        return f"i{self.number}"

    def heard(self, kind: str, text: str = "", new: bool = False, **more: Any) -> list[str]:
        identity = Identity(self.channel, "psid", "7")
        heard = Heard(identity, f"m{self.number}", self.at, kind, text, **more)
        self.contact = replace(
            self.contact, channel=self.channel, last_seen_at=self.at,
            last_heard={**self.contact.last_heard, self.channel: self.at},
        )  # fmt: skip
        return self.react(MessageHeard(self.origin(), self.at, heard, new))

    def comment(self, text: str, age: str = "0s", **data: Any) -> list[str]:
        """She comments under a post: nothing is said to us."""
        heard = Heard(Identity(self.channel, "psid", "7"), f"comment:{self.number}", self.at - d(age).elapsed, "comment",
                      text, data={"comment": f"c{self.number}", "post": "p1", "kind": "feed", **data})  # fmt: skip
        return self.react(MessageHeard(self.origin(), self.at, heard))

    def write(self, text: str) -> list[str]:
        return self.heard("text", text)

    def tap(self, title: str, payload: str = "") -> list[str]:
        return self.heard("tap", title, payload=payload or self.payloads[title])

    def media(self, kind: str = "image", text: str = "") -> list[str]:
        return self.heard("media", text, media=(MediaHeard(kind, "9", "https://x/9", "image/jpeg"),))

    def ref(self, ref: str) -> list[str]:
        return self.heard("referral", referral=Referral(ref))

    def after(self, span: str) -> list[str]:
        """Time passes, and every clock that is due rings in its order."""
        until, said = self.at + d(span).elapsed, []
        while True:
            due = [s for s in self.sessions.values() if s.wake_at and s.wake_at <= until]
            if not due or self.contact.owner == "person":
                break
            session = min(due, key=lambda s: s.wake_at or until)
            assert session.wake_at
            self.at = max(self.at, session.wake_at)
            said += self.ring(session)
        self.at = until
        return said

    def ring(self, session: Session) -> list[str]:
        return self.react(ClockRang(self.origin(), self.at, session.id))

    def event(self, name: str, **data: Any) -> list[str]:
        return self.react(EventArrived(self.origin(), self.at, name, data))

    def start(self, flow: str, **inputs: Any) -> list[str]:
        return self.react(FlowWanted(self.origin(), self.at, flow, inputs))

    def switched(self, channel: str, session: Session | None = None) -> list[str]:
        one = session or self.waiting
        assert one.wait
        self.channel = channel
        self.contact = replace(self.contact, channel=channel)
        return self.react(Switched(self.origin(), self.at, one.id, one.wait.offer, channel))

    def switch_ended(self, outcome: str) -> list[str]:
        one = self.waiting
        assert one.wait
        return self.react(SwitchEnded(self.origin(), self.at, one.id, one.wait.offer, outcome))

    def fate(self, key: str, outcome: str, reason: str = "") -> list[str]:
        session = next(s for s in self.sessions.values() if s.wait and key in s.wait.keys)
        return self.react(FateKnown(self.origin(), self.at, session.id, key, outcome, reason))

    def answered(self, answer: dict[str, Any]) -> list[str]:
        """The outside answers the call that is out."""
        session = next(s for s in self.sessions.values() if s.calling)
        assert session.wait
        status, data, headers = answer.get("status"), kept(answer.get("data")), answer.get("headers", {})
        return self.react(
            CallReturned(self.origin(), self.at, session.id, session.wait.keys[0], "answered", status, data, headers)
        )

    def failed(self, reason: str) -> list[str]:
        """The outside does not answer."""
        session = next(s for s in self.sessions.values() if s.calling)
        assert session.wait
        key = session.wait.keys[0]
        return self.react(CallReturned(self.origin(), self.at, session.id, key, "failed", reason=reason))

    def returned(self) -> list[str]:
        return self.react(OwnerReturned(self.origin(), self.at))

    def wait_a(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    @property
    def waiting(self) -> Session:
        """The session in the foreground, else the only live one."""
        live = [session for session in self.sessions.values() if session.live]
        return next((session for session in live if session.foreground), live[0])

    def session(self, flow: str) -> Session:
        """The youngest session of a flow."""
        return [s for s in self.sessions.values() if s.flow == flow or s.stack and s.stack[0].flow == flow][-1]

    @property
    def statuses(self) -> dict[str, str]:
        return {session.flow: session.status for session in self.sessions.values()}

    @property
    def waiting_or_none(self) -> Session | None:
        """The session in the foreground, if there is one."""
        return next((session for session in self.sessions.values() if session.foreground), None)
