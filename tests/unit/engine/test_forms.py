"""Forms: which question the token belongs to, forms that come late or twice, and what else she may send meanwhile."""

import pytest

from tests.unit.engine.worlds import Person, ask, bot, flow, keyword, p, send, words
from trinario.model.effect import Say
from trinario.model.flow import Ask, Message, Trigger, WordsForm, WordsProducts, WordsShelf
from trinario.model.interactive import Form, Products, Wanted


def form_step(name: str, **more: object) -> Ask:
    message = Message(text=words("When?", f"{name}.ask"), form=WordsForm(p("123"), words("Book", f"{name}.b")))
    return Ask(name=name, messages=(message,), type="form", **more)  # type: ignore[arg-type]


def filled(person: Person, token: str, **answers: object) -> list[str]:
    return person.heard("form", "Sent", data={"name": "flow", "response": {"flow_token": token, **answers}})


def last_form(person: Person) -> Form:
    (content,) = [one.content for one in person.effects(Say) if isinstance(one.content, Form)]
    return content


def test_the_token_leads_to_the_question() -> None:
    person = Person(bot(flow("f", form_step("book"), send("thanks", "Until {{ answers.book.day }}!"))))
    person.start("f")

    assert last_form(person).token == f"{person.waiting.id}/1/form"
    assert filled(person, last_form(person).token, day="Monday") == ["Until Monday!"]


def test_a_form_that_comes_late_is_no_answer_to_another_question() -> None:
    person = Person(bot(flow("f", form_step("book"), ask("name", "Your name?"), send("hi", "Hi {{ answers.name }}"))))
    person.start("f")
    token = last_form(person).token
    filled(person, token, day="Monday")

    assert filled(person, token, day="Tuesday") == ["You chose Sent.", "Your name?"]
    assert person.waiting.answers["book"] == {"day": "Monday"}
    assert person.write("Ana") == ["Hi Ana"]


def test_two_forms_in_a_row_are_told_apart() -> None:
    person = Person(
        bot(flow("f", form_step("one"), form_step("two"), send("both", "{{ answers.one.x }} {{ answers.two.x }}")))
    )
    person.start("f")
    first = last_form(person).token
    filled(person, first, x="a")
    second = last_form(person).token

    assert first != second
    assert filled(person, first, x="c")[0] == "You chose Sent."
    assert filled(person, second, x="b") == ["a b"]


def test_a_form_that_was_asked_for_begins_nothing_else() -> None:
    other = flow("other", send("s", "Other"), triggers=(Trigger("form"),))
    person = Person(bot(flow("f", form_step("book"), send("t", "Thanks"), triggers=(keyword("go"),)), other))
    person.write("go")

    assert filled(person, last_form(person).token, day="Monday") == ["Thanks"]
    assert filled(person, "elsewhere", day="Monday") == ["Other"]


def test_an_empty_form_and_words_are_wrong_answers() -> None:
    person = Person(bot(flow("f", form_step("book", error=words("Fill it in.", "e")), send("t", "Thanks"))))
    person.start("f")
    token = last_form(person).token

    assert filled(person, token) == ["Fill it in."]
    assert person.write("On Monday") == ["Fill it in."]
    assert filled(person, token, day="Monday") == ["Thanks"]


def test_a_place_and_a_number_are_asked_for_with_a_button() -> None:
    person = Person(bot(flow("f", ask("where", "Where?", type="location"), ask("phone", "Number?", type="phone"),
                             send("bye", "{{ answers.phone }}", reply=True))))  # fmt: skip
    person.start("f")
    assert [one.content for one in person.effects(Say)] == [Wanted("Where?", "location")]

    person.heard("location", data={"latitude": 45.4, "longitude": 9.1})
    assert [one.content for one in person.effects(Say)] == [Wanted("Number?", "phone")]

    card = {"phones": [{"phone": "+39 333 123 4567", "wa_id": "393331234567"}], "origin": "contact_request"}
    assert person.heard("contacts", data={"contacts": [card]}) == ["+393331234567"]
    assert [one.quotes for one in person.effects(Say)] == [True]


@pytest.mark.parametrize(("type_", "given"), [("phone", "+39 333 123 4567"), ("email", "ana@luckygarden.example")])
def test_what_messenger_knows_of_her_is_an_answer_when_she_taps_it(type_: str, given: str) -> None:
    """It comes with the value as title and payload: no payload of ours."""
    person = Person(bot(flow("f", ask("q", "Which?", type=type_), send("bye", "{{ answers.q }}"))))
    person.start("f")
    assert [one.content for one in person.effects(Say)] == [Wanted("Which?", type_)]
    assert person.tap(given, given) == [given.replace(" ", "")]


def test_products_come_from_a_list_of_data() -> None:
    shelf = WordsShelf((p("{{ ['fern', 'rose', 'fern'] }}"),), words("Shade", "t"))
    message = Message(text=words("Choose", "m"), products=WordsProducts((shelf,)))
    person = Person(bot(flow("f", Ask(name="q", messages=(message,), type="order")), catalog="77"))
    person.start("f")

    (content,) = [one.content for one in person.effects(Say)]
    assert isinstance(content, Products) and content.catalog == "77" and content.ids == ("fern", "rose")
