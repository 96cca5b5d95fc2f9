"""The bell: many rings are one, and who waits for what was rung for is known until somebody takes it up."""

from trinario.runtime.bell import Bell


async def test_who_waits_is_known_until_it_is_taken_up() -> None:
    bell = Bell()
    bell.ring()
    assert not bell.first and not bell.heard
    bell.ring(first=True)
    bell.ring()
    assert await bell.wait(1) and bell.first and bell.heard
    assert bell.take_first() and not bell.take_first()


async def test_a_bell_that_nobody_here_waits_for_keeps_nobody_waiting() -> None:
    rung: list[int] = []
    bell = Bell(lambda: rung.append(1), attended=False)
    bell.ring(first=True)
    assert rung and bell.heard and not bell.first, "bulk would be held back for ever"


async def test_what_nobody_waits_for_rings_the_bell_behind_as_well_and_they_close_together() -> None:
    behind = Bell()
    bell = Bell(behind=behind)
    bell.ring(first=True)
    assert not behind.first and not behind.heard and not behind._event.is_set()
    bell.ring()
    assert await behind.wait(1)
    bell.close()
    assert bell.closed and behind.closed and not await behind.wait(1)
