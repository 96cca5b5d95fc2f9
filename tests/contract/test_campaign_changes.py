"""A campaign that runs is what was agreed to: what becomes of it when its file changes, is gone, or it is called off."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import NOW, Desk, a_campaign, messages
from tests.contract.test_schedules import contacts, rows
from trinario import jsons
from trinario.authoring.parse import parse_flow
from trinario.campaign.as_flow import flows_of
from trinario.campaign.forecast import Forecast
from trinario.jobs import planning
from trinario.jobs.campaign_desk import CannotCampaign, cancel, start
from trinario.jobs.campaign_hold import look
from trinario.jobs.campaigning import fill, tick
from trinario.jobs.deliver import claim
from trinario.jobs.foreseeing import foresee
from trinario.jobs.hold import People
from trinario.jobs.receive import receive
from trinario.jobs.releasing import release
from trinario.model.bot import Team
from trinario.model.campaign import At, Campaign, Side, Variants
from trinario.model.channel import Identity
from trinario.model.flow.said import TemplateCall
from trinario.model.heard import Heard
from trinario.model.wire import heard_to_json
from trinario.ports import Inward, TemplateState
from trinario.ports.campaigns import CampaignRun

TEAM = {"sales": Team("sales", notify=("mailto:sales@shop.example",))}

QUESTION = "flow: size\npurpose: service\nsteps:\n  size: {ask: Which size?, type: text}\n  done: {send: Noted}"


async def begun(store: AnyStore, campaign: Campaign | None = None, **more: Any) -> Desk:
    """Ten are meant; five have had their turn."""
    await contacts(store, 20)
    desk = Desk(store, campaign or a_campaign(), teams=TEAM, **more)
    await desk.all_wrote()
    await desk.start()
    await desk.goes(1)
    return desk


def changes(desk: Desk, campaign: Campaign | None) -> None:
    """The files are read anew."""
    bot = desk.bot
    given = (
        {"campaigns": {}, "messages": {}}
        if campaign is None
        else {
            "campaigns": {campaign.name: campaign},
            "messages": {flow.name: flow for flow in flows_of(campaign)},
        }
    )
    now = replace(bot, **given)  # type: ignore[arg-type]
    desk.world = replace(desk.world, bot=lambda: now)


async def looked(desk: Desk) -> list[tuple[str, str]]:
    return await desk.store.run(lambda u: look(u, desk.world, desk.now))


async def texts(store: AnyStore) -> list[str]:
    return [row[0] for row in await rows(store, "SELECT content FROM outbox ORDER BY id")]


SUMMER = replace(a_campaign(messages=messages("Summer!")), revision="r2")


async def test_a_changed_file_says_nothing_until_it_is_started_as_it_is_now(store: AnyStore) -> None:
    desk = await begun(store)
    changes(desk, SUMMER)
    await desk.goes()  # nobody has looked yet, and nothing of it goes all the same
    assert len(await desk.said()) == 5
    assert await looked(desk) == [
        ("spring", "its file has changed since p1; plan and start it as it is now, or cancel it")
    ]
    assert await looked(desk) == [] and await desk.state() == "held"
    assert "is held: its file has changed" in str(await rows(store, "SELECT text FROM notices"))
    told = Forecast()
    await store.read(lambda u: foresee(u, desk.world, SUMMER, 0, told, desk.now))
    assert (told.recipients, told.left_out["had"]) == (5, 5)
    run = await store.run(lambda u: start(u, desk.bot, "spring", "p2", "mia", desk.now))
    assert isinstance(run, CampaignRun) and (run.state, run.plan, run.revision) == ("running", "p2", "r2")
    await desk.goes()
    said = await texts(store)
    assert ["Spring!" in one for one in said] == [True] * 5 + [False] * 5
    assert len(set(await desk.said())) == 10


async def test_a_file_put_back_as_it_was_goes_on_by_itself(store: AnyStore) -> None:
    desk = await begun(store)
    changes(desk, None)
    assert await looked(desk) == [("spring", "its file is gone; put it back as it was, or cancel it")]
    await desk.goes()
    assert len(await desk.said()) == 5
    changes(desk, a_campaign())
    assert await looked(desk) == [("spring", "")]
    await desk.goes()
    assert len(set(await desk.said())) == 10


async def test_who_was_on_her_way_when_the_file_changed_waits_with_the_others(store: AnyStore) -> None:
    desk = await begun(store)
    await store.run(lambda u: release(u, desk.world, desk.now, 5))
    changes(desk, SUMMER)
    await store.run(lambda u: receive(u, desk.world, desk.now))
    assert await desk.fates() == {(2, ""): 5, (0, ""): 5}
    await store.run(lambda u: start(u, desk.bot, "spring", "p2", "mia", desk.now))
    await desk.goes()
    assert await desk.fates() == {(2, ""): 10} and len(set(await desk.said())) == 10


async def test_a_locked_account_and_a_changed_file(store: AnyStore) -> None:
    """What is held for two reasons goes on when both are over."""
    desk = await begun(store)
    await store.run(lambda u: u.accounts.trouble("messenger", "368", "blocked", desk.now))
    await looked(desk)
    changes(desk, SUMMER)
    assert "its file has changed" in (await looked(desk))[0][1]
    await store.run(lambda u: u.accounts.well("messenger"))
    assert await looked(desk) == [] and await desk.state() == "held"
    changes(desk, a_campaign())
    assert await looked(desk) == [("spring", "")]


async def test_another_time_cannot_be_given_to_what_has_begun(store: AnyStore) -> None:
    at = datetime(2026, 3, 2, 9, 30)  # in Rome; an hour ago
    desk = await begun(store, a_campaign(schedule=At(at, "")))
    changes(desk, replace(a_campaign(schedule=At(at + timedelta(hours=4), "")), revision="r2"))
    refused = await store.run(lambda u: start(u, desk.bot, "spring", "p2", "mia", desk.now))
    assert isinstance(refused, CannotCampaign) and "at another time than its file says" in refused.why


async def test_another_time_may_be_given_before_it_has_begun(store: AnyStore) -> None:
    await contacts(store, 4)
    at = datetime(2026, 3, 2, 20, 0)
    desk = Desk(store, a_campaign(schedule=At(at, "")))
    await desk.all_wrote()
    await desk.start()
    await desk.goes()
    changes(desk, replace(a_campaign(schedule=At(at - timedelta(hours=2), "")), revision="r2"))
    run = await store.run(lambda u: start(u, desk.bot, "spring", "p2", "mia", desk.now))
    assert isinstance(run, CampaignRun) and run.revision == "r2"
    desk.now = NOW + timedelta(hours=9)
    await store.run(lambda u: tick(u, desk.world, desk.now))
    await store.run(lambda u: fill(u, desk.world, desk.now))
    assert [row[0] for row in await rows(store, "SELECT slot FROM campaign_slots")] == ["2026-03-02T18:00"]


async def test_variants_that_are_no_more_are_drawn_anew(store: AnyStore) -> None:
    sides = Variants("spring", (Side("red", 1, messages("Red")), Side("blue", 1, messages("Blue"))))
    desk = await begun(store, a_campaign(variants=sides))
    other = Variants("spring", (Side("red", 1, messages("Red")), Side("green", 1, messages("Green"))))
    changes(desk, replace(a_campaign(variants=other), revision="r2"))
    await store.run(lambda u: start(u, desk.bot, "spring", "p2", "mia", desk.now))
    await desk.goes()
    assert await desk.fates() == {(2, ""): 10}
    left = await rows(store, "SELECT COUNT(*) FROM outbox WHERE cause LIKE 'campaign/spring/blue%'")
    said = await rows(store, "SELECT variant, COUNT(*) FROM recipients GROUP BY variant")
    assert {row[0]: row[1] for row in said}.get("blue", 0) == left[0][0] <= 5


# ---- called off


def asking() -> Any:
    """A bot with a flow that asks."""
    parsed = parse_flow(QUESTION.encode(), "size.yaml")
    assert parsed.flow is not None, parsed.issues
    return {"flows": {"size": parsed.flow}}


async def sent(desk: Desk, most: int) -> list[Any]:
    return await desk.store.run(lambda u: claim(u, desk.world, {"messenger": most}, 7, desk.now, People()))


async def test_cancelled_before_she_was_asked_nothing_waits_for_her_answer(store: AnyStore) -> None:
    campaign = a_campaign(messages=(), flow="size")
    desk = await begun(store, campaign, **asking())
    live = "SELECT COUNT(*) FROM sessions WHERE status = 'waiting'"
    assert len(await desk.said()) == 5 and (await rows(store, live))[0][0] == 5
    await store.run(lambda u: cancel(u, "spring", "mia", "", desk.now))
    assert await sent(desk, 50) == []
    while (await store.run(lambda u: receive(u, desk.world, desk.now))).rows:
        pass
    assert (await rows(store, live))[0][0] == 0
    assert {row[0] for row in await rows(store, "SELECT refusal FROM outbox")} == {"cancelled"}


@pytest.mark.parametrize("state", ["paused", "cancelled"])
async def test_a_conversation_that_it_began_goes_on(store: AnyStore, state: str) -> None:
    """She has answered: what she is told then is an answer, and not of the campaign any more."""
    campaign = a_campaign(messages=(), flow="size")
    desk = await begun(store, campaign, **asking())
    assert len(await sent(desk, 50)) == 5
    await store.run(lambda u: u.conn.exec_driver_sql("UPDATE outbox SET status = 3, run = NULL") and None)
    await store.run(lambda u: u.conn.exec_driver_sql(f"UPDATE campaigns SET state = '{state}'") and None)
    kind, value = (await rows(store, "SELECT kind, value FROM outbox ORDER BY id LIMIT 1"))[0]
    contact = (await desk.said())[0]
    heard = Heard(Identity("messenger", kind, value), "m1", NOW, "text", "large")
    answer = Inward("messenger", "m1", "heard", jsons.dumps(heard_to_json(heard)), contact=contact)
    await store.run(lambda u: u.take_in([answer], desk.now))
    await store.run(lambda u: receive(u, desk.world, desk.now))
    assert [row.entry.contact for row in await sent(desk, 50)] == [contact]


async def test_one_whose_file_is_gone_is_listed_and_can_be_cancelled(store: AnyStore) -> None:
    desk = await begun(store)
    changes(desk, None)
    await looked(desk)
    (one,) = await store.read(lambda u: planning.listed(u, desk.bot, desk.now))
    assert (one.campaign.name, one.campaign.title) == ("spring", "(its file is gone)") and one.run is not None
    known = await store.read(lambda u: planning.known(u, desk.bot, "spring"))
    assert known is not None
    _, told = await store.read(lambda u: planning.reported(u, desk.bot, known, desk.now))
    assert told.plain(())["recipients"] == 10
    await store.run(lambda u: cancel(u, "spring", "mia", "", desk.now))
    assert await store.read(lambda u: planning.listed(u, desk.bot, desk.now)) == []
    assert await desk.fates() == {(2, ""): 5, (4, "cancelled"): 5}


async def test_of_two_who_start_it_at_the_same_moment_one_does(store: AnyStore) -> None:
    await contacts(store, 4)
    desk = Desk(store, a_campaign())

    async def starts(plan: str) -> Any:
        return await store.run(lambda u: start(u, desk.bot, "spring", plan, "mia", desk.now))

    both = await asyncio.gather(starts("p1"), starts("p2"))
    refused = [one.why for one in both if isinstance(one, CannotCampaign)]
    assert refused == ["campaign spring is running already"]
    (begun_by,) = [one for one in both if isinstance(one, CampaignRun)]
    assert (await rows(store, "SELECT state, plan FROM campaigns")) == [("running", begun_by.plan)]


async def test_a_paused_template_holds_it_and_it_goes_on_when_it_is_good_again(store: AnyStore) -> None:
    said = replace(messages("x")[0], text=None, template=TemplateCall("spring_2026"))
    desk = await begun(store, a_campaign(messages=(said,)))
    await store.run(lambda u: u.templates.note(TemplateState("messenger", "spring_2026", "en", "PAUSED"), desk.now))
    ((name, why),) = await looked(desk)
    assert name == "spring" and "messenger has the template spring_2026 as paused" in why
    before = len(await desk.fates())
    await desk.goes()
    assert len(await desk.fates()) == before and await desk.state() == "held"
    await store.run(lambda u: u.templates.note(TemplateState("messenger", "spring_2026", "en", "APPROVED"), desk.now))
    assert await looked(desk) == [("spring", "")]
