"""Messages of campaigns give way to answers on the event loop, and get on all the same."""

import asyncio

import pytest

from trinario.runtime.giving_way import GivingWay

PATIENCE = 10.0


def goes_at_once(way: GivingWay) -> bool:
    """Whether a message of a campaign goes without giving the loop away."""
    step = way.behind()
    try:
        step.send(None)
    except StopIteration:
        return True
    step.close()
    return False


async def test_where_nobody_waits_a_message_goes_without_a_pause() -> None:
    assert goes_at_once(GivingWay(lambda: False))
    assert not goes_at_once(GivingWay(lambda: True))


async def test_a_message_of_a_campaign_goes_behind_the_answer_that_is_on_its_way() -> None:
    way, order = GivingWay(lambda: False), list[str]()

    async def bulk() -> None:
        await way.behind()
        order.append("campaign")

    with way.ahead():
        task = asyncio.create_task(bulk())
        for _ in range(5):
            await asyncio.sleep(0)
        order.append("answer")
    await asyncio.wait_for(task, PATIENCE)
    assert order == ["answer", "campaign"]


async def test_it_waits_for_somebody_whose_turn_is_not_written_yet() -> None:
    waiting, gone = [True], list[bool]()
    way = GivingWay(lambda: waiting[0])

    async def bulk() -> None:
        await way.behind()
        gone.append(waiting[0])

    task = asyncio.create_task(bulk())
    await asyncio.sleep(0)
    waiting[0] = False
    await asyncio.wait_for(task, PATIENCE)
    assert gone == [False]


async def test_campaigns_get_on_where_somebody_always_waits() -> None:
    way = GivingWay(lambda: True)
    await asyncio.wait_for(asyncio.gather(*(way.behind() for _ in range(200))), PATIENCE)


async def test_they_go_in_the_order_in_which_they_came() -> None:
    waiting, order = [True], list[int]()
    way = GivingWay(lambda: waiting[0])

    async def bulk(number: int) -> None:
        await way.behind()
        order.append(number)

    tasks = [asyncio.create_task(bulk(number)) for number in range(20)]
    await asyncio.sleep(0)
    waiting[0] = False
    await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)
    assert order == list(range(20))


async def test_one_that_is_called_off_keeps_nobody_behind_it() -> None:
    waiting = [True]
    way = GivingWay(lambda: waiting[0])
    first, second = asyncio.create_task(way.behind()), asyncio.create_task(way.behind())
    await asyncio.sleep(0)
    first.cancel()
    waiting[0] = False
    await asyncio.wait_for(second, PATIENCE)
    await asyncio.gather(first, return_exceptions=True)
    assert first.cancelled() and goes_at_once(way)


async def test_an_answer_that_breaks_off_is_on_its_way_no_more() -> None:
    way = GivingWay(lambda: False)
    with pytest.raises(ConnectionError), way.ahead():
        assert not goes_at_once(way)
        raise ConnectionError
    assert goes_at_once(way)
