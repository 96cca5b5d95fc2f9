"""The call of the API about what messages cost."""

from datetime import date

from pydantic import BaseModel, Field, field_validator

from trinario.jobs.costs import BY, Costs, Sum, by_of, costs, days_of, this_month
from trinario.web.api.calls import Call
from trinario.web.api.problem import Fault, invalid
from trinario.web.doors import Doors

USUAL = "channel,category"


class CostsAsked(BaseModel):
    """Which days, and how they are to be summed up."""

    since: date | None = Field(
        default=None, description="The first day, by the bot's clock; else the first of this month."
    )
    until: date | None = Field(default=None, description="The last day, itself included; else today.")
    by: str = Field(default=USUAL, description=f"One or several, with commas, of {', '.join(BY)}.")

    @field_validator("by")
    @classmethod
    def _known(cls, by: str) -> str:
        by_of(by)
        return by


class CostShape(BaseModel):
    """Messages that are summed up. What `by` does not name is null; "" is what nobody knows."""

    day: str | None = None
    month: str | None = None
    channel: str | None = None
    category: str | None = Field(default=None, description="In the platform's word: marketing, utility, service ...")
    country: str | None = Field(default=None, description="Of the calling code (ISO 3166).")
    messages: int = Field(description="All of which the platform has told the cost.")
    charged: int = Field(description="Delivered, and charged.")
    free: int = Field(description="Not charged: within what is free, or after a click on an ad.")
    undelivered: int = Field(description="Charged once they are delivered.")
    amount: str | None = Field(description="What the charged ones cost by prices.yaml; null without that file.")
    unpriced: int = Field(description="Charged ones that prices.yaml has no price of; they are not in `amount`.")


class CostList(BaseModel):
    """What messages cost. `currency` is that of prices.yaml, null without that file."""

    since: date
    until: date
    currency: str | None
    rows: list[CostShape]
    total: CostShape


async def list_costs(doors: Doors, call: Call) -> CostList:
    """Of some days, summed up as asked."""
    asked, bot = call.asked(CostsAsked), doors.world().bot()
    first, last = this_month(bot, doors.clock.now())
    since, until = asked.since or min(first, asked.until or first), asked.until or last
    try:
        days_of(since, until)
    except ValueError as error:
        raise invalid(
            [Fault(where="?until", what=str(error), hint="ask for fewer days, since before until")]
        ) from error
    found = await doors.store.read(lambda unit: costs(unit, bot, since, until, by_of(asked.by)))
    return cost_list(found)


def cost_list(found: Costs) -> CostList:
    """As the outside reads it."""
    return CostList(
        since=found.since,
        until=found.until,
        currency=found.currency or None,
        rows=[_shape(found, one) for one in found.sums],
        total=_shape(found, found.total),
    )


def _shape(found: Costs, one: Sum) -> CostShape:
    return CostShape(
        **dict(zip(found.by, one.key, strict=False)),
        messages=one.messages,
        charged=one.charged,
        free=one.free,
        undelivered=one.undelivered,
        amount=f"{one.amount:f}" if found.currency else None,
        unpriced=one.unpriced if found.currency else 0,
    )
