"""F1 over real processes: three questions on three channels, a link, a photo, and people who take over."""

from tests.journeys.house import House


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
