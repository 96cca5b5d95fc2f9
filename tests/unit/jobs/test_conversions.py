"""Goals that Meta is told of: of whom an ad brought, not long ago, and who has said yes; each once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from trinario import jsons
from trinario.channels.graph.conversions import body_of
from trinario.jobs.call import make, outcome
from trinario.jobs.conversions import remember, tell
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.conversions import Conversions
from trinario.model.effect import CountGoal
from trinario.model.heard import Heard, Referral
from trinario.ports import CallEntry, NotReturned, Outside, Writes

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HER = Identity("wa", "phone", "393331234567")
ANA = Contact(7, NOW, (HER,), consent={"marketing": True})
BOT = Bot("demo", "en", "Europe/Rome", {}, {}, conversions=Conversions({"paid": "Purchase"}))
PAID = CountGoal("paid", "i1.1", "shop", "pay", Decimal("9.90"), "EUR")


class _Nothing:
    def token(self, context: str) -> bytes:
        return b"\0" * 32


def _told(contact: Contact, goal: CountGoal = PAID, now: datetime = NOW, bot: Bot = BOT) -> list[dict[str, Any]]:
    writes = Writes()
    tell(World(lambda: bot, {}, _Nothing()), contact, goal, now, writes)
    assert all(call.kind == "conversion" and call.again and not call.session for call in writes.calls)
    return [dict(call.request) for call in writes.calls]


def _clicked(contact: Contact = ANA, click: Any = "Aff-1", at: datetime = NOW, bot: Bot = BOT) -> Contact:
    heard = Heard(HER, "m1", at, "text", text="hi", referral=Referral(source="ad", ad="9", data={"ctwa_clid": click}))
    return remember(bot, contact, heard)


def test_a_goal_after_a_click_is_told_once_with_what_it_was_worth() -> None:
    assert _told(_clicked()) == [
        {"channel": "wa", "click": "Aff-1", "event": "Purchase", "at": int(NOW.timestamp()), "value": 9.9,
         "currency": "EUR", "id": "conversion:i1.1/shop.pay/paid"}
    ]  # fmt: skip
    (plain,) = _told(_clicked(), replace(PAID, currency=""))
    assert "value" not in plain and "currency" not in plain


def test_the_last_click_counts() -> None:
    later = _clicked(_clicked(), "Aff-2", NOW + timedelta(hours=1))
    assert [name for name in later.marks if name.startswith("clicked:")] == ["clicked:wa:Aff-2"]
    assert _told(later, now=NOW + timedelta(hours=2))[0]["click"] == "Aff-2"


@pytest.mark.parametrize("consent", [{}, {"marketing": False}, {"marketing": True, "marketing@wa": False}])
def test_without_her_yes_nothing_goes_out(consent: dict[str, bool]) -> None:
    assert _told(_clicked(replace(ANA, consent=consent))) == []


def test_who_came_by_no_ad_or_long_ago_or_reached_another_goal_is_not_told_of() -> None:
    assert _told(ANA) == []
    assert _told(_clicked(), now=NOW + timedelta(days=7, seconds=1)) == []
    assert _told(_clicked(), replace(PAID, name="asked")) == []
    assert _told(_clicked(), bot=replace(BOT, conversions=None)) == []


@pytest.mark.parametrize("click", ["", 7, None, "ü", "x" * 1001])
def test_what_is_no_click_is_not_remembered(click: Any) -> None:
    assert _clicked(click=click) == ANA and _clicked(bot=replace(BOT, conversions=None)) == ANA


def test_nothing_of_her_but_the_click_goes_out() -> None:
    (told,) = _told(_clicked())
    (event,) = body_of(told, "102")["data"]
    assert event["user_data"] == {"whatsapp_business_account_id": "102", "ctwa_clid": "Aff-1"}
    assert "393331234567" not in str(event) and event["custom_data"] == {"value": 9.9, "currency": "EUR"}


async def test_nobody_hears_what_came_of_it_and_without_an_account_it_fails() -> None:
    (told,) = _told(_clicked())
    call = CallEntry(1, "k", 7, "", "conversion", jsons.dumps(told), 10.0, 20, True, 0, "conversion")
    result = await make(Outside(), call)
    assert isinstance(result, NotReturned) and "conversion" in result.reason
    assert outcome(call, result, NOW, lambda: 0.5).told is None
    again = outcome(call, NotReturned("away", again=True), NOW, lambda: 0.5)
    assert again.status == 0 and again.not_before is not None and again.not_before > NOW
