"""Small promises of the machine about words that can be said at any time, and about the link to another channel."""

from dataclasses import replace
from datetime import timedelta

from tests.unit.engine.worlds import CHANNELS, Person
from tests.unit.engine.written import house, main, person
from trinario.model.consent import RecordConsent
from trinario.model.duration import parse_duration
from trinario.model.effect import (
    OfferSwitch,
    OpenTicket,
)
from trinario.model.event import Switched
from trinario.model.message import Text

# ---- words that can be said at any time


def test_back_means_nothing_where_nothing_is_asked() -> None:
    ana = person(main("s: {send: Hi}"), "flow: d\ntriggers: [message]\nsteps: {s: {send: Else.}}")
    assert ana.write("back") == ["Else."]


def test_restart_begins_the_outermost_flow_again() -> None:
    ana = person(
        main("a: {send: One.}\nc: {call: inner}"),
        "flow: inner\nsteps: {c: {call: deep}}",
        "flow: deep\nsteps: {q: {ask: Well?}}",
    )
    assert ana.start("main") == ["One.", "Well?"]
    assert ana.write("restart")[1:] == ["One.", "Well?"]
    assert [session.status for session in ana.sessions.values()] == ["stopped", "waiting"]
    assert next(iter(ana.sessions.values())).reason == "begun anew"


def test_people_take_over_also_without_a_team() -> None:
    ana = Person(replace(house(main("q: {ask: Well?}")), teams={}, handoff_return=parse_duration("30m")))
    ana.start("main")
    ana.write("human")
    (ticket,) = ana.effects(OpenTicket)
    assert (ticket.team, ticket.until, ticket.session) == ("", ana.at + timedelta(minutes=30), ana.session("main").id)
    assert ticket.key == f"i{ana.number}/human", "one notice to the team"


def test_people_give_her_back_whole() -> None:
    ana = person(main("h: {handoff: sales, resume: next, after: 1h}\ns: {send: On.}"))
    ana.start("main")
    assert ana.contact.owner == "person" and ana.contact.owner_until is not None
    ana.returned()
    assert (ana.contact.owner, ana.contact.owner_until) == ("bot", None)


def test_what_a_stop_word_begins_is_silent_and_so_is_what_that_begins() -> None:
    ana = person(
        main("s: {send: One.}\nc: {start: next_}", "triggers: [{opt_out: marketing}]\n"),
        "flow: next_\nsteps: {s: {send: Two.}, w: {wait: 1h}, t: {send: Three.}, go: {switch_channel: whatsapp}}",
    )
    ana.write("stop")
    assert [say.hushed for say in ana.says] == [False, True, True]
    assert ana.says[0].purpose == "transactional"
    ana.after("1h")
    assert [(say.content, say.hushed) for say in ana.says] == [(Text("Three."), True)]
    assert not ana.effects(OfferSwitch), "what waits for her to write is not put"


def test_a_stop_word_ends_marketing_also_of_a_revision_that_is_gone() -> None:
    ana = person(main("w: {wait: 1d}\ns: {send: Buy!}", "purpose: marketing\n"))
    ana.start("main")
    ana.sessions = {name: replace(one, revision="gone") for name, one in ana.sessions.items()}
    ana.write("stop")
    assert ana.statuses == {"main": "stopped"}


def test_a_stop_word_is_taken_down_with_what_she_wrote() -> None:
    ana = person(
        main("o: {opt_out: marketing}\ns: {send: Bye.}", "purpose: marketing\ntriggers: [{keyword: enough}]\n")
    )
    assert ana.write("Enough now") == ["Bye."]
    assert [entry.said for entry in ana.effects(RecordConsent)] == ["Enough now"]
    assert [say.purpose for say in ana.says] == ["service"], "the answer to her no is no marketing"
    ana.start("main")
    assert [entry.said for entry in ana.effects(RecordConsent)] == [""]


# ---- the link to another channel


def test_a_link_gives_way_to_a_pending_question() -> None:
    ana = person(
        main("q: {ask: Well?}\ns: {send: On.}"), "flow: go\nsteps: {x: {switch_channel: whatsapp}, s: {send: There.}}"
    )
    ana.start("main")
    assert ana.start("go") == [] and ana.statuses == {"main": "waiting", "go": "aside"}
    ana.write("x")
    assert len(ana.effects(OfferSwitch)) == 1


def test_a_link_that_ran_out_while_people_had_her_comes_with_new_time() -> None:
    ana = person(main("x: {switch_channel: whatsapp, expires: 2h}\ns: {send: There.}"))
    ana.start("main")
    (first,) = ana.effects(OfferSwitch)
    assert first.expires_at == ana.at + timedelta(hours=2)
    ana.contact = replace(ana.contact, owner="person")
    ana.after("2h")
    ana.returned()
    (second,) = ana.effects(OfferSwitch)
    assert second.expires_at == ana.at + timedelta(hours=2) and second.session == ana.session("main").id
    assert ana.waiting.wake_at == second.expires_at


def test_she_is_there_by_now() -> None:
    ana = person(
        main(
            "x: {switch_channel: whatsapp, on_switched: there}\nelse_: {send: Else., next: end}\nthere: {send: There.}"
        )
    )
    ana.start("main")
    ana.channel = "whatsapp"
    assert ana.write("hello") == ["There."]
    assert ana.reaction and ana.reaction.turns[-1].path[0] == ("x", "switched")


def test_a_channel_that_the_bot_has_no_more() -> None:
    ana = person(main("x: {switch_channel: whatsapp}\ns: {send: There.}"))
    ana.start("main")
    ana.bot = replace(ana.bot, channels={"messenger": CHANNELS["messenger"]})
    assert ana.write("hm?") == []
    assert (ana.statuses, ana.session("main").reason) == ({"main": "done"}, "no channel to switch to")


def test_somebody_who_came_by_a_link_of_a_step_that_was_left() -> None:
    ana = person(main("q: {ask: Well?}"))
    ana.start("main")
    ana.channel = "whatsapp"
    ana.contact = replace(ana.contact, channel="whatsapp")
    assert ana.react(Switched(ana.origin(), ana.at, ana.waiting.id, "old/1", "whatsapp")) == ["Well?"]
