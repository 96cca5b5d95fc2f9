"""Whatever happens in whatever order, with calls, loops, permissions, comments and triggers of changes: what must hold, holds."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.engine.worlds import Person, bot
from trinario.authoring.parse import parse_flow
from trinario.engine.limits import MARKS_KEPT
from trinario.model.channel import Identity
from trinario.model.effect import CallOut, ChangeContact, LetIn, RaiseEvent, SetTimer
from trinario.model.event import (
    CallReturned,
    ContactChanged,
    EventArrived,
    FateKnown,
    Redeployed,
    StatusTold,
    TriggerDue,
)
from trinario.model.flow import Flow, OptIn
from trinario.model.session import Session, holds_until

FLOWS = """
flow: order
triggers: [{keyword: order}, {event: cart, once: {per: event.id, every: 1d}}]
exit_when: [{event: paid, match: event.id == trigger.id}, {opt_out: marketing}]
handlers: {failed: sorry}
vars: {got: {type: list, default: []}}
steps:
  look: {http: GET https://cal.example/slots, save: vars.found, timeout: 5s, on_client_error: none, on_409: again}
  slot: {ask: Which?, choices: {from: "answers.look.data.slots or ['a', 'b']", title: item}, change: true, on_empty: none}
  each:
    foreach: "[1, 2, 3]"
    as: outer
    steps:
      inner:
        foreach: "['x', 'y']"
        as: letter
        steps:
          pick: {ask: "{{ vars.outer }}{{ vars.letter }}?", choices: [Yes, {title: No, next: each}, {title: Out, next: book}]}
          sub: {call: sub, with: {n: "{{ vars.outer }}"}, if: vars.letter == 'x'}
      step: {http: POST https://cal.example/hold, json: {n: "{{ vars.outer }}"}, timeout: 5s, on_failed: each}
      over: {switch_channel: whatsapp, if: vars.outer == 2, on_expired: each}
  book: {http: POST https://cal.example/book, json: {a: 1}, idempotency_key: true, timeout: 5s, on_409: again}
  done: {send: Booked, next: end}
  again: {send: Gone, next: slot}
  none: {send: Nothing, next: end}
  sorry: {send: Sorry}
---
flow: sub
inputs: {n: {type: number}}
steps:
  mark: {function: look, with: {n: "{{ call.n }}"}, timeout: 1s, on_failed: q}
  q: {ask: "Sub {{ call.n }}?", timeout: 1h, default: none}
  w: {wait_for: pinged, timeout: 1h, on_timeout: end}
---
flow: offer
purpose: marketing
triggers: [{tag: vip}, {keyword: offer}]

steps:
  may: {opt_in: marketing, wording: May we?, double: true, on_refused: end}
  both: {split: {a: 50, b: 50}, on_a: one, on_b: two}
  one: {send: Offer A, next: more}
  two: {send: Offer B}
  more: {wait: 1d}
  last: {send: Last offer}
  no_more: {opt_out: marketing}
---
flow: follow
triggers: [{tag: vip, when: removed}, {field: fields.city}, {segment: "fields.interest == 'x'", when: leave}]
steps:
  untag: {tag: vip}
  change: {set: {fields.interest: "{{ 'y' if fields.interest == 'x' else 'x' }}"}}
  tell: {emit: pinged, data: {n: "{{ 1 }}"}}
  ai: {ai: classify, text: "{{ fields.city or '' }}", labels: [x, y], fallback: out}
  out: {ask: How was it?}
---
flow: echo
triggers: [{event: pinged}, {opt_out: marketing}, {opt_in: marketing}, {message_status: delivered}, {inactivity: 2d}]
steps:
  again: {emit: pinged, data: {n: "{{ 2 }}"}}
  city: {set: {fields.city: "{{ (fields.city or '') ~ 'x' }}"}}
  http: {http: "GET https://cal.example/{{ fields.city }}", timeout: 2s, on_failed: end}
  say: {send: Echo}
---
flow: public
triggers: [{comment: any, once: {per: post}}]
steps:
  below: {comment_reply: Look in your inbox, on_failed: private}
  private: {private_reply: Hello in private, choices: [Go], on_already_sent: end, on_too_late: end, timeout: 1d}
  grow: {foreach: "[1, 2]", steps: {age: {ask: How old?, type: number}}}
  ticket: {ticket: spring}
---
flow: reminder
triggers: [{date: fields.email, before: [1d], recurring: true}]
steps:
  s: {ask: Do you come?, type: yes_no}
"""


def parsed(text: str) -> Flow:
    found = parse_flow(text.encode(), "f.yaml")
    assert found.flow is not None, found.issues
    return found.flow


BOT = bot(*map(parsed, FLOWS.split("---")), default_flow="order", ai=True)

TEXTS = st.sampled_from([
    "order", "offer", "stop", "start", "back", "human", "restart", "help", "yes", "no", "1", "2", "a", "Yes", "No", "Out", "7", "hm",
])  # fmt: skip
CHANNELS = st.sampled_from(["messenger", "messenger", "instagram", "whatsapp"])
STATUSES = st.sampled_from([200, 201, 404, 409, 500])
SLOTS = st.sampled_from([None, {"slots": ["a", "b"]}, {"slots": []}, {"slots": None}, "x", [1]])
ACTIONS = st.one_of(
    st.tuples(st.just("write"), TEXTS, CHANNELS),
    st.tuples(st.just("write"), TEXTS, CHANNELS),
    st.tuples(st.just("tap"), st.integers(0, 60), CHANNELS),
    st.tuples(st.just("comment"), st.sampled_from(["p1", "p2"])),
    st.tuples(st.just("answer"), st.integers(0, 3), STATUSES, SLOTS),
    st.tuples(st.just("answer"), st.integers(0, 3), STATUSES, SLOTS),
    st.tuples(st.just("no_answer"), st.integers(0, 3)),
    st.tuples(st.just("inward")),
    st.tuples(st.just("after"), st.sampled_from(["5s", "1m", "2h", "25h", "4d"])),
    st.tuples(st.just("event"), st.sampled_from(["cart", "paid", "pinged"]), st.integers(1, 2)),
    st.tuples(st.just("fate"), st.integers(0, 9), st.sampled_from(["accepted", "failed", "refused"]),
              st.sampled_from(["", "10900", "10901", "100/2534025"])),
    st.tuples(st.just("status"), st.sampled_from(["order", "offer", "echo"])),
    st.tuples(st.just("change"), st.sampled_from(["vip", "-vip", "city", "interest", "email"])),
    st.tuples(st.just("rings"), st.integers(0, 9)),
    st.tuples(st.just("returned")),
    st.tuples(st.just("switched"), st.sampled_from(["whatsapp"])),
    st.tuples(st.just("deployed"), st.integers(0, 3)),
)  # fmt: skip


class House:
    """A person with the outside beside her: calls that are out, events under way, timers."""

    def __init__(self) -> None:
        self.ana = Person(BOT)
        self.calls: dict[str, CallOut] = {}
        self.made: set[str] = set()
        self.inward: list[RaiseEvent] = []
        self.timers: dict[str, SetTimer] = {}
        self.stopped = False

    def act(self, action: tuple[Any, ...]) -> None:
        before, owner = list(self.ana.sessions.values()), self.ana.contact.owner
        self.ana.reaction = None
        self._do(action)
        if self.ana.reaction is not None:
            self._carry()
            self._judge(action, before, owner)

    def _do(self, action: tuple[Any, ...]) -> None:
        ana = self.ana
        match action:
            case ("write", text, channel):
                self._speaks(channel)
                ana.write(text)
            case ("tap", index, channel):
                offers = [o for s in ana.sessions.values() for prompt in s.prompts for o in prompt.options]
                if offers:
                    self._speaks(channel)
                    ana.tap(offers[index % len(offers)].title, offers[index % len(offers)].payload)
            case ("comment", post):
                ana.channel = "instagram"
                ana.comment("win", post=post, channel="instagram")
            case ("answer", index, status, data) if self.calls:
                call = self._call(index)
                ana.react(CallReturned(ana.origin(), ana.at, call.session, call.key, "answered", status, data))
            case ("no_answer", index) if self.calls:
                call = self._call(index)
                ana.react(CallReturned(ana.origin(), ana.at, call.session, call.key, "failed", reason="lost"))
            case ("inward",) if self.inward:
                one = self.inward.pop(0)
                ana.react(EventArrived(ana.origin(), ana.at, one.name, one.data, one.hops))
            case ("after", span):
                ana.wait_a(p_seconds(span))
            case ("event", name, id):
                ana.event(name, id=id)
            case _:
                self._do_more(action)

    def _do_more(self, action: tuple[Any, ...]) -> None:
        ana = self.ana
        match action:
            case ("fate", index, outcome, reason):
                waiting = [(s.id, key) for s in ana.sessions.values() if s.wait for key in s.wait.keys]
                if waiting:
                    name, key = waiting[index % len(waiting)]
                    ana.react(FateKnown(ana.origin(), ana.at, name, key, outcome, reason))
            case ("status", name):
                ana.react(StatusTold(ana.origin(), ana.at, "delivered", name, "s", "messenger", ""))
            case ("change", "vip" | "-vip" as tag):
                change = ChangeContact(tags_added=("vip",)) if tag == "vip" else ChangeContact(tags_removed=("vip",))
                ana.react(ContactChanged(ana.origin(), ana.at, change))
            case ("change", name):
                value = {"city": f"c{ana.number}", "interest": "x", "email": "2026-03-05T10:00:00+00:00"}[name]
                ana.react(ContactChanged(ana.origin(), ana.at, ChangeContact(fields={name: value})))
            case ("rings", index):
                self._ring(index)
            case ("returned",) if ana.contact.owner == "person":
                ana.returned()
            case ("switched", channel):
                if any(s.wait and s.wait.kind == "switch" for s in ana.sessions.values()):
                    session = next(s for s in ana.sessions.values() if s.wait and s.wait.kind == "switch")
                    ana.switched(channel, session)
            case ("deployed", index):
                live = [one for one in ana.sessions.values() if one.live and one.status == "aside"]
                if live:
                    ana.react(Redeployed(ana.origin(), ana.at, live[index % len(live)].id))
            case _:
                pass

    def _speaks(self, channel: str) -> None:
        self.ana.channel = channel
        identity = Identity(channel, "psid", "7")
        if identity not in self.ana.contact.identities:
            self.ana.contact = replace(self.ana.contact, identities=(*self.ana.contact.identities, identity))

    def _ring(self, index: int) -> None:
        ana = self.ana
        due = [s for s in ana.sessions.values() if s.wake_at and s.wake_at <= ana.at]
        timers = [one for one in self.timers.values() if one.due <= ana.at]
        if due and ana.contact.owner == "bot":
            ana.ring(due[index % len(due)])
        elif timers:
            one = timers[index % len(timers)]
            del self.timers[one.name]
            ana.react(TriggerDue(ana.origin(), ana.at, one.flow, one.key, one.due, one.offset))

    def _call(self, index: int) -> CallOut:
        return self.calls.pop(list(self.calls)[index % len(self.calls)])

    def _carry(self) -> None:
        for call in self.ana.effects(CallOut):
            assert call.key not in self.made, "every call has a key of its own"
            self.made.add(call.key)
            self.calls[call.key] = call
        self.inward += self.ana.effects(RaiseEvent)
        self.timers |= {one.name: one for one in self.ana.effects(SetTimer)}

    # what must hold

    def _judge(self, action: tuple[Any, ...], before: list[Session], owner: str) -> None:
        ana = self.ana
        assert ana.reaction is not None
        live = [session for session in ana.sessions.values() if session.live]
        held = owner == "bot" and holds_until(before) is not None
        holds = ana.contact.owner == "bot" and holds_until(live) is not None
        assert not (held and not holds) or ana.effects(LetIn), "what waited for the outside is let in"
        stop = action[0] == "write" and action[1] == "stop"
        heard = action[0] in ("write", "tap")
        self.stopped = stop or (self.stopped and not heard)
        if self.stopped:
            said = [say for say in ana.says if not say.hushed and say.purpose != "transactional"]
            begun_after = {one.id for one in live if not one.hushed}
            assert not stop or not said, "the confirmation is the last word"
            assert not [
                s for s in said if s.session and s.session not in begun_after and ana.sessions[s.session].hushed
            ]
        if ana.contact.owner == "bot" and not stop:
            free = not any(s.foreground or (s.wait and s.wait.kind in ("sent", "call")) for s in live)
            owed = [s for s in live if s.status == "aside" and not s.hushed]
            assert not (free and owed), "a question that stands aside is not forgotten"
        self._judge_marketing()
        for session in live:
            self._judge_session(session)
        assert len(ana.contact.marks) <= MARKS_KEPT

    def _judge_marketing(self) -> None:
        """From a marketing flow nothing goes as service, but the question itself whether she wants any."""
        for say in self.ana.says:
            if say.flow == "offer" and say.purpose != "marketing":
                step = BOT.flows["offer"].steps[say.step]
                assert isinstance(step, OptIn), say

    def _judge_session(self, session: Session) -> None:
        flow = BOT.flows[session.flow]
        assert session.wait is not None
        around = set(flow.around(session.wait.step))
        assert {loop.step for loop in session.loops} == around or session.wait.kind == "delay", (
            "it stands in these rounds"
        )
        if session.wait.kind == "call":
            assert session.wait.until is not None and session.status == "waiting"
            assert session.wait.keys[0] in self.made


def p_seconds(span: str) -> float:
    return {"5s": 5.0, "1m": 60.0, "2h": 7200.0, "25h": 90000.0, "4d": 345600.0}[span]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, max_size=30))
def test_what_must_hold_holds(actions: list[tuple[Any, ...]]) -> None:
    house = House()
    for action in actions:
        house.act(action)
