"""Segments: the database and the expression itself agree on everybody; members in stretches, samples, counts."""

import random

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.segment_people import BOT, NOW, expressions, write_people
from trinario.errors import PhraseError
from trinario.expressions import compile_condition
from trinario.jobs import segments
from trinario.store.bulk import fetch
from trinario.store.unit import SqlUnit

PEOPLE, ASKED = 100, 150


def _differences(unit: SqlUnit, source: str) -> list[str]:
    """Where the database says otherwise than the expression does."""
    one = segments.segment(BOT, compile_condition(source))
    everybody = [row[0] for row in fetch(unit.conn, "SELECT id FROM contacts WHERE merged_into IS NULL ORDER BY id")]
    people = unit.segments.people(everybody)
    facts = unit.segments.facts(sorted(one.facts), segments.question(BOT, one, NOW), everybody)
    wanted = [p.id for p in people if segments.is_of(BOT, one, p, NOW, facts.get(p.id, ()))]
    found = [p.id for p in segments.members(unit, BOT, one, 0, NOW).people]
    count = segments.count(unit, BOT, one, NOW)
    told = [f"{source}: {'not ' if id in wanted else ''}found {id}" for id in sorted({*wanted} ^ {*found})]
    return told + ([f"{source}: counted {count} of {len(wanted)}"] if count != len(wanted) else [])


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_database_says_what_the_expression_says(store: AnyStore, seed: int) -> None:
    rng = random.Random(seed)
    await store.run(lambda unit: write_people(unit, rng, PEOPLE))
    asked, refused = expressions(rng, ASKED), 0
    for source in asked:
        try:
            segments.segment(BOT, compile_condition(source))
        except PhraseError:
            refused += 1
            continue
        told = await store.read(lambda unit, source=source: _differences(unit, source))
        assert not told, told[:5]
    assert refused < ASKED / 2
