"""Which step of a sequence comes next for somebody, and when: reckoned from the day of enrolment and from what is done."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from trinario.model.campaign import Sequence, SequenceStep
from trinario.model.duration import localised


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is. `enrolled` is aware; `done` are the names of steps that came, or were left out in their turn.

    `moved`: by how many days the steps up to now were moved. `day` and `minute` are where the last one stood in the
    sequence; they tell what lies behind her when that step is not in the file any more.
    """

    enrolled: datetime
    done: tuple[str, ...] = ()
    moved: int = 0
    day: int = -1
    minute: int = 0

    def after(self, due: "Due") -> "Progress":
        """The same person once a step is over."""
        return replace(self, done=(*self.done, due.step), moved=due.moved, day=due.day, minute=due.minute)


@dataclass(frozen=True, slots=True)
class Due:
    """The step that comes next: `local` is its time on the wall (naive), `comes` the moment in UTC.

    `moved`, `day` and `minute` are what Progress keeps of it.
    """

    step: str
    local: datetime
    comes: datetime
    moved: int
    day: int
    minute: int


def next_step(
    sequence: Sequence, progress: Progress, zone: tzinfo, since: datetime | None = None, waiting: str = ""
) -> Due | None:
    """The step that comes next in `zone`; None when there is none. Its moment may have passed: `late` says what then is.

    Where the file has changed while she waited for step `waiting`, `since` (aware) is now: of what was put in before
    that step, only what is still to come counts. A step for a time of day before her enrolment is left out.
    """
    for due in _coming(sequence, progress, zone):
        bygone = since is not None and due.comes < since and due.step != waiting
        if due.comes >= _whole_second(progress.enrolled) and not bygone:
            return due
    return None


def due_of(name: str, sequence: Sequence, progress: Progress, zone: tzinfo) -> Due | None:
    """The step of that name, if it is in the file and not behind her; what was put in before it is passed over."""
    return next((due for due in _coming(sequence, progress, zone) if due.step == name), None)


def timeline(sequence: Sequence, enrolled: datetime, zone: tzinfo) -> list[Due]:
    """Every step with its moment, for somebody who is enrolled then."""
    found, progress = [], Progress(enrolled)
    while (due := next_step(sequence, progress, zone)) is not None:
        found.append(due)
        progress = progress.after(due)
    return found


def ahead(sequence: Sequence, progress: Progress, zone: tzinfo) -> list[SequenceStep]:
    """The steps that are not behind her, in their order: past is whatever stands before the furthest one done.

    If the last one done is not in the file any more, everything up to its time of the sequence is past too.
    """
    steps = list(sequence.steps.values())
    reached = max((number for number, step in enumerate(steps) if step.name in progress.done), default=-1)
    left = steps[reached + 1 :]
    if progress.done and progress.done[-1] not in sequence.steps:
        at = _time_of_day(progress.enrolled, zone)
        left = [step for step in left if (step.day, _minute(step, at)) > (progress.day, progress.minute)]
    return left


def _coming(sequence: Sequence, progress: Progress, zone: tzinfo) -> Iterator[Due]:
    """Every step that is left, as if all before it were still to come; those passed over move nothing."""
    for step in ahead(sequence, progress, zone):
        yield _due(step, progress, zone)


def _due(step: SequenceStep, progress: Progress, zone: tzinfo) -> Due:
    begin, moved = progress.enrolled.astimezone(zone), progress.moved
    date = begin.date() + timedelta(days=step.day + moved)
    while step.days and date.weekday() not in step.days:
        date, moved = date + timedelta(days=1), moved + 1
    at = _time_of_day(progress.enrolled, zone)
    local = datetime.combine(date, at if step.at is None else time(step.at // 60, step.at % 60))
    # at once is at once, also in the hour of autumn that comes twice
    at_once = step.at is None and date == begin.date()
    comes = _whole_second(progress.enrolled).astimezone(UTC) if at_once else localised(local, zone)
    return Due(step.name, local, comes, moved, step.day, _minute(step, at))


def _time_of_day(moment: datetime, zone: tzinfo) -> time:
    """The time on the wall, to the second, of one of the two alike in autumn the first."""
    return moment.astimezone(zone).time().replace(microsecond=0, fold=0)


def _minute(step: SequenceStep, at: time) -> int:
    return step.at if step.at is not None else at.hour * 60 + at.minute


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
