"""Delivery plans in the store: what receipts tell of copies, and plans that are taken from the clock."""

from dataclasses import replace
from datetime import timedelta

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, outgoing, psid
from tests.contract.test_beyond import rows
from trinario import jsons
from trinario.model.heard import Receipt
from trinario.ports import Settled, Writes

ANA = psid("1")


async def _asked(store: AnyStore) -> int:
    """Somebody to whom one copy of a followed message was sent, and another message besides; her plan is on the clock."""
    await store.run(lambda u: u.take_in([heard(ANA, "a")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    ana = case.contact.id
    copies = [replace(outgoing("i1/1/1/0/0", ana, ANA), awaited=True), outgoing("i1/1/2/0/0", ana, ANA)]
    plan = ("plan:i1/1/1", ana, "plan", later(300), jsons.dumps({"say": {"key": "i1/1/1"}}))
    await store.run(lambda u: u.write(Writes(outgoing=copies, timers=[plan]), NOW))
    ids = [row[0] for row in await rows(store, "SELECT id FROM outbox ORDER BY id")]
    await store.run(
        lambda u: u.settle([Settled(id, 3, external_id=f"m{n}", sent_at=NOW) for n, id in enumerate(ids)], NOW)
    )
    return ana


async def test_only_copies_that_are_followed_and_only_what_is_new(store: AnyStore) -> None:
    await _asked(store)
    by_id = [Receipt(ANA.channel, "delivered", NOW, message_id=name) for name in ("m0", "m1", "gone")]
    assert await store.run(lambda u: u.plan_news(by_id)) == [("i1/1/1/0/0", "delivered")]
    by_key = [Receipt(ANA.channel, "read", NOW, key="i1/1/1/0/0")]
    assert await store.run(lambda u: u.plan_news(by_key)) == [("i1/1/1/0/0", "read")]
    until = [Receipt(ANA.channel, "read", NOW, identity=ANA, watermark=NOW + timedelta(seconds=1))]
    assert await store.run(lambda u: u.plan_news(until)) == [("i1/1/1/0/0", "read")]
    await store.run(lambda u: u.apply_receipts(until, NOW))
    assert await store.run(lambda u: u.plan_news([*by_id, *by_key, *until])) == []


async def test_a_plan_is_taken_once(store: AnyStore) -> None:
    ana = await _asked(store)
    (taken,) = await store.run(lambda u: u.take_plans(["plan:i1/1/1", "plan:other"]))
    assert (taken.contact, taken.key, jsons.loads(taken.data)) == (ana, "plan:i1/1/1", {"say": {"key": "i1/1/1"}})
    assert await store.run(lambda u: u.take_plans(["plan:i1/1/1"])) == []
    assert await store.run(lambda u: u.take_plans([])) == []


async def test_the_content_of_a_message_by_the_platforms_id(store: AnyStore) -> None:
    await _asked(store)
    assert await store.run(lambda u: u.content_of(ANA.channel, "m0"))
    assert await store.run(lambda u: u.content_of(ANA.channel, "gone")) == ""
