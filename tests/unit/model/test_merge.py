"""Two contacts become one and are two again: which value stands, and what was whose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trinario.model.consent import RecordConsent
from trinario.model.contact import Contact
from trinario.model.contact_json import contact_from_json, contact_to_json
from trinario.model.merge import unite
from trinario.model.part import Before, Side, Since, part, strip

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def contact(id: int = 1, **known: Any) -> Contact:
    return replace(Contact(id, at(-100)), **known)


# ---- becoming one


@pytest.mark.parametrize(
    ("rule", "mine", "other", "stands"),
    [
        ("newest", "a", "b", "b"), ("keep", "a", "b", "a"), ("ask", "a", "b", "a"),
        ("union", ["a", "b"], ["b", "c"], ["a", "b", "c"]), ("union", "a", "b", "b"), ("union", ["a"], "b", "b"),
        ("max", 3, 2, 3), ("max", 2, 3, 3), ("max", 2, "x", "x"),
        ("newest", "", "b", "b"), ("newest", "a", "", "a"), ("newest", "a", None, "a"), ("newest", [], ["b"], ["b"]),
        ("keep", "a", "a", "a"),
    ],
)  # fmt: skip
def test_which_of_two_values_stands(rule: Any, mine: Any, other: Any, stands: Any) -> None:
    kept = contact(fields={"f": mine}, changed={"f": at(-9)})
    united, asked = unite(kept, contact(2, fields={"f": other}, changed={"f": at(-1)}), {"f": rule})
    assert united.fields["f"] == stands
    assert asked == (["f"] if rule == "ask" else [])


def test_of_two_ages_the_newer_one_stands_and_what_never_changed_is_as_old_as_she_is() -> None:
    kept = contact(fields={"f": "a"}, language="en", timezone="UTC", changed={"f": at(-1)})
    taken = contact(2, created_at=at(-50), fields={"f": "b", "g": "c"}, language="it", timezone=None)
    united, _ = unite(kept, taken, {})
    assert united.fields == {"f": "a", "g": "c"} and (united.language, united.timezone) == ("it", "UTC")
    assert unite(taken, kept, {})[0].language == "it"


def test_a_name_belongs_together() -> None:
    nameless, named = contact(), contact(2, first_name="Bea", last_name="B")
    assert unite(nameless, named, {})[0].name == "Bea B"
    assert unite(contact(last_name="A"), named, {})[0].name == "A"


def test_permissions_are_the_stricter_ones_and_moments_the_later_ones() -> None:
    kept = contact(consent={"marketing": True}, last_heard={"wa": at(-5)}, marks={"m": at(-5)}, tags=frozenset("x"))
    taken = contact(2, consent={"marketing": False}, last_heard={"wa": at(-3), "fb": at(-9)}, tags=frozenset("y"))
    united, _ = unite(kept, taken, {})
    assert united.consent == {"marketing": False} and united.tags == {"x", "y"}
    assert united.last_heard == {"wa": at(-3), "fb": at(-9)} and united.marks == {"m": at(-5)}


def test_she_is_where_she_wrote_last() -> None:
    early, late = contact(channel="wa", last_seen_at=at(-9)), contact(2, channel="fb", last_seen_at=at(-1))
    assert unite(early, late, {})[0].channel == unite(late, early, {})[0].channel == "fb"
    assert unite(contact(), late, {})[0].channel == "fb" and unite(early, contact(2), {})[0].channel == "wa"
    assert unite(contact(), contact(2), {})[0].last_seen_at is None


def test_whom_a_person_has_a_person_has() -> None:
    handed = contact(2, owner="person", owner_until=at(5))
    assert unite(contact(), handed, {})[0].owner == "person"
    mine = contact(owner="person", owner_until=at(9))
    assert unite(mine, handed, {})[0].owner_until == at(9) and unite(contact(), contact(2), {})[0].owner == "bot"


# ---- being two again


def before(kept: Contact, taken: Contact) -> Before:
    return Before(kept, taken, unite(kept, taken, {})[0])


def test_what_changed_meanwhile_is_hers_who_wrote_last() -> None:
    told = before(
        contact(fields={"f": "a", "gone": 1}, tags=frozenset({"k"}), language="en"),
        contact(2, fields={"f": "b", "h": "c"}, tags=frozenset({"t"}), language="en"),
    )
    now = replace(
        told.united, fields={"f": "new", "h": "c", "mine": 5}, tags=frozenset({"k", "n"}), language="it",
        changed={"f": at(12), "mine": at(2), "gone": at(2), "#n": at(12), "#t": at(12), "@language": at(12)},
        owner="person", owner_until=at(60),
    )  # fmt: skip
    since = Since([(at(1), "kept", "wa"), (at(11), "taken", "fb")])
    kept, taken = part(now, told, since)
    assert kept.fields == {"f": "a", "mine": 5} and taken.fields == {"f": "new", "h": "c"}
    assert kept.tags == {"k"} and taken.tags == {"n"}
    assert (kept.language, taken.language) == ("en", "it")
    assert (kept.channel, taken.channel) == ("wa", "fb")
    assert kept.last_heard == {"wa": at(1)} and taken.last_seen_at == at(11)
    assert kept.changed == {"mine": at(2), "gone": at(2)} and kept.owner == taken.owner == "person"


@pytest.mark.parametrize(
    ("people", "owners"),
    [((), ("person", "person")), (("kept",), ("person", "bot")), (("taken",), ("bot", "person")),
     (("kept", "taken"), ("person", "person"))],
)  # fmt: skip
def test_people_keep_her_to_whom_they_spoke(people: tuple[Side, ...], owners: tuple[str, str]) -> None:
    told = before(contact(), contact(2))
    now = replace(told.united, owner="person", owner_until=at(60))
    kept, taken = part(now, told, Since(people=people))
    assert (kept.owner, taken.owner) == owners
    assert [one.owner_until for one in (kept, taken)] == [at(60) if owner == "person" else None for owner in owners]
    back = part(replace(now, owner="bot", owner_until=None), told, Since(people=people))
    assert {one.owner for one in back} == {"bot"}


def test_a_no_counts_for_both_and_a_yes_for_whoever_gave_it() -> None:
    told = before(contact(consent={"marketing": True}), contact(2))
    no, yes = RecordConsent("all", "withdrawn", "stop_word"), RecordConsent("marketing", "granted", "message")
    kept, taken = part(told.united, told, Since((), [("taken", no)]))
    assert kept.consent == taken.consent == {"marketing": False}
    kept, taken = part(told.united, told, Since((), [("taken", no), ("taken", yes)]))
    assert (kept.consent, taken.consent) == ({"marketing": False}, {"marketing": True})


def test_who_wrote_last_at_some_time() -> None:
    since = Since([(at(1), "taken", "fb"), (at(5), "kept", "wa")])
    assert [since.side_at(when) for when in (at(0), at(3), at(5), None)] == ["kept", "taken", "kept", "kept"]


def test_nobody_who_was_never_heard_was_seen() -> None:
    told = before(contact(), contact(2))
    assert [one.last_seen_at for one in part(told.united, told, Since())] == [None, None]


# ---- within a later merge


def test_what_one_had_brought_is_taken_out_of_a_third() -> None:
    told = before(
        contact(fields={"f": "a", "same": 1}, changed={"f": at(-9)}, marks={"old": at(-8)}, timezone="UTC"),
        contact(2, fields={"f": "b", "g": "c"}, changed={"f": at(-1)}, tags=frozenset({"t"}), language="it",
                marks={"old": at(-2), "new": at(-2)}),
    )  # fmt: skip
    third = replace(
        told.united, id=3, tags=frozenset({"t", "own"}), fields={**told.united.fields, "h": 7}, timezone="CET"
    )
    left = strip(third, told)
    assert left.fields == {"f": "a", "same": 1, "h": 7} and left.tags == {"own"}
    assert (left.language, left.timezone) == (None, "CET") and left.marks == {"old": at(-8)}
    changed = strip(replace(third, fields={"f": "later"}, language="fr"), told)
    assert changed.fields == {"f": "later"} and changed.language == "fr"


def test_what_she_has_said_since_is_taken_out_of_a_third_and_what_it_covered_is_there_again() -> None:
    told = before(contact(), contact(2))
    since = Since(
        [(at(1), "taken", "wa"), (at(1), "kept", "fb")], came=[(at(1), "taken"), (at(1.5), "kept")]
    )  # both in one second: only our own clock tells which of the two came first
    third = replace(
        told.united, id=3, fields={"city": "Rome", "word": "hers", "own": 1}, tags=frozenset({"new", "mine"}), language="it",
        changed={"city": at(1.2), "word": at(1.2), "own": at(1.6), "#new": at(1.2), "#mine": at(1.6), "@language": at(1.2)},
    )  # fmt: skip
    left = strip(third, told, since, (contact(4, fields={"city": "Milan"}),))
    assert left.fields == {"city": "Milan", "own": 1} and left.tags == {"mine"} and left.language is None
    assert left.changed == {"own": at(1.6), "#mine": at(1.6)}


# ---- as JSON


@pytest.mark.parametrize("until", [None, at(5)])
def test_she_survives_json(until: datetime | None) -> None:
    one = contact(
        first_name="A", fields={"f": [1, "x"]}, tags=frozenset({"t"}), consent={"marketing": False}, channel="wa",
        last_heard={"wa": at(-1)}, last_seen_at=at(-1) if until else None, owner="person", owner_until=until,
        marks={"m": at(-2)}, changed={"f": at(-3)}, pending_link="h",
    )  # fmt: skip
    assert contact_from_json(1, one.created_at, contact_to_json(one)) == one
