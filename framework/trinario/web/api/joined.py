"""Calls of the API about contacts who are joined and parted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field, JsonValue

from trinario.jobs import joining, parting
from trinario.model.channel import Identity
from trinario.model.value import plain
from trinario.ports import Merge, Unit
from trinario.web.api.calls import Call, contact_of, number_of
from trinario.web.api.patience import patient
from trinario.web.api.problem import Fault, ProblemError, invalid, unknown_contact
from trinario.web.api.shapes import ContactShape, Given, Id, Name, Words, contact_shape
from trinario.web.doors import Doors


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


async def merge_contacts(doors: Doors, call: Call) -> MergeDone:
    """Join two contacts, or say what that would do."""
    given, bot, now = call.given(MergeGiven), doors.world().bot(), doors.clock.now()
    keep, take = number_of(given.keep), number_of(given.take)
    if given.preview:
        return _foreseen(may(await doors.store.read(lambda unit: joining.foresee(unit, bot, keep, take, now))))

    def work(unit: Unit) -> Any:
        done = joining.by_team(unit, bot, keep, take, given.author, given.reason, now, given.id or "")
        return (done, unit.contacts([done.kept], now)[0]) if isinstance(done, joining.Joined) else done

    joined, contact = may(await patient(doors, work))
    doors.woken()
    return MergeDone(
        merge=str(joined.merge), already=joined.already, contact=contact_shape(contact), consent=dict(contact.consent)
    )


def may(done: Any) -> Any:
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
        pair = may(await patient(doors, do))
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
