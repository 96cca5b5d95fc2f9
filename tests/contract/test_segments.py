"""Segments: the database and the expression itself agree on everybody; members in stretches, samples, hostile texts."""

import random
from collections.abc import Sequence

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import heard
from tests.contract.segment_people import BOT, NOW, expressions, write_people
from trinario import jsons
from trinario.errors import PhraseError
from trinario.expressions import compile_condition
from trinario.jobs import segments
from trinario.model.channel import Identity
from trinario.store.bulk import fetch, insert
from trinario.store.tables import ContactRow
from trinario.store.unit import SqlUnit

PEOPLE, ASKED = 60, 80


def _everybody(unit: SqlUnit) -> list[int]:
    return [row[0] for row in fetch(unit.conn, "SELECT id FROM contacts WHERE merged_into IS NULL ORDER BY id")]


def _differences(unit: SqlUnit, source: str) -> list[str]:
    """Where the database says otherwise than the expression does."""
    one = segments.segment(BOT, compile_condition(source))
    everybody = _everybody(unit)
    facts = unit.segments.facts(sorted(one.facts), segments.question(BOT, one, NOW), everybody)
    people = unit.segments.people(everybody)
    wanted = [p.id for p in people if segments.is_of(BOT, one, p, NOW, facts.get(p.id, ()))]
    found = [p.id for p in segments.members(unit, BOT, one, 0, NOW).people]
    count = segments.count(unit, BOT, one, NOW)
    told = [f"{source}: {'not ' if id in wanted else ''}found {id}" for id in sorted({*wanted} ^ {*found})]
    return told + ([f"{source}: counted {count} of {len(wanted)}"] if count != len(wanted) else [])


def _compare(unit: SqlUnit, sources: Sequence[str]) -> int:
    """How many could be asked; every one of them is answered alike."""
    asked = 0
    for source in sources:
        try:
            segments.segment(BOT, compile_condition(source))
        except PhraseError:
            continue
        told = _differences(unit, source)
        assert not told, told[:5]
        asked += 1
    return asked


async def test_the_database_says_what_the_expression_says(store: AnyStore) -> None:
    rng = random.Random(7)
    await store.run(lambda unit: write_people(unit, rng, PEOPLE))
    assert await store.read(lambda unit: _compare(unit, expressions(rng, ASKED))) > ASKED // 2


FIXED = (
    "'customer' in tags and fields.city == 'Milano' and contact.last_seen_at > ago('90d')",
    "not (fields.budget > 5)",
    "fields.budget > 5 or true",
    "not (fields.budget > 5 and false)",
    "fields.born.month == today.month and fields.born.day == today.day",
    "(fields.city | lower) == 'forlì'",
    "not ((fields.city | lower) == 'k')",
    "fields.visits < 1",
    "fields.visits | default(3) > 2",
    "(fields.city or 'none') == 'none'",
    "fields.likes and 'Milano' in fields.likes",
    "consent.marketing is none",
    "wants('marketing', 'whatsapp') == false",
    "contact.last_seen_at > ago('1d') and not channel.window_open",
    "reachable('whatsapp') and not received('spring') and (in_flow('booking') or enrolled('news'))",
    "contact.country == 'IT'",
    "contact.country in ['US', 'GB'] or contact.country is none",
    "not (contact.country != 'IT')",
    "received('spring', '30d')",
    "received('spring') and not received('spring', '24h')",
    "fields.budget in [0.1, 5, 123456789012345678.5]",
    "true",
    "false or none",
)


async def test_what_people_ask(store: AnyStore) -> None:
    await store.run(lambda unit: write_people(unit, random.Random(3), 120))
    assert await store.read(lambda unit: _compare(unit, FIXED)) == len(FIXED)


HOSTILE = (
    "'; DROP TABLE contacts; --",
    '" OR 1=1 --',
    "x' OR 'x'='x",
    "\\",
    "%",
    "_",
    "?",
    "$1",
    "{}",
    "{0}",
    "\u202e",
    "😀" * 50,
)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_texts_are_texts(text: str) -> None:
    from trinario.store.migrate import upgrade
    from trinario.store.sqlite import MemoryStore

    store = MemoryStore()
    columns = ("created_at", "fields", "tags", "consent", "last_heard", "marks")
    rows = [(0, jsons.dumps({"city": one}), jsons.dumps([one]), "{}", "{}", "{}") for one in (text, "plain")]
    store.run_now(lambda unit: (upgrade(unit.conn), insert(ContactRow, columns).run(unit.conn, rows)))
    quoted = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    forms = (
        "fields.city == {}",
        "{} in tags",
        "fields.city in [{}]",
        "fields.city.startswith({})",
        "{} in fields.city",
    )
    for form in forms:
        one = segments.segment(BOT, compile_condition(form.format(quoted)))
        found = store.run_now(lambda unit, one=one: [p.id for p in segments.members(unit, BOT, one, 0, NOW).people])
        assert found == [1], form
    await store.close()


async def test_stretches_and_samples(store: AnyStore) -> None:
    await store.run(lambda unit: write_people(unit, random.Random(5), 200))
    one = segments.segment(BOT, compile_condition("'vip' in tags or contact.last_seen_at > ago('7d')"))
    asked = segments.question(BOT, one, NOW)

    def walk(unit: SqlUnit) -> tuple[list[int], list[int], list[int], list[int]]:
        found, cursor, done = list[int](), 0, False
        while not done:
            some = unit.segments.find(asked, cursor, limit=7, scanned=31)
            found += [contact for contact, _ in some.ids]
            cursor, done = some.cursor, some.done
        whole = [contact for contact, _ in unit.segments.find(asked, 0).ids]
        drawn = [[p.id for p in segments.sample(unit, BOT, one, 5, seed, NOW)] for seed in (1, 1, 2)]
        assert drawn[0] == drawn[1] != drawn[2]
        return found, whole, drawn[0], [p.id for p in segments.members(unit, BOT, one, 0, NOW).people]

    found, whole, drawn, members = await store.read(walk)
    assert found == whole and len(found) == len(set(found))
    assert set(drawn) <= set(members) <= set(whole) and len(drawn) == 5
    assert await store.read(lambda unit: segments.who(unit, BOT, one, _everybody(unit), NOW)) == set(members)


async def test_a_number_tells_a_country_whichever_way_it_came(store: AnyStore) -> None:
    roman, texan, named = (
        Identity("whatsapp", "phone", "393331234567"),
        Identity("whatsapp", "phone", "12125550123"),
        Identity("whatsapp", "bsuid", "FR.13491208655302741918"),
    )

    def bring(unit: SqlUnit) -> None:
        unit.take_in([heard(roman, "w1"), heard(named, "w2"), heard(Identity("fb-2", "psid", "39333"), "w3")], NOW)
        unit.imports.add([(None, (texan,))], NOW)

    await store.run(bring)
    for country, who in (("IT", roman), ("US", texan), ("FR", named)):
        one = segments.segment(BOT, compile_condition(f"contact.country == '{country}'"))
        found = await store.read(lambda unit, one=one: segments.members(unit, BOT, one, 0, NOW).people)  # type: ignore[misc]
        assert [person.identities for person in found] == [(who,)]
    (hers,) = await store.read(lambda unit: unit.imports.holders([texan]).values())
    await store.run(lambda unit: unit.rekey(hers, (texan,), (Identity("whatsapp", "phone", "447911123456"),)))
    assert not await store.read(lambda unit: _differences(unit, "contact.country == 'GB'"))
