"""What a campaign may still spend: so many more are let in, and when it is none it is held; asked again and again as it goes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from trinario.campaign.as_flow import flows_of
from trinario.model.bot import Bot
from trinario.model.campaign import Budget, Campaign
from trinario.model.consent import MARKETING
from trinario.model.country import country_of_start
from trinario.model.flow import Flow, Send
from trinario.model.prices import Prices, told_of
from trinario.ports import Unit
from trinario.ports.campaigns import HELD, RUNNING, Bill

ALLOTMENT = 5000
"""Recipients that are let in at most until what is spent is counted again."""

REACHED = "its budget"
"""How the reason begins for which a campaign is held that has no money left."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What a campaign has cost by the price file, and what its messages that are not out yet will cost at most."""

    spent: Decimal = Decimal()
    coming: Decimal = Decimal()

    @property
    def together(self) -> Decimal:
        """Both."""
        return self.spent + self.coming


def charging(bot: Bot) -> set[str]:
    """The channels whose platform charges for templates."""
    return {channel.id for channel in bot.channels.values() if channel.limits.templates == "whatsapp"}


def bound(bot: Bot, campaign: Campaign) -> tuple[Budget, Prices] | None:
    """What it may cost and what messages do; None: nothing holds it, or nobody can tell."""
    if campaign.budget is None or bot.prices is None or bot.prices.currency != campaign.budget.currency:
        return None
    return campaign.budget, bot.prices


def spending(unit: Unit, bot: Bot, campaign: Campaign, now: datetime) -> Spending:
    """What all slots of it have cost. Of a message of which the platform has told no cost that of the dearest counts."""
    spent = coming = Decimal()
    for bill in unit.campaigns.bill(campaign.name) if bot.prices else ():
        amount = _amount(bot, campaign, bill, bill.day or now.date()) * bill.count
        if bill.day is None:
            coming += amount
        else:
            spent += amount
    return Spending(spent, coming)


@dataclass(frozen=True, slots=True)
class Ration:
    """With how many let in a campaign has to stop; `why` it is to be held, "" while somebody may go, or is on her way."""

    most: int
    why: str = ""


def rations(unit: Unit, bot: Bot, now: datetime, held: bool = True) -> dict[str, Ration | None]:
    """Those of the campaigns that go, and with `held` of those that stand still; for a transaction that only reads.
    None: nothing is to be said of it.

    A ration that is written down later holds all the same: what went meanwhile is among those whom it counts.
    """
    known = ((run.name, bot.campaigns.get(run.name)) for run in unit.campaigns.runs(RUNNING, *([HELD] if held else ())))
    return {name: _ration(unit, bot, campaign, now) for name, campaign in known if campaign is not None}


def _ration(unit: Unit, bot: Bot, campaign: Campaign, now: datetime) -> Ration | None:
    """How many more it can pay for, if half of what was allotted is gone; None: nothing is to be said.

    The dearest message that it could be is reckoned with, so that it never costs more than its budget. First it is read who
    was let in, then who is on her way, then what was sent: nobody is left out of all three.
    """
    given, name = bound(bot, campaign), campaign.name
    if given is None or not _waits(unit, name) or (allotted := unit.campaigns.allotment(name)).left > ALLOTMENT // 2:
        return None
    budget, one = given[0], dearest(bot, campaign, now.date()) * _messages(campaign)
    coming = one * unit.campaigns.on_the_way(name)
    so_far = spending(unit, bot, campaign, now)
    coming += so_far.coming
    more = ALLOTMENT if not one else max(0, min(ALLOTMENT, int((budget.max - so_far.spent - coming) / one)))
    words = (
        f"{REACHED} of {budget.max:,.2f} {budget.currency} is reached: {so_far.spent:,.2f} are spent, and one more costs up"
        f" to {one:,.2f}; write a larger one, plan and start it as it is then, or cancel it"
    )
    return Ration(allotted.let_in + more, "" if more or coming else words)


def _waits(unit: Unit, name: str) -> bool:
    """Whether anybody of it is still to get it: whom nobody waits for needs no money."""
    slots = unit.campaigns.slots_of(name)
    return any(slot.state == 0 for slot in slots) or unit.campaigns.undone(
        [slot.id for slot in slots if slot.state == 1]
    )


def over(unit: Unit, bot: Bot, campaign: Campaign, cost: Decimal, now: datetime) -> str:
    """Why `cost` is more than is left of the budget; "" if it is not, or nobody can tell."""
    given = bound(bot, campaign)
    if given is None:
        return ""
    budget, had = given[0], spending(unit, bot, campaign, now).together
    if had + cost <= budget.max:
        return ""
    so_far = f" beside the {had:,.2f} that it has cost already" if had else ""
    return f"campaign {campaign.name} would cost {cost:,.2f} {budget.currency}{so_far}, and its budget is {budget.max:,.2f}"


def places(unit: Unit, bot: Bot, campaign: Campaign, wanted: int) -> int:
    """How many of so many recipients may be let in for its budget's sake."""
    return min(wanted, unit.campaigns.allotment(campaign.name, lock=True).left) if bound(bot, campaign) else wanted


def let_in(unit: Unit, bot: Bot, campaign: Campaign, count: int) -> None:
    """So many were."""
    if bound(bot, campaign) and count:
        unit.campaigns.count_in(campaign.name, count)


def dearest(bot: Bot, campaign: Campaign, day: date) -> Decimal:
    """What one of its messages costs at most, wherever it goes; 0 where nothing is charged."""
    if bot.prices is None or not charging(bot):
        return Decimal()
    categories = set(_categories(bot, campaign))
    current = next((one for one in reversed(bot.prices.lists) if one.since <= day), None)
    countries = [*current.countries, None] if current else []
    found = (bot.prices.price(country, one, day) for country in countries for one in categories)
    return max((money.amount for money in found if money), default=Decimal())


def _categories(bot: Bot, campaign: Campaign) -> Iterator[str]:
    """As what its templates are charged; the platform may make marketing of any."""
    yield MARKETING
    for flow in flows_of(campaign):
        yield from (bot.templates[name].category for name in _templates(flow) if name in bot.templates)


def _messages(campaign: Campaign) -> int:
    """How many messages that cost something one recipient gets at most before she has answered."""
    return max(1, *(sum(1 for _ in _templates(flow)) for flow in flows_of(campaign)))


def _templates(flow: Flow) -> Iterator[str]:
    """The templates that stand in its messages, one as often as it goes; those for a shut window too."""
    for step in flow.steps.values():
        if not isinstance(step, Send):
            continue
        how = step.delivery or flow.delivery
        beside = how.template.name if how and how.template else ""
        yield from (name for one in step.messages if (name := one.template.name if one.template else beside))


def _amount(bot: Bot, campaign: Campaign, bill: Bill, day: date) -> Decimal:
    """What one message of these costs."""
    assert bot.prices is not None
    if bill.channel not in charging(bot):
        return Decimal()
    if not bill.price:
        return dearest(bot, campaign, day) if bill.template else Decimal()
    told = told_of(bill.price)
    price = bot.prices.price(country_of_start(bill.kind, bill.start), told.category, day) if told.charged else None
    return price.amount if price else Decimal()
