"""What became of flows and sequences, step by step."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from trinario.campaign.as_flow import sequence_flow
from trinario.campaign.funnel import Funnel
from trinario.campaign.report import STAGES, StepReport
from trinario.campaign.sequence_report import SequenceReport
from trinario.model.bot import Bot
from trinario.model.campaign import Campaign, Sequence
from trinario.ports import Unit


@dataclass(frozen=True, slots=True)
class FlowReport:
    """A flow since some moment (None: ever): how far people came, and what became of what its steps said."""

    title: str
    since: datetime | None
    funnel: Funnel
    said: tuple[StepReport, ...]

    def count(self, step: str, stage: str) -> int:
        """People whom what a step said came so far with, or who did that."""
        return sum(one.counts.get(stage, 0) for one in self.of(step))

    def refused(self, step: str) -> dict[str, int]:
        """People to whom it did not go, by reason."""
        found: dict[str, int] = {}
        for one in self.of(step):
            for reason, count in one.refused.items():
                found[reason] = found.get(reason, 0) + count
        return found

    def of(self, step: str) -> list[StepReport]:
        """What the step said, by channel and language."""
        return [one for one in self.said if one.cause == f"{self.funnel.flow}.{step}"]

    def plain(self) -> dict[str, Any]:
        """The report as JSON data."""
        steps = [stop.step for stop in self.funnel.in_order(self.funnel.groups[0])]
        said = [{"step": step, **{stage: self.count(step, stage) for stage in STAGES}, "refused": self.refused(step),
                 "lines": [{"channel": one.channel, "language": one.language, **one.counts, "refused": one.refused}
                           for one in self.of(step)]}
                for step in steps if self.of(step)]  # fmt: skip
        return {**self.funnel.plain(), "since": self.since.isoformat() if self.since else None, "said": said}


def flow_report(unit: Unit, bot: Bot, name: str, since: datetime | None, by: str = "") -> FlowReport | None:
    """How far people came in a flow since then; None: there is none, and never was. `by` is one of campaign.funnel.BY."""
    flow = bot.flows.get(name)
    funnel = unit.passages.funnel(name, since, by=by)
    if flow is None and not funnel.stops:
        return None
    funnel.steps = tuple(flow.steps) if flow else ()
    steps = {*funnel.steps, *(step for _, step in funnel.stops if step)}
    said = unit.passages.told([f"{name}.{step}" for step in steps], since)
    return FlowReport((flow.title if flow else "") or name, since, funnel, tuple(said))


def sequence_report(unit: Unit, sequence: Sequence, since: datetime | None) -> SequenceReport:
    """What became of people who were enrolled since then, and of what was said since."""
    places: dict[str, tuple[str, str]] = {}
    for step in sequence.steps.values():
        for variant in [side.name for side in step.split.sides] if step.split else [""]:
            flow = sequence_flow(sequence, step.name, variant)
            places.update({f"{flow.name}.{name}": (step.name, variant) for name in flow.steps})
    for cause in unit.passages.causes(sequence.name):
        places.setdefault(cause, _place(cause))
    goal = sequence.goal
    said = unit.passages.told(
        list(places), since, goal.name if goal else "", goal.within.elapsed if goal else timedelta()
    )
    told = SequenceReport(sequence.name, tuple(sequence.steps))
    told.take(unit.passages.enrolled(sequence.name, since), said, places)
    return told


def _place(cause: str) -> tuple[str, str]:
    """(step, variant) of what said something: `sequence/<name>/<step>[/<variant>].<step>`."""
    _, _, step, *variant = cause.rpartition(".")[0].split("/")
    return step, variant[0] if variant else ""


def flows_of_campaign(unit: Unit, bot: Bot, campaign: Campaign, slots: list[int]) -> list[Funnel]:
    """How far people came in the flows that a campaign begins, in these slots of it."""
    sides = campaign.variants.sides if campaign.variants else ()
    names = dict.fromkeys(name for name in (campaign.flow, *(side.flow for side in sides)) if name)
    found = []
    for name in names if slots else ():
        funnel = unit.passages.funnel(name, None, slots)
        funnel.steps = tuple(bot.flows[name].steps) if name in bot.flows else ()
        found.append(funnel)
    return found
