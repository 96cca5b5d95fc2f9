"""Small promises of the machine about what is said: drawn, translated, with pictures, in private."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.unit.engine.worlds import START, Person, bot, p, pattern, words
from tests.unit.engine.written import FIELDS, house, main, person
from trinario.authoring.parse_templates import parse_templates
from trinario.model.message import Template, TemplateHeader

# ---- what is said


def test_draws_of_one_turn_are_drawn_apart() -> None:
    steps = "\n".join(f"s{number}: {{send: {{one_of: [a, b, c, d]}}}}" for number in range(12))
    assert len(set(person(main(steps)).start("main"))) > 1


def test_messages_drawn_from_messages() -> None:
    ana = person(
        main(
            "s: {send: {one_of: [{text: a, links: [{title: T, url: 'https://x.example/'}]}, {text: a, links: [{title: T, url: 'https://x.example/'}]}]}}"
        )
    )
    assert ana.start("main") == ["a <T: https://x.example/>"]


def test_a_count_that_is_no_number() -> None:
    ana = person(main("s: {send: {text: {one: One, other: More}, count: fields.n}}"), fields={"n": "x"})
    ana.start("main")
    assert ana.reports == ["`count` needs a number"]


def test_a_translation_without_the_form_that_is_needed_says_another() -> None:
    from tests.unit.engine.worlds import c, flow
    from trinario.model.flow import Message, Send

    only = Message(plural={"one": words("One", "s.one")}, count=c("fields.n"))
    ana = Person(bot(flow("f", Send(name="s", messages=(only,))), fields=FIELDS), fields={"n": Decimal(5)})
    assert ana.start("f") == ["One"]


def test_a_pattern_in_a_language_nobody_foresaw() -> None:
    odd = {"help": replace(pattern("", "help"), texts={"xx": p("Xx!")})}
    ana = Person(house(main("s: {send: Hi}"), patterns=odd), language="it")
    assert ana.write("help") == ["Xx!"]


TEMPLATES = """
templates:
  code:
    category: authentication
    params: [code]
    languages: {it: {body: "{{code}} è il tuo codice.", buttons: [{code: "{{code}}"}]}}
  offer:
    category: marketing
    params: [name]
    languages:
      it:
        header: {image: "https://x.example/a.png"}
        body: "Ciao {{name}}."
        buttons: [{phone: "+390612345678", title: Chiama}, {code: "SPRING"}]
"""


def template(call: str) -> Template:
    parsed = parse_templates(TEMPLATES.encode(), "templates.yaml")
    assert not parsed.issues, parsed.issues
    ana = Person(house(main(f"s: {{send: {{template: {call}}}}}"), templates=parsed.templates), language="fr")
    ana.start("main")
    (say,) = ana.says
    assert isinstance(say.content, Template)
    return say.content


def test_the_words_of_a_code_are_metas_own() -> None:
    code = template("{name: code, params: {code: '123 456'}}")
    assert code.language == "it", "the only language that there is"
    assert code.params == {"1": "123 456"}
    assert [(button.kind, button.value) for button in code.buttons] == [("otp", "123 456")]


def test_a_template_with_a_picture_and_a_number() -> None:
    offer = template("{name: offer, params: {name: Ana}}")
    assert offer.header == TemplateHeader("image", "https://x.example/a.png")
    assert offer.text == "Ciao Ana.\n\nChiama: +390612345678"
    assert [(button.index, button.kind, button.value) for button in offer.buttons] == [(1, "code", "SPRING")]


def test_where_cards_have_their_pictures() -> None:
    ana = Person(
        house(
            main(
                "s: {send: {cards: {from: fields.items, title: item.name, image: 'https://x.example/{{ item.id }}.png'}}}"
            )
        ),
        fields={"items": [{"name": "Fern", "id": "a b"}]},
    )
    ana.start("main")
    assert "https://x.example/a%20b.png" in str(ana.says[0].content)


def test_lines_under_a_template_and_under_a_picture() -> None:
    ana = person(main("q: {ask: {image: 'https://x.example/a.png'}, type: rating}"))
    assert ana.start("main")[0].startswith("image:https://x.example/a.png")


def test_a_wait_that_ends_on_a_day_that_is_not_allowed() -> None:
    ana = person(main("w: {wait: 1h, days: weekdays}\ns: {send: Hi}"))
    ana.at = START.replace(day=7)  # a Saturday
    ana.start("main")
    assert ana.waiting.wake_at and ana.waiting.wake_at.isoformat() == "2026-03-08T23:00:00+00:00"


def test_an_empty_place_is_no_place() -> None:
    ana = Person(house(main('s: {send: {location: "{{ fields.city }}"}}')), fields={"city": ""})
    assert ana.start("main") == [] and ana.statuses == {"main": "done"}


def test_a_permission_that_is_there_is_an_answer() -> None:
    ana = person(
        main("o: {opt_in: marketing, wording: May we?}\ns: {send: '{{ answers.o }}'}"), consent={"marketing": True}
    )
    assert ana.start("main") == ["true"]


def test_a_link_goes_where_its_flow_says() -> None:
    ana = person(main("x: {switch_channel: whatsapp}", "delivery: {order: [instagram, current]}\n"))
    ana.start("main")
    assert [say.order for say in ana.says] == [("instagram", "current")]


def test_until_what_is_no_date() -> None:
    ana = person(main("w: {wait: {until: fields.n}}"), fields={"n": Decimal(5)})
    ana.start("main")
    assert ana.reports == ["`until` needs a date or a date with time"]


def test_a_comment_of_no_known_kind() -> None:
    ana = person(main("s: {send: '[{{ trigger.medium }}]'}", "triggers: [comment]\n"))
    assert ana.heard("comment", "me", data={"comment": "c1", "post": "p1"}) == ["[]"]


PRIVATE = main(
    "x: {private_reply: Well?, on_too_late: late}\nend_: {tag: on, next: end}\nlate: {tag: late}",
    "triggers: [comment]\n",
)


def test_a_private_reply_that_came_too_late() -> None:
    for reason, tag in (("too_late", "late"), ("10901", "late")):
        ana = person(PRIVATE)
        ana.comment("me")
        (say,) = ana.says
        assert ana.waiting.wait and say.reply_to
        ana.fate(ana.waiting.wait.keys[0], "failed", reason)
        assert ana.contact.tags == {tag} and not ana.contact.marks


def test_a_private_reply_comes_again_when_people_are_done_if_she_wrote() -> None:
    for wrote, said in ((False, []), (True, ["Well?"])):
        ana = person(PRIVATE)
        ana.comment("me")
        if wrote:
            ana.contact = replace(
                ana.contact, channel="messenger", last_heard={"messenger": ana.at + timedelta(hours=1)}
            )
        ana.contact = replace(ana.contact, owner="person")
        ana.at += timedelta(hours=2)
        assert ana.returned() == said
