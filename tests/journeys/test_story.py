"""The story: a name on Messenger, a colour on Instagram, a size on WhatsApp, and thanks with all three."""

from tests.journeys.house import House


def test_one_conversation_over_three_channels(demo: House) -> None:
    ana = demo.person("Ana Rossi", language="it")

    ana.say("messenger", "ciao")
    assert "Come ti chiami?" in ana.sees("messenger", 1)[-1]
    ana.say("messenger", "Ana")
    assert "Instagram" in ana.sees("messenger", 2)[-1]
    assert ana.options("messenger") == ["Apri Instagram"]

    ana.follow("messenger")
    assert "colore" in ana.sees("instagram", 1)[-1]
    assert ana.options("instagram") == ["Rosso", "Giallo", "Blu"]
    ana.tap("instagram", "Rosso")
    assert ana.sees("instagram", 2)[-1].startswith("Rosso, ottima scelta!")

    ana.follow("instagram")
    assert "misura" in ana.sees("whatsapp", 1)[-1]
    ana.tap("whatsapp", "Grande")
    assert ana.sees("whatsapp", 2)[-1] == "Grazie, Ana! Il tuo mazzo: Rosso, Grande. Ci vediamo presto al Lucky Garden!"

    _is_one_person(demo, ana.identity("whatsapp"), ana.psid, ana.igsid)
    assert [len(ana.texts(one)) for one in ("messenger", "instagram", "whatsapp")] == [3, 3, 2]
    for channel in ("messenger", "instagram"):  # where the link was sent she is told who came by it
        assert ana.texts(channel)[-1].endswith("Scrivi UNLINK.")


def _is_one_person(demo: House, wa_id: str, psid: str, igsid: str) -> None:
    contact = demo.bot.contact("whatsapp", wa_id)
    named = {(identity["channel"], identity["value"]) for identity in contact["identities"]}
    assert {("whatsapp", wa_id), ("messenger", psid), ("instagram", igsid)} <= named
    assert demo.bot.contact("messenger", psid) == demo.bot.contact("instagram", igsid) == contact
    (session,) = demo.bot.got(f"/contacts/{contact['id']}/sessions")["sessions"]
    answers = {name: session["answers"][name] for name in ("name", "colour", "size")}
    assert (session["flow"], session["status"]) == ("welcome", "done")
    assert answers == {"name": "Ana", "colour": "red", "size": "large"}
