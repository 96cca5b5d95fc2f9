"""Calls of the API about webhooks that go out: how they stand, what they were told, enabled again, told again, tried out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from trinario.jobs import hooks
from trinario.model.hook import Endpoint
from trinario.ports import Unit
from trinario.ports.hooks import DeliveryLine, EndpointState
from trinario.ports.pages import NEWEST
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


State = Literal["waiting", "told", "given_up"]


class DeliveriesAsked(BaseModel):
    """Which of them, and which part of the list."""

    state: State | None = Field(default=None, description="Only those; else all.")
    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    next: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = Field(
        default=None, description="The `next` of the page before."
    )


class DeliveryShape(BaseModel):
    """A piece of news for an endpoint."""

    id: str = Field(description="Its `webhook-id`, the same at every try.")
    state: str = Field(description="waiting, told, given_up")
    attempts: int
    created_at: datetime
    next_at: datetime | None = Field(description="When it is tried next; null: not any more.")
    ended_at: datetime | None = Field(description="When it was taken or given up.")
    why: str = Field(description="Why it was not taken the last time.")


class DeliveryList(BaseModel):
    """Deliveries, newest first."""

    deliveries: list[DeliveryShape]
    next: str | None


class EnableGiven(BaseModel):
    """Who enables it."""

    author: str = Field(default="api", max_length=200)


class DisableGiven(EnableGiven):
    """Who disables it, and why."""

    reason: str = Field(default="", max_length=300)


class ReplayGiven(BaseModel):
    """What is told once more: what happened since a moment, or one piece of news by its `webhook-id`."""

    since: AwareDatetime | None = Field(default=None, description="From when on, with its zone.")
    type: str = Field(
        default="", max_length=200, description="Only such news: `goal.reached`, `message.*`. With `since`."
    )
    id: str | None = Field(default=None, max_length=100, description="One piece of news: `history_12`.")
    author: str = Field(default="api", max_length=200)

    @model_validator(mode="after")
    def one_of_both(self) -> "ReplayGiven":
        if (self.since is None) == (self.id is None):
            raise ValueError("give `since` (and `type`), or `id`: one of both")
        if self.id is not None and self.type:
            raise ValueError("`type` goes with `since`; one piece of news has one")
        return self


class ReplayTaken(BaseModel):
    """How many pieces of news are told once more."""

    count: int


class TryGiven(BaseModel):
    """Nothing need be said."""


class TriedShape(BaseModel):
    """What came of news that are none, of the type history.test."""

    taken: bool
    why: str = Field(description="Why it was not taken.")


async def list_webhooks(doors: Doors, call: Call) -> WebhookList:
    """How every endpoint stands."""
    return WebhookList(webhooks=[_shape(one) for one in await doors.store.read(lambda unit: unit.hooks.states())])


async def list_deliveries(doors: Doors, call: Call) -> DeliveryList:
    """What an endpoint is told, newest first."""
    asked, name = call.asked(DeliveriesAsked), call.id
    before = int(asked.next) if asked.next else NEWEST

    def work(unit: Unit) -> list[DeliveryLine] | None:
        if _state(unit, name) is None:
            return None
        return list(unit.hooks.deliveries(name, asked.state, before, asked.limit + 1))

    rows = await doors.store.read(work)
    if rows is None:
        raise _unknown(name)
    page = rows[: asked.limit]
    return DeliveryList(
        deliveries=[_delivery(one) for one in page], next=str(page[-1].id) if len(rows) > len(page) else None
    )


async def enable_webhook(doors: Doors, call: Call) -> WebhookShape:
    """It is told again, from where it stopped; the history keeps who said so."""
    name, author, now = call.id, call.given(EnableGiven).author, doors.clock.now()

    def work(unit: Unit) -> EndpointState | None:
        hooks.enable(unit, name, author, now)
        return _state(unit, name)

    found = await doors.store.run(work)
    if found is None:
        raise _unknown(name)
    return _shape(found)


async def disable_webhook(doors: Doors, call: Call) -> WebhookShape:
    """It is told nothing until it is enabled; the history keeps who said so, and why."""
    name, given, now = call.id, call.given(DisableGiven), doors.clock.now()
    named = name in doors.webhooks()

    def work(unit: Unit) -> EndpointState | None:
        if not named and _state(unit, name) is None:
            return None
        hooks.disable(unit, name, given.author, given.reason, now)
        return _state(unit, name)

    found = await doors.store.run(work)
    if found is None:
        raise _unknown(name)
    return _shape(found)


async def replay_webhook(doors: Doors, call: Call) -> ReplayTaken:
    """News are told once more under the same ids; the history keeps who said so."""
    given, one, now = call.given(ReplayGiven), _endpoint(doors, call.id), doors.clock.now()
    since, id = given.since, given.id

    def work(unit: Unit) -> int | None:
        if id is not None:
            return 1 if hooks.tell_one_again(unit, one.name, id, given.author, now) else None
        return hooks.tell_again(unit, one, since or now, given.type, given.author, now)

    count = await doors.store.run(work)
    if count is None:
        hint = "GET /webhooks/{id}/deliveries shows them"
        raise ProblemError(404, "unknown-delivery", "Unknown news", f"{one.name} was never to be told of {id}", hint)
    return ReplayTaken(count=count)


async def try_webhook(doors: Doors, call: Call) -> TriedShape:
    """Send news that are none, signed as all others, and say what it answered."""
    call.given(TryGiven)
    one = _endpoint(doors, call.id)
    if doors.try_webhook is None:
        raise ProblemError(409, "calls-nobody", "Not here", "this process calls nobody", "ask one that tells webhooks")
    why = await doors.try_webhook(one)
    return TriedShape(taken=not why, why=why)


def _endpoint(doors: Doors, name: str) -> Endpoint:
    """As bot.yaml has it now. Raises ProblemError."""
    found = doors.webhooks().get(name)
    if found is None:
        raise _unknown(name)
    return found


def _state(unit: Unit, name: str) -> EndpointState | None:
    return next((one for one in unit.hooks.states() if one.name == name), None)


def _unknown(name: str) -> ProblemError:
    hint = "GET /webhooks names those that a running bot has seen; they stand under `webhooks` in bot.yaml"
    return ProblemError(404, "unknown-webhook", "Unknown webhook", f"no webhook is called {name[:40]}", hint)


def _delivery(one: DeliveryLine) -> DeliveryShape:
    return DeliveryShape(
        id=hooks.id_of(one), state=one.state, attempts=one.attempts, created_at=one.created_at,
        next_at=one.next_at, ended_at=one.ended_at, why=one.why,
    )  # fmt: skip


def _shape(one: EndpointState) -> WebhookShape:
    return WebhookShape(
        name=one.name, state=one.state, why=one.why, failing_since=one.failing_since, waiting=one.waiting,
        told=one.told, given_up=one.given_up,
    )  # fmt: skip
