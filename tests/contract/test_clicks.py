"""Short links on every database: made with the message, counted when they are opened, told by the report."""

from dataclasses import replace
from datetime import timedelta

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import Desk, a_campaign, messages
from tests.contract.test_schedules import contacts, rows
from trinario import jsons

PUBLIC = "https://go.shop.example"


async def test_what_a_campaign_says_leads_over_our_links(store: AnyStore) -> None:
    people = await contacts(store, 6)
    text = "10 % off: https://shop.example/spring?a=1, and https://shop.example/spring?a=1 again. Or https://go.shop.example/x"
    desk = Desk(store, a_campaign(messages=messages(text)))
    desk.world = replace(desk.world, public_url=PUBLIC)
    await desk.all_wrote()
    await desk.start()
    await desk.goes()
    links = await rows(store, "SELECT token, url, contact_id, channel, campaign FROM short_links ORDER BY contact_id")
    hers = [one.id for one in people if "in" in one.tags]
    assert [row[2] for row in links] == hers and {row[1] for row in links} == {"https://shop.example/spring?a=1"}
    assert len({row[0] for row in links}) == 3
    said = {row[0]: jsons.loads(row[1])["text"] for row in await rows(store, "SELECT contact_id, content FROM outbox")}
    for token, _, contact, channel, campaign in links:
        short = f"{PUBLIC}/l/{token}"
        assert said[contact] == f"10 % off: {short}, and {short} again. Or https://go.shop.example/x"
        assert (channel, campaign) == ("messenger", 1)
    moment = desk.now + timedelta(hours=2)
    sent = f"UPDATE outbox SET status = 4, sent_at = {int(desk.now.timestamp() * 1000)}"
    await store.run(lambda u: u.conn.exec_driver_sql(sent) and None)
    assert await store.run(lambda u: u.clicks.click("nonsense", moment)) is None
    for _ in range(2):
        found = await store.run(lambda u: u.clicks.click(links[0][0], moment))
        assert found is not None and found.url == "https://shop.example/spring?a=1"
    assert await rows(store, "SELECT contact_id, name FROM events WHERE name = 'click'") == [(hers[0], "click")] * 2
    told = await store.read(lambda u: u.campaigns.report([1], "", timedelta()))
    assert told.total("sent") == 3 and told.total("clicked") == 1


async def test_without_a_public_address_and_outside_of_campaigns_nothing_is_shortened(store: AnyStore) -> None:
    await contacts(store, 2)
    desk = Desk(store, a_campaign(messages=messages("See https://shop.example/spring")))
    await desk.all_wrote()
    await desk.start()
    await desk.goes()
    assert await rows(store, "SELECT COUNT(*) FROM short_links") == [(0,)]
