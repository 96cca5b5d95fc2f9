"""What each call of the API does: ask or tell the store, and put the answer in its shape."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from trinario.jobs import reply as jobs
from trinario.policy.why import sentences
from trinario.ports import Unit
from trinario.web.api.attached import Attached
from trinario.web.api.problem import ProblemError, unknown_contact
from trinario.web.api.shapes import (
    AskedShape,
    ById,
    ByIdentity,
    ContactShape,
    EventGiven,
    EventTaken,
    SessionList,
    SomeAsked,
    WhyShape,
    contact_shape,
    session_shape,
)
from trinario.web.doors import Doors

M = TypeVar("M", bound=BaseModel)

_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Call:
    """A request after validation: `id` is the path's, `query` and `body` are of the models that the route names, `file` came
    along in a form."""

    id: str = ""
    query: BaseModel | None = None
    body: BaseModel | None = None
    file: Attached | None = None

    def asked(self, model: type[M]) -> M:
        """The query as this model."""
        assert isinstance(self.query, model)
        return self.query

    def given(self, model: type[M]) -> M:
        """The body as this model."""
        assert isinstance(self.body, model)
        return self.body


async def take_event(doors: Doors, call: Call) -> EventTaken:
    """Keep an event in the inbox of the contact whom it is about."""
    given = call.given(EventGiven)
    id, now = given.id or doors.new_id(), doors.clock.now()
    where, asked = _reference(given.contact)

    # looked up beside the writer: a search by field may take its time
    found = await doors.store.read(lambda unit: unit.contact_ids(where))
    if len(found) != 1:
        raise _ambiguous(len(found), asked) if found else unknown_contact(asked)
    outcome = await doors.store.run(lambda unit: jobs.event(unit, found[0], given.event, dict(given.data), id, now))
    doors.woken()
    return EventTaken(id=id, duplicate=not outcome)


def _reference(contact: Any) -> tuple[Mapping[str, Any], str]:
    """The question to the store, and the same in words."""
    if isinstance(contact, ById):
        return {"id": number_of(contact.id)}, f"id {contact.id}"
    if isinstance(contact, ByIdentity):
        identity = contact.identity
        return {"identity": (identity.channel, identity.value)}, f"identity {identity.channel}:{identity.value}"
    return {"field": (contact.field.name, contact.field.value)}, f"field {contact.field.name}"


def number_of(id: str) -> int:
    """A contact's id as the store knows it. Raises ProblemError for what can be none."""
    if not _ID.fullmatch(id):
        raise unknown_contact(f"id {id}")
    return int(id)


def _ambiguous(count: int, asked: str) -> ProblemError:
    hint = "name the contact by id or by identity"
    return ProblemError(409, "ambiguous-contact", "Several contacts", f"{count} contacts are known by {asked}", hint)


def contact_of(unit: Unit, id: int) -> int:
    """The contact that stands under this id, or has taken it in. Raises ProblemError."""
    found = unit.contact_ids({"id": id})
    if not found:
        raise unknown_contact(f"id {id}")
    return found[0]


async def show_contact(doors: Doors, call: Call) -> ContactShape:
    """One contact."""
    id, now = number_of(call.id), doors.clock.now()
    found = await doors.store.read(lambda unit: unit.contacts([contact_of(unit, id)], now))
    return contact_shape(found[0], id)


async def show_why(doors: Doors, call: Call) -> WhyShape:
    """Why a message of ours went or not."""
    found = await doors.store.read(lambda unit: unit.sending(call.id))
    if found is None:
        hint = "the ids of messages are those of /contacts/{id}/messages, with direction out"
        raise ProblemError(404, "unknown-message", "No such message", f"no message of ours has the id {call.id}", hint)
    return WhyShape(
        id=call.id, channel=found.channel, status=found.status, purpose=found.purpose, step=found.step,
        refusal=found.refusal or None, until=found.until, sentences=sentences(found),
        walk=[AskedShape(channel=line.channel, answer=line.answer, code=line.code, detail=line.detail, until=line.until)
              for line in found.walk],
    )  # fmt: skip


async def list_sessions(doors: Doors, call: Call) -> SessionList:
    """The contact's sessions."""
    id, limit = number_of(call.id), call.asked(SomeAsked).limit
    found = await doors.store.read(lambda unit: unit.sessions(contact_of(unit, id), limit))
    return SessionList(sessions=[session_shape(session) for session in found])
