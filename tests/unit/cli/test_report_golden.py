"""How reports look, on file: in the terminal at three widths and as a chart, of few and many, of names in every script."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from trinario.campaign.against_plan import AgainstPlan, against_plan
from trinario.campaign.fates import Fate
from trinario.campaign.report import Line, Refusals, Report
from trinario.cli.campaign_report import ReportForm, report_text
from trinario.cli.columns import apart, cut, folded, padded, shortened, wide_of
from trinario.cli.picture import WIDTH, Bar, Word, chart, png, share
from trinario.cli.picture import Row as ChartRow
from trinario.jobs.planning import Standing
from trinario.model.campaign import Campaign, Side, Variants
from trinario.ports.campaigns import CampaignRun, CampaignSlot

GOLDEN = Path(__file__).parents[2] / "golden/reports"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MANY = ("short", "two_for_one", "a_variant_with_a_very_long_name_indeed", "d", "e", "f", "g", "h")


class Case(NamedTuple):
    """A report of so many people a variant."""

    variants: tuple[str, ...]
    each: int
    title: str = "Spring offer"


CASES = {
    "two": Case(("a", "b"), 400),
    "nobody": Case((), 0),
    "one": Case(("only",), 7),
    "eight": Case(MANY, 12_345_678),
    "scripts": Case(("אביב", "🌷🌹 tulips", "春の花"), 300, "מבצע אביב 🌷 — 春のセール"),
    "long": Case(
        (), 500, "The spring offer for everybody who has ever bought a rose, a tulip or a very large tree <b>&"
    ),
}


def counted(case: Case) -> Report:
    """Figures that fit together."""
    told, each = Report(), case.each
    for variant in case.variants or ("",):
        for channel, language, sent in (("whatsapp", "it", each * 6 // 10), ("messenger", "he", each * 3 // 10)):
            if sent:
                counts = {"sent": sent, "delivered": sent * 95 // 100, "read": sent * 6 // 10, "answered": sent // 10,
                          "clicked": sent // 5, "converted": sent // 25, "opted_out": sent // 150}  # fmt: skip
                told.lines.append(Line(variant, channel, language, counts))
                told.count(Fate("sent", "", variant, channel, language), sent)
        if each >= 100:
            told.count(Fate("refused", "131026", variant, "whatsapp", "it"), each // 50)
            told.count(Fate("left_out", "exclude 1", variant), each // 100)
            told.count(Fate("waiting", "", variant), each // 90)
        told.drawn[variant], told.converted[variant] = each, each // 25
    if case.variants:
        told.count(Fate("left_out", "holdout", "holdout"), each)
        told.drawn["holdout"], told.converted["holdout"] = each, each // 60
    told.recipients = told.people
    if each >= 100:
        told.refusals = [
            Refusals("whatsapp", "131026", each // 20, each // 30),
            Refusals("messenger", "window_closed", 1),
        ]
        told.plan = a_plan(told)
    return told


def a_plan(told: Report) -> AgainstPlan:
    """One that has not quite come true."""
    out = {"opted_out": 3, "cap": 12, "holdout": told.left_out["holdout"]}
    body = {"segment": told.people - 5, "recipients": told.people - 20 - out["holdout"], "left_out": out}
    return against_plan("spring-1f6a02cc", NOW.isoformat(), body, told.fates)


def printed(case: Case, form: ReportForm, wide: int = 120) -> str | bytes:
    sides = Variants("spring", tuple(Side(name, 1) for name in case.variants), 1) if case.variants else None
    told = counted(case)
    run = CampaignRun("spring", "running", "spring-1f6a02cc", "r1", NOW, NOW, "mia")
    slot = CampaignSlot(1, "spring", "at once", NOW, 0, 1, told.recipients, told.left_out.total(), told.total("sent"))
    return report_text(
        Standing(Campaign("spring", "r1", title=case.title, variants=sides), run, (slot,), None), told, form, wide
    )


def on_file(name: str, found: str) -> str:
    """To renew them after a change that is meant: delete the file, run the test, look at what it wrote."""
    file = GOLDEN / name
    if not file.exists():
        file.write_text(found, "utf-8")
    return file.read_text("utf-8")


@pytest.mark.parametrize("wide", [60, 80, 120])
@pytest.mark.parametrize("name", CASES)
def test_a_report_in_the_terminal(name: str, wide: int) -> None:
    found = printed(CASES[name], ReportForm.text, wide)
    assert found == on_file(f"{name}.{wide}.txt", str(found))
    lines = str(found).splitlines()
    assert max(map(wide_of, lines)) <= wide, [line for line in lines if wide_of(line) > wide]
    assert not any("\x1b" in line or line != line.rstrip() for line in lines if "█" not in line)


@pytest.mark.parametrize("name", CASES)
def test_a_report_as_a_chart(name: str) -> None:
    found = str(printed(CASES[name], ReportForm.svg))
    assert found == on_file(f"{name}.svg", found)
    assert bytes(printed(CASES[name], ReportForm.png))[:8] == b"\x89PNG\r\n\x1a\n"  # type: ignore[arg-type]


def test_nothing_leaves_the_paper_and_nothing_that_is_there_is_invisible() -> None:
    rows = [ChartRow("people", 10**9), ChartRow("opted out", 9, tuple([1] * 9), "1,000,000,000 · 100% · 12m")]
    drawn = chart("t" * 300, rows, [f"a_variant_{number}_with_a_long_name" for number in range(9)])
    bars = [one for one in drawn.shapes if isinstance(one, Bar)]
    assert all(one.left >= 0 and one.left + one.width <= WIDTH and one.top + one.height <= drawn.height for one in bars)
    feet = [one.base for one in drawn.shapes if isinstance(one, Word)]
    assert max(feet) < drawn.height and len(set(feet)) == 2 + 1 + 5  # rows, title, and a legend of two to a line
    assert any(one.width == 2 and one.top > 90 for one in bars) and png(drawn)
    assert [share(*one) for one in ((0, 9), (1, 900), (6, 1000), (1, 2))] == ["0%", "<1%", "1%", "50%"]


def test_words_are_made_to_fit() -> None:
    assert cut("tulips", 6) == "tulips" and cut("tulips!", 6) == "tulip…" and wide_of("春の花🌷") == 8
    assert shortened("a_long_name, whatsapp", 12) == "a_lon…atsapp" and wide_of(cut("春の花🌷", 5)) <= 5
    assert padded("春", 4) == "春  " and padded("abc", 2) == "…c"
    assert apart("שלום") == "\u2068שלום\u2069" and apart("tulips 🌷") == "tulips 🌷"
    assert folded("one two three", 7) == ["one two", "three"] and folded("", 9) == [""]
    assert folded("see plan-with-a-very-long-id", 9) == ["see", "plan-with-a-very-long-id"]
