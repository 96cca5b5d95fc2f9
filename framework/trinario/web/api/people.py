"""Calls of the API about one person: her identities, where she wants to be written to, pairs who may be one."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from trinario.errors import EvaluationError
from trinario.jobs import joining, wishes
from trinario.jobs.identities import Standing, standings
from trinario.model.contact import Contact
from trinario.ports import Suggestion, Unit
from trinario.web.api.calls import Call, contact_of, number_of
from trinario.web.api.joined import may
from trinario.web.api.patience import patient
from trinario.web.api.problem import Fault, invalid
from trinario.web.api.shapes import ContactShape, Given, Id, Name, SomeAsked, Words, contact_shape
from trinario.web.doors import Doors


class WishGiven(Given):
    """Where she wants to be written to, as somebody of the team says."""

    channel: Name | None = Field(description="A channel of the bot, or a platform; null: she has no wish.")
    author: Name = Field(description="Who says so.")


class IdentityState(BaseModel):
    """An identity, and what it is good for now."""

    channel: str
    kind: str
    value: str
    reachable: bool
    unreachable_because: str | None
    last_heard_at: datetime | None = Field(description="On this channel.")
    window_until: datetime | None = Field(
        description="Until when we may write freely; null: it is shut, or was never open."
    )
    marketing: bool | None = Field(description="Whether she wants marketing there; null: she was never asked.")


class IdentityList(BaseModel):
    """The identities of a contact. `contact` is who has them: another id where she was merged."""

    contact: str
    identities: list[IdentityState]


class PairsAsked(BaseModel):
    """Which pairs."""

    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    state: Literal["open", "accepted", "dismissed"] = "open"


class SuggestionShape(BaseModel):
    """Two contacts who may be one; `because` is the field that is equal."""

    one: str
    two: str
    because: str
    state: str
    at: datetime


class SuggestionList(BaseModel):
    """Pairs, newest first."""

    suggestions: list[SuggestionShape]


class Judged(Given):
    """A pair that is one person (`accept`: the first is kept), or is not (`dismiss`: it is never suggested again)."""

    one: Id
    two: Id
    verdict: Literal["accept", "dismiss"]
    reason: Words
    author: Name


class JudgedDone(BaseModel):
    """What became of the pair; `merge` when it was accepted."""

    state: str
    merge: str | None


async def set_preferred(doors: Doors, call: Call) -> ContactShape:
    """Note on which channel she wants to be written to."""
    number, given, now = number_of(call.id), call.given(WishGiven), doors.clock.now()
    bot = doors.world().bot()

    def work(unit: Unit) -> Contact | None:
        return wishes.wish(unit, bot, contact_of(unit, number), given.channel, given.author, now)

    try:
        return contact_shape(await patient(doors, work), number)
    except EvaluationError as fault:
        raise invalid(
            [Fault(where="channel", what=str(fault), hint=f"channels are {', '.join(bot.channels)}")]
        ) from fault


async def list_identities(doors: Doors, call: Call) -> IdentityList:
    """The identities of a contact, with their state."""
    number, now, bot = number_of(call.id), doors.clock.now(), doors.world().bot()

    def work(unit: Unit) -> tuple[Contact, list[Standing]]:
        contact = unit.contacts([contact_of(unit, number)], now)[0]
        return contact, standings(unit, bot, contact, now)

    contact, found = await doors.store.read(work)
    shown = [
        IdentityState(
            channel=one.identity.channel, kind=one.identity.kind, value=one.identity.value,
            reachable=not one.unreachable, unreachable_because=one.unreachable or None, last_heard_at=one.heard_at,
            window_until=one.open_until, marketing=one.marketing,
        )
        for one in found
    ]  # fmt: skip
    return IdentityList(contact=str(contact.id), identities=shown)


async def list_suggestions(doors: Doors, call: Call) -> SuggestionList:
    """Pairs who may be one."""
    asked = call.asked(PairsAsked)
    found = await doors.store.read(lambda unit: unit.merges.suggestions(None, asked.state, asked.limit))
    return SuggestionList(suggestions=[_pair(one) for one in found])


async def contact_suggestions(doors: Doors, call: Call) -> SuggestionList:
    """Who may be the same person as a contact."""
    number, limit = number_of(call.id), call.asked(SomeAsked).limit
    found = await doors.store.read(lambda unit: unit.merges.suggestions(contact_of(unit, number), "open", limit))
    return SuggestionList(suggestions=[_pair(one) for one in found])


def _pair(one: Suggestion) -> SuggestionShape:
    return SuggestionShape(one=str(one.one), two=str(one.two), because=one.because, state=one.state, at=one.at)


async def judge_suggestion(doors: Doors, call: Call) -> JudgedDone:
    """A pair is joined, or never suggested again."""
    given, bot, now = call.given(Judged), doors.world().bot(), doors.clock.now()
    one, two = number_of(given.one), number_of(given.two)

    def work(unit: Unit) -> Any:
        if given.verdict == "accept":
            return joining.by_team(unit, bot, one, two, given.author, given.reason, now)
        pair = contact_of(unit, one), contact_of(unit, two)
        if pair[0] == pair[1]:
            return joining.CannotJoin(f"{one} and {two} are one contact")
        unit.merges.settle_suggestion(pair, "dismissed", given.author, now)
        return "dismissed"

    done = may(await patient(doors, work))
    doors.woken()
    return (
        JudgedDone(state="dismissed", merge=None)
        if done == "dismissed"
        else JudgedDone(state="accepted", merge=str(done.merge))
    )
