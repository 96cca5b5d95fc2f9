"""Questions: answers, wrong answers, silence, bursts, what is known already, going back."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.engine.worlds import Person, ask, bot, c, choice, d, flow, keyword, msg, p, send, words
from trinario.model.effect import Say
from trinario.model.event import ClockRang
from trinario.model.flow import Ask, Branch, BranchCase, ChoicesFrom, Flow, InputSpec, Remind
from trinario.model.message import Choices, Text

INFO = (keyword("info", "price"),)


def lead(**more: Any) -> Flow:
    return flow(
        "lead",
        send("hello", "Hi {{ contact.first_name or 'there' }}!"),
        ask("interest", "What?", "Plants", "Tools", "Café", save="fields.interest"),
        ask("email", "E-mail?", type="email", save="fields.email", skip_if_known=True),
        ask("budget", "Budget?", type="number", min=Decimal(100), max=Decimal(100000), save="fields.budget"),
        Branch(name="qualify", cases=(BranchCase(c("answers.budget >= 5000"), "hot", "hot"), BranchCase(None, "bye"))),
        send("hot", "Wow, {{ fields.budget }}!", next="end"),
        send("bye", "Thanks for {{ answers.interest }}."),
        triggers=INFO,
        **more,
    )


def test_a_whole_conversation() -> None:
    ana = Person(bot(lead()), first_name="Ana")
    assert ana.write("Info please") == ["Hi Ana!", "What? [Plants | Tools | Café]"]
    assert ana.write("cafe") == ["E-mail?"]
    assert ana.write("ana") == ["An e-mail address, please."]
    assert ana.write("ana@") == ["An e-mail address, please."]
    assert ana.write("ana@x.it") == ["Budget?"]
    assert ana.write("50") == ["Between 100 and 100000."]
    assert ana.write("6000") == ["Wow, 6000!"]
    assert ana.statuses == {"lead": "done"}
    assert ana.contact.fields == {"interest": "Café", "email": "ana@x.it", "budget": Decimal(6000)}
    assert ana.session("lead").answers == {"interest": "Café", "email": "ana@x.it", "budget": Decimal(6000)}


def test_the_path_of_a_turn() -> None:
    ana = Person(bot(lead()))
    ana.write("info")
    ana.tap("Tools")
    ana.write("a@b.it")
    ana.write("100")
    assert ana.reaction
    (turn,) = ana.reaction.turns
    assert turn.path == (("budget", "answered"), ("qualify", "else"), ("bye", "next"), ("bye", "done"))


@pytest.mark.parametrize("said", ["2", "TOOLS", "tools!", "Toosl", "２"])
@pytest.mark.parametrize("channel", ["messenger", "instagram", "whatsapp"])
def test_the_answer_is_the_answer_on_every_channel(said: str, channel: str) -> None:
    ana = Person(bot(lead()))
    ana.write("info")
    ana.channel = channel
    assert ana.write(said) == ["E-mail?"]
    assert ana.contact.fields["interest"] == "Tools"


def test_three_wrong_answers_never_loop() -> None:
    ana = Person(bot(lead()))
    ana.write("info")
    assert ana.write("x") == ["One of these, please. [Plants | Tools | Café]"]
    assert ana.write("y") == ["One of these, please. [Plants | Tools | Café]"]
    assert ana.write("z") == ["I cannot go on with that."]
    assert ana.statuses == {"lead": "done"}
    assert ana.write("z") == []
    assert ana.reaction
    assert not ana.reaction.handled


@pytest.mark.parametrize("retries", [0, 1, 4])
def test_retries(retries: int) -> None:
    ana = Person(bot(flow("f", ask("q", "?", type="number", retries=retries), send("bye", "bye"), triggers=INFO)))
    ana.write("info")
    for _ in range(retries):
        assert ana.write("x") == ["A number, please."]
    assert ana.write("x") == ["I cannot go on with that."]


def test_where_invalid_leads() -> None:
    steps = (
        ask("q", "?", type="number", retries=0, exits={"invalid": "b"}),
        send("a", "A", next="end"),
        send("b", "B"),
    )
    assert started(flow("f", *steps)).write("x") == ["B"]
    bare = (ask("q", "?", type="number", retries=0), *steps[1:])
    assert started(flow("f", *bare, handlers={"invalid": "b"})).write("x") == ["B"]
    other = flow("other", send("o", "Other"))
    ana = started(flow("f", *bare), other, handlers={"invalid": "other"})
    assert ana.write("x") == ["Other"]
    assert ana.statuses == {"f": "done", "other": "done"}


def started(*flows: Flow, **more: Any) -> Person:
    ana = Person(bot(*flows, **more))
    ana.start(flows[0].name)
    return ana


def test_the_authors_own_error() -> None:
    ana = started(flow("f", ask("q", "?", type="number", error=words("Digits, {{ contact.id }}!"))))
    assert ana.write("x") == ["Digits, 1!"]


@pytest.mark.parametrize("kind", ["audio", "image", "sticker"])
def test_a_file_is_no_text(kind: str) -> None:
    ana = started(flow("f", ask("q", "?"), send("bye", "{{ answers.q }}")))
    assert ana.media(kind) == ["Words, please."]
    assert ana.write("fine") == ["fine"]


def test_a_picture_with_words_answers_a_picture() -> None:
    ana = started(flow("f", ask("q", "?", type="image"), send("bye", "{{ answers.q.url }}")))
    assert ana.write("here it is") == ["A picture, please."]
    assert ana.media("image", "my garden") == ["https://x/9"]


def test_known_values_are_not_asked_for() -> None:
    ana = Person(bot(lead()), fields={"email": "old@x.it"})
    ana.write("info")
    assert ana.write("1") == ["Budget?"]
    assert ana.session("lead").answers["email"] == "old@x.it"


def test_what_the_session_learnt_itself_is_asked_again() -> None:
    again = Branch(name="again", cases=(BranchCase(c("answers.more"), "email"), BranchCase(None, "end")))
    f = flow(
        "f", ask("email", "E-mail?", type="email", save="fields.email", skip_if_known=True),
        ask("more", "More?", type="yes_no"), again,
    )  # fmt: skip
    ana = started(f)
    ana.write("a@b.it")
    assert ana.write("yes") == ["E-mail?"]


def test_a_known_choice_leads_where_the_choice_leads() -> None:
    q = ask("q", "?", choice("A", next="end"), choice("B", next="b"), save="fields.interest", skip_if_known=True)
    ana = Person(bot(flow("f", q, send("a", "A"), send("b", "B"))), fields={"interest": "B"})
    assert ana.start("f") == ["B"]


def test_yes_no_leads_two_ways() -> None:
    q = ask("q", "Really?", type="yes_no", exits={"yes": "y", "no": "n"})
    f = flow("f", q, send("y", "Yes! {{ answers.q }}", next="end"), send("n", "No! {{ answers.q }}"))
    assert started(f).write("sì") == ["Yes! true"]
    ana = started(f)
    assert ana.said == ["Really? [Yes | No]"]
    assert ana.tap("No") == ["No! false"]


def test_yes_no_speaks_her_language() -> None:
    ana = Person(bot(flow("f", ask("q", "Davvero?", type="yes_no"))), language="it-IT")
    assert ana.start("f") == ["Davvero? [Sì | No]"]


def test_a_choice_leads_on() -> None:
    q = ask("q", "?", choice("A", next="a"), choice("B", "bee"), exits={"answered": "c"})
    f = flow("f", q, send("a", "A", next="end"), send("b", "B", next="end"), send("c", "C {{ answers.q }}"))
    assert started(f).write("a") == ["A"]
    assert started(f).write("b") == ["C bee"]


def test_time_out() -> None:
    f = flow(
        "f", ask("q", "?", timeout=d("2h"), exits={"timeout": "late"}), send("a", "A", next="end"), send("late", "?!")
    )
    ana = started(f)
    assert ana.after("119m") == []
    assert ana.after("1m") == ["?!"]
    plain = started(flow("f", ask("q", "?", timeout=d("2h")), send("a", "A")))
    assert plain.after("3h") == []
    assert plain.statuses == {"f": "done"}


def test_a_default_is_saved_on_time_out_and_leads_on() -> None:
    q = ask("q", "?", "Plants", "Tools", timeout=d("1h"), default=p("Tools"), save="fields.interest")
    f = flow("f", q, send("a", "So {{ answers.q }}."))
    ana = started(f)
    assert ana.after("1h") == ["So Tools."]
    assert ana.contact.fields == {"interest": "Tools"}


def test_silence_ends_the_session() -> None:
    ana = started(flow("f", ask("q", "?"), send("a", "A")))
    assert ana.after("2d") == []
    ana.write("  ")  # she is there, although that is no answer: patience begins anew
    ana.after("2d")
    assert ana.statuses == {"f": "waiting"}
    assert ana.after("1d") == []
    assert ana.statuses == {"f": "expired"}
    assert started(flow("g", ask("q", "?"), expires=d("1h"))).after("1h") == []


def test_a_time_out_longer_than_the_patience_counts() -> None:
    ana = started(flow("f", ask("q", "?", timeout=d("5d"), exits={"timeout": "a"}), send("a", "A")))
    assert ana.after("4d") == []
    assert ana.after("1d") == ["A"]


def test_a_reminder_comes_once() -> None:
    ana = started(flow("f", ask("q", "?", remind=Remind(d("1h"), words("Still there?"))), send("a", "A")))
    assert ana.after("1h") == ["Still there?"]
    assert ana.after("10h") == []
    assert ana.write("yes") == ["A"]


def test_a_clock_that_rings_early_changes_nothing() -> None:
    ana = started(flow("f", ask("q", "?", timeout=d("1h"))))
    before = ana.waiting
    assert ana.react(ClockRang("x", ana.at, before.id)) == []
    assert (ana.waiting.wait, ana.waiting.status) == (before.wait, before.status)


def test_a_burst_is_one_answer() -> None:
    ana = started(flow("f", ask("q", "?", burst=d("3s")), send("a", "[{{ answers.q }}] {{ input.text | length }}")))
    assert ana.write("one") == []
    ana.wait_a(2)
    assert ana.write("two") == []
    assert ana.after("2s") == []
    assert ana.after("1s") == ["[one\ntwo] 7"]


def test_a_burst_for_a_closed_question() -> None:
    ana = started(flow("f", ask("q", "?", type="email", burst=d("3s")), send("a", "{{ answers.q }}")))
    assert ana.write("well it is") == []
    assert ana.write("ana@x.it") == []
    assert ana.after("3s") == ["ana@x.it"]
    ana = started(flow("f", ask("q", "?", type="email", burst=d("3s")), send("a", "{{ answers.q }}")))
    ana.write("no")
    ana.write("never")
    assert ana.after("3s") == ["An e-mail address, please."]
    assert ana.after("1h") == []


def test_a_tap_does_not_wait_for_a_burst() -> None:
    ana = started(flow("f", ask("q", "?", "A", "B", burst=d("3s")), send("a", "{{ answers.q }}")))
    assert ana.tap("B") == ["B"]


def test_a_burst_has_an_end() -> None:
    ana = started(flow("f", ask("q", "?", burst=d("1h")), send("a", "{{ answers.q | length }}")))
    said = [ana.write("x") for _ in range(20)]
    assert said == [[]] * 19 + [["39"]]


def slots(**more: Any) -> Flow:
    source = ChoicesFrom(c("vars.slots"), c("item.label"), c("item.id"))
    q = Ask(name="q", messages=(msg("When?"),), type="choice", choices=source, **more)
    found = [{"label": f"Day {n}", "id": Decimal(n)} for n in range(1, 13)]
    return flow("f", q, send("a", "{{ answers.q }}"), vars={"slots": InputSpec("list", found)})


def test_choices_from_data() -> None:
    ana = started(slots())
    assert ana.said[0].startswith("When? [Day 1 | Day 2 | ")
    assert ana.write("12") == ["12"]
    assert started(slots()).write("day 3") == ["3"]


def test_no_choices_at_all() -> None:
    none = {"slots": InputSpec("list", [])}
    kept = slots(exits={"empty": "sorry"}).steps["q"]
    ana = started(flow("f", kept, send("a", "A", next="end"), send("sorry", "All taken."), vars=none))
    assert ana.said == ["All taken."]
    ana = started(flow("f", *slots().steps.values(), vars=none))
    assert ana.said == ["Something went wrong."]
    assert ana.statuses == {"f": "failed"}


def test_several_messages_then_the_question() -> None:
    q = Ask(name="q", messages=(msg("One."), msg("Two."), msg("Which?")))
    ana = started(flow("f", q))
    assert ana.said == ["One.", "Two.", "Which?"]
    assert [say.prompt for say in ana.says] == ["", "", "i1.1/1"]
    assert [say.key for say in ana.says] == ["i1/1/1", "i1/1/2", "i1/1/3"]


def test_what_a_question_is_made_of() -> None:
    ana = started(flow("f", ask("q", "?", "A", choice("B", description=words("the other"))), purpose="transactional"))
    (say,) = ana.says
    assert isinstance(say, Say)
    assert isinstance(say.content, Choices)
    assert [(o.payload, o.title, o.description) for o in say.content.options] == [
        ("i1.1/1/1", "A", ""), ("i1.1/1/2", "B", "the other"),
    ]  # fmt: skip
    assert (say.content.button, say.session, say.flow, say.step, say.purpose) == (
        "Choose", "i1.1", "f", "q", "transactional",
    )  # fmt: skip


def test_a_question_that_cannot_be_put() -> None:
    f = flow("f", ask("q", "?", exits={"failed": "b"}), send("a", "A", next="end"), send("b", "B"))
    ana = started(f)
    (say,) = ana.says
    assert isinstance(say, Say)
    assert say.awaited
    assert ana.fate(say.key, "accepted") == []
    assert ana.fate(say.key, "refused") == ["B"]


def test_going_back_by_next_asks_again() -> None:
    f = flow(
        "f", ask("q", "Which?", "A", "B"),
        ask("ok", "{{ answers.q }}, right?", type="yes_no", exits={"no": "q"}), send("a", "Done."),
    )  # fmt: skip
    ana = started(f)
    assert ana.write("1") == ["A, right? [Yes | No]"]
    assert ana.write("no") == ["Which? [A | B]"]
    assert ana.write("B") == ["B, right? [Yes | No]"]
    assert ana.write("yes") == ["Done."]


def test_a_text_question_is_plain_text() -> None:
    ana = started(flow("f", ask("q", "?")))
    assert ana.says[0].content == Text("?")


NOTE = flow("note", send("n", "NOTE"), triggers=(keyword("note", mode="exact"),))
SURE = flow("sure", ask("sure", "Sure?"), send("t", "{{ answers.sure }}"), triggers=(keyword("sure", mode="exact"),))


@pytest.mark.parametrize(("type", "said"), [("name", "Ana"), ("text", "Ana"), ("email", "ana@x.it")])
def test_what_a_burst_gathered_is_the_answer_before_the_question_is_put_again(type: str, said: str) -> None:
    q = flow("f", ask("q", "?", type=type, burst=d("3s")), send("a", "Hi {{ answers.q }}"))
    if type != "email":  # a closed question has its right answer before anybody else
        ana = started(q)
        assert ana.write(said) == []
        assert ana.write("help") == ["How can I help?", f"Hi {said}"]
    ana = started(q)
    ana.write(said)
    ana.contact = replace(ana.contact, owner="person")
    ana.wait_a(600)
    assert ana.returned() == [f"Hi {said}"]
    assert ana.after("1h") == []


def test_parts_that_are_no_answer_are_not_read_later() -> None:
    ana = started(flow("f", ask("q", "?", "Red", "Blue", burst=d("3s")), send("a", "{{ answers.q }}")), NOTE)
    assert ana.write("hmm") == []
    assert ana.write("note") == ["NOTE", "Where were we?", "? [Red | Blue]"]
    assert ana.after("1h") == []
    assert ana.write("Blue") == []
    assert ana.after("3s") == ["Blue"]


def test_a_burst_that_ends_while_the_question_is_aside_blames_nobody() -> None:
    ana = started(flow("f", ask("q", "?", "Red", "Blue", burst=d("3s")), send("a", "{{ answers.q }}")), SURE)
    ana.write("hmm")
    assert ana.write("sure") == ["Sure?"]
    assert ana.after("1h") == []
    assert ana.write("yes") == ["yes", "Where were we?", "? [Red | Blue]"]


def reminding(**more: Any) -> Person:
    remind = Remind(d("1h"), words("Still there?"))
    return started(flow("f", ask("q", "?", "A", "B", remind=remind, **more), send("a", "{{ answers.q }}")), NOTE, SURE)


@pytest.mark.parametrize("more", [{}, {"timeout": d("5h")}])
def test_a_reminder_is_still_owed_after_an_interruption(more: dict[str, Any]) -> None:
    ana = reminding(**more)
    ana.wait_a(1800)
    ana.write("note")
    assert ana.after("59m") == []
    assert ana.after("1m") == ["Still there?"]
    assert ana.after("3h") == []
    ana = reminding(**more)
    ana.write("sure")
    assert ana.after("2h") == [], "not while it is aside"
    ana.write("yes")
    assert ana.after("1h") == ["Still there?"]


def test_a_reminder_that_came_comes_no_more() -> None:
    ana = reminding()
    assert ana.after("1h") == ["Still there?"]
    ana.write("note")
    assert ana.after("10h") == []
