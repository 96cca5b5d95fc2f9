"""Sessions that come into another revision of their flow: who moves, who begins a step anew, who stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.worlds import START, Person, ask, bot, c, choice, flow, keyword, msg, p, send
from trinario.engine.migrate import course_of, migrated, substance
from trinario.model.bot import Bot
from trinario.model.event import OwnerReturned, Redeployed
from trinario.model.flow import END, Call, Flow, Foreach, InputSpec, Migration, Set, Step, Wait
from trinario.model.session import Frame, Offered, Prompt, Session
from trinario.model.session import Wait as Stand


def bot_of(new: Flow, *old: Flow) -> Bot:
    return Bot("t", "en", "UTC", {}, {new.name: new}, revisions={(one.name, one.revision): one for one in old})


def old_of(*steps: Step, **more: Any) -> Flow:
    return flow("f", *steps, revision="old", **more)


def new_of(*steps: Step, migrations: tuple[Migration, ...] | None = (), **more: Any) -> Flow:
    return flow("f", *steps, revision="new", migrations=migrations, **more)


def standing(step: str, kind: str = "ask", **more: Any) -> Session:
    wait = Stand(step, kind, START, 1, until=START + timedelta(hours=1))
    return Session("s", 1, "f", "old", START, wait=wait, asked=1, **more)


A, B, C = (ask(name, f"{name}?") for name in "abc")


@pytest.mark.parametrize(
    "steps,migrations,fate,target",
    [
        ((A, B), None, "finishes", ""),
        ((A, B), (), "moves", "a"),
        ((B,), (), "finishes", ""),
        ((ask("x", "A?"), B), (Migration(rename={"a": "x"}),), "moves", "x"),
        ((ask("y", "A?"), B), (Migration(rename={"a": "x"}), Migration(rename={"x": "y"})), "moves", "y"),
        ((B,), (Migration(drop={"a": "b"}),), "anew", "b"),
        ((B,), (Migration(drop={"a": END}),), "ends", END),
        ((ask("y", "?"),), (Migration(drop={"a": "b"}), Migration(rename={"b": "y"})), "anew", "y"),
        ((ask("a", "a?", type="number"), B), (), "anew", "a"),
        ((ask("a", "a?", "Red", "Blue"), B), (), "anew", "a"),
        ((send("a", "no question"), B), (), "anew", "a"),
        ((A, B), (Migration(reask=("a",)),), "moves", "a"),
        ((ask("a", "In other words?"), B), (Migration(reask=("a",)),), "anew", "a"),
        ((ask("a", "In other words?"), B), (), "moves", "a"),
    ],
)
def test_what_becomes_of_who_stands_at_a(
    steps: tuple[Step, ...], migrations: tuple[Migration, ...] | None, fate: str, target: str
) -> None:
    course = course_of("a", old_of(A, B), new_of(*steps, migrations=migrations))
    assert (course.fate, course.step) == (fate, target)


def test_a_name_that_is_used_again_is_not_taken_for_the_old_one() -> None:
    """a became b; later a new a came: who stands at that one stays at it."""
    lines = (Migration(rename={"a": "b"}),)
    later = flow("f", A, B, revision="later", migrations=lines)
    assert course_of("a", later, new_of(A, B, C, migrations=lines)).step == "a"
    assert course_of("a", old_of(A), later).step == "b"


def test_a_wait_goes_on_as_it_was_with_answers_under_their_new_names() -> None:
    options = (Offered("s/1/0", "Red", "red", "Red", (), "b"), Offered("s/1/1", "Grey", "grey", "Grey", (), "gone"))
    asked = ask("a", "a?", choice("Red", "red", next="b"), choice("Grey", "grey", next="gone"))
    old = old_of(asked, B, C, ask("gone", "?"), vars={"n": InputSpec("number", 1)})
    renamed = ask("colour", "a?", choice("Red", "red", next="size"))
    new = new_of(renamed, ask("size", "b?"), C, vars={"n": InputSpec("number", 1), "m": InputSpec("number", 2)},
                 migrations=(Migration(rename={"a": "colour", "b": "size"}),))  # fmt: skip
    session = standing(
        "a",
        vars={"n": 5},
        answers={"b": "L", "c": "x"},
        prompts=(Prompt(1, "b", "f", options), Prompt(2, "q", "g", ())),
    )
    assert session.wait is not None
    session = replace(session, wait=replace(session.wait, options=options))
    moved = migrated(bot_of(new, old), session, START).session
    assert moved.wait is not None and moved.revision == "new"
    assert (moved.wait.step, moved.wait.until, moved.wait.number) == ("colour", START + timedelta(hours=1), 1)
    assert [option.next for option in moved.wait.options] == ["size", None]
    assert moved.answers == {"size": "L", "c": "x"} and moved.vars == {"n": 5, "m": 2}
    assert [prompt.step for prompt in moved.prompts] == ["size", "q"]


def test_a_step_to_begin_anew_stands_aside_until_it_does() -> None:
    found = migrated(bot_of(new_of(B, migrations=(Migration(drop={"a": "b"}),)), old_of(A, B)), standing("a"), START)
    assert found.anew and found.session.status == "aside" and found.session.wait is not None
    assert (found.session.wait.step, found.session.wait.kind, found.session.wake_at) == ("b", "sleep", None)


def test_a_step_that_was_dropped_for_good_ends_the_session() -> None:
    found = migrated(bot_of(new_of(B, migrations=(Migration(drop={"a": END}),)), old_of(A, B)), standing("a"), START)
    assert found.ended and found.session.status == "done" and found.session.wait is None


def test_callers_move_by_themselves() -> None:
    outer_old = flow("outer", Call(name="get", flow="f"), B, revision="o1")
    outer_new = flow(
        "outer", Call(name="fetch", flow="f"), B, revision="o2", migrations=(Migration(rename={"get": "fetch"}),)
    )
    inner = flow("f", A, revision="old")
    frame = Frame("outer", "o1", "get", {}, {"b": 1}, {})
    bot = Bot("t", "en", "UTC", {}, {"f": inner, "outer": outer_new}, revisions={("outer", "o1"): outer_old})
    (moved,) = migrated(bot, standing("a", stack=(frame,)), START).session.stack
    assert (moved.revision, moved.step) == ("o2", "fetch")
    gone = replace(
        bot,
        flows={"f": inner, "outer": flow("outer", send("fetch", "x"), revision="o2", migrations=outer_new.migrations)},
    )
    found = migrated(gone, standing("a", stack=(frame,)), START)
    assert found.session.stack == (frame,) and found.refusals == ("get, which called, is no call any more",)


def test_where_a_step_stands_in_its_file_is_not_what_it_is() -> None:
    assert substance(replace(A, line=3), "a") == substance(replace(A, line=9), "a")
    assert substance(ask("x", "a?"), "x") == substance(A.__class__(name="a", messages=(msg("a?", "a.ask"),)), "a")
    assert substance(A, "a") != substance(ask("a", "other"), "a")


NAMES = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def steps(draw: st.DrawFn) -> tuple[Step, ...]:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    kinds = {"ask": lambda n: ask(n, f"{n}?"), "number": lambda n: ask(n, f"{n}?", type="number"),
             "wait": lambda n: Wait(name=n), "send": lambda n: send(n, n)}  # fmt: skip
    return tuple(kinds[draw(st.sampled_from(sorted(kinds)))](name) for name in names)


LINES = st.builds(
    Migration,
    rename=st.dictionaries(NAMES, NAMES, max_size=2),
    drop=st.dictionaries(NAMES, st.one_of(NAMES, st.just(END)), max_size=2),
    reask=st.lists(NAMES, max_size=2).map(tuple),
)


@given(steps(), steps(), st.one_of(st.none(), st.lists(LINES, max_size=3).map(tuple)), st.data())
def test_who_moved_stands_at_a_step_of_the_new_revision(
    before: tuple[Step, ...], after: tuple[Step, ...], lines: tuple[Migration, ...] | None, data: st.DataObject
) -> None:
    old, new = old_of(*before), new_of(*after, migrations=lines)
    at = data.draw(st.sampled_from([step.name for step in before]))
    session = standing(at, data.draw(st.sampled_from(["ask", "sleep"])), answers={step.name: 1 for step in before})
    found = migrated(bot_of(new, old), session, START)
    if found.session.revision == "old":
        assert found.session == session and found.refusals
    elif found.ended:
        assert found.session.wait is None and not found.session.live
    else:
        assert found.session.wait is not None and found.session.wait.step in new.steps
        assert found.session.live and len(found.session.answers) <= len(session.answers)
    again = migrated(bot_of(new, old), found.session, START)
    assert again.session == found.session, "who has moved does not move once more"


# ---- conversations that go on in another revision


def moved_to(person: Person, *flows: Flow) -> list[str]:
    """The bot has these flows from now on; what is said at once."""
    old, said = person.bot, list[str]()
    older = {(one.name, one.revision): one for one in old.flows.values()}
    person.bot = replace(bot(*flows), revisions=older)
    for session in [one for one in person.sessions.values() if one.live]:
        found = migrated(person.bot, session, person.at)
        person.sessions[session.id] = found.session
        if found.anew:
            said += person.react(Redeployed(person.origin(), person.at, session.id))
    return said


COLOUR = ask("colour", "Which colour?", choice("Red", "red", next="size"), choice("Blue", "blue"), change=True)
FIRST = flow("shop", COLOUR, ask("size", "Which size?"), send("sold", "{{ answers.colour }} in {{ answers.size }}"),
             triggers=(keyword("shop"),), revision="r1")  # fmt: skip
HUE = ask("hue", "Which hue?", choice("Red", "red", next="size"), choice("Blue", "blue", next="size"), change=True)
SECOND = flow("shop", HUE, ask("size", "What size?"), send("sold", "{{ answers.hue }}, {{ answers.size }}"),
              triggers=(keyword("shop"),), revision="r2", migrations=(Migration(rename={"colour": "hue"}),))  # fmt: skip


def test_what_was_offered_before_can_still_be_tapped() -> None:
    ana = Person(bot(FIRST))
    assert ana.write("shop") == ["Which colour? [Red | Blue]"]
    assert moved_to(ana, SECOND) == []
    assert ana.tap("Blue") == ["What size?"] and ana.write("M") == ["blue, M"]


def test_an_earlier_answer_can_still_be_changed() -> None:
    ana = Person(bot(FIRST))
    ana.write("shop")
    red = ana.payloads["Red"]
    assert ana.tap("Blue") == ["Which size?"]
    assert moved_to(ana, SECOND) == []
    assert ana.tap("Red", red) == ["What size?"] and ana.write("S") == ["red, S"]


def test_a_step_begins_anew_when_the_other_question_is_answered() -> None:
    other = flow("other", ask("name", "Your name?"), triggers=(keyword("other"),))
    ana = Person(bot(FIRST, other))
    ana.write("shop")
    assert ana.write("other") == ["Your name?"]
    dropped = replace(SECOND, migrations=(Migration(drop={"colour": "size"}),))
    assert moved_to(ana, dropped, other) == [], "another question is pending"
    assert ana.write("Ana") == ["What size?"]


def test_a_step_begins_anew_when_people_are_done() -> None:
    ana = Person(bot(FIRST))
    ana.write("shop")
    ana.contact = replace(ana.contact, owner="person")
    dropped = replace(SECOND, migrations=(Migration(drop={"colour": "size"}),))
    assert moved_to(ana, dropped) == []
    assert ana.react(OwnerReturned(ana.origin(), ana.at)) == ["What size?"]


def test_a_question_to_be_asked_again_is_put_at_once() -> None:
    ana = Person(bot(FIRST))
    ana.write("shop")
    assert moved_to(ana, replace(SECOND, migrations=(*(SECOND.migrations or ()), Migration(reask=("hue",))))) == [
        "Which hue? [Red | Blue]"
    ]
    assert ana.tap("Red") == ["What size?"]


# ---- loops, callers and choices


def loop(name: str, *inside: str) -> Foreach:
    return Foreach(name=name, items=c("[1, 2]"), steps=inside)


def test_who_stands_in_a_loop_stays_unless_it_is_the_same_loop() -> None:
    old = old_of(loop("each", "a"), A, B)
    assert course_of("a", old, new_of(loop("each", "a"), A, B)).fate == "moves"
    for new in (new_of(A, loop("each", "b"), B), new_of(loop("other", "a"), A, B), new_of(A, B)):
        course = course_of("a", old, new)
        assert (course.fate, course.reason) == ("finishes", "a stands in a `foreach` that is another one now")
    assert course_of("b", old, new_of(loop("each", "b", "a"), B, A)).fate == "finishes"
    renamed = new_of(loop("each", "x"), ask("x", "a?"), B, migrations=(Migration(rename={"a": "x"}),))
    assert course_of("a", old, renamed).fate == "moves"


@pytest.mark.parametrize(("before", "after", "reason"), [
    (ask("a", "a?", "Red"), ask("a", "a?", type="choice"), "its choices are gone"),
    (ask("a", "a?", type="choice"), ask("a", "a?", "Red"), "its choices are new"),
])  # fmt: skip
def test_choices_that_came_or_went(before: Step, after: Step, reason: str) -> None:
    course = course_of("a", old_of(before), new_of(after))
    assert (course.fate, course.reason) == ("anew", reason)


def test_what_cannot_move_says_why() -> None:
    here = bot_of(new_of(A), old_of(A))
    gone = replace(here, flows={})
    assert migrated(gone, standing("a"), START).refusals == ("flow f is gone",)
    assert migrated(replace(here, revisions={}), standing("a"), START).refusals == (
        "a revision of flow f is not known",
    )
    inside = standing("a", stack=(Frame("f", "new", "a", {}, {}, {}),))
    ending = bot_of(new_of(B, migrations=(Migration(drop={"a": END}),)), old_of(A, B))
    found = migrated(ending, inside, START)
    assert found.refusals[-1] == "a was dropped inside a call" and found.session.live and not found.ended


def test_every_caller_is_looked_at() -> None:
    mover = flow("m", Call(name="get", flow="f"), ask("old", "?"), revision="m1")
    moved = flow("m", Call(name="fetch", flow="f"), ask("new", "?"), revision="m2", inputs={"i": InputSpec("text")},
                 migrations=(Migration(rename={"get": "fetch", "old": "new"}),))  # fmt: skip
    stays, lost = flow("s", Call(name="c", flow="m"), revision="s1"), flow("l", Call(name="c", flow="m"), revision="l1")
    lost_new = flow("l", send("c", "x"), revision="l2", migrations=())
    bot = Bot("t", "en", "UTC", {}, {"f": flow("f", A, revision="old"), "m": moved, "s": stays, "l": lost_new},
              revisions={("m", "m1"): mover, ("l", "l1"): lost})  # fmt: skip
    frames = (Frame("s", "s1", "c", {}, {}, {}), Frame("l", "l1", "c", {}, {}, {}),
              Frame("m", "m1", "get", {}, {"old": 1, "other": 2}, {"i": "x"}))  # fmt: skip
    found = migrated(bot, standing("a", stack=frames), START)
    first, second, third = found.session.stack
    assert (first, second) == frames[:2] and found.refusals == ("c, which called, is no call any more",)
    assert (third.revision, third.step, third.answers, third.inputs) == (
        "m2",
        "fetch",
        {"new": 1, "other": 2},
        {"i": "x"},
    )


def test_a_translation_is_part_of_what_a_step_says() -> None:
    english = old_of(A, words={"it": {"a.ask": p("Come?"), "b.ask": p("B?")}})
    other = new_of(A, words={"it": {"a.ask": p("Che cosa?"), "b.ask": p("B?")}}, migrations=(Migration(reask=("a",)),))
    same = new_of(A, words={"it": {"a.ask": p("Come?"), "b.ask": p("Altro?")}}, migrations=(Migration(reask=("a",)),))
    assert (course_of("a", english, other).fate, course_of("a", english, same).fate) == ("anew", "moves")


def test_what_a_step_sets_is_what_it_is() -> None:
    def setting(value: str) -> Set:
        return Set(name="s", values={"vars.x": p(value)})

    assert substance(setting("{{ 1 }}"), "s") == substance(setting("{{ 1 }}"), "s")
    assert substance(setting("{{ 1 }}"), "s") != substance(setting("{{ 2 }}"), "s")


def test_the_translation_of_a_choice_is_part_of_its_question() -> None:
    def said(red: str) -> Mapping[str, Mapping[str, Any]]:
        return {"it": {"a.choices.0": p(red), "b.ask": p("B?")}}

    lines = (Migration(reask=("a",)),)
    old = old_of(ask("a", "a?", "Red"), words=said("Rosso"))
    for red, fate in (("Rosso", "moves"), ("Vermiglio", "anew")):
        assert course_of("a", old, new_of(ask("a", "a?", "Red"), words=said(red), migrations=lines)).fate == fate
