"""Flows in flows, flows after flows, faults and caps: nothing raises, everything is told."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.engine.worlds import Person, ask, bot, c, d, flow, p, pattern, send
from trinario.model.effect import Report
from trinario.model.flow import Branch, BranchCase, Call, Flow, Goal, InputSpec, Set, Start, Tag, Untag, Wait
from trinario.model.session import Session

ERROR = ["Something went wrong."]


def started(*flows: Flow, **more: Any) -> Person:
    ana = Person(bot(*flows, **more))
    ana.start(flows[0].name)
    return ana


INNER = flow(
    "inner", ask("when", "When, {{ call.who }}?"), Set(name="s", values={"vars.n": p("{{ vars.n + 1 }}")}),
    send("ok", "Noted {{ vars.n }}."), inputs={"who": InputSpec("text")}, vars={"n": InputSpec("number", Decimal(1))},
    returns={"at": p("{{ answers.when }}"), "n": p("{{ vars.n }}")},
)  # fmt: skip
OUTER = flow(
    "outer", Set(name="s", values={"vars.n": Decimal(7)}),
    Call(name="c", flow="inner", inputs={"who": p("{{ contact.first_name or 'you' }}")}, save="fields.city"),
    send("t", "{{ answers.c.at }} {{ answers.c.n }} {{ vars.n }}"),
)  # fmt: skip


def test_a_call_comes_back() -> None:
    outer = flow("outer", *[step for step in OUTER.steps.values() if step.name != "c"][:1],
                 Call(name="c", flow="inner", inputs={"who": "you"}, save="vars.booked"),
                 send("t", "{{ answers.c.at }} {{ vars.booked.n }} {{ vars.n }}"))  # fmt: skip
    ana = started(outer, INNER)
    assert ana.said == ["When, you?"]
    assert ana.waiting.stack[0].flow == "outer"
    assert ana.write("now") == ["Noted 2.", "now 2 7"]
    assert ana.session("outer").status == "done"


def test_a_call_that_nothing_declares_as_text_cannot_be_saved_there() -> None:
    ana = started(flow("f", Call(name="c", flow="inner", save="fields.budget")), INNER)
    ana.write("now")
    assert ana.said == ["Noted 2.", *ERROR]


def test_a_fault_inside_takes_the_exit_of_the_call() -> None:
    inner = flow("inner", send("s", "{{ vars.nothing }}"))
    middle = flow("middle", Call(name="c", flow="inner"))
    outer = flow(
        "outer", Call(name="c", flow="middle", exits={"failed": "sorry"}), send("a", "A"), send("sorry", "Sorry.")
    )
    ana = started(outer, middle, inner)
    assert ana.said == ["Sorry."]
    assert ana.statuses == {"outer": "done"}
    assert len(ana.reports) == 1


def test_a_flow_that_calls_itself_without_end() -> None:
    ana = started(flow("f", send("s", "S"), Call(name="c", flow="f")))
    assert ana.said == ["S"] * 21 + ERROR
    assert "20 flows" in ana.reports[-1]


def test_start_is_for_good() -> None:
    a = flow("a", send("s", "A"), Start(name="go", flow="b", inputs={"x": p("{{ 1 + 1 }}")}), send("never", "!"))
    b = flow("b", send("s", "B {{ call.x }}"), ask("q", "?"), inputs={"x": InputSpec("number")})
    ana = started(a, b)
    assert ana.said == ["A", "B 2", "?"]
    assert ana.statuses == {"a": "done", "b": "waiting"}
    assert [say.key for say in ana.says] == ["i1/1/1", "i1/2/1", "i1/2/2"]


def test_flows_that_start_each_other_without_end() -> None:
    ana = started(flow("a", Start(name="s", flow="b")), flow("b", Start(name="s", flow="a")))
    assert ana.said == ERROR
    assert "20 flows" in ana.reports[-1]


@pytest.mark.parametrize("step", [Call(name="c", flow="gone"), Start(name="c", flow="gone")])
def test_flows_that_are_not_there(step: Call | Start) -> None:
    ana = started(flow("f", step))
    assert ana.said == ERROR
    assert ana.effects(Report) == [Report("i1.1", "f", "c", "there is no flow gone")]
    assert started(flow("f", step, handlers={"failed": "s"}, revision="2")).statuses == {"f": "failed"}
    f = flow("f", step, send("a", "A", next="end"), send("s", "S"), handlers={"failed": "s"})
    assert started(f).said == ["S"]


FAULTS = [
    send("x", "{{ vars.nothing }}"), send("x", "{{ 1 / 0 }}"), Set(name="x", values={"fields.budget": "many"}),
    Set(name="x", values={"elsewhere.y": 1}), Set(name="x", values={"contact.id": 7}),
    Set(name="x", values={"contact.timezone": "Mars"}), Set(name="x", values={"contact.language": "no language"}),
    Branch(name="x", cases=(BranchCase(c("answers.q.y > 1"), "end"), BranchCase(None, "end"))),
    Branch(name="x", cases=(BranchCase(c("'a' > 1"), "end"), BranchCase(None, "end"))),
    send("x", "S", condition=c("nope")), send("x", "S", next="nowhere"), ask("x", "", ), ask("x", "{{ '' }}"),
    ask("x", "?", type="riddle"), ask("x", "?", type="otp"), Wait(name="x", until=c("5")), Goal(name="x", goal="g", value=p("{{ nope }}")),
    ask("x", "?", skip_if_known=True, save="nowhere.x", timeout=d("1h"), default=p("z")),
]  # fmt: skip


@pytest.mark.parametrize("step", FAULTS, ids=lambda step: type(step).__name__)
def test_faults_end_the_session_and_are_told(step: object) -> None:
    ana = started(flow("f", step))  # type: ignore[arg-type]
    if ana.waiting_or_none:
        ana.write("hello")
        ana.after("1h")
    assert ana.statuses == {"f": "failed"}
    assert ana.said[-1:] == ERROR
    assert ana.effects(Report)
    assert ana.session("f").reason.startswith("x: ")


def test_a_failed_exit_at_the_step() -> None:
    f = flow("f", send("x", "{{ vars.nothing }}", exits={"failed": "b"}), send("a", "A", next="end"), send("b", "B"))
    ana = started(f)
    assert ana.said == ["B"]
    ana = started(flow("f", Set(name="x", values={"vars.y": p("{{ no }}")}, exits={"failed": "b"}), send("a", "A", next="end"),
                       send("b", "B")))  # fmt: skip
    assert ana.said == ["B"]
    assert ana.reports


def test_the_bots_handler_of_faults() -> None:
    ana = started(
        flow("f", send("x", "{{ vars.nothing }}")), flow("sorry", send("s", "Sorry!")), handlers={"failed": "sorry"}
    )
    assert ana.said == ["Sorry!"]
    assert ana.statuses == {"f": "failed", "sorry": "done"}
    broken = flow("sorry", send("s", "{{ broken }}"))
    ana = started(flow("f", send("x", "{{ vars.nothing }}")), broken, handlers={"failed": "sorry"})
    assert ana.said == ERROR


def test_steps_without_a_wait() -> None:
    ana = started(flow("f", Tag(name="a", names=("t",)), Untag(name="b", names=("t",), next="a")))
    assert ana.said == ERROR
    assert ana.reports == ["more than 100 steps without a wait"]


def test_a_failed_exit_that_leads_in_a_circle() -> None:
    ana = started(flow("f", Set(name="x", values={"vars.y": p("{{ no }}")}, exits={"failed": "x"})))
    assert ana.said == ERROR
    ana = started(flow("f", Set(name="x", values={"vars.y": p("{{ no }}")}, exits={"failed": "gone"})))
    assert ana.said == ERROR


def test_messages_without_an_answer() -> None:
    f = flow("f", send("s", "S"), Wait(name="w", duration=d("1h"), next="s"))
    ana = started(f)
    said = ana.after("60h")
    assert said == ["S"] * 49 + ERROR
    assert ana.statuses == {"f": "failed"}
    ana = started(f)
    for _ in range(4):
        ana.after("30h")
        ana.write("still here")
    assert ana.statuses == {"f": "waiting"}


def test_an_error_that_cannot_be_said() -> None:
    ana = started(flow("f", send("x", "{{ no }}")), patterns={"error": pattern("{{ nobody }}")})
    assert ana.said == []
    assert ana.statuses == {"f": "failed"}
    assert len(ana.reports) == 2


def test_a_revision_that_is_gone() -> None:
    old = flow("f", ask("q", "Old?"), send("s", "OLD"), revision="r0")
    new = flow("f", ask("q", "New?"), send("s", "NEW"), revision="r1")
    ana = started(old)
    ana.bot = bot(new, revisions={("f", "r0"): old})
    assert ana.write("x") == ["OLD"]
    ana = started(old)
    ana.bot = bot(new)
    assert ana.write("x") == ERROR
    assert "revision" in ana.reports[0]
    ana = started(old)
    ana.bot = bot(replace(new, revision="r0", steps={"s": new.steps["s"]}))
    assert ana.write("x") == ERROR


def test_an_outer_revision_that_is_gone() -> None:
    outer = flow("outer", Call(name="c", flow="inner"), send("t", "T"))
    ana = started(outer, INNER)
    ana.bot = bot(INNER)
    assert ana.write("x") == ["Noted 2.", *ERROR]
    ana = started(outer, INNER)
    ana.bot = bot(INNER, flow("outer", send("t", "T")))
    assert ana.write("x") == ["Noted 2.", *ERROR]


def test_a_flow_without_steps() -> None:
    assert started(flow("f")).statuses == {"f": "done"}
    assert started(flow("f", Call(name="c", flow="g"), send("s", "S")), flow("g")).said == ["S"]


def test_a_send_that_waits_for_its_fate() -> None:
    f = flow("f", send("x", "One", "Two", exits={"failed": "b"}), send("a", "A", next="end"), send("b", "B"))
    ana = started(f)
    first, second = (say.key for say in ana.says)
    assert all(say.awaited for say in ana.says)
    assert ana.fate(second, "accepted") == []
    assert ana.fate(first, "delivered") == ["A"]
    ana = started(f)
    assert ana.fate(ana.says[0].key, "refused") == ["B"]
    ana = started(f)
    assert ana.fate(ana.says[1].key, "failed") == ["B"]


def test_a_question_waits_until_a_message_arrived() -> None:
    side = flow("side", send("x", "S", exits={"failed": "end"}))
    ana = Person(bot(flow("main", ask("q", "main?")), side))
    ana.start("side")
    assert ana.start("main") == ["main?"]


def test_conditions_skip_steps() -> None:
    f = flow("f", send("a", "A", condition=c("contact.first_name")), send("b", "B"))
    assert started(f).said == ["B"]
    assert started(f).reaction.turns[0].path == (("a", "skipped"), ("b", "next"), ("b", "done"))  # type: ignore[union-attr]


def test_tags() -> None:
    f = flow("f", Tag(name="t", names=("a", "b")), Untag(name="u", names=("b", "zzz")), send("s", "{{ tags }}"))
    ana = started(f)
    assert ana.said == ["a"]
    assert ana.contact.tags == {"a"}


def test_what_set_writes() -> None:
    f = flow(
        "f",
        Set(name="x", values={
            "vars.a": p("{{ 1.50 }}"), "vars.list": [Decimal(1), "b"], "fields.city": "Rome", "fields.budget": "12.0",
            "contact.language": "it", "contact.timezone": "Asia/Tokyo", "answers.q": True,
        }),
        Set(name="y", values={"fields.city": None, "vars.b": p("{{ vars.a * 2 }}")}),
        send("s", "{{ vars.a }} {{ vars.b }} {{ vars.list }} {{ fields.city or 'nowhere' }} {{ fields.budget }} "
                  "{{ contact.language }} {{ answers.q }} {{ now.hour }}"),
    )  # fmt: skip
    ana = started(f)
    assert ana.said == ["1.5 3 1, b nowhere 12 it true 19"]
    assert ana.contact.fields == {"budget": Decimal(12)}
    assert isinstance(ana.session("f"), Session)


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (("accepted", "sent"), ["A"]), (("accepted", "failed"), ["B"]), (("refused",), ["B"]), (("accepted",), []),
        ((), []),
    ],
)  # fmt: skip
def test_what_became_of_a_message_while_people_have_her(outcomes: tuple[str, ...], said: list[str]) -> None:
    f = flow("f", send("x", "One", "Two", exits={"failed": "b"}), send("a", "A", next="end"), send("b", "B"))
    ana = started(f)
    keys = [say.key for say in ana.says]
    ana.contact = replace(ana.contact, owner="person")
    for key, outcome in zip(keys, outcomes, strict=False):
        assert ana.fate(key, outcome) == []
        assert ana.fate(key, "delivered") == [], "only the first news of a message counts"
    assert ana.returned() == said
    if not said:
        for key in keys[len(outcomes) :]:
            said = ana.fate(key, "accepted")
        assert said == ["A"]
    assert ana.statuses == {"f": "done"}
