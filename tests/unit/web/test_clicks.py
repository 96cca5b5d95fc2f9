"""Short links over HTTP: people are counted and led on, machines are only led on, and nothing else is there."""

from datetime import UTC, datetime

import aiohttp
import pytest

from tests.unit.web.conftest import House
from trinario.jobs import clicks
from trinario.ports.clicks import ShortLink

TOKEN, LONG = "AAAA-bbbb_CCCC11", "https://shop.example/spring?a=1"


async def follow(
    house: House, token: str = TOKEN, agent: str = "Mozilla/5.0 (iPhone)", method: str = "GET"
) -> aiohttp.ClientResponse:
    headers = {"User-Agent": agent}
    async with house.session.request(
        method, f"{house.url}/l/{token}", headers=headers, allow_redirects=False
    ) as response:
        return response


async def counted(house: House) -> int:
    found = await house.store.run(lambda u: u.conn.exec_driver_sql("SELECT clicks FROM short_links").fetchall())
    return int(found[0][0])


async def test_a_click_is_counted_and_led_on(house: House) -> None:
    link = ShortLink(TOKEN, LONG, 1, "i1/1/1", "messenger", 1)
    await house.store.run(lambda u: u.clicks.keep([link, link], datetime.now(UTC)))
    response = await follow(house)
    assert (response.status, response.headers["Location"]) == (302, LONG)
    assert response.headers["Cache-Control"] == "no-store" and response.headers["Referrer-Policy"] == "no-referrer"
    assert await counted(house) == 1
    for agent in ("facebookexternalhit/1.1", "WhatsApp/2.23", "TelegramBot (like TwitterBot)", "Googlebot/2.1"):
        assert (await follow(house, agent=agent)).headers["Location"] == LONG
    assert (await follow(house, method="HEAD")).status == 302
    assert await counted(house) == 1


@pytest.mark.parametrize("token", ["BBBB-bbbb_CCCC11", "short", "..%2f..%2fetc%2fpasswd", "x" * 5000])
async def test_other_links_are_not_there(house: House, token: str) -> None:
    assert (await follow(house, token)).status == 404


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://x.example/A_(b), or", ["https://x.example/A_(b)"]),
        ("(https://x.example/a)", ["https://x.example/a"]),
        ("https://x.example/?a[]=1.", ["https://x.example/?a[]=1"]),
        ("[here](https://x.example/a)", ["https://x.example/a"]),
        ("https://x.example/(a", ["https://x.example/"]),
    ],
)
def test_brackets_belong_to_an_address_in_pairs(text: str, found: list[str]) -> None:
    assert clicks._ADDRESS.findall(text) == found


@pytest.mark.parametrize(
    ("url", "leads"),
    [("https://x.example:8443/a", True), ("https://x:99999/", False), ("https://x:b/", False), ("http://[x", False)],
)
def test_what_leads_nowhere_is_no_short_link(url: str, leads: bool) -> None:
    assert clicks._leads(url) is leads
