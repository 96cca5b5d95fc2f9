"""Contacts brought in from sheets: found, made, joined and changed, the same on every database; and out again as they were."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW
from trinario.authoring.patterns import patterns
from trinario.channels.whatsapp.limits import LIMITS as WHATSAPP
from trinario.jobs import erase
from trinario.jobs.cells import Manner, Unreadable, defused, read, restored, written, yes_no
from trinario.jobs.columns import columns_of, key_of, matched
from trinario.jobs.consenting import Permission
from trinario.jobs.exporting import row, stretch
from trinario.jobs.importing import Import, Outcome, apart, bring_in
from trinario.jobs.rows import Line, Row, Unfit, read_row
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity
from trinario.model.contact import Contact
from trinario.model.flow import Flow, InputSpec, Trigger
from trinario.ports import Unit
from trinario.runtime.chance import SecretChance
from trinario.runtime.sheets import patiently

CHANNELS = {name: Channel(name, name, WHATSAPP) for name in ("whatsapp", "messenger")}
FIELDS = {
    "city": InputSpec("text"), "budget": InputSpec("number"), "born": InputSpec("date"), "mail": InputSpec("email"),
    "customer": InputSpec("text", index=True), "likes": InputSpec("list"),
}  # fmt: skip
BOT = Bot("b", "it", "Europe/Rome", CHANNELS, {}, region="IT", fields=FIELDS)
ANNA, BEA = "+393331234567", "+393331234568"


def world_of(bot: Bot) -> World:
    return World(lambda: bot, {}, SecretChance(b"key"))


async def bring(
    store: AnyStore, headers: str, *lines: str, bot: Bot = BOT, key: str = "", join: bool = False, **permission: Any
) -> Outcome:
    """Import rows whose cells are parted by bars; the outcomes of all stretches together."""
    names = headers.split("|")
    columns = matched(bot, names, {})
    one = Import(world_of(bot), "people.csv", key_of(bot, key), Permission(file="people.csv", **permission), join)
    total, rows = Outcome(), list[Row]()
    for number, line in enumerate(lines, 2):
        told = Line(number, line.split("|"))
        try:
            rows.append(read_row(Manner(bot, NOW), names, columns, one.key, told))
        except Unfit as fault:
            total.rejected.append((Row(told), fault))
    for some in apart(rows):
        done = await store.run(lambda unit, some=some: bring_in(unit, one, some, NOW))  # type: ignore[misc]
        for name in Outcome.__slots__:
            setattr(total, name, getattr(total, name) + getattr(done, name))
    return total


async def everybody(store: AnyStore) -> list[Contact]:
    return await store.read(lambda unit: list(unit.schedules.contacts_after(0, 100)))


async def ledger(store: AnyStore, contact: int) -> list[tuple[str, str, str, str]]:
    found = await store.read(lambda unit: unit.ledger(contact, 20))
    return [(one["state"], one["evidence"], one["channel"], one["said"]) for one in reversed(found)]


async def test_people_are_made_changed_and_left_as_they_are(store: AnyStore) -> None:
    head = "WhatsApp|First name|city|budget|born|tags|language"
    rows = ("333 1234567|Anna|Roma|1500.5|1990-05-03|vip;new|it", f"{BEA}|Bea|||03/05/1991||en")
    done = await bring(store, head, *rows)
    assert (done.rows, done.created, done.changed, done.rejected) == (2, 2, 0, [])
    anna, bea = await everybody(store)
    assert anna.identities == (Identity("whatsapp", "phone", "393331234567"),) and anna.first_name == "Anna"
    assert (anna.fields["budget"], str(anna.fields["born"]), anna.tags) == (
        Decimal("1500.5"), "1990-05-03", {"vip", "new"},
    )  # fmt: skip
    assert (str(bea.fields["born"]), bea.language, anna.changed["city"]) == ("1991-05-03", "en", NOW)
    again = await bring(store, head, *rows)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2) and await everybody(store) == [anna, bea]
    more = await bring(store, "whatsapp|city|tags", f"{ANNA}|Milano|gold", f"{BEA}||")
    assert (more.changed, more.unchanged) == (1, 1)
    now = (await everybody(store))[0]
    assert now.fields == {**anna.fields, "city": "Milano"} and now.tags == {"vip", "new", "gold"}


async def test_what_cannot_be_read_rejects_its_row_and_no_other(store: AnyStore) -> None:
    done = await bring(
        store, "whatsapp|budget|messenger", f"{ANNA}|many|77", "12|5|", f"{BEA}|1.234|", "|7|", "3.93331E+11|5|",
        "+393331234569|5|78", "+393331234570|6",
    )  # fmt: skip
    why = {row.line.number: str(fault) for row, fault in done.rejected}
    assert done.created == 1 and why.keys() == {2, 3, 4, 5, 6, 8}
    assert "budget: 'many' is no number" in why[2] and "1234.5" in why[2]
    assert "no phone number" in why[3] and "--locale it" in why[4] and "no id" in why[5] and "rounded" in why[6]
    assert "2 cells, and there are 3 columns" in why[8]
    assert [one.identities for one in await everybody(store)] == [
        (Identity("whatsapp", "phone", "393331234569"), Identity("messenger", "psid", "78"))
    ]


async def test_a_key_of_our_own_and_people_who_are_one(store: AnyStore) -> None:
    await bring(store, "customer|whatsapp|city", f"C-1|{ANNA}|Roma", "C-2||Bari", key="field:customer")
    await bring(store, "messenger|city", "555|Pisa")
    refused = await bring(store, "customer|messenger", "C-1|555", key="field:customer")
    assert "several contacts" in str(refused.rejected[0][1]) and len(await everybody(store)) == 3
    done = await bring(
        store, "customer|messenger|city", "C-1|555|Lucca", "C-2|556|Bari", key="field:customer", join=True
    )
    assert (done.joined, done.changed, done.created) == (1, 2, 0)
    anna, two = await everybody(store)
    assert {one.value for one in anna.identities} == {"393331234567", "555"} and anna.fields["city"] == "Lucca"
    assert two.identities == (Identity("messenger", "psid", "556"),)
    empty = await bring(store, "customer|city", "|Roma", key="field:customer")
    assert "customer: empty" in str(empty.rejected[0][1])


async def test_two_rows_of_one_stretch_about_one_person_lose_nothing(store: AnyStore) -> None:
    await bring(store, "whatsapp|messenger", f"{ANNA}|55", f"{BEA}|66")
    done = await bring(store, "whatsapp|messenger|city|budget|tags", f"{ANNA}||Roma||a", "|55||7|b", "|55||7|b")
    assert (done.changed, done.unchanged) == (2, 1)
    anna, _ = await everybody(store)
    assert anna.fields == {"city": "Roma", "budget": Decimal(7)} and anna.tags == {"a", "b"}
    joined = await bring(store, "whatsapp|messenger|city", f"{ANNA}|66|Pisa", f"{BEA}||Bari", join=True)
    assert (joined.joined, joined.changed) == (1, 2)
    (one,) = await everybody(store)
    assert one.fields["city"] == "Bari" and len(one.identities) == 4


async def test_the_same_people_from_several_sides_at_once_are_made_once(store: AnyStore) -> None:
    names = ["whatsapp", "messenger", "city"]
    lines = [Line(n, [f"+39333123{n:04}", str(n), "Roma"]) for n in range(1000, 1040)]
    rows = [read_row(Manner(BOT, NOW), names, matched(BOT, names, {}), None, line) for line in lines]
    one = Import(world_of(BOT), "people.csv")
    done = await asyncio.gather(*(patiently(store, one, part, NOW, dry_run=False) for part in (rows, rows[::-1], rows)))
    people = await everybody(store)
    assert sum(one.created for one in done) == len(people) == 40
    assert all(len(one.identities) == 2 and one.fields == {"city": "Roma"} for one in people)
    tried = await patiently(store, one, [replace_city(rows[0], "Bari")], NOW, dry_run=True)
    assert tried.changed == 1 and await everybody(store) == people


def replace_city(row: Row, city: str) -> Row:
    names = ["whatsapp", "messenger", "city"]
    line = Line(row.line.number, [*row.line.cells[:2], city])
    return read_row(Manner(BOT, NOW), names, matched(BOT, names, {}), None, line)


async def test_a_number_that_has_another_key_already_is_not_given_away(store: AnyStore) -> None:
    await bring(store, "whatsapp|city", f"{BEA}|Bari")
    rows = (f"C-1|{ANNA}", f"C-2|{ANNA}", f"C-3|{BEA}")
    done = await bring(store, "customer|whatsapp", *rows, key="field:customer")
    assert (done.created, done.changed) == (1, 1)
    assert [str(fault) for _, fault in done.rejected] == ["customer: these ids are contact 2's, whose customer is C-1"]


async def test_a_no_stays_a_no_unless_she_said_yes_later(store: AnyStore) -> None:
    proof = {"evidence": "fair, on paper"}
    done = await bring(store, "whatsapp|marketing", f"{ANNA}|", f"{BEA}|no", granted=True, **proof)
    assert (done.granted, done.taken_back) == (1, 1)
    anna, bea = await everybody(store)
    assert anna.consent == {"marketing": True} and bea.consent == {"marketing": False}
    assert await ledger(store, anna.id) == [("granted", "import", "", "fair, on paper")]
    again = await bring(store, "whatsapp", ANNA, BEA, granted=True, **proof)
    assert (again.kept_no, again.unchanged, again.granted) == (1, 2, 0)
    head, before, after = "whatsapp|marketing|marketing_at", NOW - timedelta(days=9), NOW + timedelta(days=1)
    old = await bring(store, head, f"{BEA}|yes|{before.isoformat()}", renew=True, **proof)
    assert old.kept_no == 1 and (await everybody(store))[1].consent == {"marketing": False}
    unasked = await bring(store, head, f"{BEA}|yes|{after.isoformat()}", **proof)
    assert unasked.kept_no == 1
    new = await bring(store, head, f"{BEA}|yes|{after.isoformat()}", renew=True, **proof)
    assert new.granted == 1 and (await everybody(store))[1].consent == {"marketing": True}
    part = await bring(store, "whatsapp|marketing@messenger", f"{BEA}|no", **proof)
    assert part.taken_back == 1
    assert (await everybody(store))[1].consent == {"marketing": True, "marketing@messenger": False}
    assert (await bring(store, "whatsapp", BEA, granted=True, **proof)).kept_no == 1


@pytest.mark.parametrize(
    ("locale", "cell", "says"),
    [
        ("", "sì", True), ("", "Sì ", True), ("", "NO", False), ("", "x", True), ("", "0", False), ("de", "Ja", True),
        ("de", "nein", False), ("de", "sì", True), ("en-GB", "y", True), ("pt_BR", "não", False),
        ("", "ja", None), ("", "2", None), ("", "volentierj", None), ("", "maybe", None),
    ],
)  # fmt: skip
def test_yes_and_no_are_read_in_the_language_of_the_bot_and_of_the_file(
    locale: str, cell: str, says: bool | None
) -> None:
    """Of a permission and of a field alike; where it is not plain what was meant, nobody guesses."""
    manner = Manner(replace(BOT, patterns=patterns({}, "it")), NOW, locale)
    for reading in (
        lambda: yes_no(manner, cell),
        lambda: read(manner, "yes_no", cell),
        lambda: read(manner, "bool", cell),
    ):
        for _ in range(2):
            if says is None:
                with pytest.raises(Unreadable, match="neither yes nor no"):
                    reading()
            else:
                assert reading() is says
    assert read(manner, "choice", " plants ") == "plants"


async def test_who_was_erased_does_not_come_back(store: AnyStore) -> None:
    await bring(store, "whatsapp|mail", f"{ANNA}|anna@example.org")
    (anna,) = await everybody(store)
    await store.run(lambda unit: erase.erase(unit, world_of(BOT), anna.id, "team", "e1", NOW))
    done = await bring(store, "whatsapp|messenger|mail", f"{ANNA}||", "|99|Anna@Example.org", f"{BEA}||")
    assert (done.forgotten, done.created, done.rejected) == (2, 1, [])
    assert [one.identities[0].value for one in await everybody(store)] == [BEA[1:]]


async def test_what_flows_follow_has_its_turn_in_the_inbox_and_is_there_once(store: AnyStore) -> None:
    follows = Flow("vip", "1", {}, triggers=(Trigger("tag", value="vip", mode="added"),))
    bot = replace(BOT, flows={"vip": follows})
    done = [await bring(store, "whatsapp|tags|city", f"{ANNA}|vip|Roma", f"{BEA}|new|Bari", bot=bot) for _ in range(2)]
    assert [(one.created, one.changed, one.queued) for one in done] == [(2, 0, 2), (0, 2, 2)]
    waiting = await store.run(
        lambda unit: [(c.contact.id, [e.kind for e in c.entries]) for c in unit.claim_cases(9, NOW)]
    )
    anna, bea = await everybody(store)
    assert waiting == [(anna.id, ["change"]), (bea.id, ["change"])] and anna.fields == bea.fields == {}


async def test_out_and_in_again_changes_nothing(store: AnyStore) -> None:
    await bring(
        store, "whatsapp|messenger|first_name|city|budget|likes|tags|marketing|marketing@messenger",
        f"{ANNA}|24839573245810593|=SUM(A1)|'quoted|1234.567|tea;=cake|vip|yes|no", "|-5|+Bea|@home|-7|||no|",
        evidence="on paper",
    )  # fmt: skip
    mexico = Identity("whatsapp", "phone", "5215512345678")
    await store.run(lambda unit: unit.imports.add([(None, [mexico, Identity("whatsapp", "bsuid", "MX.9")])], NOW))
    before = await everybody(store)
    sheet = await _exported(store)
    assert sheet[1]["whatsapp"] == f"'{ANNA}" and sheet[1]["first_name"] == "'=SUM(A1)"
    assert not any(cell[:1] in "=+-@" for row in sheet for cell in row.values() if cell)
    lines = ["|".join(one.values()) for one in sheet[1:]]
    for key in ("contact", ""):
        done = await bring(store, "|".join(sheet[0]), *lines, key=key, evidence="on paper")
        assert (done.unchanged, done.rejected, done.created) == (3, [], 0), done
    assert await everybody(store) == before


async def _exported(store: AnyStore) -> list[Mapping[str, str]]:
    def work(unit: Unit) -> Sequence[Contact]:
        return stretch(unit, BOT, None, 0, NOW)[0]

    columns = columns_of(BOT)
    people = await store.read(work)
    return [dict.fromkeys(columns, ""), *(dict(zip(columns, row(one, columns), strict=True)) for one in people)]


@settings(max_examples=200, deadline=None)
@given(
    st.text(), st.decimals(allow_nan=False, allow_infinity=False, places=4), st.dates(), st.lists(st.text(max_size=9))
)
def test_a_cell_is_read_as_what_was_written(text: str, number: Decimal, day: Any, words: list[str]) -> None:
    cell = defused(text)
    assert restored(cell) == text and cell[:1] not in ("=", "+", "-", "@", "\t", "\r")
    clean = [word for word in words if "\0" not in word]
    for kind, value in (("number", number), ("date", day), ("list", clean), ("yes_no", True)):
        assert read(Manner(BOT), kind, restored(defused(written(value)))) == value
