"""Whatever happens in whatever order: nothing raises, sessions survive JSON, the same events give the same turns.

The person of `worlds` checks the last two, and one question at a time, after every single event.
"""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.engine.worlds import START, Person, ask, bot, c, choice, d, flow, keyword, msg, p, send, words
from trinario.engine.limits import STEPS_A_TURN
from trinario.model.effect import Say
from trinario.model.event import ClockRang, EventArrived, FateKnown, FlowWanted, Switched, SwitchEnded
from trinario.model.flow import (
    Branch,
    BranchCase,
    Call,
    ExitWhen,
    Goal,
    Handoff,
    InputSpec,
    Message,
    Remind,
    Send,
    Set,
    Start,
    SwitchChannel,
    Tag,
    Trigger,
    Wait,
)
from trinario.model.session_json import session_from_json, session_to_json

LEAD = flow(
    "lead", send("hello", "Hi {{ contact.first_name or 'there' }}!"),
    ask("interest", "What?", "Plants", choice("Tools", "tools", next="photo"), "Café", save="fields.interest", change=True),
    ask("email", "E-mail?", type="email", save="fields.email", skip_if_known=True, burst=d("3s")),
    ask("budget", "Budget?", type="number", min=Decimal(100), timeout=d("2h"), default=p("{{ 100 }}"), save="fields.budget"),
    Branch(name="qualify", cases=(BranchCase(c("answers.budget >= 5000"), "go", "hot"), BranchCase(None, "bye"))),
    SwitchChannel(name="go", channels=("whatsapp",), exits={"expired": "bye"}),
    ask("photo", "Photo?", type="image", retries=1, remind=Remind(d("1h"), words("Hello?"))),
    Handoff(name="people", team="sales", resume="ask_again"),
    send("bye", "Bye {{ answers.interest | label }}", counts="lead"),
    triggers=(keyword("info"), Trigger("referral", "spring")), words={"it": {"interest.choices.0": p("Piante")}},
)  # fmt: skip
SIDE = flow(
    "side", ask("sure", "Sure?", type="yes_no", exits={"no": "end"}), Call(name="sub", flow="inner", save="vars.got"),
    Set(name="count", values={"vars.n": p("{{ vars.n + 1 }}")}),
    send("many", "{{ vars.n }} {{ vars.got.x }}", exits={"failed": "sorry"}), Start(name="more", flow="drip"),
    send("sorry", "Sorry"), triggers=(keyword("side", mode="exact"), Trigger("event", "ping")),
    vars={"n": InputSpec("number", Decimal(1)), "got": InputSpec("any")}, handlers={"failed": "sorry"},
)  # fmt: skip
INNER = flow("inner", ask("x", "X?"), Wait(name="w", duration=d("1h")), send("s", "{{ answers.x }}"),
             returns={"x": p("{{ answers.x }}")})  # fmt: skip
DRIP = flow(
    "drip", Wait(name="w", duration=d("1d"), between=(540, 1200)), Send(name="s", messages=(Message(one_of=(msg("A"), msg("B"))),)),
    Goal(name="g", goal="seen"), Tag(name="t", names=("customer",)), ask("q", "More?", choice("Yes", next="w"), "No"),
    triggers=(Trigger("event", "cart"),), exit_when=(ExitWhen("event", "paid", c("event.id == trigger.id")),), purpose="marketing",
)  # fmt: skip
BROKEN = flow(
    "broken", ask("q", "Anything?", type="any"), send("a", "{{ answers.q.nothing.at_all }}", next="gone"),
    triggers=(keyword("broken", mode="contains"),),
)  # fmt: skip
LOOP = flow("loop", Set(name="a", values={"vars.x": p("{{ vars.x + 1 }}")}, next="a"), vars={"x": InputSpec("number", Decimal(0))},
            triggers=(keyword("loop"),))  # fmt: skip
WELCOME = flow("welcome", ask("name", "Name?", type="name"), send("hi", "{{ answers.name }}!"))
BOT = bot(LEAD, SIDE, INNER, DRIP, BROKEN, LOOP, WELCOME, default_flow="welcome", handoff_return=d("30m"))

WORDS = st.sampled_from([
    "info", "side", "broken glass", "loop", "stop", "START", "help", "human", "restart", "back", "yes", "no", "1", "2", "3",
    "Plants", "piante", "plnats", "café", "ana@x.it", "6000", "50", "", "  ", "🌹", "{{ 1/0 }}", "\x00", "\ud800", "x" * 5000,
])  # fmt: skip
CHANNELS = st.sampled_from(["messenger", "instagram", "whatsapp", "nowhere"])
SPANS = st.sampled_from(["1s", "5s", "1h", "3h", "25h", "4d"])
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5,
)  # fmt: skip
ACTIONS = st.one_of(
    st.tuples(st.just("write"), WORDS | st.text(max_size=12), CHANNELS),
    st.tuples(st.just("tap"), st.integers(0, 50), CHANNELS),
    st.tuples(st.just("media"), st.sampled_from(["image", "audio", "sticker"]), CHANNELS),
    st.tuples(st.just("heard"), st.sampled_from(["referral", "get_started", "location", "reaction", "other", "order"]), CHANNELS),
    st.tuples(st.just("after"), SPANS),
    st.tuples(st.just("ring"), st.integers(0, 10)),
    st.tuples(st.just("event"), st.sampled_from(["ping", "cart", "paid", "other"]),
              st.dictionaries(st.sampled_from(["id", "kind", "text"]), DATA, max_size=2)),
    st.tuples(st.just("fate"), st.integers(0, 10), st.sampled_from(["accepted", "refused", "failed", "odd"])),
    st.tuples(st.just("switched"), st.integers(0, 10), CHANNELS),
    st.tuples(st.just("switch_ended"), st.integers(0, 10), st.sampled_from(["declined", "unavailable"])),
    st.tuples(st.just("returned")),
    st.tuples(st.just("start"), st.sampled_from(["lead", "side", "drip", "broken", "gone"])),
    st.tuples(st.just("tag"), st.sampled_from(["customer", "vip"])),
    st.tuples(st.just("deploy"), st.sampled_from(["lead", "side", "inner"])),
)  # fmt: skip


def one_of(person: Person, index: int) -> str:
    names = list(person.sessions) or ["i0.1"]
    return names[index % len(names)]


def act(person: Person, action: tuple[Any, ...]) -> None:
    match action:
        case ("write", text, channel):
            person.channel = channel
            person.write(text)
        case ("tap", index, channel):
            person.channel = channel
            offers = [o for s in person.sessions.values() for prompt in s.prompts for o in prompt.options]
            payload = offers[index % len(offers)] if offers else None
            person.tap(payload.title if payload else "x", payload.payload if payload else "menu")
        case ("media", kind, channel):
            person.channel = channel
            person.media(kind)
        case ("heard", kind, channel):
            person.channel = channel
            person.heard(kind, data={"latitude": 45.1})
        case ("after", span):
            person.after(span)
        case _:
            other(person, action)


def other(person: Person, action: tuple[Any, ...]) -> None:
    origin, at = person.origin(), person.at
    match action:
        case ("ring", index):
            person.react(ClockRang(origin, at, one_of(person, index)))
        case ("event", name, data):
            person.react(EventArrived(origin, at, name, data))
        case ("fate", index, outcome):
            keys = [key for s in person.sessions.values() if s.wait for key in s.wait.keys] or ["k"]
            person.react(FateKnown(origin, at, one_of(person, index), keys[index % len(keys)], outcome))
        case ("switched", index, channel):
            session = person.sessions.get(one_of(person, index))
            person.contact = replace(person.contact, channel=channel)
            offer = session.wait.offer if session and session.wait else "x"
            person.react(Switched(origin, at, session.id if session else "x", offer, channel))
        case ("switch_ended", index, outcome):
            session = person.sessions.get(one_of(person, index))
            offer = session.wait.offer if session and session.wait else "x"
            person.react(SwitchEnded(origin, at, session.id if session else "x", offer, outcome))
        case ("returned",):
            person.returned()
        case ("start", name):
            person.react(FlowWanted(origin, at, name, {"who": "x"}))
        case ("tag", name):
            person.contact = replace(person.contact, tags=person.contact.tags | {name})
        case ("deploy", name):
            flows = dict(person.bot.flows)
            flows[name] = replace(flows[name], revision=flows[name].revision + "+")
            person.bot = replace(person.bot, flows=flows)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, max_size=25))
def test_nothing_raises(actions: list[tuple[Any, ...]]) -> None:
    person = Person(BOT)
    for action in actions:
        owner, stopped = person.contact.owner, False
        act(person, action)
        reaction = person.reaction
        if reaction is None or action[0] in ("after", "tag", "deploy"):
            continue
        stopped = any(session.reason == "stop word" for session in reaction.sessions) or "consent" in str(
            reaction.effects
        )
        if owner == "person" and reaction.contact.owner == "person" and not stopped:
            assert not [effect for effect in reaction.effects if isinstance(effect, Say)], "people have her"
        for turn in reaction.turns:
            assert len(turn.path) <= 3 * STEPS_A_TURN
        live = [session for session in person.sessions.values() if session.live]
        if reaction.contact.owner == "bot" and any(one.asking for one in live) and person.waiting_or_none is None:
            assert any(one.wait and one.wait.kind == "sent" for one in live), "no question is forgotten"
        for session in reaction.sessions:
            assert session.live == (session.wait is not None)
            assert session.status in ("waiting", "aside", "done", "failed", "expired", "stopped")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, max_size=15))
def test_the_same_events_give_the_same_talk(actions: list[tuple[Any, ...]]) -> None:
    one, two = Person(BOT), Person(replace(BOT))
    for action in actions:
        act(one, action)
        act(two, action)
        assert one.reaction == two.reaction


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, max_size=15))
def test_sessions_that_went_through_json_go_on_the_same(actions: list[tuple[Any, ...]]) -> None:
    person = Person(BOT)
    for action in actions:
        act(person, action)
        for session in person.sessions.values():
            text = json.dumps(session_to_json(session))
            assert json.dumps(session_to_json(session_from_json(json.loads(text)))) == text


@given(st.text(max_size=200), st.timedeltas(timedelta(), timedelta(days=3000)))
def test_any_text_to_any_question(text: str, later: timedelta) -> None:
    for kind in ("text", "name", "any", "number", "email", "phone", "yes_no", "image"):
        person = Person(bot(flow("f", ask("q", "?", type=kind), send("s", "{{ answers.q }}"))))
        person.start("f")
        person.write(text)
        person.at = START + later
        person.after("1h")
