"""Sequences: which step comes next and when, and that no change of the file ever repeats one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trinario.campaign.drip import Progress, ahead, next_step, timeline
from trinario.model.campaign import Sequence, SequenceStep
from trinario.model.duration import localised

ROME = ZoneInfo("Europe/Rome")
WEEKDAYS = frozenset(range(5))


def sequence(*steps: SequenceStep) -> Sequence:
    return Sequence("tips", "r1", {step.name: step for step in steps})


TIPS = sequence(
    SequenceStep("welcome", 0), SequenceStep("first", 1, 600, WEEKDAYS), SequenceStep("second", 3, 600, WEEKDAYS)
)  # fmt: skip
FRIDAY = datetime(2026, 11, 20, 15, 30, 12, 345, tzinfo=UTC)


def shown(found: Sequence, enrolled: datetime, zone: ZoneInfo = ROME) -> list[str]:
    return [f"{due.step} {due.local:%a %d %H:%M}" for due in timeline(found, enrolled, zone)]


def test_joined_on_friday_then_monday_then_wednesday() -> None:
    assert shown(TIPS, FRIDAY) == ["welcome Fri 20 16:30", "first Mon 23 10:00", "second Wed 25 10:00"]


def test_joined_on_monday_then_tuesday_then_thursday() -> None:
    assert shown(TIPS, FRIDAY + timedelta(days=3)) == [
        "welcome Mon 23 16:30",
        "first Tue 24 10:00",
        "second Thu 26 10:00",
    ]


def test_the_first_message_comes_at_once() -> None:
    due = next_step(TIPS, Progress(FRIDAY), ROME)
    assert due is not None and due.comes == FRIDAY.replace(microsecond=0)


def test_the_first_message_comes_at_once_in_the_hour_that_comes_twice() -> None:
    second_time = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Rome, for the second time
    due = next_step(TIPS, Progress(second_time), ROME)
    assert due is not None and due.comes == second_time


def test_a_time_of_the_day_of_enrolment_that_is_over_is_left_out() -> None:
    early = sequence(SequenceStep("hello", 0, 600), SequenceStep("more", 1, 600))
    assert shown(early, FRIDAY) == ["more Sat 21 10:00"]
    assert shown(early, FRIDAY.replace(hour=7)) == ["hello Fri 20 10:00", "more Sat 21 10:00"]


@pytest.mark.parametrize(("enrolled", "at", "comes"), [
    ("2026-03-28T12:00+01:00", 150, "2026-03-29T01:30+00:00"),  # 02:30 does not exist: 03:30
    ("2026-10-24T12:00+02:00", 150, "2026-10-25T00:30+00:00"),  # 02:30 comes twice: the first
    ("2026-03-28T12:00+01:00", None, "2026-03-29T10:00+00:00"),  # the same time on the wall, an hour less
    ("2026-10-24T12:00+02:00", None, "2026-10-25T11:00+00:00"),
])  # fmt: skip
def test_when_the_clocks_change(enrolled: str, at: int | None, comes: str) -> None:
    due = next_step(sequence(SequenceStep("tip", 1, at)), Progress(datetime.fromisoformat(enrolled)), ROME)
    assert due is not None and due.comes == datetime.fromisoformat(comes)


def test_the_calendar_is_that_of_her_zone() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # Saturday in Rome, Friday in New York
    tip = sequence(SequenceStep("tip", 1, 600))
    assert shown(tip, late) == ["tip Sun 22 10:00"]
    assert shown(tip, late, ZoneInfo("America/New_York")) == ["tip Sat 21 10:00"]


def at(found: Sequence, *done: str, enrolled: datetime = FRIDAY) -> Progress:
    """Somebody who has had these steps of a sequence as it was."""
    progress = Progress(enrolled)
    for due in timeline(found, enrolled, ROME):
        if due.step in done:
            progress = progress.after(due)
    return progress


def put_in(found: Sequence, index: int, step: SequenceStep) -> Sequence:
    steps = list(found.steps.values())
    return sequence(*steps[:index], step, *steps[index:])


def test_a_step_put_in_later_is_not_for_those_beyond_it() -> None:
    changed = put_in(TIPS, 1, SequenceStep("new", 1, 540))
    assert [step.name for step in ahead(changed, at(TIPS, "welcome", "first"), ROME)] == ["second"]
    assert [step.name for step in ahead(changed, at(TIPS, "welcome"), ROME)] == ["new", "first", "second"]


def test_a_step_put_in_pushes_nobody_who_is_beyond_it() -> None:
    changed = put_in(TIPS, 1, SequenceStep("new", 1, 540, frozenset({6})))  # a Sunday would push all later ones
    due = next_step(changed, at(TIPS, "welcome", "first"), ROME)
    assert due is not None and f"{due.local:%a %d}" == "Wed 25"


def test_what_was_put_in_for_a_time_that_is_over_is_left_out() -> None:
    waiting = at(TIPS, "welcome", "first")
    changed = put_in(TIPS, 2, SequenceStep("new", 1, 660))
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    due = next_step(changed, waiting, ROME, since=now, waiting="second")
    assert due is not None and due.step == "second"
    to_come = put_in(TIPS, 2, SequenceStep("new", 2, 660))
    due = next_step(to_come, waiting, ROME, since=now, waiting="second")
    assert due is not None and (due.step, f"{due.local:%a %H:%M}") == ("new", "Tue 11:00")


def test_a_step_that_is_overdue_is_still_the_next() -> None:
    due = next_step(TIPS, at(TIPS, "welcome"), ROME, since=datetime(2027, 1, 1, tzinfo=UTC), waiting="first")
    assert due is not None and due.step == "first"


def test_the_last_step_is_the_end() -> None:
    assert next_step(TIPS, at(TIPS, "welcome", "first", "second"), ROME) is None


def test_a_step_that_was_renamed_is_not_sent_again() -> None:
    renamed = sequence(SequenceStep("hi", 0), SequenceStep("one", 1, 600, WEEKDAYS), SequenceStep("two", 3, 600))
    assert [step.name for step in ahead(renamed, at(TIPS, "welcome", "first"), ROME)] == ["two"]
    assert [step.name for step in ahead(renamed, at(TIPS, "welcome"), ROME)] == ["one", "two"]


def test_a_step_of_another_hour_that_was_taken_out_hides_nothing() -> None:
    day = sequence(SequenceStep("a", 1, 540), SequenceStep("b", 1, 600), SequenceStep("c", 1, 1080))
    without = sequence(day.steps["a"], day.steps["c"])
    assert [step.name for step in ahead(without, at(day, "a", "b"), ROME)] == ["c"]


# ---- whatever the sequence, whoever is in it, whatever is changed

DAYS = st.frozensets(st.integers(0, 6), max_size=3)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
ZONES = st.sampled_from([ZoneInfo(name) for name in (
    "Europe/Rome", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia")])  # fmt: skip


@st.composite
def sequences(draw: st.DrawFn, names: str = "abcdef") -> Sequence:
    """Steps whose days do not go back, nor the hours of one day, as the check sees to it."""
    picked = draw(st.lists(st.sampled_from(names), min_size=1, max_size=5, unique=True))
    times = sorted(draw(st.tuples(st.integers(0, 12), st.integers(0, 1439))) for _ in picked)
    return sequence(*(SequenceStep(name, day, at, draw(DAYS)) for name, (day, at) in zip(picked, times, strict=True)))


@given(sequences(), MOMENTS, ZONES)
def test_steps_come_in_their_order_and_on_their_days(found: Sequence, enrolled: datetime, zone: ZoneInfo) -> None:
    dues = timeline(found, enrolled, zone)
    assert [due.comes for due in dues] == sorted(due.comes for due in dues)
    assert all(due.comes >= enrolled.replace(microsecond=0) for due in dues)
    for due in dues:
        days = found.steps[due.step].days
        assert not days or due.local.weekday() in days
    assert [due.step for due in dues] == [name for name in found.steps if name in {due.step for due in dues}]


@given(sequences(), sequences("abcdefghi"), MOMENTS, ZONES, st.integers(0, 5))
def test_no_change_repeats_what_is_past(
    before: Sequence, after: Sequence, enrolled: datetime, zone: ZoneInfo, gone: int
) -> None:
    """However the file is rewritten: who had some steps gets none of them again, and none that stands above the last."""
    progress = Progress(enrolled)
    for due in timeline(before, enrolled, zone)[:gone]:
        progress = progress.after(due)
    names = list(after.steps)
    reached = max((names.index(name) for name in progress.done if name in names), default=-1)
    seen = []
    while (due := next_step(after, progress, zone)) is not None:
        seen.append(due.step)
        assert due.step not in progress.done
        assert names.index(due.step) > reached
        progress = progress.after(due)
    assert len(seen) == len(set(seen))


@given(sequences(), MOMENTS, ZONES)
def test_reckoning_one_by_one_is_reckoning_at_once(found: Sequence, enrolled: datetime, zone: ZoneInfo) -> None:
    progress, one_by_one = Progress(enrolled), []
    while (due := next_step(found, progress, zone)) is not None:
        one_by_one.append(due)
        progress = progress.after(due)
    assert one_by_one == timeline(found, enrolled, zone)


@given(sequences(), sequences("abcdefghi"), MOMENTS, ZONES, st.integers(0, 5), st.integers(0, 20 * 24))
def test_no_change_takes_away_what_is_ahead(
    before: Sequence, after: Sequence, enrolled: datetime, zone: ZoneInfo, gone: int, hours: int
) -> None:
    """However the file is rewritten while she waits: each step behind the furthest one that she had comes, in the order of the
    file and once, but for what could only have come before she was enrolled, or before the file was changed."""
    progress, now = Progress(enrolled), enrolled + timedelta(hours=hours)
    for due in timeline(before, enrolled, zone)[:gone]:
        progress = progress.after(due)
    waited = next_step(before, progress, zone)
    waiting, since = waited.step if waited else "", now if gone else None
    left = _behind(after, progress, zone)
    while left:
        due = next_step(after, progress, zone, since, waiting)
        passed = left[: left.index(due.step)] if due else left
        for name in passed:
            comes = _comes(after.steps[name], progress, zone)
            early = comes < enrolled.replace(microsecond=0)
            assert early or (since is not None and comes < since and name != waiting)
        if due is None:
            break
        left, progress, since = left[left.index(due.step) + 1 :], progress.after(due), None


def _behind(found: Sequence, progress: Progress, zone: ZoneInfo) -> list[str]:
    """The names that are still ahead of her, worked out another way: those behind all that she had, in the file or in time."""
    had = [number for number, name in enumerate(found.steps) if name in progress.done]
    left = list(found.steps)[had[-1] + 1 if had else 0 :]
    if not progress.done or progress.done[-1] in found.steps:
        return left
    at = progress.enrolled.astimezone(zone)
    times = {
        name: (one.day, at.hour * 60 + at.minute if one.at is None else one.at) for name, one in found.steps.items()
    }
    return [name for name in left if times[name] > (progress.day, progress.minute)]


def _comes(step: SequenceStep, progress: Progress, zone: ZoneInfo) -> datetime:
    """The moment of a step, worked out day by day."""
    date = progress.enrolled.astimezone(zone).date() + timedelta(days=step.day + progress.moved)
    while step.days and date.weekday() not in step.days:
        date += timedelta(days=1)
    assert step.at is not None
    return localised(datetime(date.year, date.month, date.day, step.at // 60, step.at % 60), zone)
