"""What expressions can name: whole groups of names, what is empty in them, and what changes while a turn goes on."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.engine.worlds import START, Person, ask, bot, c, flow, keyword, p, pattern, send, words
from trinario.engine.scope import Scope
from trinario.errors import EvaluationError
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.effect import Report
from trinario.model.event import FlowWanted, MessageHeard
from trinario.model.flow import Flow, InputSpec, OptOut, Set, SwitchChannel, Tag, Trigger, Untag
from trinario.model.heard import Heard, MediaHeard, Referral
from trinario.model.media import media_name

F = flow("f", send("s", "S"))
BOT = bot(F)
ANA = Contact(1, START, (Identity("messenger", "psid", "7"),), first_name="Ana", last_name="Rossi", channel="messenger",
              timezone="Europe/Rome")  # fmt: skip


def heard(kind: str = "text", text: str = "", **more: Any) -> MessageHeard:
    return MessageHeard("i1", START, Heard(Identity("messenger", "psid", "7"), "m1", START, kind, text, **more))


WANTED = FlowWanted("i1", START, "f", {})


def test_every_name_of_a_group_is_there_when_nothing_is_known() -> None:
    scope = Scope(BOT, Contact(1, START, ()), WANTED)
    assert scope["trigger"] == {"kind": "", "text": "", "ref": "", "post": "", "comment": "", "ad": ""}
    assert scope["input"] == {"text": "", "payload": "", "media": None, "reply_to": ""}
    assert scope["flow"] == {"name": "", "revision": ""}
    assert scope["event"] == {"name": ""}
    assert scope["campaign"] == {"name": "", "variant": ""}
    assert scope["channel"] == {"name": None, "platform": None, "window_open": False, "window_closes": None}
    assert scope["consent"] == {"marketing": None}
    assert scope["contact"] == {"id": 1, "first_name": None, "last_name": None, "name": "", "language": "en",
                                "timezone": None, "created_at": START, "last_seen_at": None,
                                "preferred_channel": None, "owner": "bot", "channels": [], "country": None,
                                    "last_heard": dict.fromkeys(("instagram", "messenger", "whatsapp"))}  # fmt: skip
    assert scope["answers"] == {} and scope["vars"] == {} and scope["tags"] == []


def test_what_is_known_has_its_names() -> None:
    scope = Scope(BOT, ANA, heard(text="hi", payload="x", context="m0"), F)
    assert scope["flow"] == {"name": "f", "revision": "r1"}
    assert scope["input"] == {"text": "hi", "payload": "x", "media": None, "reply_to": "m0"}
    names = scope["contact"]
    assert (names["first_name"], names["last_name"], names["name"]) == ("Ana", "Rossi", "Ana Rossi")
    photo = Scope(BOT, ANA, heard("media", media=(MediaHeard("image", "9", "https://x/9", "image/png", "a.png"),)))
    assert photo["input"]["media"] == {
        "kind": "image", "id": "9", "url": "https://x/9", "mime_type": "image/png", "filename": "a.png",
        "file": media_name("messenger", "m1", 0),
    }  # fmt: skip


def test_a_scope_is_a_mapping() -> None:
    scope = Scope(BOT, ANA, WANTED, F).beside(item=5)
    assert scope["item"] == 5 and scope.get("item") == 5 and scope.get("nope", 7) == 7
    assert "item" in scope and "contact" in scope and "nope" not in scope
    assert set(scope) >= {"item", "contact", "fields", "now"} and len(scope) == len(set(scope)) == len(list(scope))
    with pytest.raises(KeyError):
        scope["nope"]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("ago('1h') == now - duration('1h')", True),
        ("ago(duration('2h')) == ago('2h')", True),
        ("duration(duration('2h')) == duration('120m')", True),
        ("duration('1d') == duration('24h')", True),
        ("duration('1d') > duration('23h')", True),
        ("now.isoformat()", "2026-03-02T11:00:00+01:00"),
        ("ago('1d').isoformat()", "2026-03-01T10:00:00+00:00"),
        ("today.isoformat()", "2026-03-02"),
    ],
)
def test_time_in_expressions(source: str, value: object) -> None:
    assert c(source).value(Scope(BOT, ANA, WANTED)) == value


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("ago(5)", "`ago` takes a duration such as '90d'"),
        ("ago('soon')", "`ago` takes a duration such as '90d', not 'soon'"),
        ("ago('999999999999w')", "`ago` takes a duration such as '90d', not '999999999999w'"),
        ("duration(5)", "`duration` takes a span of time such as '2h', not '5'"),
        ("duration('soon')", "`duration` takes a span of time such as '2h', not 'soon'"),
        ("duration('" + "9" * 60 + "w')", "`duration` takes a span of time such as '2h', not '" + "9" * 40 + "'"),
    ],
)
def test_what_is_no_span_says_so(source: str, reason: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        c(source).value(Scope(BOT, ANA, WANTED))
    assert caught.value.reason == reason


# ---- what a step changes is seen by the next one, whatever was looked at before

ALL = "{{ contact.language }} {{ now.hour }} {{ today }} {{ tags }} {{ fields.city }} {{ consent.marketing }}"


def test_what_changed_is_seen_at_once() -> None:
    steps = (
        send("a", ALL),
        Set(
            name="b",
            values={"contact.timezone": p("Asia/Tokyo"), "contact.language": p("it"), "fields.city": p("Rome")},
        ),
        send("c", ALL),
        Tag(name="d", names=("vip",)),
        send("e", ALL),
        Untag(name="g", names=("old", "never")),
        OptOut(name="h", purpose="marketing"),
        send("i", ALL),
    )
    ana = Person(bot(flow("f", *steps)), timezone="Europe/Rome", tags=frozenset({"old"}))
    ana.at = START.replace(hour=20)
    assert ana.start("f") == [
        "en 21 2026-03-02 old  ", "it 5 2026-03-03 old Rome ", "it 5 2026-03-03 old, vip Rome ",
        "it 5 2026-03-03 vip Rome false",
    ]  # fmt: skip


def test_untagging_what_she_does_not_have_changes_nothing() -> None:
    ana = Person(bot(flow("f", Untag(name="u", names=("never",)))))
    ana.start("f")
    assert ana.reaction and not ana.reaction.effects


@pytest.mark.parametrize(
    ("source", "taken"),
    [("it", True), ("pt-BR", True), ("x" * 35, True), ("x" * 36, False), ("x", False), ("it IT", False), ("", False)],
)
def test_what_is_a_language(source: str, taken: bool) -> None:
    ana = Person(bot(flow("f", Set(name="s", values={"contact.language": p(source)}))))
    ana.start("f")
    assert ana.contact.language == (source if taken else None)
    assert [report for report in ana.reports if "is no language" in report] == ([] if taken else ana.reports)


def test_a_field_of_a_dotted_name_is_another_field() -> None:
    ana = Person(bot(flow("f", Set(name="s", values={"contact.first_name": p("Eva")}))), first_name="Ana")
    ana.start("f")
    assert ana.reports == ["contact.first_name cannot be written"] and ana.contact.first_name == "Ana"


# ---- what a trigger hands its flow


def told(trigger: Trigger, *names: str) -> Flow:
    return flow("told", send("s", " ".join(f"{{{{ trigger.{name} }}}}" for name in names)), triggers=(trigger,))


def test_what_a_message_hands_on() -> None:
    ana = Person(bot(told(Trigger("message"), "kind", "text", "ref", "ad")))
    assert ana.write("hello") == ["message hello  "]
    ana = Person(bot(told(Trigger("ad"), "kind", "ref", "ad")))
    assert ana.heard("referral", referral=Referral("spring", "ad", "77")) == ["ad spring 77"]


def test_what_an_event_and_a_word_hand_on() -> None:
    ana = Person(bot(told(Trigger("event", "paid"), "kind", "total")))
    assert ana.event("paid", total=5) == ["event 5"]
    ana = Person(bot(told(keyword("hi"), "kind", "text")))
    assert ana.write("hi all") == ["keyword hi all"]


def test_what_a_comment_hands_on() -> None:
    names = ("kind", "text", "post", "comment", "parent", "ad", "medium", "reply", "name", "channel")
    ana = Person(bot(flow("told", Set(name="s", values={f"vars.{name}": p(f"{{{{ trigger.{name} }}}}") for name in names}),
                          ask("q", "?"), triggers=(Trigger("comment"),),
                          vars={name: InputSpec("any") for name in names})))  # fmt: skip
    ana.comment("me!", comment="c0", parent="c9", ad="77", reply=True, kind="reel")
    assert dict(ana.session("told").vars) == {
        "kind": "comment", "text": "me!", "post": "p1", "comment": "c0",
        "parent": "c9", "ad": "77", "medium": "reel", "reply": True, "name": "", "channel": "messenger",
    }  # fmt: skip


def test_what_a_story_and_a_form_hand_on() -> None:
    ana = Person(bot(told(Trigger("story_reply"), "kind", "story")))
    assert ana.heard("text", "wow", data={"story": {"id": "s1"}}) == ["story_reply s1"]
    ana = Person(bot(told(Trigger("form"), "kind", "data.size", "text")))
    assert ana.heard("form", data={"response": {"size": "XL"}}) == ["form XL "]
    assert ana.heard("form", data={"size": "M"}) == ["form M "]


def test_the_segment_of_a_trigger_may_ask_what_she_wrote() -> None:
    def said(text: str, **more: Any) -> Flow:
        return flow(text, send("s", text), triggers=(Trigger("message", **more),))

    ana = Person(bot(said("long", segment=c("input.text | length > 3")), said("short")))
    assert ana.write("hello") == ["long"]
    assert ana.write("hi") == ["short"]


def test_an_operator_is_told_which_pattern_cannot_be_said() -> None:
    ana = Person(bot(F, patterns={"help": pattern("{{ nope }}", "help")}))
    assert ana.write("help") == []
    assert ana.effects(Report) == [Report("", "", "pattern help", "nothing is called `nope` in '{{ nope }}'")]


def test_a_link_is_of_the_purpose_of_its_flow() -> None:
    go = SwitchChannel(name="go", channels=("whatsapp",), text=words("Come over."))
    ana = Person(bot(replace(flow("f", go), purpose="transactional")))
    assert ana.start("f") == ["Come over."]
    assert [say.purpose for say in ana.says] == ["transactional"]
