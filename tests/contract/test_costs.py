"""What messages cost, on every database: by the day of the bot, in the words of the platform and the money of the file."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, outgoing
from trinario.jobs.costs import MOST_DAYS, Costs, by_of, costs, days_of, this_month
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.heard import Receipt
from trinario.model.prices import PriceList, Prices
from trinario.ports import Settled, Writes

BOT = Bot("t", "en", "Europe/Rome", {}, {})
PRICES = Prices("EUR", (
    PriceList(date(2026, 1, 1), {"IT": {"marketing": Decimal("0.05")}}, {"utility": Decimal("0.02")}),
    PriceList(date(2026, 3, 2), {"IT": {"marketing": Decimal("0.07")}}),
))  # fmt: skip
PAID, FREE, USEFUL = (
    "marketing/regular/PMP/billable",
    "service/free_customer_service/PMP/free",
    "utility/regular/PMP/billable",
)
MIDNIGHT = datetime(2026, 3, 1, 23, tzinfo=UTC)
"""In Rome it is the second of March."""

MINUTE = timedelta(minutes=1)

ANNA, KIM, ZOE = (
    Identity("whatsapp", "phone", "393331234567"), Identity("whatsapp", "phone", "14165550100"),
    Identity("whatsapp", "bsuid", "IN.1349120"),
)  # fmt: skip


async def _sent(store: AnyStore, who: Identity, key: str, price: str, at: datetime, fate: str = "delivered") -> None:
    await store.run(lambda u: u.take_in([heard(who, f"heard {key}")], NOW))
    found = {"identity": (who.channel, who.value)}
    contact = (await store.run(lambda u: u.contact_ids(found)))[0]
    await store.run(lambda u: u.write(Writes(outgoing=[outgoing(key, contact, who)]), at))
    rows = await store.run(lambda u: u.claim_outbox("whatsapp", 10, 300.0, 7, at + timedelta(seconds=1)))
    done = [Settled(row.entry.id, 3, external_id=f"x{key}", sent_at=at) for row in rows]
    await store.run(lambda u: u.settle(done, at, 7))
    told = [Receipt("whatsapp", fate, at, message_id=f"x{key}", price=price)]
    await store.run(lambda u: u.apply_receipts(told, at))


async def _asked(store: AnyStore, bot: Bot, by: str, since: date = date(2026, 3, 1)) -> Costs:
    return await store.run(lambda u: costs(u, bot, since, date(2026, 3, 2), by_of(by)))


async def test_costs_are_summed_up_as_asked(store: AnyStore) -> None:
    await _sent(store, ANNA, "a", PAID, NOW)
    await _sent(store, ANNA, "c", PAID, NOW + MINUTE, "sent")
    await _sent(store, KIM, "d", FREE, NOW + 2 * MINUTE)
    await _sent(store, ZOE, "e", USEFUL, NOW + 3 * MINUTE)
    await _sent(store, ANNA, "b", PAID, MIDNIGHT, "read")
    await _sent(store, ZOE, "f", USEFUL, MIDNIGHT + MINUTE)
    priced = replace(BOT, prices=PRICES)

    plain = await _asked(store, BOT, "category")
    assert [(one.key, one.messages, one.charged, one.free, one.undelivered) for one in plain.sums] == [
        (("marketing",), 3, 2, 0, 1), (("service",), 1, 0, 1, 0), (("utility",), 2, 2, 0, 0),
    ]  # fmt: skip
    assert plain.currency == "" and plain.total.unpriced == 4

    found = await _asked(store, priced, "country,day")
    assert found.by == ("day", "country")
    assert [(one.key, one.charged, one.amount, one.unpriced) for one in found.sums] == [
        (("2026-03-01", "CA"), 0, Decimal(0), 0),
        (("2026-03-01", "IN"), 1, Decimal("0.02"), 0),
        (("2026-03-01", "IT"), 1, Decimal("0.05"), 0),
        (("2026-03-02", "IN"), 1, Decimal(0), 1),  # the list of that day has no price of it
        (("2026-03-02", "IT"), 1, Decimal("0.07"), 0),
    ]
    assert (found.total.messages, found.total.amount, found.total.unpriced) == (6, Decimal("0.14"), 1)
    assert (await _asked(store, priced, "channel", date(2026, 3, 2))).sums[0].messages == 2


def test_what_cannot_be_asked() -> None:
    for words in ("planet", "", "day,planet"):
        with pytest.raises(ValueError, match="day, month, channel, category, country"):
            by_of(words)
    with pytest.raises(ValueError, match="is before"):
        days_of(date(2026, 3, 2), date(2026, 3, 1))
    with pytest.raises(ValueError, match=str(MOST_DAYS)):
        days_of(date(2024, 3, 2), date(2026, 3, 1))
    assert this_month(BOT, MIDNIGHT) == (date(2026, 3, 1), date(2026, 3, 2))
