"""A plan before sending: every reason for which somebody is left out, what it costs and takes; a start that is refused when the
world is another one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.contract.conftest import AnyStore
from tests.contract.records import heard, later, outgoing
from tests.contract.test_campaigns import NOW, messages
from trinario import jsons
from trinario.authoring.parse import parse_flow
from trinario.campaign.as_flow import flows_of
from trinario.campaign.forecast import DayLimit, Group
from trinario.expressions import compile_condition
from trinario.jobs import planning
from trinario.jobs.campaign_desk import CannotCampaign
from trinario.jobs.planning import Plan
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.campaign import At, Budget, Campaign, Every, On
from trinario.model.channel import Channel, Identity
from trinario.model.flow import Send
from trinario.model.prices import PriceList, Prices
from trinario.model.template import TemplateSpec, TemplateWords
from trinario.ports import TemplateState, Writes
from trinario.ports.campaigns import CampaignRun
from trinario.runtime import build
from trinario.runtime.chance import SecretChance

PRICES = Prices("EUR", (PriceList(date(2026, 1, 1), {"IT": {"marketing": Decimal("0.05")}}, {}),))
ITALIANS, AMERICAN, FRESH, RESTED, UNWILLING = 4, "14155550100", "393330000077", "393330000088", "393330000099"
EVERYBODY = compile_condition("true")


def a_template(words: str = "Ciao, primavera!") -> TemplateSpec:
    return TemplateSpec("spring_2026", "marketing", (), {"it": TemplateWords(words), "en": TemplateWords(words)})


def a_campaign(**changes: Any) -> Campaign:
    said = parse_flow(b"flow: f\nsteps: {s: {send: {template: {name: spring_2026}}}}", "f.yaml")
    assert said.flow is not None, said.issues
    step = said.flow.steps["s"]
    assert isinstance(step, Send)
    given = {"purpose": "marketing", "segment": EVERYBODY, "messages": step.messages, **changes}
    return Campaign("spring", "r1", **given)


def a_world(campaign: Campaign, **changes: Any) -> World:
    given = {"phone_number_id": "1", "access_token": "t", "phone": "+1555", "waba_id": "2"}
    graph = build.Graph("http://127.0.0.1:1", "http://127.0.0.1:1", "v25.0")
    adapters = build.adapters((build.ChannelSettings("whatsapp", "whatsapp", given),), graph, None)  # type: ignore[arg-type]
    channel = Channel("whatsapp", "whatsapp", build.LIMITS["whatsapp"], build.WINDOWS["whatsapp"])
    bot = replace(
        Bot("t", "it", "Europe/Rome", {"whatsapp": channel}, {}), campaigns={campaign.name: campaign}, prices=PRICES,
        messages={flow.name: flow for flow in flows_of(campaign)}, templates={"spring_2026": a_template()}, **changes,
    )  # fmt: skip
    return World(lambda: bot, adapters, SecretChance(b"k" * 32))


def phone(digits: str) -> Identity:
    return Identity("whatsapp", "phone", digits)


async def people(store: AnyStore, *more: str) -> dict[str, int]:
    """Four Italians who said yes to marketing, an American, and others, by number; nobody has written of late but FRESH."""
    numbers = [f"39333000000{n}" for n in range(ITALIANS)] + [AMERICAN, FRESH, RESTED, UNWILLING, *more]
    await store.run(lambda u: u.take_in([heard(phone(one), f"w{one}") for one in numbers], NOW))
    cases = await store.run(lambda u: u.claim_cases(1000, NOW))
    by_number = {case.contact.identities[0].value: case for case in cases}
    long_ago = {"whatsapp": NOW - timedelta(days=40)}
    made = {
        case.contact.id: replace(
            case.contact, last_heard={"whatsapp": NOW} if number == FRESH else long_ago, last_seen_at=NOW,
            consent={"marketing": number != UNWILLING},
        )
        for number, case in by_number.items()
    }  # fmt: skip
    done = [(1, case.entries[0].id, None) for case in cases]
    await store.run(lambda u: u.write(Writes(contacts=made, finished=done), NOW))
    return {number: case.contact.id for number, case in by_number.items()}


async def approved(store: AnyStore, status: str = "APPROVED") -> None:
    states = [TemplateState("whatsapp", "spring_2026", language, status) for language in ("it", "en")]
    await store.run(lambda u: [u.templates.note(state, NOW) for state in states] and None)


async def kept_from(store: AnyStore, contact: int) -> None:
    """Meta has kept a marketing message from her two hours ago."""
    row = outgoing("o/9/1/0/0", contact, phone(RESTED), purpose="marketing", priority=1)
    await store.run(lambda u: u.write(Writes(outgoing=[row]), NOW - timedelta(hours=2)))
    sql = "UPDATE outbox SET status = 7, refusal = '131049' WHERE key = 'o/9/1/0/0'"
    await store.run(lambda u: u.conn.exec_driver_sql(sql) and None)


async def plan(store: AnyStore, world: World) -> Plan:
    return await planning.plan(store, world, world.bot().campaigns["spring"], NOW)


async def test_a_plan_tells_who_gets_it_who_does_not_and_what_it_costs_and_takes(store: AnyStore) -> None:
    who = await people(store)
    await approved(store)
    await kept_from(store, who[RESTED])
    await store.run(lambda u: u.accounts.limited("whatsapp", 2))
    made = await plan(store, a_world(a_campaign()))
    told = made.forecast
    shut, open_ = (Group("whatsapp", window, "it", "yes", "approved") for window in ("shut", "open"))
    assert dict(told.going) == {shut: ITALIANS + 1, open_: 1}
    assert dict(told.left_out) == {"country": 1, "opted_out": 1} and dict(told.deferred) == {"rest": 1}
    assert made.limit == DayLimit(2, ITALIANS + 1) and made.limit.days == 3
    assert made.ends is not None and made.ends >= NOW + timedelta(days=2)
    assert made.cost is not None and made.cost.total == Decimal("0.30")
    assert [(one.category, one.country, one.count) for one in made.cost.lines] == [("marketing", "IT", ITALIANS + 2)]
    assert told.samples["whatsapp", "it"] == ["Ciao, primavera!"]


async def test_it_is_started_as_it_was_planned_and_no_other_way(store: AnyStore) -> None:
    await people(store)
    await approved(store)
    world = a_world(a_campaign())
    made = await plan(store, world)
    campaign = world.bot().campaigns["spring"]
    for planned, why in (("", "there is no plan"), ("spring-00000000", "there is no plan")):
        refused = await planning.start(store, world, campaign, planned, "mia", NOW)
        assert isinstance(refused, CannotCampaign) and why in refused.why
    other = await planning.start(store, world, replace(campaign, name="autumn"), made.id, "mia", NOW)
    assert isinstance(other, CannotCampaign) and "no plan" in other.why
    stale = await planning.start(store, world, campaign, made.id, "mia", NOW + timedelta(days=1, seconds=1))
    assert isinstance(stale, CannotCampaign) and "plan again" in stale.why
    assert isinstance(await planning.start(store, world, campaign, made.id, "mia", later(60)), CampaignRun)


CHANGES: dict[str, Callable[[World], World]] = {
    "the file": lambda world: a_world(replace(a_campaign(), revision="r2")),
    "the words": lambda world: _with(world, templates={"spring_2026": a_template("Ciao!")}),
    "the prices": lambda world: _with(world, prices=Prices("EUR")),
    "the rules": lambda world: _with(world, policy=replace(world.bot().policy, quiet=((60, 120),))),
}


def _with(world: World, **changes: Any) -> World:
    bot = replace(world.bot(), **changes)
    return replace(world, bot=lambda: bot)


async def test_a_start_is_refused_when_files_have_changed(store: AnyStore) -> None:
    await people(store)
    world = a_world(a_campaign())
    made = await plan(store, world)
    for what, change in CHANGES.items():
        changed = change(world)
        refused = await planning.start(store, changed, changed.bot().campaigns["spring"], made.id, "mia", NOW)
        assert isinstance(refused, CannotCampaign) and "have changed" in refused.why, what


async def test_a_start_is_refused_when_the_world_has_changed(store: AnyStore) -> None:
    await people(store)
    await approved(store)
    world, dear = a_world(a_campaign()), a_campaign(budget=Budget(Decimal("0.10"), "EUR"))
    made, campaign = await plan(store, world), world.bot().campaigns["spring"]
    await approved(store, "PAUSED")
    refused = await planning.start(store, world, campaign, made.id, "mia", NOW)
    assert isinstance(refused, CannotCampaign) and "templates have changed" in refused.why
    await approved(store)
    await people(store, *(f"3933311111{n:02}" for n in range(30)))
    refused = await planning.start(store, world, campaign, made.id, "mia", NOW)
    assert isinstance(refused, CannotCampaign) and "was made for 6 people, and now it would be 36" in refused.why
    costly = a_world(dear)
    made = await plan(store, costly)
    refused = await planning.start(store, costly, dear, made.id, "mia", NOW)
    assert isinstance(refused, CannotCampaign) and "its budget is 0.10" in refused.why


async def test_twenty_messages_of_each_language_are_shown(store: AnyStore) -> None:
    await people(store, *(f"3933311111{n:02}" for n in range(30)))
    told = jsons.dumps({"whatsapp": int(NOW.timestamp() * 1000)})
    await store.run(lambda u: u.conn.exec_driver_sql(f"UPDATE contacts SET last_heard = '{told}'") and None)
    world = a_world(a_campaign(purpose="service", messages=messages("Ciao {{ contact.id }}")))
    made = (await plan(store, world)).forecast
    assert len(set(made.samples["whatsapp", "it"])) == 20


NOBODY = compile_condition("'nobody' in tags")


async def _started(store: AnyStore, campaign: Campaign, nobody_yet: bool = False) -> Any:
    """Planned, and started as planned."""
    world = a_world(campaign)
    made = await plan(store, world)
    return await planning.start(store, world, campaign, made.id, "mia", NOW, nobody_yet)


async def test_what_goes_at_once_and_to_nobody_is_not_started_and_says_why(store: AnyStore) -> None:
    """Whoever says that it is known does not get past it: it would be over, and its name used up."""
    who = await people(store)
    await approved(store)
    for yet in (False, True):
        refused = await _started(store, a_campaign(segment=NOBODY), yet)
        assert isinstance(refused, CannotCampaign) and refused.why.startswith(
            "nobody is of its segment now: it would be over"
        )
    tell = """UPDATE contacts SET consent = '{"marketing": false}'"""
    await store.run(lambda u: u.conn.exec_driver_sql(tell) and None)
    refused = await _started(store, a_campaign())
    assert isinstance(refused, CannotCampaign)
    assert f"of {len(who)} people of its segment nobody would get it now (opted_out 8)" in refused.why
    past = await _started(store, a_campaign(schedule=At(NOW.replace(tzinfo=None) - timedelta(days=1))), True)
    assert isinstance(past, CannotCampaign) and "over at once" in past.why


async def test_what_goes_later_and_to_nobody_now_takes_a_word_for_it(store: AnyStore) -> None:
    await people(store)
    later_on = a_campaign(segment=NOBODY, schedule=At(NOW.replace(tzinfo=None) + timedelta(days=1)))
    refused = await _started(store, later_on)
    assert isinstance(refused, CannotCampaign) and "--nobody-yet" in refused.why
    assert isinstance(await _started(store, later_on, True), CampaignRun)


async def test_what_goes_again_and_again_may_begin_with_nobody(store: AnyStore) -> None:
    await people(store)
    assert isinstance(await _started(store, a_campaign(segment=NOBODY, schedule=Every("0 9 * * 1"))), CampaignRun)
    on = replace(a_campaign(segment=NOBODY, schedule=On("order.paid")), name="autumn")
    world = a_world(on)
    made = await planning.plan(store, world, on, NOW)
    assert isinstance(await planning.start(store, world, on, made.id, "mia", NOW), CampaignRun)


async def test_one_that_runs_goes_on_as_its_file_is_now_though_nobody_is_left(store: AnyStore) -> None:
    await people(store)
    await approved(store)
    assert isinstance(await _started(store, a_campaign()), CampaignRun)
    assert isinstance(await _started(store, replace(a_campaign(segment=NOBODY), revision="r2")), CampaignRun)
