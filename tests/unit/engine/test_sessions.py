"""Several sessions of one contact: one in the foreground, the others asleep or aside; and what lies outside a step."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.engine.worlds import Person, ask, bot, c, d, flow, keyword, p, send, words
from trinario.model.effect import ChangeContact, CountGoal, Withdraw
from trinario.model.flow import Call, ExitWhen, Flow, Goal, InputSpec, Remind, Set, Tag, Trigger, Wait


def asking(name: str, *triggers: Trigger, **more: Any) -> Flow:
    return flow(name, ask("q", f"{name}?"), send("s", f"{name} {{{{ answers.q }}}}"), triggers=triggers, **more)


def event(name: str, **more: Any) -> Trigger:
    return Trigger("event", name, **more)


MAIN = asking("main")


def test_an_interrupted_question_comes_again_once() -> None:
    ana = Person(bot(MAIN, asking("side", keyword("side", mode="exact")), flow("x", send("s", "X"), triggers=(
        keyword("x", mode="exact"),))))  # fmt: skip
    ana.start("main")
    assert ana.write("side") == ["side?"]
    assert ana.statuses == {"main": "aside", "side": "waiting"}
    assert ana.write("a") == ["side a", "Where were we?", "main?"]
    assert ana.write("x") == ["X", "Where were we?", "main?"]
    assert ana.write("b") == ["main b"]
    assert ana.write("c") == []


def test_a_question_comes_again_when_the_other_flow_only_sleeps() -> None:
    side = flow("side", send("s", "S"), Wait(name="w", duration=d("1d")), send("t", "T"), triggers=(
        keyword("side", mode="exact"),))  # fmt: skip
    ana = Person(bot(MAIN, side))
    ana.start("main")
    assert ana.write("side") == ["S", "Where were we?", "main?"]
    assert ana.after("1d") == ["T"]
    assert ana.statuses == {"main": "waiting", "side": "done"}


def test_the_youngest_of_two_set_aside_comes_first() -> None:
    ana = Person(bot(MAIN, asking("a", keyword("a", mode="exact")), asking("b", keyword("b", mode="exact"))))
    ana.start("main")
    ana.wait_a(5)
    ana.write("a")
    ana.wait_a(5)
    assert ana.write("b") == ["b?"]
    assert ana.write("1") == ["b 1", "Where were we?", "a?"]
    assert ana.write("2") == ["a 2", "Where were we?", "main?"]


def test_beginning_the_same_flow_again_ends_the_first() -> None:
    ana = Person(bot(asking("a", keyword("a", mode="exact"))))
    ana.write("a")
    assert ana.write("a") == ["a?"]
    assert [session.status for session in ana.sessions.values()] == ["stopped", "waiting"]
    assert ana.write("x") == ["a x"]


def test_the_choices_of_a_repeated_question_stay_the_same() -> None:
    f = flow("f", ask("q", "?", "Red", "Blue"), send("s", "{{ answers.q }}"))
    ana = Person(bot(f))
    ana.start("f")
    payload = ana.payloads["Blue"]
    ana.write("help")
    assert ana.payloads["Blue"] == payload
    assert ana.tap("Blue") == ["Blue"]


def test_an_event_does_not_interrupt() -> None:
    paid = flow(
        "paid", send("s", "Paid."), ask("q", "Happy?"), send("t", "{{ answers.q }}!"), triggers=(event("paid"),)
    )
    ana = Person(bot(MAIN, paid))
    ana.start("main")
    assert ana.event("paid") == ["Paid."]
    assert ana.statuses == {"main": "waiting", "paid": "aside"}
    assert ana.write("x") == ["main x", "Happy?"]
    assert ana.write("very") == ["very!"]


def test_deferred_questions_come_by_purpose() -> None:
    flows = [asking(purpose, event("go"), purpose=purpose) for purpose in ("marketing", "service", "transactional")]
    ana = Person(bot(MAIN, *flows))
    ana.start("main")
    assert ana.event("go") == []
    assert ana.write("x") == ["main x", "transactional?"]
    assert ana.write("x") == ["transactional x", "service?"]
    assert ana.write("x") == ["service x", "marketing?"]


@pytest.mark.parametrize(("if_busy", "status"), [("defer", "aside"), ("interrupt", "waiting"), (None, "aside")])
def test_what_an_event_does_when_busy(if_busy: str | None, status: str) -> None:
    ana = Person(bot(MAIN, asking("other", event("go", if_busy=if_busy))))
    ana.start("main")
    ana.event("go")
    assert ana.statuses["other"] == status


def test_skipping_when_busy() -> None:
    late = flow("late", Wait(name="w", duration=d("1h")), ask("q", "?"), triggers=(event("late", if_busy="skip"),))
    ana = Person(bot(MAIN, asking("other", event("go", if_busy="skip")), late))
    ana.event("late")
    ana.event("go")
    ana.write("fine")
    ana.start("main")
    assert ana.event("go") == []
    assert len(ana.sessions) == 3
    assert ana.after("1h") == []
    assert ana.statuses == {"other": "done", "main": "waiting", "late": "stopped"}


def test_a_time_out_while_aside_leads_on_in_the_background() -> None:
    first = flow(
        "first", ask("q", "First?", timeout=d("1h"), exits={"timeout": "s"}), send("s", "Too late."), ask("r", "And?")
    )
    ana = Person(bot(first, asking("side", keyword("side", mode="exact"))))
    ana.start("first")
    ana.write("side")
    assert ana.after("1h") == ["Too late."]
    assert ana.statuses == {"first": "aside", "side": "waiting"}
    assert ana.write("x") == ["side x", "And?"]


def test_no_reminder_while_aside() -> None:
    first = flow("first", ask("q", "First?", remind=Remind(d("1h"), words("Hello?"))))
    ana = Person(bot(first, asking("side", keyword("side", mode="exact"))))
    ana.start("first")
    ana.write("side")
    assert ana.after("2h") == []
    assert ana.statuses == {"first": "aside", "side": "waiting"}


def test_an_event_ends_the_sessions_that_match() -> None:
    cart = flow(
        "cart", Wait(name="w", duration=d("1h")), send("s", "{{ trigger.items }} things wait."),
        triggers=(event("cart.abandoned"),),
        exit_when=(ExitWhen("event", "order.paid", c("event.cart_id == trigger.cart_id")),), purpose="marketing",
    )  # fmt: skip
    ana = Person(bot(cart))
    ana.event("cart.abandoned", cart_id="c1", items=3)
    ana.event("cart.abandoned", cart_id="c2", items=4)
    ana.event("order.paid", cart_id="c1")
    assert ana.effects(Withdraw) == [Withdraw(("i1.1",))]
    assert [session.status for session in ana.sessions.values()] == ["stopped", "waiting"]
    assert ana.after("1h") == ["4 things wait."]


def test_events_choose_by_their_data() -> None:
    f = flow("f", send("s", "Big!"), triggers=(event("paid", match=c("event.total > 100")),))
    ana = Person(bot(f))
    assert ana.event("paid", total=50) == []
    assert ana.reaction
    assert not ana.reaction.handled
    assert ana.event("paid", total=150.5) == ["Big!"]
    assert ana.event("other", total=150) == []


@pytest.mark.parametrize(
    "exit", [ExitWhen("tag", "customer"), ExitWhen("when", match=c("'customer' in tags")), ExitWhen("field", "city")]
)
def test_tags_fields_and_conditions_end_sessions(exit: ExitWhen) -> None:
    drip = flow("drip", Wait(name="w", duration=d("1d")), send("s", "Drip."), exit_when=(exit,))
    buy = flow(
        "buy", Tag(name="t", names=("customer",)), Set(name="c", values={"fields.city": "Rome"}), send("s", "Thanks")
    )
    ana = Person(bot(drip, buy))
    ana.start("drip")
    assert ana.start("buy") == ["Thanks"]
    assert ana.statuses == {"drip": "stopped", "buy": "done"}
    assert ana.after("2d") == []


def test_a_tag_from_outside_ends_a_session_before_it_speaks() -> None:
    drip = flow("drip", Wait(name="w", duration=d("1d")), send("s", "Drip."), exit_when=(ExitWhen("tag", "customer"),))
    ana = Person(bot(drip))
    ana.start("drip")
    ana.contact = replace(ana.contact, tags=frozenset({"customer"}))
    assert ana.after("1d") == []
    assert ana.statuses == {"drip": "stopped"}


def test_one_event_may_begin_several_flows() -> None:
    ana = Person(bot(flow("a", send("s", "A"), triggers=(event("go"), event("go"))), flow("b", send("s", "B"),
                 triggers=(event("go"),))))  # fmt: skip
    assert ana.event("go") == ["A", "B"]
    assert list(ana.sessions) == ["i1.1", "i1.2"]


def test_changes_of_one_session_are_seen_by_the_next() -> None:
    a = flow("a", Set(name="s", values={"fields.city": "Rome"}), triggers=(event("go"),))
    b = flow("b", send("s", "{{ fields.city }}"), triggers=(event("go"),))
    ana = Person(bot(a, b))
    assert ana.event("go") == ["Rome"]
    assert ana.effects(ChangeContact) == [ChangeContact(fields={"city": "Rome"})]


def test_a_flow_that_is_not_there() -> None:
    ana = Person(bot(MAIN))
    assert ana.start("nothing") == []
    assert ana.reports == ["there is no such flow"]


def test_what_a_flow_is_given() -> None:
    f = flow(
        "f", send("s", "{{ call.what }} {{ call.n }}"), inputs={"what": InputSpec("text"), "n": InputSpec("number", 7)}
    )
    ana = Person(bot(f))
    assert ana.start("f", what="roses") == ["roses 7"]
    assert ana.start("f") == [" 7"]


def test_goals_are_counted() -> None:
    f = flow("f", send("s", "S", counts="said"), Goal(name="g", goal="sold", value=p("{{ 2 * 3 }}"), currency="EUR"),
             send("t", "T", counts="never", condition=c("false")))  # fmt: skip
    ana = Person(bot(f))
    ana.start("f")
    assert ana.effects(CountGoal) == [
        CountGoal("said", "i1.1", "f", "s"), CountGoal("sold", "i1.1", "f", "g", Decimal(6), "EUR"),
    ]  # fmt: skip


def test_two_keywords_in_turn_leave_one_question_of_each() -> None:
    alpha, beta = asking("alpha", keyword("alpha", mode="exact")), asking("beta", keyword("beta", mode="exact"))
    ana = Person(bot(alpha, beta))
    for _ in range(5):
        assert ana.write("alpha") == ["alpha?"]
        ana.wait_a(5)
        assert ana.write("beta") == ["beta?"]
    live = [(session.flow, session.status) for session in ana.sessions.values() if session.live]
    assert live == [("alpha", "aside"), ("beta", "waiting")]
    assert {session.reason for session in ana.sessions.values() if not session.live} == {"begun anew"}
    assert ana.write("x") == ["beta x", "Where were we?", "alpha?"]
    assert ana.write("y") == ["alpha y"]


def test_restart_ends_what_the_same_flow_had_asked_before() -> None:
    outer = flow("outer", Call(name="c", flow="inner"), send("s", "S"), triggers=(keyword("outer", mode="exact"),))
    ana = Person(bot(outer, flow("inner", ask("q", "inner?")), asking("side", keyword("side", mode="exact"))))
    for _ in range(2):
        ana.write("outer")
        ana.write("side")
    assert ana.write("restart") == ["From the beginning.", "side?"]
    assert sorted(session.flow for session in ana.sessions.values() if session.live) == ["inner", "side"]
    assert ana.write("x") == ["side x", "Where were we?", "inner?"]


@pytest.mark.parametrize(
    ("if_busy", "said", "status"),
    [(None, [], "aside"), ("defer", [], "aside"), ("interrupt", ["Late?"], "waiting"), ("skip", [], "stopped")],
)
def test_a_later_question_of_a_flow_that_a_keyword_began(if_busy: str | None, said: list[str], status: str) -> None:
    late = flow("late", Wait(name="w", duration=d("1h")), ask("q", "Late?"), triggers=(
        keyword("late", mode="exact", if_busy=if_busy),))  # fmt: skip
    ana = Person(bot(MAIN, late))
    ana.write("late")
    ana.start("main")
    assert ana.after("1h") == said
    assert ana.statuses["late"] == status


def test_a_time_out_in_the_background_does_not_push_in() -> None:
    first = flow("first", ask("q", "First?", timeout=d("1h"), exits={"timeout": "r"}), ask("r", "And?"), triggers=(
        keyword("first", mode="exact"),))  # fmt: skip
    ana = Person(bot(first, asking("side", keyword("side", mode="exact"))))
    ana.write("first")
    ana.write("side")
    assert ana.after("1h") == []
    assert ana.write("x") == ["side x", "And?"]


def receipt() -> Person:
    """Somebody with a question set aside, while another flow waits for news of its message."""
    pay = flow("pay", send("s", "Receipt", exits={"failed": "sorry"}), ask("r", "Rate?"), send("sorry", "Sorry"), triggers=(
        keyword("pay", mode="exact"),))  # fmt: skip
    ana = Person(bot(flow("other", ask("q", "Other?", "A", "B"), send("s", "GOT {{ answers.q }}")), pay))
    ana.start("other")
    assert ana.write("pay") == ["Receipt"]
    return ana


def test_a_question_aside_takes_the_answer_while_a_message_is_on_its_way() -> None:
    ana = receipt()
    assert ana.write("hm") == ["One of these, please. [A | B]"]
    assert ana.write("A") == ["GOT A"]
    assert ana.statuses == {"other": "done", "pay": "waiting"}


def test_words_of_the_bot_repeat_a_question_aside_while_a_message_is_on_its_way() -> None:
    ana = receipt()
    key = ana.session("pay").wait.keys[0]  # type: ignore[union-attr]
    assert ana.write("help") == ["How can I help?", "Other? [A | B]"]
    assert ana.fate(key, "accepted") == []
    assert ana.statuses == {"other": "waiting", "pay": "aside"}
    assert ana.write("B") == ["GOT B", "Rate?"]


def test_the_youngest_question_aside_takes_the_answer() -> None:
    side = asking("side", keyword("side", mode="exact"))
    pay = flow("pay", send("s", "Receipt", exits={"failed": "end"}), triggers=(keyword("pay", mode="exact"),))
    ana = Person(bot(MAIN, side, pay))
    ana.start("main")
    ana.wait_a(5)
    ana.write("side")
    ana.wait_a(5)
    assert ana.write("pay") == ["Receipt"]
    assert ana.write("x") == ["side x"]
    assert ana.write("y") == ["main y"]
