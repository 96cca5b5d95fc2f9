"""A channel stops when the platform says that its account is blocked, and goes on when it says that it is not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trinario import jsons
from trinario.authoring.parse_bot import ChannelSettings
from trinario.jobs.account import Told
from trinario.jobs.beside import tell
from trinario.model.heard import Arrival
from trinario.model.news import News
from trinario.model.standing import UNLIMITED, NumberStanding
from trinario.ports import Trouble
from trinario.runtime import build
from trinario.store.bulk import fetch
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

NOW = datetime(2026, 3, 28, 10, tzinfo=UTC)


class House:
    """A store that is told news."""

    def __init__(self) -> None:
        self.store, self.number = MemoryStore(), 0
        self.store.run_now(lambda unit: upgrade(unit.conn))

    def hears(self, name: str, now: datetime = NOW, **data: Any) -> None:
        self.number += 1
        news = News("ch", f"news:{self.number}", now, name, data)
        self.store.run_now(lambda unit: tell(unit, [Arrival(news, jsons.dumps(data).encode())], now))

    def trouble(self, now: datetime = NOW) -> Trouble | None:
        return next(iter(self.store.run_now(lambda unit: unit.accounts.troubles(now))), None)

    def names(self) -> list[str]:
        return [
            row[0] for row in self.store.run_now(lambda unit: fetch(unit.conn, "SELECT name FROM events ORDER BY id"))
        ]


@pytest.fixture
def house() -> House:
    return House()


def test_a_page_that_is_blocked_stands_still_until_it_is_not(house: House) -> None:
    house.hears("policy_enforcement", action="warning", reason="spam")
    assert house.trouble() is None
    house.hears("policy_enforcement", action="block", reason="spam")
    found = house.trouble()
    assert found is not None and "blocked" in found.reason and "spam" in found.reason
    house.hears("policy_enforcement", action="block", reason="spam")
    assert house.names().count("channel_trouble") == 1
    house.hears("policy_enforcement", action="unblock", reason="")
    assert house.trouble() is None
    assert "channel_well" in house.names()


@pytest.mark.parametrize(
    ("told", "stops"),
    [
        ({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}, True),
        ({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}}, False),
        ({"event": "ACCOUNT_DELETED"}, True),
        ({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "ADULT"}}, False),
        ({"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"}]}, True),
        ({"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION"}]}, False),
        ({"event": "ACCOUNT_RESTRICTION", "restriction_info": "x"}, False),
        ({"event": "DISABLED_UPDATE", "ban_info": 7}, False), ({"event": 7}, False), ({}, False),
    ],
)  # fmt: skip
def test_what_becomes_of_a_whatsapp_account(house: House, told: dict[str, Any], stops: bool) -> None:
    house.hears("account_update", **told)
    found = house.trouble()
    assert (found is not None and bool(found.code)) == stops
    house.hears("account_update", event="DISABLED_UPDATE", ban_info={"waba_ban_state": "REINSTATE"})
    assert house.trouble() is None


def test_what_the_business_begins_waits_until_a_restriction_ends(house: House) -> None:
    until = NOW + timedelta(days=3)
    restriction = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": int(until.timestamp())}
    house.hears("account_update", event="ACCOUNT_RESTRICTION", restriction_info=[restriction])
    assert "marketing_held" in house.names()
    found = house.trouble()
    assert found is not None and found.bulk_until == until
    over = {**restriction, "expiration": int(NOW.timestamp()) - 1}
    other = House()
    other.hears("account_update", event="ACCOUNT_RESTRICTION", restriction_info=[over, {**over, "expiration": "1e999"}])
    assert other.names().count("marketing_held") == 1  # of the one that does not say until when


def test_operators_hear_of_a_blocked_page_and_of_its_return(house: House) -> None:
    told = Told()
    for number, action in enumerate(("block", "block", "unblock")):
        data = {"action": action, "reason": "spam"}
        news = Arrival(News("ch", f"news:{number}", NOW, "policy_enforcement", data), jsons.dumps(data).encode())
        house.store.run_now(lambda unit, news=news: tell(unit, [news], NOW, told))  # type: ignore[misc]
    assert [channel for channel, _ in told.troubled] == ["ch"] and told.well == ["ch"]


@pytest.mark.parametrize(
    ("name", "told", "stands"),
    [
        ("number_quality", {"event": "FLAGGED", "current_limit": "TIER_10K"}, NumberStanding("ch", "red", 10_000)),
        ("number_quality", {"event": "UNFLAGGED", "current_limit": "TIER_250"}, NumberStanding("ch", "green", 250)),
        ("number_quality", {"event": "THROUGHPUT_UPGRADE", "max_daily_conversations_per_business": "TIER_UNLIMITED",
                            "current_limit": "TIER_100K"}, NumberStanding("ch", "", UNLIMITED)),
        ("account_capability", {"max_daily_conversations_per_business": 2000, "max_phone_numbers_per_waba": 25},
         NumberStanding("ch", "", 2000)),
        ("account_capability", {"max_daily_conversation_per_phone": -1}, NumberStanding("ch", "", UNLIMITED)),
        ("account_capability", {"max_daily_conversations_per_business": "TIER_NOT_SET"}, None),
        ("number_quality", {"event": 7, "current_limit": ["x"]}, None),
    ],
)  # fmt: skip
def test_what_is_told_of_a_number(house: House, name: str, told: dict[str, Any], stands: NumberStanding | None) -> None:
    house.hears(name, **told)
    assert house.store.run_now(lambda unit: unit.accounts.standings()) == ([stands] if stands else [])


def test_a_ban_of_a_whatsapp_account_stops_all_its_numbers_and_no_others(house: House) -> None:
    def number(name: str, id: str, waba: str) -> ChannelSettings:
        values = {
            "phone_number_id": id,
            "phone": f"+3900{id}",
            "waba_id": waba,
            "app_secret": ("s",),
            "verify_token": "v",
        }
        return ChannelSettings(name, "whatsapp", values)

    numbers = (number("shop", "1", "77"), number("care", "2", "77"), number("other", "3", "88"))
    inlet = build.inlets(numbers)["/webhooks/whatsapp"]

    def hears(state: str, **more: str) -> None:
        value = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state}, **more}
        change = {"field": "account_update", "value": value}
        body = {"object": "whatsapp_business_account", "entry": [{"id": "77", "time": 1774692000, "changes": [change]}]}
        arrivals = inlet.decode(jsons.dumps(body).encode())
        assert all(inlet.decode(one.raw) == arrivals for one in arrivals)
        house.store.run_now(lambda unit: tell(unit, arrivals, NOW))

    hears("DISABLE")
    found = house.store.run_now(lambda unit: unit.accounts.troubles(NOW))
    assert [one.channel for one in found] == ["care", "shop"]
    hears("REINSTATE")
    assert house.store.run_now(lambda unit: unit.accounts.troubles(NOW)) == []
    hears("DISABLE", display_phone_number="+39002")  # what names a number is told of that one
    assert house.names().count("account_update") == 5
