"""Three thousand mutated webhooks through the real door: `make fuzz` fires a hundred thousand."""

from tests.fuzz.mutants import Mutant, mutants
from tests.fuzz.rig import FuzzRig

COUNT = 3_000


async def test_no_mutant_breaks_the_door_and_every_intact_item_is_handled() -> None:
    async with FuzzRig() as rig:
        tally = await rig.fire(mutants(20261122, COUNT))
    assert tally.faults == []
    assert set(tally.statuses) == {200, 400, 401}
    assert sum(tally.statuses.values()) == COUNT
    assert tally.intact > COUNT


async def test_a_thousand_updates_in_one_post_with_a_broken_one_in_each_place() -> None:
    parts = []
    for number in range(1_000):
        event = (
            b'{"sender":{"id":"7%d"},"recipient":{"id":"1895382890692545"},"timestamp":1794567890123,'
            b'"message":{"mid":"sound-%d","text":"x"}}' % (number, number)
        )
        parts += [event, (b"null", b"[]", b'"x"', b'{"message":7}', b'{"sender":{}}')[number % 5]]
    raw = b'{"object":"page","entry":[{"id":"1895382890692545","messaging":[' + b",".join(parts) + b"]}]}"
    async with FuzzRig() as rig:
        tally = await rig.fire([Mutant("/webhooks/messenger", raw, tuple(f"sound-{n}" for n in range(1_000)))])
    assert tally.faults == []
    assert tally.statuses == {200: 1}


async def test_the_rig_sees_what_is_lost_and_what_is_forged() -> None:
    raw = b'{"object":"page","entry":[]}'
    async with FuzzRig() as rig:
        tally = await rig.fire(
            [Mutant("/webhooks/messenger", raw, ("sound-nowhere",)), Mutant("/webhooks/messenger", raw, (), "wrong")]
        )
        assert tally.faults == ["lost: sound-nowhere"]
    assert tally.statuses == {200: 1, 401: 1}
