"""The clock that follows the emulator's."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp

from trinario.emulator.server import Emulator
from trinario.runtime.clock import EmulatorClock, SystemClock


def test_the_machine_s_clock() -> None:
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_moved_clock_is_noticed_at_once() -> None:
    emulator = Emulator()
    port = await emulator.start()
    async with aiohttp.ClientSession() as session:
        clock = EmulatorClock(f"http://127.0.0.1:{port}", session)
        moved = asyncio.Event()
        clock.moved = moved.set
        await clock.start()
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
        async with session.post(f"http://127.0.0.1:{port}/_emulator/clock", json={"advance": 86_400}) as response:
            assert response.status == 200
        await asyncio.wait_for(moved.wait(), 5)
        assert abs(clock.now() - datetime.now(UTC) - timedelta(days=1)) < timedelta(minutes=1)
        await emulator.stop()
        before = clock.now()
        await asyncio.sleep(0.1)
        assert timedelta() < clock.now() - before < timedelta(seconds=5), "without the emulator the offset stays"
        await clock.stop()
        await clock.stop()


async def test_a_clock_that_is_moved_before_the_start_is_right_from_the_start() -> None:
    emulator = Emulator()
    port = await emulator.start()
    async with aiohttp.ClientSession() as session:
        async with session.post(f"http://127.0.0.1:{port}/_emulator/clock", json={"advance": -3600}):
            pass
        clock = EmulatorClock(f"http://127.0.0.1:{port}/_emulator/clock", session)
        await clock.start()
        assert abs(datetime.now(UTC) - clock.now() - timedelta(hours=1)) < timedelta(minutes=1)
        await clock.stop()
    await emulator.stop()


async def test_an_emulator_that_is_not_there_keeps_nobody_waiting() -> None:
    async with aiohttp.ClientSession() as session:
        clock = EmulatorClock("http://127.0.0.1:1", session)
        await asyncio.wait_for(clock.start(), 3)
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
        await clock.stop()
