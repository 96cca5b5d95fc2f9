"""The call of the API about segments: whom an expression means, now."""

from pydantic import BaseModel, Field

from trinario.errors import PhraseError
from trinario.expressions import compile_condition
from trinario.jobs import segments
from trinario.web.api.calls import Call
from trinario.web.api.problem import Fault, invalid
from trinario.web.api.shapes import ContactShape, contact_shape
from trinario.web.doors import Doors


class SegmentAsked(BaseModel):
    """Whom."""

    where: str = Field(
        min_length=1, max_length=4_096, description="An expression, as in a campaign's `segment`.",
        examples=["'customer' in tags and contact.last_seen_at > ago('90d')"],
    )  # fmt: skip
    sample: int = Field(default=0, ge=0, le=100, description="How many of them to show, drawn by lot.")
    seed: int = Field(default=1, ge=0, lt=2**31, description="Another number draws others.")


class SegmentCounted(BaseModel):
    """How many it is true of at this moment, and some of them."""

    count: int
    sample: list[ContactShape]
    fields_without_index: list[str] = Field(
        description="Fields that it reads and that have no `index: true` in bot.yaml."
    )


async def count_segment(doors: Doors, call: Call) -> SegmentCounted:
    """Count, and show some."""
    asked, bot, now = call.asked(SegmentAsked), doors.world().bot(), doors.clock.now()
    try:
        one = segments.segment(bot, compile_condition(asked.where))
    except PhraseError as error:
        what = f"{error.reason} (line {error.line}, column {error.column})"
        raise invalid([Fault(where="?where", what=what, hint=error.hint)]) from error
    count = await doors.store.read(lambda unit: segments.count(unit, bot, one, now))
    drawn = await doors.store.read(lambda unit: segments.sample(unit, bot, one, asked.sample, asked.seed, now))
    bare = sorted(name for name in one.fields if not bot.fields[name].index)
    return SegmentCounted(count=count, sample=[contact_shape(who) for who in drawn], fields_without_index=bare)
