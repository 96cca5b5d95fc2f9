"""When somebody writes like no person does: another bot, or a flood. Answers are paused then."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Flood:
    """More than so many messages of one person within a time."""

    messages: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Guard:
    """Answers are paused for `pause` when one of `floods` comes, or the same words (ten characters and more) `same` times in
    a row within ten minutes. No floods, `same` 0: that is not looked at."""

    floods: tuple[Flood, ...] = (Flood(30, timedelta(minutes=1)), Flood(150, timedelta(minutes=30)))
    same: int = 10
    pause: timedelta = timedelta(minutes=15)
