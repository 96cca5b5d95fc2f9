"""The phones page in Chromium: the story by clicking and by keyboard, hostile texts, refusals, small screens, the clock."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.contrast import POOR_CONTRAST, UNNAMED
from trinario.emulator.server import Emulator

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
expect = pytest.importorskip("playwright.async_api", reason="playwright is not installed").expect

HOSTILE = "<img src=x onerror=\"window.hurt=1\"><script>window.hurt=1</script> & 'quoted' \u202etxt.exe"


def phone(page: Any, platform: str) -> Any:
    return page.locator(f"#phone-{platform}")


async def look_at(page: Any, platform: str) -> None:
    """On a small screen a phone is reached by its tab."""
    tab = page.locator(f"#tab-{platform}")
    if await tab.is_visible():
        await tab.click()


async def write(page: Any, platform: str, text: str) -> None:
    box = phone(page, platform).get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


async def begin(page: Any) -> None:
    """From the stranger's Get Started to the link that leads to Instagram."""
    await look_at(page, "messenger")
    await phone(page, "messenger").get_by_role("button", name="Get Started").click()
    await expect(phone(page, "messenger")).to_contain_text("What is your name?")
    await write(page, "messenger", "Ana")
    await expect(phone(page, "messenger").get_by_role("link", name="Go on on Instagram")).to_be_visible()


async def to_whatsapp(page: Any) -> None:
    """From that link to the size asked on WhatsApp."""
    await phone(page, "messenger").get_by_role("link", name="Go on on Instagram").click()
    await phone(page, "instagram").get_by_role("button", name="What do you grow?").click()
    await phone(page, "instagram").get_by_role("button", name="Yellow").click()
    await phone(page, "instagram").get_by_role("link", name="Go on on Whatsapp").click()
    await expect(phone(page, "whatsapp").get_by_role("textbox")).to_have_value(re.compile("code [0-9A-F]+"))
    await phone(page, "whatsapp").get_by_role("button", name="Send").click()
    await expect(phone(page, "whatsapp").get_by_role("button", name="Sizes")).to_be_visible()


async def finish(page: Any) -> None:
    """Rows of a list come up as a sheet."""
    whatsapp = phone(page, "whatsapp")
    await whatsapp.get_by_role("button", name="Sizes").click()
    sheet = whatsapp.get_by_role("dialog", name="Sizes")
    await sheet.get_by_role("radio", name="Medium").check()
    await sheet.get_by_role("button", name="Send").click()
    await expect(whatsapp).to_contain_text("Thank you, Ana! Your bouquet: yellow, medium.")
    await expect(sheet).to_have_count(0)


async def test_the_story_by_clicking(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    known = page.locator("#known")
    await expect(known).to_contain_text("Ana Ruiz is a stranger on every channel")
    await begin(page)
    await expect(phone(page, "messenger")).to_have_attribute("aria-current", "true")
    await to_whatsapp(page)
    await expect(phone(page, "whatsapp")).to_have_attribute("aria-current", "true")
    await finish(page)
    for words in ("Ana", "yellow", "medium", "welcome", "completed"):
        await expect(known).to_contain_text(words)
    await expect(known.locator(".rail.met")).to_have_count(3)
    wire = page.locator("#wire")
    for words in ("postback Get Started", "send list And which size", "follow", "quick reply Yellow", "tap Medium"):
        await expect(wire).to_contain_text(words)
    await expect(phone(page, "whatsapp").locator(".mine").last).to_contain_text("read")
    await expect(phone(page, "instagram").locator(".fate")).to_have_text("Seen")
    assert await page.evaluate(POOR_CONTRAST) == []
    assert await page.evaluate(UNNAMED) == []


async def test_an_old_button_leads_down_to_its_answer(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    await begin(page)
    await to_whatsapp(page)
    await finish(page)
    thread = phone(page, "whatsapp").locator(".thread")
    for number in range(1, 7):
        await write(page, "whatsapp", f"Message {number}")
        await expect(thread.locator(".mine").last).to_contain_text(f"Message {number}")
    await thread.evaluate("thread => thread.scrollTop = 0")
    await phone(page, "whatsapp").get_by_role("button", name="Sizes").click()
    await phone(page, "whatsapp").get_by_role("radio", name="Giant").check()
    await phone(page, "whatsapp").get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(thread.locator(".mine").last).to_contain_text("Giant")
    await expect(thread.locator(".mine").last).to_be_in_viewport()


async def test_the_story_survives_a_reload(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    await begin(page)
    await page.reload()
    await expect(phone(page, "messenger").get_by_role("link", name="Go on on Instagram")).to_be_visible()
    await expect(page.locator("#wire")).to_contain_text("postback Get Started")
    await to_whatsapp(page)
    await finish(page)


REDRAWN = """
  window.row = document.querySelector("#phone-whatsapp [data-key=Sizes]").closest("[data-id]");
  window.drawn = row.cloneNode(true);
  row.replaceWith(drawn);
"""


async def test_by_keyboard_alone(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    keys = page.keyboard
    start = phone(page, "messenger").get_by_role("button", name="Get Started")
    await expect(start).to_be_visible()
    assert await tab_to(page, "Get Started")
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    await keys.press("Enter")
    box = phone(page, "messenger").get_by_role("textbox")
    await expect(box).to_be_focused()
    await expect(phone(page, "messenger")).to_contain_text("What is your name?")
    await keys.type("Ana")
    await keys.press("Enter")
    await expect(phone(page, "messenger").get_by_role("link", name="Go on on Instagram")).to_be_visible()
    await keys.press("Shift+Tab")
    assert await tab_to(page, "Go on on Instagram", "Shift+Tab")
    await keys.press("Enter")
    await expect(phone(page, "instagram").get_by_role("button", name="What do you grow?")).to_be_focused()
    await keys.press("Enter")
    await expect(phone(page, "instagram").get_by_role("button", name="Yellow")).to_be_visible()
    assert await tab_to(page, "Yellow", "Shift+Tab")
    await keys.press("Enter")
    await expect(phone(page, "instagram").get_by_role("link", name="Go on on Whatsapp")).to_be_visible()
    assert await tab_to(page, "Go on on Whatsapp", "Shift+Tab")
    await keys.press("Enter")
    await expect(phone(page, "whatsapp").get_by_role("textbox")).to_be_focused()
    await keys.press("Enter")
    opener = phone(page, "whatsapp").get_by_role("button", name="Sizes")
    await expect(opener).to_be_visible()
    assert await tab_to(page, "Sizes", "Shift+Tab")
    await keys.press("Enter")
    sheet = phone(page, "whatsapp").get_by_role("dialog", name="Sizes")
    await expect(sheet.get_by_role("radio", name="Small")).to_be_focused()
    await keys.press("Escape")
    await expect(sheet).to_have_count(0)
    await expect(opener).to_be_focused()
    await keys.press("Enter")
    await page.evaluate(REDRAWN)  # its row is drawn anew while the sheet is open: a tick turned blue
    await keys.press("Escape")
    await expect(opener).to_be_focused()
    await page.evaluate("drawn.replaceWith(row); row.querySelector('[data-key=Sizes]').focus()")
    await keys.press("Enter")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(phone(page, "whatsapp")).to_contain_text("Your bouquet: yellow, medium.")


async def tab_to(page: Any, text: str, key: str = "Tab", most: int = 40) -> bool:
    """Press a key until the focus is on something with this text."""
    for _ in range(most):
        if text in await page.evaluate("document.activeElement?.textContent ?? ''") and await page.evaluate(
            "['BUTTON', 'A'].includes(document.activeElement.tagName)"
        ):
            return True
        await page.keyboard.press(key)
    return False


async def test_what_people_write_is_text(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    await begin(page)
    person = stage.emulator.meta.world.people["ana"].phones
    await write(page, "whatsapp", HOSTILE)
    await expect(phone(page, "whatsapp").locator(".mine")).to_contain_text("<img src=x")
    psid = person["messenger"].identity
    card = {
        "title": HOSTILE[:70],
        "subtitle": "<b>bold</b>",
        "buttons": [{"type": "postback", "title": "<i>tap</i>", "payload": "T"}],
    }
    await stage.bot.say(
        "messenger",
        psid,
        {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": [card]}}},
    )
    quick = [{"content_type": "text", "title": "<u>quick</u>", "payload": "Q"}]
    await stage.bot.say("messenger", psid, {"text": HOSTILE, "quick_replies": quick})
    await stage.bot.say("messenger", psid, {"text": "javascript:alert(1) https://ok.example/<b>"})
    await expect(phone(page, "messenger").get_by_role("button", name="<i>tap</i>")).to_be_visible()
    await expect(phone(page, "messenger")).to_contain_text("javascript:alert(1)")
    links = await phone(page, "messenger").locator("a").evaluate_all("links => links.map(link => link.href)")
    assert "https://ok.example/" in links
    assert all(link.startswith("https://") for link in links)
    await page.locator("#wire summary").first.click()
    await page.get_by_role("button", name="Stranger").click()
    await page.get_by_role("dialog").get_by_label("Name").fill(HOSTILE[:60])
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    await expect(page.locator("#known")).to_contain_text("<img src=x")
    assert await page.evaluate("window.hurt") is None
    assert await page.locator(".phones img:not([alt]), .phones script, #known img, #wire img").count() == 0


async def test_refusals_are_red_and_open_to_their_json(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    await begin(page)
    answer = await stage.bot.say(
        "messenger", stage.emulator.meta.world.people["ana"].phones["messenger"].identity, {"text": ""}
    )
    assert "error" in answer
    row = page.locator("#wire .bad").first
    await expect(row).to_contain_text(str(answer["error"]["code"]))
    red = await row.locator("summary").evaluate("row => getComputedStyle(row).color")
    assert red == "rgb(179, 38, 30)"
    await row.locator("summary").click()
    await expect(row.locator("pre").first).to_contain_text('"text": ""')
    await expect(row.locator("pre").last).to_contain_text('"fbtrace_id"')
    await expect(row).to_contain_text("rule messenger.")
    await page.get_by_role("radio", name="Refused").check()
    await expect(page.locator("#wire > li:visible")).to_have_count(await page.locator("#wire .bad").count())


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_small_screen(stage: Any, open_page: Any, scheme: str) -> None:
    page = await open_page(stage.url, 360, 740, scheme)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    await begin(page)
    assert await page.evaluate(wide) == 0
    await expect(phone(page, "whatsapp")).to_be_hidden()
    await to_whatsapp(page)
    await expect(phone(page, "messenger")).to_be_hidden()
    assert await page.evaluate(wide) == 0
    await finish(page)
    await expect(page.locator("#tab-messenger")).to_contain_text("new")
    await page.locator("#tab-whatsapp").focus()
    await page.keyboard.press("ArrowRight")
    await expect(phone(page, "messenger")).to_be_visible()
    await expect(page.locator("#tab-messenger")).to_be_focused()
    await expect(page.locator("#tab-messenger")).not_to_contain_text("new")
    assert await page.evaluate(wide) == 0
    assert await page.evaluate(POOR_CONTRAST) == []
    assert await page.evaluate(UNNAMED) == []


async def test_the_clock_closes_the_window(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    await begin(page)
    note = phone(page, "messenger").locator(".note")
    await expect(note).to_contain_text(re.compile("Window open for 2[34] h"))
    await page.get_by_role("button", name="one hour").click()
    await expect(note).to_contain_text(re.compile("Window open for 2[23] h"))
    before = await page.locator("#now").text_content()
    await page.get_by_role("button", name="one day").click()
    await expect(note).to_have_text("24-hour window closed")
    assert await page.locator("#now").text_content() != before
    psid = stage.emulator.meta.world.people["ana"].phones["messenger"].identity
    assert (await stage.bot.say("messenger", psid, {"text": "too late"}))["error"]["code"] == 10
    await expect(page.locator("#wire .bad").first).to_contain_text("outside of allowed window")
    await write(page, "messenger", "I am back")
    await expect(phone(page, "messenger").locator(".day")).to_have_count(2)


async def test_a_stranger_with_a_forwarded_link(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    await begin(page)
    await page.get_by_role("button", name="Stranger").click()
    dialog = page.get_by_role("dialog", name="A stranger")
    await dialog.get_by_label("Name").fill("Marco Bianchi")
    await dialog.get_by_role("button", name="Add").click()
    await expect(page.locator("#known")).to_contain_text("Marco Bianchi is a stranger")
    await expect(phone(page, "messenger").locator(".row")).to_have_count(0)
    await page.get_by_label("Person on the phones").select_option(label="Ana Ruiz")
    await phone(page, "messenger").get_by_role("button", name="Forward this link to Marco Bianchi").click()
    await expect(page.get_by_label("Person on the phones")).to_have_value("p2")
    await phone(page, "instagram").get_by_role("button", name="What do you grow?").click()
    await expect(phone(page, "instagram")).to_contain_text("Which colour do you like best?")
    marco = stage.emulator.meta.world.people["p2"].phones["instagram"]
    assert ("instagram", marco.identity) in stage.bot.talks


async def test_pictures_reactions_and_the_team(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    await begin(page)
    messenger = phone(page, "messenger")
    await messenger.get_by_role("button", name="Attach").click()
    await messenger.get_by_role("button", name="A terrace").click()
    picture = messenger.locator(".mine img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480
    await phone(page, "whatsapp").get_by_role("button", name="Attach").click()
    await phone(page, "whatsapp").get_by_role("button", name="A bouquet").click()
    await expect(phone(page, "whatsapp").locator(".mine img")).to_be_visible()
    heart = messenger.get_by_role("button", name="React with a heart").last
    await heart.focus()
    await page.keyboard.press("Enter")
    await expect(messenger.locator(".reactions")).to_contain_text("❤")
    await page.get_by_text("Write as a person of the team").click()
    await page.get_by_label("Channel").select_option("messenger")
    await page.get_by_label("Message of the team").fill("Hello, this is Rosa.")
    await page.get_by_label("Message of the team").press("Enter")
    await expect(messenger).to_contain_text("Hello, this is Rosa.")


async def test_blocking_and_unread(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    await begin(page)
    await write(page, "whatsapp", "hello")
    await expect(phone(page, "whatsapp")).to_contain_text("What is your name?")
    psid = stage.emulator.meta.world.people["ana"].phones["messenger"].identity
    await stage.bot.say("messenger", psid, {"text": "Still there?"})
    await expect(phone(page, "messenger").locator(".badge")).to_contain_text("new")
    await phone(page, "messenger").locator(".thread").click(position={"x": 5, "y": 5})
    await expect(phone(page, "messenger").locator(".badge")).to_be_hidden()
    await phone(page, "messenger").get_by_role("button", name="Menu").click()
    await phone(page, "messenger").get_by_role("button", name="Block Lucky Garden").click()
    await expect(phone(page, "messenger").get_by_role("textbox")).to_be_hidden()
    assert (await stage.bot.say("messenger", psid, {"text": "Hello?"}))["error"]["code"] == 551
    await phone(page, "messenger").get_by_role("button", name="Unblock").click()
    await expect(phone(page, "messenger").get_by_role("textbox")).to_be_visible()


async def test_starting_over(stage: Any, open_page: Any) -> None:
    # who is asked for while she is made anew is not there for a moment, and the browser says so
    page = await open_page(stage.url, known="status of 404")
    await begin(page)
    old = stage.emulator.meta.world.people["ana"].phones["messenger"].identity
    await page.get_by_role("button", name="Start over").click()
    await page.get_by_role("dialog", name="Start over?").get_by_role("button", name="Start over").click()
    await expect(page.locator("#known")).to_contain_text("is a stranger on every channel")
    await expect(phone(page, "messenger").get_by_role("button", name="Get Started")).to_be_visible()
    assert stage.emulator.meta.world.people["ana"].phones["messenger"].identity != old


async def test_an_emulator_that_goes_and_comes_back(stage: Any, open_page: Any, tmp_path: Any) -> None:
    page = await open_page(stage.url, quiet=True)
    await begin(page)
    port = stage.emulator.port
    await stage.emulator.stop()
    await expect(page.get_by_role("alert")).to_contain_text("away")
    stage.emulator = Emulator(stage.emulator.config)
    await stage.emulator.start(port=port)
    await stage.bot.prepare()
    await expect(phone(page, "messenger").get_by_role("button", name="Get Started")).to_be_visible()
    await expect(page.get_by_role("alert")).to_be_hidden()


async def test_a_link_whose_reader_types_instead_of_tapping(stage: Any, open_page: Any) -> None:
    page = await open_page(stage.url)
    await begin(page)
    await phone(page, "messenger").get_by_role("link", name="Go on on Instagram").click()
    await write(page, "instagram", "here I am")
    await expect(phone(page, "instagram")).to_contain_text("Which colour do you like best?")
    await expect(page.locator("#known .rail.met")).to_have_count(2)
    await phone(page, "messenger").get_by_role("link", name="Go on on Instagram").click()
    await expect(page.locator("#wire")).to_contain_text("webhook referral ref")
    await expect(phone(page, "instagram").get_by_role("textbox")).to_be_focused()
