"""A thousand random stories of two people, three channels and four flows; `make soak` plays twenty thousand."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.chapters import WORD
from tests.soak.machine import STEPS, Soak, the_rig
from tests.soak.rig import Rig

A_THOUSAND = settings(max_examples=1000, stateful_step_count=STEPS, suppress_health_check=list(HealthCheck))


@pytest.mark.timeout(600)
def test_whatever_happens_nothing_is_lost_doubled_leaked_or_loosened() -> None:
    run_state_machine_as_test(Soak, settings=A_THOUSAND)


@pytest.fixture
def rig() -> Rig:
    return the_rig()


# ---- what was found, each as it was found


def _asking(rig: Rig) -> list[int]:
    picture = rig.picture()
    return [id for id in picture.contacts for one in picture.of(id).values() if one.foreground]


def _write(rig: Rig, who: str, channel: str, text: str) -> None:
    rig.deliver([(channel, rig.writes(who, channel, text))])


def test_what_she_was_asked_before_a_merge_stands_behind_what_she_was_asked_during_it(rig: Rig) -> None:
    _write(rig, "ana", "whatsapp", "garden")
    _write(rig, "ana", "messenger", "garden")
    rig.merge(1, 2)
    _write(rig, "ana", "messenger", "garden")
    rig.unmerge(1)
    assert _asking(rig) == [2]
    assert sorted(one.status for one in rig.picture().of(2).values()) == ["aside", "waiting"]


def test_a_question_about_a_link_is_there_again_when_a_merge_is_undone(rig: Rig) -> None:
    for text in ("garden", "Red", "a word"):
        _write(rig, "ana", "whatsapp", text)
    link = rig.links()[-1]
    rig.deliver([("messenger", rig.follows("bob", link, False))])
    before = rig.picture()
    rig.merge(2, 1)
    rig.unmerge(1)
    assert rig.picture().contacts == before.contacts


def test_what_one_granted_who_goes_her_own_way_is_not_granted_for_those_who_stay(rig: Rig) -> None:
    _write(rig, "ana", "whatsapp", "hello")
    _write(rig, "ana", "messenger", "stop")
    _write(rig, "bob", "messenger", "hello")
    rig.merge(2, 3)
    rig.merge(1, 2)
    _write(rig, "bob", "messenger", "start")
    rig.unmerge(1)
    picture = rig.picture()
    assert [picture.consent(id) for id in (1, 3)] == [False, True]


def test_of_two_accounts_on_one_channel_the_one_she_wrote_from_has_the_answer(rig: Rig) -> None:
    _write(rig, "ana", "messenger", "table")
    _write(rig, "bob", "messenger", "hello")
    rig.merge(1, 2)
    _write(rig, "bob", "messenger", "garden")
    assert [one.person for one in rig.shown] == ["ana", "bob"]


def test_of_two_accounts_the_one_she_wrote_from_has_the_answer_however_often_both_write_in_one_second(rig: Rig) -> None:
    _write(rig, "ana", "whatsapp", "hello")
    _write(rig, "bob", "whatsapp", "hello")
    rig.merge(1, 2)
    before, turns = len(rig.shown), ["ana", "bob", "ana", "ana", "bob", "bob", "ana"]
    for who in turns:
        _write(rig, who, "whatsapp", "stop")
    assert [one.person for one in rig.shown[before:]] == turns


def test_an_answer_that_waits_is_not_said_to_the_other_when_a_merge_is_undone(rig: Rig) -> None:
    _write(rig, "bob", "messenger", "garden")
    rig.die([("messenger", rig.writes("ana", "messenger", "hello"))], posted=False)
    rig.merge(2, 1)
    rig.die([("messenger", rig.writes("bob", "messenger", "Red"))], posted=False)
    rig.unmerge(1)
    rig.wait(5)
    assert {one.person for one in rig.shown} == {"bob"}


def test_what_was_worded_while_two_were_one_and_still_waits_is_not_read_by_the_wrong_one(rig: Rig) -> None:
    for text in ("garden", "Red", "herword"):
        _write(rig, "ana", "whatsapp", text)
    rig.die([("messenger", rig.writes("bob", "messenger", "garden"))], posted=False)
    rig.merge(1, 2)
    for text in ("table", "Friday", "Noon"):
        _write(rig, "bob", "messenger", text)
    rig.unmerge(1)
    rig.wait(5)
    assert not [one.text for one in rig.shown if one.person == "bob" and "herword" in one.text]


def test_an_answer_of_which_nobody_knows_is_not_said_again_to_the_other_when_a_merge_is_undone(rig: Rig) -> None:
    _write(rig, "bob", "instagram", "garden")
    _write(rig, "ana", "instagram", "table")
    rig.merge(1, 2)
    rig.die([("instagram", rig.writes("ana", "instagram", "Red"))], posted=False)
    rig.unmerge(1)
    rig.wait(5)
    assert [one.text for one in rig.shown if one.person == "ana"] == ["Which day?"]


def test_what_was_taken_back_while_they_were_one_holds_when_one_of_them_is_parted_from_others_later(rig: Rig) -> None:
    _write(rig, "ana", "whatsapp", "hello")
    _write(rig, "ana", "messenger", "hello")
    _write(rig, "bob", "messenger", "hello")
    rig.merge(1, 2)
    for text in ("news", "yes"):
        _write(rig, "ana", "whatsapp", text)
    rig.merge(1, 3)
    _write(rig, "bob", "messenger", "stop")
    rig.unmerge(2)
    rig.unmerge(1)
    assert [rig.picture().consent(id) for id in (1, 2, 3)] == [False, False, False]


def test_what_she_began_while_she_was_one_with_somebody_is_not_given_to_that_one_by_a_later_parting(rig: Rig) -> None:
    for who, channel in (("ana", "whatsapp"), ("ana", "messenger"), ("bob", "messenger")):
        _write(rig, who, channel, "hello")
    rig.merge(1, 2)
    _write(rig, "ana", "messenger", "table")
    rig.merge(3, 1)
    rig.unmerge(1)
    rig.merge(3, 2)
    rig.unmerge(2)
    picture = rig.picture()
    assert [one.flow for one in picture.of(3).values()] == ["table"] and not picture.of(1)


def test_who_says_yes_and_unlink_in_one_breath_reads_only_what_came_up_while_they_were_one() -> None:
    story = Soak()
    for text in ("garden", "Blue", WORD):
        story.writes("bob", "whatsapp", text)
    story.follow("ana", story.rig.links()[-1], False)
    story.heard([story.text("ana", "messenger", text) for text in ("yes", "unlink")])
    hers, his = story.rig.identity("ana", "messenger"), story.rig.identity("bob", "whatsapp")
    read = [one for one in story.rig.shown_to(hers) if "bobword01x" in one.text]
    assert [story.rig.screens.then[one.id].one(hers, his) for one in read] == [True]
    assert story.now.holders[hers] != story.now.holders[his]


def test_who_was_not_asked_about_a_link_cannot_say_yes_to_it_when_the_one_who_was_is_gone(rig: Rig) -> None:
    for text in ("garden", "Red", "herword"):
        _write(rig, "ana", "whatsapp", text)
    for who, channel in (("bob", "messenger"), ("ana", "instagram"), ("bob", "instagram")):
        _write(rig, who, channel, "hello")
    rig.merge(3, 2)
    rig.merge(4, 3)
    rig.deliver([("messenger", rig.follows("bob", rig.links()[-1], True))])
    rig.unmerge(1)
    _write(rig, "bob", "instagram", "yes")
    assert len(rig.picture().merges) == 2
    assert not [one.text for one in rig.shown if one.person == "bob" and "herword" in one.text]


def _granted(rig: Rig, *then: str) -> bool | None:
    """Bob is asked about news; a person of the team writes; he taps yes, and writes this before the bot is back."""
    _write(rig, "bob", "messenger", "news")
    rig.reply(1, "Hello from the team.")
    shown = next(one for one in rig.shown if one.options)
    rig.deliver([("messenger", rig.taps(shown, *shown.options[0]))])
    for text in then:
        _write(rig, "bob", "messenger", text)
    rig.wait(31)
    return rig.picture().consent(1)


def test_a_yes_that_is_tapped_while_people_have_her_counts_when_the_bot_is_back(rig: Rig) -> None:
    assert _granted(rig) is True


def test_a_yes_that_is_tapped_while_people_have_her_does_not_outlive_a_stop(rig: Rig) -> None:
    assert _granted(rig, "stop") is False


def test_a_session_that_a_merge_had_ended_is_counted_where_it_stands_when_the_merge_is_undone(rig: Rig) -> None:
    for channel in ("whatsapp", "messenger"):
        for text in ("table", "Friday"):
            _write(rig, "ana", channel, text)
    before = rig.tables()["passages"]
    rig.merge(1, 2)
    assert rig.tables()["passages"] != before
    rig.unmerge(1)
    assert rig.tables()["passages"] == before


def test_a_link_that_the_other_one_was_shown_while_they_were_one_joins_nobody_afterwards(rig: Rig) -> None:
    for who, text in (("bob", "garden"), ("ana", "hello")):
        _write(rig, who, "whatsapp", text)
    rig.merge(1, 2)
    for text in ("Red", "herword"):
        _write(rig, "ana", "whatsapp", text)
    link = rig.links()[-1]
    rig.unmerge(1)
    rig.deliver([("messenger", rig.follows("ana", link, False))])
    _write(rig, "ana", "messenger", "yes")
    assert [one[:3] for one in rig.picture().merges.values()] == [(1, 2, "team")]
    _write(rig, "bob", "whatsapp", "hm")
    fresh = rig.links()[-1]
    assert fresh.ref != link.ref, "she who waits for her link has none that opens"
    rig.deliver([("messenger", rig.follows("bob", fresh, False))])
    _write(rig, "bob", "messenger", "yes")
    assert len({rig.picture().holders[one] for one in rig.identities("bob") if one in rig.picture().holders}) == 1


def test_a_question_that_was_asked_before_they_were_one_is_still_hers_when_they_are_two_again(rig: Rig) -> None:
    _write(rig, "bob", "whatsapp", "garden")
    _write(rig, "bob", "whatsapp", "Red")
    rig.die(
        [("whatsapp", rig.writes("ana", "whatsapp", "garden"))], False
    )  # "Which colour?", of which nobody knows whether it went
    before = rig.tables()["outbox"]
    rig.merge(2, 1)
    rig.unmerge(1)
    assert rig.tables()["outbox"] == before


def test_people_have_her_as_long_as_they_were_told_whoever_she_was_one_with_before(rig: Rig) -> None:
    for channel in ("whatsapp", "messenger"):
        _write(rig, "ana", channel, "hello")
    rig.merge(1, 2)
    rig.reply(1, "Hello from the team.")
    rig.unmerge(1)
    owned = (
        "SELECT c.id FROM timers t JOIN contacts c ON c.id = t.contact_id WHERE t.kind = 'owner' AND c.owner = 'bot'"
    )
    assert rig.machine.rows(owned) == []
    rig.wait(20)
    rig.reply(2, "Hello once more.")
    rig.merge(1, 2)
    rig.wait(12)
    assert rig.picture().owner(1) == "person"
    rig.wait(20)
    assert rig.picture().owner(1) == "bot"
