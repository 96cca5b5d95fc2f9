"""Makes the pictures of the samples: `make pictures`. Emulator and phones page are the demo's own, in Chromium."""

import argparse
import asyncio
import base64
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from playwright.async_api import Page, Route, async_playwright

from docs.fitting.forms import PLATFORMS, requests
from docs.fitting.pictures import MANIFEST, OPENED, PAGE, PICTURES, assets, file_of, manifest, of_what, stale
from docs.fitting.samples import SAMPLES, SPRING, Sample
from trinario.channels.whatsapp.template_form import creations
from trinario.emulator.server import Emulator
from trinario.web.phones import Backstage, phones_app

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
BOT = "77700:demo-telegram-token"
CONFIG = {"telegram": {"token": BOT, "username": "luckygarden_bot"}, "rates": False, "seed": "pictures"}
WIDTH, HEIGHT, QUALITY = 1640, 700, 62
SETTLE = 400.0
"""Milliseconds in which pictures load and sheets open."""
DRESS = """
.bar, .strip, .tabs, .note, .label, .composer, .heart { display: none !important; }
body { display: block !important; padding: 12px !important; } .phones { gap: 16px; }
.phone { flex: 0 0 316px !important; max-width: 316px !important; } .frame { height: 520px !important; outline: none !important; box-shadow: none !important; }
*, *::before, *::after { animation: none !important; transition: none !important; scrollbar-width: none !important; }
"""
"""The phones alone, and standing still."""


@dataclass(frozen=True, slots=True)
class Studio:
    """The emulator's address, the page's address, and the browser's page."""

    emulator: str
    url: str
    page: Page
    http: aiohttp.ClientSession


async def _nobody(identities: list[tuple[str, str]]) -> dict[str, Any]:
    return {"contacts": []}


@asynccontextmanager
async def studio() -> AsyncIterator[Studio]:
    """Everything that a picture needs."""
    emulator = Emulator(CONFIG)
    graph = f"http://127.0.0.1:{await emulator.start()}"
    root = web.Application()
    backstage = Backstage(_nobody, "Lucky Garden", platforms=tuple(PLATFORMS))
    root.add_subapp("/phones", phones_app(graph, backstage))
    runner = web.AppRunner(root, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http, async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], headless=True)
        context = await browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="en-GB", timezone_id="Europe/Rome",
            bypass_csp=True,
        )  # fmt: skip
        page = await context.new_page()
        await page.route("https://luckygarden.example/**", _photo)
        yield Studio(graph, f"http://127.0.0.1:{runner.addresses[0][1]}/phones", page, http)
        await browser.close()
    await runner.cleanup()
    await emulator.stop()


async def _photo(route: Route) -> None:
    """The shop's pictures are those of the page."""
    file = PAGE / "pictures" / Path(route.request.url).name
    if file.is_file():
        await route.fulfill(path=file, content_type="image/jpeg")
    else:
        await route.fulfill(path=PAGE / "pictures" / "garden.jpg", content_type="image/jpeg")


async def shoot(there: Studio, sample: Sample) -> None:
    """The sample arrives on every phone of somebody new, who has written before; then each phone is photographed."""
    await _call(there, "_emulator/people", method="DELETE")
    await _templates(there)
    people = await _call(there, "_emulator/people", {
        "id": "ana", "name": "Ana Ruiz", "language": "en", "reads": False, "platforms": list(PLATFORMS)})  # fmt: skip
    counts = {}
    for platform in PLATFORMS:
        said = await _call(there, "_emulator/people/ana/say", {"platform": platform, "text": "Good morning!"})
        counts[platform] = await _deliver(there, platform, people["phones"][platform], said["id"], sample)
    await there.page.goto(there.url)
    await there.page.add_style_tag(content=DRESS)
    for platform, count in counts.items():
        rows = there.page.locator(f"#phone-{platform} .row.theirs")
        await rows.nth(count - 1).wait_for() if count else None
    await there.page.wait_for_timeout(SETTLE)
    for platform in PLATFORMS:
        await _photograph(there.page, platform, sample.name)
    lists = there.page.locator("#phone-whatsapp .option[data-kind=list]")
    if await lists.count():
        await lists.last.click()
        await there.page.wait_for_timeout(SETTLE)
        await _photograph(there.page, "whatsapp", sample.name + OPENED)


async def _templates(there: Studio) -> None:
    headers = {"Authorization": "Bearer demo-whatsapp-token"}
    for body in creations(SPRING):
        await _call(there, "102290129340398/message_templates", body, headers=headers, strict=False)
        name, language = body["name"], body["language"]
        await _call(there, "_emulator/templates", {"name": name, "language": language, "status": "APPROVED"})


async def _deliver(there: Studio, platform: str, phone: Any, hers: str, sample: Sample) -> int:
    """Post what the sample becomes; gives how many messages it is."""
    person = str(next(phone[name] for name in ("wa_id", "psid", "igsid", "telegram_id") if name in phone))
    bodies = requests(platform, sample.content, person, hers)
    for body in bodies:
        path, token = "v25.0/me/messages", "demo-page-token"
        if platform == "whatsapp":
            path, token = "v25.0/106540352242922/messages", "demo-whatsapp-token"
        elif platform == "telegram":
            path = f"bot{BOT}/{body.pop('method')}"
        headers = {"Authorization": f"Bearer {token}"}
        for shown in body.get("message", {}).get("attachment", {}).get("payload", {}).get("elements", ()):
            if address := shown.get("attachment_id"):  # above buttons a file goes by the id of its upload
                file = {"type": shown["media_type"], "payload": {"url": address, "is_reusable": True}}
                wish = {"message": {"attachment": file}}
                given = await _call(there, "v25.0/me/message_attachments", wish, headers=headers)
                shown["attachment_id"] = given["attachment_id"]
        await _call(there, path, body, headers=headers)
    return 0 if sample.name == "sign" else len(bodies)


async def _call(
    there: Studio, path: str, wish: Any = None, *, method: str = "POST", headers: Any = None, strict: bool = True
) -> Any:
    async with there.http.request(method, f"{there.emulator}/{path}", json=wish, headers=headers) as response:
        answer = await response.json(content_type=None)
        if response.status != 200 and strict:
            raise RuntimeError(f"{path}: {response.status} {answer}")
        return answer


async def _photograph(page: Page, platform: str, name: str) -> None:
    """The phone as WebP, which playwright itself does not make."""
    box = await page.locator(f"#phone-{platform} .frame").bounding_box()
    assert box is not None
    session = await page.context.new_cdp_session(page)
    clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"], "scale": 1}
    shot = await session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip})
    await session.detach()
    file_of(name, platform).write_bytes(base64.b64decode(shot["data"]))


async def main(every: bool, names: list[str]) -> None:
    """Make the pictures that are stale, or every one."""
    wanted = [one for one in SAMPLES if one.name in names] if names else list(SAMPLES) if every else stale()
    PICTURES.mkdir(exist_ok=True)
    async with studio() as there:
        for sample in wanted:
            await shoot(there, sample)
            sys.stdout.write(f"{sample.name}\n")
    known = {sample.name for sample in SAMPLES}
    for file in PICTURES.glob("*.webp"):
        if file.name.split(".")[0].removesuffix(OPENED) not in known:
            file.unlink()
    done = {one.name for one in wanted}
    told = {one.name: of_what(one) if one.name in done else manifest()["samples"].get(one.name) for one in SAMPLES}
    made = {"assets": assets(), "samples": told}
    MANIFEST.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--all", action="store_true", help="also those that are not stale")
    arguments.add_argument("names", nargs="*", help="only these samples")
    given = arguments.parse_args()
    asyncio.run(main(given.all, given.names))
