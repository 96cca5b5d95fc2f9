"""What is said and how: languages, plurals, chance, media, channels, delivery, templates, names of expressions."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.engine.worlds import START, Person, ask, bot, c, choice, d, flow, msg, p, send, words
from trinario.engine.chance import draw, seed_of, short_id
from trinario.engine.plural import category_of
from trinario.model.effect import Say
from trinario.model.event import FlowWanted
from trinario.model.flow import (
    Ask,
    Delivery,
    Flow,
    InputSpec,
    Message,
    Send,
    Set,
    TemplateCall,
    Trigger,
    Words,
    WordsLink,
)
from trinario.model.message import Choices, Link, Media, Template, Text


def said(step: Send | Ask, **contact: Any) -> Person:
    ana = Person(bot(flow("f", step)), **contact)
    ana.start("f")
    return ana


def one(message: Message, **more: Any) -> Send:
    return Send(name="x", messages=(message,), **more)


ITALIAN = {"it": {"x.send": p("Ciao {{ contact.first_name }}"), "q.choices.0": p("Rosso")}}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Ciao Ana"),
        ("it-CH", "Ciao Ana"),
        ("it_IT", "Ciao Ana"),
        ("de", "Hi Ana"),
        (None, "Hi Ana"),
        ("en", "Hi Ana"),
    ],
)
def test_languages(language: str | None, text: str) -> None:
    f = flow("f", send("x", "Hi {{ contact.first_name }}"), words=ITALIAN)
    ana = Person(bot(f), language=language, first_name="Ana")
    assert ana.start("f") == [text]


def test_a_language_without_this_text_says_it_as_written() -> None:
    f = flow("f", send("y", "Hi"), words={"it": {}})
    assert Person(bot(f), language="it").start("f") == ["Hi"]


def test_a_language_set_on_the_way_is_spoken_at_once() -> None:
    f = flow(
        "f", Set(name="l", values={"contact.language": "it"}), send("x", "Hi {{ contact.first_name }}"), words=ITALIAN
    )
    assert Person(bot(f), first_name="Ana").start("f") == ["Ciao Ana"]


def test_translated_titles_mean_the_same_value() -> None:
    f = flow("f", ask("q", "?", "Red", "Blue"), send("s", "{{ answers.q }} {{ answers.q | label }}"), words=ITALIAN)
    for typed in ("rosso", "Red", "1"):
        ana = Person(bot(f), language="it")
        assert ana.start("f") == ["? [Rosso | Blue]"]
        assert ana.write(typed) == ["Red Rosso"]
    ana = Person(bot(f))
    ana.start("f")
    assert ana.write("rosso") == ["Red Red"], "titles of other languages are understood as well"


def test_labels() -> None:
    f = flow(
        "f",
        ask("q", "?", choice("Café", "cafe", also={"": ("bar",)})),
        send("s", "{{ answers.q }}: {{ answers.q | label }}"),
    )
    ana = Person(bot(f))
    ana.start("f")
    assert ana.write("bar") == ["cafe: Café"]


PLURAL = Message(
    plural={"one": words("One thing", "x.one"), "other": words("{{ vars.n }} things", "x.other")}, count=c("vars.n")
)


@pytest.mark.parametrize(
    ("number", "language", "text"),
    [("1", None, "One thing"), ("2", None, "2 things"), ("0", None, "0 things"), ("1.5", None, "1.5 things"),
     ("2", "pl", "2 rzeczy"), ("5", "pl", "5 things po polsku"), ("-1", None, "One thing")],
)  # fmt: skip
def test_plurals(number: str, language: str | None, text: str) -> None:
    polish = {"pl": {"x.few": p("{{ vars.n }} rzeczy"), "x.other": p("{{ vars.n }} things po polsku")}}
    f = flow("f", one(PLURAL), vars={"n": InputSpec("number", Decimal(number))}, words=polish)
    assert Person(bot(f), language=language).start("f") == [text]


@pytest.mark.parametrize(
    ("language", "numbers"),
    [("en", "1 one|0 other|1.5 other"), ("fr", "0 one|1 one|1.5 one|2 other"), ("ja", "1 other"),
     ("ru", "1 one|2 few|5 many|11 many|12 many|13 many|14 many|113 many|21 one|22 few|1.5 other"), ("pl", "1 one|21 many|22 few|12 many"),
     ("cs", "1 one|3 few|5 other|1.5 many"), ("ar", "0 zero|1 one|2 two|3 few|10 few|11 many|100 other|1.5 other"),
     ("ro", "1 one|0 few|19 few|20 other"), ("pt-BR", "0 one|2 other"), ("xx", "1 one")],
)  # fmt: skip
def test_plural_categories(language: str, numbers: str) -> None:
    for pair in numbers.split("|"):
        number, category = pair.split()
        assert category_of(Decimal(number), language) == category, pair


def test_chance_is_fair_and_repeats_itself() -> None:
    f = flow("f", one(Message(one_of=(msg("a"), msg("b"), msg("c")))))
    found: Counter[str] = Counter()
    for number in range(300):
        ana = Person(bot(f))
        found[ana.react(FlowWanted(f"o{number}", START, "f"))[0]] += 1
    assert set(found) == {"a", "b", "c"}
    assert min(found.values()) > 60


def test_draws() -> None:
    assert draw(1, 5) == 0
    assert {draw(6, seed_of("x"), n) for n in range(100)} == set(range(6))
    assert seed_of(1, "a") == seed_of(1, "a") < 2**48
    assert short_id("abc", 48) == "abc"
    assert len(short_id("x" * 49, 48)) == 24


def test_payloads_stay_short_whatever_the_origin() -> None:
    ana = Person(bot(flow("f", ask("q", "?", *[str(n) for n in range(200)]))))
    ana.react(FlowWanted("o" * 100, START, "f"))
    assert max(len(payload) for payload in ana.payloads.values()) <= 64


def test_media_and_links() -> None:
    picture = Message(
        media="image", url=p("https://x/{{ contact.id }}.png"), caption=words("Look"), filename=p("a.png")
    )
    assert said(one(picture)).says[0].content == Media("image", "https://x/1.png", "Look", "a.png")
    linked = msg("See", links=(WordsLink(words("Shop"), p("https://{{ globals.site }}")),))
    assert said(one(linked)).says[0].content == Text("See", (Link("Shop", "https://garden"),))


def test_a_question_with_a_picture() -> None:
    picture = Message(media="image", url=p("https://x/1.png"), caption=words("Which?"))
    ana = said(Ask(name="x", messages=(picture,), choices=(choice("A"),), type="choice"))
    first, second = ana.says
    assert first.content == Media("image", "https://x/1.png")
    assert isinstance(second.content, Choices)
    assert (second.content.text, first.prompt, second.prompt) == ("Which?", "", "i1.1/1")


def test_a_question_with_links() -> None:
    linked = msg("Which?", links=(WordsLink(words("All"), p("https://x")),))
    (say,) = said(Ask(name="x", messages=(linked,), choices=(choice("A"),), type="choice")).says
    assert isinstance(say.content, Choices)
    assert say.content.text == "Which?\nAll: https://x"


def test_what_one_channel_says_differently() -> None:
    message = msg("Hello", per_channel={"instagram": msg("Hey"), "whatsapp": msg("")})
    (say,) = said(one(message)).says
    assert isinstance(say, Say)
    assert say.per_channel == {"instagram": Text("Hey")}
    (say,) = said(Ask(name="x", messages=(message,), choices=(choice("A"),), type="choice")).says
    assert isinstance(say, Say)
    assert isinstance(say.per_channel["instagram"], Choices)


def test_nothing_left_to_say() -> None:
    assert said(send("x", "{{ contact.first_name }}", "B")).said == ["B"]


def test_delivery_key_by_key() -> None:
    template = TemplateCall("tpl", None, {"name": p("{{ contact.id }}")})
    step = send("x", "Hi", delivery=Delivery(template=template), typing=d("2s"))
    f = flow("f", step, delivery=Delivery(order=("whatsapp",)))
    ana = Person(bot(f, delivery=Delivery(order=("messenger",))), language="it-CH")
    ana.start("f")
    (say,) = ana.says
    assert isinstance(say, Say)
    assert (say.order, say.template, say.typing) == (("whatsapp",), Template("tpl", "en", {"name": "1"}), 2.0)
    assert said(one(Message(template=template))).says[0].content == Template("tpl", "en", {"name": "1"})


NAMES = flow(
    "names", ask("q", "?"), send("s", "SHOWN"),
    inputs={"a": InputSpec("text", "A")}, vars={"v": InputSpec("text", "V")},
)  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("{{ contact.name }}|{{ contact.language }}", "Ana Rossi|en"), ("{{ fields.budget is none }}", "true"),
        ("{{ fields.nope }}", None), ("{{ consent.marketing or 'unknown' }}", "unknown"), ("{{ tags }}", "a, b"),
        ("{{ channel.name }} {{ channel.platform }} {{ channel.window_open }}", "messenger messenger true"),
        ("{{ channel.window_closes }}", "2026-03-03 10:00"), ("{{ answers.q }}", "hello"), ("{{ vars.v }}", "V"),
        ("{{ input.text }} {{ input.media is none }}", "hello true"), ("{{ trigger.kind }}", "wanted"),
        ("{{ trigger.post }}{{ trigger.ad }}", ""), ("{{ call.a }}", "A"), ("{{ flow.name }} {{ session.id }}", "names i1.1"),
        ("{{ globals.site }}", "garden"), ("{{ now.hour }} {{ today }}", "11 2026-03-02"), ("{{ ago('1h').hour }}", "9"),
        ("{{ ago('x') }}", None), ("{{ ago(5) }}", None), ("{{ secrets.x }}", None), ("{{ campaign.name }}", ""),
    ],
)  # fmt: skip
def test_names(phrase: str, text: str | None) -> None:
    f = flow("names", NAMES.steps["q"], send("s", f"={phrase}"), inputs=NAMES.inputs, vars=NAMES.vars)
    ana = Person(bot(f), first_name="Ana", last_name="Rossi", tags=frozenset({"b", "a"}))
    ana.start("names")
    assert ana.write("hello") == (["Something went wrong."] if text is None else [f"={text}"])


def test_the_window_shuts() -> None:
    f = flow("f", send("s", "{{ channel.window_open }} {{ channel.name or 'nowhere' }}"))
    ana = Person(bot(f))
    assert ana.start("f") == ["false nowhere"]
    ana.write("x")
    ana.at += timedelta(hours=24)
    assert ana.start("f") == ["false messenger"]


def test_event_data_may_be_anything() -> None:
    f: Flow = flow("f", send("s", "{{ trigger.items[0].n }} {{ trigger.total }} {{ trigger.kind }}"), triggers=(
        Trigger("event", "e"),))  # fmt: skip
    ana = Person(bot(f))
    assert ana.event("e", items=[{"n": 1}], total=0.1, odd=float("inf"), deep=None) == ["1 0.1 event"]


def test_words_are_a_plain_value() -> None:
    assert Words("k", p("x")) == words("x")


@pytest.mark.parametrize(
    ("address", "said_as"),
    [
        ("https://x.example/{{ contact.first_name }}?a=1&b=%20#c", "https://x.example/Ana%20Mar%C3%ADa?a=1&b=%20#c"),
        ("https://x.example/{{ contact.first_name | urlencode }}", "https://x.example/Ana%20Mar%C3%ADa"),
        ("{{ 'https://caffè.example/a b' }}", "https://caffè.example/a%20b"),
        ("{{ contact.first_name }}.png", "Ana María.png"),
    ],
)
def test_values_in_addresses_are_quoted(address: str, said_as: str) -> None:
    link = msg("Look", links=(WordsLink(words("Shop"), p(address)),))
    picture = Message(media="image", url=p(address))
    ana = said(Send(name="x", messages=(link, picture)), first_name="Ana María")
    assert [say.content for say in ana.says] == [Text("Look", (Link("Shop", said_as),)), Media("image", said_as)]
