"""Calls of the API about webhooks that go out: how they stand, enabled again."""

from datetime import datetime

from pydantic import BaseModel, Field

from trinario import jsons
from trinario.ports import Unit, Writes
from trinario.ports.hooks import ACTIVE, EndpointState
from trinario.web.api.calls import Call
from trinario.web.api.problem import ProblemError
from trinario.web.doors import Doors


class WebhookShape(BaseModel):
    """An endpoint. `state`: active, disabled."""

    name: str
    state: str
    why: str = Field(default="", description="What it is disabled for, or why it did not take the last news.")
    failing_since: datetime | None = Field(default=None, description="Since when it has taken nothing.")
    waiting: int = Field(description="News that are still to be told.")
    told: int
    given_up: int


class WebhookList(BaseModel):
    """The endpoints that a running bot has seen, by name."""

    webhooks: list[WebhookShape]


class EnableGiven(BaseModel):
    """Who enables it."""

    author: str = Field(default="api", max_length=200)


async def list_webhooks(doors: Doors, call: Call) -> WebhookList:
    """How every endpoint stands."""
    return WebhookList(webhooks=[_shape(one) for one in await doors.store.read(lambda unit: unit.hooks.states())])


async def enable_webhook(doors: Doors, call: Call) -> WebhookShape:
    """It is told again, from where it stopped; the history keeps who said so."""
    name, author, now = call.id, call.given(EnableGiven).author, doors.clock.now()

    def work(unit: Unit) -> EndpointState | None:
        if unit.hooks.switch(name, ACTIVE, "", now):
            told = jsons.dumps({"webhook": name, "what": "enabled", "by": author})
            unit.write(Writes(events=[(None, "webhook", now, told)]), now)
        return next((one for one in unit.hooks.states() if one.name == name), None)

    found = await doors.store.run(work)
    if found is None:
        raise ProblemError(404, "unknown-webhook", "Unknown webhook", f"no webhook is called {name[:40]}")
    return _shape(found)


def _shape(one: EndpointState) -> WebhookShape:
    return WebhookShape(
        name=one.name, state=one.state, why=one.why, failing_since=one.failing_since, waiting=one.waiting,
        told=one.told, given_up=one.given_up,
    )  # fmt: skip
