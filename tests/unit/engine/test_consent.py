"""Permission in a conversation: what a yes needs, what a stop word leaves unsaid, whom a withdrawal ends."""

from dataclasses import replace

from tests.unit.engine.worlds import Person, ask, bot, d, flow, keyword, msg, send
from trinario.model.consent import RecordConsent
from trinario.model.effect import Say, Withdraw
from trinario.model.event import ClockRang
from trinario.model.flow import Emit, ExitWhen, Flow, OptIn, OptOut, Tag, Trigger, Wait


def opt_in(name: str = "ok", **more: object) -> OptIn:
    given = {"purpose": "marketing", "messages": (msg("May we?", f"{name}.wording"),), "type": "yes_no", **more}
    return OptIn(name=name, **given)  # type: ignore[arg-type]


JOIN = flow("join", opt_in(double=True, confirm=msg("Really?")), send("in", "In."), triggers=(keyword("join"),))


def test_a_second_tap_on_the_first_yes_is_no_second_yes() -> None:
    ana = Person(bot(JOIN))
    ana.write("join")
    first = ana.payloads["Yes"]
    assert ana.tap("Yes") == ["Really? [Yes | No]"]
    assert ana.tap("Yes", first) == ["You chose Yes.", "Really? [Yes | No]"]
    assert ana.contact.consent == {}
    assert ana.tap("Yes") == ["In."]
    assert ana.contact.consent == {"marketing": True}
    (entry,) = ana.effects(RecordConsent)
    assert (entry.state, entry.evidence, entry.said) == ("granted", "message", "Yes")
    assert entry.wording == "May we?\n\nReally?"
    assert entry.version == "join@r1/ok"
    assert entry.session == "i1.1"


def test_the_second_question_is_aside_and_comes_again_as_the_second() -> None:
    price = flow("price", send("p", "5 EUR."), triggers=(keyword("price"),))
    ana = Person(bot(JOIN, price))
    ana.write("join")
    ana.write("yes")
    assert ana.write("price") == ["5 EUR.", "Where were we?", "Really? [Yes | No]"]
    assert ana.write("yes") == ["In."]


def test_the_answer_is_the_answer_on_another_channel() -> None:
    ana = Person(bot(JOIN))
    ana.write("join")
    ana.channel = "whatsapp"
    assert ana.write("yes") == ["Really? [Yes | No]"]
    ana.write("no")
    assert ana.contact.consent == {"marketing": False}
    assert ana.statuses == {"join": "done"}


def test_silence_ends_it_without_an_entry() -> None:
    ana = Person(bot(JOIN))
    ana.write("join")
    ana.write("yes")
    ana.after("4d")
    assert ana.statuses == {"join": "expired"}
    assert ana.contact.consent == {}


def test_back_from_the_second_question_leads_to_the_question_before() -> None:
    whole = flow("join", ask("name", "Your name?"), opt_in(double=True, confirm=msg("Really?")), send("in", "In."),
                 triggers=(keyword("join"),))  # fmt: skip
    ana = Person(bot(whole))
    ana.write("join")
    ana.write("Ana")
    ana.write("yes")
    assert ana.write("back") == ["One back.", "Your name?"]
    ana.write("Ana")
    ana.write("yes")
    assert ana.write("yes") == ["In."]


def test_who_agreed_elsewhere_meanwhile_is_not_asked_again() -> None:
    other = flow("other", opt_in(), send("o", "Thanks."), triggers=(keyword("other"),))
    ana = Person(bot(JOIN, other))
    ana.write("join")
    ana.write("other")
    assert ana.write("yes") == ["Thanks.", "Where were we?", "In."]
    assert len(ana.effects(RecordConsent)) == 1


def test_who_said_stop_is_asked_when_she_comes_back_herself() -> None:
    marketing = replace(JOIN, purpose="marketing")
    ana = Person(bot(marketing), consent={"marketing": False})
    ana.write("join")
    assert [say.purpose for say in ana.says] == ["service"]
    ana.write("hm")
    assert [say.purpose for say in ana.says] == ["service"]


def test_who_said_stop_is_not_asked_by_the_clock() -> None:
    later = flow("later", Wait(name="w", duration=d("1h")), opt_in(), purpose="marketing")
    ana = Person(bot(later), consent={"marketing": False})
    ana.start("later")
    ana.after("2h")
    assert [say.purpose for say in ana.says] == ["marketing"]


def leaving(*steps: object, **more: object) -> Flow:
    return flow("leaving", *steps, triggers=(Trigger("opt_out", "marketing", **more),))  # type: ignore[arg-type]


def test_after_a_stop_word_flows_do_what_is_silent_and_say_nothing() -> None:
    why = leaving(send("a", "Oh no."), Tag(name="t", names=("gone",)), ask("q", "Why?"), if_busy="interrupt")
    ana = Person(bot(why))
    assert ana.write("stop") == ["Stopped. Say START to come back.", "Oh no."]
    assert [say.hushed for say in ana.says] == [False, True]
    assert ana.contact.tags == {"gone"}
    assert not ana.waiting.foreground


def test_a_second_stop_word_begins_nothing() -> None:
    ana = Person(bot(leaving(Tag(name="t", names=("gone",)))))
    ana.write("stop")
    ana.write("stop")
    assert [session.flow for session in ana.sessions.values()] == ["leaving"]
    assert len(ana.effects(RecordConsent)) == 1


def test_stop_is_obeyed_and_flows_run_silently_while_people_have_her() -> None:
    ana = Person(bot(leaving(Tag(name="t", names=("gone",)), send("a", "Oh no."))))
    ana.contact = replace(ana.contact, owner="person")
    ana.write("stop")
    assert ana.contact.tags == {"gone"}
    assert [say.hushed for say in ana.says] == [False, True]


def test_start_gives_back_what_stop_took_while_people_have_her_and_moves_nothing_else() -> None:
    ana = Person(bot(flow("f", ask("q", "Colour?"), triggers=(keyword("go"),))))
    ana.write("go")
    ana.contact = replace(ana.contact, owner="person")
    assert ana.write("start") == []  # nothing was taken: a word to the people
    ana.write("stop")
    assert ana.contact.consent == {"marketing": False}
    ana.write("start")
    assert ana.contact.consent == {"marketing": True}
    assert [entry.state for entry in ana.effects(RecordConsent)] == ["granted"]
    assert ana.says[-1].purpose == "transactional"  # else the words would not go while people have her
    assert ana.statuses == {"f": "stopped"}


def test_a_withdrawal_ends_marketing_and_its_own_session_too() -> None:
    drip = flow("drip", Wait(name="w", duration=d("1h")), send("s", "Buy!"), purpose="marketing")
    own = flow("own", OptOut(name="o", purpose="marketing"), Wait(name="w", duration=d("1h")), send("s", "Buy!"),
               purpose="marketing")  # fmt: skip
    service = flow("service", Wait(name="w", duration=d("1h")), send("s", "Yours."))
    ana = Person(bot(drip, own, service))
    for name in ("drip", "service", "own"):
        ana.start(name)
    assert ana.statuses == {"drip": "stopped", "service": "waiting", "own": "stopped"}
    assert ana.effects(Withdraw) == [Withdraw(("i1.1",))]


def test_which_opt_out_ends_which_session() -> None:
    def held(value: str) -> Flow:
        return flow(f"f_{value}", Wait(name="w", duration=d("1h")), exit_when=(ExitWhen("opt_out", value),))

    names = ("marketing", "service", "all")
    for purpose, over in (("marketing", {"f_marketing", "f_all"}), ("all", {f"f_{name}" for name in names})):
        ana = Person(bot(*map(held, names), flow("out", OptOut(name="o", purpose=purpose))))
        for name in names:
            ana.start(f"f_{name}")
        ana.start("out")
        assert {name for name, status in ana.statuses.items() if status == "stopped"} == over


def test_a_withdrawal_for_one_channel_ends_nothing() -> None:
    drip = flow("drip", Wait(name="w", duration=d("1h")), purpose="marketing")
    ana = Person(bot(drip, flow("out", OptOut(name="o", purpose="marketing", channels=("whatsapp",)))))
    ana.start("drip")
    ana.start("out")
    assert ana.statuses == {"drip": "waiting", "out": "done"}
    assert ana.contact.consent == {"marketing@whatsapp": False}


def test_flows_that_raise_events_for_each_other_are_stopped() -> None:
    ping = flow("ping", Emit(name="e", event="pong"), triggers=(Trigger("event", "ping"),))
    ana = Person(bot(ping))
    ana.event(
        "ping",
    )
    assert not ana.reports
    from trinario.model.event import EventArrived

    ana.react(EventArrived(ana.origin(), ana.at, "ping", {}, hops=20))
    assert ana.reports == [
        "more than 20 flows and events followed each other while she wrote nothing: pong is not raised"
    ]


def test_a_question_that_gave_way_is_asked_when_it_is_free() -> None:
    ana = Person(bot(JOIN, flow("main", ask("q", "main?"))))
    ana.start("main")
    ana.start("join")
    assert ana.write("hello")[-1] == "May we? [Yes | No]"
    assert ana.write("yes") == ["Really? [Yes | No]"]


def test_a_broken_bot_without_words_for_the_second_question_says_so() -> None:
    ana = Person(bot(flow("join", opt_in(double=True), triggers=(keyword("join"),))))
    ana.write("join")
    ana.write("yes")
    assert ana.reports == ["the bot has no words for the second question of a double opt-in"]
    assert ana.contact.consent == {}


def test_the_clock_that_rings_too_early_changes_nothing() -> None:
    ana = Person(bot(JOIN))
    ana.write("join")
    ana.write("yes")
    before = ana.waiting
    ana.react(ClockRang(ana.origin(), ana.at, before.id))
    assert ana.waiting.wait == before.wait
    assert isinstance(before.wait and before.wait.wording, str)
    assert not [e for e in ana.says if isinstance(e, Say)]


def test_what_answers_a_no_in_a_marketing_flow_is_said() -> None:
    join = replace(JOIN, purpose="marketing", steps={
        "ok": opt_in(exits={"refused": "no"}), "in": send("in", "In.", next="end"), "no": send("no", "As you like."),
    })  # fmt: skip
    ana = Person(bot(join))
    ana.write("join")
    ana.write("no")
    assert [say.purpose for say in ana.says] == ["service"]
    ana.write("join")
    ana.write("yes")
    assert [say.purpose for say in ana.says] == ["marketing"]


def test_a_withdrawal_on_a_channel_is_heard_by_triggers_that_name_it() -> None:
    def hears(name: str, *channels: str) -> Flow:
        return flow(
            name,
            Tag(name="t", names=(name,)),
            triggers=(Trigger("opt_out", "marketing", channels=frozenset(channels)),),
        )

    out = flow("out", OptOut(name="o", purpose="marketing", channels=("messenger",)), triggers=(keyword("out"),))
    ana = Person(bot(out, hears("any"), hears("here", "messenger"), hears("there", "whatsapp")))
    ana.write("out")
    assert ana.contact.tags == {"here"}


def test_a_flow_that_a_stop_word_began_is_silent_until_she_writes_again() -> None:
    why = leaving(send("a", "Oh no."), Wait(name="w", duration=d("1h")), send("b", "Still sad."),
                  Wait(name="v", duration=d("1h")), ask("q", "Why?"), send("c", "Thanks."))  # fmt: skip
    ana = Person(bot(why))
    ana.write("stop")
    ana.after("90m")
    assert [(say.content, say.hushed) for say in ana.says][-1][1]
    ana.after("2h")
    assert ana.statuses == {"leaving": "aside"}
    assert ana.write("hello") == ["Why?"]
    assert not ana.says[0].hushed
    assert ana.write("too many") == ["Thanks."]


def test_a_flow_that_a_hushed_one_starts_is_hushed() -> None:
    from trinario.model.flow import Start

    more = flow("more", Wait(name="w", duration=d("1h")), send("m", "More."))
    ana = Person(bot(leaving(Start(name="s", flow="more")), more))
    ana.write("stop")
    ana.after("2h")
    assert [say.hushed for say in ana.says] == [True]


def test_who_writes_meanwhile_is_spoken_to_again() -> None:
    ana = Person(bot(leaving(Wait(name="w", duration=d("1h")), send("b", "We hear you left."))))
    ana.write("stop")
    ana.wait_a(60)
    ana.write("hello")
    ana.after("2h")
    assert [say.hushed for say in ana.says] == [False]
