"""What became of a campaign, printed: for eyes with bars, for machines as JSON or CSV, as a picture."""

import csv
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from trinario.campaign.against_event import AgainstEvent
from trinario.campaign.against_plan import AgainstPlan
from trinario.campaign.report import STAGES, Report
from trinario.cli.campaign_chart import ENDS, campaign_chart
from trinario.cli.campaign_show import line, standing
from trinario.cli.columns import folded, padded, wide_of
from trinario.cli.picture import drawn
from trinario.cli.privacy import as_json
from trinario.cli.reasons import reason
from trinario.cli.report_table import bars, funnel_lines, people, table

if TYPE_CHECKING:
    from trinario.jobs.planning import Standing


class ReportForm(StrEnum):
    """How a report is printed."""

    text = "text"
    json = "json"
    csv = "csv"
    svg = "svg"
    png = "png"


class Table(StrEnum):
    """Which table the CSV has."""

    groups = "groups"
    people = "people"
    plan = "plan"
    variants = "variants"
    refusals = "refusals"


def report_text(
    one: "Standing", told: Report, form: ReportForm, wide: int = 120, which: Table = Table.groups
) -> str | bytes:
    """A report as it is asked for; for eyes on a screen of so many letters. Raises ConfigError where a PNG cannot be drawn."""
    weights = one.campaign.variants.weights if one.campaign.variants else ()
    if form is ReportForm.json:
        return as_json({**standing(one), **told.plain(weights)})
    if form is ReportForm.csv:
        return _csv(told, which, weights)
    if form in (ReportForm.svg, ReportForm.png):
        return drawn(campaign_chart(one.campaign.title or one.campaign.name, told), form.value)
    head = line(one)
    parts = [
        *([head] if wide_of(head) <= wide else folded(head, wide)),
        *_stages(told, wide),
        *_promised(told.plan, wide),
        *_groups(told, wide),
        *_sides(told, weights, wide),
    ]
    parts += _losses(told, wide)
    for funnel in told.flows:
        parts += ["", *funnel_lines(funnel, wide)]
    return "\n".join(parts) + "\n"


def _csv(told: Report, which: Table, weights: Sequence[tuple[str, int]]) -> str:
    """A line for each variant, channel and language; for each end of people; reason of the plan; variant; or refusal."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    if which is Table.people:
        writer.writerow(["what", "reason", "variant", "channel", "language", "people"])
        writer.writerows([*fate, count] for fate, count in sorted(told.fates.items()))
    elif which is Table.variants:
        writer.writerow(["variant", "people", "converted", "share", "low", "high"])
        writer.writerows(told.side(name).values() for name, _ in weights)
    elif which is Table.refusals:
        writer.writerow(["channel", "reason", "people", "elsewhere"])
        writer.writerows((one.channel, one.reason, one.people, one.elsewhere) for one in told.refusals)
    elif which is Table.plan:
        _plan_csv(writer, told.plan)
    else:
        writer.writerow(["variant", "channel", "language", *STAGES])
        for one in told.lines:
            writer.writerow([one.variant, one.channel, one.language, *(one.counts.get(stage, 0) for stage in STAGES)])
    return file.getvalue()


def _plan_csv(writer: Any, plan: AgainstPlan | AgainstEvent | None) -> None:
    if isinstance(plan, AgainstEvent):
        writer.writerow(["reason", "planned_people", "planned_share", "times", "share"])
        writer.writerows(
            (one.reason, one.planned, round(plan.planned_share(one), 4), one.happened, round(plan.share(one), 4))
            for one in plan.rates
        )
        return
    writer.writerow(["reason", "planned", "happened", "more"])
    writer.writerows(_against(plan) if plan else ())


def _against(plan: AgainstPlan) -> Iterable[tuple[str, int, int, int]]:
    """Every row that was planned or happened; what more went, or happened, than was planned."""
    rows = [("segment", plan.segment, plan.people), ("sent", plan.planned, plan.went), ("waiting", 0, plan.waiting)]
    for name, planned, happened in (*rows, *plan.differences):
        yield name, planned, happened, happened - planned


def _stages(told: Report, wide: int) -> list[str]:
    rows = [("people", told.people)]
    rows += [
        (stage.replace("_", " "), told.total(stage)) for stage in STAGES if stage != "clicked" or told.total(stage)
    ]
    ends = [(words, told.became(what)) for what, words in ENDS.items() if what != "sent" and told.became(what)]
    more = (
        f"  in {told.recipients:,} places: who is of several times counts once" if told.recipients > told.people else ""
    )
    return ["", *bars([*rows, *ends], wide), *filter(None, [more])]


def _by_event(plan: AgainstEvent, wide: int) -> list[str]:
    """Of the people planned for, which share was to get it; of all times that the event came, in which share it went."""
    often = f"{plan.times:,} {'time' if plan.times == 1 else 'times'}"
    words = (
        f"its event came {often} for {people(plan.people)}; of {people(plan.segment)} of the segment"
        f" {plan.rate('sent').planned:,} would have got it (plan {plan.id})"
    )
    lines = ["", *folded(words, wide), f"  {'planned':>8} {'happened':>9} {'times':>10}"]
    for one in plan.rates:
        if not (one.planned or one.happened):
            continue
        head = f"  {plan.planned_share(one):>8.1%} {plan.share(one):>9.1%} {one.happened:>10,}  "
        end = {"sent": ENDS["sent"], "waiting": ENDS["waiting"]}.get(one.reason) or reason(one.reason)
        first, *rest = folded(end, max(16, wide - wide_of(head)))
        lines += [head + first, *(" " * wide_of(head) + more for more in rest)]
    return lines


def _promised(plan: AgainstPlan | AgainstEvent | None, wide: int) -> list[str]:
    """What was planned, what became of it, and why the two differ."""
    if plan is None:
        return []
    if isinstance(plan, AgainstEvent):
        return _by_event(plan, wide)
    waits = f", {plan.waiting:,} {'waits' if plan.waiting == 1 else 'wait'}" if plan.waiting else ""
    lines = [
        "",
        *folded(
            f"planned for {plan.planned:,} of {people(plan.segment)}, went to {plan.went:,}{waits} (plan {plan.id})",
            wide,
        ),
    ]
    rows = [(one.planned, one.happened, reason(one.reason)) for one in plan.changed]
    if plan.newcomers:
        rows.append((plan.segment, plan.people, "people of the segment"))
    size = max((10, *(len(f"{count:,}") for row in rows for count in row[:2])))
    if rows:
        lines.append(f"  {'planned':>{size}} {'happened':>{size}} {'more':>{size}}")
    for planned, happened, words in rows:
        head = f"  {planned:>{size},} {happened:>{size},} {happened - planned:>+{size},}  "
        first, *rest = folded(words, max(16, wide - wide_of(head)))
        lines += [head + first, *(" " * wide_of(head) + more for more in rest)]
    return lines


def _groups(told: Report, wide: int) -> list[str]:
    if len(told.lines) < 2:
        return []
    names = [", ".join(filter(None, (one.variant, one.channel, one.language))) for one in told.lines]
    rows = [(name, [one.counts.get(stage, 0) for stage in STAGES]) for name, one in zip(names, told.lines, strict=True)]
    return ["", *table([stage.replace("_", " ") for stage in STAGES], rows, wide)]


def _sides(told: Report, weights: Iterable[tuple[str, int]], wide: int) -> list[str]:
    weights = list(weights)
    if not weights:
        return []
    tails = [_side(told, name) for name, _ in weights]
    room = wide - 3 - max(map(len, tails))
    size = max(8, min(24, room, max(12, *(wide_of(name) for name, _ in weights))))
    lines = ["", *folded("variants: converted, with the interval in which the true share lies (95 %)", wide)]
    lines += [f"  {padded(name, size)} {tail}" for (name, _), tail in zip(weights, tails, strict=True)]
    plain = told.plain(weights)["split"]
    if not told.drawn.total():
        return lines
    words = f"the split is as it should be: by chance it is as uneven as this in {plain['chance']:.1%} of cases"
    if not plain["sound"]:
        words = (
            f"the split is not as it should be (chance {plain['chance']}): somebody is not counted; trust no difference"
        )
    return [*lines, *(f"  {one}" for one in folded(words, wide - 2))]


def _side(told: Report, name: str) -> str:
    side = told.side(name)
    if not side["people"]:
        return "nobody yet"
    many = f"{side['converted']:>8,} of {side['people']:>8,}"
    return f"{many}   {side['share']:6.1%}   {side['low']:.1%} to {side['high']:.1%}"


def _losses(told: Report, wide: int) -> list[str]:
    lines: list[str] = []
    if told.left_out:
        lines += ["", "left out", *bars(((reason(code), count) for code, count in told.left_out.most_common()), wide)]
    refused = [
        (f"{one.channel}: {reason(one.reason)}" + f" ({one.elsewhere:,} had it on another channel)" * bool(one.elsewhere), one.people)
        for one in told.refusals
    ] or [(reason(code), count) for code, count in told.refused.most_common()]  # fmt: skip
    if refused:
        lines += ["", "refused or failed", *bars(refused, wide)]
    return lines
