"""Which one wins when a message could mean several things; and that nobody meets silence."""

from typing import Any

import pytest

from tests.unit.engine.worlds import Person, ask, bot, c, flow, keyword, send
from trinario.model.flow import Flow, Trigger
from trinario.model.heard import Referral


def says(name: str, *triggers: Trigger) -> Flow:
    return flow(name, send("s", name.upper()), triggers=triggers)


EXACT = says("exact", keyword("prices", mode="exact"))
FIRST = says("first", keyword("price", "new york"))
INSIDE = says("inside", keyword("garden", mode="contains"))
REGEX = says("regex", keyword(r"order \d{4}", mode="regex"))
MESSAGE = says("message", Trigger("message"))
DEFAULT = says("default")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("prices", "EXACT"), ("PRICES!", "EXACT"), ("price", "FIRST"), ("price of roses", "FIRST"),
        ("Price, please", "FIRST"), ("New York office", "FIRST"), ("new", "MESSAGE"), ("the price", "MESSAGE"),
        ("my gardens", "INSIDE"), ("price for my garden", "FIRST"), ("about Order 1234", "REGEX"), ("hello", "MESSAGE"),
        ("🌹", "MESSAGE"),
    ],
)  # fmt: skip
def test_keywords(text: str, answer: str) -> None:
    ana = Person(bot(EXACT, FIRST, INSIDE, REGEX, MESSAGE, DEFAULT, default_flow="default"))
    assert ana.write(text) == [answer]


def test_message_before_default_and_default_before_nothing() -> None:
    assert Person(bot(MESSAGE, DEFAULT, default_flow="default")).write("x") == ["MESSAGE"]
    ana = Person(bot(DEFAULT, default_flow="default"))
    assert ana.write("x") == ["DEFAULT"]
    assert ana.media() == ["DEFAULT"]
    ana = Person(bot(FIRST))
    assert ana.write("x") == []
    assert ana.reaction
    assert not ana.reaction.handled


@pytest.mark.parametrize("kind", ["reaction", "edit", "deleted", "system", "comment", "optin"])
def test_signs_are_no_words(kind: str) -> None:
    ana = Person(bot(flow("default", ask("q", "?")), default_flow="default"))
    assert ana.heard(kind, "stop") == []
    assert ana.reaction
    assert not ana.reaction.handled
    ana.write("hello")
    assert ana.heard(kind, "an answer") == []
    assert ana.waiting.wait


def question(*choices: str, **more: Any) -> Flow:
    return flow("asking", ask("q", "?", *choices, **more), send("a", "GOT {{ answers.q }}"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("price", ["GOT price"]),
        ("prices", ["EXACT", "Where were we?", "?"]),
        ("garden", ["GOT garden"]),
        ("help", ["How can I help?", "?"]),
        ("x", ["GOT x"]),
    ],
)
def test_a_pending_open_question(text: str, said: list[str]) -> None:
    ana = Person(bot(question(), EXACT, FIRST, INSIDE, MESSAGE, default_flow="message"))
    ana.start("asking")
    assert ana.write(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prices", ["GOT Prices"]),
        ("Garden", ["GOT Garden"]),
        ("2", ["GOT Garden"]),
        ("help", ["How can I help?", "? [Prices | Garden]"]),
        ("price of it", ["FIRST", "Where were we?", "? [Prices | Garden]"]),
        ("my own garden", ["INSIDE", "Where were we?", "? [Prices | Garden]"]),
        ("no idea", ["One of these, please. [Prices | Garden]"]),
    ],
)
def test_a_pending_closed_question(text: str, said: list[str]) -> None:
    ana = Person(bot(question("Prices", "Garden"), EXACT, FIRST, INSIDE, MESSAGE, default_flow="message"))
    ana.start("asking")
    assert ana.write(text) == said


def test_a_question_that_nothing_interrupts() -> None:
    ana = Person(bot(question("A", "B", interrupt=False), EXACT, FIRST, says("ref", Trigger("referral"))))
    ana.start("asking")
    assert ana.write("prices") == ["One of these, please. [A | B]"]
    assert ana.ref("spring") == ["? [A | B]"]
    assert ana.write("human")[0] == "Somebody will write to you."


def test_stop_comes_before_everything() -> None:
    ana = Person(bot(flow("f", ask("q", "?", "Stop", "Go"), send("a", "A")), says("s", keyword("stop", mode="exact"))))
    ana.start("f")
    assert ana.write("stop") == ["Stopped. Say START to come back."]
    ana.start("f")
    assert ana.tap("Stop") == ["Stopped. Say START to come back."]


def test_channels_priority_and_language() -> None:
    bound = says("bound", keyword("gift", channels=frozenset({"messenger"})))
    high = says("high", keyword("gift", priority=5))
    low = says("low", keyword("gift"))
    ana = Person(bot(low, high, bound))
    assert ana.write("gift") == ["BOUND"]
    ana.channel = "whatsapp"
    assert ana.write("gift") == ["HIGH"]
    german = says("german", Trigger("keyword", words={"de": ("gift",)}))
    english = says("english", Trigger("keyword", words={"en": ("gift",)}))
    assert Person(bot(german, english)).write("gift") == ["ENGLISH"]
    assert Person(bot(english, german), language="de").write("gift") == ["GERMAN"]
    assert Person(bot(german)).write("gift") == ["GERMAN"]


def test_the_longer_word_wins() -> None:
    ana = Person(bot(says("a", keyword("new")), says("b", keyword("new york"))))
    assert ana.write("new york please") == ["B"]


def test_referrals() -> None:
    spring, any_ref = says("spring", Trigger("referral", "spring")), says("other", Trigger("referral"))
    begun = says("begun", Trigger("get_started"))
    ana = Person(bot(any_ref, spring, begun, DEFAULT, default_flow="default"))
    assert ana.ref("spring") == ["SPRING"]
    assert ana.ref("winter") == ["OTHER"]
    assert ana.heard("get_started", payload="GET_STARTED") == ["BEGUN"]
    assert ana.heard("get_started", payload="GET_STARTED", referral=Referral("spring")) == ["SPRING"]
    assert ana.heard("text", "hello", referral=Referral("spring")) == ["SPRING"]


def test_what_the_trigger_was() -> None:
    f = flow(
        "f", send("s", "{{ trigger.kind }} {{ trigger.ref }} {{ trigger.text }}."), triggers=(Trigger("referral"),)
    )
    ana = Person(bot(f, default_flow="f"))
    assert ana.ref("spring") == ["referral spring ."]
    assert ana.write("hello") == ["default  hello."]
    assert ana.start("f") == ["wanted  ."]


def test_a_new_contact() -> None:
    new = says("new", Trigger("new_contact"))
    ana = Person(bot(FIRST, new, MESSAGE))
    assert ana.heard("text", "hello", new=True) == ["NEW"]
    assert ana.heard("text", "hello") == ["MESSAGE"]
    assert ana.heard("text", "price", new=True) == ["FIRST"]


def test_a_trigger_that_cannot_be_judged_is_told() -> None:
    broken = says("broken", Trigger("message", match=c("nobody.knows")))
    ana = Person(bot(broken, DEFAULT, default_flow="default"))
    assert ana.write("x") == ["DEFAULT"]
    assert ana.reports == ["nothing is called `nobody` in 'nobody.knows'"]


def test_a_keyword_that_gives_way() -> None:
    ana = Person(bot(question("A"), says("skip", keyword("price", if_busy="skip"))))
    assert ana.write("price") == ["SKIP"]
    ana.start("asking")
    assert ana.write("price") == ["One of these, please. [A]"]


def test_pressing_what_begins_a_thread_is_no_answer() -> None:
    ana = Person(bot(question()))
    ana.start("asking")
    assert ana.heard("get_started", "Get started", payload="GET_STARTED") == ["?"]
    assert ana.ref("nothing") == ["?"]
