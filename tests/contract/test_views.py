"""Views for tools: their columns are what the reference says, and they say the same on every database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect

from tests.contract.conftest import AnyStore
from tests.contract.test_campaigns import NOW, Desk, a_campaign
from tests.contract.test_schedules import contacts, rows
from trinario import jsons
from trinario.model.campaign import Side, Variants
from trinario.model.consent import RecordConsent
from trinario.model.effect import ChangeEnrolment
from trinario.ports import Writes
from trinario.ports.clicks import ShortLink
from trinario.ports.passages import Passage
from trinario.store.views import VIEWS


async def test_every_view_has_the_columns_that_the_reference_tells(store: AnyStore) -> None:
    def there(unit: Any) -> dict[str, list[str]]:
        looked = inspect(unit.conn)
        return {name: [column["name"] for column in looked.get_columns(name)] for name in looked.get_view_names()}

    assert await store.run(there) == {view.name: [name for name, _, _ in view.columns] for view in VIEWS}


@pytest.mark.parametrize("word", ["text", "content", "value", "first_name", "body", "fields", "said", "wording", "url"])
def test_no_view_tells_what_somebody_is_called_or_said(word: str) -> None:
    assert not [view.name for view in VIEWS for name, sql, _ in view.columns if name == word or f".{word}" in sql]


async def test_they_tell_of_a_campaign_what_became_of_it(store: AnyStore) -> None:
    await contacts(store, 12, language="it")
    desk = Desk(store, a_campaign(variants=Variants("spring", (Side("a", 1), Side("b", 1)), 1)))
    await desk.all_wrote()
    await desk.start()
    await desk.goes()
    told = await rows(store, "SELECT campaign, state, slot_state, recipients FROM report_campaigns")
    assert told == [("spring", told[0][1], "filled", 6)]
    people = await rows(store, "SELECT contact_id, state, reason, variant FROM report_recipients ORDER BY 1")
    assert len(people) == 6 and {state for _, state, _, _ in people} <= {"begun", "left out"}
    assert all((reason == "holdout") == (variant == "holdout") for _, _, reason, variant in people)
    begun = {contact for contact, state, _, _ in people if state == "begun"}
    said = await rows(
        store, "SELECT contact_id, campaign, flow, step, status FROM report_messages WHERE campaign = 'spring'"
    )
    assert {row[0] for row in said} == begun
    assert all(flow.startswith("campaign/spring") and step and status == "pending" for _, _, flow, step, status in said)
    kept = await rows(store, "SELECT contact_id, language, channel FROM report_contacts ORDER BY 1")
    assert len(kept) == 12 and kept[0][1] == "it"


async def test_every_state_of_a_slot_has_its_word(store: AnyStore) -> None:
    await contacts(store, 2)
    desk = Desk(store, a_campaign())
    await desk.start()
    await desk.goes()
    told = {}
    for state in range(5):
        await store.run(
            lambda u, state=state: u.conn.exec_driver_sql(f"UPDATE campaign_slots SET state = {state}") and None
        )
        told[state] = (await rows(store, "SELECT slot_state FROM report_campaigns"))[0][0]
    assert list(told.values()) == ["filling", "filled", "passed over", "cancelled", "over"]


async def test_they_tell_of_steps_sequences_goals_permissions_and_links(store: AnyStore) -> None:
    await contacts(store, 1)
    later = NOW + timedelta(seconds=90)
    goal = jsons.dumps(
        {"goal": "order_paid", "flow": "shop", "step": "pay", "session": "s1", "value": 3, "currency": "EUR"}
    )
    await store.run(
        lambda u: u.write(
            Writes(
                passages=[Passage("s1", "shop", "pay", NOW, "waits", False, "r1", 0, "", "messenger", "it")],
                events=[(1, "goal", NOW, goal)],
                consents=[(1, RecordConsent("marketing", "granted", "keyword"), NOW)],
                enrolments=[(1, ChangeEnrolment("tips", True), NOW)],
                links=[ShortLink("t", "https://x.example/?who=ana", 1, "k", "messenger")],
            ),
            NOW,
        )
    )
    await store.run(lambda u: u.write(Writes(passages=[Passage("s1", "shop", "pay", later, "answered", True)]), later))
    await store.run(lambda u: u.clicks.click("t", later))
    assert await rows(store, "SELECT flow, step, way, seconds, campaign FROM report_steps") == [
        ("shop", "pay", "answered", 90, None)
    ]
    assert await rows(store, "SELECT sequence, state FROM report_sequences") == [("tips", "live")]
    assert await rows(store, "SELECT contact_id, goal, step, amount, currency FROM report_goals") == [
        (1, "order_paid", "pay", 3, "EUR")
    ]
    assert await rows(store, "SELECT purpose, state, evidence FROM report_consent") == [
        ("marketing", "granted", "keyword")
    ]
    assert await rows(store, "SELECT contact_id, channel, opened FROM report_clicks") == [(1, "messenger", 1)]
    (moment,) = (await rows(store, "SELECT arrived_at FROM report_steps"))[0]
    read = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    assert read.astimezone(UTC) == NOW
