"""Calls of the API about what a person allows, what is known of her, and forgetting her."""

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, JsonValue

from trinario.jobs import erase as jobs
from trinario.jobs.happenings import recorded
from trinario.model.consent import RecordConsent
from trinario.web.api.calls import Call, contact_of, number_of
from trinario.web.api.problem import Fault, invalid, unknown_contact
from trinario.web.api.shapes import Given, Id, Name, SomeAsked, Words
from trinario.web.doors import Doors


class ConsentGiven(Given):
    """An entry that somebody of the team makes. `reason` says how we know."""

    purpose: Literal["marketing"] = "marketing"
    state: Literal["granted", "withdrawn"]
    channels: list[Name] = Field(default_factory=list, description="Channels it is about; none: all of them.")
    reason: Words = Field(description="How we know: a letter, a phone call, who took it.")
    wording: Words | None = Field(default=None, description="What she was shown or told, if she was.")
    expires_at: AwareDatetime | None = Field(default=None, description="Until when a yes holds.")
    id: Id | None = Field(default=None, description="The same id twice is one entry.")


class ConsentShape(BaseModel):
    """An entry of the ledger. `channel` "": every channel."""

    id: str
    at: datetime
    purpose: str
    channel: str
    state: str
    evidence: str
    wording: str
    version: str
    said: str
    expires_at: datetime | None


class ConsentList(BaseModel):
    """What she allows now, by purpose (and `purpose@channel`), and how it came to that, newest first."""

    now: dict[str, bool]
    entries: list[ConsentShape]


class ConsentTaken(BaseModel):
    """The entry is in her inbox and is made in her order."""

    id: str


class Erased(BaseModel):
    """What went: rows by table. `code` is what the status page /data-deletion/CODE knows it by."""

    code: str
    contacts: int
    rows: dict[str, int]


class Takeout(BaseModel):
    """Everything that is known of a contact, by table; times are epoch milliseconds."""

    contact: str
    tables: dict[str, list[dict[str, JsonValue]]]


async def list_consents(doors: Doors, call: Call) -> ConsentList:
    """The ledger of a contact."""
    number, limit, now = number_of(call.id), call.asked(SomeAsked).limit, doors.clock.now()

    def work(unit: Any) -> tuple[dict[str, bool], list[dict[str, Any]]]:
        contact = contact_of(unit, number)
        return dict(unit.contacts([contact], now)[0].consent), unit.ledger(contact, limit)

    state, entries = await doors.store.read(work)
    return ConsentList(now=state, entries=[_entry(one) for one in entries])


def _entry(row: dict[str, Any]) -> ConsentShape:
    ends = _moment(row["expires_at"]) if row["expires_at"] else None
    return ConsentShape.model_validate({**row, "id": str(row["id"]), "at": _moment(row["at"]), "expires_at": ends})


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


async def record_consent(doors: Doors, call: Call) -> ConsentTaken:
    """Put an entry into the contact's inbox: her flows begin and end by it as by a word of hers."""
    number, given, now = number_of(call.id), call.given(ConsentGiven), doors.clock.now()
    known = doors.world().adapters
    if strange := [name for name in given.channels if name not in known]:
        hint = "known: " + ", ".join(sorted(known))
        raise invalid([Fault(where="/channels", what=f"{strange[0]!r} is no channel of bot.yaml", hint=hint)])
    id = given.id or doors.new_id()
    entry = RecordConsent(
        given.purpose, given.state, "operator", tuple(given.channels), wording=given.wording or "", said=given.reason,
        expires_at=given.expires_at if given.state == "granted" else None,
    )  # fmt: skip
    await doors.store.run(lambda unit: unit.take_in([recorded(contact_of(unit, number), entry, id)], now))
    doors.woken()
    return ConsentTaken(id=id)


async def erase_contact(doors: Doors, call: Call) -> Erased:
    """Forget a contact, whole."""
    number, world, now, code = number_of(call.id), doors.world(), doors.clock.now(), doors.new_id()
    done = await doors.store.run(lambda unit: jobs.erase(unit, world, number, "api", code, now))
    if done is None:
        raise unknown_contact(f"id {number}")
    doors.woken()
    return Erased(code=code, contacts=done.contacts, rows=dict(done.rows))


async def take_out(doors: Doors, call: Call) -> Takeout:
    """Everything that is known of a contact."""
    number = number_of(call.id)

    def work(unit: Any) -> Any:
        return unit.privacy.takeout(unit.privacy.family(contact_of(unit, number)))

    return Takeout(contact=call.id, tables=await doors.store.read(work))
