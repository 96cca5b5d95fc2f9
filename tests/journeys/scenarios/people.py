"""Who she is and who has her: hidden and changed numbers, numbers that are dialled differently, people of the team, other apps."""

from tests.journeys.house import House
from tests.processes import SECRETS, call, eventually

RETURN = 30 * 60 + 5


def bsuid_only(house: House, platform: str) -> None:
    """She never shows her number: she is written to by the scoped id alone."""
    ana = house.person()
    ana.act("hide_phone", platform)
    ana.say(platform, "lunch")
    assert ana.sees(platform, 1) == ["What first?"]
    ana.say(platform, "soup")
    ana.say(platform, "cake")
    assert ana.sees(platform, 3)[-1] == "soup, then cake"
    user = ana.record["phones"][platform]["user_id"]
    (contact,) = house.bot.contacts(platform, user)
    assert [one["value"] for one in contact["identities"]] == [user]
    sent = [
        one["request"] for one in house.meta.log_of("graph") if one["person"] == ana.id and "text" in one["request"]
    ]
    assert sent and all(one["recipient"] == user and "to" not in one for one in sent)


def number_changes(house: House, platform: str) -> None:
    ana = house.person()
    ana.say(platform, "lunch")
    ana.sees(platform, 1)
    known = house.contact(ana, platform)["id"]
    done = ana.act("change_number", platform)
    eventually(
        lambda: [one["id"] for one in house.bot.contacts(platform, done["text"])] == [known], "she is known by it"
    )
    ana.say(platform, "soup")
    assert ana.sees(platform, 2)[-1] == "And then?"


def dialled_differently(house: House, platform: str) -> None:
    """A Mexican number is typed without the 1 that WhatsApp knows it with: one person, and her answers find her."""
    unique = house.meta.ask("GET", "/clock")["now"]
    local = f"551234{int(unique * 1000) % 10**4:04d}"
    ana = house.person(whatsapp={"wa_id": f"521{local}"})
    _login_code(house)
    ana.say("messenger", "prove")
    ana.sees("messenger", 1)
    ana.say("messenger", f"+52 {local}")
    ana.sees("messenger", 2)
    code = next(word for word in ana.sees(platform, 1)[0].replace("*", " ").split() if word.isdigit())
    ana.say("messenger", code)
    ana.sees("messenger", 3)
    ana.say(platform, "Green")
    assert ana.sees(platform, 2)[-1] == "Green it is"
    contact = house.contact(ana, "messenger")
    assert {one["value"] for one in contact["identities"]} >= {ana.psid, f"521{local}"}
    assert [one["id"] for one in house.bot.contacts(platform, f"521{local}")] == [contact["id"]]


def _login_code(house: House) -> None:
    if any(one["name"] == "login_code" for one in house.meta.ask("GET", "/templates")):
        return
    code = {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}
    wish = {
        "name": "login_code",
        "language": "en",
        "category": "AUTHENTICATION",
        "components": [{"type": "BODY"}, code],
    }
    headers = {"Authorization": f"Bearer {SECRETS['WHATSAPP_TOKEN']}"}
    assert call("POST", f"{house.meta.url}/v25.0/102290129340398/message_templates", wish, headers)[0] == 200


def human_in_the_app(house: House, platform: str) -> None:
    """Somebody of the team writes in Meta's own app: the bot is silent, and comes back."""
    ana = house.person()
    ana.say(platform, "lunch")
    ana.sees(platform, 1)
    house.meta.ask("POST", f"/business/{platform}/say", {"person": ana.id, "text": "Rita here."})
    eventually(lambda: house.contact(ana, platform)["owner"] == "person", "the bot steps back")
    ana.say(platform, "thank you, Rita")
    eventually(lambda: house.messages(ana, platform)[0]["text"] == "thank you, Rita", "it was heard")
    assert ana.texts(platform) == ["What first?", "Rita here."]
    house.advance(RETURN)
    assert ana.sees(platform, 3)[-1] == "What first?"


def standby_copy(house: House, platform: str) -> None:
    """Another app has the thread: what she says is kept, and answered by nobody here."""
    ana = house.person()
    ana.say(platform, "lunch")
    ana.sees(platform, 1)
    ana.was_read(platform)
    ana.act("hand_over", platform)
    eventually(lambda: house.contact(ana, platform)["owner"] == "person", "somebody else has her")
    ana.say(platform, "is anybody there?")
    eventually(lambda: house.messages(ana, platform)[0]["text"] == "is anybody there?", "it stands in her thread")
    assert ana.texts(platform) == ["What first?"]
    ana.act("hand_over", platform, to="bot")
    assert ana.sees(platform, 2)[-1] == "What first?"
