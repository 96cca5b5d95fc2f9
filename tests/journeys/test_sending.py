"""What may become of a send: shut windows, lost answers, faults of the platform, limits, a dead token, long texts."""

import pytest

from tests.journeys.house import RECONCILE, House
from tests.person import Person
from tests.processes import eventually

PLATFORMS = ("whatsapp", "messenger", "instagram")
ARRIVED = ("sent", "delivered", "read")


def _again(house: House, person: Person, platform: str, count: int) -> None:
    """Time goes by and another message is answered: whatever would have been sent twice has been."""
    house.advance(120)
    person.say(platform, "still there?")
    assert person.sees(platform, count)[-1] == "You said: still there?"


def test_out_of_the_window_is_a_row_with_its_reason_and_no_call(house: House) -> None:
    ana = house.person()
    ana.say("messenger", "later")
    ana.sees("messenger", 1)
    house.advance(26 * 3600 + 1)
    refused = house.fate(ana, "messenger", "Here I am again.", "refused")
    assert refused["refusal"] == "window_closed"
    assert house.accepted(ana) == ["I will write to you in 26 hours."]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("fault", ["drop_after_accept", "html_502"])
def test_a_lost_answer_is_found_again_and_nothing_is_sent_twice(house: House, platform: str, fault: str) -> None:
    """By our key on WhatsApp and Messenger, by its words on Instagram."""
    ana = house.person()
    house.meta.fault(fault, platform=platform, match={"to": ana.id})
    ana.say(platform, "hello")
    ana.say(platform, "and more")
    assert ana.sees(platform, 2) == ["You said: hello", "You said: and more"]
    house.fate(ana, platform, "You said: hello", "accepted", *ARRIVED)
    _again(house, ana, platform, 3)
    assert house.accepted(ana) == ["You said: hello", "You said: and more", "You said: still there?"]
    assert house.contact(ana, platform)["owner"] == "bot"


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("fault", [{"kind": "drop_before"}, {"kind": "status", "http": 503}], ids=["cut", "html"])
def test_a_send_that_never_arrived_is_sent_again_once(house: House, platform: str, fault: dict[str, str]) -> None:
    ana = house.person()
    house.meta.fault(**fault, platform=platform, match={"to": ana.id})
    ana.say(platform, "hello")
    ana.say(platform, "and more")
    house.fate(ana, platform, "You said: hello", "unknown")
    assert ana.texts(platform) == []
    house.advance(RECONCILE + 1)
    assert ana.sees(platform, 2) == ["You said: hello", "You said: and more"]
    house.fate(ana, platform, "You said: hello", "accepted", *ARRIVED)


def test_a_late_echo_of_what_was_sent_again_is_nobodys_words(house: House) -> None:
    """On Instagram, after the time to look for it: she has it twice, but no person of the team is thought to write."""
    ana = house.person()
    house.meta.fault("drop_after_accept", platform="instagram", match={"to": ana.id})
    echo = {"to": ana.id, "text_contains": "is_echo"}
    house.meta.fault("delay", "webhook", platform="instagram", seconds=1.5, match=echo)
    ana.say("instagram", "one")
    house.fate(ana, "instagram", "You said: one", "unknown")
    house.advance(RECONCILE + 1)
    assert ana.sees("instagram", 2) == ["You said: one", "You said: one"]
    eventually(lambda: house.meta.pending() == 0, "the echoes came")
    ana.say("instagram", "two")
    assert ana.sees("instagram", 3)[-1] == "You said: two"
    assert house.contact(ana, "instagram")["owner"] == "bot"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_fates_that_come_before_the_answer(house: House, platform: str) -> None:
    ana = house.person()
    house.meta.fault("delay", platform=platform, seconds=0.6, match={"to": ana.id})
    ana.say(platform, "hello")
    house.fate(ana, platform, "You said: hello", *ARRIVED)
    assert house.accepted(ana) == ["You said: hello"]
    assert house.contact(ana, platform)["owner"] == "bot"


@pytest.mark.parametrize(("platform", "code"), [("whatsapp", 131000), ("whatsapp", 131056), ("messenger", 1200)])
def test_what_passes_is_tried_again_and_keeps_its_place(house: House, platform: str, code: int) -> None:
    ana = house.person()
    house.meta.fault("code", platform=platform, code=code, times=2, match={"to": ana.id})
    ana.say(platform, "one")
    ana.say(platform, "two")
    house.fate(ana, platform, "You said: one", "pending", refusal=str(code))
    assert ana.texts(platform) == []

    def patience() -> bool:
        house.advance(20)
        return len(ana.texts(platform)) > 1

    eventually(patience, "it was tried again", pause=0.1)
    assert house.accepted(ana) == ["You said: one", "You said: two"]


def test_what_can_never_go_is_failed_and_lets_the_next_go(house: House) -> None:
    ana = house.person()
    house.meta.fault("code", platform="whatsapp", code=131009, match={"to": ana.id})
    ana.say("whatsapp", "one")
    ana.say("whatsapp", "two")
    assert ana.sees("whatsapp", 1) == ["You said: two"]
    failed = house.fate(ana, "whatsapp", "You said: one", "failed")
    assert failed["refusal"] == "131009"


def test_a_session_waits_for_the_fate_of_its_message(house: House) -> None:
    ana, ben = house.person("Ana"), house.person("Ben")
    house.meta.fault("code", platform="whatsapp", code=131009, match={"to": ben.id})
    ana.say("whatsapp", "watch")
    ben.say("whatsapp", "watch")
    assert ana.sees("whatsapp", 2) == ["This one is watched.", "It was taken."]
    assert ben.sees("whatsapp", 1) == ["It was not taken."]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_session_learns_the_fate_of_a_message_whose_answer_was_lost(house: House, platform: str) -> None:
    ana = house.person()
    house.meta.fault("drop_after_accept", platform=platform, match={"to": ana.id})
    ana.say(platform, "watch")
    assert ana.sees(platform, 2) == ["This one is watched.", "It was taken."]


def test_who_cannot_be_reached_is_remembered(house: House) -> None:
    ana = house.person()
    house.meta.fault("failed", platform="whatsapp", code=131026, match={"to": ana.id})
    ana.say("whatsapp", "one")
    house.fate(ana, "whatsapp", "You said: one", "failed")
    ana.say("whatsapp", "two")
    assert house.fate(ana, "whatsapp", "You said: two", "refused", *ARRIVED)


def test_a_dead_token_rests_the_channel_until_it_is_well(house: House) -> None:
    ana, ben = house.person("Ana"), house.person("Ben")
    house.meta.fault("code", platform="messenger", code=190, subcode=463, match={"to": ana.id})
    ana.say("messenger", "one")
    house.fate(ana, "messenger", "You said: one", "pending", refusal="190/463")
    ben.say("messenger", "two")
    ben.say("instagram", "three")
    assert ben.sees("instagram", 1) == ["You said: three"]
    house.fate(ben, "messenger", "You said: two", "pending")
    assert ben.texts("messenger") == ana.texts("messenger") == []
    house.advance(31)
    assert ana.sees("messenger", 1) == ["You said: one"]
    assert ben.sees("messenger", 1) == ["You said: two"]


@pytest.mark.parametrize(("platform", "parts"), [("whatsapp", 2), ("messenger", 3), ("instagram", 6)])
def test_long_texts_arrive_in_parts_and_in_order(house: House, platform: str, parts: int) -> None:
    ana, said = house.person(), " ".join(f"This is sentence number {n} of hers." for n in range(50))
    ana.say(platform, "parrot")
    ana.sees(platform, 1)
    ana.say(platform, said)
    found = ana.sees(platform, parts + 1)[1:]
    assert " ".join(found).split() == f"{said} {said} {said}".split()
