"""The processes of a storm: the emulator, a balancer where there are several bots, and the bots; ended whatever happens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crash.balancer import Balancer
from tests.crash.size import Size, diced, wanted
from tests.crash.storm import ENVIRON, KNOBS
from tests.processes import Bot, Meta, free_port


def size_of(request: pytest.FixtureRequest, small: Size, large: Size) -> Size:
    """Small in the suite; large when `make crash` asks for it, which has the half of an hour that it takes."""
    if request.param == "large" and not wanted():
        pytest.skip("make crash runs it")
    return diced(small if request.param == "small" else large)


@contextmanager
def processes(
    folder: Path, url: str, count: int, bot: Path, environ: Mapping[str, str] = ENVIRON
) -> Iterator[tuple[Meta, list[Bot]]]:
    """So many processes of a bot on this database, up, behind one front; what they said is printed when the storm breaks."""
    front = free_port()
    meta = Meta(folder, f"http://127.0.0.1:{front}", KNOBS)
    bots = [Bot(f"bot{n}", folder, meta.url, url, bot, environ=environ) for n in range(count)]
    balancer = Balancer([one.port for one in bots], front)
    balancer.start()
    try:
        meta.start()
        for one in bots:
            one.start()
        yield meta, bots
    except BaseException:
        print("\n".join(f"--- {one.log.stem}\n{one.said()}" for one in bots))
        raise
    finally:
        for one in bots:
            one.close()
        balancer.stop()
        meta.close()
