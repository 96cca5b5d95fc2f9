"""Calls of the API about how far people come: in a flow, and in a sequence."""

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from trinario.jobs import reporting
from trinario.web.api.calls import Call
from trinario.web.api.problem import ProblemError
from trinario.web.doors import Doors


class FlowReportAsked(BaseModel):
    """From when on, and what is told apart."""

    since: AwareDatetime | None = Field(default=None, description="Sessions that came since then; else all.")
    by: Literal["channel", "language", "variant", "revision"] | None = Field(
        default=None, description="A funnel for each of these."
    )


class SinceAsked(BaseModel):
    """From when on."""

    since: AwareDatetime | None = Field(
        default=None, description="People enrolled, and messages said, since then; else all."
    )


class StopShape(BaseModel):
    """Sessions at one step: how many reached it and went on from it, how many she answered, were timed out, ended there without an
    answer (`dropped_off`) or stand there; the median of the seconds of those who went on, and all by the exit they left by."""

    step: str
    group: str = ""
    reached: int
    left: int
    answered: int
    timed_out: int
    dropped_off: int
    standing: int
    median_seconds: int | None
    ways: dict[str, int]
    gone: bool = Field(default=False, description="The file of the flow has this step no more.")


class FunnelShape(BaseModel):
    """A flow as a whole, and its steps in the order of the file. `group` is the value of `by`."""

    group: str
    entered: int
    finished: int
    dropped_off: int
    standing: int
    median_seconds: int | None
    steps: list[StopShape]


class FlowReportShape(BaseModel):
    """How far people came in a flow; `said` is what became of the messages of its steps, in counts of people."""

    flow: str
    by: str | None
    since: datetime | None
    groups: list[FunnelShape]
    said: list[dict[str, Any]]


class SequenceReportShape(BaseModel):
    """What became of a sequence: `left` counts people by why they left; each step has how many wait for it, and what became of
    what it said, in all and by variant, channel and language."""

    sequence: str
    enrolled: int
    live: int
    done: int
    left: dict[str, int]
    steps: list[dict[str, Any]]


async def report_flow(doors: Doors, call: Call) -> FlowReportShape:
    """Of the flow of the path."""
    bot, asked = doors.world().bot(), call.asked(FlowReportAsked)
    told = await doors.store.read(lambda unit: reporting.flow_report(unit, bot, call.id, asked.since, asked.by or ""))
    if told is None:
        raise ProblemError(404, "unknown-flow", "Unknown flow", f"there is no flow {call.id}")
    return FlowReportShape(**told.plain())


async def report_sequence(doors: Doors, call: Call) -> SequenceReportShape:
    """Of the sequence of the path."""
    sequence, asked = doors.world().bot().sequences.get(call.id), call.asked(SinceAsked)
    if sequence is None:
        raise ProblemError(404, "unknown-sequence", "Unknown sequence", f"there is no sequence {call.id}")
    told = await doors.store.read(lambda unit: reporting.sequence_report(unit, sequence, asked.since))
    return SequenceReportShape(**told.plain())
