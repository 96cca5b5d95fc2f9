"""A campaign's report, and the way through a flow or a sequence, as a picture."""

from collections.abc import Callable, Iterable

from trinario.campaign.funnel import Stop, span
from trinario.campaign.report import STAGES, Report
from trinario.cli.picture import SHOWN, Picture, Row, chart, share
from trinario.cli.report_table import marked

ENDS = {
    "sent": "to whom it went", "waiting": "still waiting", "left_out": "left out", "refused": "refused or failed",
    "withdrawn": "withdrawn", "silent": "nothing was said to them",
}  # fmt: skip
"""What became of somebody, in words; all of these sum to the people."""


def campaign_chart(title: str, told: Report) -> Picture:
    """Bars of how far people came, in the colours of the variants, and of those to whom nothing went, the holdout too."""
    variants = sorted({line.variant for line in told.lines if line.variant})
    rows = [Row("people", told.people)]
    for stage in STAGES:
        shares = tuple(told.total(stage, variant) for variant in variants)
        rows.append(Row(stage.replace("_", " "), told.total(stage), shares))
    for what, words in ENDS.items():
        if what != "sent" and (count := told.became(what)):
            rows.append(Row(words, count))
    return chart(title, rows, variants)


def funnel_chart(title: str, whole: Stop, stops: Iterable[Stop], gone: Callable[[str], bool]) -> Picture:
    """A bar a step: who went on, and who stands or was lost there; `gone`: whether the file has a step no more."""
    rows = [Row("entered", whole.reached)]
    for stop in stops:
        parts = (stop.left, stop.reached - stop.left - stop.dropped, stop.dropped)
        rows.append(
            Row(
                marked(stop.step, gone(stop.step), SHOWN),
                stop.reached,
                parts,
                _share(stop.reached, whole.reached, stop.median),
            )
        )
    rows.append(Row("finished", whole.ways["done"]))
    return chart(title, rows, ("went on", "stand there", "dropped off"))


def _share(count: int, of: int, seconds: int | None) -> str:
    told = share(count, of) if of else ""
    return " · ".join(filter(None, (told, span(seconds) if seconds else "")))
