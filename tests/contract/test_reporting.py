"""Reports of sequences and of campaigns that begin a flow, on every database, out of what really went on."""

from dataclasses import replace
from datetime import timedelta

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import Desk, a_campaign
from tests.contract.test_drips import Garden, a_sequence
from tests.contract.test_schedules import contacts
from trinario.authoring.parse import parse_flow
from trinario.cli.report_show import sequence_text
from trinario.jobs import planning
from trinario.jobs.reporting import flow_report, sequence_report
from trinario.model.effect import ChangeEnrolment
from trinario.ports import Writes

ASKING = b"flow: poll\nsteps:\n  q: {ask: Well?, type: text}\n  bye: {send: Thanks}\n"


async def test_a_sequence_tells_who_waits_for_which_step_and_who_had_it(store: AnyStore) -> None:
    people = await contacts(store, 4, language="it", last_heard={"messenger": Garden(store, a_sequence()).now})
    garden = Garden(store, a_sequence())
    await garden.enrol(*(one.id for one in people))
    await garden.goes()
    leaves = [(people[0].id, ChangeEnrolment("tips", False, why="tag done"), garden.now)]
    await store.run(lambda u: u.write(Writes(enrolments=leaves), garden.now))
    at = int(garden.now.timestamp() * 1000)
    sql = f"UPDATE outbox SET status = 5, sent_at = {at} WHERE contact_id <> {people[0].id}"
    await store.run(lambda u: u.conn.exec_driver_sql(sql) and None)
    told = await store.read(lambda u: sequence_report(u, garden.world.bot().sequences["tips"], None))
    assert (told.enrolled, told.states["live"], told.states["left"]) == (4, 3, 1)
    assert told.left == {"tag done": 1} and told.waiting == {"one": 3}
    assert (told.total("hello", "sent"), told.total("hello", "delivered"), told.total("one", "sent")) == (3, 3, 0)
    sequence = garden.world.bot().sequences["tips"]
    shorter = replace(sequence, steps={name: step for name, step in sequence.steps.items() if name != "hello"})
    left = await store.read(lambda u: sequence_report(u, shorter, None))
    assert (
        left.gone == ("hello",) and left.total("hello", "delivered") == 3
    )  # who had it had it, whatever the file says
    assert [(one["step"], one["gone"]) for one in left.plain()["steps"]][-1] == ("hello", True)
    assert "hello (removed)" in sequence_text(left, 120) and told.gone == ()
    none = await store.read(
        lambda u: sequence_report(u, garden.world.bot().sequences["tips"], garden.now + timedelta(days=1))
    )
    assert none.enrolled == 0 and none.told == []


async def test_a_campaign_tells_how_far_people_came_in_the_flow_that_it_begins(store: AnyStore) -> None:
    await contacts(store, 8, language="it")
    flow = parse_flow(ASKING, "poll.yaml").flow
    assert flow is not None
    desk = Desk(store, a_campaign(messages=(), flow="poll"), flows={"poll": flow})
    await desk.all_wrote()
    await desk.start()
    await desk.goes()
    bot = desk.world.bot()
    one, told = await store.read(lambda u: planning.reported(u, bot, bot.campaigns["spring"], desk.now))
    assert one.campaign.name == "spring"
    (funnel,) = told.flows
    stops = {stop.step: stop for stop in funnel.in_order()}
    assert funnel.whole().reached == 4 == stops["q"].of(["waits"]) and stops["bye"].reached == 0
    assert told.plain()["flows"][0]["groups"][0]["entered"] == 4
    whole = await store.read(lambda u: flow_report(u, bot, "poll", None, "variant"))
    assert whole is not None and whole.funnel.groups == [""]
    assert await store.read(lambda u: flow_report(u, bot, "nothing", None)) is None
    gone = replace(bot, flows={})
    left = await store.read(lambda u: flow_report(u, gone, "poll", None))
    assert left is not None and [stop.step for stop in left.funnel.in_order()] == ["q"]
