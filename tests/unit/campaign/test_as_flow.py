"""Campaigns and sequences as flows of one step: their names, what they say, and that the engine says it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.unit.engine.worlds import CHANNELS, START, Person, c, d, msg, p, send
from trinario.authoring.assemble import assemble
from trinario.authoring.load import read_bot
from trinario.campaign.as_flow import campaign_flow, flows_of, flows_of_sequence, placed, sequence_flow
from trinario.engine.index import index_of
from trinario.model.bot import Bot
from trinario.model.campaign import Campaign, Sequence, SequenceStep, Side, Variants
from trinario.model.event import FlowWanted
from trinario.model.flow import Delivery, Flow, Send, Start, TemplateCall
from trinario.model.policy import Cap, Rules
from trinario.runtime import build

SPRING = Campaign("spring", "r7", messages=(msg("Spring, {{ contact.first_name }}!"),), line=3, title="Spring")
SIDES = (Side("a", 45, (msg("A for {{ campaign.variant }}"),)), Side("b", 45), Side("c", 5, flow="offer"))
SPLIT = replace(SPRING, variants=Variants("campaign/spring", SIDES, 10))
TEMPLATE = Delivery(template=TemplateCall("spring_2026", None, {"name": p("x")}))


def test_the_flow_of_a_campaign() -> None:
    flow = campaign_flow(replace(SPRING, delivery=TEMPLATE, words={"it": {"k": p("Primavera!")}}))
    assert (flow.name, flow.revision, flow.purpose, flow.title) == ("campaign/spring", "r7", "marketing", "Spring")
    assert flow.delivery == TEMPLATE and flow.words["it"]["k"].source == "Primavera!"
    (step,) = flow.steps.values()
    assert isinstance(step, Send) and step.name == "message" and step.messages == SPRING.messages


def test_each_variant_says_its_own_or_what_all_say() -> None:
    flows = {flow.name: next(iter(flow.steps.values())) for flow in flows_of(SPLIT)}
    assert list(flows) == ["campaign/spring/a", "campaign/spring/b", "campaign/spring/c"]
    a, b, third = flows.values()
    assert isinstance(a, Send) and (a.name, a.messages) == ("a", SIDES[0].messages)
    assert isinstance(b, Send) and (b.name, b.messages) == ("message", SPRING.messages)
    assert isinstance(third, Start) and (third.name, third.flow) == ("c", "offer")


def test_bounds_go_along() -> None:
    bounded = replace(SPRING, rules=Rules(((1200, 600),), (Cap(1, d("7d")),)), late=d("3h"))
    assert campaign_flow(bounded).policy == Rules(((1200, 600),), (Cap(1, d("7d")),), late=timedelta(hours=3))
    assert campaign_flow(replace(SPRING, late=d("1d"))).policy == Rules(late=timedelta(days=1))
    assert campaign_flow(SPRING).policy is None


def test_only_its_channels() -> None:
    assert placed(None, ("whatsapp",)) == Delivery(order=("whatsapp",))
    assert placed(TEMPLATE, ("whatsapp",)) == Delivery(order=("whatsapp",), template=TEMPLATE.template)
    assert placed(Delivery(order=("messenger",)), ("whatsapp", "messenger")) == Delivery(order=("messenger",))
    assert placed(TEMPLATE, ()) == TEMPLATE


def test_the_flows_of_a_sequence() -> None:
    steps = (
        SequenceStep("hi", 0, messages=(msg("Hi"),), condition=c("fields.x"), delivery=TEMPLATE),
        SequenceStep(
            "more", 1, messages=(msg("More"),), split=Variants("k", (Side("a", 1, (msg("A"),)), Side("b", 1)))
        ),
    )
    tips = Sequence("tips", "r1", {step.name: step for step in steps}, purpose="service")
    flows = {flow.name: next(iter(flow.steps.values())) for flow in flows_of_sequence(tips)}
    assert list(flows) == ["sequence/tips/hi", "sequence/tips/more/a", "sequence/tips/more/b"]
    assert [step.name for step in flows.values()] == ["hi", "more_a", "more"]
    first = flows["sequence/tips/hi"]
    assert isinstance(first, Send) and first.delivery == TEMPLATE and first.condition is None
    assert sequence_flow(tips, "hi").purpose == "service"


def begun(campaign: Campaign, variant: str, *flows: Flow) -> list[str]:
    """What somebody hears for whom the campaign begins."""
    made = {flow.name: flow for flow in flows_of(campaign)}
    bot = Bot("b", "en", "UTC", CHANNELS, {flow.name: flow for flow in flows}, messages=made)
    ana = Person(bot, first_name="Ana")
    ana.write("hello")
    name = "/".join(("campaign", campaign.name, variant)) if variant else f"campaign/{campaign.name}"
    told = {"campaign": campaign.name, "variant": variant}
    return ana.react(FlowWanted("c1", START + timedelta(hours=1), name, {}, 4, told))


def test_the_engine_says_it() -> None:
    assert begun(SPRING, "") == ["Spring, Ana!"]
    assert begun(SPLIT, "a") == ["A for a"]
    assert begun(SPLIT, "b") == ["Spring, Ana!"]


def test_the_flow_that_it_begins_knows_of_it() -> None:
    offer = Flow("offer", "1", {"o": send("o", "{{ campaign.name }}, {{ campaign.variant }}, {{ flow.name }}")})
    assert begun(SPLIT, "c", offer) == ["spring, c, offer"]


def test_a_sequence_with_a_segment_has_an_entrance(tmp_path: Path) -> None:
    """From the files on: whoever comes to be of it is enrolled by a flow that no step can be called like."""
    folder = tmp_path / "bots" / "shop"
    (folder / "campaigns").mkdir(parents=True)
    channel = "channels: {tg: {platform: telegram, bot_username: shop_bot, token: t, secret_token: s}}"
    (folder / "bot.yaml").write_text(f"bot: shop\nlocale: en\ntimezone: Europe/Rome\nflows: [lead]\n{channel}\n")
    steps = "steps: {hello: {day: 0, send: 'Hi. STOP ends this.'}}"
    (folder / "campaigns" / "tips.yaml").write_text(f"sequence: tips\nsegment: \"'vip' in tags\"\n{steps}\n")
    (folder / "campaigns" / "other.yaml").write_text(f"sequence: other\n{steps}\n")
    bot = assemble(read_bot(folder / "bot.yaml", {}), {}, build.LIMITS, build.WINDOWS)
    assert sorted(bot.messages) == ["sequence/other/hello", "sequence/tips/+segment", "sequence/tips/hello"]
    (rule,) = index_of(bot).by_kind["segment"]
    assert (rule.flow.name, rule.trigger.mode) == ("sequence/tips/+segment", "enter")
