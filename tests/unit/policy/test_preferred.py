"""Where she likes to be written to: learned from where she answers what several channels brought."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trinario.model.bot import Bot
from trinario.model.channel import Channel
from trinario.model.contact import PREFERS, Contact
from trinario.model.effect import Say
from trinario.model.message import Text
from trinario.policy.send import places
from trinario.runtime.build import LIMITS

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
BOT = Bot("b", "en", "UTC", {name: Channel(name, name, LIMITS[name]) for name in ("whatsapp", "messenger")}, {})
ANA = Contact(1, NOW, channel="whatsapp")


def _order(contact: Contact, *order: str) -> list[str]:
    return [channel.id for channel in places(BOT, contact, Say("k", Text("Hi"), order=order))]


def test_without_a_sign_it_is_where_she_last_wrote() -> None:
    assert ANA.preferred is None
    assert _order(ANA, "preferred") == ["whatsapp"]


def test_the_latest_choice_counts_and_where_she_wrote_comes_behind() -> None:
    marks = {f"{PREFERS}whatsapp": NOW, f"{PREFERS}messenger": NOW + timedelta(hours=1), "flow/once": NOW}
    ana = replace(ANA, marks=marks)
    assert ana.preferred == "messenger"
    assert _order(ana, "preferred") == ["messenger", "whatsapp"]
    assert _order(ana, "current", "preferred") == ["whatsapp", "messenger"]
