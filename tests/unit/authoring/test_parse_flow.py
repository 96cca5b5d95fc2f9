"""Flows: what an author wrote becomes the value that was meant."""

from decimal import Decimal
from typing import Any

import pytest

from trinario.authoring.parse import parse_flow
from trinario.expressions import Condition, Phrase
from trinario.model.duration import Duration
from trinario.model.flow import (
    Ask,
    Branch,
    Call,
    ChoicesFrom,
    Flow,
    Goal,
    Handoff,
    InputSpec,
    Message,
    Send,
    Set,
    Start,
    SwitchChannel,
    Tag,
    Untag,
    Wait,
    Words,
)


def flow(text: str) -> Flow:
    parsed = parse_flow(text.encode(), "flows/a.yaml")
    assert parsed.issues == () and parsed.flow is not None
    return parsed.flow


def step(text: str) -> Any:
    return flow(f"flow: a\nvars: {{n: 0, x: ''}}\nsteps:\n  s: {text}\n  t: {{send: x}}\n").steps["s"]


def said(text: str) -> Message:
    sent: Send = step(f"{{send: {text}}}")
    return sent.messages[0]


def test_a_text_has_the_key_of_its_place() -> None:
    sent = step("{send: Hi}")
    assert sent == Send(name="s", line=4, messages=(Message(text=Words("s.send", sent.messages[0].text.phrase)),))
    assert sent.messages[0].text.phrase.source == "Hi"


def test_several_messages_go_one_after_another() -> None:
    sent = step("{send: [Hi, {text: Ho}]}")
    assert [message.text.key for message in sent.messages] == ["s.send.0", "s.send.1.text"]


def test_media() -> None:
    message = said('{image: "https://x.example/{{ vars.n }}.jpg", caption: A rose}')
    assert message.media == "image" and message.url is not None and message.caption is not None
    assert message.url.source == "https://x.example/{{ vars.n }}.jpg" and message.caption.key == "s.send.caption"


def test_links() -> None:
    message = said('{text: Look, links: [{title: Shop, url: "https://x.example"}]}')
    assert [(link.title.key, link.url.source) for link in message.links] == [
        ("s.send.links.0.title", "https://x.example")
    ]


def test_one_of_and_plural_and_per_channel() -> None:
    assert [one.text.key for one in said("{one_of: [Hi, Hello]}").one_of if one.text] == [
        "s.send.one_of.0", "s.send.one_of.1",
    ]  # fmt: skip
    plural = said("{text: {one: A plant, other: Plants}, count: vars.n}")
    assert {name: words.key for name, words in plural.plural.items()} == {
        "one": "s.send.text.one", "other": "s.send.text.other",
    }  # fmt: skip
    assert plural.count == Condition("vars.n", plural.count.tree, ()) if plural.count else False
    apart = said("{text: Hi, per_channel: {instagram: Hey}}").per_channel["instagram"]
    assert apart.text is not None and apart.text.key == "s.send.per_channel.instagram"


def test_template_and_delivery() -> None:
    sent = step("{send: Hi, delivery: {order: [current, whatsapp], template: {name: t, params: {a: b}}}}")
    assert sent.delivery.order == ("current", "whatsapp")
    assert sent.delivery.template.name == "t" and sent.delivery.template.params["a"].source == "b"


def test_choices_in_every_form() -> None:
    asked: Ask = step("""
    ask: Which?
    choices:
      - Yes
      - title: Café
        value: cafe
        also: [coffee, bar]
        next: t
      - {title: Tea, also: {it: [tè]}, description: Green}
      - {title: "2026", value: 2026}""")
    assert asked.type == "choice" and isinstance(asked.choices, tuple)
    plain, cafe, tea, year = asked.choices
    assert (plain.title.key, plain.value) == ("s.choices.0.title", "Yes")
    assert (cafe.title.key, cafe.value, cafe.also, cafe.next) == (
        "s.choices.1.title", "cafe", {"": ("coffee", "bar")}, "t",
    )  # fmt: skip
    assert tea.value == "Tea" and tea.also == {"it": ("tè",)} and tea.description is not None
    assert year.value == Decimal(2026)


def test_choices_from_data() -> None:
    asked: Ask = step("{ask: Which?, choices: {from: vars.x, title: item.label}, on_empty: t}")
    assert isinstance(asked.choices, ChoicesFrom)
    assert asked.choices.items.source == "vars.x" and asked.choices.value.source == "item.label"


def test_ask_with_everything() -> None:
    asked: Ask = step("""
    ask: [Look, Your budget?]
    type: number
    min: 100
    max: 100000
    save: fields.budget
    error: A number, please.
    retries: 1
    timeout: 2h
    default: "{{ vars.n }}"
    skip_if_known: true
    remind: {after: 1h, text: Still there?}
    burst: 3s
    change: true
    interrupt: forbid
    on_timeout: t
    on_invalid: end""")
    assert asked.min == 100 and asked.max == 100000 and asked.retries == 1 and asked.save == "fields.budget"
    assert asked.timeout == Duration(0, 7200) and asked.burst == Duration(0, 3) and asked.change and not asked.interrupt
    assert asked.skip_if_known and asked.exits == {"timeout": "t", "invalid": "end"}
    assert asked.remind is not None and asked.remind.text.key == "s.remind.text"
    assert asked.error is not None and asked.error.key == "s.error"


def test_defaults_of_ask_are_those_of_the_table() -> None:
    asked: Ask = step("{ask: Who?}")
    assert (asked.type, asked.retries, asked.burst, asked.interrupt) == ("text", 2, None, True)


def test_branch() -> None:
    branched: Branch = step("{branch: [{if: vars.n > 1, next: t, category: hot}, {else: end}]}")
    first, last = branched.cases
    assert first.condition is not None and (first.next, first.category) == ("t", "hot")
    assert (last.condition, last.next) == (None, "end")


def test_set_keeps_types() -> None:
    changed: Set = step('{set: {vars.n: "{{ vars.n + 1 }}", vars.x: no, fields.z: 2.50, contact.language: it}}')
    assert isinstance(changed.values["vars.n"], Phrase)
    assert changed.values["vars.x"] == "no" and changed.values["contact.language"] == "it"
    assert changed.values["fields.z"] == Decimal("2.50")
    assert step("{unset: [vars.n, fields.z]}").values == {"vars.n": None, "fields.z": None}


def test_tags_goals_and_calls() -> None:
    assert step("{tag: vip}") == Tag(name="s", line=4, names=("vip",))
    assert step("{untag: [a, b]}") == Untag(name="s", line=4, names=("a", "b"))
    goal: Goal = step('{goal: lead, value: "{{ vars.n }}", currency: EUR}')
    assert goal.value is not None and (goal.goal, goal.currency) == ("lead", "EUR")
    called: Call = step("{call: address, with: {country: IT, n: 3}, save: vars.x}")
    assert (called.flow, called.inputs, called.save) == ("address", {"country": "IT", "n": Decimal(3)}, "vars.x")
    assert isinstance(step("{start: booking}"), Start)


def test_waits() -> None:
    assert step("{wait: 1d}").duration == Duration(1, 0)
    waited: Wait = step(
        "{wait: {until: fields.at, offset: -1d}, between: '09:00-20:00', days: weekdays, zone: contact}"
    )
    assert waited.until is not None and waited.offset == Duration(1, 0) and waited.offset_back
    assert waited.between == (540, 1200) and waited.days == frozenset(range(5)) and waited.zone is None
    late = step("{wait: 2h, late: skip after 3h, days: [mon, sun], zone: Europe/Rome}")
    assert late.late == Duration(0, 10800) and late.days == {0, 6} and late.zone == "Europe/Rome"


def test_handoff_and_switch() -> None:
    handed: Handoff = step("{handoff: sales, note: x, resume: next, after: 30m}")
    assert (handed.team, handed.resume, handed.priority) == ("sales", "next", "normal")
    switched: SwitchChannel = step("{switch_channel: whatsapp, text: Come, confirm: false}")
    assert switched.channels == ("whatsapp",) and switched.confirm is False and switched.expires == Duration(1, 0)
    assert step("{switch_channel: [whatsapp, instagram]}").confirm is None


def test_common_keys() -> None:
    sent = step("{send: Hi, next: end, if: vars.n, counts: seen, about: a remark}")
    assert (sent.next, sent.counts) == ("end", "seen") and sent.condition is not None


def test_triggers() -> None:
    made = flow("""
flow: a
triggers:
  - keyword: {en: [book], it: prenota}
    match: exact
    channels: [whatsapp]
    priority: 3
  - keyword: info
  - message
  - referral: spring
  - event: order.paid
    match: event.total > 3
    if_busy: defer
steps: {hi: {send: Hi}}
""").triggers
    words, plain, message, referral, event = made
    assert words.words == {"en": ("book",), "it": ("prenota",)} and words.mode == "exact"
    assert words.channels == {"whatsapp"} and words.priority == 3 and words.line == 4
    assert plain.words == {"": ("info",)} and plain.mode == "first_word"
    assert (message.kind, referral.value, event.value, event.if_busy) == ("message", "spring", "order.paid", "defer")
    assert event.match is not None


def test_vars_are_typed_by_their_first_value() -> None:
    made = flow("flow: a\nvars: {n: 0, t: abc, b: true, l: [], q: '5', d: {type: date}, z: {type: text, default: 7}}\n"
                "steps: {hi: {send: Hi}}\n")  # fmt: skip
    assert {name: (spec.type, spec.default) for name, spec in made.vars.items()} == {
        "n": ("number", Decimal(0)), "t": ("text", "abc"), "b": ("yes_no", True), "l": ("list", []),
        "q": ("text", "5"), "d": ("date", None), "z": ("text", "7"),
    }  # fmt: skip


def test_flow_keys() -> None:
    made = flow("""
flow: a
title: A flow
purpose: marketing
inputs: {service: {type: text, default: x}}
returns: {when: fields.at}
handlers: {invalid: hi}
exit_when:
  - event: order.paid
    match: event.cart_id == trigger.cart_id
  - tag: customer
  - when: fields.x > 1
expires: 1d
delivery: {order: [current]}
steps: {hi: {send: Hi}}
""")
    assert (made.title, made.purpose, made.handlers) == ("A flow", "marketing", {"invalid": "hi"})
    assert made.inputs == {"service": InputSpec("text", "x")} and made.expires == Duration(1, 0)
    assert made.returns["when"].whole is not None
    assert [(one.kind, one.value, one.match is None) for one in made.exit_when] == [
        ("event", "order.paid", False), ("tag", "customer", True), ("when", "", False),
    ]  # fmt: skip
    assert len(made.revision) == 64


@pytest.mark.parametrize(("one", "same"), [("steps: {hi: {send: Hi}}", True), ("steps: {hi: {send: Ho}}", False)])
def test_the_revision_follows_the_source(one: str, same: bool) -> None:
    assert (flow("flow: a\nsteps: {hi: {send: Hi}}").revision == flow(f"flow: a\n{one}").revision) is same
