"""Taps: on the pending question, late, on copies, for sessions that have ended, on things that are not ours."""

from typing import Any

import pytest

from tests.unit.engine.worlds import Person, ask, bot, choice, d, flow, keyword, send
from trinario.model.flow import Flow, Wait


def two(**more: Any) -> Flow:
    return flow(
        "two", ask("first", "First?", "Red", "Blue", **more), ask("second", "Second?", "Big", "Small"),
        send("end_", "{{ answers.first }} {{ answers.second }}."), triggers=(keyword("go"),),
    )  # fmt: skip


def test_a_tap_on_the_pending_question() -> None:
    ana = Person(bot(two()))
    ana.write("go")
    assert ana.tap("Red") == ["Second? [Big | Small]"]
    ana.channel = "instagram"
    assert ana.tap("Small") == ["Red Small."]


def test_a_late_tap() -> None:
    ana = Person(bot(two()))
    ana.write("go")
    ana.tap("Red")
    assert ana.tap("Blue") == ["You chose Red.", "Second? [Big | Small]"]
    assert ana.tap("Red") == ["You chose Red.", "Second? [Big | Small]"]
    assert ana.tap("Big") == ["Red Big."]


def test_a_late_tap_in_her_language() -> None:
    ana = Person(bot(two()), language="it")
    ana.write("go")
    ana.tap("Red")
    assert ana.tap("Blue")[0] == "Hai scelto Red."


def test_a_late_tap_changes_the_answer() -> None:
    ana = Person(bot(two(change=True, save="fields.interest")))
    ana.write("go")
    ana.tap("Red")
    assert ana.contact.fields == {"interest": "Red"}
    assert ana.tap("Blue") == ["Second? [Big | Small]"]
    assert ana.contact.fields == {"interest": "Blue"}
    assert ana.tap("Big") == ["Blue Big."]


def test_a_tap_for_a_session_that_has_ended_is_its_title() -> None:
    ana = Person(bot(two(), flow("red", send("s", "RED"), triggers=(keyword("red"),))))
    ana.write("go")
    ana.tap("Red")
    ana.tap("Big")
    assert ana.statuses == {"two": "done"}
    assert ana.tap("Red") == ["RED"]
    ana.sessions.clear()
    assert ana.tap("Red") == ["RED"]


def test_a_tap_on_the_earlier_copy_of_the_same_question() -> None:
    again = choice("Again", next="first")
    f = flow(
        "f", ask("first", "First?", "Red", "Blue"), ask("more", "More?", again, "No"), send("e", "{{ answers.first }}")
    )
    ana = Person(bot(f))
    ana.start("f")
    old = ana.payloads["Blue"]
    ana.tap("Red")
    ana.tap("Again")
    assert ana.payloads["Blue"] != old
    assert ana.tap("Blue", old) == ["More? [Again | No]"]
    assert ana.session("f").answers["first"] == "Blue"


def test_a_late_tap_while_nothing_is_pending() -> None:
    f = flow("f", ask("q", "?", "Red", "Blue"), Wait(name="w", duration=d("1h")), send("s", "S"))
    ana = Person(bot(f))
    ana.start("f")
    assert ana.tap("Red") == []
    assert ana.tap("Blue") == ["You chose Red."]
    assert ana.after("1h") == ["S"]


def test_a_tap_on_a_question_that_was_set_aside() -> None:
    other = flow("other", ask("o", "Other?", "Yes", "No"), send("e", "OTHER"), triggers=(keyword("other"),))
    ana = Person(bot(two(), other))
    ana.write("go")
    assert ana.write("other") == ["Other? [Yes | No]"]
    assert ana.tap("Red") == ["Second? [Big | Small]"]
    assert ana.statuses == {"two": "waiting", "other": "aside"}
    assert ana.tap("Big") == ["Red Big.", "Where were we?", "Other? [Yes | No]"]
    assert ana.tap("Yes") == ["OTHER"]


def test_a_late_tap_of_one_session_repeats_the_question_of_the_other() -> None:
    other = flow("other", ask("o", "Other?", "Yes", "No"), triggers=(keyword("other"),))
    ana = Person(bot(two(), other))
    ana.write("go")
    ana.tap("Red")
    ana.write("other")
    assert ana.tap("Blue") == ["You chose Red.", "Other? [Yes | No]"]


def test_payloads_that_are_not_ours() -> None:
    ana = Person(bot(two()))
    ana.write("go")
    for payload in ("MENU_1", "i1.1/1", "i1.1/1/9", "i1.1/x/1", "i1.1/1/1/1", "//", "/1/1", "i1.1/9/1", "i1.1/²/1"):
        before = dict(ana.sessions)
        assert ana.tap("Prices", payload) == ["One of these, please. [Red | Blue]"], payload
        ana.sessions = before


def test_the_oldest_questions_are_forgotten() -> None:
    loop = flow("f", ask("q", "?", choice("Again", next="q"), "Done"), send("e", "E"))
    ana = Person(bot(loop))
    ana.start("f")
    first = ana.payloads["Done"]
    for _ in range(25):
        ana.tap("Again")
    assert len(ana.waiting.prompts) == 20
    assert ana.tap("Done", first) == ["E"], "its title still answers"


def test_a_tap_on_a_question_that_was_never_answered() -> None:
    f = flow("f", ask("q", "?", "Red", "Blue", timeout=d("1h"), exits={"timeout": "later"}), ask("later", "Later?"))
    ana = Person(bot(f))
    ana.start("f")
    assert ana.after("1h") == ["Later?"]
    assert ana.tap("Red") == ["Later?"]
    g = flow("g", ask("q", "?", "Red", timeout=d("1h"), exits={"timeout": "w"}), Wait(name="w", duration=d("1h")))
    ana = Person(bot(g))
    ana.start("g")
    ana.after("1h")
    assert ana.tap("Red") == ["I cannot go on with that."]


PRICES = flow("prices", send("s", "PRICES"), triggers=(keyword("price"),))


@pytest.mark.parametrize("type", ["text", "name", "address", "any"])
def test_a_tap_that_is_not_ours_is_no_answer_in_words(type: str) -> None:
    ana = Person(bot(flow("f", ask("q", "?", type=type), send("s", "GOT {{ answers.q }}")), PRICES))
    ana.start("f")
    assert ana.tap("Opening hours", "ICE:hours") == ["?"]
    assert ana.tap("Price list", "MENU") == ["PRICES", "Where were we?", "?"]
    assert ana.tap("Help", "MENU") == ["How can I help?", "?"]
    assert ana.write("Via Roma 1") == ["GOT Via Roma 1"]


def test_a_button_of_a_session_that_is_over_is_no_answer_in_words() -> None:
    ana = Person(bot(two(), flow("f", ask("q", "?"), send("s", "GOT {{ answers.q }}"))))
    ana.write("go")
    ana.tap("Red")
    ana.tap("Big")
    ana.start("f")
    assert ana.tap("Red") == ["?"]


def test_the_title_on_a_tap_that_is_not_ours_still_answers_a_closed_question() -> None:
    ana = Person(bot(two()))
    ana.write("go")
    assert ana.tap("Blue", "MENU") == ["Second? [Big | Small]"]
