"""Holds what the bot said since the last step against what the talk lists."""

from collections.abc import Sequence

from trinario.testing.matching import Awaited, Pair, compared, listed
from trinario.testing.scene import Broken, Row, Scene, row_of, speaker
from trinario.testing.script import Says


def listen(scene: Scene, block: Sequence[Says]) -> None:
    """Every `bot:` line between two steps, together. Raises Broken when something else was said, more or less."""
    pairs = compared(awaited_of(scene, block), scene.unlisted)
    scene.listed = len(scene.cast.phones.shown)
    scene.rows.extend(row for pair in pairs for row in _rows(pair))
    wrong = next((pair for pair in pairs if not pair.fits), None)
    if wrong is not None:
        raise Broken(wrong.awaited.line if wrong.awaited else block[-1].line, _complaint(wrong))


def awaited_of(scene: Scene, block: Sequence[Says]) -> list[Awaited]:
    """Every listed message of some `bot:` lines, in their order."""
    return [
        Awaited(one, _hearer(scene, says), scene.channel(one.channel) if one.channel else None, says.line)
        for says in block
        for one in says.messages
    ]


def nothing_unlisted(scene: Scene, line: int) -> None:
    """Raises Broken when the bot said something that no line lists."""
    if unlisted := scene.unlisted:
        scene.rows.extend(row_of("unlisted", shown) for shown in unlisted)
        scene.listed = len(scene.cast.phones.shown)
        raise Broken(line, "the bot said something before this line that is not listed")


def _hearer(scene: Scene, says: Says) -> str:
    if not says.to:
        return scene.actor.name
    return scene.stranger.name if says.to == "stranger" else says.to


def _rows(pair: Pair) -> list[Row]:
    if pair.fits and pair.shown:
        return [row_of("said", pair.shown)]
    rows = []
    if pair.awaited:
        one = pair.awaited
        where = one.channel or (pair.shown.channel if pair.shown else "")
        rows.append(Row("missing", speaker(one.person), where, listed(one.expected)))
    if pair.shown:
        rows.append(row_of("unlisted", pair.shown))
    return rows


def _complaint(pair: Pair) -> str:
    if pair.awaited is None:
        return "the bot said something that is not listed"
    if pair.shown is None:
        return "the bot did not say this"
    return f"the bot said something else: {pair.why}"
