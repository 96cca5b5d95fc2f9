"""What a platform tells of somebody: asked once, and only what nobody knew is learnt."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from trinario import jsons
from trinario.jobs.profile import ask_for, learn
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.heard import Heard
from trinario.ports import InboxEntry, Writes

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HER = Identity("ms", "psid", "42")
SHE = Contact(7, NOW, (HER,))


class _Nothing:
    def token(self, context: str) -> bytes:
        return b"\0" * 32


BOT = Bot("demo", "en", "Europe/Rome", {}, {})
WORLD = World(lambda: BOT, {}, _Nothing(), profiled=frozenset({"ms"}))


def _told(**data: Any) -> InboxEntry:
    return InboxEntry(1, 7, "ms", "profile", "profile:1", jsons.dumps(data), 0, NOW)


def _learnt(contact: Contact = SHE, **data: Any) -> Contact:
    return learn(WORLD, contact, _told(**data), NOW, Writes())


def test_who_writes_for_the_first_time_is_asked_about_once() -> None:
    writes = Writes()
    heard = Heard(HER, "m1", NOW, "text", "hi")
    ask_for(WORLD, SHE, heard, NOW, writes)
    assert [(call.key, call.kind, call.session) for call in writes.calls] == [("profile:ms:42", "profile", "")]
    ask_for(WORLD, replace(SHE, last_heard={"ms": NOW}), heard, NOW, writes)
    ask_for(WORLD, SHE, replace(heard, name="Anna"), NOW, writes)
    ask_for(replace(WORLD, profiled=frozenset()), SHE, heard, NOW, writes)
    assert len(writes.calls) == 1


def test_names_and_language_are_learnt_where_they_were_not_known() -> None:
    anna = _learnt(first_name="Anna", last_name="Bianchi", locale="it_IT")
    assert (anna.first_name, anna.last_name, anna.language) == ("Anna", "Bianchi", "it")
    assert _learnt(name="Anna Maria Bianchi").last_name == "Maria Bianchi"
    known = replace(SHE, first_name="Nina", language="de", timezone="Europe/Berlin")
    kept = _learnt(known, first_name="Anna", last_name="Bianchi", locale="it_IT", timezone=-5)
    assert kept == known
    assert _learnt(first_name=7, locale=None, name=["x"]) == SHE


@pytest.mark.parametrize(
    ("hours", "zone"),
    [
        (2, None),
        (1, "Etc/GMT-1"),
        (-5, "Etc/GMT+5"),
        (0, "Etc/GMT"),
        (5.5, None),
        (99, None),
        (True, None),
        ("2", None),
    ],
)
def test_a_zone_is_learnt_where_the_one_we_assume_has_another_time(hours: Any, zone: str | None) -> None:
    """Rome has two hours in July."""
    assert _learnt(timezone=hours).timezone == zone
