"""How reports of flows and sequences are printed: tables for eyes, CSV and charts for others."""

import csv
import io
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from trinario.campaign.funnel import ANSWERED, STANDING, Stop
from trinario.campaign.report import STAGES
from trinario.cli.campaign_chart import funnel_chart
from trinario.cli.picture import SHOWN, Picture, Row, chart
from trinario.cli.reasons import reason
from trinario.cli.report_table import bars, funnel_lines, marked, people, table

if TYPE_CHECKING:
    from trinario.campaign.sequence_report import SequenceReport
    from trinario.jobs.reporting import FlowReport

WORDS = [stage.replace("_", " ") for stage in STAGES]


def _wide() -> int:
    return get_terminal_size((120, 40)).columns


# ---- a flow


def flow_text(told: "FlowReport", wide: int = 0) -> str:
    """A flow for eyes: how far people came, and what became of its messages."""
    since = f"since {told.since:%Y-%m-%d %H:%M} UTC" if told.since else "since ever"
    if not told.funnel.stops:
        return f"{told.funnel.flow}: nobody has entered it {since}\n"
    lines = [since, *funnel_lines(told.funnel, wide or _wide())]
    steps = dict.fromkeys(one.cause.rpartition(".")[2] for one in told.said)
    order = [stop.step for stop in told.funnel.in_order(told.funnel.groups[0]) if stop.step in steps]
    rows = [(marked(step, told.funnel.gone(step)), [told.count(step, stage) for stage in STAGES]) for step in order]
    if rows:
        lines += ["", "messages, in people", *table(WORDS, rows, wide or _wide())]
    refused = {
        f"{marked(step, told.funnel.gone(step))}: {reason(code)}": count
        for step in order
        for code, count in told.refused(step).items()
    }
    if refused:
        lines += ["", "refused or failed", *bars(sorted(refused.items(), key=lambda one: -one[1]), wide or _wide())]
    return "\n".join(lines) + "\n"


def flow_csv(told: "FlowReport") -> str:
    """A line for each group and step."""
    heads = [
        "group",
        "step",
        "reached",
        "left",
        "answered",
        "timed_out",
        "dropped_off",
        "standing",
        "median_seconds",
        "gone",
    ]
    rows = [
        [group, stop.step, stop.reached, stop.left, stop.of(ANSWERED), stop.timed_out, stop.dropped, stop.of(STANDING), _plain(stop),
         int(told.funnel.gone(stop.step))]
        for group in told.funnel.groups for stop in told.funnel.in_order(group)
    ]  # fmt: skip
    return _csv(heads, rows)


def _plain(stop: Stop) -> int | str:
    return "" if stop.median is None else stop.median


def flow_picture(told: "FlowReport") -> Picture:
    """The funnel of all of them."""
    groups = told.funnel.groups
    whole, stops = told.funnel.whole(groups[0]), list(told.funnel.in_order(groups[0]))
    for group in groups[1:]:
        whole = _joined(whole, told.funnel.whole(group))
        known = {stop.step: stop for stop in told.funnel.in_order(group)}
        stops = [_joined(stop, known.pop(stop.step, Stop(stop.step))) for stop in stops] + list(known.values())
    return funnel_chart(told.title, whole, stops, told.funnel.gone)


def _joined(one: Stop, other: Stop) -> Stop:
    return Stop(one.step, one.ways + other.ways, one.times + other.times)


# ---- a sequence


def sequence_text(told: "SequenceReport", wide: int = 0) -> str:
    """A sequence for eyes."""
    states = [f"{people(told.enrolled)} enrolled", f"{told.states['live']:,} in it", f"{told.states['done']:,} through it",
              f"{told.states['left']:,} left it"]  # fmt: skip
    rows = [
        (marked(step, step in told.gone),
         [told.waiting[step], *(told.total(step, stage) for stage in STAGES), told.refused(step).total()])
        for step in (*told.steps, *told.gone)
    ]  # fmt: skip
    lines = [f"{told.sequence}: {', '.join(states)}", *table(["wait for it", *WORDS, "refused"], rows, wide or _wide())]
    parts = [
        (", ".join(filter(None, (one.step, one.variant, one.report.channel, one.report.language))),
         [one.report.counts.get(stage, 0) for stage in STAGES])
        for one in told.told
    ]  # fmt: skip
    if len(parts) > len(rows):
        lines += ["", *table(WORDS, parts, wide or _wide())]
    if told.left:
        lines += [
            "",
            "left because of",
            *bars(((why or "-", count) for why, count in told.left.most_common()), wide or _wide()),
        ]
    refused = {f"{step}: {reason(code)}": count for step in (*told.steps, *told.gone)
               for code, count in told.refused(step).items()}  # fmt: skip
    if refused:
        lines += ["", "refused or failed", *bars(sorted(refused.items(), key=lambda one: -one[1]), wide or _wide())]
    return "\n".join(lines) + "\n"


def sequence_csv(told: "SequenceReport") -> str:
    """A line for each step, variant, channel and language."""
    rows = [
        [one.step, one.variant, one.report.channel, one.report.language,
         *(one.report.counts.get(stage, 0) for stage in STAGES), sum(one.report.refused.values()),
         int(one.step in told.gone)]
        for one in told.told
    ]  # fmt: skip
    return _csv(["step", "variant", "channel", "language", *STAGES, "refused", "gone"], rows)


def sequence_picture(told: "SequenceReport") -> Picture:
    """How many had each step."""
    rows = [
        Row("enrolled", told.enrolled),
        *(Row(marked(step, step in told.gone, SHOWN), told.total(step, "sent")) for step in (*told.steps, *told.gone)),
    ]
    return chart(told.sequence, [*rows, Row("through it", told.states["done"])])


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return file.getvalue()
