"""Choices in pages: what turns them, what a number means, and that no turn counts as a wrong answer."""

from tests.unit.engine.worlds import Person, ask, bot, flow, keyword, send
from trinario.authoring.patterns import patterns
from trinario.model.flow import Flow
from trinario.model.message import Choices

WORDS = patterns({}, "en")


def long(count: int = 23, **more: object) -> Flow:
    titles = [f"Slot {number}" for number in range(1, count + 1)]
    return flow("long", ask("slot", "When?", *titles, retries=1, **more), send("end_", "{{ answers.slot }}."),
                triggers=(keyword("go"),))  # fmt: skip


def ana(count: int = 23, **contact: object) -> Person:
    person = Person(bot(long(count), patterns=WORDS), **contact)
    person.write("go")
    return person


def page(person: Person) -> Choices:
    content = person.says[-1].content
    assert isinstance(content, Choices)
    return content


def more(person: Person, start: int, number: int = 1) -> None:
    """She taps what turns the page of her question number `number`."""
    session = next(iter(person.sessions.values()))
    person.payloads["More"] = f"{session.id}/{number}/more/{start}"
    person.tap("More")


def test_the_engine_offers_all_and_says_where_the_page_begins() -> None:
    person = ana()
    assert (len(page(person).options), page(person).start, page(person).more) == (23, 0, "More")

    more(person, 9)
    assert (page(person).text, page(person).start) == ("When?", 9)
    more(person, 18)
    assert page(person).start == 18


def test_turning_is_no_wrong_answer() -> None:
    person = ana()
    for start in (9, 18, 9, 18):
        more(person, start)

    assert person.waiting.wait is not None
    assert person.waiting.wait.tries == 0
    assert person.tap("Slot 20") == ["Slot 20."]


def test_the_word_turns_as_well_in_any_language() -> None:
    person = ana(language="it")
    assert page(person).more == "Altro"

    person.write("altro")
    assert page(person).start == 9
    person.write("More!")
    assert page(person).start == 18


def test_a_number_addresses_the_whole_list() -> None:
    person = ana()
    more(person, 9)

    assert person.write("2") == ["Slot 2."]
    assert ana().write("23") == ["Slot 23."]


def test_what_is_no_answer_brings_her_page_again() -> None:
    person = ana()
    more(person, 9)

    person.write("sometime")

    assert page(person).start == 9
    assert page(person).text.startswith("Please")


def test_ten_choices_have_no_pages() -> None:
    person = ana(10)
    assert page(person).more == ""
    person.write("more")
    assert page(person).text.startswith("Please")


def test_a_page_of_a_question_that_was_answered() -> None:
    titles = [f"Slot {number}" for number in range(1, 24)]
    two = flow("two", ask("slot", "When?", *titles), ask("size", "Size?", "Big", "Small"), triggers=(keyword("go"),))
    person = Person(bot(two, patterns=WORDS))
    person.write("go")
    person.tap("Slot 3")

    more(person, 9)

    assert [content.content.text for content in person.says][-1] == "Size?"
    assert "Slot 3" in person.says[0].content.text


def test_a_page_that_is_not_there_is_no_answer() -> None:
    for start in (0, 23, 900, 99999):
        person = ana()
        more(person, start)
        assert page(person).text.startswith("Please")
        assert page(person).start == 0
