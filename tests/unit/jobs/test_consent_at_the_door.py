"""What is written down already and not out yet: a stop word, or what ends its flow, holds it back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.jobs.test_receive import House, a_bot
from trinario import jsons
from trinario.expressions import compile_condition, compile_phrase
from trinario.jobs.deliver import claim, outcome, post, settle
from trinario.jobs.world import Tuning
from trinario.model.bot import Pattern
from trinario.model.flow import ExitWhen, Flow, Message, Send, Trigger, Words
from trinario.model.outbox import Sent
from trinario.ports import Inward


def house_of(purpose: str) -> House:
    """Two messages of a flow that is over as soon as they are written."""
    house, bot = House(), a_bot()
    texts = tuple(Message(text=Words(f"offer.send.{n}", compile_phrase(f"Offer {n}"))) for n in (1, 2))
    flow = Flow(
        "offer", "r1", {"offer": Send(name="offer", messages=texts)}, purpose=purpose,  # type: ignore[arg-type]
        triggers=(Trigger("keyword", words={"": ("offer",)}),),
    )  # fmt: skip
    stop = Pattern({"en": ("stop",)}, {"en": compile_phrase("Stopped.")})
    bot = replace(bot, flows={**bot.flows, "offer": flow}, patterns={"stop": stop})
    house.world = replace(house.world, bot=lambda: bot)
    return house


async def send_all(house: House) -> list[str]:
    """What the platform is given until nothing is left; its answers are recorded."""
    given: list[str] = []

    class Adapter:
        pace = 100.0

        async def send(self, entry: Any) -> Sent:
            given.append(entry.content.text)
            return Sent(f"x{entry.id}")

    adapters: Mapping[str, Any] = {"instagram": Adapter()}
    world = replace(house.world, adapters=adapters)
    while rows := house.store.run_now(lambda u: claim(u, world, {"instagram": 10}, 1, house.now)):
        results = [(row, result := await post(world, row, house.now), outcome(row, result, house.now, Tuning(), lambda: 0.5))
                   for row in rows]  # fmt: skip
        house.store.run_now(lambda u, results=results: settle(u, results, house.now, 1))
        house.now += timedelta(seconds=1)
    return given


@pytest.mark.parametrize(
    "purpose, said", [("marketing", ["Stopped."]), ("service", ["Offer 1", "Offer 2", "Stopped."])]
)
async def test_marketing_of_a_flow_that_is_over_does_not_go_out_after_a_stop_word(
    purpose: str, said: list[str]
) -> None:
    house = house_of(purpose)
    house.hear("offer")
    house.work()
    house.hear("stop")
    house.work()
    assert sorted(await send_all(house)) == sorted(said)
    if purpose == "marketing":
        rows = house.rows("SELECT status, refusal FROM outbox WHERE purpose = 'marketing'")
        assert rows == [(8, "opted_out"), (8, "opted_out")]


@pytest.mark.parametrize("paid, said", [("c1", []), ("c2", ["Offer 1", "Offer 2"])])
async def test_what_a_flow_said_last_is_held_back_by_the_event_that_ends_it(paid: str, said: list[str]) -> None:
    """A reminder that waits for the channel's pace when she pays does not go out, though its flow is over."""
    house = house_of("service")
    bot = house.world.bot()
    exits = (ExitWhen("event", "paid", compile_condition("event.id == trigger.id")),)
    offer = replace(bot.flows["offer"], triggers=(Trigger("event", "cart"),), exit_when=exits)
    bot = replace(bot, flows={**bot.flows, "offer": offer})
    house.world = replace(house.world, bot=lambda: bot)
    house.hear("hello")
    house.work()
    assert await send_all(house) == ["You said hello"]

    def arrives(name: str, id: str) -> None:
        body = jsons.dumps({"name": name, "data": {"id": id}})
        (contact,) = house.rows("SELECT id FROM contacts")
        row = Inward("", f"event:{name}{id}", "event", body, contact=contact[0])
        house.store.run_now(lambda u: u.take_in([row], house.now))

    arrives("cart", "c1")
    house.work()
    arrives("paid", paid)
    house.work()
    assert await send_all(house) == said
