"""What is asked once more when a message of a campaign goes: consent, window, caps, quiet hours, and whether it is still for her."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import outgoing
from tests.contract.test_campaigns import NOW, Desk, a_campaign, messages
from tests.contract.test_schedules import contacts, rows
from trinario.expressions import compile_condition
from trinario.jobs.campaign_desk import pause, resume
from trinario.jobs.deliver import claim
from trinario.jobs.hold import People
from trinario.model.campaign import At
from trinario.model.channel import Identity
from trinario.model.consent import RecordConsent
from trinario.model.contact import Contact
from trinario.model.duration import Duration, parse_duration
from trinario.model.policy import Cap, Rules
from trinario.ports import Writes

EVENING = NOW.replace(hour=19, minute=59)
"""A minute to nine in Rome."""


class Letter(Desk):
    """A campaign that has had its turn with one person: the message is made, and has not gone."""

    def __init__(self, store: AnyStore, **changes: Any) -> None:
        rules = changes.pop("policy", Rules())
        super().__init__(store, a_campaign(**{"purpose": "marketing", **changes}), policy=rules)
        self.her: Contact

    async def made(self, at: datetime = NOW, several: bool = False) -> "Letter":
        self.now = at
        people = await contacts(self.store, 2, consent={"marketing": True}, last_heard={"messenger": NOW},
                                timezone="Europe/Rome")  # fmt: skip
        self.her = next(one for one in people if "in" in one.tags)
        await self.start()
        await self.goes()
        said = await self.said()
        assert set(said) == {self.her.id} and (len(said) > 1) == several
        return self

    async def becomes(self, **changes: Any) -> None:
        self.her = replace(self.her, **changes)
        await self.store.run(lambda u: u.write(Writes(contacts={self.her.id: self.her}), self.now))

    async def goes_out(self, at: datetime) -> int:
        """How many messages the sender gets then."""
        self.now = at
        return len(await self.store.run(lambda u: claim(u, self.world, {"messenger": 9}, 7, at, People())))

    async def fate(self) -> tuple[int, str]:
        sql = "SELECT status, COALESCE(refusal, '') FROM outbox WHERE campaign IS NOT NULL"
        ((status, why),) = await rows(self.store, sql)
        return status, why


async def test_nothing_has_changed_and_it_goes(here: AnyStore) -> None:
    letter = await Letter(here, exclude=(compile_condition("'vip' in tags"),)).made()
    assert await letter.goes_out(NOW + timedelta(minutes=1)) == 1


async def test_consent_that_was_withdrawn_after_she_was_let_in(here: AnyStore) -> None:
    letter = await Letter(here).made()
    no = (letter.her.id, RecordConsent("marketing", "withdrawn", "keyword"), NOW)
    await here.run(lambda u: u.write(Writes(consents=[no]), NOW))
    await letter.becomes(consent={"marketing": False})
    assert await letter.goes_out(NOW + timedelta(minutes=1)) == 0 and await letter.fate() == (8, "opted_out")


async def test_a_window_that_shut_after_she_was_let_in(here: AnyStore) -> None:
    letter = await Letter(here).made()
    assert await letter.goes_out(NOW + timedelta(hours=24, minutes=1)) == 0
    assert await letter.fate() == (8, "window_closed")


async def test_a_cap_that_another_campaign_has_filled_meanwhile(here: AnyStore) -> None:
    letter = await Letter(here, policy=Rules(caps=(Cap(1, Duration(1)),))).made()
    other = outgoing("o/9/1/0/0", letter.her.id, Identity("messenger", "psid", "p1"), purpose="marketing", priority=1)
    await here.run(lambda u: u.write(Writes(outgoing=[other]), NOW))
    at = int(NOW.timestamp() * 1000)
    gone = f"UPDATE outbox SET status = 3, sent_at = {at} WHERE key = 'o/9/1/0/0'"
    await here.run(lambda u: u.conn.exec_driver_sql(gone) and None)
    assert await letter.goes_out(NOW + timedelta(minutes=1)) == 0 and await letter.fate() == (8, "cap")


async def test_quiet_hours_that_have_begun_meanwhile(here: AnyStore) -> None:
    letter = await Letter(here, policy=Rules(quiet=((1260, 540),))).made(EVENING)
    assert await letter.goes_out(EVENING + timedelta(minutes=5)) == 0 and await letter.fate() == (0, "quiet_hours")
    ((until,),) = await rows(here, "SELECT not_before FROM outbox")
    assert datetime.fromtimestamp(until / 1000, UTC) == datetime(2026, 3, 3, 8, 0, tzinfo=UTC), "nine in Rome"
    assert await letter.goes_out(datetime(2026, 3, 3, 8, 1, tzinfo=UTC)) == 1


@pytest.mark.parametrize("purpose", ["marketing", "service"])
async def test_what_is_too_late_when_it_could_go_again_does_not(store: AnyStore, purpose: str) -> None:
    """It was paused (or no process was tstore, or the account was locked) after her message was made."""
    letter = await Letter(store, late=parse_duration("3h"), purpose=purpose).made()
    await store.run(lambda u: pause(u, "spring", "mia", "a wrong price", NOW))
    assert await letter.goes_out(NOW + timedelta(hours=1)) == 0 and await letter.fate() == (0, "campaign")
    await store.run(lambda u: resume(u, "spring", "mia", NOW + timedelta(hours=3, minutes=1)))
    assert await letter.goes_out(NOW + timedelta(hours=3, minutes=1)) == 0 and await letter.fate() == (8, "late")


async def test_what_is_late_but_not_too_late_goes_whole(store: AnyStore) -> None:
    letter = await Letter(store, late=parse_duration("3h"), messages=messages("Spring. " * 900)).made(several=True)
    parts = [await letter.goes_out(NOW + timedelta(hours=2, minutes=59)), 1]
    assert parts[0] == 1
    at = int((NOW + timedelta(hours=2, minutes=59)).timestamp() * 1000)
    await store.run(
        lambda u: u.conn.exec_driver_sql(f"UPDATE outbox SET status = 3, sent_at = {at} WHERE status = 1") and None
    )
    assert await letter.goes_out(NOW + timedelta(hours=3, minutes=1)) == 1, "the rest of what has begun follows"


async def test_late_counts_from_her_time_and_not_from_when_it_was_made(here: AnyStore) -> None:
    """Her time was at ten; the process was away until half past twelve, and the account is locked until two."""
    schedule = At(datetime(2026, 3, 2, 10, 0), "contact")
    letter = await Letter(here, late=parse_duration("3h"), schedule=schedule).made(NOW + timedelta(hours=2, minutes=30))
    assert await letter.goes_out(NOW + timedelta(hours=4)) == 0 and await letter.fate() == (8, "late")


@pytest.mark.parametrize(("changes", "goes"), [
    ({"tags": frozenset({"in", "paid"})}, 0), ({"tags": frozenset()}, 0), ({"tags": frozenset({"in", "vip"})}, 1),
])  # fmt: skip
async def test_who_has_paid_or_left_its_segment_meanwhile(
    here: AnyStore, changes: Mapping[str, Any], goes: int
) -> None:
    """An order was paid, and a flow has put the tag: what is not out yet does not go."""
    letter = await Letter(here, exclude=(compile_condition("'paid' in tags"),)).made()
    await letter.becomes(**changes)
    assert await letter.goes_out(NOW + timedelta(minutes=1)) == goes
    assert await letter.fate() == ((1, "") if goes else (8, "not_meant"))


async def test_what_it_has_sent_itself_does_not_exclude_her(here: AnyStore) -> None:
    """`received('spring')` in its own `exclude` is a question of her turn: what goes then is what it is about."""
    letter = await Letter(here, exclude=(compile_condition("received('spring', '30d')"),)).made()
    assert await letter.goes_out(NOW + timedelta(minutes=1)) == 1
