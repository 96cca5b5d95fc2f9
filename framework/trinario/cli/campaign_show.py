"""How campaigns, their plans and reports are printed: for eyes with bars, for machines as JSON or CSV."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from trinario.campaign.report import STAGES, Report
from trinario.cli.campaign_chart import campaign_chart
from trinario.cli.picture import drawn
from trinario.cli.privacy import as_json
from trinario.cli.report_table import funnel_lines, people, table

if TYPE_CHECKING:
    from trinario.jobs.planning import Plan, Standing
    from trinario.ports.campaigns import CampaignRun

BAR = 30
"""Characters of the longest bar."""

REASONS = {
    "no_identity": "she is on none of the channels", "unreachable": "the platform cannot reach her",
    "window_closed": "the window is shut, and there is no template", "opted_out": "she said stop to marketing",
    "no_consent": "she was never asked, or has not answered, and it takes a yes",
    "country": "the platform brings no marketing to her country", "cap": "she has had enough for now",
    "quiet_hours": "it is night where she is", "rest": "the platform keeps marketing from her for a day", "late": "too late for her",
    "owner": "a person of the team has the conversation", "holdout": "holdout: she gets nothing, for comparison",
    "busy": "she is in a conversation", "double": "two contacts who are one", "segment": "not of the segment any more",
    "had": "she has had her turn of it already", "cancelled": "the campaign was cancelled",
    "template_paused": "the template is paused", "template_disabled": "the template is rejected or disabled",
    "template_category": "the template is of another category",
}  # fmt: skip
"""What the reasons mean, in words."""


class ReportForm(StrEnum):
    """How a report is printed."""

    text = "text"
    json = "json"
    csv = "csv"
    svg = "svg"
    png = "png"


def reason(code: str) -> str:
    """A reason in words."""
    if code.startswith("exclude "):
        return f"excluded by line {code.removeprefix('exclude ')} of `exclude`"
    return REASONS.get(code, code)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _clock(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "-"


def run_data(run: "CampaignRun") -> dict[str, Any]:
    """How a campaign stands, as JSON data."""
    return {"campaign": run.name, "state": run.state, "plan": run.plan, "started_by": run.started_by,
            "started_at": _iso(run.since), "changed_at": _iso(run.changed_at), "changed_by": run.changed_by, "why": run.why}  # fmt: skip


def standing(one: "Standing") -> dict[str, Any]:
    """A campaign with its slots, as JSON data."""
    slots = [
        {"slot": s.slot, "due": _iso(s.due), "recipients": s.recipients, "left_out": s.left_out, "released": s.released}
        for s in one.slots
    ]
    told = run_data(one.run) if one.run else {"campaign": one.campaign.name, "state": "not started"}
    return {**told, "title": one.campaign.title, "next": _iso(one.next), "slots": slots}


def line(one: "Standing") -> str:
    """A campaign on one line."""
    state = one.run.state if one.run else "not started"
    why = f" ({one.run.why})" if one.run and one.run.why else ""
    count, done = sum(s.recipients - s.left_out for s in one.slots), sum(s.released for s in one.slots)
    far = f" · {done:,} of {count:,}" if count else ""
    following = f" · next {_clock(one.next)}" if one.next and state != "cancelled" else ""
    return f"{one.campaign.name:24} {state}{why}{far}{following}"


def plan_data(made: "Plan") -> dict[str, Any]:
    """A plan as JSON data."""
    return {"plan": made.id, "campaign": made.campaign.name, "made_at": _iso(made.made_at), "ends": _iso(made.ends),
            **made.plain()}  # fmt: skip


def plan_text(made: "Plan", samples: int = 3) -> str:
    """A plan for eyes, with so many messages of each language and channel."""
    told = made.forecast
    lines = [f"plan {made.id}", "", f"{people(told.segment)} of the segment, {told.recipients:,} get it"]
    lines += bars((group.words, count) for group, count in told.going.most_common())
    if told.variants:
        lines += ["", "variants", *bars(told.variants.most_common())]
    if told.deferred:
        lines += ["", "later than at once", *bars((reason(code), count) for code, count in told.deferred.most_common())]
    if told.left_out:
        lines += ["", "left out", *bars((reason(code), count) for code, count in told.left_out.most_common())]
    if told.busy:
        lines += [
            "",
            f"{told.busy:,} {'is' if told.busy == 1 else 'are'} in a conversation just now: if_busy is {made.campaign.if_busy}",
        ]
    if told.silent:
        lines += ["", f"{told.silent:,} begin{'s' if told.silent == 1 else ''} the flow, which says nothing at once"]
    lines += ["", f"first {_clock(told.first_due)}, last about {_clock(made.ends)}"]
    lines += [*_bounds(made), *_costs(made)]
    for (channel, language), texts in sorted(told.samples.items()):
        lines += ["", f"on {channel} in {language}:", *(_quoted(text) for text in texts[:samples])]
        if len(texts) > samples:
            lines.append(f"  ... and {len(texts) - samples} more with --samples {len(texts)}")
    lines += ["", _start(made)]
    return "\n".join(lines) + "\n"


def _start(made: "Plan") -> str:
    """The command that starts exactly this. What goes at once and to nobody is not worth starting: it would be over."""
    if made.campaign.schedule is None and not (made.forecast.going or made.forecast.silent):
        return "nobody would get it now: do not start it yet, it would be over at once"
    return f"trinario campaign start {made.campaign.name} --plan {made.id}"


def _bounds(made: "Plan") -> list[str]:
    """What WhatsApp lets the numbers do."""
    lines, used = [], {group.channel for group in made.forecast.going}
    if limit := made.limit:
        whom = f"{limit.people:,} {'is' if limit.people == 1 else 'are'} to be written to first"
        lines.append(
            f"the tier allows {limit.most:,} in 24 h, and {whom}: "
            + (f"it will take {limit.days:,} days" if limit.days > 1 else "within one day, if nothing else goes")
        )
    lines += [
        f"{channel}: its tier is not known yet, the bot asks Meta for it when it runs; a day may bear fewer than this plan says"
        for channel in made.untold
    ]
    lines += [
        f"{one.channel} has the quality {one.quality}: campaigns go at {one.bulk_share} % of its pace"
        for one in made.standings if one.bulk_share < 100 and one.channel in used
    ]  # fmt: skip
    return ["", *lines] if lines else []


def _costs(made: "Plan") -> list[str]:
    cost, budget = made.cost, made.campaign.budget
    if cost is None:
        return []
    lines = ["", f"costs about {cost.total:,.2f} {cost.currency}" + (f" of {budget.max:,.2f}" if budget else "")]
    lines += [
        f"  {one.count:>10,}  {one.category} to {one.country or 'unknown'}: {one.amount:,.2f}" for one in cost.lines
    ]
    if cost.unknown:
        lines.append(f"  {cost.unknown:>10,}  have no price in prices.yaml")
    return lines


def _quoted(text: str) -> str:
    return "\n".join(f"  | {line}" for line in text.splitlines())


def bars(rows: Iterable[tuple[str, int]]) -> list[str]:
    """Rows with a bar each, the longest for the largest."""
    rows = list(rows)
    most = max((count for _, count in rows), default=0)
    return [
        f"  {count:>10,}  {'█' * max(1, round(BAR * count / most)) if count else '':{BAR}}  {name}"
        for name, count in rows
    ]


def report_text(one: "Standing", told: Report, form: ReportForm, wide: int = 120) -> str | bytes:
    """A report as it is asked for; for eyes on a screen of so many letters. Raises ConfigError where a PNG cannot be drawn."""
    weights = one.campaign.variants.weights if one.campaign.variants else ()
    if form is ReportForm.json:
        return as_json({**standing(one), **told.plain(weights)})
    if form is ReportForm.csv:
        return _csv(told)
    if form in (ReportForm.svg, ReportForm.png):
        return drawn(campaign_chart(one.campaign.title or one.campaign.name, told), form.value)
    parts = [line(one), *_stages(told), *_groups(told, wide), *_sides(told, weights), *_losses(told)]
    for funnel in told.flows:
        parts += ["", *funnel_lines(funnel, wide)]
    return "\n".join(parts) + "\n"


def _csv(told: Report) -> str:
    """A line for each variant, channel and language."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["variant", "channel", "language", *STAGES])
    for one in told.lines:
        writer.writerow([one.variant, one.channel, one.language, *(one.counts.get(stage, 0) for stage in STAGES)])
    return file.getvalue()


def _stages(told: Report) -> list[str]:
    rows = [("recipients", told.recipients)]
    rows += [
        (stage.replace("_", " "), told.total(stage)) for stage in STAGES if stage != "clicked" or told.total(stage)
    ]
    waiting = [("still waiting", told.waiting)] if told.waiting else []
    return ["", *bars([*rows, *waiting])]


def _groups(told: Report, wide: int) -> list[str]:
    if len(told.lines) < 2:
        return []
    names = [", ".join(filter(None, (one.variant, one.channel, one.language))) for one in told.lines]
    rows = [(name, [one.counts.get(stage, 0) for stage in STAGES]) for name, one in zip(names, told.lines, strict=True)]
    return ["", *table([stage.replace("_", " ") for stage in STAGES], rows, wide)]


def _sides(told: Report, weights: Iterable[tuple[str, int]]) -> list[str]:
    weights = list(weights)
    if not weights:
        return []
    lines = ["", "variants: converted, with the interval in which the true share lies (95 %)"]
    for name, _ in weights:
        side = told.side(name)
        if not side["people"]:
            lines.append(f"  {name:12} nobody yet")
            continue
        lines.append(
            f"  {name:12} {side['converted']:>8,} of {side['people']:>8,}   {side['share']:6.1%}   {side['low']:.1%} to {side['high']:.1%}"
        )
    plain = told.plain(weights)["split"]
    if not plain["sound"]:
        lines.append(
            f"  the split is not as it should be (chance {plain['chance']}): somebody is not counted; trust no difference"
        )
    return lines


def _losses(told: Report) -> list[str]:
    lines: list[str] = []
    for title, counts in (("left out", told.left_out), ("refused or failed", told.refused)):
        if counts:
            lines += ["", title, *bars((reason(code), count) for code, count in counts.most_common())]
    return lines
