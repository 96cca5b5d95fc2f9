"""The story of the demo, by clicking, against `trinario demo` itself: Messenger, Instagram, WhatsApp, and a kill -9 between."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.contrast import POOR_CONTRAST, UNNAMED
from tests.processes import ROOT, free_port

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed (the test extra has it)")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


class Demo:
    """`trinario demo` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        for name in ("bots", "flows"):
            shutil.copytree(ROOT / name, folder / name)
        self.folder, self.port = folder, free_port(2)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until the page answers."""
        command = [sys.executable, "-m", "trinario", "demo", "--port", str(self.port), "--no-browser"]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("TRINARIO_")}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environ, stdout=log, stderr=log)
        until = time.monotonic() + 30
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def end(self, number: signal.Signals) -> None:
        """End it by a signal."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(30)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = Demo(tmp_path)
    made.start()
    yield made
    if made.process and made.process.poll() is not None:
        made.start()  # takes the emulator over, so that it ends with it
    made.end(signal.SIGTERM)


def phone(page: Any, name: str) -> Any:
    return page.locator(f"#phone-{name}")


async def say(page: Any, name: str, words: str) -> None:
    box = phone(page, name).get_by_role("textbox")
    await box.fill(words)
    await box.press("Enter")


async def test_the_story_over_three_phones_and_a_kill(demo: Demo, open_page: Any) -> None:
    page = await open_page(f"http://127.0.0.1:{demo.port}/phones", quiet=True)
    page.set_default_timeout(20000)
    expect.set_options(timeout=20000)
    messenger, instagram, whatsapp = (phone(page, name) for name in ("messenger", "instagram", "whatsapp"))
    await messenger.get_by_role("button", name="Get Started").click()
    await expect(messenger).to_contain_text("What is your name?")
    await say(page, "messenger", "ciao")
    await expect(messenger).to_contain_text("Come ti chiami?")
    await say(page, "messenger", "Ana")
    await messenger.locator("a[data-app=instagram]").last.click()
    await instagram.get_by_role("button", name="Hello!").click()
    await expect(instagram).to_contain_text("Quale colore")
    demo.end(signal.SIGKILL)
    demo.start()
    await page.reload()
    await instagram.get_by_role("button", name="Giallo").click()
    await instagram.locator("a[data-app=whatsapp]").last.click()
    await whatsapp.get_by_role("button", name="Send").last.click()
    await expect(whatsapp).to_contain_text("misura")
    await whatsapp.get_by_role("button", name="Grande").click()
    await expect(whatsapp).to_contain_text("Grazie, Ana! Il tuo mazzo: Giallo, Grande.")
    known = page.locator("#known")
    for words in ("Ana", "yellow", "large", "welcome"):
        await expect(known).to_contain_text(words)
    await expect(known.locator(".rail.met")).to_have_count(3)
    await page.screenshot(path=demo.folder / "story.png")
    if "TRINARIO_PICTURES" in os.environ:
        shutil.copy(demo.folder / "story.png", os.environ["TRINARIO_PICTURES"])


async def test_a_comment_becomes_a_ticket_and_an_event_begins_a_flow(demo: Demo, open_page: Any) -> None:
    page = await open_page(f"http://127.0.0.1:{demo.port}/phones")
    page.set_default_timeout(20000)
    expect.set_options(timeout=20000)
    messenger, known = phone(page, "messenger"), page.locator("#known")
    await messenger.get_by_role("button", name="Post: Giveaway").click()
    field = messenger.get_by_role("textbox", name="Comment on Giveaway")
    await expect(field).to_be_focused()
    await field.press("Escape")
    await expect(field).to_have_count(0)
    await messenger.get_by_role("button", name="Post: Giveaway").click()
    await field.fill("I want to win!")
    await field.press("Enter")
    await expect(messenger.locator(".comments .ours")).to_have_count(1)
    await expect(messenger.get_by_role("button", name="A message came")).to_be_visible()
    assert await page.evaluate(POOR_CONTRAST) == []
    assert await page.evaluate(UNNAMED) == []
    await messenger.get_by_role("button", name="A message came").click()
    await expect(messenger.get_by_role("button", name="Get Started")).to_have_count(0)
    await messenger.get_by_role("button", name="I am in").click()
    for question in ("18 or older", "accept the terms"):
        await expect(messenger.locator(".theirs").last).to_contain_text(question)
        await messenger.get_by_role("button", name="Yes").click()
    await expect(messenger).to_contain_text("Your ticket is number")
    await page.get_by_text("Send an event from outside").click()
    await expect(page.get_by_label("items")).to_have_value("rose, spade")
    await page.get_by_role("button", name="Send event").click()
    await expect(known.locator(".session", has_text="abandoned_cart")).to_contain_text("an_hour")
    assert await page.evaluate(POOR_CONTRAST) == []
    assert await page.evaluate(UNNAMED) == []


async def test_a_bot_with_two_channels_has_two_phones(demo: Demo, open_page: Any) -> None:
    file = demo.folder / "bots/demo/bot.yaml"
    text = file.read_text()
    demo.end(signal.SIGTERM)
    file.write_text(
        text[: text.index("  messenger:")]
        + text[text.index("  instagram:") :].replace("messenger, instagram]", "instagram]")
    )
    campaign = demo.folder / "bots/demo/campaigns/spring.yaml"
    campaign.write_text(campaign.read_text().replace("messenger, instagram]", "instagram]"))
    demo.start()
    page = await open_page(f"http://127.0.0.1:{demo.port}/phones")
    expect.set_options(timeout=20000)
    await expect(page.locator(".phone")).to_have_count(2)
    await expect(page.locator("#phones-word")).to_have_text("one person, two phones")
    await expect(page.locator("#person")).to_contain_text("Ana Ruiz")
    await say(page, "whatsapp", "info")
    await expect(phone(page, "whatsapp").locator(".theirs")).not_to_have_count(0)
    await expect(page.locator(".rail")).to_have_count(2)


async def test_a_file_with_errors_is_shown_over_the_phones_until_it_is_mended(demo: Demo, open_page: Any) -> None:
    page = await open_page(f"http://127.0.0.1:{demo.port}/phones")
    expect.set_options(timeout=20000)
    banner, file = page.locator("#flows"), demo.folder / "flows" / "welcome.yaml"
    await expect(banner).to_be_hidden()
    whole = file.read_text()
    file.write_text(whole + "  lost: {sendd: Hello}\n")
    await expect(banner).to_contain_text(f"flows/welcome.yaml:{len(whole.splitlines()) + 1}:")
    await expect(banner).to_contain_text("sendd")
    await phone(page, "messenger").get_by_role("button", name="Get Started").click()
    await expect(phone(page, "messenger")).to_contain_text("What is your name?")
    file.write_text(whole)
    await expect(banner).to_be_hidden()
