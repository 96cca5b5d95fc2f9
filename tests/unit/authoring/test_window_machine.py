"""The window proof and the machine agree: what the proof accepts of random flows, no random walk finds refused."""

import random

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.walks import Walk, bot_of
from trinario.authoring.window import prove_all
from trinario.authoring.window_walk import Around
from trinario.model.bot import Bot
from trinario.model.flow import Handoff

NAMES = ("a", "b", "c")
SPANS = st.sampled_from(["30m", "2h", "11h", "20h", "23h", "24h", "1d", "40h"])
SHORT = st.sampled_from(["30m", "2h", "11h", "20h"])
GUARDS = st.sampled_from([
    "channel.window_open", "not channel.window_open", "channel.window_open and fields.n > 1",
    "fields.n > 1 or channel.window_open", "fields.n > 1", "channel.platform == 'whatsapp'",
    "not (fields.n > 1 or not channel.window_open)", "channel.name in ['whatsapp', 'messenger']",
    "channel.window_open == false", "fields.x and not channel.window_open",
])  # fmt: skip
ORDERS = st.sampled_from(["[whatsapp]", "[whatsapp, messenger]", "[current, instagram]", "[instagram, preferred]"])
TRIGGERS = (
    "[{keyword: go}]", "[{keyword: go}]", "[{keyword: go, channels: [whatsapp]}]",
    "[{keyword: go, match: exact, if_busy: defer}]", "[{event: cart.abandoned}]",
    "[{comment: [win]}]", "[{comment: [win], channels: [instagram]}, {keyword: go}]", "[{comment: [win], if_busy: defer}]",
    "[{event: cart.abandoned, if_busy: skip}]", "[{keyword: go}, {event: cart.abandoned}]", "",
)  # fmt: skip


@st.composite
def flows(draw: st.DrawFn) -> dict[str, str]:
    """Up to three flows that call and start each other, the first with triggers; YAML by name."""
    count = draw(st.integers(1, 3))
    return {name: draw(flow(name, NAMES[number + 1 : count])) for number, name in enumerate(NAMES[:count])}


@st.composite
def flow(draw: st.DrawFn, name: str, others: tuple[str, ...]) -> str:
    """A flow of one to six steps; other flows are called downwards only, or itself."""
    names = [f"s{number}" for number in range(draw(st.integers(1, 6)))]
    head = f"flow: {name}\n"
    triggers = draw(st.sampled_from(TRIGGERS)) if name == "a" else ""
    head += f"triggers: {triggers}\n" if triggers else ""
    head += "delivery: {template: {name: t}}\n" if draw(st.integers(0, 9)) == 0 else ""
    exits = ["timeout", "invalid", "failed", "expired"]
    if draw(st.integers(0, 4)) == 0:
        head += f"handlers: {{{draw(st.sampled_from(exits))}: {draw(st.sampled_from(names))}}}\n"
    steps = [f"  {step}: {draw(verb(names, others, step))}" for step in names]
    return head + "steps:\n" + "\n".join(steps) + "\n"


@st.composite
def verb(draw: st.DrawFn, names: list[str], others: tuple[str, ...], own: str = "") -> str:
    """One step, in braces; `own` is its name, "" for one that may be no loop."""
    to = st.sampled_from([*names, "end"])
    kinds = [
        "send",
        "send",
        "send",
        "ask",
        "ask",
        "wait",
        "wait",
        "branch",
        "switch",
        "handoff",
        "set",
        "private",
        "private",
        "public",
        "split",
        "wait_for",
    ]
    if own and draw(st.integers(0, 6)) == 0:
        return draw(loop(names, others, own))
    kind = draw(st.sampled_from([*kinds, *(["call", "start"] if others else [])]))
    keys = []
    if kind == "send":
        keys = ["send: Hi", *draw(delivery())]
        keys += [f"on_failed: {draw(to)}"] if draw(st.integers(0, 9)) == 0 else []
    elif kind == "ask":
        keys = ["ask: 'Well?'", *draw(question(to)), *draw(delivery())]
    elif kind == "wait":
        keys = draw(pause())
    elif kind == "branch":
        return f'{{branch: [{{if: "{draw(GUARDS)}", next: {draw(to)}}}, {{else: {draw(to)}}}]}}'
    elif kind == "switch":
        keys = ["switch_channel: whatsapp", f"expires: {draw(SPANS)}"]
        keys += [f"on_expired: {draw(to)}", f"on_declined: {draw(to)}"]
    elif kind == "handoff":
        keys = ["handoff: sales", f"resume: {draw(st.sampled_from(['next', 'ask_again', 'end']))}"]
    elif kind == "private":
        keys = ["private_reply: 'Shall we?'", *draw(question(to, private=True))]
        keys += [f"on_{exit}: {draw(to)}" for exit in ("too_late", "already_sent") if draw(st.integers(0, 3)) == 0]
        keys += ["if: \"trigger.kind == 'comment'\""] if draw(st.integers(0, 3)) == 0 else []
        return "{" + ", ".join([*keys, *([f"next: {draw(to)}"] if draw(st.booleans()) else [])]) + "}"
    elif kind == "public":
        keys = ["comment_reply: Thanks"]
    elif kind == "split":
        keys = ["split: {a: 1, b: 1}", f"on_b: {draw(to)}"]
    elif kind == "wait_for":
        keys = ["wait_for: order.paid"]
        keys += [f"timeout: {draw(SPANS)}", f"on_timeout: {draw(to)}"] if draw(st.integers(0, 3)) else []
    elif kind == "set":
        keys = ['set: {fields.n: "{{ fields.n + 1 }}"}']
    else:
        keys = [f"{kind}: {draw(st.sampled_from(others))}"]
    keys += [f"next: {draw(to)}"] if kind != "start" and draw(st.booleans()) else []
    keys += [f'if: "{draw(GUARDS)}"'] if draw(st.integers(0, 3)) == 0 else []
    return "{" + ", ".join(keys) + "}"


@st.composite
def loop(draw: st.DrawFn, names: list[str], others: tuple[str, ...], own: str) -> str:
    """A `foreach` over up to three items, whose steps lead anywhere; one may be a loop again."""
    inner = [f"{own}_{number}" for number in range(draw(st.integers(1, 3)))]
    reach = [*names, *inner]
    steps = [f"{name}: {draw(verb(reach, others, name if len(own) < 4 else ''))}" for name in inner]
    items = draw(st.sampled_from(["[]", "[1]", "[1, 2]", "[1, 2, 3]"]))
    keys = [f'foreach: "{items}"', f"as: i_{own}", f"steps: {{{', '.join(steps)}}}"]
    if draw(st.integers(0, 3)) == 0:
        keys += [f"handlers: {{timeout: {draw(st.sampled_from([*reach, 'end']))}}}"]
    keys += [f"next: {draw(st.sampled_from([*names, 'end']))}"] if draw(st.booleans()) else []
    keys += [f'if: "{draw(GUARDS)}"'] if draw(st.integers(0, 2)) == 0 else []
    return "{" + ", ".join(keys) + "}"


@st.composite
def question(draw: st.DrawFn, to: st.SearchStrategy[str], private: bool = False) -> list[str]:
    keys: list[str] = []
    if draw(st.booleans()):
        keys += [f"timeout: {draw(SPANS)}"]
        keys += [f"on_timeout: {draw(to)}"] if draw(st.booleans()) else ["default: 7"] if draw(st.booleans()) else []
    elif draw(st.integers(0, 3)) == 0:
        keys += [f"remind: {{after: {draw(SHORT)}, text: Still there?}}"]
    kind = draw(st.sampled_from(["text", "choices"] if private else ["text", "number", "yes_no", "choices", "known"]))
    if kind == "choices":
        keys += [f"choices: [{{title: Red, next: {draw(to)}}}, Blue]"]
    elif kind == "yes_no":
        keys += ["type: yes_no", f"on_no: {draw(to)}"]
    elif kind == "known":
        keys += ["save: fields.x", "skip_if_known: true"]
    elif kind == "number":
        keys += ["type: number", "retries: 1", f"on_invalid: {draw(to)}"]
    return keys + (["burst: 30m"] if draw(st.integers(0, 9)) == 0 else [])


@st.composite
def pause(draw: st.DrawFn) -> list[str]:
    if draw(st.integers(0, 5)) == 0:
        return ["wait: {until: fields.at}"]
    keys = [f"wait: {draw(SHORT)}"]
    keys += ["between: '06:00-22:00'"] if draw(st.integers(0, 4)) == 0 else []
    return keys + (["days: weekdays"] if draw(st.integers(0, 9)) == 0 else [])


@st.composite
def delivery(draw: st.DrawFn) -> list[str]:
    what = draw(st.integers(0, 9))
    if what < 7:
        return []
    return ["delivery: {template: {name: t}}"] if what < 9 else [f"delivery: {{order: {draw(ORDERS)}}}"]


def proved(bot: Bot) -> bool:
    windows = {channel.id: channel.window for channel in bot.channels.values()}
    platforms = {channel.id: channel.platform for channel in bot.channels.values()}
    return not prove_all(bot.flows, windows, Around(platforms, bot.delivery, bot.handlers))


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(flows(), st.integers(0, 10**6))
def test_no_walk_through_accepted_flows_meets_a_shut_window(made: dict[str, str], seed: int) -> None:
    bot = bot_of(made)
    accepted = proved(bot)
    event(f"accepted: {accepted}")
    if not accepted:
        return
    people = any(isinstance(step, Handoff) for flow in bot.flows.values() for step in flow.steps.values())
    for number in range(12):
        walk = Walk(bot, random.Random(seed + number))
        walk.alone = people
        walk.begin(bot.flows["a"])
        walk.go(40)
        assert not walk.refused, "\n".join([*made.values(), *walk.told, str(walk.refused[0])])
