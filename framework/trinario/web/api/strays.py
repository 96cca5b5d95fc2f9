"""The call of the API about what came in and was not understood, or was given up."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from trinario.ports.pages import NEWEST
from trinario.ports.strays import Stray, StrayKind
from trinario.web.api.calls import Call
from trinario.web.doors import Doors

SHOWN = 4000
"""Bytes of a webhook that are shown."""


class StraysAsked(BaseModel):
    """Which of them, and which part of the list."""

    kind: Literal["unsupported", "dead"] = Field(
        default="unsupported", description="What was not understood, or what failed again and again."
    )
    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    next: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = Field(
        default=None, description="The `next` of the page before."
    )


class StrayShape(BaseModel):
    """One thing that came in."""

    id: str
    channel: str
    what: str = Field(description="In a word: `message hologram`, `field payments` ...; of a dead row its kind.")
    at: datetime
    contact: str | None
    reason: str | None = Field(description="Why it was given up.")
    raw: str | None = Field(description=f"The first {SHOWN:,} bytes of what came; null once they are forgotten.")


class StrayList(BaseModel):
    """Strays, newest first, and how many there are in all."""

    strays: list[StrayShape]
    unsupported: int
    dead: int
    next: str | None


async def list_strays(doors: Doors, call: Call) -> StrayList:
    """Newest first."""
    asked = call.asked(StraysAsked)
    kind: StrayKind = asked.kind
    before = int(asked.next) if asked.next else NEWEST
    rows, counts = await doors.store.read(
        lambda unit: (unit.strays.newest(kind, before, asked.limit + 1), unit.strays.count())
    )
    page = rows[: asked.limit]
    onward = str(page[-1].id) if len(rows) > asked.limit else None
    return StrayList(strays=[stray_shape(one) for one in page], **counts, next=onward)


def stray_shape(one: Stray) -> StrayShape:
    """A stray as the outside reads of it."""
    return StrayShape(
        id=str(one.id),
        channel=one.channel,
        what=one.what,
        at=one.at,
        contact=None if one.contact is None else str(one.contact),
        reason=one.reason or None,
        raw=None if one.raw is None else one.raw[:SHOWN].decode("utf-8", "replace"),
    )
