"""Calls of the API about one person: her identities, contacts who are joined and parted, pairs who may be one."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, JsonValue

from trinario.errors import EvaluationError
from trinario.jobs import joining, parting, wishes
from trinario.jobs.identities import Standing, standings
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.value import plain
from trinario.ports import Merge, Suggestion, Unit
from trinario.web.api.calls import Call, contact_of, number_of
from trinario.web.api.problem import Fault, ProblemError, busy_contact, invalid, unknown_contact
from trinario.web.api.shapes import ContactShape, Given, Id, Name, SomeAsked, Words, contact_shape
from trinario.web.doors import Doors

TRIES = 6
"""How often a call waits for a contact whose turn is running."""

T = TypeVar("T")


class MergeGiven(Given):
    """Two contacts who are one person."""

    keep: Id = Field(description="Who stays; her identities, fields and sessions come first.")
    take: Id = Field(description="Who becomes part of her.")
    reason: Words = Field(description="How we know; it stays in her history.")
    author: Name = Field(description="Who says so.")
    id: Id | None = Field(default=None, description="Yours: the same id twice is one merge.")
    preview: bool = Field(default=False, description="Say what would happen, and do nothing.")


class UnmergeGiven(Given):
    """A merge that is to be undone: by its number, or by the contact and who was taken."""

    merge: Id | None = None
    contact: Id | None = None
    taken: Id | None = None
    reason: Words
    author: Name
    preview: bool = Field(default=False, description="Say what would happen, and do nothing.")


class UnlinkGiven(Given):
    """An identity that is not hers."""

    channel: Name
    value: Name
    reason: Words
    author: Name


class WishGiven(Given):
    """Where she wants to be written to, as somebody of the team says."""

    channel: Name | None = Field(description="A channel of the bot, or a platform; null: she has no wish.")
    author: Name = Field(description="Who says so.")


class FieldForeseen(BaseModel):
    """A field of which both say something different."""

    name: str
    kept: JsonValue
    taken: JsonValue
    becomes: JsonValue
    rule: str = Field(description="newest, keep, union, max or ask, as bot.yaml says.")


class SessionForeseen(BaseModel):
    """A session of the one taken."""

    id: str
    flow: str
    becomes: str = Field(description="goes on, stands aside, or stops.")


class MergeDone(BaseModel):
    """The merge, or with `preview` what it would be. `contact` is the one kept, with everything."""

    merge: str | None = Field(description="Its number; null for a preview.")
    already: bool = Field(default=False, description="The same id was given before; nothing was done now.")
    contact: ContactShape
    consent: dict[str, bool] = Field(description="What she allows: of two answers the stricter one.")
    fields: list[FieldForeseen] = Field(default=[], description="With `preview`: where they say different things.")
    sessions: list[SessionForeseen] = Field(default=[], description="With `preview`: what becomes of them.")


class PartedPair(BaseModel):
    """Two who are two again, or with `preview` would be."""

    done: bool
    kept: ContactShape
    taken: ContactShape


class MergeShape(BaseModel):
    """A merge, undone or not."""

    merge: str
    kept: str
    taken: str
    at: datetime
    by: str = Field(description="webhook, token, code, team or import.")
    reason: str
    evidence: dict[str, JsonValue]
    undone_at: datetime | None
    undone_by: str
    undone_reason: str


class MergeList(BaseModel):
    """Merges, newest first."""

    merges: list[MergeShape]


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


async def patient(doors: Doors, work: Callable[[Unit], T | None]) -> T:
    """What `work` gives, tried again while somebody is busy. Raises ProblemError."""
    for attempt in range(TRIES):
        done = await doors.store.run(work)
        if done is not None:
            return done
        await asyncio.sleep(0.02 * 2**attempt)
    raise busy_contact()


async def merge_contacts(doors: Doors, call: Call) -> MergeDone:
    """Join two contacts, or say what that would do."""
    given, bot, now = call.given(MergeGiven), doors.world().bot(), doors.clock.now()
    keep, take = number_of(given.keep), number_of(given.take)
    if given.preview:
        return _foreseen(_may(await doors.store.read(lambda unit: joining.foresee(unit, bot, keep, take, now))))

    def work(unit: Unit) -> Any:
        done = joining.by_team(unit, bot, keep, take, given.author, given.reason, now, given.id or "")
        return (done, unit.contacts([done.kept], now)[0]) if isinstance(done, joining.Joined) else done

    joined, contact = _may(await patient(doors, work))
    doors.woken()
    return MergeDone(
        merge=str(joined.merge), already=joined.already, contact=contact_shape(contact), consent=dict(contact.consent)
    )


def _may(done: Any) -> Any:
    if isinstance(done, joining.CannotJoin | parting.CannotPart):
        raise ProblemError(
            409, "cannot-be", "That cannot be", done.why, "GET /api/v1/contacts/{id}/merges tells what is"
        )
    return done


def _foreseen(one: joining.Foreseen) -> MergeDone:
    fields = [
        FieldForeseen(name=f.name, kept=plain(f.kept), taken=plain(f.taken), becomes=plain(f.becomes), rule=f.rule)
        for f in one.fields
    ]
    sessions = [SessionForeseen(id=id, flow=flow, becomes=what) for id, flow, what in one.sessions]
    return MergeDone(
        merge=None,
        contact=contact_shape(one.united),
        consent=dict(one.united.consent),
        fields=fields,
        sessions=sessions,
    )


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


async def unmerge_contacts(doors: Doors, call: Call) -> PartedPair:
    """Undo a merge, or say what that would do."""
    given, now = call.given(UnmergeGiven), doors.clock.now()
    if (given.merge is None) == (given.contact is None or given.taken is None):
        raise invalid([Fault(where="", what="give either merge, or contact and taken", hint="")])

    def work(unit: Unit) -> Any:
        number = (
            number_of(given.merge)
            if given.merge
            else _merge_of(unit, number_of(given.contact or ""), number_of(given.taken or ""))
        )
        return parting.undo(unit, number, given.author, given.reason, now)

    return await _part(doors, work, given.preview, now)


def _merge_of(unit: Unit, contact: int, taken: int) -> int:
    """The number of the merge by which a contact was taken."""
    held = [one.id for one in unit.merges.of(taken) if one.taken == taken and one.undone_at is None]
    if not held or unit.contact_ids({"id": taken}) != unit.contact_ids({"id": contact}):
        raise unknown_contact(f"id {taken} as part of {contact}")
    return held[0]


class _Foretold(Exception):
    """Ends a transaction of which nothing stays."""

    def __init__(self, told: Any) -> None:
        super().__init__()
        self.told = told


async def _part(doors: Doors, work: Callable[[Unit], Any], preview: bool, now: datetime) -> PartedPair:
    """Part two, and give both; of a preview everything is taken back at once."""

    def do(unit: Unit) -> Any:
        done = work(unit)
        if isinstance(done, parting.Parted):
            pair = unit.contacts([unit.contact_ids({"id": done.kept})[0], done.taken], now)
            if preview:
                raise _Foretold(pair)
            return pair
        return done

    try:
        pair = _may(await patient(doors, do))
        doors.woken()
    except _Foretold as foretold:
        pair = foretold.told
    return PartedPair(done=not preview, kept=contact_shape(pair[0]), taken=contact_shape(pair[1]))


async def unlink_identity(doors: Doors, call: Call) -> PartedPair:
    """One identity goes its own way."""
    number, given, now = number_of(call.id), call.given(UnlinkGiven), doors.clock.now()

    def work(unit: Unit) -> Any:
        contact = contact_of(unit, number)
        found = [
            one
            for one in unit.contacts([contact], now)[0].identities
            if (one.channel, one.value) == (given.channel, given.value)
        ]
        named = found[0] if found else Identity(given.channel, "", given.value)
        return parting.unlink(unit, contact, named, given.author, given.reason, now)

    return await _part(doors, work, False, now)


async def list_merges(doors: Doors, call: Call) -> MergeList:
    """The merges of a contact."""
    number = number_of(call.id)

    def work(unit: Unit) -> list[Merge]:
        if not (family := unit.privacy.family(number)):
            raise unknown_contact(f"id {number}")
        found = {merge.id: merge for one in {number, *family} for merge in unit.merges.of(one)}
        return [found[id] for id in sorted(found, reverse=True)]

    return MergeList(merges=[merge_shape(one) for one in await doors.store.read(work)])


def merge_shape(one: Merge) -> MergeShape:
    """A merge as the outside reads it."""
    return MergeShape(
        merge=str(one.id), kept=str(one.kept), taken=str(one.taken), at=one.at, by=one.by, reason=one.reason,
        evidence=dict(one.evidence), undone_at=one.undone_at, undone_by=one.undone_by, undone_reason=one.undone_reason,
    )  # fmt: skip


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

    done = _may(await patient(doors, work))
    doors.woken()
    return (
        JudgedDone(state="dismissed", merge=None)
        if done == "dismissed"
        else JudgedDone(state="accepted", merge=str(done.merge))
    )
