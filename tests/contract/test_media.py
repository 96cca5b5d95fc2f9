"""Files that people send, as every database keeps them."""

from dataclasses import replace
from datetime import timedelta

from tests.contract.conftest import AnyStore
from tests.contract.people import BOT as NOBODYS
from tests.contract.records import NOW, heard, later, psid
from trinario.jobs.joining import by_team
from trinario.model.media import media_name
from trinario.ports import MediaEntry, MediaSettled, Said, Unit, Writes

ANA = psid("1")


def entry(contact: int, message: str = "m1", place: int = 0, **more: str) -> MediaEntry:
    """A picture that came with a message."""
    made = MediaEntry(media_name("messenger", message, place), contact, "messenger", "1", message, place, "image")
    return replace(made, url="https://x.fbcdn.net/1", mime_type="image/jpeg", **more)


def ordered(unit: Unit, *entries: MediaEntry) -> None:
    """As a turn writes them."""
    unit.write(Writes(media=list(entries)), NOW)


def taken_back(unit: Unit, message: str = "m1") -> None:
    """As the turn of a deletion writes it."""
    unit.write(Writes(taken_back=[(1, "messenger", message)]), NOW)


def stored(one: MediaEntry) -> MediaSettled:
    """It was fetched."""
    return MediaSettled(one.id, "stored", 1, size=7, digest="ab" * 32, mime_type="image/png")


def statuses(unit: Unit, contact: int = 1) -> dict[str, str]:
    """Message -> status."""
    return {one.message: one.status for one in unit.media.of(contact, 50)}


async def test_a_file_is_claimed_once_and_settled(store: AnyStore) -> None:
    one = entry(1)
    await store.run(lambda unit: ordered(unit, one, one))
    claimed = await store.run(lambda unit: unit.media.claim(5, 77, NOW))
    assert claimed == [replace(one, created_at=NOW)]
    assert await store.run(lambda unit: unit.media.claim(5, 78, NOW)) == []
    assert await store.read(lambda unit: statuses(unit)) == {"m1": "fetching"}
    await store.run(lambda unit: unit.media.settle([stored(one)], 78, NOW))  # it is not theirs
    assert await store.read(lambda unit: statuses(unit)) == {"m1": "fetching"}
    await store.run(lambda unit: unit.media.settle([stored(one)], 77, NOW))
    kept = await store.read(lambda unit: unit.media.find(one.id))
    assert kept is not None and (kept.status, kept.size, kept.mime_type) == ("stored", 7, "image/png")
    await store.run(lambda unit: ordered(unit, one))  # the same message once more
    assert await store.run(lambda unit: unit.media.claim(5, 77, later(10**6))) == []
    assert await store.run(lambda unit: unit.media.expire(NOW, "old", 5, NOW)) == 0
    assert await store.run(lambda unit: unit.media.expire(later(1), "old", 5, later(2))) == 1
    assert await store.run(lambda unit: unit.media.doomed(5, later(2))) == [one.id]


async def test_a_file_waits_for_its_next_try(store: AnyStore) -> None:
    one = entry(1)
    await store.run(lambda unit: ordered(unit, one))
    assert len(await store.run(lambda unit: unit.media.claim(5, 77, NOW))) == 1
    assert await store.run(lambda unit: unit.media.unclaim(77, set())) == set()  # the answer to the claim was lost
    assert len(await store.run(lambda unit: unit.media.claim(5, 77, NOW))) == 1
    again = MediaSettled(one.id, "waiting", 1, "its host answers 503", not_before=later(5))
    await store.run(lambda unit: unit.media.settle([again], 77, NOW))
    assert (await store.read(lambda unit: unit.counts()))["media_waiting"] == 1
    assert await store.run(lambda unit: unit.media.claim(5, 77, later(4))) == []
    assert [found.attempts for found in await store.run(lambda unit: unit.media.claim(5, 77, later(5)))] == [1]


async def test_files_of_a_dead_process_wait_again_and_not_for_ever(store: AnyStore) -> None:
    one = entry(1)
    await store.run(lambda unit: ordered(unit, one))
    for life in range(2):
        assert len(await store.run(lambda unit, life=life: unit.media.claim(5, 70 + life, NOW))) == 1
        assert await store.run(lambda unit, life=life: unit.media.orphan(90, 3)) == [70 + life]
    assert len(await store.run(lambda unit: unit.media.claim(5, 75, NOW))) == 1
    assert await store.run(lambda unit: unit.media.unclaim(75, {one.id, "x"})) == {one.id}
    assert await store.run(lambda unit: unit.media.orphan(75, 3)) == []
    assert await store.run(lambda unit: unit.media.orphan(90, 3)) == [75]
    kept = await store.read(lambda unit: unit.media.find(one.id))
    assert kept is not None and kept.status == "failed" and "process ended" in kept.reason
    assert await store.run(lambda unit: unit.media.doomed(5, NOW)) == [one.id]


async def test_a_deletion_dooms_the_copy_and_waits_for_the_fetch(store: AnyStore) -> None:
    """The copy is removed only when nobody can write it any more."""
    one = entry(1)
    await store.run(lambda unit: ordered(unit, one))
    await store.run(lambda unit: unit.media.claim(5, 77, NOW))
    await store.run(taken_back)
    assert await store.run(lambda unit: unit.media.doomed(5, NOW)) == []
    await store.run(lambda unit: unit.media.settle([stored(one)], 77, NOW))
    assert await store.read(lambda unit: statuses(unit)) == {"m1": "deleted"}
    assert await store.run(lambda unit: unit.media.doomed(5, NOW)) == [one.id]
    await store.run(lambda unit: unit.media.removed([], [one.id], later(60)))
    assert await store.run(lambda unit: unit.media.doomed(5, NOW)) == []
    assert await store.run(lambda unit: unit.media.doomed(5, later(60))) == [one.id]
    await store.run(lambda unit: unit.media.removed([one.id], [], NOW))
    assert await store.run(lambda unit: unit.media.doomed(5, later(99))) == []
    assert await store.read(lambda unit: statuses(unit)) == {"m1": "deleted"}


async def test_deletions_at_any_moment(store: AnyStore) -> None:
    """Whose fetcher died; before the message; in one batch with it."""
    await store.run(lambda unit: ordered(unit, entry(1)))
    await store.run(lambda unit: unit.media.claim(5, 77, NOW))
    await store.run(taken_back)
    assert await store.run(lambda unit: unit.media.orphan(90, 4)) == [77]
    assert await store.run(lambda unit: unit.media.doomed(5, NOW)) == [entry(1).id]
    assert await store.run(lambda unit: unit.media.claim(5, 90, later(10**6))) == []

    await store.run(lambda unit: taken_back(unit, "m2"))
    await store.run(lambda unit: ordered(unit, entry(1, "m2"), entry(1, "m3")))
    assert [one.message for one in await store.run(lambda unit: unit.media.claim(5, 77, NOW))] == ["m3"]
    assert await store.read(lambda unit: statuses(unit)) == {"m1": "deleted", "m2": "deleted", "m3": "fetching"}

    both = Writes(media=[entry(1, "m4"), entry(1, "m4", 1)], taken_back=[(1, "messenger", "m4")])
    await store.run(lambda unit: unit.write(both, NOW))
    assert await store.run(lambda unit: unit.media.claim(5, 77, NOW)) == []


async def test_erasing_leaves_nothing(store: AnyStore) -> None:
    """A row stays until its copy is gone, and says nothing meanwhile; of one that is being fetched as well."""
    await store.run(lambda unit: ordered(unit, entry(1), entry(1, "m2"), entry(1, "m3"), entry(2, "m4")))
    first = (await store.run(lambda unit: unit.media.claim(1, 77, NOW)))[0]
    await store.run(lambda unit: unit.media.settle([stored(first)], 77, NOW))
    flying = (await store.run(lambda unit: unit.media.claim(1, 77, NOW)))[0]
    assert await store.run(lambda unit: unit.media.erase(1)) == 3
    assert await store.read(lambda unit: statuses(unit)) == {}
    assert await store.read(lambda unit: unit.media.find(first.id)) is None
    assert await store.run(lambda unit: unit.media.doomed(9, NOW)) == [first.id]
    await store.run(lambda unit: unit.media.settle([stored(flying)], 77, NOW))
    assert sorted(await store.run(lambda unit: unit.media.doomed(9, NOW))) == sorted([first.id, flying.id])
    await store.run(lambda unit: unit.media.removed([first.id, flying.id], [], NOW))
    rows = await store.read(lambda unit: unit.conn.exec_driver_sql("SELECT contact_id FROM media").fetchall())
    assert [row[0] for row in rows] == [2]


async def test_a_promised_copy_goes_unless_it_is_attached(store: AnyStore) -> None:
    for one in (entry(1), entry(1, "m2")):
        await store.run(lambda unit, one=one: unit.media.promise(one.id, 1, later(60), NOW))
    await store.run(lambda unit: unit.media.attach(entry(1), stored(entry(1)), later(1)))
    assert await store.read(statuses) == {"m1": "stored"}
    assert await store.run(lambda unit: unit.media.doomed(9, later(59))) == []
    assert await store.run(lambda unit: unit.media.doomed(9, later(60))) == [entry(1, "m2").id]


async def test_the_thread_shows_them_and_they_follow_who_she_is(store: AnyStore) -> None:
    said = [Said(1, "in", "contact", "messenger", NOW, "media", "[image]", "m1"),
            Said(1, "in", "contact", "messenger", NOW + timedelta(1), "text", "hi", "m2")]  # fmt: skip
    await store.run(lambda unit: unit.take_in([heard(ANA, "m1"), heard(psid("2"), "m3")], NOW))
    await store.run(lambda unit: unit.write(Writes(said=said, media=[entry(1, "m1", 1), entry(1)]), NOW))
    lines = await store.read(lambda unit: unit.thread(1, 2**62, 9))
    assert [[one.id for one in line["media"]] for line in lines] == [[], [entry(1).id, entry(1, "m1", 1).id]]
    await store.run(lambda unit: by_team(unit, NOBODYS, 2, 1, "mia", "same voice", NOW))
    assert await store.read(lambda unit: statuses(unit, 2)) == {"m1": "waiting"}
