"""Comments beside the chat: what they interrupt, what waits for the team, and what a private reply takes as its answer."""

from dataclasses import replace

from tests.unit.engine.worlds import Person, bot
from trinario.authoring.parse import parse_flow
from trinario.model.comment import comment_in
from trinario.model.flow import Flow

WIN = """\
flow: win
triggers: [{{comment: [win]{more}}}]
steps:
  p: {{private_reply: "Shall we?", choices: [I am in]}}
  q: {{ask: How old?}}
"""
ASKS = """\
flow: asks
triggers: [{keyword: ask}]
steps:
  n: {ask: Name?, type: number, retries: 1}
"""


def read(text: str) -> Flow:
    parsed = parse_flow(text.encode(), "f.yaml")
    assert parsed.flow is not None, parsed.issues
    return replace(parsed.flow, revision="r1")


def person(more: str = "", *others: str) -> Person:
    return Person(bot(*map(read, (WIN.format(more=more), ASKS, *others))))


def test_the_private_reply_goes_to_its_comment_whatever_the_delivery_says() -> None:
    ana = person()
    ana.comment("win")
    (say,) = ana.says
    assert comment_in(say.reply_to) == ("c0", ana.at)
    assert (say.channel, say.order, say.template, say.awaited) == ("messenger", None, None, True)
    assert list(ana.contact.marks) == ["private_reply:messenger/p1"]


def test_a_post_is_named_with_or_without_the_page_in_front() -> None:
    for named in ("spring_post", "1895_spring_post"):
        assert person(f", post: {named}").comment("win", post="1895_spring_post") == ["Shall we? [I am in]"], named
    assert person(", post: post").comment("win", post="1895_spring_post") == []


def test_an_open_question_is_set_aside_by_the_private_reply_and_asked_again() -> None:
    ana = person()
    ana.write("ask")
    assert ana.comment("win") == ["Shall we? [I am in]"]
    assert ana.session("asks").status == "aside"
    ana.wait_a(60)
    assert ana.write("hm, what?") == ["How old?"]
    assert ana.session("win").answers["p"] == "hm, what?"
    assert ana.write("20") == ["Where were we?", "Name?"]


def test_who_must_not_be_sent_another_is_not_interrupted_either() -> None:
    ana = person()
    ana.comment("win")
    ana.tap("I am in")
    ana.write("20")
    ana.write("ask")
    assert ana.comment("win") == []
    assert ana.session("asks").status == "waiting"


def test_defer_waits_for_the_open_question_and_skip_gives_way() -> None:
    ana = person(", if_busy: defer")
    ana.write("ask")
    assert ana.comment("win") == []
    assert ana.write("7") == ["Shall we? [I am in]"]
    ben = person(", if_busy: skip")
    ben.write("ask")
    assert ben.comment("win") == []
    assert "win" not in ben.statuses


def test_while_people_have_her_the_flow_stands_before_its_first_step() -> None:
    ana = person()
    ana.contact = replace(ana.contact, owner="person")
    assert ana.comment("win") == []
    assert "Shall we? [I am in]" in ana.returned()


def test_before_she_has_written_nothing_more_is_said() -> None:
    ana = person()
    ana.comment("win")
    assert ana.returned() == []
    assert ana.session("win").status == "waiting"


def test_it_is_put_again_as_a_question_once_she_writes_of_something_else() -> None:
    ana = person()
    ana.comment("win")
    ana.wait_a(60)
    ana.write("help")
    assert ana.said[-1] == "Shall we? [I am in]"
    assert ana.says[-1].reply_to == ""
    assert ana.tap("I am in") == ["How old?"]


def test_a_flow_that_is_started_keeps_its_comment() -> None:
    ana = person("", "flow: first\ntriggers: [{comment: [go]}]\nsteps: {s: {start: win}}\n")
    assert ana.comment("go") == ["Shall we? [I am in]"]
    assert comment_in(ana.says[0].reply_to) is not None


def test_a_stop_word_below_a_post_is_no_stop_word() -> None:
    ana = person()
    ana.write("ask")
    ana.comment("stop")
    assert ana.session("asks").status == "waiting"
