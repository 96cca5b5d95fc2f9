"""Random walks through flows on the real engine: a clock that is set, a person of many moods, policy asked each time."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from trinario.authoring.assemble import assemble
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_bot import ParsedBot, parse_bot
from trinario.channels.instagram import limits as instagram
from trinario.channels.messenger import limits as messenger
from trinario.channels.whatsapp import limits as whatsapp
from trinario.emulator.people import DAY, Phone
from trinario.engine.react import react
from trinario.engine.values import kept
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.comment import comment_in
from trinario.model.contact import Contact
from trinario.model.effect import ChangeContact, Effect, OfferSwitch, Report, Say
from trinario.model.event import (
    CallReturned,
    ClockRang,
    ContactChanged,
    Event,
    EventArrived,
    FateKnown,
    FlowWanted,
    IdentityLinked,
    MessageHeard,
    OwnerReturned,
    StatusTold,
    Switched,
    SwitchEnded,
    TriggerDue,
)
from trinario.model.flow import Ai, Flow, Http, PrivateReply, Step, Trigger, WaitFor
from trinario.model.heard import Heard
from trinario.model.message import PublicReply, Sign, Template, Text
from trinario.model.session import Session
from trinario.model.turn import Reaction, Standing
from trinario.policy.send import may_send
from trinario.policy.verdict import Allow, Refuse

LIMITS = {"whatsapp": whatsapp.LIMITS, "messenger": messenger.LIMITS, "instagram": instagram.LIMITS}
WINDOWS = {"whatsapp": whatsapp.WINDOW, "messenger": messenger.WINDOW, "instagram": instagram.WINDOW}
BOT = """\
bot: shop
timezone: Europe/Rome
channels:
  whatsapp: {platform: whatsapp, phone_number_id: "1", phone: "+15550783881", access_token: a, app_secret: b, verify_token: c}
  messenger: {platform: messenger, page_id: "2", page_name: shop, access_token: a, app_secret: b, verify_token: c}
  instagram: {platform: instagram, account_id: "3", username: shop, login: instagram, access_token: a, app_secret: b, verify_token: c}
flows: ["*"]
fields: {x: {type: text}, n: {type: number}, at: {type: datetime}}
teams: {sales: {}}
"""
START = datetime(2026, 3, 6, 10, tzinfo=UTC)  # a Friday; the clocks change three weeks later
SECOND = timedelta(seconds=1)
LONG = timedelta(days=3)
HAPPENINGS = frozenset({
    "schedule", "date", "segment", "tag", "field", "inactivity", "message_status", "handoff_closed", "identity_linked",
})  # fmt: skip
"""Kinds of triggers that no message of hers is."""


_OF_KIND = {
    "number": 7, "money": 7, "list": ["a", "b"], "mapping": {"a": 1}, "yes_no": True, "date": "2026-05-01", "time": "09:30",
    "datetime": "2026-05-01T09:30:00+02:00", "duration": "2h",
}  # fmt: skip


def _given(step: Step, chance: random.Random) -> object:
    """What the outside gives: of the declared kinds, and sometimes not all of it."""
    if isinstance(step, Ai):
        data = {name: _OF_KIND.get(kind, "x") for name, kind in step.wanted.items() if chance.random() < 0.8}
        label = chance.choice(step.labels) if step.labels else None
        return {"label": label, "confidence": chance.choice([0.9, 0.1]), "data": data, "text": "Hello"}
    returns = getattr(step, "returns", "any")
    if isinstance(returns, str):
        return _OF_KIND.get(returns, "x")
    return {name: _OF_KIND.get(kind, "x") for name, kind in returns.items() if chance.random() < 0.8}


def bot_file(further: str = "") -> ParsedBot:
    """The bot of the walks, with further lines of bot.yaml."""
    parsed = parse_bot((BOT + further).encode(), "bots/shop/bot.yaml", {})
    assert not [issue for issue in parsed.issues if issue.severity == "error"], parsed.issues
    return parsed


def bot_of(flows: Mapping[str, str], further: str = "") -> Bot:
    """The bot with these flows (YAML by name), and without words of its own: only what the flows say is said."""
    read: dict[str, Flow] = {}
    for name, text in flows.items():
        parsed = parse_flow(text.encode(), f"flows/{name}.yaml")
        assert parsed.flow is not None, (text, parsed.issues)
        read[parsed.name] = parsed.flow
    bot = assemble(bot_file(further), read, LIMITS, WINDOWS)
    return replace(bot, patterns={name: replace(one, texts={}) for name, one in bot.patterns.items()})


@dataclass
class Walk:
    """One contact, known on every channel. `refused` are the Says that met a shut window and had no template for it.

    `alone`: no second session begins, which people of the team would hold up with the first.
    """

    bot: Bot
    chance: random.Random
    at: datetime = START
    count: int = 0
    refused: list[Say] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    alone: bool = False
    replied: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        identities = tuple(Identity(name, "psid", "1") for name in self.bot.channels)
        self.at += timedelta(hours=self.chance.randrange(4 * 7 * 24))
        fields = {
            "at": self.at + timedelta(hours=self.chance.randrange(-100, 300)),
            "n": Decimal(self.chance.randrange(4)),
            **({"x": "a"} if self.chance.random() < 0.5 else {}),
        }
        consent = {"marketing": True} if self.at.hour % 5 == 0 else {}
        self.standing = Standing(Contact(1, START, identities, fields=fields, consent=consent), ())
        self.again: Trigger | None = None

    # what begins

    def begin(self, flow: Flow) -> None:
        """One of the flow's triggers, or somebody outside; before it she may have written, or not."""
        if self.chance.random() < 0.5:
            self.hear("hm", self.chance.choice(list(self.bot.channels)))
            self.at += self.chance.choice([SECOND, timedelta(hours=5), timedelta(hours=40)])
        if not flow.triggers:
            self._begin_without(flow)
            return
        trigger = self.chance.choice(flow.triggers)
        if self.alone:
            pass
        elif (
            trigger.delay
            or trigger.if_busy in ("defer", "skip")
            or (trigger.kind in HAPPENINGS | {"event"} and trigger.if_busy is None)
        ):
            self.again = trigger  # a second session does nothing to the first
        self._pull(trigger)
        if trigger.kind == "comment" and self.chance.random() < 0.3:
            self.go(8)
            self._pull(trigger)

    def _pull(self, trigger: Trigger) -> None:
        if trigger.kind == "event":
            self.react(EventArrived(self.origin(), self.at, trigger.value))
            return
        if trigger.kind in HAPPENINGS:
            self._happens(trigger)
            return
        if trigger.kind == "comment":
            self.comment(trigger)
            return
        word = next((word for words in trigger.words.values() for word in words), "hello")
        bound = [one.id for one in self.bot.channels.values() if {one.id, one.platform} & trigger.channels]
        self.hear(word, self.chance.choice(bound or list(self.bot.channels)))

    def _happens(self, trigger: Trigger) -> None:
        """What no message is: a time that comes, a change, a fate, the end of a handoff, a linked identity."""
        flow = next(one.name for one in self.bot.flows.values() if trigger in one.triggers)
        anywhere = self.chance.choice(list(self.bot.channels))
        match trigger.kind:
            case "inactivity":
                assert trigger.span is not None
                self._wrote(anywhere)
                self.at += trigger.span.elapsed
                self.react(TriggerDue(self.origin(), self.at, flow, trigger.key, self.at))
            case "schedule":
                self.react(TriggerDue(self.origin(), self.at, flow, trigger.key, self.at))
            case "date":
                offset = self.chance.choice(trigger.offsets)
                fields = {**self.contact.fields, "at": (-offset).after(self.at, ZoneInfo("Europe/Rome"))}
                self.standing = replace(self.standing, contact=replace(self.contact, fields=fields))
                self.react(TriggerDue(self.origin(), self.at, flow, trigger.key, self.at, str(offset)))
            case "message_status":
                told = trigger.flow or "another", trigger.step or "s", anywhere
                self.react(StatusTold(self.origin(), self.at, trigger.value, *told))
            case "handoff_closed":
                self.react(OwnerReturned(self.origin(), self.at))
            case "identity_linked":
                self._wrote(anywhere)
                self.react(IdentityLinked(self.origin(), self.at, anywhere))
            case _:
                change = ChangeContact({"x": self.origin()}, (trigger.value,))
                self.react(ContactChanged(self.origin(), self.at, change))

    def _begin_without(self, flow: Flow) -> None:
        """The bot's default flow, that of a pattern, or one that only somebody outside can want."""
        anywhere = self.chance.choice(list(self.bot.channels))
        words = [word for one in self.bot.patterns.values() if one.flow == flow.name for word in one.words["en"]]
        if self.bot.default_flow == flow.name or words:
            self.hear(words[0] if words else "anything", anywhere)
        else:
            self.react(FlowWanted(self.origin(), self.at, flow.name))

    # what happens then

    def go(self, most: int = 25, silent: bool = False) -> None:
        """Goes on until nothing is left to happen, or as far as `most` events. `silent`: only the clock rings."""
        for _ in range(most):
            wake = min((one.wake_at for one in self.live if one.wake_at), default=None)
            if not self.live and self.contact.owner == "bot":
                return
            if silent and wake:
                self.at = max(self.at, wake)
                self._ring()
            else:
                self.step(wake)

    def step(self, wake: datetime | None) -> None:
        """Something happens, never later than the next ring of the clock."""
        if self.contact.owner == "person":
            self.at += self.chance.choice([timedelta(minutes=30), LONG])
            self.react(OwnerReturned(self.origin(), self.at))
            return
        if sent := [one for one in self.live if one.wait and one.wait.keys and one.wait.kind == "sent"]:
            outcome = "failed" if self.chance.random() < 0.3 else "accepted"
            assert sent[0].wait is not None
            self.react(FateKnown(self.origin(), self.at, sent[0].id, sent[0].wait.keys[0], outcome))
            return
        if calling := [one for one in self.live if one.calling]:
            self._answer(calling[0], wake)
            return
        if wake is not None and (wake <= self.at + SECOND or self.chance.random() < 0.45):
            self.at = max(self.at, wake)
            self._ring()
        else:
            self._until(wake)
            self._something()

    def _answer(self, session: Session, wake: datetime | None) -> None:
        """The outside answers, sooner or later, well or badly, or not at all; what she writes meanwhile has to wait."""
        if wake is not None and self.chance.random() < 0.15:
            self.at = max(self.at, wake)
            self._ring()
            return
        self._until(wake)
        assert session.wait is not None
        step, key = self.bot.flows[session.flow].steps[session.wait.step], session.wait.keys[0]
        if self.chance.random() < 0.2:
            self.react(CallReturned(self.origin(), self.at, session.id, key, "failed", reason="gone"))
            return
        codes = [int(name) for name in step.exits if name.isdigit()]
        status = self.chance.choice([200, 200, 404, 500, *codes]) if isinstance(step, Http) else None
        answer = kept(_given(step, self.chance))
        self.react(CallReturned(self.origin(), self.at, session.id, key, "answered", status, answer))

    def _until(self, wake: datetime | None) -> None:
        """Lets some time pass, at most until a second before the clock rings."""
        room = (wake or self.at + LONG) - self.at - SECOND
        self.at += self.chance.choice([timedelta(0), room, room * self.chance.random()])

    def _ring(self) -> None:
        due = [one for one in self.live if one.wake_at and one.wake_at <= self.at]
        self.react(ClockRang(self.origin(), self.at, due[0].id))

    def _something(self) -> None:
        """She answers, follows the link, does not want to, writes elsewhere; or the same event comes once more."""
        pending = next((one for one in self.live if one.foreground), None)
        if self.again is not None and self.chance.random() < 0.2:
            self._pull(self.again)
        elif pending is not None and pending.wait is not None and pending.wait.kind == "switch":
            self._switch(pending)
        elif (awaited := self._awaited()) and self.chance.random() < 0.6:
            self.react(EventArrived(self.origin(), self.at, awaited[0]))
        else:
            known = self.contact.channel or self.chance.choice(list(self.bot.channels))
            channel = known if self.chance.random() < 0.7 else self.chance.choice(list(self.bot.channels))
            self.hear(self.chance.choice(["yes", "no", "Red", "blue", "7", "hm", "what?"]), channel)

    def _awaited(self) -> list[str]:
        """The events for which sessions stand still."""
        waits = [(one.flow, one.wait.step) for one in self.live if one.wait and one.wait.kind == "event"]
        steps = [self.bot.flows[flow].steps[step] for flow, step in waits]
        return [step.event for step in steps if isinstance(step, WaitFor)]

    def _switch(self, session: Session) -> None:
        assert session.wait is not None
        offer, mood = session.wait.offer, self.chance.random()
        if mood < 0.5:
            step = self.bot.flows[session.flow].steps[session.wait.step]
            target = self.chance.choice(list(step.channels))  # type: ignore[union-attr]
            self._wrote(target)
            self.react(Switched(self.origin(), self.at, session.id, offer, target))
        elif mood < 0.8:
            outcome = self.chance.choice(["declined", "unavailable"])
            self.react(SwitchEnded(self.origin(), self.at, session.id, offer, outcome))
        else:
            self.hear("hm", self.contact.channel or "whatsapp")

    # the machine

    @property
    def contact(self) -> Contact:
        return self.standing.contact

    @property
    def live(self) -> list[Session]:
        return [session for session in self.standing.sessions if session.live]

    def origin(self) -> str:
        self.count += 1
        return f"e{self.count}"

    def hear(self, text: str, channel: str) -> None:
        self._wrote(channel)
        heard = Heard(Identity(channel, "psid", "1"), f"m{self.count}", self.at, "text", text)
        self.react(MessageHeard(self.origin(), self.at, heard))

    def comment(self, trigger: Trigger) -> None:
        """She comments under the post; some comments are told of late."""
        bound = [one.id for one in self.bot.channels.values() if {one.id, one.platform} & trigger.channels]
        channel = self.chance.choice([one for one in bound or list(self.bot.channels) if one != "whatsapp"])
        word = next((word for words in trigger.words.values() for word in words), "hello")
        at = self.at - (timedelta(days=8) if self.chance.random() < 0.1 else timedelta(0))
        data = {"comment": f"c{self.count}", "post": "p1", "kind": "feed"}
        heard = Heard(Identity(channel, "psid", "1"), f"m{self.count}", at, "comment", word, data=data)
        self.react(MessageHeard(self.origin(), self.at, heard))

    def _wrote(self, channel: str) -> None:
        contact = self.contact
        heard = {**contact.last_heard, channel: self.at}
        contact = replace(contact, channel=channel, last_heard=heard, last_seen_at=self.at)
        self.standing = replace(self.standing, contact=contact)

    def react(self, event: Event) -> None:
        """One event; whatever it makes the bot say is put to policy at the same moment."""
        reaction = react(self.bot, self.standing, event)
        live = {one.id: one for one in (*self.standing.sessions, *reaction.sessions)}
        self.standing = Standing(reaction.contact, tuple(one for one in live.values() if one.live))
        self.told.append(f"{self.at:%a %H:%M:%S} {type(event).__name__} {[turn.path for turn in reaction.turns]}")
        self.note(reaction.effects)
        self._judge_private(reaction)
        for effect in reaction.effects:
            say = effect.say if isinstance(effect, OfferSwitch) else effect
            if isinstance(say, Say):
                self._judge(say)

    def note(self, effects: Iterable[Effect]) -> None:
        """For walks that look at more than what is said."""

    def _judge_private(self, reaction: Reaction) -> None:
        """A private reply without a comment that it could answer is as bad as a message with the window shut."""
        answered = {one.session for one in reaction.effects if isinstance(one, Say) and comment_in(one.reply_to)}
        steps = [
            (turn.session.flow, step)
            for turn in reaction.turns
            for step, exit in turn.path
            if exit == "already_sent" and turn.session.id in self.replied
        ]
        self.replied |= answered
        reports = [one for one in reaction.effects if isinstance(one, Report) and "no comment" in one.reason]
        steps += [(one.flow, one.step) for one in reports]
        for flow, step in steps:
            if flow in self.bot.flows and isinstance(self.bot.flows[flow].steps.get(step), PrivateReply):
                self.refused.append(Say("", Text(""), step=step))

    def _judge(self, say: Say) -> None:
        verdict = may_send(self.bot, self.contact, say, self.at)
        if isinstance(verdict, Refuse) and verdict.refusal.code == "window_closed" and not templated(say):
            self.refused.append(say)
        if isinstance(verdict, Allow) and not self._emulator_takes(say, verdict):
            self.refused.append(say)

    def _emulator_takes(self, say: Say, verdict: Allow) -> bool:
        """Whether the emulator's own judge has the window open too; it knows nothing of our policy."""
        channel = verdict.identity.channel
        if comment_in(say.reply_to) or isinstance(verdict.content, Template | PublicReply | Sign):
            return True
        heard = self.contact.last_heard.get(channel)
        phone = Phone("ana", channel, "1", last_heard=heard.timestamp() if heard else None)
        return phone.heard_within(self.at.timestamp(), DAY)


def templated(say: Say) -> bool:
    """Whether it has a template for a shut window; where there are no templates it is passed over."""
    return say.template is not None or isinstance(say.content, Template)
