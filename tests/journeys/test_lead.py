"""F1 over real processes: three questions on three channels, a link, a photo, and people who take over."""

from tests.journeys.house import House
from tests.person import Person
from tests.processes import eventually

PLATFORMS = ("whatsapp", "messenger", "instagram")
RETURN = 30 * 60 + 5
DISCLOSED = "I am an automatic assistant. A person can take over at any time: write “human”."


def test_three_channels_mixed_and_a_link_to_the_fourth_question(demo: House) -> None:
    ana, eve = demo.person("Ana Rossi"), demo.person("Eve")
    ana.say("messenger", "info")
    assert ana.sees("messenger", 2)[-1] == "What are you after?"
    ana.tap("messenger", "Tools")
    ana.sees("messenger", 3)
    ana.say("messenger", "ana@example.com")
    assert ana.sees("messenger", 4)[-1] == "Your budget in EUR?"
    ana.say("messenger", "9000")
    offer = ana.sees("messenger", 5)[-1]
    assert offer.endswith("where you can send photos.")

    ana.follow("messenger", as_id=eve.id)
    (asked,) = eve.sees("whatsapp", 1)
    assert "Ana" not in asked and "example.com" not in asked
    assert eve.options("whatsapp") == ["Yes", "No"]
    eve.say("whatsapp", "what is this?")
    assert eve.sees("whatsapp", 2)[-1] == asked
    assert demo.contact(eve, "whatsapp")["id"] != demo.contact(ana, "messenger")["id"]

    ana.follow("messenger")
    ana.sees("whatsapp", 1)
    ana.tap("whatsapp", "Yes")
    assert ana.sees("whatsapp", 2)[-1] == "May we see it? Please send a photo of your garden."
    assert ana.sees("messenger", 6)[-1].endswith("Was that not you? Write UNLINK.")
    contact = demo.contact(ana, "whatsapp")
    assert contact == demo.contact(ana, "messenger")
    assert (contact["fields"]["email"], contact["fields"]["interest"]) == ("ana@example.com", "tools")
    assert {one["channel"] for one in contact["identities"]} == {"messenger", "whatsapp"}
    (session,) = demo.sessions(ana, "whatsapp")
    assert (session["flow"], session["status"]) == ("lead_capture", "waiting")

    eve.tap("whatsapp", "Yes")
    eve.sees("whatsapp", 3)
    assert demo.contact(eve, "whatsapp")["id"] != contact["id"], "somebody was first"


def test_whoever_of_the_team_writes_in_whatever_app_pauses_the_bot_which_asks_once_again(demo: House) -> None:
    asked = "What are you after?"
    people = {platform: demo.person(f"Person on {platform}") for platform in PLATFORMS}
    for platform, ana in people.items():
        ana.say(platform, "info")
        assert ana.sees(platform, 2)[-1] == asked
        _team(demo, ana, platform, "Carla here. May I help?")
        ana.say(platform, "Tools, do you have any?")
        _heard(demo, ana, platform, "Tools, do you have any?")
        _team(demo, ana, platform, "Of three kinds.")
    before = {platform: list(ana.texts(platform)) for platform, ana in people.items()}
    assert all(texts[2:] == ["Carla here. May I help?", "Of three kinds."] for texts in before.values())

    demo.advance(RETURN)
    for platform, ana in people.items():
        assert ana.sees(platform, 6)[4:] == [DISCLOSED, asked]
        ana.tap(platform, "Plants")
        assert ana.sees(platform, 7)[6:] == ["Which e-mail address may we write to?"]
        assert demo.contact(ana, platform)["owner"] == "bot"


def test_a_person_who_writes_in_the_instagram_app_pauses_her_questions_on_messenger_too(demo: House) -> None:
    ana = demo.person("Ana Rossi")
    ana.say("instagram", "a word that no flow knows")
    ana.sees("instagram", 1)
    ana.say("messenger", "info")
    ana.sees("messenger", 2)
    ids = [demo.contact(ana, platform)["id"] for platform in ("messenger", "instagram")]
    given = {"keep": ids[0], "take": ids[1], "reason": "the same voice", "author": "Carla"}
    status, _ = demo.bot.api("POST", "/contacts/merge", given)
    assert status == 200
    _team(demo, ana, "instagram", "Carla here, by Instagram.")
    ana.say("messenger", "Tools")
    _heard(demo, ana, "messenger", "Tools")
    demo.advance(RETURN)
    assert ana.sees("messenger", 4)[2:] == [DISCLOSED, "What are you after?"]
    ana.say("instagram", "plants")
    assert ana.sees("instagram", 3)[-1] == "Which e-mail address may we write to?"
    assert len(ana.texts("messenger")) == 4


def _team(demo: House, person: Person, platform: str, text: str) -> None:
    """Somebody of the team writes in Meta's own app, and the bot has noticed."""
    demo.meta.ask("POST", f"/business/{platform}/say", {"person": person.id, "text": text})
    _heard(demo, person, platform, text)
    assert demo.contact(person, platform)["owner"] == "person"


def _heard(demo: House, person: Person, platform: str, text: str) -> None:
    eventually(lambda: text in [line["text"] for line in demo.messages(person, platform)], f"{text!r} is in the thread")
